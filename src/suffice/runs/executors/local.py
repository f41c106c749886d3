"""Worker processes on this machine: one for each core or GPU, one thread in each."""

from __future__ import annotations

import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from suffice.learners.device import Kind
from suffice.runs.executors import process
from suffice.runs.executors.base import Executor, Outcome, Task, Work
from suffice.runs.executors.devices import assign_devices, count_workers

_KILLED_LIMIT = 10
"""A process killed from outside, by a person or for lack of memory, says little of its task."""

_CRASH_LIMIT = 2
"""A process that dies of itself will most likely do so again."""

_STARTING = 600.0
"""Seconds that a process may take until it begins its first task."""


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    number: int
    task: Task | None = None
    until: float | None = None

    def begin(self, extra: float = 0.0) -> None:
        """Note until when the task may take, with some extra seconds."""
        limit = None if self.task is None else self.task.limit
        self.until = None if limit is None else time.monotonic() + limit + extra


class _Waiting:
    """Tasks that wait for a worker; each is asked for when one is free, and not before."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._coming = iter(tasks)
        self._next: deque[Task] = deque()

    def __bool__(self) -> bool:
        if not self._next:
            self._next.extend(islice(self._coming, 1))
        return bool(self._next)

    def take(self) -> Task:
        """Return the next task, after `bool` said that there is one."""
        return self._next.popleft()

    def put_back(self, task: Task) -> None:
        """Let a task be the next one again."""
        self._next.appendleft(task)


class LocalExecutor(Executor):
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int, optional
        How many, at least 1; one for each core by default, or for each GPU where these are used.
    threads : int
        Threads in each.
    environment : callable, optional
        Variables of the worker with a number from 0; by default what gives it a GPU of its own
        where the work runs on one.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        threads: int = 1,
        environment: Callable[[int], Mapping[str, str]] | None = None,
    ) -> None:
        if workers is not None and workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        self._asked = workers
        self._threads = threads
        self._given = environment
        self._count = workers or 1
        self._environment = environment
        self._context: Any = None
        self._workers: list[_Worker] = []

    @property
    def workers(self) -> int:
        """Return how many processes there are at most."""
        return self._count

    def start(self, context: Any, *, device: Kind = "cpu", at_most: int | None = None) -> None:
        """Remember the context; a process is started when there is a task for it."""
        self.close()
        count = self._asked or count_workers(device)
        self._count = count if at_most is None else max(1, min(count, at_most))
        # A GPU's driver maps memory without taking it: with one there is no limit to a worker's.
        self._environment = self._given or assign_devices(device, self._count)
        self._context = context

    def map(
        self, work: Work, tasks: Iterable[Task], *, seconds: float | None = None
    ) -> Iterator[Outcome]:
        """Do every task and yield the outcomes as they come, until the time is over."""
        deadline = None if seconds is None else time.monotonic() + seconds
        waiting = _Waiting(tasks)
        deaths: Counter[str] = Counter()
        while any(w.task for w in self._workers) or waiting:
            yield from self._hand_out(work, waiting, deaths)
            busy = {w.connection: w for w in self._workers if w.task}
            if not busy:
                continue
            ends = [deadline, *(w.until for w in busy.values())]
            next_end = min((t for t in ends if t is not None), default=None)
            left = None if next_end is None else max(0.0, next_end - time.monotonic())
            ready = wait(list(busy), left)
            if not ready and deadline is not None and time.monotonic() >= deadline:
                self.close()
                return
            if not ready:
                yield from self._end_overdue(list(busy.values()))
            for connection in ready:
                worker = busy[connection]  # type: ignore[index]
                task = worker.task
                assert task is not None
                try:
                    answer = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    yield from self._replace(worker, task, waiting, deaths)
                    continue
                if answer == process.READY:
                    worker.begin()
                    continue
                worker.task, worker.until = None, None
                yield Outcome(task.id, *answer)

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.connection.close()
            process.end(worker.process)
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _end_overdue(self, busy: Iterable[_Worker]) -> Iterator[Outcome]:
        """End the processes whose task takes longer than it may; the tasks have failed."""
        for worker in busy:
            task = worker.task
            if task and worker.until is not None and worker.until <= time.monotonic():
                process.end(worker.process)
                self._bury(worker)
                error = f"it took longer than {task.limit:,.0f} s and was ended"
                yield Outcome(task.id, error=error)

    def _hand_out(self, work: Work, waiting: _Waiting, deaths: Counter[str]) -> Iterator[Outcome]:
        """Give tasks to workers that have none; those that keep losing their worker fail."""
        while True:
            idle = next((w for w in self._workers if not w.task), None)
            # First whether a worker is free: `waiting` asks for a task.
            if (idle is None and len(self._workers) == self._count) or not waiting:
                return
            worker = idle or self._start_process()
            task = waiting.take()
            try:
                if idle is None:
                    worker.connection.send(self._context)
                worker.connection.send((work, task.content))
            except (BrokenPipeError, ConnectionResetError):
                yield from self._replace(worker, task, waiting, deaths)
                continue
            worker.task = task
            # A new process first imports its libraries, which is no part of the task.
            worker.begin(_STARTING if idle is None else 0.0)

    def _replace(
        self, worker: _Worker, task: Task, waiting: _Waiting, deaths: Counter[str]
    ) -> Iterator[Outcome]:
        """Let the task of a process that died be the next one again, unless it dies each time."""
        code = self._bury(worker)
        deaths[task.id] += 1
        most = _KILLED_LIMIT if code == -signal.SIGKILL else _CRASH_LIMIT
        if deaths[task.id] < most:
            waiting.put_back(task)
        else:
            yield Outcome(task.id, error=f"its process ended unexpectedly (exit code {code})")

    def _start_process(self) -> _Worker:
        whole = process.memory() if self._environment is None else None
        most = None if whole is None else int(process.MEMORY_SHARE * whole / self._count)
        number = min(set(range(self._count)) - {w.number for w in self._workers})
        own = {} if self._environment is None else self._environment(number)
        worker = _Worker(*process.start(most, own, self._threads), number)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> int | None:
        worker.connection.close()
        worker.process.join()
        self._workers.remove(worker)
        return worker.process.exitcode
