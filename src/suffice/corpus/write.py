"""Write a corpus to a file, whole or not at all."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path

from suffice.atomic import new_folder, replace
from suffice.corpus.corpus import Corpus
from suffice.corpus.formats.base import FileFormat, FolderFormat, Format
from suffice.corpus.formats.registry import format_by_extension, format_named, formats
from suffice.errors import CorpusError, InputError

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(corpus: Corpus, path: str | PathLike[str], format: str | None = None) -> list[str]:
    """Write a corpus to a file, or to a folder where the format keeps each document in a file.

    It appears whole or not at all: it is written beside its place under another name, then moved
    there, over a file of that name if there is one. A file whose name ends in ``.gz`` is
    compressed, without a time stamp, so that the same corpus gives the same bytes. A format of
    folders is written to a zip archive where the name ends in ``.zip``.

    Parameters
    ----------
    corpus : Corpus
        What to write.
    path : path
        The file or folder; a folder must not be there yet, unless it is empty.
    format : str, optional
        The name of the format; from the ending of the file's name unless given.

    Returns
    -------
    list of str
        What the format cannot express, each with its count; empty if nothing is lost.

    Raises
    ------
    InputError
        No such format, or none is known for this ending.
    CorpusError
        A document cannot be expressed at all, or the file cannot be written.
    """
    target = Path(path)
    form = _format_for(target) if format is None else format_named(format)
    try:
        if isinstance(form, FolderFormat):
            notes = _write_files(corpus, form, target)
        else:
            assert isinstance(form, FileFormat)
            notes = _write_file(corpus, form, target)
    except OSError as error:
        raise CorpusError(
            f"it cannot be written: {error.strerror or 'unknown reason'}",
            remedy="choose another place",
            where=target.as_posix(),
        ) from None
    if corpus.synthetic and form.name != "jsonl":
        notes.append("the file does not say that the text is synthetic")
    return notes


def _write_file(corpus: Corpus, form: FileFormat, target: Path) -> list[str]:
    buffer = io.BytesIO()
    notes = form.write(corpus.documents, buffer)
    data = buffer.getvalue()
    if target.name.lower().endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    replace(target, data)
    return notes


def _write_files(corpus: Corpus, form: FolderFormat, target: Path) -> list[str]:
    if target.name.lower().endswith(".zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            notes = form.write(corpus.documents, _into_archive(archive))
        replace(target, buffer.getvalue())
        return notes
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise CorpusError(
            "it exists already, and this format makes a folder",
            remedy="name a new folder, or a zip archive",
            where=target.as_posix(),
        )
    with new_folder(target) as folder:
        return form.write(corpus.documents, _into_folder(folder))


def _into_archive(archive: zipfile.ZipFile) -> Callable[[str, bytes], None]:
    def put(name: str, data: bytes) -> None:
        archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)

    return put


def _into_folder(folder: Path) -> Callable[[str, bytes], None]:
    def put(name: str, data: bytes) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as out:  # never over the file of another document
            out.write(data)

    return put


def _format_for(path: Path) -> Format:
    found = format_by_extension(path)
    if found is None:
        raise InputError(
            f"no format is known for the name {path.name!r}",
            remedy=f"name one of {', '.join(formats())}",
        )
    return found
