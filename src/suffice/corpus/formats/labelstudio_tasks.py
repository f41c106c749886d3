"""The tasks of a Label Studio export, whichever its shape, with their annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from suffice.corpus.formats.base import Note, Source
from suffice.corpus.formats.jsontext import json_values
from suffice.corpus.formats.labelstudio_project import Project
from suffice.corpus.formats.labelstudio_records import (
    ANNOTATIONS,
    Annotation,
    annotations_of,
    data_of,
    is_skipped,
    list_of,
    listed_regions,
)
from suffice.corpus.formats.labelstudio_regions import REMEDY, UNREADABLE, Region, is_address
from suffice.errors import CorpusError

_Record = dict[str, Any]


@dataclass
class AnnotationTask:
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


def tasks(source: Source, project: Project) -> Iterator[AnnotationTask | Note | CorpusError]:
    """Yield the annotated tasks, and what is to be said of the others.

    Parameters
    ----------
    source : Source
        The file.
    project : Project
        As `survey` found it.
    """
    waiting: AnnotationTask | None = None
    for where, record in json_values(source):
        if isinstance(record, CorpusError):
            yield record
            continue
        if not isinstance(record, dict):
            yield CorpusError(
                "the record is no JSON object", remedy="export the project again", where=where
            )
            continue
        for item in _items(where, record, project):
            if not isinstance(item, AnnotationTask) or isinstance(record.get("data"), dict):
                yield item
            elif waiting is not None and _same_task(waiting, item):
                waiting.annotations += item.annotations
            else:
                if waiting is not None:
                    yield waiting
                waiting = item
    if waiting is not None:
        yield waiting


def _same_task(one: AnnotationTask, other: AnnotationTask) -> bool:
    """Return whether two objects of JSON-MIN are annotations of one task."""
    return one.id is not None and (one.id, one.text) == (other.id, other.text)


def _items(
    where: str, record: _Record, project: Project
) -> Iterator[AnnotationTask | Note | CorpusError]:
    data = data_of(record)
    if project.text is None or project.text not in data:
        yield CorpusError(
            f"the task has no {'text' if project.text is None else repr(project.text)}",
            remedy="only tasks whose text is in the file can be read",
            where=where,
        )
        return
    given = [a for name in ANNOTATIONS for a in list_of(record.get(name))]
    if not all(map(_is_whole, given)):
        yield CorpusError(
            "an annotation has no list of results", remedy="export the project again", where=where
        )
        return
    if (why_not := _not_annotated(record)) is not None:
        yield Note(why_not)
        return
    if project.instead is not None:
        yield Note(f"tasks of a file whose results mark no spans ({project.instead}), left out")
        return
    if skipped := sum(map(is_skipped, given)):
        yield Note("annotations that were skipped, of tasks that have others", skipped)
    text = data[project.text]
    annotations = []
    counted: Counter[str] = Counter()
    for annotation in annotations_of(record):
        for region in annotation.regions:
            spans = region.spans(text)
            found = project.fields.get(region.target or "", project.text)
            if region.kind in UNREADABLE and spans is None:
                problem = UNREADABLE[region.kind].format(name=region.name)
                yield CorpusError(problem, remedy=REMEDY, where=where)
                return
            if spans is None:
                counted[_passed_over(region)] += 1
            elif found != project.text:
                counted[f"spans of {found!r} passed over, as the text is {project.text!r}"] += 1
            else:
                annotation.spans.extend(spans)
        annotations.append(annotation)
    if isinstance(text, str) and is_address(text) and _by_address(text, annotations, project):
        yield CorpusError(
            "the task holds the address of its text, not the text",
            remedy="replace the address in the task's data by the text itself",
            where=where,
        )
        return
    yield from (Note(said, count) for said, count in counted.items())
    yield AnnotationTask(where, record.get("id"), text, data, annotations)


def _is_whole(annotation: Any) -> bool:
    """Return whether an annotation is an object with results, or one that was skipped."""
    if not isinstance(annotation, dict):
        return False
    results = annotation.get("result")
    return is_skipped(annotation) or (
        isinstance(results, list) and all(isinstance(result, dict) for result in results)
    )


def _passed_over(region: Region) -> str:
    if region.kind == "media":
        return f"regions that mark no text ({region.name}), passed over"
    return f"results that mark no spans ({region.name}), passed over"


def _by_address(text: str, annotations: list[Annotation], project: Project) -> bool:
    """Return whether an address stands for a text, and is not itself what was annotated."""
    spans = [span for annotation in annotations for span in annotation.spans]
    if spans:
        return not all(isinstance(s.get("text"), str) and s["text"] in text for s in spans)
    return project.addresses_only


def _not_annotated(record: _Record) -> str | None:
    """Return why a task has no annotation to read; None if it has one."""
    if not isinstance(record.get("data"), dict):
        annotated = "annotation_id" in record or listed_regions(record)
        return None if annotated else "tasks that nobody annotated, left out"
    given = [a for name in ANNOTATIONS for a in list_of(record.get(name))]
    if not all(map(is_skipped, given)):
        return None
    if given:
        return "tasks that their annotators skipped, left out"
    if list_of(record.get("drafts")):
        return "tasks with drafts only, which nobody submitted, left out"
    if list_of(record.get("predictions")):
        return "tasks with a model's predictions only, left out"
    return "tasks that nobody annotated, left out"
