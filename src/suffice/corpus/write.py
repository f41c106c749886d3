"""Write a corpus to a file, whole or not at all."""

from __future__ import annotations

import gzip
import io
from os import PathLike
from pathlib import Path

from suffice.atomic import replace
from suffice.corpus.corpus import Corpus
from suffice.corpus.formats.base import Format
from suffice.corpus.formats.registry import format_by_extension, format_named, formats
from suffice.errors import CorpusError, InputError


def write(corpus: Corpus, path: str | PathLike[str], format: str | None = None) -> list[str]:
    """Write a corpus to a file.

    The file appears whole or not at all: it is written beside its place under another name, then
    moved there, over a file of that name if there is one. A name that ends in ``.gz`` is
    compressed, without a time stamp, so that the same corpus gives the same bytes.

    Parameters
    ----------
    corpus : Corpus
        What to write.
    path : path
        The file.
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
    buffer = io.BytesIO()
    notes = form.write(corpus.documents, buffer)
    if corpus.synthetic and form.name != "jsonl":
        notes.append("that the text is synthetic is not said in the file")
    data = buffer.getvalue()
    if target.name.lower().endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    try:
        replace(target, data)
    except OSError as error:
        raise CorpusError(
            f"it cannot be written: {error.strerror or 'unknown reason'}",
            remedy="choose another place",
            where=target.as_posix(),
        ) from None
    return notes


def _format_for(path: Path) -> Format:
    found = format_by_extension(path)
    if found is None:
        raise InputError(
            f"no format is known for the name {path.name!r}",
            remedy=f"name one of {', '.join(formats())}",
        )
    return found
