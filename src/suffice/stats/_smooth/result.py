"""What a penalised spline gives: the curve, its bands, its slope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._regression.overlap import ErrorComponents
from suffice.stats._resampling import Seed
from suffice.stats._smooth.basis import Centred
from suffice.stats._smooth.marginal import MarginalReturn, crossing


@dataclass(frozen=True)
class SmoothModel:
    """What is needed to evaluate a fit elsewhere."""

    terms: tuple[Centred, ...]
    held: tuple[float, ...]
    log: bool
    y_middle: float
    y_scale: float
    coefficients: Array
    covariance: Array

    def rows(self, x: Array) -> Array:
        """Design at x, the other terms at their means, shape (m, coefficients)."""
        parts = [np.ones((len(x), 1)), self.terms[0].columns(np.log(x) if self.log else x)]
        for term, value in zip(self.terms[1:], self.held, strict=True):
            parts.append(np.repeat(term.columns(np.array([value])), len(x), axis=0))
        return np.hstack(parts)

    def slope_rows(self, x: Array) -> Array:
        """Its derivative by x."""
        out = np.zeros((len(x), len(self.coefficients)))
        slopes = self.terms[0].slopes(np.log(x) if self.log else x)
        out[:, 1 : 1 + slopes.shape[1]] = slopes / (x[:, None] if self.log else 1.0)
        return out


@dataclass(frozen=True, eq=False)
class Smooth(Result):
    """A smooth curve with its bands and its slope.

    Attributes
    ----------
    predictor : str
    n : int
        Rows.
    basis, method : str
        ``tp`` or ``cr``; ``REML`` or ``GCV``.
    k : int
        Dimension of the basis (of each term), before centring.
    log : bool
        Whether the spline is one of log x.
    edf : float
        Effective degrees of freedom of the whole model.
    smoothing : mapping of str to float
        Effective degrees of freedom of each term.
    scale : float
        Residual variance.
    r2 : float
        Share of the variance explained.
    aic : float
        With the effective degrees of freedom and the variance as parameters.
    score : float
        What was minimised: GCV in squared units of y, or the restricted likelihood's negative up to
        a constant.
    level : float
        Coverage of all bands.
    grid : (m,) array
        Values of x, from the least to the largest.
    fit, se : (m,) arrays
        Curve (other terms at the mean of their predictor) and its standard error, Bayesian as in
        mgcv.
    low, high : (m,) arrays
        Pointwise band.
    band_low, band_high : (m,) arrays
        Simultaneous band: covers the whole curve at once.
    critical : float
        Standard errors that the simultaneous band reaches to either side.
    slope, slope_se : (m,) arrays
        Derivative of the curve, per unit of x.
    slope_low, slope_high : (m,) arrays
        Its pointwise band.
    slope_band_low, slope_band_high : (m,) arrays
        Its simultaneous band.
    covariance : str
        ``independent``, or ``overlap`` where errors are correlated as training sets overlap.
    components : ErrorComponents or None
        How the residual variance divides, where overlaps were given.
    seed : int
    weight : float
        Akaike weight of the scale of x, where it was chosen between x and log x; 1 otherwise.
    caveats : tuple of str
    """

    predictor: str
    n: int
    basis: str
    method: str
    k: int
    log: bool
    edf: float
    smoothing: Mapping[str, float]
    scale: float
    r2: float
    aic: float
    score: float
    level: float
    grid: Array
    fit: Array
    se: Array
    low: Array
    high: Array
    band_low: Array
    band_high: Array
    critical: float
    slope: Array
    slope_se: Array
    slope_low: Array
    slope_high: Array
    slope_band_low: Array
    slope_band_high: Array
    covariance: str
    components: ErrorComponents | None
    seed: Seed
    weight: float = 1.0
    caveats: tuple[str, ...] = ()
    _draws: Array = field(repr=False, default_factory=lambda: np.empty((0, 0)))
    _model: SmoothModel | None = field(repr=False, default=None)
    _between: Array | None = field(repr=False, default=None)

    def at(self, x: ArrayLike) -> tuple[Array, Array]:
        """Return the curve and its standard error at x.

        Parameters
        ----------
        x : (m,) array_like
            Within the range of the data.

        Returns
        -------
        fit, se : (m,) arrays

        Raises
        ------
        ValueError
            For x outside the range: a spline knows nothing there.
        """
        points = np.atleast_1d(np.asarray(x, dtype=np.float64))
        slack = 1e-9 * float(np.ptp(self.grid))
        if points.min() < self.grid[0] - slack or points.max() > self.grid[-1] + slack:
            raise ValueError(
                f"x must lie within the range of the data, {self.grid[0]:g} to {self.grid[-1]:g}: "
                "a spline does not extrapolate"
            )
        assert self._model is not None
        m = self._model
        rows = m.rows(points)
        fit = m.y_middle + m.y_scale * (rows @ m.coefficients)
        se = m.y_scale * np.sqrt(quadratic(rows, m.covariance))
        if self._between is not None:
            se = np.hypot(se, np.interp(points, self.grid, self._between))
        return fit, se

    def marginal_return(self, points: float, *, per: float = 100.0) -> MarginalReturn:
        """Find the x from which `per` more units add less than `points` points.

        Parameters
        ----------
        points : float
            Points of the response (hundredths), above 0: 1 is one F1 point.
        per : float
            Units of x that bring them, above 0.

        Returns
        -------
        MarginalReturn

        Raises
        ------
        ValueError
            For points or units not above 0.
        """
        if not (points > 0 and per > 0):
            raise ValueError("points and units must be above 0")
        return crossing(
            self.grid,
            self.slope,
            self._draws,
            points / 100 / per,
            points=points,
            per=per,
            predictor=self.predictor,
            level=self.level,
            caveats=self.caveats,
        )

    def _title(self) -> str:
        scale = f"log {self.predictor}" if self.log else self.predictor
        return f"Smooth of {scale} (n = {self.n}, {self.method}, {self.basis}, k = {self.k})"

    def _summary(self) -> tuple[str, ...]:
        return (
            f"{self.edf:.2f} effective degrees of freedom, R² {self.r2:.4f}, residual SD "
            f"{np.sqrt(self.scale):.4g}; the band covers the whole curve.",
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        share = f"{100 * self.level:g} %"
        header = (self.predictor, "fit", f"{share} from", "to", "band from", "to", "slope x 100")
        shown = np.linspace(0, len(self.grid) - 1, 9).round().astype(int)
        columns = (self.grid, self.fit, self.low, self.high, self.band_low, self.band_high)
        rows = [(*(float(c[i]) for c in columns), 100 * float(self.slope[i])) for i in shown]
        return header, rows


def quadratic(rows: Array, covariance: Array) -> Array:
    """Return the variance of each row's fit."""
    return np.maximum(np.einsum("ij,jk,ik->i", rows, covariance, rows), 0.0)
