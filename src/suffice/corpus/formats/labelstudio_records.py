"""The objects of a Label Studio export: their data, and the annotations made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from suffice.corpus.formats.labelstudio_regions import Region, is_medium, region_of

ANNOTATIONS = ("annotations", "completions")
"""The keys under which versions of Label Studio keep annotations."""

MINIMAL = ("annotation_id", "annotator", "lead_time", "created_at", "updated_at")
"""Keys of JSON-MIN that say something about the annotation, not about the text."""

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


def is_task(record: _Record) -> bool:
    """Return whether an object is a task, in JSON or JSON-MIN."""
    if isinstance(record.get("data"), dict):
        return any(key in record for key in (*ANNOTATIONS, "predictions"))
    known = sum(key in record for key in MINIMAL)
    return known >= 3 or bool(listed_regions(record))


def listed_regions(record: _Record) -> list[Region]:
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
    return any(region_of(item).kind != "none" for item in list_of(value))


def data_of(record: _Record) -> _Record:
    """Return the fields of a task; of JSON-MIN all of the object."""
    data = record.get("data")
    return data if isinstance(data, dict) else record


def is_skipped(annotation: _Record) -> bool:
    """Return whether the annotator cancelled an annotation."""
    return annotation.get("was_cancelled") is True or annotation.get("skipped") is True


def annotations_of(record: _Record) -> Iterator[Annotation]:
    """Yield the annotations of a task that were not skipped; of JSON-MIN the only one."""
    if not isinstance(record.get("data"), dict):
        yield Annotation(_name(record.get("annotator")), listed_regions(record))
        return
    for annotation in (a for name in ANNOTATIONS for a in list_of(record.get(name))):
        if isinstance(annotation, dict) and not is_skipped(annotation):
            yield Annotation(
                _name(annotation.get("completed_by")),
                _regions(annotation.get("result"), record["data"]),
                gold=annotation.get("ground_truth") is True,
            )


def _regions(results: Any, data: _Record) -> list[Region]:
    given = [r for r in list_of(results) if isinstance(r, dict)]
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


def list_of(value: Any) -> list[Any]:
    """Return a list, empty where the file has something else."""
    return value if isinstance(value, list) else []


def _name(given: Any) -> str | None:
    """Return the annotator's name: an e-mail address or a number."""
    if isinstance(given, dict):
        given = given.get("email", given.get("id"))
    if isinstance(given, bool) or not isinstance(given, str | int):
        return None
    return str(given) if str(given).strip() else None
