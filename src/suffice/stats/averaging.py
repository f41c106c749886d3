"""Families of learning curves fitted to the means of runs, and averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suffice.stats import curves

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
    models = [curves.fit(sizes, f1, weights, family) for family in curves.families(len(sizes))]
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
    """Refit each replicate's chosen family; shape (replicates, grid)."""
    draws = np.empty((len(f1), len(grid)))
    for index, family in enumerate(families):
        rows = np.flatnonzero(choice == index)
        if len(rows):
            draws[rows] = curves.fit(sizes, f1[rows], weights, family).at(grid)
    return draws
