"""What every executor must do: take tasks, give back outcomes, and survive what tasks do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Limit = Callable[[Any], float | None]
"""The seconds that a task may take; None for no limit."""


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Parameters
    ----------
    task : object
        The task.
    result : object
        What the work returned; None where it failed.
    error : str
        How it failed, with the place in the code; empty where it did not.
    """

    task: Any
    result: Any = None
    error: str = ""


class Executor(ABC):
    """Does work in other processes.

    ``work(context, task)`` must be importable by name. The context reaches each process once.
    """

    @abstractmethod
    def map(
        self,
        work: Callable[[Any, Any], Any],
        tasks: Iterable[Any],
        *,
        deadline: float | None = None,
        limit: Limit | None = None,
    ) -> Iterator[Outcome]:
        """Do every task and yield the outcomes as they come, in any order.

        A task is taken from the iterable when a worker is free for it and not before, so that a
        generator can decide until then whether there is more to do.

        A task whose process dies is done again; one that keeps killing its process fails, and so
        does one that takes longer than its limit, or fills the memory. At the deadline (of
        `time.monotonic`) what is not finished is given up, without an outcome.
        """

    @abstractmethod
    def close(self) -> None:
        """End all processes at once."""

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
