"""A threshold of F1 on training-set size, with documents and not runs as what is sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._f1.errors import errors_by_size
from suffice.stats._f1.scores import logit
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.stats._runs import Runs

LEAST_SIZES = 6


@dataclass(frozen=True)
class DocumentThreshold(Result):
    """Where F1(n) stops rising, if it rises in a straight line and then is flat.

    Parameters
    ----------
    value, low, high : float
        The threshold in documents, and its interval over evaluation documents, pool and runs.
    slope, slope_low, slope_high : float
        F1 for each further document below it, with its interval.
    level : float
        Confidence level of the intervals.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    low: float
    high: float
    slope: float
    slope_low: float
    slope_high: float
    level: float = 0.95
    caveats: tuple[str, ...] = ()


def document_threshold(
    runs: Runs, *, level: float = 0.95, n_resamples: int = 1000, seed: Seed = 0
) -> DocumentThreshold:
    """Estimate the threshold of F1(n) on n (upper hinge), and what documents leave open about it.

    Parameters
    ----------
    runs : Runs
        At `LEAST_SIZES` sizes or more.
    level, n_resamples, seed
        As for `suffice.stats.f1_curve`.

    Returns
    -------
    DocumentThreshold

    Raises
    ------
    ValueError
        Fewer sizes.

    Notes
    -----
    A parametric bootstrap: errors of the means by size, drawn as for the learning curve, are added
    to the fitted hinge, which is then fitted again. Runs share one evaluation set and one pool, so
    that resampling rows would take them for independent. Whether there is a threshold at all is
    another question: `suffice.stats._threshold.range_sensitivity`.
    """
    errors = errors_by_size(runs, n_resamples, seed_sequence(seed), level)
    if len(errors.sizes) < LEAST_SIZES:
        raise ValueError(f"a threshold needs at least {LEAST_SIZES} sizes")
    centre, threshold, slope = _upper_hinge(errors.sizes, errors.observed[None], errors.weights)
    shaken = scipy.special.expit(logit(centre) + sum(errors.parts.values()))
    _, thresholds, slopes = _upper_hinge(errors.sizes, shaken, errors.weights)
    low, high = (float(q) for q in np.quantile(thresholds, tails(level)))
    slope_low, slope_high = (float(q) for q in np.quantile(slopes, tails(level)))
    return DocumentThreshold(
        float(threshold[0]),
        low,
        high,
        float(slope[0]),
        slope_low,
        slope_high,
        level,
        errors.spread.caveats,
    )


def _upper_hinge(sizes: Array, f1: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Fit ``a + b·min(n, e)`` to each row; return fitted values, thresholds and slopes."""
    inside = sizes[1:-1]
    candidates = np.unique(
        np.concatenate([inside, np.linspace(inside[0], inside[-1], 8 * len(inside))])
    )
    w = weights / weights.sum()
    hinge = np.minimum(sizes, candidates[:, None])
    hinge = hinge - (hinge @ w)[:, None]
    spread = (hinge**2) @ w
    centred = f1 - (f1 @ w)[:, None]
    cross = centred @ (hinge * w).T
    best = (cross**2 / spread).argmax(axis=1)
    slope = cross[np.arange(len(f1)), best] / spread[best]
    fitted = (f1 @ w)[:, None] + slope[:, None] * hinge[best]
    return fitted, candidates[best], slope
