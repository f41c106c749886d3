"""Where a sample stands among published training-set sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from suffice.applications.paper.published import (
    PAPERS_THAT_JUSTIFY,
    PAPERS_WITH_SIZE,
    TABLE_1,
    SampleSizes,
)
from suffice.errors import InputError
from suffice.results import Result

_SHORT = {"notes": "clinical notes or reports", "abstracts": "abstracts or papers"}


@dataclass(frozen=True)
class SizeContext(Result):
    """A sample among the published ones of its unit.

    Parameters
    ----------
    n : int
        The sample's size.
    unit : str
        As in Table 1.
    papers, mean, least, most : int
        Published training sets counted in this unit: how many, their mean and range.
    place : str
        ``below all``, ``below the mean``, ``at or above the mean`` or ``above all``.
    at_least_one : str
        What follows about single papers from mean and range.
    sentence : str
        What one may write.
    caveats : tuple of str
        What to keep in mind.
    """

    n: int
    unit: str
    papers: int
    mean: int
    least: int
    most: int
    place: str
    at_least_one: str
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.n:,} {self.unit} among {self.papers} published training sets"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence, self.at_least_one)


def context(n: int, unit: str = "sentences") -> SizeContext:
    """Say where a sample stands among the published ones, as far as mean and range tell.

    Parameters
    ----------
    n : int
        Its size, 1 or more.
    unit : str
        One of Table 1: ``sentences``, ``entities``, ``tokens``, ``clinical notes or reports``
        (``notes``), ``abstracts or papers`` (``abstracts``), ``other``.

    Returns
    -------
    SizeContext

    Raises
    ------
    InputError
        There is no such unit, or the size is not positive.

    Notes
    -----
    Majdik et al., JMIR AI 2024;3:e52095, Table 1. Only mean and range are printed there: what share
    of papers has fewer cannot be said, only bounded. Of k papers with mean m one is at either end
    of the range from a to b. The others sum to k m - a - b; those below n have at most n - 1 each,
    and none has more than b, so for n <= m at least ``(k m - a - b - (k - 2)(n - 1)) / (b - n +
    1)`` of them are at n or more; likewise on the other side.

    Examples
    --------
    >>> context(450).place
    'below the mean'
    """
    if n < 1:
        raise InputError(f"a sample of {n} {unit} is none", remedy="give 1 or more")
    wanted = _SHORT.get(unit, unit)
    row = next((r for r in TABLE_1 if r.unit == wanted), None)
    if row is None:
        units = ", ".join(r.unit for r in TABLE_1)
        raise InputError(f"Table 1 has no unit {unit!r}", remedy=f"choose one of: {units}")
    if n < row.least:
        place, where = "below all", "fewer than in any of them"
    elif n > row.most:
        place, where = "above all", "more than in any of them"
    elif n < row.mean:
        place, where = "below the mean", "within their range and below their mean"
    else:
        place, where = "at or above the mean", "within their range and at or above their mean"
    counted = "of another unit" if row.unit == "other" else f"counted in {row.unit}"
    sentence = (
        f"Our training sample of {n:,} {'units' if row.unit == 'other' else row.unit} is {where}: "
        f"in {row.papers} of {PAPERS_WITH_SIZE} studies of named-entity recognition in medical "
        f"text reviewed by Majdik et al. (JMIR AI 2024;3:e52095) training sets were {counted}, on "
        f"average {row.mean:,} (range {row.least:,}–{row.most:,})."
    )
    return SizeContext(
        n=n,
        unit=row.unit,
        papers=row.papers,
        mean=row.mean,
        least=row.least,
        most=row.most,
        place=place,
        at_least_one=_bound(n, row),
        sentence=sentence,
        caveats=(
            "Table 1 prints mean and range only: no share of papers, percentile or median can be "
            "given",
            f"only {PAPERS_THAT_JUSTIFY} of these papers justify their size, so being like them "
            "justifies nothing",
            *_slip(row),
        ),
    )


def _bound(n: int, row: SampleSizes) -> str:
    """Say how many papers must lie above or below, which mean and range alone decide."""
    if not row.least <= n <= row.most:
        return f"All {row.papers} papers are on one side of {n:,}."
    # One paper is at either end; the others share what is left of the sum, whose mean is rounded.
    others, rest = row.papers - 2, row.papers * row.mean - row.least - row.most
    if n <= row.mean:
        sure = rest - row.papers / 2 - others * (n - 1)
        count = 1 + max(0, math.ceil(sure / (row.most - n + 1)))
        side, other_end = "more", row.least
    else:
        sure = others * (n + 1) - rest - row.papers / 2
        count = 1 + max(0, math.ceil(sure / (n + 1 - row.least)))
        side, other_end = "fewer", row.most
    few = "one paper has" if count == 1 else f"{count} papers have"
    return (
        f"From mean and range it follows that at least {few} {n:,} or {side}, and at least one "
        f"has {other_end:,}, of {row.papers}: no more than that."
    )


def _slip(row: SampleSizes) -> tuple[str, ...]:
    if row.unit != "sentences":
        return ()
    return (
        "the largest, 360,938 sentences, is printed as 35,938 in the conclusions; the mean would "
        "be 11,202 with that",
    )
