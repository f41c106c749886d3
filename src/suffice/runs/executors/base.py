"""What every executor must do: take tasks, give back outcomes, and survive what tasks do."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from suffice.errors import InputError
from suffice.learners.device import Kind

Work = Callable[[Any, Any], Any]
"""``work(context, content)``: a function that a worker can import by its name."""


@dataclass(frozen=True)
class Task:
    """A piece of work.

    Parameters
    ----------
    id : str
        Its name: no other task of the same call has it.
    content : object
        What the work is called with; it can be pickled.
    limit : float, optional
        The seconds that it may take from when a worker begins it; as many as it likes by default.
    """

    id: str
    content: Any
    limit: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Parameters
    ----------
    id : str
        The task's.
    result : object
        What the work returned; None where it failed.
    error : str
        How it failed, from `describe_error`; empty where it did not.
    """

    id: str
    result: Any = None
    error: str = ""


class Executor(ABC):
    """Does work in other processes, on this machine or on others.

    The contract, which `suffice.testing.check_executor` checks:

    * Outcomes belong to tasks by their ids. A task may be pickled and copied; nothing is told by
      the identity of an object, and outcomes come in any order.
    * Times are seconds from now, never readings of a clock: other machines have other clocks.
    * A task is taken from the iterable when a worker is free for it and not before, so that a
      generator can decide until then whether there is more to do.
    * What a worker was doing when it was lost (killed, out of memory, unreachable) is done again,
      perhaps in part a second time: work is such that this does no harm. A task that keeps losing
      its worker fails. No other task fails with it.
    * A task that takes longer than its limit fails and is ended, with the programs it started. When
      the seconds of a call are over, what is not finished is given up without an outcome.
    * No common file system is needed. Whatever a task needs is in its content or in the context,
      results come back as the work's return value, and folders that the context names are made
      where the worker is. Only jobs that keep a model need one: they say so.
    * An error is described by `describe_error`. Nothing that could hold the text of a document is
      logged, printed or written by an executor.
    * Work is single-threaded unless it says otherwise; an executor is used by one thread.
    """

    @property
    @abstractmethod
    def workers(self) -> int:
        """Return how many tasks are done at a time; known from `start` on."""

    @abstractmethod
    def start(self, context: Any, *, device: Kind = "cpu", at_most: int | None = None) -> None:
        """Make ready for work in this context; a later call changes it, when nothing is being done.

        Parameters
        ----------
        context : object
            The first argument of the work. It can be pickled and reaches each worker once.
        device : {"cpu", "cuda", "mps"}
            What the work runs on. A worker has a device of its own, which
            `suffice.learners.device.VARIABLE` names in its environment.
        at_most : int, optional
            The number of workers that are of any use.
        """

    @abstractmethod
    def map(
        self, work: Work, tasks: Iterable[Task], *, seconds: float | None = None
    ) -> Iterator[Outcome]:
        """Do every task and yield the outcomes as they come.

        Parameters
        ----------
        work : callable
            ``work(context, task.content)``.
        tasks : iterable of Task
            Taken one by one.
        seconds : float, optional
            After so many, what is not finished is given up.
        """

    @abstractmethod
    def close(self) -> None:
        """End all work at once. An executor that is closed can be started again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def describe_error(error: BaseException) -> str:
    """Return an error's type and its places in the code.

    The message of an error that is not ours could hold document text, and is left out.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = "\n".join(f"  {f.filename}:{f.lineno} in {f.name}" for f in frames)
    message = f": {error}" if isinstance(error, InputError) else ""
    return f"{type(error).__name__}{message}\n{places}"
