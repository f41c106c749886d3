"""The time that work takes: what is spent, what a budget leaves, and how fast tasks come."""

from __future__ import annotations

import time
from collections.abc import Sequence

RESERVE = 0.1
MOST_RESERVE = 20.0
"""The part of the budget that is kept for the answer and the report at the end, and its most
seconds."""


class Clock:
    """The time of all sessions of a piece of work together.

    Parameters
    ----------
    spent : float
        Seconds that earlier sessions took, and this one so far.
    budget : float, optional
        Seconds that all may take; without it nothing depends on time.
    workers : int
        How many runs are done at a time.
    """

    def __init__(self, spent: float = 0.0, budget: float | None = None, workers: int = 1) -> None:
        self._started = time.monotonic() - spent
        self.budget = budget
        self.workers = workers

    @property
    def timed(self) -> bool:
        """Whether a budget decides how much is done."""
        return self.budget is not None

    def spent(self) -> float:
        """Return the seconds spent by all sessions together."""
        return time.monotonic() - self._started

    def left(self) -> float:
        """Return the seconds of the budget that are left for encoding and training."""
        budget = self.budget or 0.0
        return budget - min(RESERVE * budget, MOST_RESERVE) - self.spent()

    def can_afford(self, seconds: Sequence[float]) -> bool:
        """Return whether runs of so many seconds can be expected to finish in what is left."""
        return max(max(seconds), sum(seconds) / self.workers) <= self.left()


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
