"""Check and scale what a regression is given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.stats._arrays import Array


def checked(
    y: ArrayLike, predictors: Mapping[str, ArrayLike]
) -> tuple[Array, Array, tuple[str, ...]]:
    """Return response (n,), predictors (n, k) and their names, or say what is wrong.

    Raises
    ------
    ValueError
        No predictors, unequal lengths, values that are not finite, a constant column, exact
        collinearity, or fewer rows than parameters + 2.
    """
    if not predictors:
        raise ValueError("a regression needs at least one predictor")
    if "(Intercept)" in predictors:
        raise ValueError("the constant is added by itself: name no predictor (Intercept)")
    columns = {"the response": y, **{f"predictor {k}": v for k, v in predictors.items()}}
    arrays = {}
    for name, values in columns.items():
        array = np.asarray(values, dtype=np.float64)
        if array.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional, not of shape {array.shape}")
        bad = int((~np.isfinite(array)).sum())
        if bad:
            raise ValueError(f"{name} holds {bad} values that are not finite; leave them out first")
        arrays[name] = array
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns differ in length: {lengths}")
    n, parameters = len(arrays["the response"]), len(predictors) + 1
    if n < parameters + 2:
        raise ValueError(
            f"{n} rows are too few for {parameters} parameters: at least {parameters + 2}"
        )
    for name, array in arrays.items():
        if np.ptp(array) <= 1e-13 * np.abs(array).max():
            raise ValueError(f"{name} is constant, so there is nothing to estimate")
    matrix = np.column_stack([arrays[f"predictor {k}"] for k in predictors])
    names = tuple(predictors)
    unit = scaled(matrix) / np.sqrt(n - 1)
    for k in range(1, unit.shape[1]):
        before = unit[:, :k]
        found = np.linalg.lstsq(before, unit[:, k], rcond=None)[0]
        if np.linalg.norm(unit[:, k] - before @ found) < 1e-7:
            raise ValueError(
                f"predictor {names[k]} is an exact linear combination of "
                f"{', '.join(names[:k])} (exact collinearity): leave one out"
            )
    return arrays["the response"], matrix, names


def scaled(values: Array) -> Array:
    """Centre columns and divide them by their sd (n - 1), as R's ``scale()``."""
    centred = values - values.mean(axis=0)
    centred = centred - centred.mean(axis=0)  # nearly constant columns lose digits in one pass
    return np.asarray(centred / centred.std(axis=0, ddof=1))


def group_numbers(groups: ArrayLike | None, n: int) -> NDArray[np.int64] | None:
    """Return each of n rows the number of its group, if there are groups."""
    if groups is None:
        return None
    values = np.asarray(groups)
    if values.shape != (n,):
        raise ValueError(f"groups must hold one value a row ({n}), not shape {values.shape}")
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
