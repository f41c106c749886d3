"""What a worker process does: encode documents, or train one model and score it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners.base import Learner
from suffice.learners.lookup import Lookup
from suffice.learners.registry import get
from suffice.scoring import Counts, count

NOTHING_LEARNT = 0.02
"""F1 of a training that has failed."""

SOMETHING_TO_LEARN = 0.1
"""F1 of a dictionary of the training set's entities, from which a model must learn something."""


@dataclass(frozen=True)
class Context:
    """What every task needs; sent to each worker once.

    Parameters
    ----------
    documents : mapping of str to Document
        All documents studied, by id.
    labels : tuple of str
        Labels to learn and score.
    learners : tuple of (str, mapping)
        Name and options.
    cache : Path
        Where learners keep what runs share.
    """

    documents: Mapping[str, Document]
    labels: tuple[str, ...]
    learners: tuple[tuple[str, Mapping[str, Any]], ...]
    cache: Path


@dataclass(frozen=True)
class Encode:
    """Prepare these documents for a learner."""

    learner: int
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Train:
    """Train one model on some documents and score it on others."""

    learner: int
    training: tuple[str, ...]
    evaluation: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Trained:
    """What a run gives back.

    Parameters
    ----------
    status : {"ok", "diverged", "degenerate"}
        Of the second try, where the first was not ``"ok"``.
    counts : ndarray of int32, shape (documents, labels, 3)
        Correct, spurious and missed spans of each evaluation document.
    train_seconds, tag_seconds : float
        Wall-clock time of all tries.
    """

    status: str
    counts: NDArray[np.int32]
    train_seconds: float
    tag_seconds: float


_learners: dict[int, Learner] = {}


def work(context: Context, task: Encode | Train) -> Trained | None:
    """Do one task; learners are made once in each process."""
    learner = _learners.get(task.learner)
    if learner is None:
        learner = _learners[task.learner] = get(*context.learners[task.learner])
    if isinstance(task, Encode):
        learner.prepare([context.documents[d] for d in task.documents], context.cache)
        return None
    training = [context.documents[d] for d in task.training]
    evaluation = [context.documents[d] for d in task.evaluation]
    learner.prepare(training + evaluation, context.cache)
    first = _train(learner, training, evaluation, context.labels, task.seed)
    if first.status == "ok":
        return first
    second = _train(learner, training, evaluation, context.labels, other_seed(task.seed))
    return replace(
        second,
        train_seconds=first.train_seconds + second.train_seconds,
        tag_seconds=first.tag_seconds + second.tag_seconds,
    )


def other_seed(seed: int) -> int:
    """Return the seed of the second try."""
    return int(np.random.SeedSequence([seed, 1]).generate_state(1)[0])


def _train(
    learner: Learner,
    training: Sequence[Document],
    evaluation: Sequence[Document],
    labels: tuple[str, ...],
    seed: int,
) -> Trained:
    start = time.perf_counter()
    if learner.looks_at_evaluation:
        tagger = learner.train_selecting(training, labels, seed, evaluation)
    else:
        tagger = learner.train(training, labels, seed)
    trained = time.perf_counter()
    found = tagger.tag(evaluation)
    tagged = time.perf_counter()
    refuse_nonsense(evaluation, found, labels)
    counts = count(evaluation, found, labels)
    status = tagger.status
    if status == "ok" and _is_degenerate(counts, training, evaluation, labels):
        status = "degenerate"
    return Trained(status, counts.table, trained - start, tagged - trained)


def refuse_nonsense(
    documents: Sequence[Document], found: Sequence[Sequence[Span]], labels: Sequence[str]
) -> None:
    """Refuse what no tagger may return.

    Raises
    ------
    InputError
        The lists are not one for each document, or a span lies outside its document or has a label
        that was not to be learnt.
    """
    known = frozenset(labels)
    if len(found) != len(documents):
        raise InputError(
            f"the learner returned {len(found)} lists of spans for {len(documents)} documents"
        )
    for document, spans in zip(documents, found, strict=True):
        for span in spans:
            if not 0 <= span.start < span.end <= len(document.text):
                raise InputError("the learner returned spans outside their document")
            if span.label not in known:
                raise InputError("the learner returned a label that it was not to learn")


def _is_degenerate(
    counts: Counts,
    training: Sequence[Document],
    evaluation: Sequence[Document],
    labels: Sequence[str],
) -> bool:
    """Return whether training failed: nothing learnt where remembering strings gets somewhere.

    Fine-tuning of large models fails so now and then (Mosbach et al. 2021, "On the stability of
    fine-tuning BERT"); where a dictionary finds nothing either, there was nothing to learn.
    """
    if counts.f1() >= NOTHING_LEARNT or math.isnan(counts.f1()):
        return False
    remembered = Lookup().train(training, labels, 0).tag(evaluation)
    return count(evaluation, remembered, labels).f1() >= SOMETHING_TO_LEARN
