"""What every way of doing runs has in common: shares of encoding, records of runs, and limits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from suffice.corpus.document import Document
from suffice.errors import StudyError
from suffice.study.executors.base import Outcome
from suffice.study.ledger import RunRow
from suffice.study.worker import Trained

HUNG = 20
"""A run counts as hung after so many times what is expected of it."""

HUNG_LEAST = 3600.0
"""And not before so many seconds: the first runs tell how fast a learner is."""

_CHUNK_TOKENS = 6_000
"""Tokens encoded in one task, where there are many."""

_LEAST_CHUNKS = 40
"""Tasks that the documents are divided into at the least, so that a short budget can be held."""


class Pace:
    """How long tasks take, from one that is finished to the next, without the processes' start.

    Parameters
    ----------
    workers : int
        That many finish together: before one more has, there is no pace.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._first = self._last = 0.0
        self.ticks = 0

    def tick(self) -> None:
        """Note that a task is finished."""
        self._last = time.monotonic()
        if not self.ticks:
            self._first = self._last
        self.ticks += 1

    @property
    def each(self) -> float | None:
        """Return the seconds for a task, all workers together; None where it is too early."""
        if self.ticks <= self._workers:
            return None
        return (self._last - self._first) / (self.ticks - 1)


def chunks(documents: Mapping[str, Document], order: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield documents in chunks of about equal work.

    Parameters
    ----------
    documents : mapping of str to Document
        Those that are encoded, by id.
    order : sequence of str
        Ids in the order wanted; those of other documents are passed over.
    """
    chunk: list[str] = []
    size = 0
    sizes = {name: 1 + len(document.text) // 6 for name, document in documents.items()}
    most = min(_CHUNK_TOKENS, sum(sizes.values()) / _LEAST_CHUNKS)
    for name in order:
        if name not in documents:
            continue
        chunk.append(name)
        size += sizes[name]
        if size >= most:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)


def refuse_unencoded(outcome: Outcome) -> None:
    """Stop where a chunk of documents could not be encoded.

    Raises
    ------
    RuntimeError
        The place in the code is quoted.
    """
    if outcome.error:
        raise RuntimeError(f"encoding failed in a worker:\n{outcome.error}")


def record(outcome: Outcome) -> dict[str, Any]:
    """Return what a `RunRow` keeps of the outcome of a `Train`, by column."""
    trained: Trained | None = outcome.result
    return {
        "status": trained.status if trained else "failed",
        "counts": trained.counts if trained else None,
        "train_seconds": trained.train_seconds if trained else 0.0,
        "tag_seconds": trained.tag_seconds if trained else 0.0,
        "error": outcome.error,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def refuse_if_all_failed(rows: Sequence[RunRow], name: str) -> None:
    """Stop where a learner cannot work at all.

    Parameters
    ----------
    rows : sequence of RunRow
        The learner's runs so far.
    name : str
        What the learner is called.

    Raises
    ------
    StudyError
        All failed by what the user can mend.
    RuntimeError
        All failed otherwise; the last place in the code is quoted.
    """
    if not rows or any(r.status == "ok" for r in rows):
        return
    errors = [r.error for r in rows if r.error]
    if errors:
        kind, _, line = errors[-1].partition("\n")[0].partition(": ")
        if kind == "InputError":
            raise StudyError(f"all runs failed; the last one: {line}")
        raise RuntimeError(f"all runs failed; the last one:\n{errors[-1]}")
    raise StudyError(
        f"all trainings of the learner {name!r} diverged or learnt nothing",
        remedy="try other options for it, a lower learning rate before all",
    )
