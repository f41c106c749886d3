"""What a larger evaluation set would do to the interval of F1(n)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._f1.curve import F1Curve
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.wording.caveats import Caveat


@dataclass(frozen=True)
class EvaluationEffect(Result):
    """The interval of F1(n) taken apart, and what it would be with more evaluation units.

    Parameters
    ----------
    n : float
        Training documents.
    units : int
        Evaluation units (documents, or groups of them) by now.
    half_width : float
        Half of the interval of F1(n), in F1.
    parts : mapping of str to float
        What each source makes of `half_width`, as its share of the variance; the squares add up to
        the square of `half_width`. By source: ``evaluation``, ``pool``, ``runs``,
        ``form``. They add as squares.
    asked : int
        Evaluation units asked about.
    value, low, high : float
        The half-width to expect with so many, and its interval: how much evaluation documents
        and the pool matter is itself estimated.
    part, part_low, part_high : float
        The half-width that the evaluation units alone would give then, and its interval.
    caveats : tuple of str
        What to keep in mind.
    """

    n: float
    units: int
    half_width: float
    parts: dict[str, float]
    asked: int
    value: float
    low: float
    high: float
    part: float
    part_low: float
    part_high: float
    caveats: tuple[str, ...] = ()


def larger_evaluation_set(
    curve: F1Curve, n: float, asked: int | None = None, *, seed: Seed = 0
) -> EvaluationEffect:
    """Say what the interval of F1(n) would be with more evaluation units.

    Parameters
    ----------
    curve : F1Curve
        The curve of the runs; all intervals are of its level.
    n : float
        Training documents, within the curve's grid.
    asked : int, optional
        Evaluation units. By default as many as would make the evaluation's part as small as all
        others together, but between 2 and 4 times those that are there, in round numbers.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    EvaluationEffect

    Notes
    -----
    The evaluation's variance falls as one over the units. With folds the same documents train, and
    the pool's part falls as well. The relative error of a variance estimated from U units is
    ``√((κ - 1)/U)`` with the kurtosis κ of what each unit does to F1. The interval of the
    evaluation's own part is that of `_resampling.variance_range`: the trained models are given, and
    other evaluation units from the same source are drawn.
    """
    unit = float(scipy.stats.norm.ppf(0.5 + curve.level / 2))
    _, low, high = curve.at(n)
    whole = ((high - low) / 2 / unit) ** 2
    alone = {name: curve.part_at(name, n) ** 2 for name in curve.parts}
    total = sum(alone.values())
    # F1 ends at 0 and 1: where the interval is wide, sources together do less than each alone.
    variance = {name: v * whole / total if total > 0 else 0.0 for name, v in alone.items()}
    evaluation, pool = variance["evaluation"], variance["pool"]
    rest = whole - evaluation
    units = curve.evaluation_units
    if asked is None:
        asked = _round(units * float(np.clip(evaluation / max(rest, 1e-12), 2, 4)))
    less = units / max(asked, 1)

    rng = np.random.default_rng(seed_sequence(seed))
    n_resamples = len(curve.spread.sets)
    spread = np.sqrt(np.log1p(curve.evaluation_error**2))
    ratio = np.exp(spread * rng.standard_normal(n_resamples) - spread**2 / 2)
    of_pool = curve.spread.of_set(np.array([n]))[:, 0]
    of_pool = of_pool / max(float(of_pool.mean()), 1e-12)
    pool_less = less if curve.folds else 1.0

    def half(evaluation_ratio: Array, pool_ratio: Array) -> Array:
        left = rest - pool + pool * pool_ratio * pool_less
        return np.asarray(unit * np.sqrt(evaluation * evaluation_ratio * less + left))

    ends = np.quantile(half(ratio, of_pool), tails(curve.level))
    value = float(half(np.ones(1), np.ones(1))[0])
    part = unit * float(np.sqrt(evaluation * less))
    caveats: list[str] = [Caveat("half-width rough")]
    if not curve.spread.sets_known:
        caveats.append(Caveat("pool upper bound"))
    return EvaluationEffect(
        n=float(n),
        units=units,
        half_width=(high - low) / 2,
        parts={name: unit * float(np.sqrt(v)) for name, v in variance.items()},
        asked=asked,
        value=value,
        low=min(float(ends[0]), value),
        high=max(float(ends[1]), value),
        part=part,
        part_low=part * float(np.sqrt(curve.evaluation_range[0])),
        part_high=part * float(np.sqrt(curve.evaluation_range[1])),
        caveats=tuple(caveats),
    )


def _round(value: float) -> int:
    """Round to two significant digits."""
    if value < 10:
        return max(2, round(value))
    digits = 1 - int(np.floor(np.log10(value)))
    return int(round(value, digits))
