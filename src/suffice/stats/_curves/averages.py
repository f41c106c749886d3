"""Families of learning curves averaged by Akaike weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._curves.families import F1_FAMILIES, POWER_LAW, Family
from suffice.stats._curves.grid_fit import Fits, fit_family

_LEAST_WEIGHT = 0.05
"""No family of curves is ruled out by a few dozen runs: each keeps at least this weight."""


def fit_families(f1: Array, n: Array, weights: Array) -> tuple[list[Fits], Array]:
    """Fit every family that so many sizes can tell apart, and weigh them by Akaike.

    Parameters
    ----------
    f1 : ndarray, shape (1, sizes)
        Mean F1 of the runs of each size.
    n : ndarray, shape (sizes,)
        Increasing.
    weights : ndarray, shape (sizes,)
        Inverse variances of these means.

    Returns
    -------
    list of Fits
        One a family.
    ndarray, shape (families,)
        Their weights, which add up to 1.
    """
    families = [f for f in F1_FAMILIES if len(n) > f.free] or [POWER_LAW]
    models = [fit_family(f1, n, weights, family) for family in families]
    chi_square = np.array([m.loss[0] for m in models]) * weights.sum()
    parameters = np.array([m.family.free for m in models])
    # With the variance known only from the same runs, misfit common to all families is not theirs.
    scale = max(1.0, float(chi_square.min()) / max(1, len(n) - int(parameters.min())))
    return models, weigh(-0.5 * (chi_square / scale + 2 * parameters), _LEAST_WEIGHT)


def weigh(logs: Array, least: float, times: Array | float = 1.0) -> Array:
    """Return weights of families that add up to 1.

    Parameters
    ----------
    logs : ndarray, shape (families,)
        Logarithms of what the weights are proportional to: minus half of AIC (Burnham & Anderson,
        Model Selection and Multimodel Inference, 2002, equation 2.9), or how well each forecasts.
    least : float
        No family has less.
    times : ndarray, shape (families,)
        How many families are this same curve, and share one weight.
    """
    share = np.exp(logs - logs.max()) / times
    share = np.maximum(share / share.sum(), least)
    return share / share.sum()


def refit(
    f1: Array,
    n: Array,
    weights: Array,
    families: Sequence[Family],
    choice: NDArray[np.int_],
    grid: Array,
) -> Array:
    """Refit each draw's chosen family; shape (draws, grid)."""
    draws = np.empty((len(f1), len(grid)))
    for index, family in enumerate(families):
        rows = np.flatnonzero(choice == index)
        if len(rows):
            draws[rows] = fit_family(f1[rows], n, weights, family).at(grid)
    return draws
