"""Tag every annotated document by a model that has not seen it, and unlabelled text by all models.

The annotated documents are divided into folds; near-duplicates and groups stay together. Each model
learns from all folds but one, tags that one, and tags the unlabelled documents. What is found in
unlabelled text is averaged over the models and not put to a vote, since the errors that are
measured are those of single models. An unlabelled document that is a near-duplicate of an annotated
one, or of its group, is tagged only by the model that has not seen that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document, Span
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens
from suffice.design.split import split
from suffice.errors import StudyError, TooSmallError
from suffice.runs.engine import Engine, SharedInputs
from suffice.runs.executors.base import Executor
from suffice.runs.failures import find_user_error
from suffice.runs.folder import CACHE
from suffice.runs.job import Job, LearnerSetup, Position, identify
from suffice.runs.progress import Listener
from suffice.runs.scratch import open_cached_scratch
from suffice.scoring import sum_by_unit
from suffice.stats import Calibration, Production
from suffice.study.documents import LEAST_DOCUMENTS, LEAST_ENTITIES

Array = NDArray[np.float64]

FOLDS = 5


@dataclass(frozen=True)
class TaggedSide:
    """One side's counts, a row for each document.

    Parameters
    ----------
    units : tuple of str
        What each document is resampled with: its group, its twins, or itself.
    found : ndarray
        Annotated side: shape (documents, labels, labels + 1), as `Calibration.found`. Unlabelled
        side: shape (documents, labels), averaged over the models.
    sentences, tokens : ndarray, shape (documents,)
        The documents' length.
    words, unknown : ndarray, shape (documents,)
        Words, and those that the model's training documents do not hold, averaged over the models.
    """

    units: tuple[str, ...]
    found: Array
    sentences: Array
    tokens: Array
    words: Array
    unknown: Array

    def by_unit(self, values: Array) -> Array:
        """Return the sums of each unit's rows, units in the order of their first document."""
        return sum_by_unit(values, self.units)


@dataclass(frozen=True)
class Tagged:
    """What cross-fitted models found.

    Parameters
    ----------
    labels : tuple of str
        The labels, in the arrays' order.
    true : ndarray, shape (documents, labels)
        Entities of the annotated documents.
    annotated, unlabelled : TaggedSide
        Both sides.
    folds : int
        Number of models.
    shared : int
        Unlabelled documents that are twins of annotated ones, or of their groups.
    caveats : tuple of str
        What the learner cannot do with these documents; models that diverged.
    """

    labels: tuple[str, ...]
    true: Array
    annotated: TaggedSide
    unlabelled: TaggedSide
    folds: int
    shared: int
    caveats: tuple[str, ...]

    def calibration(self) -> Calibration:
        """Return the annotated side by unit."""
        side = self.annotated
        parts = (side.found, self.true, side.tokens, side.sentences)
        return Calibration(*map(side.by_unit, parts))

    def production(self) -> Production:
        """Return the unlabelled side by unit."""
        side = self.unlabelled
        return Production(*map(side.by_unit, (side.found, side.tokens, side.sentences)))


def tag(
    annotated: Sequence[Document],
    unlabelled: Sequence[Document],
    *,
    learner: str = "probe",
    options: Mapping[str, Any] | None = None,
    folds: int = FOLDS,
    seed: int = 0,
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> Tagged:
    """Train cross-fitted models on annotated documents and tag both sides.

    Parameters
    ----------
    annotated : sequence of Document
        With their spans.
    unlabelled : sequence of Document
        Their spans are not looked at.
    learner : str
        The learner's name.
    options : mapping, optional
        Its options.
    folds : int
        Number of models, 2 or more.
    seed : int
        Random seed.
    listener : callable, optional
        Told of encoded chunks and finished models.
    executor : Executor or str, optional
        Where models are trained; worker processes on this machine by default.

    Returns
    -------
    Tagged

    Raises
    ------
    TooSmallError
        There are too few annotated documents or entities to train on and to measure the error.
    StudyError
        The learner failed.
    """
    if len(annotated) < LEAST_DOCUMENTS or sum(len(d.spans) for d in annotated) < LEAST_ENTITIES:
        raise TooSmallError(
            f"too small: a tagger and its error take {LEAST_DOCUMENTS} annotated documents with "
            f"{LEAST_ENTITIES} entities at least",
            remedy="annotate more documents",
        )
    setup = LearnerSetup.of(learner, options)
    labels = tuple(sorted({s.label for d in annotated for s in d.spans}))
    ours, theirs = _rename(annotated, "a"), _rename(unlabelled, "p")
    fold, units, kin = _divide(ours, theirs, folds, seed)
    documents = {**ours, **theirs}
    jobs = []
    for number in range(max(fold.values()) + 1):
        groups = (
            tuple(d for d in ours if fold[d] != number),
            tuple(d for d in ours if fold[d] == number),
            tuple(d for d in theirs if kin.get(d, number) == number),
        )
        keys = [[documents[d].key for d in ids] for ids in groups]
        training, held_out, others = groups
        identity = identify(setup.id, keys, labels, seed, ["tags"])
        place = Position(len(training), part=number)
        jobs.append(Job(identity, setup.id, training, held_out, seed, place, "tags", others))
    found = _run_jobs(documents, labels, setup, jobs, listener, executor)
    return _gather(ours, theirs, labels, units, found, setup.learner.caveats(annotated), len(kin))


def _rename(documents: Sequence[Document], side: str) -> dict[str, Document]:
    """Return documents by ids that no document of the other side has."""
    renamed = (replace(d, id=f"{side}:{d.id}") for d in documents)
    return {d.id: d for d in renamed}


def _divide(
    ours: Mapping[str, Document], theirs: Mapping[str, Document], folds: int, seed: int
) -> tuple[dict[str, int], dict[str, str], dict[str, int]]:
    """Return each annotated document's fold and unit, and the fold of unlabelled ones akin."""
    renamed = [*ours.values(), *theirs.values()]
    families = near_duplicates(renamed)
    known = [[id for id in family if id in ours] for family in families]
    division = split(
        [d for d in renamed if d.id in ours],
        [members for members in known if len(members) > 1],
        salt=f"density {seed}",
        folds=max(2, min(folds, len(ours))),
    )
    by_group = {d.group: division.sides[id] for id, d in ours.items() if d.group is not None}
    kin = {id: by_group[d.group] for id, d in theirs.items() if d.group in by_group}
    for family, members in zip(families, known, strict=True):
        if members:
            kin |= {id: division.sides[members[0]] for id in family if id in theirs}
    return dict(division.sides), dict(division.units), kin


@dataclass(frozen=True)
class _CrossFit:
    """What one model found, and whether it works."""

    job: Job
    status: str
    held_out: list[list[Span]]
    unlabelled: list[list[Span]]


def count_on_entities(
    gold: Sequence[Span], found: Sequence[Span], column: Mapping[str, int]
) -> Array:
    """Return how many found spans lie on entities of each label, and on none.

    Parameters
    ----------
    gold, found : sequence of Span
        A document's entities, and what a tagger found in it.
    column : mapping of str to int
        The number of each label.

    Returns
    -------
    ndarray, shape (labels, labels + 1)
        Spans found with the label of the row. A span belongs to the entity that it covers best (by
        the Jaccard index of their characters; then to one of its own label; then to the first): a
        boundary that is wrong by a word still counts an entity.
    """
    table = np.zeros((len(column), len(column) + 1))
    for span in found:
        best = max(gold, key=lambda g: (_jaccard(g, span), g.label == span.label), default=None)
        hit = best is not None and _jaccard(best, span) > 0
        table[column[span.label], column[best.label] if hit and best else -1] += 1
    return table


def _jaccard(a: Span, b: Span) -> float:
    both = min(a.end, b.end) - max(a.start, b.start)
    return max(0, both) / (max(a.end, b.end) - min(a.start, b.start))


def _words(text: str) -> list[str]:
    return [w for start, end in tokens(text) if (w := text[start:end].casefold())[0].isalpha()]


def _run_jobs(
    documents: Mapping[str, Document],
    labels: tuple[str, ...],
    setup: LearnerSetup,
    jobs: Sequence[Job],
    listener: Listener | None,
    executor: Executor | str | None,
) -> list[_CrossFit]:
    """Train and tag; what a killed call has finished is not done again.

    It is kept in the user's cache folder under a hash of what was asked for, and deleted, with all
    that could give text away, when everything is done.
    """
    with open_cached_scratch([job.id for job in jobs]) as (store, folder):
        inputs = SharedInputs([setup], documents, labels, folder / CACHE)
        with Engine(inputs, store, executor=executor, at_most=len(jobs)) as engine:
            rows = engine.run_all(jobs, listener)
        found = []
        for job, row in zip(jobs, rows, strict=True):
            spans = store.spans(row.id)
            if spans is None:
                reason = find_user_error(row.error) or row.error
                raise StudyError(f"the learner {setup.name!r} failed: {reason}")
            scored = len(job.evaluation)
            found.append(_CrossFit(job, row.status, spans[:scored], spans[scored:]))
        return found


def _gather(
    ours: Mapping[str, Document],
    theirs: Mapping[str, Document],
    labels: tuple[str, ...],
    units: Mapping[str, str],
    models: Sequence[_CrossFit],
    caveats: Sequence[str],
    shared: int,
) -> Tagged:
    """Return what all models found together."""
    row, other = ({id: i for i, id in enumerate(side)} for side in (ours, theirs))
    column = {label: i for i, label in enumerate(labels)}
    words = {id: _words(d.text) for id, d in (*ours.items(), *theirs.items())}
    n = len(labels)
    found, unknown = np.zeros((len(ours), n, n + 1)), np.zeros(len(ours))
    counts = np.zeros((len(theirs), n))
    strange, tagged = np.zeros(len(theirs)), np.zeros(len(theirs))
    for model in models:
        known = {word for d in model.job.training for word in words[d]}
        for d, spans in zip(model.job.evaluation, model.held_out, strict=True):
            found[row[d]] = count_on_entities(ours[d].spans, spans, column)
            unknown[row[d]] = sum(word not in known for word in words[d])
        for d, spans in zip(model.job.unlabelled, model.unlabelled, strict=True):
            for span in spans:
                counts[other[d], column[span.label]] += 1
            strange[other[d]] += sum(word not in known for word in words[d])
            tagged[other[d]] += 1
    failed = sum(model.status != "ok" for model in models)
    said = [f"{failed} of {len(models)} models diverged or learnt nothing"] if failed else []
    true = np.zeros((len(ours), n))
    for i, document in enumerate(ours.values()):
        for span in document.spans:
            true[i, column[span.label]] += 1
    names = tuple(d.id if d.group is None else f"group:{d.group}" for d in theirs.values())
    own = tuple(units[d] for d in ours)
    return Tagged(
        labels,
        true,
        _measure_side(ours, own, found, unknown, words),
        _measure_side(theirs, names, counts / tagged[:, None], strange / tagged, words),
        len(models),
        shared,
        (*caveats, *said),
    )


def _measure_side(
    documents: Mapping[str, Document],
    units: tuple[str, ...],
    found: Array,
    unknown: Array,
    words: Mapping[str, Sequence[str]],
) -> TaggedSide:
    listed = list(documents.values())
    return TaggedSide(
        units,
        found,
        np.array([len(sentences(d)) for d in listed], dtype=float),
        np.array([len(tokens(d.text)) for d in listed], dtype=float),
        np.array([len(words[id]) for id in documents], dtype=float),
        unknown,
    )
