"""The tasks of a Label Studio export, whichever its shape, with their annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from suffice.corpus.formats.base import Note, Source
from suffice.corpus.formats.jsontext import json_values
from suffice.errors import CorpusError

_ANNOTATIONS = ("annotations", "completions")
_LABELS = ("labels", "hypertextlabels")
_MIN = ("annotation_id", "annotator", "lead_time", "created_at", "updated_at")
_SAMPLE = 200
_Record = dict[str, Any]


@dataclass(frozen=True)
class Annotation:
    """What one annotator made of a task.

    Parameters
    ----------
    name : str, optional
        The annotator.
    spans : list
        With ``start``, ``end``, ``label`` and perhaps ``text``, not verified.
    gold : bool
        Whether it is marked as ground truth.
    """

    name: str | None
    spans: list[Any]
    gold: bool = False


@dataclass
class Task:
    """A text with its annotations.

    Parameters
    ----------
    where : str
        The file and the record.
    id, text : Any
        As the file has them.
    fields : dict
        The task's data.
    annotations : list of Annotation
        At least one.
    """

    where: str
    id: Any
    text: Any
    fields: _Record
    annotations: list[Annotation] = field(default_factory=list)


def is_task(record: _Record) -> bool:
    """Return whether an object is a task, in JSON or JSON-MIN."""
    if isinstance(record.get("data"), dict):
        return any(key in record for key in (*_ANNOTATIONS, "predictions"))
    return _is_min(record)


def _is_min(record: _Record) -> bool:
    """Return whether an object is of JSON-MIN: its spans or its annotator tell."""
    known = sum(key in record for key in _MIN)
    return known >= 3 or any(_span_lists(record))


def _span_lists(record: _Record) -> Iterator[list[Any]]:
    for value in record.values():
        if isinstance(value, list) and any(map(_is_value, value)):
            yield value


def _is_value(value: Any) -> bool:
    """Return whether an object is what Label Studio says of a span."""
    return (
        isinstance(value, dict)
        and ("start" in value or "globalOffsets" in value)
        and any(isinstance(value.get(key), list) for key in _LABELS)
    )


def text_key(source: Source) -> str | None:
    """Return the name of the data's field that holds the text.

    Parameters
    ----------
    source : Source
        The first 200 tasks are looked at.

    Returns
    -------
    str or None
        Of the fields that are strings, the one in which most spans' own texts occur; of equals
        ``text``, then the longest. None if there is none.
    """
    found: Counter[str] = Counter()
    length: Counter[str] = Counter()
    for _, record in islice(json_values(source), _SAMPLE):
        if not isinstance(record, dict):
            continue
        data = record.get("data")
        fields = data if isinstance(data, dict) else record
        spans = [s for a in _annotations_of(record) for s in a.spans if isinstance(s, dict)]
        declared = [s["text"] for s in spans[:5] if isinstance(s.get("text"), str)]
        for key, value in fields.items():
            if isinstance(value, str) and key not in _MIN:
                found[key] += sum(text in value for text in declared)
                length[key] += len(value)
    return max(length, key=lambda k: (found[k], k == "text", length[k]), default=None)


def tasks(source: Source, key: str | None) -> Iterator[Task | Note | CorpusError]:
    """Yield the annotated tasks, and what is to be said of the others.

    Parameters
    ----------
    source : Source
        The file.
    key : str or None
        The field that holds the text.
    """
    waiting: Task | None = None
    for where, record in json_values(source):
        if isinstance(record, CorpusError):
            yield record
            continue
        if not isinstance(record, dict):
            yield CorpusError(
                "the record is no JSON object", remedy="export the project again", where=where
            )
            continue
        if isinstance(record.get("data"), dict):
            yield from _whole(where, record, key)
            continue
        found = _minimal(where, record, key)
        if not isinstance(found, Task):
            yield found
        elif waiting is not None and _same_task(waiting, found):
            waiting.annotations += found.annotations
        else:
            if waiting is not None:
                yield waiting
            waiting = found
    if waiting is not None:
        yield waiting


def _same_task(one: Task, other: Task) -> bool:
    """Return whether two objects of JSON-MIN are annotations of one task."""
    return one.id is not None and (one.id, one.text) == (other.id, other.text)


def _whole(where: str, record: _Record, key: str | None) -> Iterator[Task | Note | CorpusError]:
    data: _Record = record["data"]
    if key is None or key not in data:
        yield CorpusError(
            "the task has no text" if key is None else f"the task's data has no {key!r}",
            remedy="only tasks whose text is in the file can be read",
            where=where,
        )
        return
    given = [a for name in _ANNOTATIONS for a in _list(record.get(name))]
    if not given:
        yield Note("tasks that nobody annotated, left out")
        return
    kept = [a for a in given if isinstance(a, dict) and not _skipped(a)]
    if len(kept) < len(given) and kept:
        yield Note(
            "annotations that were skipped, of tasks that have others", len(given) - len(kept)
        )
    if not kept:
        yield Note("tasks that their annotators skipped, left out")
        return
    others = sum(not _is_mark(r) for a in kept for r in _list(a.get("result")))
    if others:
        yield Note("results that mark no spans (as choices and relations), passed over", others)
    yield Task(where, record.get("id"), data[key], data, list(_annotations_of(record)))


def _skipped(annotation: _Record) -> bool:
    return annotation.get("was_cancelled") is True or annotation.get("skipped") is True


def _annotations_of(record: _Record) -> Iterator[Annotation]:
    """Yield the annotations of a task that were not skipped; of JSON-MIN the only one."""
    if not isinstance(record.get("data"), dict):
        spans = [s for values in _span_lists(record) for value in values for s in _spans(value)]
        yield Annotation(_name(record.get("annotator")), spans)
        return
    for annotation in (a for name in _ANNOTATIONS for a in _list(record.get(name))):
        if isinstance(annotation, dict) and not _skipped(annotation):
            marks = [r["value"] for r in _list(annotation.get("result")) if _is_mark(r)]
            yield Annotation(
                _name(annotation.get("completed_by")),
                [span for value in marks for span in _spans(value)],
                gold=annotation.get("ground_truth") is True,
            )


def _minimal(where: str, record: _Record, key: str | None) -> Task | Note | CorpusError:
    if key is None or key not in record:
        return CorpusError(
            "the task has no text", remedy="only tasks whose text is in the file", where=where
        )
    if not any(_span_lists(record)) and "annotation_id" not in record:
        return Note("tasks that nobody annotated, left out")
    return Task(where, record.get("id"), record[key], record, list(_annotations_of(record)))


def _is_mark(result: Any) -> bool:
    return isinstance(result, dict) and _is_value(result.get("value"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _spans(value: Any) -> Iterator[Any]:
    """Yield a span for each label of what a result says."""
    if not isinstance(value, dict):
        yield value
        return
    start, end = value.get("start"), value.get("end")
    over = value.get("globalOffsets")
    # In a HTML document start and end name elements, and these are offsets into its text.
    if isinstance(over, dict) and type(start) is not int:
        start, end = over.get("start"), over.get("end")
    labels = [label for key in _LABELS for label in _list(value.get(key))]
    for label in labels or [None]:
        span = {"start": start, "end": end, "label": label}
        yield span | {"text": value["text"]} if isinstance(value.get("text"), str) else span


def _name(given: Any) -> str | None:
    """Return the annotator's name: an e-mail address or a number."""
    if isinstance(given, dict):
        given = given.get("email", given.get("id"))
    if isinstance(given, bool) or not isinstance(given, str | int):
        return None
    return str(given) if str(given).strip() else None
