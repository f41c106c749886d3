"""Whether two samples agree in a ratio of totals: a verdict by equivalence, not by a p-value.

A p-value says "no difference found" of two samples that are merely small. The rule here asks in its
place whether the ratio of the two lies within a margin (two one-sided tests: Schuirmann, Journal of
Pharmacokinetics and Biopharmaceutics 15, 1987), and has a third answer: cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._resampling import degrees_of_freedom

Verdict = Literal["match", "higher", "lower", "cannot tell"]

MARGIN = 0.1
"""A tenth of the EPS is one standard deviation of it over the paper's training sets (.14 of 1.34);
its own regression puts about half a point of F1 on that (standardised slopes .04 to .05, SD of F1
.12 to .14)."""


@dataclass(frozen=True)
class RatioMatch(Result):
    """How a sample compares with production text in one respect.

    Parameters
    ----------
    what : str
        What is compared, as ``"tokens per sentence"``.
    sample, production : float
        Its value on each side.
    ratio, low, high : float
        The sample's over the production's, with its interval.
    verdict : {"match", "higher", "lower", "cannot tell"}
        The verdict on the sample, compared with production text.
    """

    what: str
    sample: float
    production: float
    ratio: float
    low: float
    high: float
    verdict: Verdict


def judge(low: float, high: float, inner: tuple[float, float], margin: float) -> Verdict:
    """Return the verdict on a ratio.

    Parameters
    ----------
    low, high : float
        Its 95 % interval.
    inner : (float, float)
        Its 90 % interval.
    margin : float
        Greater than 0.

    Returns
    -------
    str
        ``"match"`` where the 90 % interval lies between 1 / (1 + margin) and 1 + margin, which are
        two one-sided tests at 5 %; else ``"higher"`` or ``"lower"`` where the 95 % interval
        excludes 1; else ``"cannot tell"``.
    """
    if not margin > 0:
        raise ValueError(f"the margin must be greater than 0, not {margin}")
    if np.isnan([low, high, *inner]).any():
        return "cannot tell"
    if 1 / (1 + margin) <= inner[0] and inner[1] <= 1 + margin:
        return "match"
    if low > 1:
        return "higher"
    return "lower" if high < 1 else "cannot tell"


def compare_ratios(
    what: str,
    sample: tuple[Array, Array],
    production: tuple[Array, Array],
    *,
    margin: float = MARGIN,
    level: float = 0.95,
) -> RatioMatch:
    """Compare ratios of totals that are counted on both sides.

    Parameters
    ----------
    what : str
        What is compared.
    sample, production : (ndarray, ndarray)
        Counts above and below the line, of each document or group.
    margin : float
        Greater than 0.
    level : float
        Confidence level of the interval; each of the two one-sided tests is at ``1 - level``.

    Returns
    -------
    RatioMatch
        With intervals by the delta method on the log of the ratio, each side's residuals
        (Cochran, Sampling Techniques, 3rd ed., equation 6.9) taken as independent of the other's;
        Student's t with the degrees of freedom of Welch (Biometrika 1947), each side's own by
        Satterthwaite, so that a few long documents do not make it sure.
    """
    values, variances, own = zip(*map(_log_variance, (sample, production)), strict=True)
    ratio = values[0] / values[1] if values[1] else np.nan
    error = float(np.sqrt(sum(variances)))
    df = 1.0
    if error > 0:
        df = error**4 / sum(v**2 / max(d, 1) for v, d in zip(variances, own, strict=True))

    def ends(level: float) -> tuple[float, float]:
        half = scipy.stats.t.ppf(0.5 + level / 2, df) * error
        return float(ratio * np.exp(-half)), float(ratio * np.exp(half))

    low, high = ends(level)
    verdict = judge(low, high, ends(round(2 * level - 1, 12)), margin)
    return RatioMatch(what, float(values[0]), float(values[1]), float(ratio), low, high, verdict)


def _log_variance(counts: tuple[Array, Array]) -> tuple[float, float, float]:
    """Return a ratio of totals, its logarithm's variance (NaN: none) and degrees of freedom."""
    upper, lower = counts
    n = len(upper)
    if n < 2 or not upper.sum() or not lower.sum():
        value = float(upper.sum() / lower.sum()) if n and lower.sum() else np.nan
        return value, np.nan, np.nan
    value = float(upper.sum() / lower.sum())
    residual = upper - value * lower
    variance = float(n / (n - 1) * (residual @ residual) / upper.sum() ** 2)
    return value, variance, degrees_of_freedom(residual)
