"""Prodigy's JSON Lines: text, spans, tokens, and what the annotator answered.

Only records that were accepted say what a text holds. Rejected and ignored ones are left out and
counted, and so are yes-or-no decisions on single spans (``ner.teach``) and tasks of another kind:
none of them says that the rest of the text has no entities.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import MAJORITY, Draft, FileFormat, Item, Note, Source, not_written
from suffice.corpus.formats.jsontext import first_objects, json_lines
from suffice.corpus.tokens import tokens_between
from suffice.errors import CorpusError

_OWN = ("_input_hash", "_task_hash", "_view_id")
_ANSWERS = ("accept", "reject", "ignore")
# The views in which a record without "spans" is a text in which nobody marked anything.
_SPAN_VIEWS = (None, "ner", "ner_manual", "spans", "spans_manual", "relations", "blocks")
_Record = dict[str, Any]


class Prodigy(FileFormat):
    """Prodigy's JSON Lines."""

    name = "prodigy"
    extensions = (".prodigy.jsonl",)
    title = "Prodigy's JSON Lines"

    def sniff(self, head: bytes, path: Path) -> float:
        """Return how much the beginning of a file looks like an export of Prodigy."""
        objects = [o for o in first_objects(head) if "text" in o]
        if any(key in o for o in objects for key in _OWN) or any(
            o.get("answer") in _ANSWERS for o in objects if isinstance(o.get("answer"), str)
        ):
            return 0.9
        return 0.85 if any(_tokenised(o) and "spans" in o for o in objects) else 0.0

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the accepted records, those of one text by several annotators as one document."""
        accepted: list[tuple[int, _Record]] = []
        for number, record in json_lines(source):
            if isinstance(record, CorpusError):
                yield record
                continue
            verdict = _verdict(source, number, record) or _misplaced(source, number, record)
            if verdict is None:
                accepted.append((number, record))
            else:
                yield verdict
        yield from _drafts(source, accepted)

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as accepted ``ner_manual`` tasks, with word tokens cut at span edges."""
        bare = 0
        for document in documents:
            task = _task(document)
            bare += sum("token_start" not in span for span in task["spans"])
            out.write(json.dumps(task, ensure_ascii=False).encode() + b"\n")
        notes = not_written(documents, "sentences", "annotators")
        if bare:
            notes.append(f"spans whose edges are in white space, written without tokens: {bare}")
        return notes


def _tokenised(record: _Record) -> bool:
    given = record.get("tokens")
    return isinstance(given, list) and bool(given) and isinstance(given[0], dict)


def _verdict(source: Source, number: int, record: _Record) -> Note | CorpusError | None:
    """Return why a record is not used, or None if it is."""
    answer = record.get("answer", "accept")
    if answer in _ANSWERS[1:]:
        return Note(f"records that the annotator answered with {answer!r}, left out")
    if answer != _ANSWERS[0]:
        return source.error("the answer is not accept, reject or ignore", "mend the export", number)
    if record.get("_is_binary") is True:
        return Note("yes-or-no decisions on single spans, which leave the rest open, left out")
    if "text" not in record:
        return source.error('the record has no "text"', "only text can be read", number)
    if "spans" not in record:
        if "answer" not in record:
            return source.error(
                'the record has neither "spans" nor "answer"; it is not annotated',
                "leave it out, or read with --lenient",
                number,
            )
        if record.get("_view_id") not in _SPAN_VIEWS:
            return Note("records of tasks that mark no spans, left out")
    return None


def _misplaced(source: Source, number: int, record: _Record) -> CorpusError | None:
    """Return an error where the record's own tokens are not what stands at their offsets."""
    text = record["text"]
    if not (isinstance(text, str) and _tokenised(record)):
        return None
    for token in record["tokens"]:
        if not isinstance(token, dict) or not isinstance(token.get("text"), str):
            continue
        start, end = token.get("start"), token.get("end")
        if isinstance(start, int) and isinstance(end, int) and text[start:end] != token["text"]:
            return source.error(
                f"the token at {start} to {end} is not what stands there in the text",
                "offsets have to count characters (Unicode code points) of this very text",
                number,
            )
    return None


def _drafts(source: Source, accepted: list[tuple[int, _Record]]) -> Iterator[Item]:
    by_text: dict[str, dict[str, tuple[int, _Record]]] = defaultdict(dict)
    for number, record in accepted:
        annotator = _annotator(record)
        if annotator is not None and isinstance(record["text"], str):
            if annotator in by_text[record["text"]]:
                yield Note("records that the same annotator answered again, the last one used")
            by_text[record["text"]][annotator] = number, record
    done: set[str] = set()
    for number, record in accepted:
        text = record["text"]
        several = by_text.get(text, {}) if isinstance(text, str) else {}
        if not several or _annotator(record) is None:
            yield _draft(source, number, record)
        elif text not in done:
            done.add(text)
            if len(several) == 1:
                yield _draft(source, *next(iter(several.values())))
            else:
                yield Note(MAJORITY)
                yield _draft(source, number, record, several)


def _annotator(record: _Record) -> str | None:
    for key in ("_annotator_id", "_session_id"):
        if isinstance(name := record.get(key), str) and name:
            return name
    return None


def _draft(
    source: Source,
    number: int,
    record: _Record,
    several: Mapping[str, tuple[int, _Record]] | None = None,
) -> Draft:
    return Draft(
        where=source.line(number),
        text=record["text"],
        spans=None if several else _spans(record),
        id=record.get("id"),
        group=record.get("group"),
        split=record.get("split"),
        annotators={a: _spans(r) for a, (_, r) in several.items()} if several else None,
        fields=record,
    )


def _spans(record: _Record) -> Any:
    """Return the record's spans, with offsets from the tokens where a span names only those."""
    given = record.get("spans")
    if given is None:
        return []
    if not isinstance(given, list) or not _tokenised(record):
        return given
    return [_with_offsets(span, record["tokens"]) for span in given]


def _with_offsets(span: Any, given: list[Any]) -> Any:
    if not isinstance(span, dict) or "start" in span or "end" in span:
        return span
    first, last = span.get("token_start"), span.get("token_end")
    begin, end = _item(given, first), _item(given, last)
    if not (isinstance(begin, dict) and isinstance(end, dict)):
        return span
    return {**span, "start": begin.get("start"), "end": end.get("end")}


def _item(given: list[Any], place: Any) -> Any:
    known = isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(given)
    return given[place] if known else None


def _task(document: Document) -> _Record:
    edges = {edge for span in document.spans for edge in (span.start, span.end)}
    cut = tokens_between(document.text, edges)
    starts = {start: i for i, (start, _) in enumerate(cut)}
    ends = {end: i for i, (_, end) in enumerate(cut)}
    task: _Record = {"id": document.id, "text": document.text}
    task["tokens"] = [
        {
            "text": document.text[start:end],
            "start": start,
            "end": end,
            "id": i,
            "ws": document.text[end : end + 1] == " ",
        }
        for i, (start, end) in enumerate(cut)
    ]
    task["spans"] = []
    for span in document.spans:
        written: _Record = {"start": span.start, "end": span.end, "label": span.label}
        if span.start in starts and span.end in ends:
            written |= {"token_start": starts[span.start], "token_end": ends[span.end]}
        task["spans"].append(written)
    for key in ("group", "split"):
        if (value := getattr(document, key)) is not None:
            task[key] = value
    return task | {"_is_binary": False, "_view_id": "ner_manual", "answer": "accept"}
