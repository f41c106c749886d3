"""What a family of curves cannot follow.

Learning curves of real text are not of any family's form: a tagger may find nothing before it has
seen some hundred sentences and then rise twice. The curve is therefore a family's plus a smooth
departure from it, a Gaussian process in log n whose size is inferred from what is left over at the
sizes studied, beyond what runs scatter. Where the family fits, nearly nothing is added.

Sources: O'Hagan, Curve fitting and optimal design for prediction, JRSS B 1978 (a departure from a
regression as a Gaussian process); Kennedy & O'Hagan, Bayesian calibration of computer models, JRSS
B 2001 (model discrepancy); Journel & Huijbregts, Mining Geostatistics, 1978, chapter VII
(conditional simulation: a free draw, corrected by what it misses where something was observed).
"""

from __future__ import annotations

import numpy as np

from suffice.stats._arrays import Array
from suffice.stats._curves.grid_fit import Fits

LENGTH = 0.8
"""In log n: how far apart two sizes are before a departure at one says little about the other."""

SCALES = np.array([0.0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0])
"""Standard deviations of the departure that are held possible, in logits of F1."""

TYPICAL = 0.1
"""Half of all departures are taken to be smaller before anything is seen (half-Cauchy prior)."""


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
        The random generator of the draws.

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
