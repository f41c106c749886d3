"""Files that appear whole or not at all.

Each is written next to its place under a hidden name, then moved there. A process that is killed in
between leaves the hidden one behind; the next that writes into the same folder deletes it. Whoever
writes holds a lock on what is being written, which goes with the process: so nothing is deleted
that somebody still works on. Where the system has no such locks, nothing is deleted.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_HALF_WRITTEN = re.compile(r"\..+\.suffice-[0-9a-f]{16}")
"""The names of what is being written."""

_JUST_MADE = 1.0
"""Seconds that whoever makes a file has until it must be locked."""

_tidied: set[Path] = set()
"""Folders that this process has looked through."""


def replace(target: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file next to its place under another name, then move it there.

    Parameters
    ----------
    target : Path
        Replaced where it exists.
    data : bytes
        What it shall hold.
    mode : int, optional
        Its permissions, from the first byte on, as ``0o600``; the usual ones unless given.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind.
    """
    _tidy(target.parent)
    beside = _hidden_name(target)
    try:
        with beside.open("xb") as file:
            _lock(file.fileno())
            if mode is not None:
                beside.chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if fcntl is not None:  # moved while it is held; an open file cannot be on Windows
                beside.replace(target)
        if fcntl is None:
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Make a folder next to its place under another name, and move it there at the end.

    Parameters
    ----------
    target : Path
        Must not be there yet, unless it is an empty folder.

    Yields
    ------
    Path
        The folder to fill.

    Raises
    ------
    OSError
        It cannot be made; nothing is left behind.
    """
    _tidy(target.parent)
    beside = _hidden_name(target)
    beside.mkdir()
    try:
        with _locked(beside):
            yield beside
            beside.replace(target)
    except BaseException:
        shutil.rmtree(beside)
        raise


def _hidden_name(target: Path) -> Path:
    return target.with_name(f".{target.name}.suffice-{secrets.token_hex(8)}")


def _tidy(folder: Path) -> None:
    """Delete what killed processes left half-written in a folder; once in each process."""
    if fcntl is None or (place := folder.resolve()) in _tidied:
        return
    _tidied.add(place)
    with suppress(OSError):  # tidying is a courtesy: what fails here must not fail the writing
        for path in place.iterdir():
            if _HALF_WRITTEN.fullmatch(path.name) and not path.is_symlink():
                _delete_unless_held(path)


def _delete_unless_held(path: Path) -> None:
    with suppress(OSError), _locked(path, wait=False):
        if time.time() - path.stat().st_mtime < _JUST_MADE:
            return
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a folder, or of a file, that is being written."""
    if fcntl is None:
        yield
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        _lock(opened, wait=wait)
        yield
    finally:
        os.close(opened)


def _lock(opened: int, *, wait: bool = True) -> None:
    """Lock an open file or folder until it is closed.

    Raises
    ------
    BlockingIOError
        Another process holds it, and this one does not wait.
    """
    if fcntl is None:
        return
    if wait:
        # File systems without locks are written to all the same; nothing is tidied there.
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_EX)
    else:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
