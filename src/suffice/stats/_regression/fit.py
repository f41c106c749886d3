"""Multiple regression of a response on named predictors, and comparison of predictor sets.

The paper's analysis of F1 on sentences and entities per sentence, with what it leaves out: errors
that do not take all runs as equally noisy and independent, and a comparison of non-nested predictor
sets that exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import EXACT_CAVEAT, gaussian_aic, is_exact
from suffice.stats._regression.data import checked, scaled
from suffice.stats._regression.errors import (
    KINDS,
    all_covariances,
    believed,
    deviations,
    members,
    no_covariances,
)
from suffice.stats._regression.overlap import ErrorComponents, Overlap, known_overlap
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import p_sign

INTERCEPT = "(Intercept)"


class Coefficient(NamedTuple):
    """One coefficient: estimate, standard error, interval, t, P."""

    estimate: float
    se: float
    interval: tuple[float, float]
    t: float
    p: float


@dataclass(frozen=True, eq=False)
class Regression(Result):
    """An ordinary least squares regression.

    Attributes
    ----------
    n : int
        Rows.
    predictors : tuple of str
    standardized : mapping of str to Coefficient
        With every column, the response too, centred and divided by its sd (n - 1); by `covariance`.
        Empty if not asked for.
    coefficients : mapping of str to Coefficient
        The coefficients in the user's units, ``(Intercept)`` first; by `covariance`.
    covariance : str
        One of ``ordinary``, ``HC3``, ``clusters`` and ``overlap``: what the errors in the two
        fields above are.
    standard_errors : mapping of str to (mapping of str to float)
        For each kind of error that could be computed, that of every coefficient in the user's
        units: ``ordinary`` and ``HC3`` always, ``clusters`` if groups and ``overlap`` if overlaps
        of the training sets were given.
    believe : str
        Which of these to believe.
    believe_sentence : str
        The same in words, and why.
    components : ErrorComponents or None
        The components of the standardised response, where overlaps were given: how the residual
        variance divides into documents and what is each run's own.
    f, p : float
        Ordinary F test of all predictors together, and its P value; NaN, as all errors and P
        values, where the fit is exact.
    df : pair of int
        Degrees of freedom of F.
    r2, adjusted_r2 : float
    sigma, sse, log_likelihood, aic, bic : float
        As R counts: sigma is a parameter. The last three are NaN where the fit is exact.
    correlation : mapping of str to (mapping of str to float)
        Among the predictors.
    vif, tolerance, auxiliary_r2 : mapping of str to float
        Variance inflation factor 1 / (1 - R² of the predictor on the others), its inverse, that R².
    klein : mapping of str to bool
        Klein's rule: whether the auxiliary R² exceeds the overall R².
    klein_sentence : str
        Klein's rule in words.
    level : float
        Coverage of the intervals.
    caveats : tuple of str
    """

    n: int
    predictors: tuple[str, ...]
    standardized: Mapping[str, Coefficient]
    coefficients: Mapping[str, Coefficient]
    covariance: str
    standard_errors: Mapping[str, Mapping[str, float]]
    believe: str
    believe_sentence: str
    components: ErrorComponents | None
    f: float
    df: tuple[int, int]
    p: float
    r2: float
    adjusted_r2: float
    sigma: float
    sse: float
    log_likelihood: float
    aic: float
    bic: float
    correlation: Mapping[str, Mapping[str, float]]
    vif: Mapping[str, float]
    tolerance: Mapping[str, float]
    auxiliary_r2: Mapping[str, float]
    klein: Mapping[str, bool]
    klein_sentence: str
    level: float
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return every field in plain Python types; a coefficient becomes a mapping."""
        out = super().to_dict()
        for field in ("coefficients", "standardized"):
            values: Mapping[str, Coefficient] = getattr(self, field)
            keys = Coefficient._fields
            out[field] = {
                name: dict(zip(keys, row, strict=True))
                for name, row in zip(values, out[field].values(), strict=True)
            }
        return out

    def _title(self) -> str:
        return f"Linear regression on {', '.join(self.predictors)} (n = {self.n})"

    def _summary(self) -> tuple[str, ...]:
        return (
            f"R² {self.r2:.4f}, adjusted {self.adjusted_r2:.4f}; "
            f"F({self.df[0]}, {self.df[1]}) = {self.f:.4g}, P {p_sign(self.p)}; "
            f"errors: {self.covariance}.",
            self.klein_sentence,
            self.believe_sentence,
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        share = f"{100 * self.level:g} %"
        header = ("", "standardised", "estimate", "error", f"{share} from", "to", "t", "P", "VIF")
        rows: list[tuple[Any, ...]] = []
        for name, c in self.coefficients.items():
            beta = self.standardized.get(name)
            shown = beta.estimate if beta and name != INTERCEPT else None
            vif = self.vif.get(name)
            rows.append((name, shown, c.estimate, c.se, *c.interval, c.t, c.p, vif))
        return header, [tuple("" if v is None else v for v in row) for row in rows]


def regress(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    standardize: bool = True,
    covariance: str = "ordinary",
    groups: ArrayLike | None = None,
    overlap: Overlap = None,
    level: float = 0.95,
) -> Regression:
    """Regress a response on named predictors by ordinary least squares.

    Parameters
    ----------
    y : (n,) array_like
        Response, for example F1.
    predictors : mapping of str to (n,) array_like
        At least one.
    standardize : bool
        Whether standardised coefficients are wanted too. As by R's ``scale()``, the standardised
        response and predictors are fitted anew.
    covariance : {"ordinary", "HC3", "clusters", "overlap"}
        Which errors the coefficients carry. The others are reported as well.
    groups : (n,) array_like, optional
        Cluster of each row, for ``clusters``: rows in different clusters are taken as independent.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents, from `suffice.stats.overlap` or
        `suffice.stats.expected_overlap`: gives overlap-aware errors.
        "unknown" adds a caveat; by default rows are independent.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    Regression

    Raises
    ------
    ValueError
        No predictors, unequal lengths, values that are not finite, constant response or predictor,
        exact collinearity, fewer rows than parameters + 2, an unknown covariance, clusters
        without at least as many groups as parameters + 1, or an overlap that is no similarity.

    Notes
    -----
    Source: the model of Majdik et al. JMIR AI 2024;3:e52095. HC3: MacKinnon JG, White H. Journal of
    Econometrics 1985;29:305-325. Klein's rule: Klein LR. An Introduction to Econometrics.
    Prentice-Hall 1962.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(20.0)
    >>> fit = regress(2 * x + np.sin(x), {"x": x})
    >>> round(fit.coefficients["x"].estimate, 1)
    2.0
    """
    from statsmodels.api import OLS

    if covariance not in KINDS:
        raise ValueError(f"unknown covariance {covariance!r}: choose one of {', '.join(KINDS)}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    response, columns, names = checked(y, predictors)
    similarity = known_overlap(overlap)
    clusters = members(groups, len(response), len(names) + 1)
    if covariance == "clusters" and clusters is None:
        raise ValueError("clustered errors need groups: one value a row")
    if covariance == "overlap" and similarity is None:
        raise ValueError("overlap-aware errors need the overlap of the training sets")

    # fitted on standardised columns and carried back: sizes and ratios differ by orders
    means, sds = columns.mean(axis=0), columns.std(axis=0, ddof=1)
    y_mean, y_sd = float(response.mean()), float(response.std(ddof=1))
    design = np.column_stack([np.ones(len(response)), scaled(columns)])
    fit = OLS(scaled(response), design).fit()
    back = np.diag(np.concatenate([[1.0], 1 / sds])) * y_sd
    back[0, 1:] = -y_sd * means / sds
    labels = [INTERCEPT, *names]
    # of the scaled response, whose sum of squares around its mean is n - 1
    exact = is_exact(float(fit.ssr), len(response) - 1)
    if exact:
        covariances, components = no_covariances(design, clusters, similarity), None
    else:
        covariances, components = all_covariances(fit, design, clusters, similarity)
    df = int(fit.df_resid)
    df_t = df if covariance != "clusters" or clusters is None else int(clusters.max())
    beta = np.asarray(fit.params)
    if exact:  # what is left of a coefficient that is 0 is rounding, too
        beta = np.where(np.abs(beta) < 1e-9, 0.0, beta)
    estimate = back @ beta
    estimate[0] += y_mean
    chosen = covariances[covariance]
    errors = {kind: deviations(back @ cov @ back.T) for kind, cov in covariances.items()}
    n, k = columns.shape
    sse = float(fit.ssr) * y_sd**2
    aic = gaussian_aic(sse, (n - 1) * y_sd**2, n, k + 2)
    r2 = float(fit.rsquared)
    auxiliary = _auxiliary_r2(scaled(columns), names)
    klein = {name: value > r2 for name, value in auxiliary.items()}
    pairs = np.corrcoef(columns, rowvar=False).reshape(k, k)
    believe, believe_sentence = believed(errors, components, overlap is not None)
    standardized = {}
    if standardize:
        standardized = _coefficients(labels, beta, deviations(chosen), df_t, level)
    return Regression(
        n=n,
        predictors=names,
        standardized=standardized,
        coefficients=_coefficients(labels, estimate, errors[covariance], df_t, level),
        covariance=covariance,
        standard_errors={
            kind: dict(zip(labels, map(float, values), strict=True))
            for kind, values in errors.items()
        },
        believe=believe,
        believe_sentence=believe_sentence,
        components=components,
        f=float("nan") if exact else float(fit.fvalue),
        df=(int(fit.df_model), df),
        p=float("nan") if exact else float(fit.f_pvalue),
        r2=r2,
        adjusted_r2=float(fit.rsquared_adj),
        sigma=float(np.sqrt(sse / df)),
        sse=sse,
        log_likelihood=k + 2 - aic / 2,
        aic=aic,
        bic=float(aic + (np.log(n) - 2) * (k + 2)),
        correlation={
            a: {b: float(pairs[i, j]) for j, b in enumerate(names)} for i, a in enumerate(names)
        },
        vif={name: 1 / (1 - value) for name, value in auxiliary.items()},
        tolerance={name: 1 - value for name, value in auxiliary.items()},
        auxiliary_r2=auxiliary,
        klein=klein,
        klein_sentence=_klein_words(klein, auxiliary, r2),
        level=level,
        caveats=(EXACT_CAVEAT,)
        if exact
        else _caveats(overlap is not None, errors, covariance, components),
    )


def _coefficients(
    names: list[str], estimates: Array, errors: Array, df: int, level: float
) -> dict[str, Coefficient]:
    reach = float(scipy.special.stdtrit(df, (1 + level) / 2))
    out = {}
    for name, value, error in zip(names, map(float, estimates), map(float, errors), strict=True):
        t = value / error if error > 0 else float("nan")
        p = float(2 * scipy.special.stdtr(df, -abs(t)))
        out[name] = Coefficient(value, error, (value - reach * error, value + reach * error), t, p)
    return out


def _auxiliary_r2(columns: Array, names: tuple[str, ...]) -> dict[str, float]:
    out = {}
    for k, name in enumerate(names):
        others = np.delete(columns, k, axis=1)
        if others.shape[1] == 0:
            out[name] = 0.0
            continue
        found = np.linalg.lstsq(others, columns[:, k], rcond=None)[0]
        rest = columns[:, k] - others @ found
        out[name] = float(1 - rest @ rest / (columns[:, k] @ columns[:, k]))
    return out


def _klein_words(klein: Mapping[str, bool], auxiliary: Mapping[str, float], r2: float) -> str:
    if len(klein) < 2:
        return "Klein's rule needs two predictors or more."
    bad = [name for name, flag in klein.items() if flag]
    if not bad:
        worst = max(auxiliary, key=lambda name: auxiliary[name])
        return (
            "By Klein's rule collinearity does no harm here: no predictor is better explained by "
            f"the others (at most R² {auxiliary[worst]:.3f}, for {worst}) than the response is by "
            f"all of them (R² {r2:.3f})."
        )
    listed = ", ".join(f"{name} (R² {auxiliary[name]:.3f})" for name in bad)
    return (
        f"By Klein's rule collinearity is harmful: the other predictors explain {listed} better "
        f"than all predictors together explain the response (R² {r2:.3f}); do not interpret single "
        "coefficients."
    )


def _caveats(
    shared: bool,
    errors: Mapping[str, Array],
    covariance: str,
    components: ErrorComponents | None,
) -> tuple[str, ...]:
    out: list[str] = []
    if covariance == "overlap" and components is not None:
        out += [
            *components.caveats,
            Caveat("overlap-aware errors"),
        ]
    elif shared and covariance == "clusters":
        out.append(Caveat("clustered errors"))
    elif shared:
        kind = "HC3 errors, too, treat" if covariance == "HC3" else "Ordinary errors treat"
        out.append(Caveat("errors of independent runs", kind=kind))
    ratio = float(np.max(errors["HC3"] / np.maximum(errors["ordinary"], 1e-300)))
    if covariance == "ordinary" and ratio > 1.25:
        out.append(Caveat("uneven residuals", ratio=ratio))
    return tuple(out)
