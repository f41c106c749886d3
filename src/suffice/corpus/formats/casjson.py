"""UIMA CAS JSON 0.4, as INCEpTION exports it: a file for each document, types included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document
from suffice.corpus.formats.base import FolderFormat, Item, Likeness, Source, not_written
from suffice.corpus.formats.casmodel import INITIAL_VIEW, Cas, Mark, items_of, wanted
from suffice.corpus.formats.filenames import stem_of
from suffice.corpus.formats.jsontext import parse
from suffice.corpus.formats.layers import NAMED_ENTITY, SENTENCE, short
from suffice.corpus.formats.lookalikes import lookalikes
from suffice.corpus.formats.utf16 import Utf16
from suffice.corpus.formats.xmi import METADATA, WRITTEN

_STRUCTURES, _TYPES, _VIEWS = "%FEATURE_STRUCTURES", "%TYPES", "%VIEWS"
_START = re.compile(rb"\s*\{\s*\"%(?:TYPES|FEATURE_STRUCTURES|VIEWS)\"\s*:")
_SOFA = "uima.cas.Sofa"
_Record = dict[str, Any]


class CasJson(FolderFormat):
    """UIMA CAS JSON."""

    name = "casjson"
    extensions = (".cas.json",)
    title = "UIMA CAS JSON"
    choices = ("layer", "feature")

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like a CAS in JSON."""
        return Likeness.CERTAIN if _START.match(head) else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the document of a file, unverified."""
        yield from _read(source)

    def write(self, documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
        """Write a file for each document."""
        for document in documents:
            content = json.dumps(_record(document), ensure_ascii=False, indent=1)
            put(f"{stem_of(document.id)}.json", content.encode() + b"\n")
        return not_written(documents, "group", "split", "annotators")


def _read(source: Source) -> Iterator[Item]:
    try:
        value = parse(source.text)
    except ValueError as error:
        raise source.error(f"this is no JSON: {error}", "export it again") from None
    if not isinstance(value, dict) or _STRUCTURES not in value:
        raise source.error("this JSON is no UIMA CAS", "name its own `format`")
    if (other := next(lookalikes(value, (_STRUCTURES, _TYPES, _VIEWS)), None)) is not None:
        raise source.error(
            f'"{other[0]}" holds what looks like annotations, which a CAS keeps under '
            f'"{_STRUCTURES}"',
            "export it again",
        )
    yield from items_of(_cas(value, source), source)


def _cas(value: _Record, source: Source) -> Cas:
    cas = Cas()
    for name, described in _mapping(value.get(_TYPES), source).items():
        described = _mapping(described, source)
        cas.types.kinds[name] = str(described.get("%SUPER_TYPE", ""))
        cas.types.features[name] = {
            feature: str(_mapping(own, source).get("%RANGE", ""))
            for feature, own in described.items()
            if not feature.startswith("%")
        }
    for view in _mapping(value.get(_VIEWS), source).values():
        view = _mapping(view, source)
        members = view.get("%MEMBERS")
        if not isinstance(members, list):
            raise source.error("a view has no list of its members", "export it again")
        cas.members[str(view.get("%SOFA"))] = map(str, members)
    for given in _structures(value[_STRUCTURES], source):
        record = _mapping(given, source)
        type = record.get("%TYPE")
        if type == _SOFA:
            text = record.get("sofaString")
            known = str(record.get("sofaID")), text if isinstance(text, str) else None
            cas.sofas[str(record.get("%ID"))] = known
        elif isinstance(type, str) and "@sofa" in record and wanted(type, source.layer):
            cas.marks.append(_mark(type, record))
        elif isinstance(type, str) and "begin" in record and wanted(type, source.layer):
            raise source.error(
                f'an annotation of {short(type)} does not say in which text it is ("@sofa")',
                "export it again",
            )
    return cas


def _structures(given: Any, source: Source) -> list[Any]:
    """Return the feature structures, which early versions kept by their ids."""
    if isinstance(given, list):
        return given
    return [{"%ID": id, **_mapping(v, source)} for id, v in _mapping(given, source).items()]


def _mark(type: str, record: _Record) -> Mark:
    features = {key: v for key, v in record.items() if key[:1] not in ("%", "@")}
    begin, end = features.pop("begin", None), features.pop("end", None)
    return Mark(type, str(record.get("%ID")), str(record.get("@sofa")), begin, end, features)


def _mapping(value: Any, source: Source) -> _Record:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise source.error("a part of the CAS is no JSON object", "export it again")
    return value


def _record(document: Document) -> _Record:
    units = Utf16(document.text)
    structures: list[_Record] = [
        {
            "%ID": 1,
            "%TYPE": _SOFA,
            "sofaNum": 1,
            "sofaID": INITIAL_VIEW,
            "mimeType": "text",
            "sofaString": document.text,
        }
    ]

    def add(type: str, start: int, end: int, **features: str) -> None:
        place = {"@sofa": 1, "begin": units.units(start), "end": units.units(end)}
        structures.append({"%ID": len(structures) + 1, "%TYPE": type, **place, **features})

    title = document.id
    add(METADATA, 0, len(document.text), documentTitle=title, documentId=title)
    for start, end in document.sentences or ():
        add(SENTENCE, start, end)
    for span in document.spans:
        add(NAMED_ENTITY, span.start, span.end, value=span.label)
    types = {
        name: {"%NAME": name, "%SUPER_TYPE": kind}
        | {feature: {"%NAME": feature, "%RANGE": "uima.cas.String"} for feature in features}
        for name, (kind, features) in WRITTEN.items()
    }
    members = [structure["%ID"] for structure in structures[1:]]
    views = {INITIAL_VIEW: {"%SOFA": 1, "%MEMBERS": members}}
    return {_TYPES: types, _STRUCTURES: structures, _VIEWS: views}
