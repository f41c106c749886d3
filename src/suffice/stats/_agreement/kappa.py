"""Kappa: agreement on categories beyond chance, of two raters (Cohen) or of several (Fleiss)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array

Weights = Literal["none", "linear", "quadratic"]
_NAN = float("nan")


@dataclass(frozen=True)
class Kappa(Result):
    """Cohen's kappa of two raters.

    Parameters
    ----------
    value : float
        1 for full agreement, 0 for what chance would give; NaN where undefined.
    se : float
        Large-sample standard error, of which the interval is made.
    low, high : float
        The ends of the interval.
    z, p : float
        Test against 0, with the standard error under the null hypothesis.
    agreement : float
        Share of items with the same category, or the weighted share.
    chance : float
        The share to be expected by chance.
    n : int
        Items.
    weights : {"none", "linear", "quadratic"}
        How much near misses count.
    level : float
        Confidence level of the interval.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    se: float
    low: float
    high: float
    z: float
    p: float
    agreement: float
    chance: float
    n: int
    weights: Weights = "none"
    level: float = 0.95
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class FleissKappa(Result):
    """Fleiss' kappa of several raters.

    Parameters
    ----------
    value : float
        1 for full agreement, 0 for what chance would give; NaN where undefined.
    z, p : float
        Test against 0, with the standard error under the null hypothesis.
    categories : tuple of float
        Kappa of each category against all others, in the order of the columns.
    items, raters : int
        Number of each.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    z: float
    p: float
    categories: tuple[float, ...]
    items: int
    raters: int
    caveats: tuple[str, ...] = ()


def contingency(first: ArrayLike, second: ArrayLike, categories: int) -> Array:
    """Count pairs of categories.

    Parameters
    ----------
    first, second : array_like of int, shape (items,)
        Each rater's category, from 0; negative where there is none, and then the item is left out.
    categories : int
        Number of categories.

    Returns
    -------
    ndarray of float, shape (categories, categories)
        Rows are the first rater's.
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"both raters need one category an item, not {a.shape} and {b.shape}")
    both = (a >= 0) & (b >= 0)
    flat = np.bincount(a[both] * categories + b[both], minlength=categories**2)
    return flat.reshape(categories, categories).astype(float)


def weight_matrix(categories: int, weights: Weights) -> Array:
    """Return how much each pair of ordered categories counts as agreement, in [0, 1]."""
    if weights not in ("none", "linear", "quadratic"):
        raise ValueError(f"weights must be none, linear or quadratic, not {weights!r}")
    if weights == "none" or categories < 2:
        return np.eye(categories)
    steps = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))
    return 1 - (steps / (categories - 1)) ** (1 if weights == "linear" else 2)


def kappa_of(table: ArrayLike, weights: Weights = "none") -> Array:
    """Return Cohen's kappa of one or many tables, without errors or intervals.

    Parameters
    ----------
    table : array_like, shape (..., categories, categories)
        Counts, or weighted sums of counts.
    weights : {"none", "linear", "quadratic"}
        How much near misses count.

    Returns
    -------
    ndarray of float, shape (...)
        NaN where a table is empty or only one category was used.
    """
    counts = np.asarray(table, dtype=float)
    w = weight_matrix(counts.shape[-1], weights)
    total = counts.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        p = counts / total[..., None, None]
        rows, columns = p.sum(axis=-1), p.sum(axis=-2)
        seen = (p * w).sum(axis=(-2, -1))
        chance = np.einsum("...i,ij,...j->...", rows, w, columns)
        return np.where(chance < 1 - 1e-12, (seen - chance) / (1 - chance), np.nan)


def cohen_kappa(table: ArrayLike, *, weights: Weights = "none", level: float = 0.95) -> Kappa:
    """Return Cohen's kappa of a table of two raters' categories.

    Parameters
    ----------
    table : array_like, shape (categories, categories)
        Counts; rows are the first rater's categories, columns the second's, in the same order
        (which matters only with weights); see `contingency`.
    weights : {"none", "linear", "quadratic"}
        How much near misses count.
    level : float
        Confidence level of the interval, in (0, 1).

    Returns
    -------
    Kappa
        NaN with a caveat where there are no items, or only one category was used by both.

    Raises
    ------
    ValueError
        The table is not square, or holds negative counts.

    Notes
    -----
    By statsmodels: Cohen, Educ Psychol Meas 1960;20:37; Fleiss, Cohen & Everitt, Psychol Bull
    1969;72:323, for both standard errors. As R's ``irr::kappa2`` (value, z, p), ``vcd::Kappa``
    (error and interval; its weights are linear) and ``psych::cohen.kappa`` (interval without
    weights). The interval of weighted kappa in ``psych`` 2.2.9 is much narrower than this one and
    wrong: instead of each category's mean weight over the second rater it takes the sum of the
    weights times the share.

    Examples
    --------
    >>> found = cohen_kappa([[20, 5], [10, 15]])
    >>> round(found.value, 3)
    0.4
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"the table must be square, not {counts.shape}")
    if (counts < 0).any() or not np.isfinite(counts).all():
        raise ValueError("the table must hold counts")
    n = float(counts.sum())
    if n == 0:
        return _no_kappa(0, weights, level, _NAN, "no item was rated by both")
    w = weight_matrix(len(counts), weights)
    rows, columns = counts.sum(axis=1) / n, counts.sum(axis=0) / n
    seen, chance = float((counts * w).sum() / n), float(rows @ w @ columns)
    if chance >= 1 - 1e-12:
        return _no_kappa(int(n), weights, level, seen, "only one category was used: undefined")
    from statsmodels.stats.inter_rater import cohens_kappa  # slow to import

    with np.errstate(invalid="ignore", divide="ignore"):
        found = cohens_kappa(counts, weights=1 - w)
    value, se = float(found.kappa), float(np.sqrt(max(0.0, found.var_kappa)))
    z = value / float(found.std_kappa0) if found.std_kappa0 > 0 else _NAN
    half = float(scipy.stats.norm.ppf(0.5 + level / 2)) * se
    caveats = (
        ("no disagreement was seen: the standard error of 0 says nothing",) if seen >= 1 else ()
    )
    return Kappa(
        value,
        se,
        value - half,
        value + half,
        z,
        float(2 * scipy.stats.norm.sf(abs(z))),
        seen,
        chance,
        int(n),
        weights,
        level,
        caveats,
    )


def _no_kappa(n: int, weights: Weights, level: float, seen: float, why: str) -> Kappa:
    chance = _NAN if n == 0 else 1.0
    return Kappa(_NAN, _NAN, _NAN, _NAN, _NAN, _NAN, seen, chance, n, weights, level, (why,))


def fleiss_kappa(counts: ArrayLike) -> FleissKappa:
    """Return Fleiss' kappa of several raters, who may differ from item to item.

    Parameters
    ----------
    counts : array_like of int, shape (items, categories)
        How many raters put each item in each category; every row has the same sum.

    Returns
    -------
    FleissKappa
        NaN with a caveat where there are no items, fewer than two raters, or one category only.

    Raises
    ------
    ValueError
        The rows' sums differ, or there are negative counts.

    Notes
    -----
    Fleiss, Psychol Bull 1971;76:378; the standard error is that of Fleiss, Nee & Landis 1979, as
    in R's ``irr::kappam.fleiss``.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("counts must be a table of items and categories, without negatives")
    items, categories = table.shape
    sums = np.unique(table.sum(axis=1)) if items else np.zeros(1)
    if len(sums) > 1:
        raise ValueError("every item must have the same number of raters")
    raters = int(sums[0])
    if not items or raters < 2:
        why = "needs items with at least two raters each"
        return FleissKappa(_NAN, _NAN, _NAN, (_NAN,) * categories, items, raters, (why,))
    share = table.sum(axis=0) / (items * raters)
    rest = share * (1 - share)
    if rest.sum() <= 1e-15:
        why = "only one category was used: undefined"
        return FleissKappa(_NAN, _NAN, _NAN, (_NAN,) * categories, items, raters, (why,))
    pairs = items * raters * (raters - 1)
    # Of each category: how much pairs of raters differ on it, against chance.
    differ = (table * (raters - table)).sum(axis=0) / pairs
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(rest > 0, 1 - differ / rest, np.nan)
    value = 1 - float(differ.sum() / rest.sum())
    variance = 2 / (rest.sum() ** 2 * pairs)
    variance *= rest.sum() ** 2 - (rest * (1 - 2 * share)).sum()
    z = value / float(np.sqrt(variance)) if variance > 0 else _NAN
    p = float(2 * scipy.stats.norm.sf(abs(z)))
    return FleissKappa(value, z, p, tuple(float(x) for x in own), items, raters)
