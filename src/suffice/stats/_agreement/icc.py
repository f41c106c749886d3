"""The intraclass correlation in its six forms (Shrout & Fleiss, Psychol Bull 1979;86:420–428)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array

FORMS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
"""One rating (1), or the mean of all k; raters differ by target (1), random (2), fixed (3)."""

_NAN = float("nan")


@dataclass(frozen=True)
class IntraclassCorrelation(Result):
    """One form of the intraclass correlation.

    Parameters
    ----------
    form : str
        One of `FORMS`.
    value : float
        At most 1; may be negative; NaN where undefined.
    f, df1, df2, p : float
        The test against 0.
    low, high : float
        The ends of the interval.
    level : float
        Confidence level of the interval.
    caveats : tuple of str
        What to keep in mind.
    """

    form: str
    value: float
    f: float
    df1: float
    df2: float
    p: float
    low: float
    high: float
    level: float = 0.95
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntraclassCorrelations(Result):
    """All six forms.

    Parameters
    ----------
    forms : tuple of IntraclassCorrelation
        The forms, in the order of `FORMS`.
    targets, raters : int
        Rows and columns used.
    caveats : tuple of str
        What to keep in mind.
    """

    forms: tuple[IntraclassCorrelation, ...]
    targets: int
    raters: int
    caveats: tuple[str, ...] = ()

    def __getitem__(self, form: str) -> IntraclassCorrelation:
        """Return one form by its name."""
        return self.forms[FORMS.index(form)]

    def _title(self) -> str:
        return f"Intraclass correlation: {self.targets} targets, {self.raters} raters"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows = [(x.form, x.value, (x.low, x.high), x.f, x.df1, x.df2, x.p) for x in self.forms]
        return ("form", "ICC", "interval", "F", "df1", "df2", "p"), rows


def icc(ratings: ArrayLike, *, level: float = 0.95) -> IntraclassCorrelations:
    """Return the intraclass correlation of a table of ratings, in all six forms.

    Parameters
    ----------
    ratings : array_like of float, shape (targets, raters)
        One row for each thing rated. Rows with a NaN are left out, and counted in the caveats.
    level : float
        Confidence level of the intervals, in (0, 1).

    Returns
    -------
    IntraclassCorrelations
        NaN with a caveat where there are fewer than two complete rows, fewer than two raters, or
        no variance at all.

    Raises
    ------
    ValueError
        `ratings` is not a table, holds infinities, or `level` is not in (0, 1).

    Notes
    -----
    Shrout & Fleiss (1979), equations 1–14. The values, tests and intervals are those of R's
    ``psych::ICC(lmer=FALSE)``, and of ``irr::icc`` but for two-way agreement: there ``irr`` tests
    with Satterthwaite's second degrees of freedom; and for the mean of k raters, its ICC(A,k), it
    computes these from the mean's coefficient, where that of one rater belongs, so that its
    interval is another one. Here, as in ``psych``, the ends for one rater are stepped up by
    Spearman and Brown's formula.

    Examples
    --------
    >>> found = icc([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9],
    ...              [6, 2, 4, 7]])
    >>> round(found["ICC2"].value, 2), round(found["ICC3"].value, 2)
    (0.29, 0.71)
    """
    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"ratings must be a table of two dimensions, not {table.ndim}")
    if np.isinf(table).any():
        raise ValueError("ratings hold infinities")
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1), not {level}")
    whole = ~np.isnan(table).any(axis=1)
    caveats = []
    if not whole.all():
        caveats.append(f"targets without a rating by every rater are left out: {(~whole).sum():,}")
        table = table[whole]
    n, k = table.shape
    if n < 2 or k < 2:
        caveats.append(
            f"the intraclass correlation needs 2 targets and 2 raters; there are {n} and {k}"
        )
        return _undefined(n, k, level, caveats)
    if np.ptp(table) == 0:
        caveats.append("all ratings are the same: the intraclass correlation is undefined")
        return _undefined(n, k, level, caveats)
    return IntraclassCorrelations(tuple(_forms(table, level)), n, k, tuple(caveats))


def _undefined(n: int, k: int, level: float, caveats: list[str]) -> IntraclassCorrelations:
    forms = tuple(
        IntraclassCorrelation(form, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, level, tuple(caveats))
        for form in FORMS
    )
    return IntraclassCorrelations(forms, n, k, tuple(caveats))


def _forms(table: Array, level: float) -> list[IntraclassCorrelation]:
    n, k = table.shape
    grand = table.mean()
    between = k * float(((table.mean(axis=1) - grand) ** 2).sum())
    raters = n * float(((table.mean(axis=0) - grand) ** 2).sum())
    total = float(((table - grand) ** 2).sum())
    msb, msj = between / (n - 1), raters / (k - 1)
    msw = max(0.0, total - between) / (n * (k - 1))
    # What is left by rounding where raters differ by a constant is no variance.
    rest = total - between - raters
    mse = (rest if rest > 1e-12 * total else 0.0) / ((n - 1) * (k - 1))
    tail = 1 - (1 - level) / 2
    df1, df_one, df_two = n - 1.0, n * (k - 1.0), (n - 1.0) * (k - 1.0)
    one = _ratio(msb, msw)
    two = _ratio(msb, mse)
    value1 = _part(msb - msw, msb + (k - 1) * msw)
    value2 = _part(msb - mse, msb + (k - 1) * mse + k * (msj - mse) / n)
    value3 = _part(msb - mse, msb + (k - 1) * mse)
    ends1 = _f_ends(one, df1, df_one, tail)
    ends3 = _f_ends(two, df1, df_two, tail)
    ends2 = _agreement_ends(msb, msj, mse, value2, n, k, tail)
    found = []
    for form, value, f, df2, (low, high) in (
        ("ICC1", value1, one, df_one, tuple(_single(e, k) for e in ends1)),
        ("ICC2", value2, two, df_two, ends2),
        ("ICC3", value3, two, df_two, tuple(_single(e, k) for e in ends3)),
        ("ICC1k", _part(msb - msw, msb), one, df_one, tuple(_mean(e) for e in ends1)),
        (
            "ICC2k",
            _part(msb - mse, msb + (msj - mse) / n),
            two,
            df_two,
            tuple(_part(e * k, 1 + e * (k - 1)) for e in ends2),
        ),
        ("ICC3k", _part(msb - mse, msb), two, df_two, tuple(_mean(e) for e in ends3)),
    ):
        p = float(scipy.stats.f.sf(f, df1, df2))
        caveats = () if np.isfinite(value) else ("undefined: the ratings vary too little",)
        found.append(IntraclassCorrelation(form, value, f, df1, df2, p, low, high, level, caveats))
    return found


def _ratio(above: float, below: float) -> float:
    if below > 0:
        return above / below
    return float("inf") if above > 0 else _NAN


def _part(above: float, below: float) -> float:
    return above / below if below != 0 else _NAN


def _f_ends(f: float, df1: float, df2: float, tail: float) -> tuple[float, float]:
    return float(f / scipy.stats.f.ppf(tail, df1, df2)), float(
        f * scipy.stats.f.ppf(tail, df2, df1)
    )


def _single(f: float, k: int) -> float:
    return 1.0 if np.isinf(f) else (f - 1) / (f + k - 1)


def _mean(f: float) -> float:
    return _part(f - 1, f) if np.isfinite(f) else (1.0 if f > 0 else _NAN)


def _agreement_ends(
    msb: float, msj: float, mse: float, value: float, n: int, k: int, tail: float
) -> tuple[float, float]:
    """Return the interval of ICC2 with Satterthwaite's degrees of freedom."""
    if mse == 0:
        # The ratio of raters to error has no bound; what is left are the raters' k - 1.
        if msj == 0:
            return (1.0, 1.0) if msb > 0 else (_NAN, _NAN)
        v = float(k - 1)
    else:
        fj = msj / mse
        inner = n * (1 + (k - 1) * value) - k * value
        above = (k - 1) * (n - 1) * (k * value * fj + inner) ** 2
        below = (n - 1) * k**2 * value**2 * fj**2 + inner**2
        v = _part(above, below)
    upper = float(scipy.stats.f.ppf(tail, n - 1, v))
    lower = float(scipy.stats.f.ppf(tail, v, n - 1))
    spread = k * msj + (k * n - k - n) * mse
    low = _part(n * (msb - upper * mse), upper * spread + n * msb)
    high = _part(n * (lower * msb - mse), spread + n * lower * msb)
    return low, high
