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
from suffice.runs.folder import held, make_private
from suffice.runs.job import digest
from suffice.runs.ledger import FILE, Ledger

_FORGOTTEN = 7 * 24 * 3600.0
"""Seconds after which what a killed process left is deleted by the next one."""


def find_cache() -> Path:
    """Return the user's cache folder."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if named else Path.home() / ".cache") / "suffice" / "runs"


@contextmanager
def keep_while_working(request: Any) -> Iterator[tuple[Ledger, Path]]:
    """Open a store for work that is described by its request, and delete it at the end.

    It lies in the user's cache folder, mode 0700, under a hash of the request. Only where the
    process is killed or interrupted does it stay, for the next one with the same request to go on.

    Parameters
    ----------
    request : object
        What determines the work, as JSON.

    Yields
    ------
    store : Ledger
    folder : Path
        That of the store, for what else is to be deleted with it.
    """
    with ExitStack() as stack:
        folder = _claim(find_cache() / digest(request), stack)
        stack.callback(_delete_unless_interrupted, folder, done := [])
        store = stack.enter_context(Ledger(folder / FILE))
        try:
            yield store, folder
        except Exception:
            done.append(True)  # failed runs are tried again next time
            raise
        done.append(True)


def _claim(folder: Path, stack: ExitStack) -> Path:
    """Make and hold the folder, or another where it cannot be made or is held already."""
    try:
        make_private(folder.parent)
        _tidy(folder.parent)
        make_private(folder)
        stack.enter_context(held(folder))
    except (OSError, StudyError):
        return Path(tempfile.mkdtemp(prefix="suffice-"))
    return folder


def _delete_unless_interrupted(folder: Path, done: list[bool]) -> None:
    if done:
        shutil.rmtree(folder, ignore_errors=True)


def _tidy(parent: Path) -> None:
    """Delete what killed processes left long ago, and nobody has come back for."""
    for folder in parent.iterdir():
        with suppress(OSError, StudyError):
            if time.time() - folder.stat().st_mtime > _FORGOTTEN:
                with held(folder):
                    shutil.rmtree(folder)
