"""The form of a learning curve: families fitted exactly, their average, and what none can follow.

*Fit*: given the shape of a family the rest is weighted least squares, so that all shapes of a grid
are tried, for many data sets at once, and nothing can fail to converge.

*Average*: families are weighed, by Akaike for F1(n), and none is ruled out.

*Departure*: learning curves of real text are not of any family's form: a tagger may find nothing
before it has seen some hundred sentences and then rise twice. The curve is therefore a family's
plus a smooth departure from it, a Gaussian process in log n whose size is inferred from what is
left over at the sizes studied, beyond what runs scatter. Where the family fits, nearly nothing is
added.

Sources of the departure: O'Hagan, Curve fitting and optimal design for prediction, JRSS B 1978 (a
departure from a regression as a Gaussian process); Kennedy & O'Hagan, Bayesian calibration of
computer models, JRSS B 2001 (model discrepancy); Journel & Huijbregts, Mining Geostatistics, 1978,
chapter VII (conditional simulation: a free draw, corrected by what it misses where something was
observed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._curves.families import F1_FAMILIES, POWER_LAW, Family

_CANNOT = "a curve needs at least two sizes, all positive, with positive weights"

_LEAST_WEIGHT = 0.05
"""No family of curves is ruled out by a few dozen runs: each keeps at least this weight."""

LENGTH = 0.8
"""In log n: how far apart two sizes are before a departure at one says little about the other."""

SCALES = np.array([0.0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0])
"""Standard deviations of the departure that are held possible, in logits of F1."""

TYPICAL = 0.1
"""Half of all departures are taken to be smaller before anything is seen (half-Cauchy prior)."""


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


def departures(
    sizes: Array,
    grid: Array,
    residual: Array,
    errors: Array,
    variance: Array,
    tangent: Array,
    rng: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """Draw how the curve departs from the family's, given what is left over at the sizes studied.

    Parameters
    ----------
    sizes : ndarray, shape (sizes,)
        Increasing.
    grid : ndarray, shape (points,)
        Where departures are wanted; `sizes` are among them.
    residual : ndarray, shape (sizes,)
        Mean logit F1 less the family's.
    errors : ndarray, shape (draws, sizes)
        What is left over of each draw of the errors of these means, less the draw's own curve.
    variance : ndarray, shape (sizes,)
        The variance of the means, from runs alone.
    tangent : ndarray, shape (sizes, parameters)
        How the family's logit F1 changes with its parameters.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    departure : ndarray, shape (points,)
        Expected, in logits.
    draws : ndarray, shape (draws, points)
    alone : ndarray, shape (draws, points)
        The same where the means are taken to be without error: what is unknown of the form.
    """
    between = _kernel(grid, grid)
    at = np.searchsorted(grid, sizes)
    share = posterior(between[np.ix_(at, at)], residual, variance, tangent)
    root = np.linalg.cholesky(between + 1e-8 * np.eye(len(grid)))
    chosen = rng.choice(len(SCALES), size=len(errors), p=share)
    free = rng.standard_normal((len(errors), len(grid))) @ root.T
    expected, draws = np.zeros(len(grid)), np.zeros((len(errors), len(grid)))
    alone = np.zeros_like(draws)
    for index, scale in enumerate(SCALES):
        if scale == 0:
            continue
        cross = scale**2 * between[:, at]
        gain = np.linalg.solve(cross[at] + np.diag(variance), cross.T).T
        expected += share[index] * (gain @ residual)
        rows = np.flatnonzero(chosen == index)
        loose = scale * free[rows]
        alone[rows] = loose + (residual - loose[:, at]) @ gain.T
        draws[rows] = alone[rows] + errors[rows] @ gain.T
    return expected, draws, alone


def posterior(between: Array, residual: Array, variance: Array, tangent: Array) -> Array:
    """Return the probability of each of `SCALES`: restricted likelihood times prior.

    Parameters
    ----------
    between : ndarray, shape (sizes, sizes)
        Correlation of the departure.
    residual, variance, tangent
        As for `departures`.
    """
    left, singular, _ = np.linalg.svd(tangent)
    rank = int((singular > 1e-6 * max(singular.max(initial=0.0), 1e-300)).sum())
    free = left[:, rank:]
    z = free.T @ residual
    logs = np.zeros(len(SCALES))
    for index, scale in enumerate(SCALES):
        covariance = free.T @ (scale**2 * between + np.diag(variance)) @ free
        _, log_determinant = np.linalg.slogdet(covariance)
        logs[index] = -0.5 * (log_determinant + z @ np.linalg.solve(covariance, z))
    edges = np.concatenate([[0.0], (SCALES[1:] + SCALES[:-1]) / 2, [1.5 * SCALES[-1]]])
    prior = np.diff(np.arctan(edges / TYPICAL))
    share = prior * np.exp(logs - logs.max())
    return np.asarray(share / share.sum())


def tangent(model: Fits, sizes: Array) -> Array:
    """Return how a fitted curve's logit F1 changes with its parameters, (sizes, parameters)."""
    shape, theta = model.family.shape, model.theta[0]
    columns = [np.ones_like(sizes), -shape(sizes, theta)]
    for k, value in enumerate(theta):
        step = np.zeros_like(theta)
        step[k] = 1e-3 * value
        up, down = (shape(sizes, theta + sign * step) for sign in (1, -1))
        columns.append(-model.b[0] * (up - down) / 2e-3)
    f1 = np.clip(model.at(sizes)[0], 1e-3, 1 - 1e-3)
    return np.column_stack(columns) / (f1 * (1 - f1))[:, None]


def _kernel(a: Array, b: Array) -> Array:
    distance = np.subtract.outer(np.log(a), np.log(b)) / LENGTH
    return np.asarray(np.exp(-0.5 * distance**2))
