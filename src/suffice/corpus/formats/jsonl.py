"""Suffice's own format: one JSON object per line, UTF-8, with character offsets.

::

    {"id": "a1", "text": "Bo works at Acme.",
     "spans": [{"start": 0, "end": 2, "label": "PERSON"}],
     "sentences": [[0, 17]], "group": "p7", "split": "train",
     "annotators": {"ann": [{"start": 0, "end": 2, "label": "PERSON"}]},
     "annotator_labels": {"ann": ["PERSON"]}, "synthetic": true}

``text`` and ``spans`` are needed, the rest is optional, and other keys are passed over, unless they
hold what looks like annotations (`suffice.corpus.formats.lookalikes`).
``annotator_labels`` (or ``annotator_types``) names the labels that an annotator was asked for,
where these were not all. ``subset`` and ``partition`` are read as ``split`` where there is none and
they name a part of one: train, dev, test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import MAJORITY, Draft, FileFormat, Item, Likeness, Note, Source
from suffice.corpus.formats.foreign import explain_foreign
from suffice.corpus.formats.jsontext import first_objects, json_lines
from suffice.corpus.formats.lookalikes import Unread, is_refused, lookalikes
from suffice.corpus.own_split import part_in
from suffice.errors import CorpusError

_READ = (
    "id", "text", "spans", "sentences", "group", "split", "annotators", "annotator_labels",
    "annotator_types", "synthetic",
)  # fmt: skip
_REMEDY = 'rename "{key}" to "spans", and give each span "start", "end" and "label"'
_START = re.compile(rb"\s*\{.{0,60000}?\"(?:spans|text)\"\s*:", re.DOTALL)


class JsonLines(FileFormat):
    """Suffice's own JSON Lines."""

    name = "jsonl"
    extensions = (".jsonl", ".ndjson")
    title = "suffice's JSON Lines"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like suffice's JSON Lines."""
        objects = first_objects(head)
        if objects:
            return (
                Likeness.SHAPE
                if any("text" in o and "spans" in o for o in objects)
                else Likeness.NONE
            )
        # The first line may be longer than the head, or damaged.
        return (
            Likeness.POSSIBLE if b"\n" not in head.strip() and _START.match(head) else Likeness.NONE
        )

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        unread = Unread(
            "spans",
            _READ,
            lambda record: bool(record.get("spans") or record.get("annotators")),
            lambda: (record for _, record in json_lines(source)),
            f'{_REMEDY}; or remove "{{key}}"',
        )
        for number, record in json_lines(source):
            if isinstance(record, CorpusError):
                yield record
            elif (missing := _missing(record)) is not None:
                yield source.error(*(explain_foreign(source) or missing), number)
            else:
                said = unread.items(source.line(number), record)
                yield from said
                if is_refused(said):
                    continue
                if record.get("spans") is None:
                    yield Note(MAJORITY)
                yield Draft(
                    where=source.line(number),
                    text=record["text"],
                    spans=record.get("spans"),
                    id=record.get("id"),
                    sentences=record.get("sentences"),
                    group=record.get("group"),
                    split=record.get("split", part_in(record)),
                    annotators=record.get("annotators"),
                    annotator_labels=record.get("annotator_labels", record.get("annotator_types")),
                    fields=record,
                )

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents; the format expresses everything."""
        for document in documents:
            out.write(_line(record_of(document)))
        return []


def record_of(document: Document) -> dict[str, Any]:
    """Return the JSON object of a document."""
    record: dict[str, Any] = {"id": document.id, "text": document.text}
    if document.sentences is not None:
        record["sentences"] = [list(offsets) for offsets in document.sentences]
    record["spans"] = _spans(document.spans)
    if document.synthetic:
        record["synthetic"] = True
    for key in ("group", "split"):
        if (value := getattr(document, key)) is not None:
            record[key] = value
    if document.annotators:
        record["annotators"] = {a: _spans(spans) for a, spans in document.annotators.items()}
    if document.annotator_labels:
        record["annotator_labels"] = {a: list(x) for a, x in document.annotator_labels.items()}
    return record


def _spans(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [{"start": s.start, "end": s.end, "label": s.label} for s in spans]


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n"


def _missing(record: dict[str, Any]) -> tuple[str, str] | None:
    if "text" not in record:
        return 'the record has no "text"', 'every record needs "text" and "spans"'
    if record.get("spans") is not None or record.get("annotators"):
        return None
    if (other := next(lookalikes(record, _READ), None)) is not None:
        return (
            f'the record has no "spans", but what looks like annotations under "{other[0]}"',
            _REMEDY.format(key=other[0]),
        )
    if "spans" in record:  # it is null, which is refused with all else that is not a list
        return None
    if "sampling" in record:
        return 'drawn by `suffice sample` and not annotated yet: it has no "spans"', "annotate it"
    return 'the record has no "spans"', 'write "spans": [] where a text has no entities'
