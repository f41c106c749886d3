"""Strata: ranges of training-set sizes in documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stratum:
    """A range of training-set sizes, both ends included, in documents."""

    smallest: int
    largest: int

    def __post_init__(self) -> None:
        if not 1 <= self.smallest <= self.largest:
            raise ValueError(f"a stratum from {self.smallest} to {self.largest} is empty")

    def __str__(self) -> str:
        return f"{self.smallest}–{self.largest}"


PAPER = tuple(Stratum(40 * i + 1, 40 * (i + 1)) for i in range(5))
"""The paper's five strata: 1–40, 41–80, 81–120, 121–160, 161–200 statements."""
