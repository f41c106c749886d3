"""What all resampling has in common: seeds, levels, and the Bayesian bootstrap with its width.

The Bayesian bootstrap (Rubin DB, Annals of Statistics 1981;9:130) weighs units by exponential
numbers. No weight is zero, so that no resample is without entities. Its variance is U/(U+1) of the
classical bootstrap's, and that variance is known from U units alone: `width` mends both, the second
by Student's t with Satterthwaite's degrees of freedom, since a few long documents may hold most of
the entities.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from suffice.stats._arrays import Array

Ints = NDArray[np.int64]

Seed = int | np.random.SeedSequence

_LEAST_DF = 3.0

_LEAST_UNITS = 8
"""With fewer units nothing is said about the variance that they give."""


def seed_sequence(seed: Seed, *stream: int) -> np.random.SeedSequence:
    """Return a fresh seed sequence; the same for the same seed however often it was used.

    Parameters
    ----------
    seed : int or SeedSequence
        Random seed.
    *stream : int
        Numbers that keep what is drawn for one purpose apart from the rest.
    """
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, *stream))
    return np.random.SeedSequence([seed, *stream] if stream else seed)


def tails(level: float = 0.95) -> list[float]:
    """Return the two probabilities between which an interval of a level lies."""
    tail = round((1 - level) / 2, 12)
    return [tail, round(1 - tail, 12)]


def bayesian_weights(units: int, n_resamples: int, seed: Seed | np.random.Generator) -> Array:
    """Return the weights of units, of mean 1 or about so; shape (n_resamples, units)."""
    return np.random.default_rng(seed).standard_exponential((n_resamples, units))


def degrees_of_freedom(effects: Array) -> float:
    """Return Satterthwaite's degrees of freedom of the variance that units give.

    Few where a few units make most of it; at most ``U - 1`` and, where there are so many units, at
    least 3.

    Parameters
    ----------
    effects : ndarray, shape (units,)
        What each unit does, up to a factor; they add up to 0.

    Notes
    -----
    Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics
    Bulletin 1946;2:110-114.
    """
    error = variance_error(effects)
    most = len(effects) - 1.0
    return max(min(most, 2 / error**2), min(most, _LEAST_DF)) if error > 0 else most


def variance_error(effects: Array) -> float:
    """Return the relative standard error of the variance that units give.

    Parameters
    ----------
    effects : ndarray, shape (units,)
        What each unit does.
    """
    squares = effects**2
    mean = float(squares.mean())
    if not mean > 0:
        return 0.0
    return float(squares.std() / mean / np.sqrt(len(effects)))


def width(units: int, df: ArrayLike, level: float = 0.95) -> Array:
    """Return what deviations of the Bayesian bootstrap are multiplied by.

    Parameters
    ----------
    units : int
        How many are resampled, 2 or more.
    df : array_like
        Degrees of freedom of the variance that they give.
    level : float
        Confidence level of the interval that is then as wide as one by Student's t.
    """
    upper = 0.5 + level / 2
    t = scipy.stats.t.ppf(upper, df) / scipy.stats.norm.ppf(upper)
    return np.asarray(np.sqrt((units + 1) / (units - 1)) * t)


def width_for(effects: Array, level: float = 0.95) -> Array:
    """Return `width` for what each unit does, one for each column of `effects`.

    Parameters
    ----------
    effects : ndarray, shape (units, ...)
        What each unit does; columns are different questions.
    level : float
        See `width`.
    """
    df = np.apply_along_axis(degrees_of_freedom, 0, effects)
    return width(len(effects), df, level)


def resample_mean_effect(
    effects: Array, n_resamples: int, seed: np.random.SeedSequence, level: float = 0.95
) -> Array:
    """Return draws of what units do to a mean, shape (n_resamples, ...).

    Parameters
    ----------
    effects : ndarray, shape (units, ...)
        What each unit does.
    n_resamples : int
        Number of draws; none of them differ from 0 with fewer than two units.
    seed : numpy.random.SeedSequence
        Random seed.
    level : float
        See `width`.
    """
    units = len(effects)
    if units < 2:
        return np.zeros((n_resamples, *effects.shape[1:]))
    weights = bayesian_weights(units, n_resamples, seed)
    weights /= weights.mean(axis=1, keepdims=True)
    return np.asarray(width_for(effects, level) * (weights @ effects))


def resample_ratio(
    counts: ArrayLike,
    n_resamples: int,
    seed: Seed | np.random.Generator = 0,
    level: float = 0.95,
) -> tuple[float, Array]:
    """Return a ratio of two totals, and its draws over units.

    Parameters
    ----------
    counts : array_like, shape (units, 2)
        What each unit adds above and below the line.
    n_resamples : int
        Number of draws.
    seed : int, SeedSequence or Generator
        Random seed.
    level : float
        See `width`.

    Returns
    -------
    ratio : float
        NaN where nothing is below the line.
    draws : ndarray, shape (n_resamples,)
        Not below 0.
    """
    top, whole = np.asarray(counts, dtype=float).T
    ratio = float(top.sum() / whole.sum()) if whole.sum() else float("nan")
    weights = bayesian_weights(len(top), n_resamples, seed)
    with np.errstate(invalid="ignore"):
        draws = (weights @ top) / (weights @ whole)
    if len(top) > 1:
        factor = width_for(top - np.nan_to_num(ratio) * whole, level)
        draws = np.maximum(ratio + factor * (draws - ratio), 0.0)
    return ratio, draws


def variance_range(effects: Array, level: float = 0.95) -> tuple[float, float]:
    """Return the ends of an interval for the variance that units give, over its estimate.

    Parameters
    ----------
    effects : ndarray, shape (units,)
        What each unit does.
    level : float
        Confidence level of the interval.

    Notes
    -----
    Bonett DG. Approximate confidence interval for standard deviation of nonnormal distributions.
    Computational Statistics & Data Analysis 2006;50:775-782, whose kurtosis is taken about a
    trimmed mean; with Student's t at Satterthwaite's degrees of freedom in place of the normal.
    """
    n = len(effects)
    squares = float(((effects - effects.mean()) ** 2).sum())
    if n < _LEAST_UNITS or not squares > 0:
        return 0.0, float("inf")
    normal = float(scipy.stats.norm.ppf(0.5 + level / 2))
    centre = scipy.stats.trim_mean(effects, 1 / (2 * np.sqrt(n - 4)))
    kurtosis = n * float(((effects - centre) ** 4).sum()) / squares**2
    small = n / (n - normal)
    error = small * float(np.sqrt(max(kurtosis - (n - 3) / n, 1e-12) / (n - 1)))
    reach = error * float(scipy.stats.t.ppf(0.5 + level / 2, 2 / error**2))
    return small * float(np.exp(-reach)), small * float(np.exp(reach))
