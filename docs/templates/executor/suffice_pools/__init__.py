"""An executor: one of Python's process pools, of one process, for each worker."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from suffice.runs.executors.base import Executor, Outcome, Task, Work, describe_error

_LOSSES = 3
"""A task that has lost so many workers has failed."""


class PoolExecutor(Executor):
    """Has a pool for each worker, so that one that is lost takes no other with it."""

    def __init__(self, workers: int = 2) -> None:
        self._asked = self._count = workers
        self._context: Any = None
        self._pools: dict[int, ProcessPoolExecutor] = {}

    @property
    def workers(self) -> int:
        return self._count

    def start(self, context: Any, *, device: str = "cpu", at_most: int | None = None) -> None:
        self.close()
        self._context = context
        self._count = self._asked if at_most is None else min(self._asked, at_most)

    def map(
        self, work: Work, tasks: Iterable[Task], *, seconds: float | None = None
    ) -> Iterator[Outcome]:
        end = None if seconds is None else time.monotonic() + seconds
        coming, again = iter(tasks), []
        free = set(range(self._count))
        doing: dict[Future[Any], tuple[int, Task, float | None]] = {}
        losses: Counter[str] = Counter()
        while True:
            while free and (task := again.pop() if again else next(coming, None)):
                number = free.pop()
                until = None if task.limit is None else time.monotonic() + task.limit
                doing[self._pool(number).submit(_call, work, task.content)] = number, task, until
            if not doing:
                return
            ends = [t for t in (end, *(until for _, _, until in doing.values())) if t is not None]
            left = max(0.0, min(ends) - time.monotonic()) if ends else None
            done, _ = wait(doing, left, FIRST_COMPLETED)
            if not done and end is not None and time.monotonic() >= end:
                self.close()
                return
            for future in list(doing):
                number, task, until = doing[future]
                if future in done:
                    try:
                        outcome = Outcome(task.id, *future.result())
                    except BrokenProcessPool:
                        self._end(number)
                        losses[task.id] += 1
                        if losses[task.id] < _LOSSES:
                            again.append(task)
                            outcome = None
                        else:
                            outcome = Outcome(task.id, error="it lost its process again and again")
                elif until is not None and until <= time.monotonic():
                    self._end(number)
                    outcome = Outcome(task.id, error="it took too long")
                else:
                    continue
                del doing[future]
                free.add(number)
                if outcome is not None:
                    yield outcome

    def close(self) -> None:
        for number in list(self._pools):
            self._end(number)

    def _pool(self, number: int) -> ProcessPoolExecutor:
        if number not in self._pools:
            spawn = multiprocessing.get_context("spawn")
            self._pools[number] = ProcessPoolExecutor(1, spawn, _remember, (self._context,))
        return self._pools[number]

    def _end(self, number: int) -> None:
        pool = self._pools.pop(number)
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


_context: Any = None


def _remember(context: Any) -> None:
    """Keep the context, once in each process."""
    global _context
    _context = context


def _call(work: Work, content: Any) -> tuple[Any, str]:
    """Do a task; errors go back as what may be told of them."""
    try:
        return work(_context, content), ""
    except Exception as error:
        return None, describe_error(error)
