"""BioC, in XML and in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import FileFormat, Item, Likeness, Source, not_written
from suffice.corpus.formats.biocmodel import items_of, record_of
from suffice.corpus.formats.jsontext import parse
from suffice.corpus.formats.line_ends import split_lines
from suffice.corpus.formats.lookalikes import Unread, is_refused
from suffice.corpus.formats.xmltext import Attributes, XmlWriter, first_element, parse_xml

_PROLOGUE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n'
    "<collection><source>suffice</source><date></date><key></key>\n"
)
_LISTS = {
    "document": "documents",
    "passage": "passages",
    "sentence": "sentences",
    "annotation": "annotations",
    "relation": "relations",
    "location": "locations",
    "node": "nodes",
}
_TEXTS = ("id", "offset", "text", "infon")
_JSON = re.compile(rb"[\s\[{]*\"(?:PubTator3|documents|passages|infons|source|date|key|_?id)\"\s*:")
_Record = dict[str, Any]


class BioC(FileFormat):
    """BioC XML."""

    name = "bioc"
    extensions = (".bioc.xml", ".bioc")
    title = "BioC XML"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like BioC XML."""
        root = first_element(head)
        if root is None or root[0] != "collection":
            return Likeness.NONE
        marks = (b"<document", b"<passage", b"BioC")
        return Likeness.CERTAIN if any(mark in head for mark in marks) else Likeness.POSSIBLE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        builder = _CollectionBuilder()
        for _ in parse_xml(source, builder.start, builder.end, builder.characters):
            for line, record in builder.taken():
                yield from items_of(record, source.line(line))
        if builder.root != "collection":
            raise source.error("this XML is no BioC collection", "name its own `format`")

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents."""
        escape = XmlWriter()
        out.write(_PROLOGUE.encode())
        lost = []
        for document in documents:
            record, kept = record_of(document)
            if not kept:
                lost.append(document)
            out.write(("".join(_document(record, escape)) + "\n").encode())
        out.write(b"</collection>\n")
        return [*escape.notes(), *not_written(lost, "sentences"), *_annotators(documents)]


class BioCJson(FileFormat):
    """BioC JSON."""

    name = "biocjson"
    extensions = (".bioc.json",)
    title = "BioC JSON"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like BioC JSON."""
        if not _JSON.match(head):
            return Likeness.NONE
        marks = (b'"passages"', b'"offset"', b'"documents"')
        return Likeness.CERTAIN if sum(mark in head for mark in marks) >= 2 else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        try:
            values = [parse(source.text)]
        except ValueError as error:
            values = _values_by_line(source, str(error))
        unread = Unread(
            "annotations",
            ("annotations",),
            lambda record: bool(record.get("annotations")),
            lambda: (_parts(record) for value in values for record in _documents(value)),
            'BioC keeps annotations under "annotations": rename "{key}", or remove it',
        )
        number = 0
        for value in values:
            for record in _documents(value):
                number += 1
                where = f"{source.name}, document {number}"
                if not isinstance(record, dict):
                    raise source.error(f"document {number} is no JSON object", "correct the export")
                beside = unread.items(where, _parts(record))
                yield from beside
                if not is_refused(beside):
                    yield from items_of(record, where)
        if not number:
            raise source.error("this JSON holds no BioC documents", "name its own `format`")

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as one collection."""
        records, lost = [], []
        for document in documents:
            record, kept = record_of(document)
            records.append(record)
            if not kept:
                lost.append(document)
        collection: _Record = {"source": "suffice", "date": "", "key": "", "infons": {}}
        collection["documents"] = records
        out.write(json.dumps(collection, ensure_ascii=False, indent=1).encode() + b"\n")
        return [*not_written(lost, "sentences"), *_annotators(documents)]


def _parts(record: Any) -> _Record:
    """Return the lists of a document, its passages and their sentences, by their keys."""
    found: dict[str, list[Any]] = {}
    waiting: list[Any] = [record]
    while waiting:
        part = waiting.pop()
        for key, value in part.items() if isinstance(part, dict) else ():
            if isinstance(value, list) and key in ("passages", "sentences"):
                waiting += value
            elif isinstance(value, list) and key != "relations":
                found.setdefault(key, []).extend(value)
    return found


def _annotators(documents: Sequence[Document]) -> list[str]:
    return not_written(documents, "annotators")


class _CollectionBuilder:
    """Makes of the elements of BioC XML what BioC JSON has."""

    def __init__(self) -> None:
        self.root = ""
        self._done: list[tuple[int, _Record]] = []
        self._open: list[_Record] = []
        self._line = 0
        self._text: list[str] | None = None
        self._key = ""

    def taken(self) -> list[tuple[int, _Record]]:
        """Return the documents that are complete, each once, with their lines."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        self.root = self.root or name
        if name in _LISTS:
            record: _Record = dict(attributes)
            if name == "document":
                self._line = line
                self._open = [record]
            elif self._open:
                self._open[-1].setdefault(_LISTS[name], []).append(record)
                self._open.append(record)
        elif name in _TEXTS and self._open:
            self._text = []
            self._key = attributes.get("key", "")

    def characters(self, piece: str) -> None:
        if self._text is not None:
            self._text.append(piece)

    def end(self, name: str) -> None:
        if name in _LISTS and self._open:
            record = self._open.pop()
            if name == "document":
                self._done.append((self._line, record))
        elif name in _TEXTS and self._open and self._text is not None:
            text = "".join(self._text)
            if name == "infon":
                self._open[-1].setdefault("infons", {})[self._key] = text
            else:
                self._open[-1][name] = text
            self._text = None


def _document(record: Mapping[str, Any], escape: XmlWriter) -> Iterator[str]:
    yield f"<document><id>{escape(record['id'])}</id>"
    yield from _infons(record, escape)
    for passage in record["passages"]:
        yield f"<passage><offset>{passage['offset']}</offset>"
        yield from _body(passage, escape)
        for sentence in passage["sentences"]:
            yield f"<sentence><offset>{sentence['offset']}</offset>"
            yield from _body(sentence, escape)
            yield "</sentence>"
        yield "</passage>"
    yield "</document>"


def _body(part: Mapping[str, Any], escape: XmlWriter) -> Iterator[str]:
    if "text" in part:
        yield f"<text>{escape(part['text'])}</text>"
    for annotation in part["annotations"]:
        yield f'\n<annotation id="{annotation["id"]}">'
        yield from _infons(annotation, escape)
        for place in annotation["locations"]:
            yield f'<location offset="{place["offset"]}" length="{place["length"]}"/>'
        yield f"<text>{escape(annotation['text'])}</text></annotation>"


def _infons(part: Mapping[str, Any], escape: XmlWriter) -> Iterator[str]:
    for key, value in part["infons"].items():
        yield f'<infon key="{key}">{escape(value)}</infon>'


def _values_by_line(source: Source, problem: str) -> list[Any]:
    """Return the values of JSON Lines, which some services send."""
    values = []
    for line in split_lines(source.text):
        if line.strip():
            try:
                values.append(parse(line))
            except ValueError:
                raise source.error(f"this is no JSON: {problem}", "export it again") from None
    if len(values) < 2:
        raise source.error(f"this is no JSON: {problem}", "export it again")
    return values


def _documents(value: Any) -> Iterable[Any]:
    """Return the documents of a collection, a list of them or a single document."""
    if isinstance(value, list):
        return [document for one in value for document in _documents(one)]
    if not isinstance(value, dict):
        return []
    for key in ("documents", "PubTator3"):
        if key in value:
            found = value[key]
            return found if isinstance(found, list) else []
    return [value] if "passages" in value else []
