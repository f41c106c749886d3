"""The size at which averaged learning curves reach a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._curves.forecasts import AverageLearningCurve
from suffice.wording.numbers import format_number


@dataclass(frozen=True)
class TargetSize(Result):
    """The smallest size at which F1 reaches a target.

    Attributes
    ----------
    predictor : str
    target : float
    estimate : float
        Median over the resampled curves; infinite where half of them do not reach the target within
        `limit`.
    interval : pair of float
        Quantiles of the same; an end may be infinite (not within `limit`), or the smallest size
        studied (reached there already).
    reached : float
        Share of the curves that reach the target by the largest size studied.
    not_within : float
        Share that do not reach it by `limit`.
    smallest, largest, limit : float
        The sizes studied, and how far the curves were followed.
    level : float
    sentence : str
    caveats : tuple of str
    """

    predictor: str
    target: float
    estimate: float
    interval: tuple[float, float]
    reached: float
    not_within: float
    smallest: float
    largest: float
    limit: float
    level: float
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.predictor.capitalize()} for F1 {_f1(self.target)}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return (self.predictor, f"{100 * self.level:g} % from", "to"), [
            (self.estimate, *self.interval)
        ]


def size_for_target(curves: AverageLearningCurve, target: float) -> TargetSize:
    """Return the size that a target takes.

    Parameters
    ----------
    curves : AverageLearningCurve
    target : float
        Above 0 and below 1.

    Returns
    -------
    TargetSize
        A higher target never takes less: neither the estimate nor an end of its interval.

    Raises
    ------
    ValueError
        A target that is not between 0 and 1.
    """
    if not 0 < target < 1:
        raise ValueError(f"a target of F1 must lie between 0 and 1, not {target:g}")
    sizes = np.sort(_first_at(curves.grid, curves._draws, target))
    tail = (1 - curves.level) / 2
    last = len(sizes) - 1  # quantiles that may be infinite: no interpolation
    low, middle, high = (
        float(sizes[int(place)])
        for place in (np.floor(tail * last), np.ceil(0.5 * last), np.ceil((1 - tail) * last))
    )
    found = {
        "predictor": curves.predictor,
        "target": target,
        "estimate": middle,
        "interval": (low, high),
        "reached": float((sizes <= curves.largest * (1 + 1e-9)).mean()),
        "not_within": float(np.isinf(sizes).mean()),
        "smallest": float(curves.grid[0]),
        "largest": curves.largest,
        "limit": float(curves.grid[-1]),
        "level": curves.level,
    }
    caveats = []
    if np.isfinite(middle) and middle > curves.largest * (1 + 1e-9):
        caveats.append(
            f"{format_number(round(middle))} is beyond the largest size studied "
            f"({format_number(round(curves.largest))}): the curves are extrapolated to it"
        )
    return TargetSize(**found, sentence=_words(found), caveats=tuple(caveats))  # type: ignore[arg-type]


def _first_at(grid: Array, curves: Array, target: float) -> Array:
    """Return where each rising curve reaches the target, interpolated in log size; inf: nowhere."""
    there = curves >= target
    first = np.argmax(there, axis=1)
    out = np.where(there.any(axis=1), grid[0], np.inf)
    inside = np.flatnonzero(there.any(axis=1) & (first > 0))
    at = first[inside]
    below, above = curves[inside, at - 1], curves[inside, at]
    share = (target - below) / (above - below)
    logs = np.log(grid)
    out[inside] = np.exp(logs[at - 1] + share * (logs[at] - logs[at - 1]))
    return out


def _f1(value: float) -> str:
    return f"{value:.3f}".rstrip("0").lstrip("0").ljust(3, "0")


def _words(found: dict[str, Any]) -> str:
    name, least, limit = found["predictor"], found["smallest"], found["limit"]

    def size(value: float) -> str:
        if value <= least:
            return f"at most {_about(least)}"
        return _about(value)

    goal, level = f"F1 {_f1(found['target'])}", f"{100 * found['level']:g} % interval"
    far = f"{_about(limit)} {name}"
    (low, high), middle = found["interval"], found["estimate"]
    if np.isinf(low):
        return f"{goal} is not reached within {far}, in all of the {level}."
    if np.isinf(middle):
        share = 1 - found["not_within"]
        return (
            f"{goal} is probably not reached within {far} (probability that it is: {share:.2f}); "
            f"it takes at least {_about(low)} {name} ({level})."
        )
    if middle <= least:
        first = f"{goal} is reached by the smallest sets studied, of {_about(least)} {name}"
    else:
        first = f"{goal} takes about {_about(middle)} {name}"
    if np.isinf(high):
        return f"{first} ({level}: from {size(low)}, and at the other end not within {far})."
    if size(low) == size(high):
        return f"{first}, in all of the {level}."
    return f"{first} ({level}: {size(low)} to {size(high)})."


def _about(value: float) -> str:
    """Write a size with two significant digits, or three from 1,000 on."""
    digits = 3 if value >= 1000 else 2
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
