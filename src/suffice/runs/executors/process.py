"""What runs inside a worker process: do tasks, and take care that nothing else suffers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path
from types import ModuleType
from typing import Any

from suffice.runs.executors.base import describe_error

_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")

READY = "ready"
"""What a process says when it has the context and begins its first task."""

MEMORY_SHARE = 0.9
"""The part of the machine's memory that all workers together may fill."""


def memory() -> int | None:
    """Return the bytes of memory that this machine or container has, None where unknown."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    with suppress(OSError, ValueError):  # "max", or no cgroup: no limit but the machine's
        found = min(found, int(_CGROUP_LIMIT.read_text()))
    return found


def start(
    most: int | None, environment: Mapping[str, str], threads: int = 1
) -> tuple[BaseProcess, Connection]:
    """Start a worker process, and return it with the connection to it.

    What it is sent first is the context, to which it answers `READY`. That is none of the process's
    arguments, since Python waits for ever where a process dies before it has read these.

    Parameters
    ----------
    most : int, optional
        Bytes that the process may fill; a task that wants more fails with a `MemoryError`.
    environment : mapping of str to str
        Further variables of the process: which device is its own.
    threads : int
        Threads that libraries may use in it.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    given = {**dict.fromkeys(_THREADS, str(threads)), **environment}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        process = spawn.Process(
            target=serve, args=(theirs, most), daemon=True, name="suffice-worker"
        )
        with _uninterrupted(), _without_main():
            process.start()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    theirs.close()
    return process, ours


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep an interrupt waiting, and from a process that is started now until it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a process that is started now from running the user's script, of which it needs nothing.

    So a script needs no ``if __name__ == "__main__"`` around its study.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def end(process: BaseProcess) -> None:
    """Kill a worker, and the programs that it started."""
    if process.pid is not None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            # Its group has its own number once it serves; before that it has started nothing.
            if os.getpgid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def serve(connection: Connection, most: int | None) -> None:
    """Do tasks until the parent hangs up; runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    _limit(most)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        context = connection.recv()
        connection.send(READY)
        while True:
            work, content = connection.recv()
            connection.send(_do(work, context, content))
    except (EOFError, BrokenPipeError, ConnectionResetError):  # the parent wants no more
        return


def _do(work: Any, context: Any, content: Any) -> tuple[Any, str]:
    """Return what the work gives, and its error."""
    try:
        return work(context, content), ""
    except Exception as error:  # noqa: BLE001 - reported to the parent, which records it
        return None, describe_error(error)


def _limit(most: int | None) -> None:
    """Let a task that fills the memory fail by itself, before it takes the study with it."""
    with suppress(OSError):  # not Linux, or not allowed
        _OOM_SCORE.write_text("500")
    if most is not None:
        try:
            import resource
        except ImportError:  # Windows
            return
        # Not the address space, of which torch and memory-mapped files take far more than memory.
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        with suppress(ValueError, OSError):  # a lower limit holds already
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _die_with_parent() -> None:
    """End this process when its parent was killed, in the middle of whatever it does."""
    parent = parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)
