"""Fractional logit: a regression for a response that cannot leave 0 to 1, as F1."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import EXACT_CAVEAT, is_exact
from suffice.stats._regression.data import checked, scaled
from suffice.stats._regression.fit import INTERCEPT, Coefficient
from suffice.stats._regression.overlap import Overlap
from suffice.wording.caveats import Caveat

_NO_END = 18.0
"""Log odds of a fitted response closer to 0 or 1 than a hundred-millionth."""


@dataclass(frozen=True, eq=False)
class ShareRegression(Result):
    """A quasi-binomial logit model of a response between 0 and 1.

    Attributes
    ----------
    n : int
    predictors : tuple of str
    coefficients : mapping of str to Coefficient
        Log odds for one unit, ``(Intercept)`` first; robust errors, normal intervals.
    effects : mapping of str to Coefficient
        Average marginal effects: mean change of the response for one unit of the predictor.
    r2 : float
        1 less the sum of squares over that around the mean, on the scale of the response.
    linear_r2 : float
        That of the linear model with the same predictors.
    level : float
    converged : bool
    sentence : str
    caveats : tuple of str
    """

    n: int
    predictors: tuple[str, ...]
    coefficients: Mapping[str, Coefficient]
    effects: Mapping[str, Coefficient]
    r2: float
    linear_r2: float
    level: float
    converged: bool
    sentence: str
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return every field in plain Python types; a coefficient becomes a mapping."""
        out = super().to_dict()
        for field in ("coefficients", "effects"):
            values: Mapping[str, Coefficient] = getattr(self, field)
            out[field] = {
                name: dict(zip(Coefficient._fields, row, strict=True))
                for name, row in zip(values, out[field].values(), strict=True)
            }
        return out

    def _title(self) -> str:
        return f"Fractional logit on {', '.join(self.predictors)} (n = {self.n})"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        share = f"{100 * self.level:g} %"
        header = ("", "log odds", "error", f"{share} from", "to", "P", "mean effect")
        rows = []
        for name, c in self.coefficients.items():
            effect = self.effects.get(name)
            rows.append(
                (name, c.estimate, c.se, *c.interval, c.p, effect.estimate if effect else "")
            )
        return header, rows


def regress_share(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    groups: ArrayLike | None = None,
    overlap: Overlap = None,
    level: float = 0.95,
) -> ShareRegression:
    """Fit a fractional logit.

    Parameters
    ----------
    y : (n,) array_like
        From 0 to 1, ends included.
    predictors : mapping of str to (n,) array_like
    groups : (n,) array_like, optional
        Clusters for the errors; robust to uneven spread (HC1) without.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents. It is not carried into the numbers:
        anything but the default, independent rows, adds a caveat.
    level : float

    Returns
    -------
    ShareRegression

    Raises
    ------
    ValueError
        As `suffice.stats.regress`, a response outside 0 to 1, or perfect separation.

    Notes
    -----
    Papke LE, Wooldridge JM. Journal of Applied Econometrics 1996;11:619-632: Bernoulli
    quasi-likelihood, which needs no more than the mean to be right, with sandwich errors.
    """
    from statsmodels.api import GLM
    from statsmodels.genmod.families import Binomial

    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    response, columns, names = checked(y, predictors)
    if response.min() < 0 or response.max() > 1:
        raise ValueError("a fractional logit needs a response from 0 to 1")
    n = len(response)
    means, sds = columns.mean(axis=0), columns.std(axis=0, ddof=1)
    design = np.column_stack([np.ones(n), scaled(columns)])
    options: dict[str, Any] = {"cov_type": "HC1"}
    if groups is not None:
        numbers = np.unique(groups, return_inverse=True)[1]
        options = {"cov_type": "cluster", "cov_kwds": {"groups": numbers}}
    with warnings.catch_warnings():
        # statsmodels warns of perfect prediction by an absolute tolerance, of any small spread
        warnings.simplefilter("ignore")
        fit = GLM(response, design, family=Binomial()).fit(maxiter=200, tol=1e-12, **options)
        beta, covariance = np.asarray(fit.params), np.asarray(fit.cov_params())
    if not np.isfinite(beta).all() or np.abs(design @ beta).max() > _NO_END:
        raise ValueError(
            "the predictors separate responses of 0 or 1 from the others without error, so that "
            "log odds grow without end (perfect separation)"
        )
    back = np.diag(np.concatenate([[1.0], 1 / sds]))
    back[0, 1:] = -means / sds
    fitted = np.asarray(fit.fittedvalues)
    width = fitted * (1 - fitted)
    bend = (1 - 2 * fitted) * width
    gradient = np.zeros((len(names), len(beta)))  # of the mean effects by the coefficients
    for k in range(len(names)):
        gradient[k] = (bend @ design) / n * beta[k + 1]
        gradient[k, k + 1] += width.mean()
    gradient /= sds[:, None]
    total = float(((response - response.mean()) ** 2).sum())
    left = float(((response - fitted) ** 2).sum())
    r2 = 1 - left / total
    line = design @ np.linalg.lstsq(design, response, rcond=None)[0]
    linear = 1 - float(((response - line) ** 2).sum()) / total
    caveats: list[str] = []
    if is_exact(left, total):
        covariance = np.full_like(covariance, np.nan)
        caveats.append(EXACT_CAVEAT)
    if overlap is not None:
        caveats.append(Caveat("robust errors of independent runs"))
    if not fit.converged:
        caveats.append(Caveat("not converged"))
    reach = float(scipy.special.ndtri((1 + level) / 2))
    return ShareRegression(
        n=n,
        predictors=names,
        coefficients=_rows([INTERCEPT, *names], back @ beta, back @ covariance @ back.T, reach),
        effects=_rows(
            list(names), width.mean() * beta[1:] / sds, gradient @ covariance @ gradient.T, reach
        ),
        r2=r2,
        linear_r2=linear,
        level=level,
        converged=bool(fit.converged),
        sentence=_words(r2, linear, float(line.max())),
        caveats=tuple(caveats),
    )


def _rows(
    names: list[str], estimates: Array, covariance: Array, reach: float
) -> dict[str, Coefficient]:
    out = {}
    for name, value, variance in zip(names, estimates, np.diag(covariance), strict=True):
        b, error = (
            float(value),
            float(np.sqrt(max(variance, 0.0)) if variance == variance else variance),
        )
        z = b / error if error > 0 else float("nan")
        ends = (b - reach * error, b + reach * error)
        out[name] = Coefficient(b, error, ends, z, float(2 * scipy.special.ndtr(-abs(z))))
    return out


def _words(r2: float, linear: float, top: float) -> str:
    if abs(r2 - linear) < 0.005:
        words = "The logit model, which cannot leave 0 to 1, fits as well as the linear one"
    elif r2 > linear:
        words = "The logit model, which cannot leave 0 to 1, fits better than the linear one"
    else:
        words = "The logit model fits worse than the linear one"
    words += f" (R² {r2:.3f} and {linear:.3f})"
    if top > 1:
        words += f"; the linear one predicts an F1 of {top:.2f} somewhere in these data"
    return words + "."
