"""Families of learning curves, fitted exactly and to many replicates at once.

Every family has the form ``F1(n) = a - b·g(n)`` with a shape ``g`` that falls from 1 (or, for the
logarithm, has no end). Given the shape's own parameters the rest is weighted least squares with
``a <= 1`` and ``b >= 0``, so that the fit is a search over a grid of shapes in which nothing can
fail to converge, and a thousand bootstrap replicates cost little more than one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Family:
    """A family of learning curves.

    Parameters
    ----------
    name : str
        As in Viering & Loog, The Shape of Learning Curves: a Review, TPAMI 2023, table 1.
    formula : str
        For people.
    shape : callable
        ``shape(n, theta)`` with n of shape (sizes,) and theta of shape (parameters,).
    grid : callable
        ``grid(smallest, largest)`` gives the shapes to try, shape (shapes, parameters).
    parameters : int
        Free parameters, a and b included.
    """

    name: str
    formula: str
    shape: Callable[[Array, Array], Array]
    grid: Callable[[float, float], Array]
    parameters: int


def _scales(smallest: float, largest: float, count: int) -> Array:
    return np.geomspace(max(smallest, 0.5) / 3, 12 * largest, count)


def _pairs(first: Array, second: Array) -> Array:
    return np.array([(a, b) for a in first for b in second])


FAMILIES = (
    Family(
        "power law",
        "a − b·n^(−c)",
        lambda n, theta: n ** -theta[0],
        lambda low, high: np.geomspace(0.03, 2.5, 120)[:, None],
        3,
    ),
    Family(
        "exponential",
        "a − b·exp(−(n/τ)^k)",
        lambda n, theta: np.exp(-((n / theta[0]) ** theta[1])),
        lambda low, high: _pairs(_scales(low, high, 24), np.array([0.3, 0.45, 0.65, 1.0])),
        4,
    ),
    Family(
        "Hill",
        "a − b/(1 + (n/k)^d)",
        lambda n, theta: 1 / (1 + (n / theta[0]) ** theta[1]),
        lambda low, high: _pairs(_scales(low, high, 24), np.array([0.5, 0.75, 1.0, 1.5, 2.0])),
        4,
    ),
)
"""The families that are averaged; `POWER_LAW` is the first of them."""

POWER_LAW = FAMILIES[0]


@dataclass(frozen=True)
class Fits:
    """The best curve of one family for each replicate.

    Parameters
    ----------
    family : Family
        Which.
    a, b : ndarray, shape (replicates,)
        Plateau (at most 1) and height of the rise (at least 0), in F1.
    theta : ndarray, shape (n_resamples, shape parameters)
        The shape.
    sse : ndarray, shape (replicates,)
        Weighted sum of squared residuals.
    """

    family: Family
    a: Array
    b: Array
    theta: Array
    sse: Array

    def at(self, sizes: Array) -> Array:
        """Return F1 at these sizes, shape (n_resamples, sizes), never below 0."""
        n = np.asarray(sizes, dtype=float)
        unique, where = np.unique(self.theta, axis=0, return_inverse=True)
        shapes = np.stack([self.family.shape(n, theta) for theta in unique])
        values = self.a[:, None] - self.b[:, None] * shapes[where.ravel()]
        return np.maximum(values, 0.0)


def fit(sizes: Array, f1: Array, weights: Array, family: Family) -> Fits:
    """Fit one family to every replicate by weighted least squares.

    Parameters
    ----------
    sizes : ndarray, shape (points,)
        Training-set sizes, positive.
    f1 : ndarray, shape (n_resamples, points) or (points,)
        F1 at each.
    weights : ndarray, shape (points,)
        Inverse variances, up to a factor.
    family : Family
        Which.

    Returns
    -------
    Fits

    Raises
    ------
    ValueError
        Where there are fewer than two distinct sizes, or a number is not finite.
    """
    n = np.asarray(sizes, dtype=float)
    y = np.atleast_2d(np.asarray(f1, dtype=float))
    w = np.asarray(weights, dtype=float)
    if not (np.isfinite(n).all() and np.isfinite(y).all() and np.isfinite(w).all()):
        raise ValueError("sizes, F1 and weights must be finite")
    if len(np.unique(n)) < 2 or (n <= 0).any() or (w <= 0).any():
        raise ValueError("a curve needs at least two sizes, all positive, with positive weights")
    w = w / w.sum()
    centre = y @ w
    square = (y**2) @ w
    best = np.full(len(y), np.inf)
    a, b, which = np.zeros(len(y)), np.zeros(len(y)), np.zeros(len(y), dtype=int)
    grid = family.grid(float(n.min()), float(n.max()))
    for index, theta in enumerate(grid):
        g = family.shape(n, theta)
        mean_g, mean_gg = float(g @ w), float((g * g) @ w)
        spread = mean_gg - mean_g**2
        if spread <= 1e-14 * max(mean_gg, 1e-300):
            continue
        cross = y @ (w * g)
        slope = np.maximum(-(cross - centre * mean_g) / spread, 0.0)
        top = centre + slope * mean_g
        capped = top > 1
        slope = np.where(capped, np.maximum((mean_g - cross) / mean_gg, 0.0), slope)
        top = np.where(capped, 1.0, top)
        sse = square - 2 * top * centre + 2 * slope * cross + top**2
        sse += slope**2 * mean_gg - 2 * top * slope * mean_g
        better = sse < best
        best = np.where(better, sse, best)
        a, b = np.where(better, top, a), np.where(better, slope, b)
        which = np.where(better, index, which)
    return Fits(family, a, b, grid[which], np.maximum(best, 0.0))


@cache
def families(points: int) -> tuple[Family, ...]:
    """Return the families that so many distinct sizes can tell apart.

    Parameters
    ----------
    points : int
        Distinct training-set sizes.
    """
    return tuple(f for f in FAMILIES if points > f.parameters) or (POWER_LAW,)


def akaike(sse: Array, variance: Array, parameters: Array) -> Array:
    """Return Akaike weights of models with known error variance, shape (models,).

    Parameters
    ----------
    sse : ndarray, shape (models,)
        Sums of squared residuals.
    variance : ndarray or float
        The error variance of one observation on the same scale.
    parameters : ndarray of int, shape (models,)
        Free parameters of each.

    Notes
    -----
    Burnham & Anderson, Model Selection and Multimodel Inference, 2002, equation 2.9.
    """
    criterion = np.asarray(sse, dtype=float) / variance + 2 * np.asarray(parameters, dtype=float)
    weight = np.exp(-0.5 * (criterion - criterion.min()))
    return weight / weight.sum()
