"""Files and folders: which ones to read, and their content, decompressed."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from suffice.errors import CorpusError

_GZIP = b"\x1f\x8b"
_RATIO = 200
_FLOOR = 64 << 20
_STEP = 1 << 20


def files_under(path: Path) -> list[Path]:
    """Return the file itself, or the files of a folder in the order of their names.

    Hidden files are passed over, and folders inside the folder.

    Raises
    ------
    CorpusError
        There is no such file, or the folder is empty or closed.
    """
    try:
        if not path.is_dir():
            return [path]
        found = sorted(f for f in path.iterdir() if f.is_file() and not f.name.startswith("."))
    except OSError as error:
        raise _unreadable(path, error) from None
    if not found:
        raise CorpusError(
            "the folder itself holds no files",
            remedy="name a folder of files",
            where=path.as_posix(),
        )
    return found


def data_of(path: Path) -> bytes:
    """Return the content of a file, decompressed where it begins as gzip does.

    Raises
    ------
    CorpusError
        The file is missing, closed, or damaged, or expands more than 200-fold (and 64 MiB).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    return _gunzip(path, data) if data.startswith(_GZIP) else data


def _unreadable(path: Path, error: OSError) -> CorpusError:
    where = path.as_posix()
    if isinstance(error, FileNotFoundError):
        return CorpusError("there is no such file or folder", remedy="check the path", where=where)
    if isinstance(error, PermissionError):
        return CorpusError(
            "this may not be read", remedy="change its permissions, or copy it", where=where
        )
    return CorpusError(f"it cannot be read: {error.strerror or 'unknown reason'}", where=where)


def _gunzip(path: Path, data: bytes) -> bytes:
    most = max(_FLOOR, _RATIO * len(data))
    parts = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while part := file.read(_STEP):
                parts.append(part)
                size += len(part)
                if size > most:
                    raise CorpusError(
                        f"the compressed file expands to more than {most >> 20} MiB",
                        remedy="unpack it yourself if it is what you think it is",
                        where=path.as_posix(),
                    )
    except EOFError:
        raise CorpusError(
            "the compressed file is cut short",
            remedy="copy or download it again",
            where=path.as_posix(),
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise CorpusError(
            "the compressed file is damaged",
            remedy="copy or download it again",
            where=path.as_posix(),
        ) from None
    return b"".join(parts)
