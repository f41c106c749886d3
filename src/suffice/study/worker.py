"""What a worker process does: encode documents, or train one model and score it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.learners.base import Learner
from suffice.learners.registry import get
from suffice.scoring import count


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
    status : str
        ``"ok"`` or ``"diverged"``.
    counts : ndarray of int32, shape (documents, labels, 3)
        Correct, spurious and missed spans of each evaluation document.
    train_seconds, tag_seconds : float
        Wall-clock time.
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
    start = time.perf_counter()
    if learner.looks_at_evaluation:
        tagger = learner.train_selecting(training, context.labels, task.seed, evaluation)
    else:
        tagger = learner.train(training, context.labels, task.seed)
    trained = time.perf_counter()
    found = tagger.tag(evaluation)
    tagged = time.perf_counter()
    counts = count(evaluation, found, context.labels)
    return Trained(tagger.status, counts.table, trained - start, tagged - trained)
