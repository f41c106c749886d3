"""What a UIMA CAS says about its document, in XMI or JSON, as WebAnno and INCEpTION write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from suffice.corpus.formats import layers
from suffice.corpus.formats.base import Draft, Item, Note, Source
from suffice.corpus.formats.utf16 import Utf16

INITIAL_VIEW = "_InitialView"
_STRING = "uima.cas.String"
_METADATA = "DocumentMetaData"
_TAGSET = "TagsetDescription"
_REFERENCES = re.compile(r"[\d ]*|true|false|-?\d+\.\d+")


@dataclass
class Types:
    """The types of a type system: what each is a kind of, and its own features with their ranges.

    Empty where a file comes without a type system.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    features: dict[str, dict[str, str]] = field(default_factory=dict)

    def line(self, name: str) -> list[str]:
        """Return a type and what it is a kind of, the nearest first."""
        found = [name]
        while (name := self.kinds.get(name, "")) and name not in found and len(found) < 100:
            found.append(name)
        return found

    def strings(self, name: str) -> list[str]:
        """Return the features of a type that hold strings, inherited ones too."""
        return [
            feature
            for ancestor in self.line(name)
            for feature, kind in self.features.get(ancestor, {}).items()
            if _STRING in self.line(kind)
        ]


@dataclass(slots=True)
class Mark:
    """One annotation, or another feature structure that is of use."""

    type: str
    id: str
    sofa: str
    begin: Any
    end: Any
    features: Mapping[str, Any]


@dataclass
class Cas:
    """A CAS, without what is of no use here.

    Parameters
    ----------
    sofas : dict of str to (str, str or None)
        The texts by their ids: name and text, None where the text is in no string.
    members : dict of str to iterable of str
        The ids of what is indexed, by the ids of the texts; empty where the file does not say.
    marks : list of Mark
        As `wanted` picks them.
    types : Types
        The type system.
    """

    sofas: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    members: dict[str, Iterable[str]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    types: Types = field(default_factory=Types)


def wanted(type: str) -> bool:
    """Return whether feature structures of a type are of use."""
    if layers.short(type) in ("Sentence", _METADATA, _TAGSET):
        return True
    return layers.may_hold_entities(type)


def items_of(cas: Cas, source: Source) -> Iterator[Item]:
    """Yield the draft of a CAS, with notes.

    Raises
    ------
    CorpusError
        It holds no text, or it does not say which layer holds the entities.
    """
    sofa, text = _text(cas, source)
    if len(cas.sofas) > 1:
        yield Note("views (texts) beside the first one, not read", len(cas.sofas) - 1)
    marks = [mark for mark in cas.marks if mark.sofa == sofa]
    if cas.members:
        known = {mark.id for mark in marks}
        indexed = {id for id in cas.members.get(sofa, ()) if id in known}
        marks = [mark for mark in marks if mark.id in indexed]
    chosen = _layer(cas.types, marks, source)
    if chosen is None:
        yield Note(layers.NO_LAYER)
        return
    layer, feature = chosen
    if layer != layers.NAMED_ENTITY:
        yield Note(layers.other_layer(layer, feature))
    counted = Utf16(text)
    own = [m for m in marks if _kind(cas.types, m.type) == layer]
    spans = []
    untyped = empty = 0
    for mark in own:
        start, end = _offsets(mark, counted, source)
        label = mark.features.get(feature)
        if label is None and mark.type != layer:
            label = layers.short(mark.type)
        if label is None:
            untyped += 1
        elif start == end:
            empty += 1
        else:
            spans.append({"start": start, "end": end, "label": label})
    if untyped and not spans:
        raise source.error(
            f"none of its {untyped} annotations has a type", "give them one, or leave the file out"
        )
    if not own:
        yield Note(layers.UNMARKED)
    for what, count in ((layers.UNTYPED, untyped), (layers.EMPTY, empty)):
        if count:
            yield Note(what, count)
    yield Draft(
        where=source.name,
        text=text,
        spans=spans,
        id=_id(marks),
        sentences=_sentences(marks, counted, source),
    )


def _text(cas: Cas, source: Source) -> tuple[str, str]:
    """Return the id of the text to read, and the text."""
    texts = {id: (name, text) for id, (name, text) in cas.sofas.items() if text is not None}
    if not texts:
        problem = "the file holds no text (no sofaString)"
        raise source.error(problem, "export it again as UIMA CAS XMI, or as WebAnno TSV 3.3")
    for id, (name, text) in texts.items():
        if name == INITIAL_VIEW:
            return id, text
    if len(texts) > 1:
        names = ", ".join(sorted(name for name, _ in texts.values())[:6])
        raise source.error(f"the file holds several texts ({names})", f"name one {INITIAL_VIEW}")
    ((id, (_, text)),) = texts.items()
    return id, text


def _kind(types: Types, type: str) -> str:
    """Return the layer of a type: NamedEntity for all that are a kind of it."""
    if layers.NAMED_ENTITY in types.line(type):
        return layers.NAMED_ENTITY
    known = type in types.kinds or type == layers.NAMED_ENTITY
    if not known and type.startswith(layers.NAMED_ENTITY.rpartition(".")[0] + "."):
        return layers.NAMED_ENTITY  # DKPro's own kinds, in a file without a type system
    return type


def _layer(types: Types, marks: list[Mark], source: Source) -> tuple[str, str] | None:
    used: dict[str, set[str]] = {}
    for mark in marks:
        if mark.begin is not None and layers.may_hold_entities(mark.type):
            features = used.setdefault(_kind(types, mark.type), set())
            if mark.type in types.kinds:
                features.update(types.strings(mark.type))
            else:
                features.update(k for k, v in mark.features.items() if _is_string(v))
    try:
        found = layers.entity_layer(used)
    except layers.NoLayer as problem:
        raise source.error(str(problem), layers.REMEDY) from None
    if found is None and _declared(types, marks):
        return layers.NAMED_ENTITY, layers.VALUE
    return found


def _is_string(value: Any) -> bool:
    """Return whether a feature's value looks like no number or reference."""
    return isinstance(value, str) and not _REFERENCES.fullmatch(value)


def _declared(types: Types, marks: list[Mark]) -> bool:
    """Return whether the document belongs to a project that has the layer NamedEntity."""
    return layers.NAMED_ENTITY in types.kinds or any(
        mark.features.get("layer") == layers.NAMED_ENTITY
        for mark in marks
        if layers.short(mark.type) == _TAGSET
    )


def _offsets(mark: Mark, counted: Utf16, source: Source) -> tuple[int, int]:
    found = []
    for given in (mark.begin, mark.end):
        if isinstance(given, str) and given.isascii() and given.isdigit():
            given = int(given[:16])
        whole = isinstance(given, int) and not isinstance(given, bool)
        place = counted.characters(given) if whole else None
        if place is None or not 0 <= place < 10**15:
            raise source.error(
                f"an annotation of {layers.short(mark.type)} has an offset that is none",
                "offsets count UTF-16 units, as Java does; export it again",
            )
        found.append(place)
    return found[0], found[1]


def _id(marks: list[Mark]) -> Any:
    for mark in marks:
        if layers.short(mark.type) == _METADATA:
            for key in ("documentId", "documentTitle"):
                if mark.features.get(key):
                    return mark.features[key]
    return None


def _sentences(marks: list[Mark], counted: Utf16, source: Source) -> list[tuple[int, int]] | None:
    """Return the sentences, as the file has them; None where it has none."""
    given = [mark for mark in marks if layers.short(mark.type) == "Sentence"]
    if any(mark.type == layers.SENTENCE for mark in given):
        given = [mark for mark in given if mark.type == layers.SENTENCE]
    found = []
    for mark in given:
        start, end = _offsets(mark, counted, source)
        if start < end:
            found.append((start, end))
    return sorted(found) or None
