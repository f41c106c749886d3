"""Bootstrap intervals of statistics that are functions of sums over documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._resampling import Seed

Method = Literal["bca", "percentile"]

LEAST_UNITS = 10
"""With fewer documents or groups the interval is given, with a caveat."""

_BLOCK = 1 << 22


@dataclass(frozen=True)
class BootstrapInterval(Result):
    """A statistic with its bootstrap interval.

    Parameters
    ----------
    value, low, high : float
        The estimate and the ends; NaN where undefined.
    units : int
        Documents or groups that were resampled.
    level : float
        Confidence level of the interval.
    method : {"bca", "percentile"}
        How the ends were found.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    low: float
    high: float
    units: int
    level: float = 0.95
    method: Method = "bca"
    caveats: tuple[str, ...] = ()


def bootstrap(
    table: ArrayLike,
    statistic: Callable[[Array], Array],
    *,
    groups: ArrayLike | None = None,
    n_resamples: int = 1000,
    level: float = 0.95,
    method: Method = "bca",
    seed: Seed = 0,
    undefined: str = "there is too little to compare",
) -> BootstrapInterval:
    """Resample documents and return a statistic of their sums with an interval.

    Parameters
    ----------
    table : array_like, shape (documents, ...)
        What each document adds: counts of spans, a contingency table.
    statistic : callable
        Takes sums of shape (k, ...), returns k values.
    groups : array_like of int, shape (documents,), optional
        What belongs together and is resampled together; each document by itself unless given.
    n_resamples : int
        Number of resamples.
    level : float
        Confidence level of the interval, in (0, 1).
    method : {"bca", "percentile"}
        Bias-corrected and accelerated (Efron, J Am Stat Assoc 1987;82:171; the acceleration from
        the jackknife), or plain quantiles.
    seed : int or SeedSequence
        The same seed gives the same interval.
    undefined : str
        Why the statistic is undefined, where it is: what a caveat then says.

    Returns
    -------
    BootstrapInterval
        NaN ends with a caveat where there are fewer than two units, or the statistic is undefined.
        Where all replicates agree, as without any disagreement, there is no interval, and a caveat
        says so: a point would claim that nothing else is possible.
    """
    sums = np.asarray(table, dtype=float)
    if groups is not None and len(sums):
        _, members = np.unique(np.asarray(groups), return_inverse=True)
        joined = np.zeros((int(members.max()) + 1, *sums.shape[1:]))
        np.add.at(joined, members.reshape(-1), sums)
        sums = joined
    n = len(sums)
    whole = sums.sum(axis=0)
    value = float(statistic(whole[None])[0])
    nan = float("nan")
    if not np.isfinite(value):
        return BootstrapInterval(value, nan, nan, n, level, method, (f"undefined, as {undefined}",))
    if n < 2:
        why = "an interval needs at least two documents or groups"
        return BootstrapInterval(value, nan, nan, n, level, method, (why,))
    draws = _draws(sums, statistic, n_resamples, seed)
    lost = ~np.isfinite(draws)
    caveats = []
    if lost.any():
        caveats.append(f"undefined in {lost.mean():.1%} of the bootstrap samples, left out")
        draws = draws[~lost]
    if not len(draws):
        return BootstrapInterval(value, nan, nan, n, level, method, tuple(caveats))
    if np.ptp(draws) == 0:
        why = "no interval, as resampling the documents always gives the same value"
        return BootstrapInterval(value, nan, nan, n, level, method, (why, *caveats))
    if n < LEAST_UNITS:
        caveats.append(f"the interval rests on only {n} documents or groups")
    tails = np.array([(1 - level) / 2, 1 - (1 - level) / 2])
    if method == "bca":
        tails = _corrected(tails, draws, value, statistic(whole - sums))
    low, high = np.quantile(draws, tails)
    return BootstrapInterval(value, float(low), float(high), n, level, method, tuple(caveats))


def _draws(
    sums: Array,
    statistic: Callable[[Array], Array],
    n_resamples: int,
    seed: Seed,
) -> Array:
    n = len(sums)
    flat = sums.reshape(n, -1)
    if isinstance(seed, int) and n * n_resamples <= _BLOCK:  # several statistics of one table
        sampled = _weights(n, n_resamples, seed) @ flat
        return statistic(sampled.reshape(n_resamples, *sums.shape[1:]))
    rng = np.random.default_rng(seed)
    block = max(1, min(n_resamples, _BLOCK // n))
    draws = []
    for start in range(0, n_resamples, block):
        size = min(block, n_resamples - start)
        weights = rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)
        draws.append(statistic((weights @ flat).reshape(size, *sums.shape[1:])))
    return np.concatenate(draws)


@lru_cache(maxsize=2)
def _weights(n: int, n_resamples: int, seed: Seed) -> Array:
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1 / n), size=n_resamples).astype(float)


def _corrected(tails: Array, draws: Array, value: float, without: Array) -> Array:
    """Return the quantiles that BCa takes instead of the plain ones."""
    # Ties with the estimate count half, as for statistics of few values they must.
    below = np.mean(draws < value) + np.mean(draws == value) / 2
    below = min(max(below, 0.5 / len(draws)), 1 - 0.5 / len(draws))
    bias = scipy.special.ndtri(below)
    without = without[np.isfinite(without)]
    gaps = without.mean() - without if len(without) else np.zeros(1)
    spread = float((gaps**2).sum())
    acceleration = float((gaps**3).sum()) / (6 * spread**1.5) if spread > 1e-300 else 0.0
    z = bias + scipy.special.ndtri(tails)
    return np.asarray(scipy.special.ndtr(bias + z / (1 - acceleration * z)), dtype=float)
