"""Worker processes on this machine: one for each core, one thread in each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from typing import Any

from suffice.errors import InputError
from suffice.study.executors.base import Executor, Outcome

_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

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
    task: Any = None
    busy: bool = False


class LocalExecutor(Executor):
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int
        How many; at least 1.
    context : object
        Handed to every piece of work; pickled once for each process.
    """

    def __init__(self, workers: int, context: Any) -> None:
        if workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        self._count = workers
        self._context = context
        self._spawn = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def map(
        self,
        work: Callable[[Any, Any], Any],
        tasks: Iterable[Any],
        *,
        deadline: float | None = None,
    ) -> Iterator[Outcome]:
        """Do every task and yield the outcomes as they come, until the deadline."""
        waiting = deque(tasks)
        deaths: Counter[int] = Counter()
        while waiting or any(w.busy for w in self._workers):
            self._hand_out(work, waiting)
            busy = {w.connection: w for w in self._workers if w.busy}
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            ready = wait(list(busy), left)
            if not ready:
                self.close()
                return
            for connection in ready:
                worker = busy[connection]  # type: ignore[index]
                task = worker.task
                try:
                    result, error = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    code = self._bury(worker)
                    deaths[id(task)] += 1
                    limit = _KILLED_LIMIT if code == -signal.SIGKILL else _CRASH_LIMIT
                    if deaths[id(task)] < limit:
                        waiting.appendleft(task)
                    else:
                        yield Outcome(task, error=f"its process died (exit code {code})")
                    continue
                worker.busy, worker.task = False, None
                yield Outcome(task, result, error)

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _hand_out(self, work: Callable[[Any, Any], Any], waiting: deque[Any]) -> None:
        idle = [w for w in self._workers if not w.busy]
        while waiting:
            if not idle:
                if len(self._workers) >= self._count:
                    return
                idle.append(self._start())
            worker = idle.pop()
            task = waiting.popleft()
            try:
                worker.connection.send((work, task))
            except (BrokenPipeError, ConnectionResetError):
                self._bury(worker)
                waiting.appendleft(task)
                continue
            worker.task, worker.busy = task, True

    def _start(self) -> _Worker:
        ours, theirs = self._spawn.Pipe()
        before = {name: os.environ.get(name) for name in _ONE_THREAD}
        os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
        try:
            process = self._spawn.Process(
                target=_serve, args=(theirs, self._context), daemon=True, name="suffice-worker"
            )
            process.start()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> int | None:
        worker.connection.close()
        worker.process.join()
        self._workers.remove(worker)
        return worker.process.exitcode


def _serve(connection: Connection, context: Any) -> None:
    """Do tasks until the parent hangs up; runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            work, task = connection.recv()
        except EOFError:
            return
        try:
            answer = (work(context, task), "")
        except Exception as error:  # noqa: BLE001 - reported to the parent, which records it
            answer = (None, _describe(error))
        connection.send(answer)


def _die_with_parent() -> None:
    """End this process when its parent was killed, in the middle of whatever it does."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _describe(error: BaseException) -> str:
    """Return the error's type and its places in the code.

    The message of an error that is not ours could hold document text.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = "\n".join(f"  {f.filename}:{f.lineno} in {f.name}" for f in frames)
    message = f": {error}" if isinstance(error, InputError) else ""
    return f"{type(error).__name__}{message}\n{places}"
