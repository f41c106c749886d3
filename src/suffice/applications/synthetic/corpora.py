"""The two corpora, made comparable: ids, units, labels, twins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.sentences import sentences
from suffice.errors import InputError, TooSmallError

LEAST = 20
"""Documents that each side needs."""

_SHOWN = 12


@dataclass(frozen=True)
class CorpusPair:
    """Real and synthetic documents, distinguished by the first letters of their ids.

    Parameters
    ----------
    real, synthetic : tuple of Document
        With ids ``r:…`` and ``s:…``.
    labels : tuple of str
        Those of the real corpus.
    families : tuple of tuple of str
        Ids of near-duplicates, of both sides together.
    caveats : tuple of str
    """

    real: tuple[Document, ...]
    synthetic: tuple[Document, ...]
    labels: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]
    caveats: tuple[str, ...] = ()

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Return all documents by id, real ones first."""
        return {d.id: d for d in (*self.real, *self.synthetic)}

    @cached_property
    def length(self) -> dict[str, int]:
        """Return each document's number of sentences."""
        return {id: len(sentences(d)) for id, d in self.documents.items()}

    @cached_property
    def family(self) -> dict[str, int]:
        """Return the number of each twin's family; documents without twins are not in it."""
        return {id: number for number, ids in enumerate(self.families) for id in ids}

    def units(self, documents: Sequence[Document]) -> list[str]:
        """Return what each document is resampled with: its group, or itself."""
        return [d.id if d.group is None else f"group:{d.group}" for d in documents]


def pair_corpora(real: Corpus, synthetic: Corpus) -> CorpusPair:
    """Make two corpora comparable.

    Raises
    ------
    InputError
        Labels that do not match.
    TooSmallError
        A side has fewer than `LEAST` documents or entities.
    """
    for corpus in (real, synthetic):
        entities = sum(len(d.spans) for d in corpus)
        if len(corpus) < LEAST or entities < LEAST:
            raise TooSmallError(
                f"too small: {corpus.name} has {len(corpus)} documents with {entities} entities; "
                f"each side needs at least {LEAST} of both",
                remedy="add documents, or check --labels and the format",
            )
    missing = _check_labels(real, synthetic)
    ours = tuple(_named("r", d) for d in real)
    theirs = tuple(_named("s", d) for d in synthetic)
    families = tuple(near_duplicates((*ours, *theirs)))
    caveats = []
    if missing:
        caveats.append(
            f"{synthetic.name} has no entities of {_list_labels(missing)}: models learn "
            f"{'that label' if len(missing) == 1 else 'those labels'} from real text alone, and "
            "synthetic text teaches them that such strings are no entities"
        )
    if real.synthetic:
        caveats.append(f"{real.name}, the real side, is itself synthetic")
    return CorpusPair(ours, theirs, real.labels, families, tuple(caveats))


def _named(side: str, document: Document) -> Document:
    group = None if document.group is None else f"{side}:{document.group}"
    return replace(document, id=f"{side}:{document.id}", group=group)


def _check_labels(real: Corpus, synthetic: Corpus) -> list[str]:
    """Refuse labels that only synthetic text has; return those that only real text has."""
    ours, theirs = set(real.labels), set(synthetic.labels)
    strange = sorted(theirs - ours)
    missing = sorted(ours - theirs)
    if strange:
        first = strange[0]
        target = missing[0] if missing else sorted(ours)[0]
        raise InputError(
            f"the labels do not match: {synthetic.name} has {_list_labels(strange)}, which "
            f"{real.name} does not have; it has {_list_labels(sorted(ours))}",
            remedy=f"rename with --synthetic-labels, as '{first}={target},*', or leave out with "
            f"'-{first}'; --labels does the same for {real.name}",
        )
    return missing


def _list_labels(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    return ", ".join(labels[:_SHOWN]) + more
