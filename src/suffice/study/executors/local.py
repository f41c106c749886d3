"""Worker processes on this machine: one for each core, one thread in each."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from suffice.study.executors import process
from suffice.study.executors.base import Executor, Limit, Outcome

_KILLED_LIMIT = 10
"""A process killed from outside, by a person or for lack of memory, says little of its task."""

_CRASH_LIMIT = 2
"""A process that dies of itself will most likely do so again."""


def workers() -> int:
    """Return how many processes to use: the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    number: int
    task: Any = None
    busy: bool = False
    until: float | None = None


class _Waiting:
    """Tasks that wait for a worker; each is asked for when one is free, and not before."""

    def __init__(self, tasks: Iterable[Any]) -> None:
        self._coming = iter(tasks)
        self._next: deque[Any] = deque()

    def __bool__(self) -> bool:
        if not self._next:
            self._next.extend(islice(self._coming, 1))
        return bool(self._next)

    def take(self) -> Any:
        """Return the next task, after `bool` said that there is one."""
        return self._next.popleft()

    def put_back(self, task: Any) -> None:
        """Let a task be the next one again."""
        self._next.appendleft(task)


class LocalExecutor(Executor):
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int
        How many; at least 1.
    context : object
        Handed to every piece of work; pickled once for each process.
    environment : callable, optional
        Variables of the worker with a number from 0: which GPU is its own. With it there is no
        limit to a worker's memory, which a GPU's driver maps without taking it.
    """

    def __init__(
        self,
        workers: int,
        context: Any,
        environment: Callable[[int], Mapping[str, str]] | None = None,
    ) -> None:
        if workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        self._count = workers
        self._environment = environment
        self._context = context
        self._workers: list[_Worker] = []

    def map(
        self,
        work: Callable[[Any, Any], Any],
        tasks: Iterable[Any],
        *,
        deadline: float | None = None,
        limit: Limit | None = None,
    ) -> Iterator[Outcome]:
        """Do every task and yield the outcomes as they come, until the deadline."""
        waiting = _Waiting(tasks)
        deaths: Counter[int] = Counter()
        while any(w.busy for w in self._workers) or waiting:
            self._hand_out(work, waiting, limit)
            busy = {w.connection: w for w in self._workers if w.busy}
            ends = [deadline, *(w.until for w in busy.values())]
            next_end = min((t for t in ends if t is not None), default=None)
            left = None if next_end is None else max(0.0, next_end - time.monotonic())
            ready = wait(list(busy), left)
            if not ready and deadline is not None and time.monotonic() >= deadline:
                self.close()
                return
            if not ready:
                yield from self._overdue(list(busy.values()), limit)
            for connection in ready:
                worker = busy[connection]  # type: ignore[index]
                task = worker.task
                try:
                    result, error = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    code = self._bury(worker)
                    deaths[id(task)] += 1
                    most = _KILLED_LIMIT if code == -signal.SIGKILL else _CRASH_LIMIT
                    if deaths[id(task)] < most:
                        waiting.put_back(task)
                    else:
                        yield Outcome(task, error=f"its process died (exit code {code})")
                    continue
                worker.busy, worker.task, worker.until = False, None, None
                yield Outcome(task, result, error)

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.connection.close()
            process.end(worker.process)
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _overdue(self, busy: Iterable[_Worker], limit: Limit | None) -> Iterator[Outcome]:
        """End the processes whose task takes longer than it may; the tasks have failed."""
        for worker in busy:
            if worker.until is not None and worker.until <= time.monotonic():
                task = worker.task
                process.end(worker.process)
                self._bury(worker)
                most = limit(task) if limit is not None else None
                yield Outcome(task, error=f"it took longer than {most:,.0f} s and was ended")

    def _hand_out(
        self, work: Callable[[Any, Any], Any], waiting: _Waiting, limit: Limit | None
    ) -> None:
        idle = [w for w in self._workers if not w.busy]
        while (idle or len(self._workers) < self._count) and waiting:
            worker = idle.pop() if idle else self._start()
            task = waiting.take()
            try:
                worker.connection.send((work, task))
            except (BrokenPipeError, ConnectionResetError):
                self._bury(worker)
                waiting.put_back(task)
                continue
            worker.task, worker.busy = task, True
            seconds = None if limit is None else limit(task)
            worker.until = None if seconds is None else time.monotonic() + seconds

    def _start(self) -> _Worker:
        whole = process.memory() if self._environment is None else None
        most = None if whole is None else int(process.MEMORY_SHARE * whole / self._count)
        number = min(set(range(self._count)) - {w.number for w in self._workers})
        own = {} if self._environment is None else self._environment(number)
        worker = _Worker(*process.start(self._context, most, own), number)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> int | None:
        worker.connection.close()
        worker.process.join()
        self._workers.remove(worker)
        return worker.process.exitcode
