"""What the experiment's training sets are made of, and what they are judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.cutting import KINDS, Kind, cut
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens
from suffice.design.split import split
from suffice.design.tilting import scores
from suffice.errors import InputError, TooSmallError
from suffice.study.documents import check_size, check_split

Array = NDArray[np.float64]

EVALUATION_SHARE = 0.3

LEAST_SENTENCES = 150
"""Of the pool: of fewer no three sizes can be made that leave a choice."""


@dataclass(frozen=True)
class TextSource:
    """Documents that training sets are drawn from, in units that are drawn whole.

    Parameters
    ----------
    units : tuple of tuple of str
        Ids of documents that belong together.
    sentences, entities : ndarray, shape (units,)
        Numbers of sentences and entities of each unit.
    parents : ndarray of int, shape (units,)
        The pool's unit that each comes from, or a number of its own beyond the pool's.
    """

    units: tuple[tuple[str, ...], ...]
    sentences: Array
    entities: Array
    parents: NDArray[np.int64]

    @cached_property
    def scores(self) -> tuple[Array, Array]:
        """Return what units are tilted by: density, and length."""
        return scores(self.sentences, self.entities)

    @property
    def eps(self) -> float:
        """Return entities per sentence."""
        return float(self.entities.sum() / self.sentences.sum())


@dataclass(frozen=True)
class ExperimentMaterial:
    """A corpus divided for the experiment, and what was made of its pool.

    Parameters
    ----------
    corpus : Corpus
    documents : mapping of str to Document
        Pool, evaluation set, what was cut out of the pool, and synthetic documents, by id.
    evaluation : tuple of str
        Ids.
    units : mapping of str to str
        What each evaluation document belongs together with.
    pool : TextSource
    cuts : mapping of Kind to TextSource
        Texts cut from the pool, by what was kept, without empty ones.
    synthetic : TextSource, optional
        The synthetic documents.
    twins : int
        Synthetic documents left out, since they repeat evaluation documents.
    """

    corpus: Corpus
    documents: Mapping[str, Document]
    evaluation: tuple[str, ...]
    units: Mapping[str, str]
    pool: TextSource
    cuts: Mapping[Kind, TextSource]
    synthetic: TextSource | None = None
    twins: int = 0

    @cached_property
    def lengths(self) -> Mapping[str, tuple[int, int, int]]:
        """Return sentences, entities and tokens of each document."""
        return {
            name: (len(sentences(d)), len(d.spans), len(tokens(d.text)))
            for name, d in self.documents.items()
        }


def gather(corpus: Corpus, synthetic: Corpus | None = None, *, seed: int = 0) -> ExperimentMaterial:
    """Divide a corpus as ``suffice reproduce`` does, and cut documents of its pool.

    Parameters
    ----------
    corpus : Corpus
        Annotated.
    synthetic : Corpus, optional
        Made-up text with the same labels.
    seed : int
        Random seed.

    Raises
    ------
    TooSmallError
        The corpus is too small.
    InputError
        The synthetic text has other labels, or nothing of it is left.
    """
    check_size(corpus)
    whole = Corpus(tuple(d for d in corpus if sentences(d)), corpus.name)
    division = split(
        whole.documents,
        near_duplicates(whole.documents),
        salt=f"suffice {seed}",
        share=EVALUATION_SHARE,
        exact=True,
        folds=0,
    )
    check_split(whole, division)
    grouped = any(d.group is not None for d in whole)
    documents = {d.id: d for d in whole}
    evaluation = tuple(sorted(division.evaluation(0)))
    members: dict[str, list[str]] = {}
    for d in sorted(division.pool(0)):
        members.setdefault(division.units[d] if grouped else d, []).append(d)
    pool = _source(documents, list(members.values()), None)
    if pool.sentences.sum() < LEAST_SENTENCES:
        raise TooSmallError(
            f"too small: the pool of {corpus.name} has {pool.sentences.sum():.0f} sentences; the "
            f"experiment needs at least {LEAST_SENTENCES}",
            remedy="annotate more documents",
        )
    if not np.ptp(pool.entities / pool.sentences) > 0:
        raise InputError(
            f"all documents of {corpus.name} are equally dense: there is nothing to choose by",
            remedy="keep other labels with --labels, or use documents of more sentences",
        )
    cuts: dict[Kind, TextSource] = {}
    for number, kind in enumerate(KINDS):
        made, parents = [], []
        for place, unit in enumerate(pool.units):
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, number, place)))
            own = [piece for d in unit if (piece := cut(documents[d], kind, rng)) is not None]
            if own:
                documents |= {d.id: d for d in own}
                made.append([d.id for d in own])
                parents.append(place)
        if made:
            cuts[kind] = _source(documents, made, parents)
    added, twins = _added(documents, evaluation, corpus, synthetic, len(pool.units))
    units = {d: division.units[d] for d in evaluation}
    return ExperimentMaterial(corpus, documents, evaluation, units, pool, cuts, added, twins)


def _added(
    documents: dict[str, Document],
    evaluation: Sequence[str],
    corpus: Corpus,
    synthetic: Corpus | None,
    first: int,
) -> tuple[TextSource | None, int]:
    """Put the synthetic documents among the others; without those that repeat evaluation text."""
    if synthetic is None:
        return None, 0
    foreign = sorted(set(synthetic.labels) - set(corpus.labels))
    if foreign:
        raise InputError(
            f"`synthetic` has labels that the corpus lacks: {', '.join(foreign[:5])}",
            remedy="rename or leave out labels with --synthetic-labels",
        )
    ours = {f"synthetic:{d.id}": d for d in synthetic if sentences(d)}
    named = [
        Document(name, d.text, d.spans, sentences=d.sentences, synthetic=True)
        for name, d in ours.items()
    ]
    families = near_duplicates([*(documents[d] for d in evaluation), *named])
    held = set(evaluation)
    leaked = {d for family in families if not held.isdisjoint(family) for d in family} - held
    kept = [d for d in named if d.id not in leaked]
    if not any(d.spans for d in kept):
        raise InputError(
            "no synthetic document with entities is left",
            remedy="name text with annotated entities that does not repeat the corpus",
        )
    documents |= {d.id: d for d in kept}
    places = list(range(first, first + len(kept)))
    return _source(documents, [[d.id] for d in kept], places), len(leaked)


def _source(
    documents: Mapping[str, Document],
    units: Sequence[Sequence[str]],
    parents: Sequence[int] | None,
) -> TextSource:
    return TextSource(
        tuple(tuple(unit) for unit in units),
        np.array([sum(len(sentences(documents[d])) for d in u) for u in units], dtype=float),
        np.array([sum(len(documents[d].spans) for d in u) for u in units], dtype=float),
        np.asarray(range(len(units)) if parents is None else parents, dtype=np.int64),
    )
