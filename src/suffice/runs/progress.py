"""What a running study tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Phase = Literal["encoding", "training"]


@dataclass(frozen=True)
class Least:
    """The least that gives an answer, which is done whatever the budget, while it is not done.

    Parameters
    ----------
    runs, done : int
        How many runs it takes, and how many of them are finished.
    seconds : float
        What the others are expected to take.
    """

    runs: int
    done: int
    seconds: float

    def after(self, done: int, each: float | None) -> Least | None:
        """Return what is left after so many more runs; None where it is done.

        Parameters
        ----------
        done : int
            More runs that are finished.
        each : float, optional
            Seconds from one finished run to the next, where that is known already.
        """
        before = self.runs - self.done
        left = before - done
        if left <= 0:
            return None
        seconds = each * left if each is not None else self.seconds * left / before
        return replace(self, done=self.done + done, seconds=seconds)


@dataclass(frozen=True)
class Progress:
    """One thing that happened.

    Parameters
    ----------
    phase : {"encoding", "training"}
        What is being done.
    done, expected : int
        Documents encoded, or runs finished, of how many; `expected` is 0 where the budget decides.
    spent : float
        Seconds that the study has taken, all sessions together.
    budget : float, optional
        Seconds it may take.
    least : Least, optional
        What any answer takes, while that is not done.
    """

    phase: Phase
    done: int
    expected: int
    spent: float
    budget: float | None
    least: Least | None = None


Listener = Callable[[Progress], None]
"""Called in the process that runs the study, between runs."""
