"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace(target: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file beside its place under another name, then move it there.

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
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            if mode is not None:
                beside.chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Make a folder beside its place under another name, and move it there at the end.

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
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    beside.mkdir()
    try:
        yield beside
        beside.replace(target)
    except BaseException:
        shutil.rmtree(beside)
        raise
