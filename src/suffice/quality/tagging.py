"""Tag every annotated document by a model that has not seen it, and unlabelled text by all models.

The annotated documents are divided into folds; near-duplicates and groups stay together. Each model
learns from all folds but one, tags that one, and tags the unlabelled documents. What is found in
unlabelled text is averaged over the models and not put to a vote, since the errors that are
measured are those of single models. An unlabelled document that is a near-duplicate of an annotated
one, or of its group, is tagged only by the model that has not seen that one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document, Span
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens
from suffice.design.split import split
from suffice.errors import StudyError, TooSmallError
from suffice.learners.registry import get
from suffice.stats._density.quantify import Calibration, Production
from suffice.study.documents import LEAST_DOCUMENTS, LEAST_ENTITIES
from suffice.study.executors.base import Outcome
from suffice.study.executors.local import LocalExecutor, workers
from suffice.study.progress import Listener, Progress
from suffice.study.worker import Context, Encode
from suffice.study.worker import work as encode

Array = NDArray[np.float64]

FOLDS = 5
_CHUNK = 40


@dataclass(frozen=True)
class Side:
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
        order = {unit: i for i, unit in enumerate(dict.fromkeys(self.units))}
        sums = np.zeros((len(order), *values.shape[1:]))
        np.add.at(sums, [order[unit] for unit in self.units], values)
        return sums


@dataclass(frozen=True)
class Tagged:
    """What cross-fitted models found.

    Parameters
    ----------
    labels : tuple of str
        The labels, in the arrays' order.
    true : ndarray, shape (documents, labels)
        Entities of the annotated documents.
    annotated, unlabelled : Side
        Both sides.
    folds : int
        How many models.
    shared : int
        Unlabelled documents that are twins of annotated ones, or of their groups.
    caveats : tuple of str
        What the learner cannot do with these documents; models that diverged.
    """

    labels: tuple[str, ...]
    true: Array
    annotated: Side
    unlabelled: Side
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
        How many models, 2 or more.
    seed : int
        Of folds and training.
    listener : callable, optional
        Told of encoded chunks and finished models.

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
    made = get(learner, options)
    labels = tuple(sorted({s.label for d in annotated for s in d.spans}))
    ours = {f"a:{d.id}": d for d in annotated}
    theirs = {f"p:{d.id}": d for d in unlabelled}
    fold, units, kin = _divide(ours, theirs, folds, seed)
    count = max(fold.values()) + 1
    tasks = [
        _Fold(
            number,
            tuple(d for d in ours if fold[d] != number),
            tuple(d for d in ours if fold[d] == number),
            tuple(d for d in theirs if kin.get(d, number) == number),
            seed,
        )
        for number in range(count)
    ]
    outcomes = _do({**ours, **theirs}, labels, learner, options or {}, tasks, listener)
    return _gathered(ours, theirs, labels, units, outcomes, made.caveats(annotated), len(kin))


def _divide(
    ours: Mapping[str, Document], theirs: Mapping[str, Document], folds: int, seed: int
) -> tuple[dict[str, int], dict[str, str], dict[str, int]]:
    """Return each annotated document's fold and unit, and the fold of unlabelled ones akin."""
    renamed = [Document(id, d.text, d.spans, group=d.group) for id, d in {**ours, **theirs}.items()]
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
class _Fold:
    """Train on some documents, tag others."""

    number: int
    training: tuple[str, ...]
    held_out: tuple[str, ...]
    unlabelled: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class _Found:
    """What one model found; a row for each document of its task."""

    status: str
    held_out: Array
    unlabelled: Array
    unknown: tuple[Array, Array]


def work(context: Context, task: Encode | _Fold) -> _Found | None:
    """Do one task, in a worker process."""
    if isinstance(task, Encode):
        encode(context, task)
        return None
    learner = get(*context.learners[0])
    groups = [
        [context.documents[d] for d in ids]
        for ids in (task.training, task.held_out, task.unlabelled)
    ]
    training, held_out, unlabelled = groups
    learner.prepare([d for documents in groups for d in documents], context.cache)
    tagger = learner.train(training, context.labels, task.seed)
    known = {word for d in training for word in _words(d.text)}
    found = tagger.tag(held_out)
    others = tagger.tag(unlabelled)
    column = {label: i for i, label in enumerate(context.labels)}
    counts = np.zeros((len(unlabelled), len(column)))
    for row, spans in enumerate(others):
        for span in spans:
            counts[row, column[span.label]] += 1
    return _Found(
        tagger.status,
        np.stack([on_entities(d.spans, s, column) for d, s in zip(held_out, found, strict=True)]),
        counts,
        (_unknown(held_out, known), _unknown(unlabelled, known)),
    )


def on_entities(gold: Sequence[Span], found: Sequence[Span], column: Mapping[str, int]) -> Array:
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


def _unknown(documents: Sequence[Document], known: set[str]) -> Array:
    return np.array([sum(w not in known for w in _words(d.text)) for d in documents], dtype=float)


def _do(
    documents: Mapping[str, Document],
    labels: tuple[str, ...],
    learner: str,
    options: Mapping[str, Any],
    tasks: Sequence[_Fold],
    listener: Listener | None,
) -> list[tuple[_Fold, _Found]]:
    """Encode and train in worker processes; what could give text away is deleted at the end."""
    start = time.monotonic()
    ids = list(documents)
    chunks = [Encode(0, tuple(ids[i : i + _CHUNK])) for i in range(0, len(ids), _CHUNK)]

    def tell(phase: Any, done: int, of: int) -> None:
        if listener is not None:
            listener(Progress(phase, done, of, time.monotonic() - start, None))

    done = []
    with tempfile.TemporaryDirectory(prefix="suffice-") as cache:
        context = Context(documents, labels, ((learner, options),), Path(cache))
        with LocalExecutor(min(workers(), max(len(tasks), 1)), context) as executor:
            for number, outcome in enumerate(executor.map(work, chunks), start=1):
                _check(outcome, learner)
                tell("encoding", min(number * _CHUNK, len(ids)), len(ids))
            for number, outcome in enumerate(executor.map(work, tasks), start=1):
                _check(outcome, learner)
                done.append((outcome.task, outcome.result))
                tell("training", number, len(tasks))
    return sorted(done, key=lambda pair: pair[0].number)


def _check(outcome: Outcome, learner: str) -> None:
    if outcome.error:
        raise StudyError(f"the learner {learner!r} failed: {outcome.error}")


def _gathered(
    ours: Mapping[str, Document],
    theirs: Mapping[str, Document],
    labels: tuple[str, ...],
    units: Mapping[str, str],
    outcomes: Sequence[tuple[_Fold, _Found]],
    caveats: Sequence[str],
    shared: int,
) -> Tagged:
    row = {id: i for i, id in enumerate(ours)}
    other = {id: i for i, id in enumerate(theirs)}
    n = len(labels)
    found, unknown = np.zeros((len(ours), n, n + 1)), np.zeros(len(ours))
    counts, strange, models = (
        np.zeros((len(theirs), n)),
        np.zeros(len(theirs)),
        np.zeros(len(theirs)),
    )
    for task, result in outcomes:
        rows = [row[d] for d in task.held_out]
        found[rows], unknown[rows] = result.held_out, result.unknown[0]
        rows = [other[d] for d in task.unlabelled]
        counts[rows] += result.unlabelled
        strange[rows] += result.unknown[1]
        models[rows] += 1
    diverged = sum(result.status != "ok" for _, result in outcomes)
    said = [*caveats, *([f"{diverged} of {len(outcomes)} models diverged"] if diverged else [])]
    each = {s: i for i, s in enumerate(labels)}
    true = np.zeros((len(ours), n))
    for i, document in enumerate(ours.values()):
        for span in document.spans:
            true[i, each[span.label]] += 1
    names = tuple(d.id if d.group is None else f"group:{d.group}" for d in theirs.values())
    return Tagged(
        labels,
        true,
        _side(ours, tuple(units[d] for d in ours), found, unknown),
        _side(theirs, names, counts / models[:, None], strange / models),
        len(outcomes),
        shared,
        tuple(said),
    )


def _side(
    documents: Mapping[str, Document], units: tuple[str, ...], found: Array, unknown: Array
) -> Side:
    listed = list(documents.values())
    return Side(
        units,
        found,
        np.array([len(sentences(d)) for d in listed], dtype=float),
        np.array([len(tokens(d.text)) for d in listed], dtype=float),
        np.array([len(_words(d.text)) for d in listed], dtype=float),
        unknown,
    )
