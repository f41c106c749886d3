"""The tasks of a Label Studio export, whichever its shape, with their annotations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from suffice.corpus.formats.base import Note, Source
from suffice.corpus.formats.jsontext import json_values
from suffice.corpus.formats.labelstudio_regions import (
    REMEDY,
    UNREADABLE,
    Region,
    is_address,
    is_medium,
    region_of,
)
from suffice.errors import CorpusError

_ANNOTATIONS = ("annotations", "completions")
_MIN = ("annotation_id", "annotator", "lead_time", "created_at", "updated_at")
_Record = dict[str, Any]


@dataclass(frozen=True)
class Annotation:
    """What one annotator made of a task.

    Parameters
    ----------
    name : str, optional
        The annotator.
    regions : list of Region
        What they marked.
    spans : list
        With ``start``, ``end``, ``label`` and perhaps ``text``, not verified; of the text only.
    gold : bool
        Whether it is marked as ground truth.
    """

    name: str | None
    regions: list[Region]
    gold: bool = False
    spans: list[Any] = field(default_factory=list)


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


@dataclass
class Project:
    """Which field of the tasks is the text, and what is labelled.

    Parameters
    ----------
    text : str, optional
        The name of the data's field that holds the text; None if there is none.
    fields : dict of str to str
        The fields that results label, by the names that results have for them.
    addresses_only : bool
        Whether the text of every task is an address or a path.
    instead : str, optional
        What all results are, where none marks anything, as ``choices``.
    """

    text: str | None
    fields: dict[str, str]
    addresses_only: bool
    instead: str | None = None


def is_task(record: _Record) -> bool:
    """Return whether an object is a task, in JSON or JSON-MIN."""
    if isinstance(record.get("data"), dict):
        return any(key in record for key in (*_ANNOTATIONS, "predictions"))
    known = sum(key in record for key in _MIN)
    return known >= 3 or bool(_listed(record))


def _listed(record: _Record) -> list[Region]:
    """Return the regions of an object of JSON-MIN."""
    found = [
        region_of(value, target=key)  # the name of the control stands for what it labels
        for key, own in record.items()
        if isinstance(own, list)
        for value in own
    ]
    return [region for region in found if region.kind != "none"]


def holds_regions(value: Any) -> bool:
    """Return whether a field of JSON-MIN holds results that mark something."""
    return any(region_of(item).kind != "none" for item in _list(value))


def survey(source: Source) -> Project:
    """Look all tasks over.

    Raises
    ------
    CorpusError
        There are regions, and none of them marks text.
    """
    quoted: dict[str, Counter[str]] = defaultdict(Counter)
    marked: Counter[str] = Counter()
    length: Counter[str] = Counter()
    texts: dict[str, list[bool]] = defaultdict(list)
    other: Counter[tuple[str, str]] = Counter()
    minimal = listed = False
    for _, record in json_values(source):
        if not isinstance(record, dict):
            continue
        minimal = minimal or not isinstance(record.get("data"), dict)
        listed = listed or any(isinstance(value, list) for value in record.values())
        strings = {k: v for k, v in _data(record).items() if isinstance(v, str) and k not in _MIN}
        for key, value in strings.items():
            length[key] += len(value)
            texts[key].append(is_address(value))
        for region in (r for a in _annotations_of(record) for r in a.regions):
            readable = region.kind == "text" or (
                region.kind == "markup" and any(map(region.spans, strings.values()))
            )
            if not readable:
                other[region.kind, region.name] += 1
                continue
            target = region.target or ""
            marked[target] += 1
            for key, value in strings.items():
                quoted[target][key] += region.declared is not None and region.declared in value

    def best(target: str) -> str | None:
        return max(
            length,
            key=lambda k: (
                not all(texts[k]) or k == target,
                quoted[target][k],
                k == target,
                k == "text",
                length[k],
            ),
            default=None,
        )

    names = ", ".join(sorted({name for _, name in other}))
    if not marked:
        kinds = [kind for (kind, _), _ in other.most_common() if kind != "none"]
        if kinds and kinds[0] in UNREADABLE:
            raise source.error(UNREADABLE[kinds[0]].format(name=names), REMEDY)
        if kinds:
            problem = f"what is labelled is not text ({names})"
            raise source.error(problem, "only spans of text can be read")
    fields = {target: found for target in marked if (found := best(target)) is not None}
    spans: Counter[str] = Counter()
    for target, found in fields.items():
        spans[found] += marked[target]
    text = max(spans, key=lambda k: (spans[k], k == "text", length[k]), default=best(""))
    addresses = text is not None and all(texts[text])
    # JSON-MIN keeps choices like any other field; a list of spans, if only an empty one, tells.
    bare = minimal and not listed
    instead = None if marked else names or ("none in JSON-MIN" if bare else None)
    return Project(text, fields, addresses, instead)


def tasks(source: Source, project: Project) -> Iterator[Task | Note | CorpusError]:
    """Yield the annotated tasks, and what is to be said of the others.

    Parameters
    ----------
    source : Source
        The file.
    project : Project
        As `survey` found it.
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
        for item in _items(where, record, project):
            if not isinstance(item, Task) or isinstance(record.get("data"), dict):
                yield item
            elif waiting is not None and _same_task(waiting, item):
                waiting.annotations += item.annotations
            else:
                if waiting is not None:
                    yield waiting
                waiting = item
    if waiting is not None:
        yield waiting


def _same_task(one: Task, other: Task) -> bool:
    """Return whether two objects of JSON-MIN are annotations of one task."""
    return one.id is not None and (one.id, one.text) == (other.id, other.text)


def _data(record: _Record) -> _Record:
    data = record.get("data")
    return data if isinstance(data, dict) else record


def _items(where: str, record: _Record, project: Project) -> Iterator[Task | Note | CorpusError]:
    data = _data(record)
    if project.text is None or project.text not in data:
        yield CorpusError(
            f"the task has no {'text' if project.text is None else repr(project.text)}",
            remedy="only tasks whose text is in the file can be read",
            where=where,
        )
        return
    if (why_not := _not_annotated(record)) is not None:
        yield Note(why_not)
        return
    if project.instead is not None:
        yield Note(f"tasks of a file whose results mark no spans ({project.instead}), left out")
        return
    given = [a for name in _ANNOTATIONS for a in _list(record.get(name))]
    if skipped := sum(not isinstance(a, dict) or _skipped(a) for a in given):
        yield Note("annotations that were skipped, of tasks that have others", skipped)
    text = data[project.text]
    annotations = []
    counted: Counter[str] = Counter()
    for annotation in _annotations_of(record):
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
    yield Task(where, record.get("id"), text, data, annotations)


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
        annotated = "annotation_id" in record or _listed(record)
        return None if annotated else "tasks that nobody annotated, left out"
    given = [a for name in _ANNOTATIONS for a in _list(record.get(name))]
    if any(isinstance(a, dict) and not _skipped(a) for a in given):
        return None
    if given:
        return "tasks that their annotators skipped, left out"
    if _list(record.get("drafts")):
        return "tasks with drafts only, which nobody submitted, left out"
    if _list(record.get("predictions")):
        return "tasks with a model's predictions only, left out"
    return "tasks that nobody annotated, left out"


def _skipped(annotation: _Record) -> bool:
    return annotation.get("was_cancelled") is True or annotation.get("skipped") is True


def _annotations_of(record: _Record) -> Iterator[Annotation]:
    """Yield the annotations of a task that were not skipped; of JSON-MIN the only one."""
    if not isinstance(record.get("data"), dict):
        yield Annotation(_name(record.get("annotator")), _listed(record))
        return
    for annotation in (a for name in _ANNOTATIONS for a in _list(record.get(name))):
        if isinstance(annotation, dict) and not _skipped(annotation):
            yield Annotation(
                _name(annotation.get("completed_by")),
                _regions(annotation.get("result"), record["data"]),
                gold=annotation.get("ground_truth") is True,
            )


def _regions(results: Any, data: _Record) -> list[Region]:
    given = [r for r in _list(results) if isinstance(r, dict)]
    whole = [region_of(r.get("value"), r.get("type"), r.get("to_name")) for r in given]
    labelled = {repr(r.get("id")) for r, w in zip(given, whole, strict=True) if w.kind != "none"}
    found = []
    for result, region in zip(given, whole, strict=True):
        if region.kind == "none" and repr(result.get("id")) not in labelled:
            region = region_of(
                result.get("value"), result.get("type"), result.get("to_name"), attached=False
            )
        if region.kind != "none" and _labels_medium(region, data):
            region = replace(region, kind="media")
        found.append(region)
    return found


def _labels_medium(region: Region, data: _Record) -> bool:
    """Return whether a region is one of an image or a sound, by the address in the task."""
    if region.target in data:
        return is_medium(data[region.target])
    strings = [value for value in data.values() if isinstance(value, str)]
    return bool(strings) and all(map(is_medium, strings))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(given: Any) -> str | None:
    """Return the annotator's name: an e-mail address or a number."""
    if isinstance(given, dict):
        given = given.get("email", given.get("id"))
    if isinstance(given, bool) or not isinstance(given, str | int):
        return None
    return str(given) if str(given).strip() else None
