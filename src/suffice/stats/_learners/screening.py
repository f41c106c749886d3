"""Screen and confirm: the expensive learner's curve, with what the cheap one's runs add to it.

The curve is computed with and without the cheap learner. Which of the two is given is decided by
how far the pairs' deviations from their curves correlate, never by what F1 is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._f1.curve import F1Curve, curve_of
from suffice.stats._f1.errors import SizeErrors, errors_by_size
from suffice.stats._f1.scores import logit_slope
from suffice.stats._learners import control as control_variates
from suffice.stats._learners.control import Control, ControlCoefficient
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.stats._runs import Runs

LEAST_PAIRS = 8
"""Fewer pairs say too little of how far the two learners correlate."""

LEAST_EXPLAINED = 0.05
"""A control that explains less of the scatter than this, cross-fitted, is left aside."""

WIDEST = 1.05
"""With the cheap learner no interval may be wider than this many times the one without it."""

_TOO_FEW = "too few pairs"
_TOO_WEAK = "the pairs correlate too weakly"
_NO_GAIN = "its own scatter adds as much variance as it removes"


@dataclass(frozen=True)
class Screening(Result):
    """What a cheap learner's runs add to the curve of an expensive one.

    Parameters
    ----------
    curve : F1Curve
        F1(n) of the expensive learner: with the cheap one as control, or without.
    alone : F1Curve
        F1(n) of the expensive learner without the cheap one.
    used : bool
        Whether `curve` is the one with the control.
    reason : str
        Why it is not, or "".
    runs, pairs, screen_runs : int
        Runs of the expensive learner; of these, on training sets that the cheap one was trained on;
        runs of the cheap one.
    coefficient : (float, float, float)
        How far the expensive learner's deviation on a training set follows the cheap one's, on the
        logit scale, and its 95 % interval.
    correlation : (float, float, float)
        The correlation of both learners' deviations from their curves on the same training sets,
        and its 95 % interval.
    explained : float
        The share of the expensive learner's scatter that the control explains, cross-fitted.
    at : float
        The size in documents that the next three are for.
    run_ratio : float
        The run part of the variance of F1(n), with the cheap learner over without; 1 where it is
        not used.
    whole_ratio : float
        The same of the whole variance: evaluation documents, pool and the curve's form included.
    worth : float
        Runs of the expensive learner alone that would make the run part as small.
    sizes, placed, run_ratios, whole_ratios : ndarray, shape (sizes,)
        Sizes of the expensive learner's runs, how many there are, and both ratios at each.
    deviations : ndarray, shape (pairs, 3)
        Size, and the deviations of the cheap and of the expensive learner from their curves on the
        logit scale.
    caveats : tuple of str
        What to keep in mind.
    """

    curve: F1Curve
    alone: F1Curve
    used: bool
    reason: str
    runs: int
    pairs: int
    screen_runs: int
    coefficient: tuple[float, float, float]
    correlation: tuple[float, float, float]
    explained: float
    at: float
    run_ratio: float
    whole_ratio: float
    worth: float
    sizes: Array
    placed: NDArray[np.int_]
    run_ratios: Array
    whole_ratios: Array
    deviations: Array = field(repr=False)
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return every field but `curve`, which stands elsewhere, in plain Python types."""
        fields = super().to_dict()
        fields.pop("curve")
        return fields


def screened_curve(
    runs: Runs,
    screen: Runs,
    match: NDArray[np.bool_],
    *,
    reach: float,
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> Screening:
    """Estimate F1(n) of the expensive learner, with the cheap one's runs as control.

    Parameters
    ----------
    runs : Runs
        The runs of the expensive learner: at least 4, at 2 or more sizes.
    screen : Runs
        The runs of the cheap learner, on the same pool and evaluation documents.
    match : ndarray of bool, shape (runs, screen runs)
        Whether a run and a run of the screen share their training set.
    reach, level, n_resamples, seed
        As for `suffice.stats.f1_curve`.

    Returns
    -------
    Screening

    Raises
    ------
    ValueError
        Where there are too few runs or sizes, or `match` has another shape.

    Notes
    -----
    Control variates with an estimated mean: with m of the cheap learner's M sets, correlated by ρ,
    the run part of the variance becomes ``1 - ρ²·(1 - m/M)`` of what it was (Cochran, Sampling
    Techniques, 1977, equation 12.70, double sampling). Coefficients are cross-fitted over training
    sets, and shrunk.
    """
    if match.shape != (len(runs.size), len(screen.size)):
        raise ValueError("match needs a row for each run and a column for each run of the screen")
    if len(runs.size) < 4 or len(np.unique(runs.size)) < 2:
        raise ValueError("a learning curve needs at least 4 runs, at 2 or more sizes")
    errors = errors_by_size(runs, n_resamples, seed_sequence(seed).spawn(1)[0], level)
    alone = curve_of(runs, errors, reach=reach, level=level, seed=seed)
    pairs = int(match.any(axis=1).sum())
    found = slope = None
    if pairs >= LEAST_PAIRS and len(np.unique(screen.size)) > 1:
        found = control_variates.control(runs, screen, match, seed)
        slope = control_variates.coefficient(runs, found, errors.spread)
    curve, reason = alone, ""
    if found is None or slope is None:
        reason = _TOO_FEW
    elif not slope.explained >= LEAST_EXPLAINED or not slope.shrunk > 0:
        reason = _TOO_WEAK
    else:
        with_it = control_variates.adjusted(runs, errors, screen, found, slope, seed, level)
        curve = _drawn_in(curve_of(runs, with_it, reach=reach, level=level, seed=seed), alone)
        if _scatter(with_it) >= _scatter(errors):
            curve, reason = alone, _NO_GAIN
    return _result(runs, screen, pairs, curve, alone, reason, found, slope)


def _scatter(errors: SizeErrors) -> float:
    """Return the run part of the variance of F1, summed over the sizes studied."""
    slope = logit_slope(errors.observed)
    return float((slope**2 * errors.parts["runs"].var(axis=0)).sum())


def _drawn_in(curve: F1Curve, alone: F1Curve) -> F1Curve:
    """Draw in the draws where they are wider than those without the control by more than it may be.

    Two estimates of a width differ by chance and by where on the curve they are, though the control
    takes away from every part of the variance: the wider of them is not the better one.
    """
    width, before = (np.maximum(c.high - c.low, 1e-9) for c in (curve, alone))
    factor = np.minimum(1.0, WIDEST * before / width)
    middle = np.median(curve.draws, axis=0)
    draws = middle + factor * (curve.draws - middle)
    low, high = np.quantile(draws, tails(curve.level), axis=0)
    return replace(curve, draws=draws, low=low, high=high)


def _result(
    runs: Runs,
    screen: Runs,
    pairs: int,
    curve: F1Curve,
    alone: F1Curve,
    reason: str,
    found: Control | None,
    slope: ControlCoefficient | None,
) -> Screening:
    sizes, placed = np.unique(runs.size, return_counts=True)
    at = float(min(runs.pool, alone.grid[-1]))
    ratios = [_ratios(curve, alone, n) if not reason else (1.0, 1.0) for n in (*sizes, at)]
    run_ratio, whole_ratio = ratios[-1]
    nan = float("nan")
    coefficient = correlation = (nan, nan, nan)
    deviations = np.zeros((0, 3))
    if found is not None and slope is not None:
        half = float(scipy.stats.t.ppf(0.5 + curve.level / 2, max(slope.df, 1))) * slope.error
        coefficient = (slope.value, slope.value - half, slope.value + half)
        correlation = _fisher(slope.correlation, slope.df, curve.level)
        deviations = np.column_stack([runs.size, found.x, slope.y])[found.known]
    return Screening(
        curve=curve,
        alone=alone,
        used=not reason,
        reason=reason,
        runs=len(runs.size),
        pairs=pairs,
        screen_runs=len(screen.size),
        coefficient=coefficient,
        correlation=correlation,
        explained=slope.explained if slope is not None else nan,
        at=at,
        run_ratio=run_ratio,
        whole_ratio=whole_ratio,
        worth=len(runs.size) / run_ratio,
        sizes=sizes,
        placed=placed,
        run_ratios=np.array([r for r, _ in ratios[:-1]]),
        whole_ratios=np.array([w for _, w in ratios[:-1]]),
        deviations=deviations,
        caveats=_caveats(reason, pairs, correlation),
    )


def _ratios(curve: F1Curve, alone: F1Curve, n: float) -> tuple[float, float]:
    """Return the ratios of the run part of the variance, and of the whole."""
    (_, low, high), (_, low_alone, high_alone) = curve.at(n), alone.at(n)
    runs = curve.part_at("runs", n) / max(alone.part_at("runs", n), 1e-9)
    return runs**2, ((high - low) / max(high_alone - low_alone, 1e-9)) ** 2


def _fisher(value: float, df: int, level: float) -> tuple[float, float, float]:
    """Return a partial correlation with its interval by Fisher's z."""
    z = np.arctanh(np.clip(value, -0.999, 0.999))
    half = float(scipy.stats.norm.ppf(0.5 + level / 2)) / np.sqrt(max(df - 1, 1))
    return float(value), float(np.tanh(z - half)), float(np.tanh(z + half))


def _caveats(reason: str, pairs: int, correlation: tuple[float, float, float]) -> tuple[str, ...]:
    if not reason:
        return ()
    if reason == _TOO_FEW:
        return (f"the screen is not used: {pairs} pairs are too few, {LEAST_PAIRS} at the least",)
    told = f"correlation {correlation[0]:.2f}, {correlation[1]:.2f} to {correlation[2]:.2f}"
    return (f"the screen is not used: {reason} ({told})",)
