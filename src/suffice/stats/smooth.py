"""Penalised splines: F1 as a smooth function of a predictor, its bands, its slope.

What a threshold promises and cannot hold, a smooth curve gives honestly: the size from which a
further hundred sentences bring less than so many points (`Smooth.marginal_return`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.stats.overlap import ErrorComponents, error_components
from suffice.stats.result import Result
from suffice.stats.smooth_basis import BASES, Centred, Floats, make_basis
from suffice.stats.smooth_fit import METHODS, Penalised, fit_penalised
from suffice.stats.smooth_marginal import MarginalReturn, crossing

__all__ = ["MarginalReturn", "Smooth", "smooth"]


@dataclass(frozen=True)
class _Model:
    """What is needed to evaluate a fit elsewhere."""

    terms: tuple[Centred, ...]
    held: tuple[float, ...]
    log: bool
    y_middle: float
    y_scale: float
    coefficients: Floats
    covariance: Floats

    def rows(self, x: Floats) -> Floats:
        """Design at x, the other terms at their means, shape (m, coefficients)."""
        parts = [np.ones((len(x), 1)), self.terms[0].columns(np.log(x) if self.log else x)]
        for term, value in zip(self.terms[1:], self.held, strict=True):
            parts.append(np.repeat(term.columns(np.array([value])), len(x), axis=0))
        return np.hstack(parts)

    def slope_rows(self, x: Floats) -> Floats:
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
    grid: Floats
    fit: Floats
    se: Floats
    low: Floats
    high: Floats
    band_low: Floats
    band_high: Floats
    critical: float
    slope: Floats
    slope_se: Floats
    slope_low: Floats
    slope_high: Floats
    slope_band_low: Floats
    slope_band_high: Floats
    covariance: str
    components: ErrorComponents | None
    seed: int
    caveats: tuple[str, ...] = ()
    _draws: Floats = field(repr=False, default_factory=lambda: np.empty((0, 0)))
    _model: _Model | None = field(repr=False, default=None)

    def at(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """Give the curve and its standard error at x.

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
                f"x must lie within the data, {self.grid[0]:g} to {self.grid[-1]:g}: a spline "
                "knows nothing beyond"
            )
        assert self._model is not None
        m = self._model
        rows = m.rows(points)
        fit = m.y_middle + m.y_scale * (rows @ m.coefficients)
        return fit, m.y_scale * np.sqrt(_quadratic(rows, m.covariance))

    def marginal_return(self, points: float, *, per: float = 100.0) -> MarginalReturn:
        """Say from which x on a further `per` units bring less than so many points.

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
            f"{self.edf:.2f} effective degrees of freedom, R2 {self.r2:.4f}, residual SD "
            f"{np.sqrt(self.scale):.4g}; the band covers the whole curve.",
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        share = f"{100 * self.level:g} %"
        header = (self.predictor, "fit", f"{share} from", "to", "band from", "to", "slope x 100")
        shown = np.linspace(0, len(self.grid) - 1, 9).round().astype(int)
        columns = (self.grid, self.fit, self.low, self.high, self.band_low, self.band_high)
        rows = [(*(float(c[i]) for c in columns), 100 * float(self.slope[i])) for i in shown]
        return header, rows


def smooth(
    y: ArrayLike,
    x: ArrayLike,
    *,
    others: Mapping[str, ArrayLike] | None = None,
    weights: ArrayLike | None = None,
    basis: str = "tp",
    method: str = "REML",
    k: int = 10,
    log: bool = False,
    level: float = 0.95,
    points: int = 200,
    draws: int = 4000,
    overlap: ArrayLike | None = None,
    shared_documents: bool = False,
    predictor: str = "x",
    seed: int = 0,
) -> Smooth:
    """Fit a penalised spline.

    Parameters
    ----------
    y, x : (n,) array_like
        Response, for example F1, and predictor, for example the sentences of the training set.
    others : mapping of str to (n,) array_like, optional
        Further predictors, each with a smooth term of its own that adds to the first.
    weights : (n,) array_like, optional
        Inverse variances up to a factor.
    basis : {"tp", "cr"}
        Thin plate or cubic regression spline.
    method : {"REML", "GCV"}
        How smoothness is chosen: restricted likelihood or generalised cross-validation.
    k : int
        Dimension of the basis, at least 4; at most the number of distinct x.
    log : bool
        Fit a spline of log x: for sizes that were chosen evenly on a logarithmic scale.
    level : float
        Coverage of the bands, in (0, 1).
    points : int
        Of the grid, at least 10; evenly spaced (on the log scale where `log`).
    draws : int
        Posterior draws behind the simultaneous bands, at least 200.
    overlap : (n, n) array_like, optional
        Similarity of the training sets as from `suffice.stats.overlap.overlap`: errors are then
        taken as correlated in proportion.
    shared_documents : bool
        Whether rows are runs that share documents; adds a caveat where no overlap is given.
    predictor : str
        Name of x.
    seed : int

    Returns
    -------
    Smooth

    Raises
    ------
    ValueError
        Unequal lengths, values that are not finite, a constant column, too few rows or distinct
        values, an unknown basis or method, weights not above 0, or with `log` an x not above 0.

    Notes
    -----
    Fits and standard errors are those of R's mgcv: Wood SN. Generalized Additive Models, 2nd ed.
    2017, sections 5.3, 5.5, 6.2 and 6.10. The pointwise band (Nychka D, JASA 1988;83:1134-1143)
    covers on average over the curve; the simultaneous one (Ruppert D, Wand MP, Carroll RJ.
    Semiparametric Regression 2003, section 6.5) the whole of it. Neither knows that smoothness was
    estimated.

    Examples
    --------
    >>> import numpy as np
    >>> n = np.arange(20.0, 520, 4)
    >>> f1 = 0.9 - 2 * n**-0.6 + 0.01 * np.sin(37 * n)
    >>> curve = smooth(f1, n, predictor="sentences")
    >>> found = curve.marginal_return(2)
    >>> 100 < found.estimate < 250
    True
    """
    if basis not in BASES:
        raise ValueError(f"unknown basis {basis!r}: choose one of {', '.join(BASES)}")
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}: choose one of {', '.join(METHODS)}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    if draws < 200 or points < 10 or k < 4:
        raise ValueError("a smooth needs draws >= 200, points >= 10 and k >= 4")
    response, columns, w = _checked(y, x, others, weights, log)
    n = len(response)
    names = (predictor, *(others or {}))
    caveats: list[str] = []
    sizes = []
    for name, column in zip(names, columns, strict=True):
        distinct = len(np.unique(column))
        if distinct < 4:
            raise ValueError(f"{name} has only {distinct} distinct values: a smooth needs 4")
        sizes.append(min(k, distinct))
        if distinct < k:
            caveats.append(
                f"{name} has only {distinct} distinct values, so the basis is that small."
            )
    if n < sum(sizes) + 2:
        raise ValueError(f"{n} rows are too few for {sum(sizes)} spline coefficients: lower k")

    columns = [np.log(columns[0]) if log else columns[0], *columns[1:]]
    terms = tuple(make_basis(c, basis, size) for c, size in zip(columns, sizes, strict=True))
    design = np.hstack(
        [np.ones((n, 1)), *(t.columns(c) for t, c in zip(terms, columns, strict=True))]
    )
    middle, spread = float(response.mean()), float(response.std())
    z = (response - middle) / spread
    found = fit_penalised(design, z, w, [t.penalty for t in terms], [t.rank for t in terms], method)
    components, covariance = None, found.covariance
    if overlap is not None:
        components, covariance = _overlapping(found, design, z, w, overlap)
        caveats += list(components.caveats)
    elif shared_documents:
        caveats.append(
            "The runs share documents, but the bands take them as independent: they are too narrow."
        )

    model = _Model(
        terms=terms,
        held=tuple(float(c.mean()) for c in columns[1:]),
        log=log,
        y_middle=middle,
        y_scale=spread,
        coefficients=found.coefficients,
        covariance=covariance,
    )
    low_x, high_x = float(np.min(x)), float(np.max(x))
    grid = np.geomspace(low_x, high_x, points) if log else np.linspace(low_x, high_x, points)
    grid[0], grid[-1] = low_x, high_x
    rows, slope_rows = model.rows(grid), model.slope_rows(grid)
    fit, se = middle + spread * (rows @ found.coefficients), spread * _deviations(rows, covariance)
    slope = spread * (slope_rows @ found.coefficients)
    slope_se = spread * _deviations(slope_rows, covariance)
    noise = _posterior(covariance, draws, seed)
    critical = _critical(noise @ rows.T * spread, se, level)
    slope_noise = noise @ slope_rows.T * spread
    slope_critical = _critical(slope_noise, slope_se, level)
    reach = _normal_quantile(level)
    residual = response - middle - spread * (design @ found.coefficients)
    explained = 1 - float(w @ residual**2) / float(w @ (response - w @ response / w.sum()) ** 2)
    if found.edf > 1 + 0.95 * (design.shape[1] - 1):
        caveats.append(
            f"The curve uses all the freedom that k = {k} allows: try a larger k, or log=True."
        )
    return Smooth(
        predictor=predictor,
        n=n,
        basis=basis,
        method=method,
        k=k,
        log=log,
        edf=found.edf,
        smoothing=dict(zip(names, found.term_edf, strict=True)),
        scale=found.scale * spread**2,
        r2=explained,
        aic=_aic(residual, w, found.edf),
        score=found.score * (spread**2 if method == "GCV" else 1.0),
        level=level,
        grid=grid,
        fit=fit,
        se=se,
        low=fit - reach * se,
        high=fit + reach * se,
        band_low=fit - critical * se,
        band_high=fit + critical * se,
        critical=critical,
        slope=slope,
        slope_se=slope_se,
        slope_low=slope - reach * slope_se,
        slope_high=slope + reach * slope_se,
        slope_band_low=slope - slope_critical * slope_se,
        slope_band_high=slope + slope_critical * slope_se,
        covariance="independent" if components is None else "overlap",
        components=components,
        seed=seed,
        caveats=tuple(caveats),
        _draws=slope + slope_noise,
        _model=model,
    )


def _checked(
    y: ArrayLike,
    x: ArrayLike,
    others: Mapping[str, ArrayLike] | None,
    weights: ArrayLike | None,
    log: bool,
) -> tuple[Floats, list[Floats], Floats]:
    from suffice.stats.regression_data import checked

    named = {"x": x, **{f"term {name}": values for name, values in (others or {}).items()}}
    response, matrix, _ = checked(y, named)
    if log and matrix[:, 0].min() <= 0:
        raise ValueError("a smooth of log x needs every x above 0")
    w = np.ones(len(response)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != response.shape or not np.isfinite(w).all() or w.min() <= 0:
        raise ValueError("weights must be one number above 0 for each row")
    return response, list(matrix.T), w


def _overlapping(
    found: Penalised, design: Floats, z: Floats, w: Floats, overlap: ArrayLike
) -> tuple[ErrorComponents, Floats]:
    """Widen the Bayesian covariance by what correlated errors add to the frequentist one."""
    residual = z - design @ found.coefficients
    components = error_components(residual, overlap, design=design, weights=w)
    extra = components.matrix - np.diag(components.total / w)
    weighted = design * w[:, None] @ found.inverse
    return components, found.covariance + weighted.T @ extra @ weighted


def _quadratic(rows: Floats, covariance: Floats) -> Floats:
    return np.maximum(np.einsum("ij,jk,ik->i", rows, covariance, rows), 0.0)


def _deviations(rows: Floats, covariance: Floats) -> Floats:
    return np.asarray(np.sqrt(_quadratic(rows, covariance)))


def _posterior(covariance: Floats, draws: int, seed: int) -> Floats:
    """Draw coefficients around the estimate, shape (draws, coefficients)."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0))
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    return np.asarray(rng.standard_normal((draws, len(values))) @ root.T)


def _critical(noise: Floats, se: Floats, level: float) -> float:
    """Quantile of the largest deviation over the grid, in standard errors."""
    usable = se > 1e-12 * max(float(se.max()), 1e-300)
    largest = np.abs(noise[:, usable] / se[usable]).max(axis=1)
    return max(float(np.quantile(largest, level)), _normal_quantile(level))


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def _aic(residual: Floats, w: Floats, edf: float) -> float:
    n = len(residual)
    deviance = float(w @ residual**2)
    likelihood = -n / 2 * (np.log(2 * np.pi * deviance / n) + 1) + 0.5 * float(np.log(w).sum())
    return float(-2 * likelihood + 2 * (edf + 1))
