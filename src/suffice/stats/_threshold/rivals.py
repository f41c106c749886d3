"""Threshold, straight line, power law and spline side by side: AIC and cross-validation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._exact import gaussian_aic
from suffice.stats._smooth.basis import make_basis
from suffice.stats._smooth.penalised import Penalised, fit_penalised
from suffice.stats._threshold.power import SmoothFamily, power_basis
from suffice.stats._threshold.profile import ThresholdDesign, profile

_KNOTS = 10


def _spline(x: Array, z: Array, y: Array) -> tuple[Penalised, Callable[[Array, Array], Array]]:
    """Fit a spline of x with linear covariates; return the fit and what builds its columns."""
    term = make_basis(x, "tp", min(_KNOTS, len(np.unique(x))))

    def columns(at: Array, beside: Array) -> Array:
        return np.hstack([np.ones((len(at), 1)), beside, term.columns(at)])

    found = fit_penalised(columns(x, z), y, np.ones(len(y)), [term.penalty], [term.rank], "REML")
    return found, columns


def spline_aic(design: ThresholdDesign) -> float:
    """AIC of a penalised spline with the covariates, on the scale of the user's y."""
    found, columns = _spline(design.x, design.z, design.y)
    rest = design.y - columns(design.x, design.z) @ found.coefficients
    n, unit = design.n, design.y_scale**2
    return gaussian_aic(float(rest @ rest) * unit, n * unit, n, found.edf + 1)


def cross_validated_errors(
    design: ThresholdDesign,
    x: Array | None,
    *,
    folds: int,
    repeats: int,
    seed: np.random.SeedSequence,
) -> dict[str, float]:
    """Return the root mean squared error of prediction of each shape in rows it has not seen.

    Parameters
    ----------
    design : ThresholdDesign
    x : (n,) array or None
        Sorted x in the user's units where all are above 0, for the power law.
    folds, repeats : int
    seed : numpy.random.SeedSequence

    Returns
    -------
    dict
        ``threshold``, ``linear``, ``power`` (if `x` is given) and ``smooth``, in units of y.
    """
    rng = np.random.default_rng(seed)
    n = design.n
    squares = dict.fromkeys(
        ("threshold", "linear", *(() if x is None else ("power",)), "smooth"), 0.0
    )
    for _ in range(repeats):
        fold = rng.permutation(np.arange(n) % folds)
        held = fold[None, :] == np.arange(folds)[:, None]
        kinked = _threshold_predictions(design, ~held)
        for k in range(folds):
            out, inside = held[k], ~held[k]
            y = design.y[inside]
            predictions = {"threshold": kinked[k][out]}
            line = np.column_stack([np.ones(n), design.z, design.x])
            predictions["linear"] = line[out] @ np.linalg.lstsq(line[inside], y, rcond=None)[0]
            if x is not None:
                predictions["power"] = _power(x, design.z, y, inside)[out]
            fitted, columns = _spline(design.x[inside], design.z[inside], y)
            at = np.clip(design.x[out], design.x[inside].min(), design.x[inside].max())
            predictions["smooth"] = columns(at, design.z[out]) @ fitted.coefficients
            for name, values in predictions.items():
                squares[name] += float(((design.y[out] - values) ** 2).sum())
    return {
        name: float(np.sqrt(total / (n * repeats))) * design.y_scale
        for name, total in squares.items()
    }


def _threshold_predictions(design: ThresholdDesign, kept: NDArray[np.bool_]) -> list[Array]:
    """Fit each fold's training rows (as weights of 0 and 1) and predict all rows."""
    result = profile(design, kept.astype(np.float64))
    out = []
    for k, rows in enumerate(kept):
        e = design.x[design.starts[result.best[k]]]
        hinge = np.maximum(e - design.x, 0)
        term = (design.x <= e).astype(float) if design.form == "step" else hinge
        columns = np.column_stack([np.ones(design.n), *design.base_columns(), term])
        found = np.linalg.lstsq(columns[rows], design.y[rows], rcond=None)[0]
        out.append(columns @ found)
    return out


def _power(x: Array, z: Array, y: Array, inside: NDArray[np.bool_]) -> Array:
    exponent = SmoothFamily(x[inside], z[inside]).fit(y)[0]
    columns = np.column_stack([np.ones(len(x)), z, power_basis(x, exponent)])
    return np.asarray(columns @ np.linalg.lstsq(columns[inside], y, rcond=None)[0])
