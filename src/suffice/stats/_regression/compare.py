"""Compare two sets of predictors for one response, nested or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import EXACT_CAVEAT, above_rounding, gaussian_aic, is_exact
from suffice.stats._regression.data import checked, scaled
from suffice.stats._regression.overlap import Overlap
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import p_sign


@dataclass(frozen=True)
class SpecificationTest(Result):
    """A test of one model against another that it does not contain.

    Attributes
    ----------
    estimate, se, statistic, p : float
        For the J test t distributed, for Cox's normal, both two-sided. A small P says that the
        model tested misses something the other has.
    caveats : tuple of str
    """

    estimate: float
    se: float
    statistic: float
    p: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ModelComparison(Result):
    """Two predictor sets side by side.

    Attributes
    ----------
    a, b : tuple of str
        Names of the predictors of each model.
    n : int
    aic, bic, r2, sse : pair of float
        The AIC, BIC, R² and SSE of a and of b; AIC and BIC as R counts (sigma is a parameter).
    relation : str
        ``nested``, ``non-nested`` or ``same``.
    f, p : float
        Nested F test; NaN unless nested.
    df : pair of int
        Its degrees of freedom; (0, 0) unless nested.
    j : pair of SpecificationTest or None
        J test of a (does the fit of b add to a?) and of b; None where nested.
    cox : pair of SpecificationTest or None
        Cox test of a and of b; None where nested.
    sentence : str
        What can be said, in words.
    caveats : tuple of str
    """

    a: tuple[str, ...]
    b: tuple[str, ...]
    n: int
    aic: tuple[float, float]
    bic: tuple[float, float]
    r2: tuple[float, float]
    sse: tuple[float, float]
    relation: str
    f: float
    df: tuple[int, int]
    p: float
    j: tuple[SpecificationTest, SpecificationTest] | None
    cox: tuple[SpecificationTest, SpecificationTest] | None
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{' + '.join(self.a)} against {' + '.join(self.b)} (n = {self.n})"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            ("AIC", *self.aic),
            ("BIC", *self.bic),
            ("R2", *self.r2),
            ("sum of squares", *self.sse),
        ]
        for label, tests in (("J test, P", self.j), ("Cox test, P", self.cox)):
            if tests is not None:
                rows.append((label, tests[0].p, tests[1].p))
        if self.relation == "nested":
            rows.append(("nested F", self.f, ""))
            rows.append(("P", self.p, ""))
        return ("", " + ".join(self.a), " + ".join(self.b)), rows


class _ModelFit:
    """Least squares of the scaled response on a constant and scaled columns."""

    def __init__(self, y: Array, columns: Array) -> None:
        self.basis, _ = np.linalg.qr(np.column_stack([np.ones(len(y)), columns]))
        self.parameters = self.basis.shape[1]
        self.fitted = self.project(y)
        self.sse = float(((y - self.fitted) ** 2).sum())

    def project(self, values: Array) -> Array:
        return np.asarray(self.basis @ (self.basis.T @ values))

    def contains(self, columns: Array) -> bool:
        rest = columns - self.basis @ (self.basis.T @ columns)
        return bool((np.linalg.norm(rest, axis=0) < 1e-7 * np.sqrt(len(columns))).all())


def _j_test(y: Array, own: _ModelFit, other: _ModelFit) -> SpecificationTest:
    extra = other.fitted - own.project(other.fitted)
    size = float(extra @ extra)
    if size < 1e-20 * float(y @ y):
        return _nothing()
    estimate = float(extra @ y) / size
    rest = y - own.fitted - estimate * extra
    df = len(y) - own.parameters - 1
    left = float(rest @ rest)
    if is_exact(left, float(y @ y)):
        return _nothing("Both models together fit exactly: there is no error to test against.")
    se = float(np.sqrt(left / df / size))
    t = estimate / se
    return SpecificationTest(estimate, se, t, float(2 * scipy.special.stdtr(df, -abs(t))))


def _cox_test(y: Array, own: _ModelFit, other: _ModelFit) -> SpecificationTest:
    n = len(y)
    wanting = own.fitted - other.project(own.fitted)
    twice = wanting - own.project(wanting)
    own_variance = own.sse / n
    expected = own_variance + float(wanting @ wanting) / n
    variance = own_variance * float(twice @ twice) / expected**2
    if variance <= 1e-20:
        return _nothing()
    estimate = n / 2 * float(np.log(above_rounding(other.sse, float(y @ y)) / n / expected))
    se = float(np.sqrt(variance))
    z = estimate / se
    return SpecificationTest(estimate, se, z, float(2 * scipy.special.ndtr(-abs(z))))


def _nothing(why: str = "The other model's fit adds nothing to test.") -> SpecificationTest:
    nan = float("nan")
    return SpecificationTest(nan, nan, nan, nan, (why,))


def compare_models(
    y: ArrayLike,
    predictors_a: Mapping[str, ArrayLike],
    predictors_b: Mapping[str, ArrayLike],
    *,
    overlap: Overlap = None,
) -> ModelComparison:
    """Compare two linear models of one response.

    Parameters
    ----------
    y : (n,) array_like
    predictors_a, predictors_b : mapping of str to (n,) array_like
        The same name in both must stand for the same column.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents. It is not carried into the numbers:
        anything but the default, independent rows, adds a caveat.

    Returns
    -------
    ModelComparison

    Raises
    ------
    ValueError
        As `suffice.stats.regress` for either model, or if a name stands for two columns.

    Notes
    -----
    Sources: J test, Davidson R, MacKinnon JG. Econometrica 1981;49:781-793. Cox test as Pesaran MH,
    Deaton AS. Econometrica 1978;46:677-694, with the maximum likelihood variances. Both agree with
    R's lmtest.
    """
    response, columns_a, names_a = checked(y, predictors_a)
    _, columns_b, names_b = checked(y, predictors_b)
    for name in set(names_a) & set(names_b):
        if not np.array_equal(columns_a[:, names_a.index(name)], columns_b[:, names_b.index(name)]):
            raise ValueError(f"{name} stands for different columns in the two models")
    n = len(response)
    z = scaled(response)
    unit = float(response.var(ddof=1))
    a, b = _ModelFit(z, scaled(columns_a)), _ModelFit(z, scaled(columns_b))
    a_in_b, b_in_a = b.contains(scaled(columns_a)), a.contains(scaled(columns_b))
    relation = "same" if a_in_b and b_in_a else "nested" if a_in_b or b_in_a else "non-nested"
    f = p = float("nan")
    df = (0, 0)
    j = cox = None
    if relation == "nested":
        small, large = (a, b) if a_in_b else (b, a)
        df = (large.parameters - small.parameters, n - large.parameters)
        if not is_exact(large.sse, n - 1):  # else nothing is left to test against
            f = (small.sse - large.sse) / df[0] / (large.sse / df[1])
            p = float(scipy.special.fdtrc(*df, f))
    elif relation == "non-nested":
        j = (_j_test(z, a, b), _j_test(z, b, a))
        cox = (_cox_test(z, a, b), _cox_test(z, b, a))
    counts = [m.parameters + 1 for m in (a, b)]
    aic = [
        gaussian_aic(m.sse * unit, (n - 1) * unit, n, k)
        for m, k in zip((a, b), counts, strict=True)
    ]
    bic = [float(v + (np.log(n) - 2) * k) for v, k in zip(aic, counts, strict=True)]
    caveats: tuple[str, ...] = (EXACT_CAVEAT,) if np.isnan(aic).any() else ()
    if overlap is not None:
        caveats += (Caveat("comparison of independent runs"),)
    return ModelComparison(
        a=names_a,
        b=names_b,
        n=n,
        aic=(aic[0], aic[1]),
        bic=(bic[0], bic[1]),
        r2=(1 - a.sse / (n - 1), 1 - b.sse / (n - 1)),
        sse=(a.sse * unit, b.sse * unit),
        relation=relation,
        f=float(f),
        df=df,
        p=p,
        j=j,
        cox=cox,
        sentence=_sentence(relation, names_a, names_b, aic, p, a.parameters == b.parameters, j),
        caveats=caveats,
    )


def _sentence(
    relation: str,
    a: tuple[str, ...],
    b: tuple[str, ...],
    aic: list[float],
    p: float,
    equal: bool,
    j: tuple[SpecificationTest, SpecificationTest] | None,
) -> str:
    first, second = " + ".join(a), " + ".join(b)
    if relation == "same":
        return "Both sets of predictors span the same model."
    exact = [name for name, value in zip((first, second), aic, strict=True) if np.isnan(value)]
    if exact:
        verb = "fit" if len(exact) == 2 else "fits"
        return f"{' and '.join(exact)} {verb} exactly up to rounding: there is no error to test by."
    if relation == "nested":
        small, large = (first, second) if len(a) < len(b) else (second, first)
        verb = "adds to" if p < 0.05 else "adds no more than chance explains to"
        return f"The larger model ({large}) {verb} the smaller ({small}): P {p_sign(p)}."
    better, gap = (first, aic[1] - aic[0]) if aic[0] <= aic[1] else (second, aic[0] - aic[1])
    words = f"By AIC {better} is the better by {gap:.1f}"
    words += ", which is a negligible difference." if gap < 2 else "."
    if j is not None and all(np.isfinite(test.p) for test in j):
        rejected = [name for name, test in zip((first, second), j, strict=True) if test.p < 0.05]
        if len(rejected) == 2:
            words += " By the J test each has something the other lacks."
        elif rejected:
            words += f" By the J test {rejected[0]} lacks something that the other has."
        else:
            words += " By the J test neither lacks anything that the other has."
    if equal:
        words += (
            " An analysis of variance cannot compare them: neither contains the other and they "
            "have equally many parameters, so there are no degrees of freedom for an F, nor a P."
        )
    else:
        words += (
            " An analysis of variance cannot compare them, as neither contains the other: its F "
            "would test nothing."
        )
    return words
