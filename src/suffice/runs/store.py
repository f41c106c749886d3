"""Where finished runs are kept: the contract of stores, and one in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Span
from suffice.runs.job import digest

Spans = Sequence[Sequence[Span]]
"""The spans found in each document."""


@dataclass(frozen=True)
class RunRow:
    """One finished run.

    Parameters
    ----------
    id : str
        Hash of all that determines what the model learnt: the id of its `Job`.
    learner, evaluation_set : str
        Ids in their tables.
    pool : str
        Hash of the pool's documents (of all folds): cells of one design share it.
    asked, replicate, part, repeat : int
        The training set's place in the design, and the number of the seed on it.
    seed : int
        The run's own.
    training_keys : tuple of str
        Hashes of the training documents' contents.
    features : mapping
        `suffice.design.features.Features` of the training set.
    labels : tuple of str
        The labels scored.
    status : {"ok", "diverged", "degenerate", "failed"}
        The middle two were trained twice in vain; a failed run has no counts.
    counts : ndarray of int32, shape (documents, labels, 3), optional
        Correct, spurious and missed spans.
    train_seconds, tag_seconds : float
        Wall-clock time.
    error : str
        Where a failed run failed; never document text.
    finished_at : str
        ISO 8601, UTC.
    """

    id: str
    learner: str
    evaluation_set: str
    pool: str
    asked: int
    replicate: int
    part: int
    repeat: int
    seed: int
    training_keys: tuple[str, ...]
    features: Mapping[str, Any]
    labels: tuple[str, ...]
    status: str
    counts: NDArray[np.int32] | None = field(repr=False, default=None)
    train_seconds: float = 0.0
    tag_seconds: float = 0.0
    error: str = ""
    finished_at: str = ""

    @property
    def seconds(self) -> float:
        """Return the time of training and tagging."""
        return self.train_seconds + self.tag_seconds


class Store(ABC):
    """Keeps finished runs, so that work that was killed goes on where it stopped.

    The contract, which `suffice.testing.check_store` checks:

    * A run that `add_run` was given is there for good when it returns, with its spans and with the
      seconds spent; killed before that, the store is as it was. Adding a run again replaces it.
    * The ids of learners and evaluation sets are hashes of what they stand for: the same content
      has the same id in every store.
    * Runs come back as they were added, in the order of learner, size, replicate, repeat, part, id,
      whatever the order they came in.
    * There is one writer. Others may read at the same time.
    * It holds counts, hashes and offsets; never text, entity strings or document ids.
    """

    @abstractmethod
    def add_learner(self, name: str, config: Mapping[str, Any]) -> str:
        """Store a learner and return its id."""

    @abstractmethod
    def add_evaluation_set(self, keys: Sequence[str]) -> str:
        """Store an evaluation set by its documents' keys and return its id."""

    @abstractmethod
    def evaluation_sets(self) -> dict[str, tuple[str, ...]]:
        """Return the documents' keys of every evaluation set, in the order of the counts."""

    @abstractmethod
    def add_run(self, run: RunRow, spent: float, spans: Spans | None = None) -> None:
        """Store a finished run, its spans, and the seconds spent on all so far, at once."""

    @abstractmethod
    def run_ids(self) -> set[str]:
        """Return the id of every finished run."""

    @abstractmethod
    def runs(self) -> list[RunRow]:
        """Return every finished run, in order."""

    @abstractmethod
    def spans(self, run: str) -> list[list[Span]] | None:
        """Return the spans stored with a run; None where there are none."""

    @abstractmethod
    def spent(self) -> float:
        """Return the seconds stored with the last run; 0 where there is none."""


class MemoryStore(Store):
    """Keeps runs as long as this object lives: for work that need not survive its process."""

    def __init__(self) -> None:
        self._evaluation_sets: dict[str, tuple[str, ...]] = {}
        self._runs: dict[str, RunRow] = {}
        self._spans: dict[str, Spans] = {}
        self._spent = 0.0

    def add_learner(self, name: str, config: Mapping[str, Any]) -> str:
        """Return the learner's id."""
        return digest([name, config])

    def add_evaluation_set(self, keys: Sequence[str]) -> str:
        """Store an evaluation set and return its id."""
        identity = digest(list(keys))
        self._evaluation_sets[identity] = tuple(keys)
        return identity

    def evaluation_sets(self) -> dict[str, tuple[str, ...]]:
        """Return the keys of every evaluation set."""
        return dict(self._evaluation_sets)

    def add_run(self, run: RunRow, spent: float, spans: Spans | None = None) -> None:
        """Store a finished run."""
        self._runs[run.id] = run
        self._spent = spent
        self._spans.pop(run.id, None)
        if spans is not None:
            self._spans[run.id] = spans

    def run_ids(self) -> set[str]:
        """Return the id of every finished run."""
        return set(self._runs)

    def runs(self) -> list[RunRow]:
        """Return every finished run, in order."""
        return sorted(self._runs.values(), key=place)

    def spans(self, run: str) -> list[list[Span]] | None:
        """Return the spans stored with a run."""
        found = self._spans.get(run)
        return None if found is None else [list(spans) for spans in found]

    def spent(self) -> float:
        """Return the seconds stored with the last run."""
        return self._spent


def place(run: RunRow) -> tuple[Any, ...]:
    """Return what runs are ordered by."""
    return run.learner, run.asked, run.replicate, run.repeat, run.part, run.id
