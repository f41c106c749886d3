"""Logistic regression with a ridge penalty on sparse features, and its scores out of fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array

STRENGTH = 10.0
"""Weight of the data against the penalty, as scikit-learn's C; usual for texts as unit vectors."""


def fit_logistic(
    features: Any, positive: NDArray[np.bool_], strength: float = STRENGTH
) -> tuple[Array, float]:
    """Fit by maximum penalised likelihood.

    Parameters
    ----------
    features : sparse matrix or ndarray, shape (rows, features)
    positive : ndarray of bool, shape (rows,)
    strength : float
        Above 0; ``strength · Σ log-loss + |coefficients|²/2`` is minimised. The intercept is not
        penalised.

    Returns
    -------
    coefficients : ndarray, shape (features,)
    intercept : float

    Raises
    ------
    ValueError
        One of the two classes is missing.
    """
    from scipy.optimize import minimize  # slow to import

    if positive.all() or not positive.any():
        raise ValueError("both classes are needed")
    sign = np.where(positive, 1.0, -1.0)
    width = features.shape[1]

    def loss(theta: Array) -> tuple[float, Array]:
        margin = sign * (features @ theta[:width] + theta[width])
        slope = -strength * sign * np.exp(-np.logaddexp(0.0, margin))
        value = strength * np.logaddexp(0.0, -margin).sum() + theta[:width] @ theta[:width] / 2
        return float(value), np.append(features.T @ slope + theta[:width], slope.sum())

    options = {"maxiter": 500, "gtol": 1e-5, "ftol": 1e-10}
    found = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", options=options)
    return found.x[:width], float(found.x[width])


def out_of_fold(
    features: Any, positive: NDArray[np.bool_], fold: NDArray[np.int_], strength: float = STRENGTH
) -> Array:
    """Return each row's score by the model that was trained without its fold.

    Parameters
    ----------
    features : sparse matrix or ndarray, shape (rows, features)
    positive : ndarray of bool, shape (rows,)
    fold : ndarray of int, shape (rows,)
    strength : float
        As in `fit_logistic`.

    Returns
    -------
    ndarray, shape (rows,)
        Log odds. Those of different folds come of different models.

    Raises
    ------
    ValueError
        Without some fold one of the two classes is missing.
    """
    scores = np.zeros(len(positive))
    for number in np.unique(fold):
        held = fold == number
        weights, intercept = fit_logistic(features[~held], positive[~held], strength)
        scores[held] = features[held] @ weights + intercept
    return scores
