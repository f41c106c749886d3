"""The folder of a study: one writer, and a part for its owner's eyes only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from suffice.errors import StudyError

LOCK = "study.lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the lock goes with the process.

    Raises
    ------
    StudyError
        Another process holds it.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StudyError(
            f"another process is running the study in {folder}",
            remedy="wait for it, or look at it with `suffice status`",
        ) from error
    try:
        yield
    finally:
        lock.release()


def make_private(folder: Path) -> None:
    """Make a folder, mode 0700, for what holds text or could give it away."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
