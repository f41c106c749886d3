"""Standard errors of a regression: ordinary, robust, clustered, and for overlapping training sets.

The ordinary ones take every row as equally noisy and independent. HC3 drops the first, clusters and
overlap the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.stats._arrays import Array
from suffice.stats._regression.data import group_numbers
from suffice.stats._regression.overlap import ErrorComponents, error_components

_DETERMINED = 1 - 1e-9
"""A leverage of one, but for rounding."""

KINDS = ("ordinary", "HC3", "clusters", "overlap")


def members(groups: ArrayLike | None, n: int, parameters: int) -> NDArray[np.int64] | None:
    """Return each row the number of its group, or say what is wrong with the groups."""
    numbers = group_numbers(groups, n)
    if numbers is not None and numbers.max() < parameters:
        raise ValueError(
            f"{numbers.max() + 1} groups are too few for clustered errors: "
            f"{parameters} parameters need at least {parameters + 1}"
        )
    return numbers


def all_covariances(
    fit: Any, design: Array, clusters: NDArray[np.int64] | None, overlap: ArrayLike | None
) -> tuple[dict[str, Array], ErrorComponents | None]:
    """Return the covariance of the coefficients of every kind that the data allow.

    Parameters
    ----------
    fit : statsmodels OLS results
    design : (n, q) array
        What was fitted.
    clusters : (n,) int array, optional
    overlap : (n, n) array_like, optional
    """
    out = {"ordinary": np.asarray(fit.cov_params()), "HC3": _hc3(fit, design)}
    if clusters is not None:
        clustered = fit.get_robustcov_results(
            cov_type="cluster", groups=clusters, use_correction=True
        )
        out["clusters"] = np.asarray(clustered.cov_params())
    if overlap is None:
        return out, None
    components = error_components(np.asarray(fit.resid), overlap, design=design)
    solved = np.linalg.solve(design.T @ design, design.T)
    out["overlap"] = solved @ components.matrix @ solved.T
    return out, components


def no_covariances(
    design: Array, clusters: NDArray[np.int64] | None, overlap: ArrayLike | None
) -> dict[str, Array]:
    """Return NaN for every kind of error: an exact fit has no residuals to estimate any from."""
    kinds = ["ordinary", "HC3"]
    kinds += ["clusters"] if clusters is not None else []
    kinds += ["overlap"] if overlap is not None else []
    return {kind: np.full((design.shape[1],) * 2, np.nan) for kind in kinds}


def _hc3(fit: Any, design: Array) -> Array:
    """Return the HC3 covariance; NaN where a row alone determines its fitted value.

    Such a row has no residual to judge its noise by, and HC3 would divide by nothing.
    """
    basis, _ = np.linalg.qr(design)
    if (basis**2).sum(axis=1).max() > _DETERMINED:
        return np.full((design.shape[1],) * 2, np.nan)
    return np.asarray(fit.cov_HC3)


def deviations(covariance: Array) -> Array:
    """Square roots of the diagonal."""
    return np.asarray(np.sqrt(np.maximum(np.diag(covariance), 0)))  # NaN stays NaN


def believed(
    errors: Mapping[str, Array], components: ErrorComponents | None, shared: bool
) -> tuple[str, str]:
    """Say which errors to believe, and why.

    Parameters
    ----------
    errors : mapping of str to (q,) array
        The errors of each kind, the constant first.
    components : ErrorComponents or None
    shared : bool
        Whether rows share documents.
    """

    def ratio(kind: str) -> float:
        return float(np.max(errors[kind][1:] / np.maximum(errors["ordinary"][1:], 1e-300)))

    if np.isnan(errors["ordinary"]).any():
        return (
            "ordinary",
            "No errors can be given: the fit leaves no residuals to estimate them from.",
        )
    if components is not None:
        wide = ratio("overlap")
        words = (
            "Use the overlap-aware errors: they allow for correlated errors of runs that share "
            "training documents; for a slope they are up to {wide:.1f} times the ordinary ones."
        )
        if ratio("HC3") > max(wide, 1.0) * 1.25:
            words += " The robust (HC3) ones are even wider here; use the wider of the two."
        return "overlap", words
    if "clusters" in errors:
        return "clusters", (
            "Use the clustered errors: they allow for correlated errors within a cluster; for a "
            "slope they are up to {ratio('clusters'):.1f} times the ordinary ones."
        )
    if np.isnan(errors["HC3"]).any():
        return "ordinary", (
            "The robust errors (HC3) cannot be given: one row determines its fitted value by "
            "itself, so that its noise is unknown. The ordinary errors assume equal noise in all "
            "rows."
        )
    if shared:
        return "HC3", (
            "Of these errors, use the robust ones (HC3), as a lower bound: runs share documents, "
            "which only overlap-aware errors can account for."
        )
    if ratio("HC3") > 1.25 or ratio("HC3") < 0.8:
        return "HC3", (
            "Use the robust errors (HC3): the spread of the residuals is uneven, so the ordinary "
            "ones are off by a factor of up to {ratio('HC3'):.1f}."
        )
    return "HC3", (
        "Ordinary and robust (HC3) errors agree; use the robust ones, which assume less."
    )
