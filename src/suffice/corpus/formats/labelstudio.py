"""Label Studio's JSON, with all annotations of a task, and its JSON-MIN, one object for each.

A task that nobody annotated, or that its annotator skipped, says nothing about what its text holds:
it is left out and counted. Predictions of models are no annotations. Offsets are checked against
the spans' own texts, which tell what they count (`suffice.corpus.formats.offsets`). Marks on web
pages, in dialogues, images and sounds have no offsets into a text: they are refused, or counted
where they stand beside marks on text (`suffice.corpus.formats.labelstudio_regions`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import (
    MAJORITY,
    Draft,
    FileFormat,
    Item,
    Likeness,
    Note,
    Source,
    not_written,
)
from suffice.corpus.formats.jsontext import first_values
from suffice.corpus.formats.labelstudio_project import survey
from suffice.corpus.formats.labelstudio_records import holds_regions, is_task
from suffice.corpus.formats.labelstudio_tasks import AnnotationTask, tasks
from suffice.corpus.formats.lookalikes import Unread, is_refused
from suffice.corpus.formats.offsets import Rule, best_rule, same

_GOLD = "annotated by several; the annotation marked as ground truth is used"
_ID = "document_id"
_SPANS = ""  # where the spans stand beside a task's fields
_START = re.compile(rb'\s*\[\s*\{\s*"id"\s*:\s*\d+\s*,\s*"(?:data|annotations|completions)"')
_Record = dict[str, Any]


class LabelStudio(FileFormat):
    """Label Studio's JSON and JSON-MIN; JSON is written."""

    name = "labelstudio"
    extensions = (".labelstudio.json",)
    title = "Label Studio's JSON or JSON-MIN"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like an export of Label Studio."""
        values = first_values(head)
        if values:
            return (
                Likeness.FIELDS
                if any(isinstance(v, dict) and is_task(v) for v in values)
                else Likeness.NONE
            )
        # The first task may be longer than the head.
        return Likeness.SHAPE if _START.match(head) else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the annotated tasks, those of several annotators as one document."""
        project = survey(source)

        def marked() -> Iterator[tuple[str, list[tuple[Any, Any, Any]]]]:
            for task in tasks(source, project):
                if isinstance(task, AnnotationTask) and isinstance(task.text, str):
                    given = [s for a in task.annotations for s in a.spans if isinstance(s, dict)]
                    yield (
                        task.text,
                        [(s.get("start"), s.get("end"), s.get("text")) for s in given],
                    )

        rule = best_rule(marked)
        unread = Unread(
            "annotations",
            (_SPANS,),
            lambda record: bool(record[_SPANS]),
            lambda: (
                _other_fields(t) for t in tasks(source, project) if isinstance(t, AnnotationTask)
            ),
            'import what "{key}" of the data holds as annotations; or remove it',
        )
        for item in tasks(source, project):
            if isinstance(item, AnnotationTask):
                others = unread.items(item.where, _other_fields(item))
                yield from others
                if not is_refused(others):
                    yield from _items(item, rule)
            else:
                yield item

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents as annotated tasks; offsets count characters.

        Where annotators' own spans are kept, each has an annotation, and one more that is marked
        as ground truth holds the document's spans. What a task has no place for is in its data.
        """
        numbers = count(1)
        out.write(b"[")
        for number, document in enumerate(documents, start=1):
            out.write(b",\n" if number > 1 else b"\n")
            out.write(json.dumps(_task(number, document, numbers), ensure_ascii=False).encode())
        out.write(b"\n]\n")
        return not_written(documents, "sentences")


def _other_fields(task: AnnotationTask) -> _Record:
    """Return the fields of a task that are not results, and its spans."""
    spans = [span for annotation in task.annotations for span in annotation.spans]
    return {key: v for key, v in task.fields.items() if not holds_regions(v)} | {_SPANS: spans}


def _items(task: AnnotationTask, rule: Rule) -> Iterator[Item]:
    given = task.annotations
    gold = [a for a in given if a.gold]
    named: dict[str, list[Any]] = {}
    for number, annotation in enumerate(given, start=1):
        if annotation.name is None and annotation.gold:
            continue
        name = annotation.name or f"annotation {number}"
        if name in named:
            yield Note("annotations that the same annotator made again, the last one used")
        named[name] = annotation.spans
    if len(given) > 1 and len(named) + (gold[-1].name is None if gold else 0) > 1:
        spans = gold[-1].spans if gold else None
        if gold:
            yield Note(_GOLD)
        else:
            yield Note(MAJORITY)
    else:
        spans, named = given[-1].spans, {}
    moved = _MovedRegions(task.text, rule)
    drafted = None if spans is None else moved.spans(spans)
    annotators = {name: moved.spans(own) for name, own in named.items()}
    yield from moved.notes()
    own_id = task.fields.get(_ID)
    yield Draft(
        where=task.where,
        text=task.text,
        spans=drafted,
        id=own_id if isinstance(own_id, str | int) else task.id,
        group=task.fields.get("group"),
        split=task.fields.get("split"),
        annotators=annotators or None,
        fields=task.fields,
    )


class _MovedRegions:
    """Sets a task's offsets right by the file's rule, and counts."""

    def __init__(self, text: Any, rule: Rule) -> None:
        self.text = text
        self.rule = rule
        self.place = rule.places(text) if isinstance(text, str) else None
        self.moved = self.unchecked = 0

    def spans(self, given: list[Any]) -> list[Any]:
        """Return spans as drafts have them; what does not fit stays as it is, to be refused."""
        return [self._span(span) for span in given]

    def _span(self, span: Any) -> Any:
        if self.place is None or not isinstance(span, dict):
            return span
        found = self.place(span.get("start"), span.get("end"))
        declared = span.get("text")
        if found is None:
            return span
        if not isinstance(declared, str):
            self.unchecked += self.rule.differs(self.text) or not self.text.isascii()
        elif not same(declared, self.text[found[0] : found[1]]):
            return span
        self.moved += found != (span["start"], span["end"])
        return {"start": found[0], "end": found[1], "label": span.get("label")}

    def notes(self) -> Iterator[Note]:
        """Yield what was done."""
        if self.moved:
            yield Note(f"spans whose offsets {self.rule.said}, set right", self.moved)
        if self.unchecked:
            yield Note(
                f"spans without a text of their own, whose offsets are taken to {self.rule.said}",
                self.unchecked,
            )


def _task(number: int, document: Document, numbers: Iterator[int]) -> _Record:
    data: _Record = {"text": document.text, _ID: document.id}
    for key in ("group", "split"):
        if (value := getattr(document, key)) is not None:
            data[key] = value
    several = bool(document.annotators)
    annotations = [
        _annotation(next(numbers), document.text, spans, {"completed_by": {"email": name}})
        for name, spans in document.annotators.items()
    ]
    annotations.append(
        _annotation(next(numbers), document.text, document.spans, {"ground_truth": several})
    )
    return {"id": number, "data": data, "annotations": annotations, "predictions": []}


def _annotation(number: int, text: str, spans: Sequence[Span], more: _Record) -> _Record:
    result = [
        {
            "id": f"{number}-{i}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": s.start,
                "end": s.end,
                "text": text[s.start : s.end],
                "labels": [s.label],
            },
        }
        for i, s in enumerate(spans, start=1)
    ]
    record = {"id": number, "result": result, "was_cancelled": False, "ground_truth": False}
    return record | more
