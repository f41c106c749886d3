"""Files, folders and zip archives: which files there are, and their content, decompressed."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

from suffice.errors import CorpusError

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_RATIO = 200
_FLOOR = 64 << 20
_STEP = 1 << 20
_OFFICE = "[Content_Types].xml"

# What zipfile raises on damaged bytes: an offset before the file's beginning is an OSError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Tree(ABC):
    """What a path that the user named holds: one file, or those of a folder or archive.

    Attributes
    ----------
    path : Path
        As named.
    whole : bool
        Whether it is a folder or archive, whose files of no known format are passed over.
    """

    path: Path
    whole: bool

    @cached_property
    def _known(self) -> dict[Path, frozenset[str]]:
        return {}

    def names(self, folder: Path) -> frozenset[str]:
        """Return the names of the files in one folder of the tree; looked up once."""
        if folder not in self._known:
            self._known[folder] = self._names(folder)
        return self._known[folder]

    @property
    @abstractmethod
    def files(self) -> Sequence[Path]:
        """Return the files to read, in the order of their names; for messages, too."""

    @abstractmethod
    def data(self, file: Path) -> bytes:
        """Return the content of a file, decompressed where it begins as gzip does.

        Raises
        ------
        CorpusError
            It is missing, closed or damaged, or expands beyond reason.
        """

    @abstractmethod
    def _names(self, folder: Path) -> frozenset[str]: ...


def tree_of(path: Path) -> Tree:
    """Return what a path holds.

    Raises
    ------
    CorpusError
        There is no such file, or the folder is empty or closed, or the archive is no whole one,
        is locked, or holds names that lead out of it.
    """
    try:
        if path.is_dir():
            return _Folder(path)
        with path.open("rb") as file:
            return _Archive(path) if file.read(4) in _ZIP else _SingleFile(path)
    except OSError as error:
        raise _unreadable(path, error) from None


class _SingleFile(Tree):
    whole = False

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def files(self) -> Sequence[Path]:
        return [self.path]

    def data(self, file: Path) -> bytes:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise _unreadable(file, error) from None
        return _gunzip(file, data)

    def _names(self, folder: Path) -> frozenset[str]:
        try:
            return frozenset(f.name for f in folder.iterdir() if f.is_file())
        except OSError:
            return frozenset()


class _Folder(_SingleFile):
    """A folder, with the folders inside it; what is hidden is passed over."""

    whole = True

    @cached_property
    def files(self) -> Sequence[Path]:
        found: list[Path] = []
        for folder, inside, names in os.walk(self.path, onerror=_raise):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            found += [Path(folder, name) for name in names if not name.startswith(".")]
        if not found:
            raise CorpusError(
                "the folder holds no files",
                remedy="name a folder of files",
                where=self.path.as_posix(),
            )
        return sorted((f for f in found if f.is_file()), key=lambda f: f.parts)


class _Archive(Tree):
    """A zip archive, whose files are read without unpacking it."""

    whole = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._left = max(_FLOOR, _RATIO * path.stat().st_size)
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE:
            raise self._damaged() from None
        self._members = {}
        for info in self._zip.infolist():
            if not info.filename:
                raise self._damaged()
            if not info.is_dir():
                self._check(info)
                parts = PurePosixPath(info.filename).parts
                if not any(part.startswith((".", "__MACOSX")) for part in parts):
                    self._members[path.joinpath(*parts)] = info
        if path.joinpath(_OFFICE) in self._members:
            raise CorpusError(
                "is an office document, not annotated text",
                remedy="export the annotations from the tool they were made with",
                where=path.as_posix(),
            )
        if not self._members:
            raise CorpusError("the archive holds no files", where=path.as_posix())

    @property
    def files(self) -> Sequence[Path]:
        return sorted(self._members, key=lambda f: f.parts)

    def data(self, file: Path) -> bytes:
        if file not in self._members:
            raise _unreadable(file, FileNotFoundError())
        parts = []
        try:
            with self._zip.open(self._members[file]) as member:
                while part := member.read(_STEP):
                    parts.append(part)
                    self._left -= len(part)
                    if self._left < 0:
                        raise CorpusError(
                            f"the archive expands more than {_RATIO}-fold",
                            remedy="unpack it yourself if it is what you think it is",
                            where=self.path.as_posix(),
                        )
        except _DAMAGE:
            raise self._damaged() from None
        return _gunzip(file, b"".join(parts))

    def _names(self, folder: Path) -> frozenset[str]:
        return self._folders.get(folder, frozenset())

    @cached_property
    def _folders(self) -> dict[Path, frozenset[str]]:
        found: dict[Path, list[str]] = {}
        for file in self._members:
            found.setdefault(file.parent, []).append(file.name)
        return {folder: frozenset(names) for folder, names in found.items()}

    def _check(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
            raise CorpusError(
                "the archive holds a name that leads out of it",
                remedy="do not trust this file",
                where=self.path.as_posix(),
            )
        if info.flag_bits & 1:
            raise CorpusError(
                "the archive is locked with a password",
                remedy="unpack it yourself",
                where=self.path.as_posix(),
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise CorpusError(
                "the archive holds a link", remedy="unpack it yourself", where=self.path.as_posix()
            )

    def _damaged(self) -> CorpusError:
        return CorpusError(
            "the zip archive is cut short or damaged",
            remedy="copy or download it again",
            where=self.path.as_posix(),
        )


def _raise(error: OSError) -> None:
    raise error


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
    if not data.startswith(_GZIP):
        return data
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
