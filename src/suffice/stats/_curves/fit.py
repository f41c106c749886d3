"""Fit one family of learning curves: an exact grid, then a refinement from its best points.

Nothing can fail to converge without being said: the grid always has a best point, and every fit
carries a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._curves.families import FAMILIES, Family
from suffice.stats._curves.form import solve_linear
from suffice.stats._exact import above_rounding

CONVERGED, AT_BOUND, FLAT = "converged", "at bound", "flat"

_STARTS = 3


@dataclass(frozen=True, eq=False)
class LearningCurveFit(Result):
    """One fitted learning curve.

    Attributes
    ----------
    family, formula : str
    n : int
        Rows.
    parameters : mapping of str to float
        a, b, then those of the shape.
    plateau : float
        F1 that the curve tends to: a; 1 where the family fixes it or has no end below it.
    sse : float
        Weighted sum of squares.
    rmse : float
        Root mean weighted square of the residuals.
    aic : float
        With sigma as a parameter.
    status : str
        ``converged``; ``at bound`` (a parameter of the shape ran to the end of its range: it is not
        determined by these data, the curve in their range is); or ``flat`` (no rise).
    caveats : tuple of str
    """

    family: str
    formula: str
    n: int
    parameters: Mapping[str, float]
    plateau: float
    sse: float
    rmse: float
    aic: float
    status: str
    caveats: tuple[str, ...] = ()
    _theta: Array = field(repr=False, default_factory=lambda: np.empty(0))
    _bounded: bool = field(repr=False, default=True)

    def at(self, n: ArrayLike) -> Array:
        """Return the curve at sizes above 0, cut off at 0 and 1 if it was fitted within bounds."""
        sizes = np.asarray(n, dtype=np.float64)
        g = FAMILIES[self.family].shape(sizes, self._theta)
        values = self.parameters["a"] - self._b * g
        return np.clip(values, 0.0, 1.0) if self._bounded else np.asarray(values)

    @property
    def _b(self) -> float:
        """The factor of g, which for pow4 is b scaled by d^c."""
        b = self.parameters["b"]
        if self.family == "pow4":
            return b * self._theta[1] ** -self._theta[0]
        return b

    def _title(self) -> str:
        return f"Learning curve {self.family}: {self.formula} (n = {self.n}, {self.status})"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("", "estimate"), [*self.parameters.items(), ("residual SD", self.rmse)]


def checked_runs(
    y: ArrayLike, n: ArrayLike, weights: ArrayLike | None
) -> tuple[Array, Array, Array]:
    """Return sizes, responses and weights as arrays, or say what is wrong with them."""
    sizes, values = np.asarray(n, dtype=np.float64), np.asarray(y, dtype=np.float64)
    w = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    if sizes.ndim != 1 or sizes.shape != values.shape or w.shape != values.shape:
        raise ValueError(
            f"sizes, F1 and weights must have one length: {sizes.shape}, {values.shape}, {w.shape}"
        )
    if not (np.isfinite(sizes).all() and np.isfinite(values).all() and np.isfinite(w).all()):
        raise ValueError("sizes, F1 and weights must be finite; leave out what is not")
    if sizes.min(initial=1) <= 0 or w.min(initial=1) <= 0:
        raise ValueError("sizes and weights must be above 0")
    if len(np.unique(sizes)) < 2:
        raise ValueError("a learning curve needs at least two sizes")
    return sizes, values, w


def fit_learning_curve(
    y: ArrayLike,
    n: ArrayLike,
    family: str = "pow3",
    *,
    weights: ArrayLike | None = None,
    bounded: bool = True,
) -> LearningCurveFit:
    """Fit one family by weighted least squares.

    Parameters
    ----------
    y : (m,) array_like
        F1 of each run.
    n : (m,) array_like
        Training-set sizes, above 0.
    family : str
        One of pow2, pow3, pow4, exp2, exp3, weibull, janoschek, mmf and log.
    weights : (m,) array_like, optional
        Inverse variances up to a factor.
    bounded : bool
        Whether the curve must rise and tend to at most 1.

    Returns
    -------
    LearningCurveFit

    Raises
    ------
    ValueError
        An unknown family; unequal lengths, values that are not finite, sizes or weights not above
        0; fewer distinct sizes than the family has parameters.

    Notes
    -----
    Separable least squares: Golub G, Pereyra V. SIAM J Numer Anal 1973;10:413-432.

    Examples
    --------
    >>> import numpy as np
    >>> n = np.array([10, 20, 40, 80, 160, 320])
    >>> fit = fit_learning_curve(0.9 - 1.5 * n**-0.5, n)
    >>> round(fit.parameters["c"], 3), round(fit.plateau, 3)
    (0.5, 0.9)
    """
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r}: choose one of {', '.join(FAMILIES)}")
    shape = FAMILIES[family]
    sizes, values, w = checked_runs(y, n, weights)
    distinct = len(np.unique(sizes))
    if distinct < shape.free:
        raise ValueError(
            f"{family} has {shape.free} parameters: {distinct} distinct sizes are too few"
        )
    w = w / w.mean()
    theta, at_bound = _search(*_collapsed(sizes, values, w), shape, bounded)
    g = shape.shape(sizes, theta)
    solved = solve_linear(values[None], w, g[None], shape, bounded=bounded)
    a, b = float(solved.a[0, 0]), float(solved.b[0, 0])
    residual = values - (a - b * g)
    sse = float(w @ residual**2)
    status = AT_BOUND if at_bound else CONVERGED
    caveats: tuple[str, ...] = ()
    if abs(b) * float(np.ptp(g)) <= 1e-9:
        status = FLAT
        caveats = ("F1 does not rise over these sizes: the shape of the curve means nothing.",)
    elif at_bound:
        caveats = (
            f"The data do not determine the shape of {family}: a parameter ran to the end of its "
            "range, so plateau and extrapolation are those of a limiting curve.",
        )
    m = len(values)
    shown = b * theta[1] ** theta[0] if family == "pow4" else b
    total = float(w @ (values - w @ values / w.sum()) ** 2)
    log_sse = float(np.log(2 * np.pi * above_rounding(sse, total) / m)) + 1
    return LearningCurveFit(
        family=family,
        formula=shape.formula,
        n=m,
        parameters={
            "a": a,
            "b": float(shown),
            **dict(zip(shape.parameters, map(float, theta), strict=True)),
        },
        plateau=a if shape.top == "free" else 1.0,
        sse=sse,
        rmse=float(np.sqrt(sse / m)),
        aic=float(m * log_sse + 2 * (shape.free + 1)),
        status=status,
        caveats=caveats,
        _theta=theta,
        _bounded=bounded,
    )


def _collapsed(sizes: Array, values: Array, w: Array) -> tuple[Array, Array, Array]:
    """Take runs of one size as their mean: the best shape is the same, and found sooner."""
    unique, where = np.unique(sizes, return_inverse=True)
    total = np.bincount(where, w).astype(np.float64)
    return unique, np.bincount(where, w * values) / total, total


def _search(
    sizes: Array, values: Array, w: Array, family: Family, bounded: bool
) -> tuple[Array, bool]:
    """Return the best shape, and whether it lies at the end of its range."""
    from scipy.optimize import minimize, minimize_scalar  # slow to import

    low, high = float(sizes.min()), float(sizes.max())
    grid = family.grid(low, high)
    if not family.parameters:
        return grid[0], False
    solved = solve_linear(values[None], w, family.shapes(sizes, grid), family, bounded=bounded)
    losses = solved.loss[0] * w.sum()
    axes = family.axes(low, high)
    edges = np.log(np.array([(axis[0], axis[-1]) for axis in axes]))
    counts = tuple(len(axis) for axis in axes)
    steps = np.ptp(edges, axis=1) / (np.array(counts) - 1)

    def loss(logs: Array) -> float:
        # residuals, not moments: the refinement must not stop at rounding
        g = family.shape(sizes, np.exp(np.atleast_1d(logs)))
        solved = solve_linear(values[None], w, g[None], family, bounded=bounded)
        rest = values - (solved.a[0, 0] - solved.b[0, 0] * g)
        return float(w @ rest**2)

    best, least = np.log(grid[int(np.argmin(losses))]), np.inf
    for start in _minima(losses.reshape(counts))[:_STARTS]:
        first = np.log(grid[start])
        if len(first) == 1:
            ends = np.clip([first[0] - steps[0], first[0] + steps[0]], *edges[0])
            found = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-9})
        else:
            simplex = np.vstack(
                [first, first + np.diag(np.where(first + steps > edges[:, 1], -1, 1) * steps)]
            )
            found = minimize(
                loss,
                first,
                method="Nelder-Mead",
                bounds=edges,
                options={
                    "xatol": 1e-6,
                    "fatol": 1e-12 * max(float(losses.min()), 1e-12),
                    "maxfev": 300,
                    "initial_simplex": simplex,
                },
            )
        if found.fun < least:
            best, least = np.atleast_1d(found.x), float(found.fun)
    near = 1e-3 * (edges[:, 1] - edges[:, 0])
    at_bound = bool(((best - edges[:, 0] < near) | (edges[:, 1] - best < near)).any())
    return np.exp(best), at_bound


def _minima(table: Array) -> list[int]:
    """Grid points no worse than their neighbours, the best first."""
    padded = np.pad(table, 1, constant_values=np.inf)
    inside = (slice(1, -1),) * table.ndim
    lowest = np.ones(table.shape, dtype=bool)
    for axis in range(table.ndim):
        for shift in (-1, 1):
            lowest &= table <= np.roll(padded, shift, axis=axis)[inside]
    places = np.flatnonzero(lowest.ravel())
    return [int(i) for i in places[np.argsort(table.ravel()[places], kind="stable")]]
