"""Learners by name, found through the entry points ``suffice.learners``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from suffice.errors import InputError
from suffice.learners.base import Learner
from suffice.optional import plugin_needs

GROUP = "suffice.learners"


def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def names() -> tuple[str, ...]:
    """Return the names of all installed learners, sorted; nothing heavy is imported."""
    return tuple(sorted(_found()))


def kind(name: str) -> type[Learner]:
    """Return the class of the learner of this name.

    Raises
    ------
    InputError
        No learner has the name, or it needs something that is not installed.
    """
    found = _found()
    if name not in found:
        raise InputError(
            f"there is no learner named {name!r}",
            remedy=f"the installed ones are: {', '.join(sorted(found)) or 'none'}",
        )
    with plugin_needs(f"the learner {name!r}", found[name]):
        loaded = found[name].load()
    if not (isinstance(loaded, type) and issubclass(loaded, Learner)):
        raise InputError(f"the entry point {name!r} of {GROUP} is not a Learner")
    return loaded


def get(name: str, options: Mapping[str, Any] | None = None) -> Learner:
    """Return the learner of this name.

    Parameters
    ----------
    name : str
        The name of an entry point in the group ``suffice.learners``.
    options : mapping, optional
        Settings that differ from the learner's defaults.

    Returns
    -------
    Learner

    Raises
    ------
    InputError
        No learner has the name, it needs something that is not installed, or an option is wrong.
    """
    made = kind(name)
    with plugin_needs(f"the learner {name!r}", _found()[name]):
        return made(options)
