"""What a kept model's folder says of itself: which learner wrote it, and what that must know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from suffice.atomic import replace
from suffice.errors import InputError

FILE = "suffice.json"
"""Beside the weights: the learner's name and what it needs to know of itself."""

_FORMAT = 1


def write(folder: Path, learner: str, **about: Any) -> None:
    """Write which learner a kept model is of, and what its `Learner.load` needs to know.

    Parameters
    ----------
    folder : Path
        The model's folder.
    learner : str
        The learner's name in the registry.
    **about
        JSON-serialisable: labels, options and the like.
    """
    content = {"format": _FORMAT, "learner": learner, **about}
    replace(folder / FILE, json.dumps(content, indent=1, ensure_ascii=False).encode())


def read(folder: Path) -> Mapping[str, Any]:
    """Return what `write` wrote.

    Raises
    ------
    InputError
        The folder has no such file, or it is damaged or of a newer version.
    """
    path = folder / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        name, version = content["learner"], content["format"]
    except FileNotFoundError as error:
        raise InputError(
            f"is not a model kept by suffice: it has no {FILE}", where=str(folder)
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("is damaged: it does not name a learner", where=str(path)) from error
    if not isinstance(name, str) or version != _FORMAT:
        raise InputError("was written by another version of suffice", where=str(path))
    return content
