"""doccano's JSON Lines: labels as ``[start, end, label]``, or entities beside relations.

doccano writes a text that nobody has looked at like one in which there is nothing to label. Where
a file says which records were approved (or confirmed), the others are left out and counted. Where
none was, every record is read, and a note counts those without any label.

Offsets are read as counting characters (Unicode code points), as doccano's do. Old versions count
UTF-16 units, projects that say so grapheme clusters, and the files do not tell: a note says where
fewer labels would cut words if the offsets counted one of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source, not_written
from suffice.corpus.formats.jsontext import first_values, json_values
from suffice.corpus.formats.lookalikes import Unread, is_refused
from suffice.corpus.formats.offsets import (
    GRAPHEMES,
    LINE_ENDS,
    PLAIN,
    UTF16,
    UTF16_LINE_ENDS,
    cut_words,
)
from suffice.errors import CorpusError

_TEXTS = ("text", "data")
_LABELS = ("label", "labels", "entities")
_APPROVALS = ("annotation_approver", "approver", "is_confirmed", "is_approved", "approved")
_OWN = ("Comments", "comments", "annotation_approver", "is_confirmed")
_REST = ("relations", "relations passed over"), ("cats", "labels of whole texts passed over")
_COUNTED = (PLAIN, LINE_ENDS, GRAPHEMES, UTF16, UTF16_LINE_ENDS)
_READ = (*_TEXTS, *_LABELS, *_APPROVALS, *_OWN, "relations", "cats", "id", "group", "split")
_Record = dict[str, Any]


class Doccano(FileFormat):
    """doccano's JSON Lines."""

    name = "doccano"
    extensions = (".doccano.jsonl",)
    title = "doccano's JSON Lines"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like an export of doccano."""
        records = [v for v in first_values(head) if isinstance(v, dict)]
        records = [r for r in records if any(key in r for key in _TEXTS) and "spans" not in r]
        given = [r[key] for r in records for key in _LABELS if isinstance(r.get(key), list)]
        if any(_is_label(item) for items in given for item in items):
            return Likeness.SHAPE
        if given and any(key in r for r in records for key in _OWN):
            return Likeness.SHAPE
        return Likeness.POSSIBLE if given else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the records, or the approved ones where any is."""
        approval = any(
            _approved(value) for _, value in json_values(source) if isinstance(value, dict)
        )
        bare = _Bare()
        doubts = _Doubts()
        unread = Unread(
            "label",
            _READ,
            lambda record: any(record.get(key) for key in _LABELS),
            lambda: (record for _, record in json_values(source)),
            'rename "{key}" to "label" if these are the labels, with [start, end, label] for each; '
            "if not, remove it",
        )
        for where, record in json_values(source):
            if isinstance(record, CorpusError):
                yield record
            elif not isinstance(record, dict):
                yield _bad(where, "the record is no JSON object", "export as JSONL")
            elif approval and not _approved(record):
                yield Note("records that nobody approved, where others are approved, left out")
            else:
                for item in _items(where, record, None if approval else bare, unread):
                    if isinstance(item, Draft):
                        doubts.add(item)
                    yield item
        yield from bare.notes()
        yield from doubts.notes()

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as doccano's import takes them; further fields become its meta data."""
        for document in documents:
            record: _Record = {"id": document.id, "text": document.text}
            record["label"] = [[s.start, s.end, s.label] for s in document.spans]
            for key in ("group", "split"):
                if (value := getattr(document, key)) is not None:
                    record[key] = value
            record["Comments"] = []
            out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        return not_written(documents, "sentences", "annotators")


@dataclass
class _Bare:
    """Counts records without labels where the file does not say what was approved."""

    count: int = 0
    trailing: int = field(default=0)

    def add(self, labels: Any) -> None:
        """Count a record."""
        empty = labels == []
        self.count += empty
        self.trailing = self.trailing + 1 if empty else 0

    def notes(self) -> Iterator[Note]:
        """Yield what is to be said."""
        if self.count:
            yield Note(
                "records without labels, which may be texts not annotated yet, read as texts "
                "without entities (approve in doccano what is done, and only that is read)",
                self.count,
            )
        if self.trailing > 1:
            yield Note("of these, at the end of the file after all that have labels", self.trailing)


@dataclass
class _Doubts:
    """Counts edges of labels that cut words, by what offsets may count."""

    cut: list[int] = field(default_factory=lambda: [0] * len(_COUNTED))

    def add(self, draft: Draft) -> None:
        """Count those of a record in whose text it makes a difference."""
        if isinstance(draft.text, str) and draft.spans:
            spans = [(span["start"], span["end"]) for span in draft.spans]
            counts = cut_words(_COUNTED, draft.text, spans)
            if counts is not None:
                self.cut = [sum(pair) for pair in zip(self.cut, counts, strict=True)]

    def notes(self) -> Iterator[Note]:
        """Yield what is to be said."""
        least = self.cut.index(min(self.cut))
        if least and self.cut[0] > 0:
            yield Note(
                "edges of labels that cut words or lie outside, fewer if the offsets "
                f"{_COUNTED[least].said}; check some labels",
                self.cut[0],
            )


def _is_label(item: Any) -> bool:
    if isinstance(item, list):
        return len(item) == 3 and [type(part) for part in item] == [int, int, str]
    return isinstance(item, dict) and "start_offset" in item and "end_offset" in item


def _approved(record: _Record) -> bool:
    return any(record.get(key) not in (None, False, "", 0) for key in _APPROVALS)


def _items(where: str, record: _Record, bare: _Bare | None, unread: Unread) -> Iterator[Item]:
    text = next((record[key] for key in _TEXTS if key in record), None)
    if text is None:
        yield _bad(where, 'the record has no "text"', "export the project again")
        return
    beside = unread.items(where, record)
    yield from beside
    if is_refused(beside):
        return
    given = [record[key] for key in _LABELS if record.get(key) is not None]
    if not given:
        yield Note("records whose labels are missing, not annotated, left out")
        return
    if not all(isinstance(labels, list) for labels in given):
        yield _bad(where, "the labels are no list", "export the project again")
        return
    spans = []
    for labels in given:
        for label in labels:
            span = _span(label)
            if span is None:
                yield _bad(where, *_explained(label))
                return
            spans.append(span)
    if bare is not None:
        bare.add(spans)
    for key, said in _REST:
        if isinstance(rest := record.get(key), list) and rest:
            yield Note(said, len(rest))
    meta = record.get("meta")
    more = meta if isinstance(meta, Mapping) else {}
    yield Draft(
        where=where,
        text=text,
        spans=spans,
        id=record.get("id"),
        group=record.get("group", more.get("group")),
        split=record.get("split", more.get("split")),
        fields=record,
    )


def _span(label: Any) -> _Record | None:
    """Return a label as a span; what it holds is verified later."""
    if isinstance(label, list) and len(label) == 3:
        return dict(zip(("start", "end", "label"), label, strict=True))
    if not isinstance(label, dict) or "label" not in label:
        return None
    for start, end in (("start_offset", "end_offset"), ("start", "end")):
        if start in label and end in label:
            return {"start": label[start], "end": label[end], "label": label["label"]}
    return None


def _explained(label: Any) -> tuple[str, str]:
    if isinstance(label, str):
        return (
            "a label names the text as a whole and marks no span",
            "this is an export of text classification, not of sequence labelling",
        )
    return (
        "a label is not [start, end, label]",
        'export the project again; a label that is an object needs "start_offset", '
        '"end_offset" and "label"',
    )


def _bad(where: str, problem: str, remedy: str) -> CorpusError:
    return CorpusError(problem, remedy=remedy, where=where)
