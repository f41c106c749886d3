"""What samples of a given size have in common, in expectation: rarefaction of strings.

How many of a sample's strings another sample has seen depends on the size of both. Here sizes are
set: expectations over all subsets of so many units are computed exactly, without drawing any.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.stats._arrays import Array

Ints = NDArray[np.int_]


def absent(holding: Ints, units: int, size: int) -> Array:
    """Return the probability that none of the units drawn holds a string.

    Parameters
    ----------
    holding : ndarray of int
        Units that hold it, for each string, 0 to `units`.
    units : int
        Units there are.
    size : int
        Units drawn without replacement, 0 to `units`.

    Returns
    -------
    ndarray
        ``C(units - holding, size) / C(units, size)`` (Hurlbert, Ecology 1971;52:577-586).

    Raises
    ------
    ValueError
        Where `size` is out of range.
    """
    if not 0 <= size <= units:
        raise ValueError(f"{size} units cannot be drawn from {units}")
    rest = units - np.asarray(holding)
    possible = rest >= size
    safe = np.where(possible, rest, size)
    logs = scipy.special.gammaln(safe + 1) - scipy.special.gammaln(safe - size + 1)
    logs -= scipy.special.gammaln(units + 1) - scipy.special.gammaln(units - size + 1)
    return np.where(possible, np.exp(logs), 0.0)


def mentions_seen(mentions: Array, holding: Ints, units: int, size: int) -> float:
    """Return the share of mentions whose string a sample of another source is expected to hold.

    Parameters
    ----------
    mentions : ndarray, shape (strings,)
        Mentions of each string here.
    holding : ndarray of int, shape (strings,)
        Units of the other source that hold it.
    units, size : int
        Units of the other source, and how many are drawn.

    Returns
    -------
    float
        NaN without mentions.
    """
    total = mentions.sum()
    if not total:
        return float("nan")
    return float(mentions @ (1 - absent(holding, units, size)) / total)


def types_of(holding: Ints, units: int, size: int) -> float:
    """Return how many different strings so many units are expected to hold."""
    return float((1 - absent(holding, units, size)).sum())


def types_shared(here: Ints, units: int, size: int, there: Ints, others: int, drawn: int) -> float:
    """Return the share of a sample's strings that a sample of another source holds too.

    Parameters
    ----------
    here, there : ndarray of int, shape (strings,)
        Units of each source that hold each string.
    units, others : int
        Units of each source.
    size, drawn : int
        Units drawn from each.

    Returns
    -------
    float
        Expected strings in both over expected strings in the first; NaN without any.
    """
    own = 1 - absent(here, units, size)
    total = own.sum()
    return float(own @ (1 - absent(there, others, drawn)) / total) if total else float("nan")


def types_shared_within(holding: Ints, units: int, size: int) -> float:
    """Return the same for two samples without common units from one source.

    Raises
    ------
    ValueError
        The source has fewer than ``2 · size`` units.
    """
    one, both = absent(holding, units, size), absent(holding, units, 2 * size)
    total = (1 - one).sum()
    return float((1 - 2 * one + both).sum() / total) if total else float("nan")


def jackknife(
    statistic: Callable[[Ints, Ints], Array],
    units: tuple[int, int],
    *,
    blocks: int = 100,
    seed: int = 0,
) -> tuple[Array, Array]:
    """Return statistics of two samples and their standard errors over the units of both.

    Parameters
    ----------
    statistic : callable
        Takes the kept units of each sample (sorted indices), returns an array.
    units : pair of int
        How many units each sample has, at least 2.
    blocks : int
        Units are left out one by one, or in so many blocks where there are more.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    estimate, error : ndarray
        Variances of both sides added; each ``(k - 1)/k · Σ (left out - mean)²`` over its k blocks.
    """
    whole = np.arange(units[0]), np.arange(units[1])
    estimate = np.asarray(statistic(*whole), dtype=float)
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    variance = np.zeros_like(estimate)
    for side in (0, 1):
        k = min(units[side], blocks)
        block = rng.permutation(units[side]) % k
        values = []
        for number in range(k):
            kept = list(whole)
            kept[side] = np.flatnonzero(block != number)
            values.append(statistic(*kept))
        table = np.array(values)
        variance += (k - 1) / k * ((table - table.mean(axis=0)) ** 2).sum(axis=0)
    return estimate, np.sqrt(variance)
