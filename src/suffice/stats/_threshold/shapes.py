"""A kink against what is smooth: straight line, power law, and the tests that tell them apart.

On a smooth learning curve a threshold model still reports a threshold, with a tight interval. Here
the kink has to fit better than the power family ``y = a - b x^-c`` with -2 <= c <= 3, which holds
the straight line (c = -1) and the logarithm (c = 0, as a limit) too. The family goes on beyond the
line so that the line is no edge of it: at an edge its fit is too stiff and kinks are found too
often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import (
    EXACT_CAVEAT,
    above_rounding,
    exact_fits,
    gaussian_aic,
    least_aic,
)
from suffice.stats._resampling import Seed, seed_sequence
from suffice.stats._threshold.bootstrap import block_rows
from suffice.stats._threshold.power import EXPONENTS, SmoothFamily
from suffice.stats._threshold.profile import ThresholdDesign, checked, make_design, profile

_LINE = int(np.argmin(np.abs(EXPONENTS + 1)))


class KinkSearch:
    """Least sum of squares of the kinks that are set against a smooth curve, for many responses.

    For ``segmented`` the upper hinge, its special case without a second slope, is searched too, and
    the second slope is charged as by BIC: a curve that rises to a plateau need not pay for it.
    """

    def __init__(self, design: ThresholdDesign) -> None:
        self.designs = [(design, 0.0)]
        if design.form == "segmented":
            self.designs = [
                (replace(design, form="upperhinge"), 0.0),
                (design, float(np.log(design.n))),
            ]

    def log_sse(self, responses: Array) -> Array:
        """Least ``n log SSE`` (B,), penalised, for responses (B, n)."""
        n = responses.shape[1]
        found = []
        for design, price in self.designs:
            result = profile(design, responses=responses)
            sse = above_rounding(result.base - result.gain.max(axis=1), n)  # y is scaled
            found.append(n * np.log(sse) + price)
        return np.minimum.reduce(found)


def wild_p_value(
    design: ThresholdDesign,
    family: SmoothFamily,
    *,
    null: str,
    n_simulations: int,
    seed: np.random.SeedSequence,
) -> tuple[float, float, Array]:
    """Test the kink against a smooth null by wild bootstrap.

    Parameters
    ----------
    design : ThresholdDesign
        Sorted data; `family` must be built on the same sorted rows.
    family : SmoothFamily
    null : {"constant", "linear", "power"}
    n_simulations : int
    seed : numpy.random.SeedSequence

    Returns
    -------
    statistic : float
        ``n log(SSE of the null / SSE of the kink)``: the likelihood ratio; against ``power`` with
        the kinks of `KinkSearch`.
    p : float
        ``(1 + number of bootstrap statistics at least as large) / (n_simulations + 1)``.
    draws : (copies,) array
        The statistic under the null.
    """
    y = design.y
    n = design.n
    kinks = KinkSearch(design)
    if null != "power":
        kinks.designs = [(design, 0.0)]

    def null_sse(responses: Array) -> Array:
        if null == "power":
            return family.sse(responses)
        flat = family.flat_sse(responses)
        return flat if null == "constant" else flat - (responses @ family.curves[:, _LINE]) ** 2

    def statistic(responses: Array) -> Array:
        out = []
        for start in range(0, len(responses), block_rows(n)):
            block = responses[start : start + block_rows(n)]
            null_log = n * np.log(above_rounding(null_sse(block), n))
            out.append(null_log - kinks.log_sse(block))
        return np.concatenate(out)

    if null == "constant":
        fitted = family.base @ (family.base.T @ y)
    else:
        fitted = family.fit(y, None if null == "power" else -1.0)[2]
    spare = 1 + family.z.shape[1] + {"constant": 0, "linear": 1, "power": 2}[null]
    errors = (y - fitted) * np.sqrt(n / (n - spare))
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(n_simulations, n), dtype=np.int8) * 2.0 - 1.0
    observed = float(statistic(y[None, :])[0])
    draws = statistic(fitted + errors * signs)
    p = (1 + int((draws >= observed * (1 - 1e-12) - 1e-12).sum())) / (n_simulations + 1)
    return observed, p, draws


@dataclass(frozen=True, eq=False)
class ThresholdTest(Result):
    """Test of a kink against no threshold.

    Attributes
    ----------
    form, null : str
    statistic : float
        Largest likelihood ratio over all candidates, ``n log(SSE_null / SSE_kink)``.
    score : float
        Largest score statistic, ``sqrt((SSE_null - SSE_kink) / sigma_null^2)``: a growing function
        of the likelihood ratio, so that its P value is the same. NaN where the null is not the
        model without its kink.
    p : float
        P from `copies` wild bootstrap draws under the fitted null; never below 1 / (copies +
        1).
    copies : int
    caveats : tuple of str
    """

    form: str
    null: str
    statistic: float
    score: float
    p: float
    copies: int
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Test of a threshold ({self.form}) against {self.null}"


@dataclass(frozen=True, eq=False)
class Shapes(Result):
    """Kink, straight line and power law side by side.

    Attributes
    ----------
    form : str
    aic : mapping of str to float
        Akaike's criterion of ``threshold``, ``linear`` and ``power`` (absent where x is not
        positive), each counting its coefficients, sigma and, where it has one, the threshold or
        the exponent; from `compare_shapes` also of ``smooth``, a penalised spline. NaN where the
        fit is exact.
    exponent : float
        The exponent of the power law ``a - b x^-c``; -1 is a straight line, 0 the logarithm, below
        -1 the curve gets steeper. NaN if absent.
    advantage : float
        AIC of the better of line and power law less that of the kink: above 0 the kink fits better.
    p_smooth : float
        P value of "the curve is a smooth power law" against the kink.
    p_linear : float
        P value of "the curve is a straight line" against the kink.
    cross_validated : mapping of str to float
        Root mean squared error of prediction in rows not seen, in units of y, by shape (with
        ``smooth``, a penalised spline); empty where it was not asked for.
    caveats : tuple of str
    """

    form: str
    aic: Mapping[str, float]
    exponent: float
    advantage: float
    p_smooth: float
    p_linear: float
    cross_validated: Mapping[str, float] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"A kink ({self.form}) against smooth curves"

    def _summary(self) -> tuple[str, ...]:
        exact = [_SHAPES[name] for name in exact_fits(self.aic)]
        if exact:
            words = f"Exact up to rounding, so that AIC cannot choose: {', '.join(exact)}"
        else:
            words = f"The least AIC has the {_SHAPES[least_aic(self.aic)]}"
        if self.cross_validated:
            best = min(self.cross_validated, key=lambda name: self.cross_validated[name])
            words += f"; rows not seen are predicted best by the {_SHAPES[best]}"
        return (words + ".",)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        p = {"linear": self.p_linear, "power": self.p_smooth}
        header = ("shape", "AIC", "error of prediction", "P against the kink")
        return header, [
            (_SHAPES[name], aic, self.cross_validated.get(name, ""), p.get(name, ""))
            for name, aic in self.aic.items()
        ]


_SHAPES = {
    "threshold": "threshold",
    "linear": "straight line",
    "power": "power law",
    "smooth": "smooth curve",
}


def test_threshold(
    y: ArrayLike,
    x: ArrayLike,
    *,
    form: str = "segmented",
    null: str = "linear",
    covariates: Mapping[str, ArrayLike] | None = None,
    quantiles: tuple[float, float] = (0.1, 0.9),
    n_simulations: int = 999,
    seed: Seed = 0,
) -> ThresholdTest:
    """Test whether there is a threshold at all, by the largest likelihood ratio.

    The null is fitted, its residuals get random signs (a wild bootstrap: errors may differ in
    spread along x), and the whole search over candidates is repeated on every such response.

    Parameters
    ----------
    y, x : (n,) array_like
        Response, and the predictor with the possible threshold.
    form : {"segmented", "hinge", "upperhinge", "step"}
    null : {"linear", "constant"}
        What the curve is without a threshold.
    covariates : mapping of str to (n,) array_like, optional
    quantiles : pair of float
        Candidates lie between these quantiles of x.
    n_simulations : int
        Bootstrap draws, at least 19.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    ThresholdTest

    Raises
    ------
    ValueError
        As `suffice.stats.threshold`, or for an unknown null or too few draws.

    Notes
    -----
    Source: the supremum statistic is that of Fong et al., BMC Bioinformatics 2017;18:454, who take
    its distribution from Monte Carlo draws of a Gaussian process over 50 candidates; here all
    candidates are searched and the distribution is bootstrapped.
    """
    if null not in ("linear", "constant"):
        raise ValueError(f"unknown null {null!r}: choose linear or constant")
    if n_simulations < 19:
        raise ValueError(f"{n_simulations} simulations are too few for a P value: take at least 19")
    ys, xs, zs, _ = checked(y, x, covariates, form, quantiles)
    design = make_design(ys, xs, zs, form, quantiles)
    family = SmoothFamily(_above_zero(xs)[design.order], design.z)
    observed, p, _ = wild_p_value(
        design, family, null=null, n_simulations=n_simulations, seed=seed_sequence(seed)
    )
    score = float("nan")
    if null == ("linear" if form == "segmented" else "constant"):
        found = profile(design)
        spare = design.n - design.n_coefficients + 1
        left = above_rounding(float(found.base[0]), design.n)
        score = float(np.sqrt(max(float(found.gain[0].max()), 0.0) / (left / spare)))
    return ThresholdTest(
        form=form, null=null, statistic=observed, score=score, p=p, copies=n_simulations
    )


test_threshold.__test__ = False  # type: ignore[attr-defined]  # pytest shall not collect it


def _above_zero(x: Array) -> Array:
    """Shift x above 0 where it is not: a straight line stays the same, and only lines are used."""
    return x if x.min() > 0 else x - x.min() + np.ptp(x)


def compare_shapes(
    y: ArrayLike,
    x: ArrayLike,
    *,
    form: str = "upperhinge",
    covariates: Mapping[str, ArrayLike] | None = None,
    quantiles: tuple[float, float] = (0.05, 0.95),
    n_simulations: int = 499,
    folds: int = 10,
    repeats: int = 2,
    seed: Seed = 0,
) -> Shapes:
    """Compare a kink with a straight line, a power law and a penalised spline.

    Parameters
    ----------
    y, x : (n,) array_like
    form : {"upperhinge", "hinge", "segmented", "step"}
    covariates : mapping of str to (n,) array_like, optional
    quantiles : pair of float
    n_simulations : int
        Bootstrap draws for the two P values.
    folds, repeats : int
        Numbers of folds and repeats of the cross-validation.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    Shapes

    Raises
    ------
    ValueError
        As `suffice.stats.threshold`.
    """
    ys, xs, zs, _ = checked(y, x, covariates, form, quantiles)
    design = make_design(ys, xs, zs, form, quantiles)
    family = SmoothFamily(_above_zero(xs)[design.order], design.z)
    from suffice.stats._threshold.rivals import cross_validated_errors, spline_aic

    positive = bool(xs.min() > 0)
    found = shapes(design, family, n_simulations, seed_sequence(seed), positive)
    errors = cross_validated_errors(
        design,
        xs[design.order] if positive else None,
        folds=min(folds, design.n // 3),
        repeats=repeats,
        seed=seed_sequence(seed, 2),
    )
    aic = {**found.aic, "smooth": spline_aic(design)}
    return replace(found, aic=aic, cross_validated=errors)


def shapes(
    design: ThresholdDesign,
    family: SmoothFamily,
    n_simulations: int,
    seed: np.random.SeedSequence,
    positive: bool,
) -> Shapes:
    """Compare shapes on prepared data."""
    n, k = design.n, design.z.shape[1]
    unit = design.y_scale**2
    result = profile(design)
    sse = {
        "threshold": float(result.base[0] - result.gain[0].max()),
        "linear": family.fit(design.y, -1.0)[1],
    }
    parameters = {"threshold": design.n_coefficients + 2, "linear": 3 + k, "power": 4 + k}
    caveats: tuple[str, ...] = ()
    exponent, p_smooth = float("nan"), float("nan")
    seeds = seed.spawn(2)
    p_linear = wild_p_value(
        design, family, null="linear", n_simulations=n_simulations, seed=seeds[0]
    )[1]
    if positive:
        exponent, sse["power"], _ = family.fit(design.y)
        p_smooth = wild_p_value(
            design, family, null="power", n_simulations=n_simulations, seed=seeds[1]
        )[1]
    else:
        caveats = ("A power law needs x above 0, so the kink is compared with a line only.",)
    total = n * unit
    aic = {s: gaussian_aic(v * unit, total, n, parameters[s]) for s, v in sse.items()}
    if exact_fits(aic):
        caveats = (*caveats, EXACT_CAVEAT)
    # of exact fits the one with fewer parameters is ahead, and any is far ahead of the others
    floored = {
        s: float(n * np.log(above_rounding(v, n))) + 2 * parameters[s] for s, v in sse.items()
    }
    return Shapes(
        form=design.form,
        aic=aic,
        exponent=exponent,
        advantage=min(v for s, v in floored.items() if s != "threshold") - floored["threshold"],
        p_smooth=p_smooth,
        p_linear=p_linear,
        caveats=caveats,
    )
