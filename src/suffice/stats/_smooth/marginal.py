"""The size from which a hundred more sentences add less than a given number of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.wording.numbers import format_number


@dataclass(frozen=True)
class MarginalReturn(Result):
    """The least x from which on the curve rises by less than a rate, up to the end of the data.

    Attributes
    ----------
    predictor : str
    points, per : float
        The rate: so many points (hundredths of the response) for so many units of x.
    estimate : float
        Where the estimated slope falls below it for good; infinite if it has not by the largest x.
    interval : pair of float
        Quantiles of the same over posterior draws; an end may be infinite (not within the data), or
        the least x (below it already there).
    never : float
        Share of draws in which the slope is above the rate at the largest x.
    level : float
    least, largest : float
        The range of x studied.
    sentence : str
    caveats : tuple of str
    """

    predictor: str
    points: float
    per: float
    estimate: float
    interval: tuple[float, float]
    never: float
    level: float
    least: float
    largest: float
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return (
            f"Below {format_number(self.points)} points for {format_number(self.per)} "
            f"{self.predictor}"
        )

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("from", f"{100 * self.level:g} % from", "to"), [(self.estimate, *self.interval)]


def crossing(
    grid: Array,
    slope: Array,
    draws: Array,
    rate: float,
    *,
    points: float,
    per: float,
    predictor: str,
    level: float,
    caveats: tuple[str, ...],
) -> MarginalReturn:
    """Find where slopes on a grid fall below a rate for good.

    Parameters
    ----------
    grid, slope : (m,) arrays
    draws : (draws, m) array
        Slopes of posterior draws.
    rate : float
        The rate, in units of the response for one of x.
    points, per, predictor, level, caveats
        As in `MarginalReturn`.
    """
    estimate = float(_last_above(grid, slope[None], rate)[0])
    found = _last_above(grid, draws, rate)
    never = float(np.isinf(found).mean())
    tail = (1 - level) / 2
    ordered = np.sort(found)  # quantiles that may be infinite: no interpolation
    low = float(ordered[int(np.floor(tail * (len(ordered) - 1)))])
    high = float(ordered[int(np.ceil((1 - tail) * (len(ordered) - 1)))])
    least, largest = float(grid[0]), float(grid[-1])
    return MarginalReturn(
        predictor=predictor,
        points=points,
        per=per,
        estimate=estimate,
        interval=(low, high),
        never=never,
        level=level,
        least=least,
        largest=largest,
        sentence=_words(predictor, points, per, estimate, (low, high), level, least, largest),
        caveats=caveats,
    )


def _last_above(grid: Array, slopes: Array, rate: float) -> Array:
    """Where each row falls below the rate for the last time, interpolated; shape (rows,)."""
    above = slopes > rate
    last = slopes.shape[1] - 1 - np.argmax(above[:, ::-1], axis=1)
    out = np.full(len(slopes), float(grid[0]))
    some = above.any(axis=1)
    end = some & (last == slopes.shape[1] - 1)
    out[end] = np.inf
    inside = np.flatnonzero(some & ~end)
    left, right = slopes[inside, last[inside]], slopes[inside, last[inside] + 1]
    share = (left - rate) / (left - right)
    out[inside] = grid[last[inside]] + share * (grid[last[inside] + 1] - grid[last[inside]])
    return out


def _words(
    name: str,
    points: float,
    per: float,
    estimate: float,
    interval: tuple[float, float],
    level: float,
    least: float,
    largest: float,
) -> str:
    unit = "point" if points == 1 else "points"
    what = f"{format_number(per)} more {name} add less than {format_number(points)} {unit}"
    share = f"{100 * level:g} %"

    def end(value: float) -> str:
        if np.isinf(value):
            return f"beyond the {format_number(round(largest))} studied"
        return format_number(round(value) if value >= 10 else value)

    if estimate <= least:
        first = f"{what} from the smallest size studied ({end(least)}) on"
    elif np.isinf(estimate):
        first = f"{what} at no size up to the largest studied ({end(largest)})"
    else:
        first = f"{what} from {end(estimate)} on"
    low, high = interval
    if end(low) == end(high):
        return f"{first}, in all of the {share} interval."
    return f"{first}; {share} interval: {end(low)} to {end(high)}."
