"""Families of learning curves fitted to the means of runs, and averaged."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from suffice.stats._curves import families as curves

Array = NDArray[np.float64]

_LEAST_WEIGHT = 0.05
"""No family of curves is ruled out by a few dozen runs: each keeps at least this weight."""


def by_size(values: Array, where: NDArray[np.int_]) -> Array:
    """Return the mean over the runs of each size.

    Parameters
    ----------
    values : ndarray, shape (..., runs)
        F1, or errors of F1.
    where : ndarray of int, shape (runs,)
        The number of each run's size, from 0.

    Returns
    -------
    ndarray, shape (..., sizes)
    """
    count = int(where.max()) + 1
    member = np.zeros((len(where), count))
    member[np.arange(len(where)), where] = 1.0
    return values @ (member / member.sum(axis=0))


def families(sizes: Array, f1: Array, weights: Array) -> tuple[list[curves.Fits], Array]:
    """Fit every family that so many sizes can tell apart, and weigh them by Akaike.

    Parameters
    ----------
    sizes : ndarray, shape (sizes,)
        Increasing.
    f1 : ndarray, shape (1, sizes)
        Mean F1 of the runs of each size.
    weights : ndarray, shape (sizes,)
        Inverse variances of these means.

    Returns
    -------
    list of Fits
        One a family.
    ndarray, shape (families,)
        Their weights, which add up to 1.
    """
    models = [fit_many(sizes, f1, weights, family) for family in curves.families(len(sizes))]
    chi_square = np.array([m.sse[0] for m in models]) * weights.sum()
    parameters = np.array([m.family.parameters for m in models])
    # With the variance known only from the same runs, misfit common to all families is not theirs.
    scale = max(1.0, float(chi_square.min()) / max(1, len(sizes) - int(parameters.min())))
    share = curves.akaike(chi_square, np.asarray(scale), parameters)
    share = np.maximum(share, _LEAST_WEIGHT)
    return models, share / share.sum()


def refit(
    sizes: Array,
    f1: Array,
    weights: Array,
    families: list[curves.Family],
    choice: NDArray[np.int_],
    grid: Array,
) -> Array:
    """Refit each replicate's chosen family; shape (n_resamples, grid)."""
    draws = np.empty((len(f1), len(grid)))
    for index, family in enumerate(families):
        rows = np.flatnonzero(choice == index)
        if len(rows):
            draws[rows] = fit_many(sizes, f1[rows], weights, family).at(grid)
    return draws


def fit_many(sizes: Array, f1: Array, weights: Array, family: curves.Family) -> curves.Fits:
    """Fit one family to many replicates at once, with the result of `curves.fit`.

    All shapes are tried for all replicates in one product of matrices, and the shapes of the same
    sizes are kept: a study asks for them again and again.

    Parameters
    ----------
    sizes, weights : ndarray, shape (points,)
        Positive, finite.
    f1 : ndarray, shape (n_resamples, points)
        Finite.
    family : Family
        Which.
    """
    grid, shapes = _shapes(family, tuple(sizes.tolist()))
    w = weights / weights.sum()
    mean_g, mean_gg = shapes @ w, (shapes**2) @ w
    spread = mean_gg - mean_g**2
    usable = spread > 1e-14 * np.maximum(mean_gg, 1e-300)
    grid, shapes, mean_g = grid[usable], shapes[usable], mean_g[usable]
    mean_gg, spread = mean_gg[usable], spread[usable]
    if not len(grid):
        raise ValueError("a curve needs at least two sizes, all positive, with positive weights")
    centre = (f1 @ w)[:, None]
    cross = f1 @ (shapes * w).T
    slope = np.maximum((centre * mean_g - cross) / spread, 0.0)
    top = centre + slope * mean_g
    capped = top > 1
    slope = np.where(capped, np.maximum((mean_g - cross) / mean_gg, 0.0), slope)
    top = np.where(capped, 1.0, top)
    sse = top * (top - 2 * centre) + slope * (2 * cross + slope * mean_gg - 2 * top * mean_g)
    best = sse.argmin(axis=1)
    rows = np.arange(len(f1))
    least = sse[rows, best] + (f1**2) @ w
    return curves.Fits(
        family, top[rows, best], slope[rows, best], grid[best], np.maximum(least, 0.0)
    )


@lru_cache(maxsize=64)
def _shapes(family: curves.Family, sizes: tuple[float, ...]) -> tuple[Array, Array]:
    """Return the shapes to try, and their values at these sizes, (shapes, sizes)."""
    grid = family.grid(sizes[0], sizes[-1])
    n = np.array(sizes)
    return grid, np.stack([family.shape(n, theta) for theta in grid])
