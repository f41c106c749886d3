"""Author lists: a table with ``id`` and ``name``, or the field ``authors`` of JSON Lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document
from suffice.corpus.files import tree_of
from suffice.corpus.formats.base import Source
from suffice.corpus.formats.jsontext import first_objects, json_lines
from suffice.errors import CorpusError, InputError

Lists = dict[str, list[str]]


def from_table(path: Path) -> Lists:
    """Return the author lists of a CSV table with columns ``id`` and ``name``, a line an author.

    Parameters
    ----------
    path : Path
        UTF-8, with a header; other columns are passed over. The order of lines is that of authors.

    Raises
    ------
    InputError
        The file cannot be read, or has not these columns.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read: {error}", where=str(path), remedy="name a CSV table in UTF-8"
        ) from error
    reader = csv.DictReader(io.StringIO(text))
    if not {"id", "name"} <= set(reader.fieldnames or ()):
        raise InputError(
            "has no columns 'id' and 'name'",
            where=str(path),
            remedy="write a line for each author: the document's id, the author's name",
        )
    lists: Lists = {}
    try:
        for row in reader:
            name = " ".join((row["name"] or "").split())
            if not name:
                raise InputError(
                    "an author without a name", where=f"{path}, line {reader.line_num}"
                )
            lists.setdefault((row["id"] or "").strip(), []).append(name)
    except csv.Error as error:
        raise InputError(str(error), where=f"{path}, line {reader.line_num}") from error
    return lists


def from_records(
    paths: Iterable[Path], documents: Iterable[Document], encoding: str = "utf-8"
) -> Lists:
    """Return the author lists that JSON Lines hold beside the text, by the document's id.

    Parameters
    ----------
    paths : iterable of Path
        The files that the documents came from; those that are no JSON Lines are passed over.
    documents : iterable of Document
        As read from them.
    encoding : str
        The files' text encoding.

    Raises
    ------
    CorpusError
        A field ``authors`` is no list of names.
    """
    by_id: Lists = {}
    by_text: Lists = {}
    for source in _sources(paths, encoding):
        if not any("authors" in record for record in first_objects(source.head)):
            continue
        for number, record in json_lines(source):
            if isinstance(record, CorpusError) or record.get("authors") is None:
                continue
            names = _names(record["authors"], source, number)
            if record.get("id") is not None:
                by_id[str(record["id"])] = names
            elif isinstance(record.get("text"), str):
                by_text[record["text"]] = names
    found = {}
    for document in documents:
        names = by_id.get(document.id) or by_text.get(document.text, [])
        if names:
            found[document.id] = names
    return found


def _sources(paths: Iterable[Path], encoding: str) -> Iterator[Source]:
    for path in paths:
        tree = tree_of(path)
        for file in tree.files:
            yield Source(file, tree.data(file), encoding, True, True, tree)


def _names(value: Any, source: Source, number: int) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise source.error(
            '"authors" is not a list of names', 'write "authors": ["Ann Roe", "B. Lee"]', number
        )
    return [" ".join(v.split()) for v in value]
