"""What a running study tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


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
    """

    phase: Literal["encoding", "training"]
    done: int
    expected: int
    spent: float
    budget: float | None


Listener = Callable[[Progress], None]
"""Called in the process that runs the study, between runs."""
