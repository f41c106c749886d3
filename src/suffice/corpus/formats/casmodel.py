"""What a UIMA CAS says about its document, in XMI or JSON, as WebAnno and INCEpTION write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from suffice.corpus.formats import layers
from suffice.corpus.formats.base import Draft, Item, Note, Source
from suffice.corpus.formats.filenames import file_id, project_id
from suffice.corpus.formats.utf16 import Utf16

INITIAL_VIEW = "_InitialView"
_STRING = "uima.cas.String"
_ANNOTATION = "uima.tcas.Annotation"
_METADATA = "DocumentMetaData"
_TAGSET = "TagsetDescription"
_ENDS = {"Governor", "Dependent"}  # what a relation links
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

    def names(self, name: str) -> set[str]:
        """Return the names of all features of a type, inherited ones too."""
        return {f for ancestor in self.line(name) for f in self.features.get(ancestor, {})}

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


def wanted(type: str, layer: str | None) -> bool:
    """Return whether feature structures of a type are of use.

    Parameters
    ----------
    type : str
        The full name of the type.
    layer : str, optional
        The layer that the user named.
    """
    if layer is not None and layers.is_called(type, layer):
        return True
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
        yield Note("views (texts) besides the first one, not read", len(cas.sofas) - 1)
    marks = [mark for mark in cas.marks if mark.sofa == sofa]
    if cas.members:
        known = {mark.id for mark in marks}
        indexed = {id for id in cas.members.get(sofa, ()) if id in known}
        marks = [mark for mark in marks if mark.id in indexed]
    found = _Layers(cas.types, marks, source)
    try:
        chosen = found.choose()
    except layers.NoLayer as problem:
        raise source.error(problem.problem, problem.remedy) from None
    if chosen is None:
        yield Note(layers.absent(source.layer, found.marks))
        return
    layer, feature = chosen
    if (note := layers.chosen_note(layer, feature, source.layer is not None)) is not None:
        yield note
    yield from layers.not_read(*found.rest(layer))
    counted = Utf16(text)
    own = found.marks.get(layer, [])
    spans = []
    untyped = empty = 0
    for mark in own:
        start, end = _offsets(mark, counted, source)
        label = mark.features.get(feature) if feature is not None else layers.short(layer)
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
        yield Note(layers.unmarked(layer))
    for what, count in ((layers.UNTYPED, untyped), (layers.EMPTY, empty)):
        if count:
            yield Note(what, count)
    yield Draft(
        where=source.name,
        text=text,
        spans=spans,
        id=project_id(source.path) or _id(marks) or file_id(source.path),
        sentences=_sentences(marks, counted, source),
        layer=layers.short(layer) if spans and source.layer is None else None,
    )


class _Layers:
    """The annotations of a document by their layers.

    Attributes
    ----------
    marks : dict of str to list of Mark
        The marks by the full name of the layer.
    """

    def __init__(self, types: Types, marks: list[Mark], source: Source) -> None:
        self._types = types
        self._source = source
        self._all = marks
        self._relations = 0
        self.marks: dict[str, list[Mark]] = {}
        for mark in marks:
            if mark.begin is None or not _is_layer(mark.type, source.layer):
                continue
            if mark.features.keys() >= _ENDS or types.names(mark.type) >= _ENDS:
                self._relations += 1
            else:
                self.marks.setdefault(_kind(types, mark.type), []).append(mark)

    def choose(self) -> tuple[str, str | None] | None:
        """Return the layer that holds the entities, and the feature that holds their type."""
        name, feature = self._source.layer, self._source.feature
        if name is None:
            found = {own: self._features(own) for own in self.marks}
            layer = layers.entity_layer(found, feature)
            if layer is None and self._declared():
                layer = layers.NAMED_ENTITY
            return None if layer is None else (layer, self._feature(layer, feature))
        known = [*self.marks, *self._known()]
        layer = layers.layer_named(known, name)
        if layer is not None:
            return layer, self._feature(layer, feature)
        if not self._types.kinds:
            return None
        listed = ", ".join(sorted({layers.short(own) for own in self.marks or known})[:6])
        raise layers.NoLayer(f"there is no layer {name!r}", f"`layer` can be {listed}")

    def rest(self, layer: str) -> tuple[Counter[str], int]:
        """Return how many annotations other layers have, and how many are relations."""
        counts = {name: len(own) for name, own in self.marks.items() if name != layer}
        return Counter(counts), self._relations

    def _known(self) -> list[str]:
        """Return the layers that the type system declares, but for those of the tools."""
        return [
            kind
            for kind in self._types.kinds
            if _ANNOTATION in self._types.line(kind)
            and _is_layer(kind, self._source.layer)
            and _kind(self._types, kind) == kind
        ]

    def _feature(self, layer: str, wanted: str | None) -> str | None:
        return layers.type_feature(layer, self._features(layer), wanted)

    def _features(self, layer: str) -> set[str]:
        """Return the features of a layer that hold strings."""
        found = set(self._types.strings(layer))
        for mark in self.marks.get(layer, ()):
            if mark.type in self._types.kinds:
                found.update(self._types.strings(mark.type))
            else:
                found.update(key for key, value in mark.features.items() if _is_string(value))
        return found

    def _declared(self) -> bool:
        """Return whether the document belongs to a project that has the layer NamedEntity."""
        return layers.NAMED_ENTITY in self._types.kinds or any(
            mark.features.get("layer") == layers.NAMED_ENTITY
            for mark in self._all
            if layers.short(mark.type) == _TAGSET
        )


def _is_layer(type: str, layer: str | None) -> bool:
    """Return whether a type may be a layer of entities, or is the one that the user named."""
    return layers.may_hold_entities(type) or (layer is not None and layers.is_called(type, layer))


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


def _is_string(value: Any) -> bool:
    """Return whether a feature's value looks like no number or reference."""
    return isinstance(value, str) and not _REFERENCES.fullmatch(value)


def _offsets(mark: Mark, counted: Utf16, source: Source) -> tuple[int, int]:
    found = []
    for given in (mark.begin, mark.end):
        if isinstance(given, str) and given.isascii() and given.isdigit():
            given = int(given[:16])
        whole = isinstance(given, int) and not isinstance(given, bool)
        place = counted.characters(given) if whole else None
        if place is None or not 0 <= place < 10**15:
            raise source.error(
                f"an annotation of {layers.short(mark.type)} has an offset that is not a number",
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
