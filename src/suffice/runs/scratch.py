"""A place for the runs of work that leaves none behind: it survives a kill, not the work's end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from suffice.errors import StudyError
from suffice.runs.folder import hold_folder, make_private
from suffice.runs.job import digest
from suffice.runs.ledger import FILE, Ledger

SUFFIX = ".runs"
"""The ending of a hidden scratch folder beside what is being made."""

_FORGOTTEN = 7 * 24 * 3600.0
"""Seconds after which what a killed process left is deleted by the next one."""


def find_cache() -> Path:
    """Return the user's cache folder."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if named else Path.home() / ".cache") / "suffice" / "runs"


@contextmanager
def open_scratch(folder: Path) -> Iterator[Ledger]:
    """Open a store in a folder, mode 0700, and delete the folder when the work is done.

    Only where the process is killed or interrupted does it stay, for the next one to go on.

    Parameters
    ----------
    folder : Path
        Made where it is absent. What else is to be deleted at the end can be put there.

    Raises
    ------
    StudyError
        Another process works in it.
    """
    make_private(folder)
    with hold_folder(folder):
        try:
            with Ledger(folder / FILE) as store:
                yield store
        except Exception:
            # What failed is tried again next time.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_cached_scratch(request: Any) -> Iterator[tuple[Ledger, Path]]:
    """Open a store as `open_scratch` does, in the user's cache folder.

    Parameters
    ----------
    request : object
        What determines the work, as JSON: the same request finds the same folder again.

    Yields
    ------
    store : Ledger
    folder : Path
        Where it lies.
    """
    with ExitStack() as stack:
        try:
            folder = find_cache() / digest(request)
            make_private(folder.parent)
            _delete_forgotten(folder.parent)
            store = stack.enter_context(open_scratch(folder))
        except (OSError, RuntimeError, StudyError):
            # There is no home or it cannot be written, or somebody does the same work.
            folder = Path(tempfile.mkdtemp(prefix="suffice-"))
            store = stack.enter_context(open_scratch(folder))
        yield store, folder


def _delete_forgotten(parent: Path) -> None:
    """Delete what killed processes left long ago, and nobody has come back for."""
    for folder in parent.iterdir():
        if time.time() - folder.stat().st_mtime > _FORGOTTEN:
            with suppress(OSError, StudyError), hold_folder(folder):
                shutil.rmtree(folder)
