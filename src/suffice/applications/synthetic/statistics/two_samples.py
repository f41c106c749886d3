"""Statistics of two samples of units, beside those of two samples of one source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from suffice.stats._arrays import Array

Statistic = Callable[[Array, Array], Array]

_CHUNK = 100


@dataclass(frozen=True)
class ResampledStatistics:
    """A statistic of two samples: as it is, resampled, and without any difference.

    Parameters
    ----------
    estimate : ndarray, shape (statistics,)
        The statistics of the samples.
    draws : ndarray, shape (n_resamples, statistics)
        Estimates from samples whose units were drawn anew, each side from itself.
    same : ndarray, shape (n_resamples, statistics)
        Estimates from two samples that were both drawn from the first, in the sizes of the two.
    """

    estimate: Array
    draws: Array
    same: Array

    def interval(self, column: int, level: float = 0.95) -> tuple[float, float]:
        """Return the quantiles of the draws; NaN where a draw has no value."""
        return _quantiles(self.draws[:, column], level)

    def reference(self, column: int, level: float = 0.95) -> tuple[float, float]:
        """Return the range of the statistic where both samples are of the first source."""
        return _quantiles(self.same[:, column], level)


def resample(
    first: Array, second: Array, statistic: Statistic, *, n_resamples: int = 1000, seed: int = 0
) -> ResampledStatistics:
    """Bootstrap a statistic of the sums over units.

    Parameters
    ----------
    first, second : ndarray, shape (units, columns)
        What is counted in each unit of each sample.
    statistic : callable
        Takes sums of both, shapes (n_resamples, columns), returns shape (n_resamples, statistics).
    n_resamples : int
        Number of draws.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    ResampledStatistics
        Units drawn with replacement (Efron & Tibshirani, An Introduction to the Bootstrap, 1993,
        chapter 8).
    """
    seeds = np.random.SeedSequence(seed).spawn(4)
    own, other = (
        _sums(table, len(table), n_resamples, seeds[k]) for k, table in enumerate((first, second))
    )
    null = [_sums(first, len(t), n_resamples, seeds[2 + k]) for k, t in enumerate((first, second))]
    estimate = statistic(first.sum(axis=0)[None], second.sum(axis=0)[None])[0]
    return ResampledStatistics(estimate, statistic(own, other), statistic(*null))


def largest_gap(first: Array, second: Array) -> Array:
    """Return the largest difference between two distribution functions, of counts in order.

    Parameters
    ----------
    first, second : ndarray, shape (n_resamples, values)
        How often each value occurs, the values in order.

    Returns
    -------
    ndarray, shape (replicates,)
        The statistic of Kolmogorov and Smirnov, 0 to 1; NaN without counts.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        one, two = (np.cumsum(t, axis=1) / t.sum(axis=1, keepdims=True) for t in (first, second))
    return np.asarray(np.abs(one - two).max(axis=1))


def _sums(table: Array, size: int, n_resamples: int, seed: np.random.SeedSequence) -> Array:
    rng = np.random.default_rng(seed)
    n = len(table)
    parts = []
    for start in range(0, n_resamples, _CHUNK):
        rows = min(_CHUNK, n_resamples - start)
        weights = rng.multinomial(size, np.full(n, 1 / n), size=rows).astype(float)
        parts.append(weights @ table)
    return np.concatenate(parts)


def _quantiles(values: Array, level: float) -> tuple[float, float]:
    low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)
