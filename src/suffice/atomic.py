"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def replace(target: Path, data: bytes) -> None:
    """Write a file beside its place under another name, then move it there.

    Parameters
    ----------
    target : Path
        Replaced where it exists.
    data : bytes
        What it shall hold.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
