"""The folder of a study: one writer, and a part for its owner's eyes only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from suffice.errors import StudyError

LOCK = "study.lock"
CACHE = "cache"
"""What could give text away."""

_held_here: set[Path] = set()
"""Folders that this process holds: a second object for one of them is the caller's own mistake."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the lock goes with the process.

    Raises
    ------
    StudyError
        Another process holds it, or another object of this one.
    """
    place = folder.resolve()
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        if place in _held_here:
            raise StudyError(
                f"the study in {folder} is already open for writing in this program",
                remedy="close it first, or use it in a `with` statement",
            ) from error
        raise StudyError(
            f"another process is running the study in {folder}",
            remedy="wait for it, or read it with `load_study`",
        ) from error
    _held_here.add(place)
    try:
        yield
    finally:
        _held_here.discard(place)
        lock.release()


def make_private(folder: Path) -> None:
    """Make a folder, mode 0700, for what holds text or could give it away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def size(folder: Path) -> int:
    """Return how many bytes the files below a folder take."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def delete(folders: Sequence[Path]) -> int:
    """Delete those of the folders that are there, and return how many bytes they took."""
    there = [folder for folder in folders if folder.is_dir()]
    freed = sum(map(size, there))
    for folder in there:
        shutil.rmtree(folder)
    return freed
