"""Fits that leave nothing over: what is rounding, and what of a fit means nothing then.

A table of F1 without noise (made by a formula, or with one value repeated) is fitted exactly. The
residual sum of squares is then whatever rounding leaves, 0 or slightly below it included, and
everything that divides by it or takes its logarithm is arbitrary.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from suffice.stats._arrays import Array
from suffice.wording.caveats import Caveat

ROUNDING = 1e-13
"""Share of the response's sum of squares below which the residual one is rounding: residuals of
less than a millionth of the response's spread. What is a difference of two sums loses that much."""

EXACT_CAVEAT = Caveat("exact fit")
"""The caveat of a fit without residuals."""


def is_exact(sse: float, total: float) -> bool:
    """Return whether a fit leaves nothing but rounding.

    Parameters
    ----------
    sse : float
        Residual sum of squares.
    total : float
        That of the response around its mean.
    """
    return bool(sse <= ROUNDING * total)


def above_rounding(sse: Array | float, total: float) -> Array:
    """Return sums of squares of at least what rounding leaves, so that exact fits compare as equal.

    Parameters
    ----------
    sse : float or ndarray
        Residual sums of squares; rounding may have made them negative.
    total : float
        Sum of squares of the response around its mean.
    """
    floor = max(ROUNDING * total, float(np.finfo(np.float64).tiny))
    return np.asarray(np.maximum(sse, floor), dtype=np.float64)


def gaussian_aic(sse: float, total: float, n: int, parameters: float) -> float:
    """Return Akaike's criterion of a least squares fit; NaN where the fit is exact.

    Parameters
    ----------
    sse, total : float
        See `is_exact`.
    n : int
        Rows.
    parameters : float
        Their number, effective ones too, the variance included.
    """
    if is_exact(sse, total):
        return float("nan")
    return float(n * (np.log(2 * np.pi * sse / n) + 1) + 2 * parameters)


def least_aic(aic: Mapping[str, float]) -> str:
    """Return the name of the least AIC; of exact fits (NaN) the first, before all others."""
    return min(aic, key=lambda name: -np.inf if np.isnan(aic[name]) else aic[name])


def exact_fits(aic: Mapping[str, float]) -> list[str]:
    """Return the names of the fits that are exact: those without an AIC."""
    return [name for name, value in aic.items() if np.isnan(value)]
