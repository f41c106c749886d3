"""Which layer of a WebAnno or INCEpTION file holds the entities, and which feature their type.

``--layer`` and ``--feature`` name them; otherwise they are NamedEntity and its value, or the only
other layer with a feature that can name a type. What other layers hold is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from suffice.corpus.formats.base import Note

NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
VALUE = "value"
_IDENTIFIER = "identifier"  # of a concept in a knowledge base
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"

# Layers of the tools themselves and of linguistic preprocessing, which mark no entities.
_OTHERS = (
    "uima.",
    "de.tudarmstadt.ukp.clarin.",
    "de.tudarmstadt.ukp.inception.",
    "org.dkpro.core.api.",
    *(
        f"de.tudarmstadt.ukp.dkpro.core.api.{package}."
        for package in (
            "anomaly", "coref", "lexmorph", "metadata", "phonetics", "segmentation", "structure",
            "syntax", "transform",
        )
    ),
)  # fmt: skip
_OTHER_NAMES = ("Token", "Sentence", "Lemma", "Stem", "POS", "Paragraph", "Div", "Chunk")
_TYPES = (VALUE, "label", "type", "category", "entityType", "class")


class NoLayer(Exception):
    """Why no layer can be taken for the entities'; says which there are, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


def may_hold_entities(layer: str) -> bool:
    """Return whether a layer is none of the tools' own or of linguistic preprocessing."""
    return not layer.startswith(_OTHERS) and short(layer) not in _OTHER_NAMES


def short(layer: str) -> str:
    """Return the last part of a layer's name."""
    return layer.rpartition(".")[2]


def is_called(layer: str, name: str) -> bool:
    """Return whether a layer has a name: its full one, or the last part, in any case."""
    plain = name.replace(" ", "").casefold()  # as the tools show names, with spaces
    return plain in (layer.casefold(), short(layer).casefold())


def layer_named(layers: Collection[str], name: str) -> str | None:
    """Return the layer that a user named, or None where the file does not know it.

    Raises
    ------
    NoLayer
        Several layers have this name as their last part.
    """
    if name in layers:
        return name
    found = sorted({layer for layer in layers if is_called(layer, name)})
    if len(found) > 1:
        raise NoLayer(
            f"several layers are called {name!r} ({', '.join(found[:6])})",
            f"give the whole name, as `layer` {found[0]}",
        )
    return found[0] if found else None


def entity_layer(layers: Mapping[str, Collection[str]], feature: str | None = None) -> str | None:
    """Return the layer that holds the entities where the user named none.

    Parameters
    ----------
    layers : mapping of str to collection of str
        The span layers of a file, by their full names, with the names of their string features.
    feature : str, optional
        The feature that the user named: only layers that have it are meant, where there are any.

    Returns
    -------
    str or None
        ``NamedEntity`` where there; else the only other layer with a string feature. None where no
        layer can hold entities at all.

    Raises
    ------
    NoLayer
        There are several, or one without a feature.
    """
    if feature is not None:
        layers = {name: own for name, own in layers.items() if feature in own} or layers
    if NAMED_ENTITY in layers:
        return NAMED_ENTITY
    candidates = {name: own for name, own in layers.items() if may_hold_entities(name)}
    if not candidates:
        return None
    typed = {name: own for name, own in candidates.items() if own}
    names = sorted(map(short, typed or candidates))
    listed = ", ".join(names[:6])
    if not typed:
        raise NoLayer(
            f"no span layer has a feature that names a type ({listed})",
            f"`layer` {names[0]} reads one without types; its name is then the label",
        )
    if len(typed) > 1:
        raise NoLayer(
            f"several layers may hold the entities ({listed})",
            f"choose one, as `layer` {names[0]}",
        )
    return next(iter(typed))


def type_feature(layer: str, features: Collection[str], wanted: str | None) -> str | None:
    """Return the feature of a layer that names the type of its annotations.

    Parameters
    ----------
    layer : str
        The layer.
    features : collection of str
        Its string features.
    wanted : str, optional
        The feature that the user named.

    Returns
    -------
    str or None
        None where the layer has none: its own name is then the label.

    Raises
    ------
    NoLayer
        The layer does not have the feature that was named, or several that may be meant.
    """
    listed = ", ".join(sorted(features)[:6])
    if wanted is not None:
        if wanted in features:
            return wanted
        raise NoLayer(
            f"the layer {short(layer)} has no feature {wanted!r} that names a type",
            f"its features are {listed}" if features else "it has no such feature at all",
        )
    if layer == NAMED_ENTITY and (VALUE in features or set(features) <= {_IDENTIFIER}):
        return VALUE
    if len(features) < 2:
        return next(iter(features), None)
    for feature in _TYPES:
        if feature in features:
            return feature
    raise NoLayer(
        f"several features of {short(layer)} may hold the type ({listed})",
        f"choose one, as `layer` {short(layer)} `feature` {min(features)}",
    )


UNTYPED = "annotations without a type, left out"
"""The note for annotations whose feature is empty."""

EMPTY = "annotations of no length, left out"
"""The note for annotations between two characters."""


def absent(name: str | None, known: Collection[str]) -> str:
    """Return the note for a document without the layer that holds the entities.

    Parameters
    ----------
    name : str, optional
        The layer that the user named.
    known : collection of str
        The layers that the document has, by their full names.
    """
    if name is None:
        return "documents without any layer that can hold entities, left out"
    listed = ", ".join(sorted(map(short, known))[:6])
    others = f" (it can be {listed})" if known else ""
    return f"documents without the layer {name}{others}, left out"


def unmarked(layer: str) -> str:
    """Return the note for a document without a mark in a layer that its project has."""
    return f"documents without a mark in the layer {short(layer)}, read as holding no entities"


def chosen_note(layer: str, feature: str | None, named: bool) -> Note | None:
    """Return the note that says which layer the entities are from, where it is not told already.

    Parameters
    ----------
    layer, feature : str
        The layer and its feature.
    named : bool
        Whether the user named the layer.
    """
    if layer == NAMED_ENTITY or named:
        return None
    return Note(f"documents whose entities come from the layer {short(layer)} ({feature})")


def not_read(counts: Mapping[str, int], relations: int = 0) -> Iterator[Note]:
    """Yield the notes for the annotations of other layers, with how to read them.

    Parameters
    ----------
    counts : mapping of str to int
        The number of annotations of each layer that is not read, by its full name.
    relations : int
        Annotations that link others.
    """
    for layer, count in sorted(counts.items()):
        name = short(layer)
        yield Note(f"annotations of the layer {name}, not read (--layer {name} reads them)", count)
    if relations:
        yield Note("relations, passed over", relations)
