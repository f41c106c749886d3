"""The exact fit of a family of learning curves: all shapes of a grid, many data sets at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from suffice.stats._arrays import Array
from suffice.stats._curves.families import Family

_CANNOT = "a curve needs at least two sizes, all positive, with positive weights"


class Linear(NamedTuple):
    """The linear part of each data set and shape, and how far the curve is off.

    a, b and excess have the shape (data sets, shapes), square that of (data sets, 1). The weighted
    mean of squared residuals is ``excess + square``: which shape is best shows in the first part,
    where the second would drown it in rounding.
    """

    a: Array
    b: Array
    excess: Array
    square: Array

    @property
    def loss(self) -> Array:
        """Return the weighted mean of squared residuals, shape (data sets, shapes)."""
        return np.maximum(self.excess + self.square, 0.0)


@dataclass(frozen=True)
class Fits:
    """The best curve of one family for each data set.

    Parameters
    ----------
    family : Family
        The family.
    a, b : ndarray, shape (data sets,)
        Plateau (at most 1) and height of the rise (at least 0), in F1.
    theta : ndarray, shape (data sets, shape parameters)
        The shape.
    loss : ndarray, shape (data sets,)
        Weighted mean of squared residuals.
    """

    family: Family
    a: Array
    b: Array
    theta: Array
    loss: Array

    def at(self, n: Array) -> Array:
        """Return F1 at these sizes, shape (data sets, sizes), between 0 and 1."""
        unique, where = np.unique(self.theta, axis=0, return_inverse=True)
        shapes = self.family.shapes(np.asarray(n, dtype=float), unique)
        values = self.a[:, None] - self.b[:, None] * shapes[where.ravel()]
        return np.clip(values, 0.0, 1.0)


def fit_family(y: Array, n: Array, weights: Array, family: Family) -> Fits:
    """Fit one family to every data set by weighted least squares, with a <= 1 and b >= 0.

    Parameters
    ----------
    y : ndarray, shape (data sets, sizes) or (sizes,)
        F1 at each size.
    n : ndarray, shape (sizes,)
        Training-set sizes, above 0.
    weights : ndarray, shape (sizes,) or (data sets, sizes)
        Inverse variances, up to a factor.
    family : Family
        The family.

    Returns
    -------
    Fits

    Raises
    ------
    ValueError
        Where there are fewer than two distinct sizes, or a number is not finite.
    """
    y, n, weights = np.atleast_2d(y), np.asarray(n, dtype=float), np.asarray(weights, dtype=float)
    if not (np.isfinite(n).all() and np.isfinite(y).all() and np.isfinite(weights).all()):
        raise ValueError("sizes, F1 and weights must be finite")
    if len(np.unique(n)) < 2 or (n <= 0).any() or (weights < 0).any():
        raise ValueError(_CANNOT)
    thetas, shapes = _shapes(family, tuple(n.tolist()))
    found = solve_linear(y, weights, shapes, family)
    best = found.excess.argmin(axis=1)
    rows = np.arange(len(best))
    return Fits(
        family, found.a[rows, best], found.b[rows, best], thetas[best], found.loss[rows, best]
    )


def solve_linear(
    y: Array, weights: Array, shapes: Array, family: Family, *, bounded: bool = True
) -> Linear:
    """Solve for a and b by weighted least squares under the bounds.

    Parameters
    ----------
    y : ndarray, shape (data sets, sizes)
    weights : ndarray, shape (sizes,) or (data sets, sizes)
        At least 0.
    shapes : ndarray, shape (shapes, sizes)
        Values of g.
    family : Family
        Whether it has a top, and where it starts.
    bounded : bool
        Whether ``a <= 1`` and ``b >= 0`` (where the curve has a top); else any.
    """
    w = weights / weights.sum(axis=-1, keepdims=True)
    if w.ndim == 1:  # moments of the shapes are those of all data sets
        mean_g, mean_gg = shapes @ w, (shapes**2) @ w
        centre, square = (y @ w)[:, None], ((y**2) @ w)[:, None]
        cross = y @ (shapes * w).T
    else:
        mean_g, mean_gg = w @ shapes.T, w @ (shapes**2).T
        weighted = w * y
        centre = weighted.sum(axis=1, keepdims=True)
        square = (weighted * y).sum(axis=1, keepdims=True)
        cross = weighted @ shapes.T
    squares = np.maximum(mean_gg, 1e-300)
    spread = mean_gg - mean_g**2
    usable = spread > 1e-14 * squares

    def capped() -> Array:
        slope = (mean_g - cross) / squares  # a = 1
        return np.maximum(slope, 0.0) if bounded else slope

    if family.top == "one":
        slope = capped()
        top = np.ones_like(slope)
    else:
        slope = (centre * mean_g - cross) / np.where(usable, spread, np.inf)
        if bounded:
            slope = np.maximum(slope, 0.0)
        top = centre + slope * mean_g
        if bounded and family.top == "free":
            over = top > 1
            slope, top = np.where(over, capped(), slope), np.where(over, 1.0, top)
        if family.starts_at_zero:
            below = slope > top  # then a = b: a (1 - g)
            both = np.maximum(1 - 2 * mean_g + mean_gg, 1e-300)
            level = np.clip((centre - cross) / both, 0.0, 1.0 if bounded else None)
            slope, top = np.where(below, level, slope), np.where(below, level, top)
    excess = top * (top - 2 * centre) + slope * (2 * cross + slope * mean_gg - 2 * top * mean_g)
    return Linear(top, slope, excess, square)


@lru_cache(maxsize=64)
def _shapes(family: Family, sizes: tuple[float, ...]) -> tuple[Array, Array]:
    """Return the shapes to try, and their values at these sizes: a study asks again and again."""
    thetas = family.grid(min(sizes), max(sizes))
    return thetas, family.shapes(np.array(sizes), thetas)
