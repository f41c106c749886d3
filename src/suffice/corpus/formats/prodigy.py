"""Prodigy's JSON Lines: text, spans, tokens, and what the annotator answered.

Only records that were accepted say what a text holds. Rejected and ignored ones are left out and
counted, and so are yes-or-no decisions on single spans (``ner.teach``) and tasks of another kind:
none of them says that the rest of the text has no entities. Several records of one text become one
document (`suffice.corpus.formats.prodigy_answers`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import FileFormat, Item, Likeness, Note, Source, not_written
from suffice.corpus.formats.jsontext import first_objects, json_lines
from suffice.corpus.formats.lookalikes import Unread, is_refused
from suffice.corpus.formats.prodigy_answers import Answer, drafts_of
from suffice.corpus.tokens import tokens_between
from suffice.errors import CorpusError

_OWN = ("_input_hash", "_task_hash", "_view_id")
_ANSWERS = ("accept", "reject", "ignore")
# The views in which a record without "spans" is a text in which nobody marked anything.
_SPAN_VIEWS = (
    None, "ner", "ner_manual", "spans", "spans_manual", "relations", "blocks", "review",
)  # fmt: skip
# Of these, the views in which an annotator only says yes or no to what is shown.
_FIXED_VIEWS = ("ner", "spans")
_READ = (
    "text", "spans", "tokens", "answer", "label", "options", "accept", "relations", "versions",
    "sessions", "id", "group", "split",
)  # fmt: skip
_BINARY = "yes-or-no decisions on single spans, which leave the rest open, left out"
_PARTLY = "records with spans answered with 'ignore', annotated in part, left out"
_REJECTED = "records whose spans were all rejected, annotated in part, left out"
_Record = dict[str, Any]


class Prodigy(FileFormat):
    """Prodigy's JSON Lines."""

    name = "prodigy"
    extensions = (".prodigy.jsonl",)
    title = "Prodigy's JSON Lines"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like an export of Prodigy."""
        objects = [o for o in first_objects(head) if "text" in o]
        if any(key in o for o in objects for key in _OWN) or any(
            o.get("answer") in _ANSWERS for o in objects if isinstance(o.get("answer"), str)
        ):
            return Likeness.FIELDS
        # spaCy's own JSON has tokens, too, but its "spans" are a mapping.
        tokenised = any(_tokenised(o) and isinstance(o.get("spans"), list) for o in objects)
        return Likeness.FIELDS if tokenised else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the accepted records, those of one text by several annotators as one document."""
        unread = Unread(
            "spans",
            _READ,
            lambda record: bool(record.get("spans")),
            lambda: (record for _, record in json_lines(source)),
            'rename "{key}" to "spans" if these are the annotations; if not, remove it',
        )
        accepted: list[Answer] = []
        for number, record in json_lines(source):
            if isinstance(record, CorpusError):
                yield record
                continue
            verdict = _verdict(source, number, record) or _misplaced(source, number, record)
            if verdict is not None:
                yield verdict
                continue
            said = [*unread.items(source.line(number), record), *_passed_over(record)]
            yield from said
            if is_refused(said):
                continue
            spans = _accepted_spans(source, number, record)
            if isinstance(spans, Note | CorpusError):
                yield spans
                continue
            if isinstance(spans, list) and (gone := len(record.get("spans") or ()) - len(spans)):
                yield Note("spans that the annotator rejected, left out", gone)
            accepted.append(Answer(number, record, spans))
        yield from drafts_of(source, accepted)

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
        return source.error(
            "the answer is not accept, reject or ignore", "correct the export", number
        )
    if _is_binary(record):
        return Note(_BINARY)
    if "text" not in record:
        return source.error('the record has no "text"', "only text can be read", number)
    view = record.get("_view_id")
    if "spans" not in record:
        if "answer" not in record:
            return source.error(
                'the record has neither "spans" nor "answer"; it is not annotated',
                "leave it out, or read with `lenient`",
                number,
            )
        # "arcs" are the dependencies of dep.teach, which older versions write without a view.
        chosen = not {"options", "arcs"}.isdisjoint(record) or isinstance(record.get("label"), str)
        if view not in _SPAN_VIEWS or (view is None and chosen):
            return Note("records of tasks that mark no spans, left out")
    return None


def _is_binary(record: _Record) -> bool:
    """Return whether a record is a decision on one span that a model suggested.

    Old versions of Prodigy do not say so; the model's score does.
    """
    if "_is_binary" in record:
        return record["_is_binary"] is True
    spans = record.get("spans")
    return (
        record.get("_view_id") in (None, *_FIXED_VIEWS)
        and isinstance(spans, list)
        and len(spans) == 1
        and isinstance(spans[0], dict)
        and "score" in spans[0]
    )


def _passed_over(record: _Record) -> Iterator[Note]:
    """Yield what is said of a record's other parts."""
    for key, said in (
        ("relations", "relations passed over"),
        ("versions", "annotators' versions of reviewed records, not read"),
    ):
        if isinstance(given := record.get(key), list) and given:
            yield Note(said, len(given))
    view = record.get("_view_id")
    if record.get("spans") and view not in _SPAN_VIEWS and isinstance(view, str):
        yield Note(
            f"records of the view {view!r}, which marks no spans; those shown in it are read as "
            "all entities of the text"
        )


def _accepted_spans(source: Source, number: int, record: _Record) -> Any:
    """Return the spans that were not rejected; a note or an error if the record cannot be used."""
    spans = _spans(record)
    if not isinstance(spans, list):
        return spans
    answers = [span.get("answer") if isinstance(span, dict) else None for span in spans]
    if all(answer is None for answer in answers):
        return spans
    if any(answer not in (None, *_ANSWERS) for answer in answers):
        return source.error("a span's answer is not accept, reject or ignore", "mend it", number)
    if "ignore" in answers:
        return Note(_PARTLY)
    kept = [span for span, answer in zip(spans, answers, strict=True) if answer != "reject"]
    if len(kept) < len(spans):
        # Where nothing but decisions on suggestions was asked, the rest of the text is open.
        if record.get("_view_id") in _FIXED_VIEWS:
            return Note(_BINARY)
        if not kept:
            return Note(_REJECTED)
    return kept


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
