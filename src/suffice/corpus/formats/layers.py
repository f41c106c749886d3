"""Which layer of a WebAnno or INCEpTION file holds the entities, and which feature their type."""

from __future__ import annotations

from collections.abc import Collection, Mapping

NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
VALUE = "value"
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
    """Why no layer can be taken for the entities'; the message says which there are."""


def may_hold_entities(layer: str) -> bool:
    """Return whether a layer is none of the tools' own or of linguistic preprocessing."""
    return not layer.startswith(_OTHERS) and short(layer) not in _OTHER_NAMES


def short(layer: str) -> str:
    """Return the last part of a layer's name."""
    return layer.rpartition(".")[2]


def entity_layer(layers: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    """Return the layer that holds the entities, and the feature that holds their type.

    Parameters
    ----------
    layers : mapping of str to collection of str
        The span layers of a file, by their full names, with the names of their string features.

    Returns
    -------
    (str, str) or None
        ``NamedEntity`` and ``value`` where there; else the only other layer with such a feature.
        None where no layer can hold entities at all.

    Raises
    ------
    NoLayer
        There are several, or one without a feature.
    """
    if NAMED_ENTITY in layers:
        return NAMED_ENTITY, VALUE
    candidates = {name: own for name, own in layers.items() if may_hold_entities(name)}
    if not candidates:
        return None
    typed = {name: own for name, own in candidates.items() if own}
    names = ", ".join(sorted(map(short, typed or candidates))[:6])
    if not typed:
        raise NoLayer(f"no span layer has a feature that names a type ({names})")
    if len(typed) > 1:
        raise NoLayer(f"several layers may hold the entities ({names})")
    ((name, features),) = typed.items()
    if len(features) == 1:
        return name, next(iter(features))
    for feature in _TYPES:
        if feature in features:
            return name, feature
    listed = ", ".join(sorted(features)[:6])
    raise NoLayer(f"several features of {short(name)} may hold the type ({listed})")


REMEDY = "export with the layer NamedEntity, or with one layer that has one string feature"
"""What to do where `entity_layer` finds none."""

NO_LAYER = "documents without any layer that can hold entities, left out"
"""The note for a document that nobody marked entities in."""

UNMARKED = "documents without a mark in the layer NamedEntity, read as holding no entities"
"""The note for a document of a project that has the layer, as all of INCEpTION's have."""

UNTYPED = "annotations without a type, left out"
"""The note for annotations whose feature is empty."""

EMPTY = "annotations of no length, left out"
"""The note for annotations between two characters."""


def other_layer(layer: str, feature: str) -> str:
    """Return the note that says that entities came from another layer than NamedEntity."""
    return f"documents whose entities are those of the layer {short(layer)} ({feature})"
