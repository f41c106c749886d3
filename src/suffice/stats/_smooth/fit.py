"""Penalised splines: F1 as a smooth function of a predictor, its bands, its slope.

What a threshold promises and cannot hold, a smooth curve gives honestly: the size from which a
further hundred sentences bring less than so many points (`Smooth.marginal_return`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from suffice.stats._arrays import Array
from suffice.stats._exact import EXACT_CAVEAT, above_rounding, is_exact
from suffice.stats._regression.overlap import (
    ErrorComponents,
    Overlap,
    error_components,
    known_overlap,
)
from suffice.stats._resampling import Seed, seed_sequence
from suffice.stats._smooth.basis import BASES, make_basis
from suffice.stats._smooth.penalised import METHODS, Penalised, fit_penalised
from suffice.stats._smooth.result import Smooth, SmoothModel, quadratic
from suffice.stats._smooth.scale import either_scale
from suffice.wording.caveats import Caveat


def smooth(
    y: ArrayLike,
    x: ArrayLike,
    *,
    others: Mapping[str, ArrayLike] | None = None,
    weights: ArrayLike | None = None,
    basis: str = "tp",
    method: str = "REML",
    k: int = 10,
    log: bool | None = False,
    level: float = 0.95,
    points: int = 200,
    n_resamples: int = 4000,
    overlap: Overlap = None,
    predictor: str = "x",
    seed: Seed = 0,
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
    log : bool or None
        Fit a spline of log x: for learning curves, which bend most at small sizes. None takes the
        one of less AIC, with bands that know of the choice (`suffice.stats._smooth.scale`).
    level : float
        Coverage of the bands, in (0, 1).
    points : int
        Number of points of the grid, at least 10; evenly spaced (on the log scale where `log`).
    n_resamples : int
        Posterior draws behind the simultaneous bands, at least 200.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents, from `suffice.stats.overlap`: errors are
        then taken as correlated in proportion.
        "unknown" adds a caveat; by default rows are independent.
    predictor : str
        Name of x.
    seed : int or SeedSequence
        Random seed.

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
    >>> 200 < found.estimate < 400
    True
    """
    if basis not in BASES:
        raise ValueError(f"unknown basis {basis!r}: choose one of {', '.join(BASES)}")
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}: choose one of {', '.join(METHODS)}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    if n_resamples < 200 or points < 10 or k < 4:
        raise ValueError("a smooth needs n_resamples >= 200, points >= 10 and k >= 4")
    if log is None:
        kinds = [False, True] if float(np.min(x)) > 0 else [False]
        fits = [
            smooth(
                y,
                x,
                others=others,
                weights=weights,
                basis=basis,
                method=method,
                k=k,
                log=kind,
                level=level,
                points=points,
                n_resamples=n_resamples,
                overlap=overlap,
                predictor=predictor,
                seed=seed,
            )
            for kind in kinds
        ]
        return either_scale(*fits) if len(fits) == 2 else fits[0]
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
    similarity = known_overlap(overlap)
    if similarity is not None:
        components, covariance = _overlapping(found, design, z, w, similarity)
        caveats += list(components.caveats)
    elif overlap is not None:
        caveats.append(Caveat("bands too narrow"))

    model = SmoothModel(
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
    noise = _posterior(covariance, n_resamples, seed)
    critical = _critical(noise @ rows.T * spread, se, level)
    slope_noise = noise @ slope_rows.T * spread
    slope_critical = _critical(slope_noise, slope_se, level)
    reach = _normal_quantile(level)
    residual = response - middle - spread * (design @ found.coefficients)
    left, total = float(w @ residual**2), _around_mean(response, w)
    if is_exact(left, total):
        caveats.append(EXACT_CAVEAT)
    if found.edf > 1 + 0.95 * (design.shape[1] - 1):
        caveats.append(
            f"The curve uses all degrees of freedom that k = {k} allows: try a larger k, or "
            "log=True."
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
        r2=1 - left / total,
        aic=_aic(response, residual, w, found.edf),
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
) -> tuple[Array, list[Array], Array]:
    from suffice.stats._regression.data import checked

    named = {"x": x, **{f"term {name}": values for name, values in (others or {}).items()}}
    response, matrix, _ = checked(y, named)
    if log and matrix[:, 0].min() <= 0:
        raise ValueError("a smooth of log x needs every x above 0")
    w = np.ones(len(response)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != response.shape or not np.isfinite(w).all() or w.min() <= 0:
        raise ValueError("weights must be one number above 0 for each row")
    return response, list(matrix.T), w


def _overlapping(
    found: Penalised, design: Array, z: Array, w: Array, overlap: ArrayLike
) -> tuple[ErrorComponents, Array]:
    """Widen the Bayesian covariance by what correlated errors add to the frequentist one."""
    residual = z - design @ found.coefficients
    components = error_components(residual, overlap, design=design, weights=w)
    extra = components.matrix - np.diag(components.total / w)
    weighted = design * w[:, None] @ found.inverse
    return components, found.covariance + weighted.T @ extra @ weighted


def _deviations(rows: Array, covariance: Array) -> Array:
    return np.asarray(np.sqrt(quadratic(rows, covariance)))


def _posterior(covariance: Array, n_resamples: int, seed: Seed) -> Array:
    """Draw coefficients around the estimate, shape (draws, coefficients)."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0))
    rng = np.random.default_rng(seed_sequence(seed))
    return np.asarray(rng.standard_normal((n_resamples, len(values))) @ root.T)


def _critical(noise: Array, se: Array, level: float) -> float:
    """Quantile of the largest deviation over the grid, in standard errors."""
    usable = se > 1e-12 * max(float(se.max()), 1e-300)
    largest = np.abs(noise[:, usable] / se[usable]).max(axis=1)
    return max(float(np.quantile(largest, level)), _normal_quantile(level))


def _around_mean(response: Array, w: Array) -> float:
    """Return the weighted sum of squares around the weighted mean."""
    return float(w @ (response - w @ response / w.sum()) ** 2)


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def _aic(response: Array, residual: Array, w: Array, edf: float) -> float:
    n = len(residual)
    deviance = float(above_rounding(float(w @ residual**2), _around_mean(response, w)))
    likelihood = -n / 2 * (np.log(2 * np.pi * deviance / n) + 1) + 0.5 * float(np.log(w).sum())
    return float(-2 * likelihood + 2 * (edf + 1))
