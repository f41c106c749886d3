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

_POOL = 343
_LEAST_WIDTH = 4


def strata_for(pool: int, *, shares: bool = False) -> tuple[Stratum, ...]:
    """Return the paper's strata, or five that take the same share of another pool.

    Parameters
    ----------
    pool : int
        Documents in the pool.
    shares : bool
        Whether a larger pool than the paper's has larger strata, too. Where a document is a single
        sentence, the paper's 200 documents are a fifth of its text.

    Returns
    -------
    tuple of Stratum
        `PAPER` where the pool has 200 documents or more, unless `shares` are wanted. Otherwise five
        equal ranges up to 200/343 of the pool, which is what the paper's largest set is of the
        paper's pool.

    Raises
    ------
    ValueError
        With fewer than 35 documents a stratum would hold fewer than four sizes.

    Examples
    --------
    >>> [str(s) for s in strata_for(120)]
    ['1–14', '15–28', '29–42', '43–56', '57–70']
    >>> str(strata_for(1800, shares=True)[-1])
    '841–1050'
    """
    if pool >= PAPER[-1].largest and not shares:
        return PAPER
    width = round(pool * (PAPER[-1].largest / len(PAPER)) / _POOL)
    if width < _LEAST_WIDTH:
        raise ValueError(
            f"a pool of {pool} documents is too small for the paper's five strata of sizes"
        )
    return tuple(Stratum(width * i + 1, width * (i + 1)) for i in range(len(PAPER)))
