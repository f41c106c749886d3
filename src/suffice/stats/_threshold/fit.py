"""Threshold regression: the point of x at which the effect on y changes.

Forms, with ``(v)+`` for the larger of v and 0: ``hinge`` (flat, then slope: the formula the paper
prints), ``upperhinge`` (slope, then flat: diminishing returns), ``segmented`` (two slopes) and
``step`` (two levels).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import EXACT_CAVEAT, gaussian_aic
from suffice.stats._regression.data import group_numbers
from suffice.stats._regression.overlap import Overlap, known_overlap
from suffice.stats._resampling import Seed, seed_sequence
from suffice.stats._threshold.bootstrap import acceleration, intervals, resample, resimulate
from suffice.stats._threshold.errors import new_responses
from suffice.stats._threshold.profile import (
    ThresholdDesign,
    candidate_positions,
    checked,
    make_design,
    profile,
)
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import format_number

_FEW = 20
"""With fewer values to choose from a threshold lies between them, and that is said."""

_TERMS = {
    "hinge": "({}-threshold)+",
    "upperhinge": "({}-threshold)-",
    "segmented": "({}-threshold)+",
    "step": "{}>threshold",
}


@dataclass(frozen=True, eq=False)
class Threshold(Result):
    """An estimated threshold.

    Attributes
    ----------
    form : str
        One of `FORMS`.
    predictor : str
        Name of x.
    n : int
        Rows.
    estimate : float
        The candidate of least sum of squares, in units of x.
    interval : pair of float
        Percentile bootstrap interval at `level`; NaN without a bootstrap. Where it is a single
        value, the neighbouring values of x: between them the data cannot place a threshold.
    level : float
    intervals : mapping of str to (mapping of str to pair of float)
        For ``threshold`` and every coefficient: ``perc``, ``basic``, ``bc``,
        ``bca``, ``symm``.
    coefficients : mapping of str to float
        ``(Intercept)``, the covariates, x itself for ``segmented``, and the term. For ``hinge`` and
        ``segmented`` the last is the slope (or its change) beyond the threshold, for ``upperhinge``
        the slope before it, for ``step`` the jump.
    sse, sigma, log_likelihood, aic : float
        As chngpt counts: sigma over n less the coefficients; the likelihood's parameters are the
        coefficients, sigma and the threshold. The last two are NaN where the fit is exact.
    quantiles : pair of float
        Candidates lie between these quantiles of x.
    candidates : (c,) array
        Distinct candidates, ascending.
    profile : (c,) array
        Sum of squares at each candidate; NaN where the term vanishes.
    bootstrap : (B,) array
        Bootstrap thresholds.
    bootstrap_sd : float
        Their standard deviation (NaN without a bootstrap).
    failed : int
        Resamples in which no threshold could be estimated.
    resampling : str
        ``rows``, ``groups``, ``wild`` or ``documents``: what was resampled.
    seed : int
    caveats : tuple of str
    """

    form: str
    predictor: str
    n: int
    estimate: float
    interval: tuple[float, float]
    level: float
    intervals: Mapping[str, Mapping[str, tuple[float, float]]]
    coefficients: Mapping[str, float]
    sse: float
    sigma: float
    log_likelihood: float
    aic: float
    quantiles: tuple[float, float]
    candidates: Array
    profile: Array
    bootstrap: Array
    bootstrap_sd: float
    failed: int
    resampling: str
    seed: Seed
    caveats: tuple[str, ...] = ()

    def predict(self, x: ArrayLike, covariates: Mapping[str, ArrayLike] | None = None) -> Array:
        """Return the fitted mean at x.

        Parameters
        ----------
        x : (m,) array_like
        covariates : mapping of str to (m,) array_like, optional
            A value for each covariate of the model.

        Returns
        -------
        (m,) array
        """
        at = np.asarray(x, dtype=np.float64)
        names = list(self.coefficients)
        columns = {k: np.asarray(v, dtype=np.float64) for k, v in (covariates or {}).items()}
        beyond = at - self.estimate
        term = {
            "hinge": np.maximum(beyond, 0),
            "segmented": np.maximum(beyond, 0),
            "upperhinge": np.minimum(beyond, 0),
            "step": (beyond > 0).astype(np.float64),
        }[self.form]
        out = self.coefficients[names[0]] + self.coefficients[names[-1]] * term
        for name in names[1:-1]:
            values = at if self.form == "segmented" and name == self.predictor else columns[name]
            out = out + self.coefficients[name] * values
        return np.asarray(out, dtype=np.float64)

    def _title(self) -> str:
        return f"Threshold of {self.predictor} ({self.form}, n = {self.n})"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        share = f"{100 * self.level:g} %"
        rows: list[tuple[Any, ...]] = [("threshold", self.estimate, *self.interval)]
        for name, value in self.coefficients.items():
            ends = self.intervals.get(name, {}).get("perc", (float("nan"), float("nan")))
            rows.append((name, value, *ends))
        return ("", "estimate", f"{share} from", "to"), rows


def threshold(
    y: ArrayLike,
    x: ArrayLike,
    *,
    form: str = "upperhinge",
    covariates: Mapping[str, ArrayLike] | None = None,
    quantiles: tuple[float, float] = (0.05, 0.95),
    n_resamples: int = 1000,
    level: float = 0.95,
    groups: ArrayLike | None = None,
    wild: bool = False,
    overlap: Overlap = None,
    predictor: str = "x",
    seed: Seed = 0,
) -> Threshold:
    """Estimate a threshold exactly, with bootstrap intervals.

    Every observed x between the quantiles is tried and the one of least sum of squares is the
    estimate. The bootstrap resamples rows (or groups of rows) and repeats the whole search.

    Parameters
    ----------
    y : (n,) array_like
        Response, for example F1.
    x : (n,) array_like
        Predictor with the threshold, for example the sentences of the training set.
    form : {"upperhinge", "hinge", "segmented", "step"}
    covariates : mapping of str to (n,) array_like, optional
        Further predictors with a linear effect.
    quantiles : pair of float
        In [0, 1]. Candidates are the observed x at sorted positions ``round(n low) + 1`` to
        ``round(n high)``.
    n_resamples : int
        Resamples; 0 for none.
    level : float
        Coverage of the intervals, in (0, 1).
    groups : (n,) array_like, optional
        What belongs together (runs on one training set, say): resampled as a whole.
    wild : bool
        Keep x and give the residuals random signs, instead of resampling rows: supposes that the
        threshold model holds, not that errors have one spread.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents, from `suffice.stats.overlap`: errors are
        drawn anew with the covariance that this gives them, instead of resampling rows.
        "unknown" adds a caveat; by default rows are independent.
    predictor : str
        Name of x in the coefficients.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    Threshold

    Raises
    ------
    ValueError
        Unknown form, bad quantiles or level, unequal lengths, values that are not finite, constant
        response, predictor or covariate, collinear covariates, too few rows or distinct x, no
        usable candidate, or two ways of resampling at once.

    Notes
    -----
    Source: Fong Y, Huang Y, Gilbert PB, Permar SR. chngpt: threshold regression model estimation
    and inference. BMC Bioinformatics 2017;18:454. Estimates equal those of the R package.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(20, 120)
    >>> y = 0.9 + 0.005 * np.minimum(x - 70, 0) + 0.01 * np.sin(x)
    >>> found = threshold(y, x, n_resamples=0)
    >>> abs(found.estimate - 70) < 3
    True
    """
    if n_resamples < 0:
        raise ValueError(f"the number of resamples cannot be negative: {n_resamples}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    ys, xs, zs, names = checked(y, x, covariates, form, quantiles)
    clusters = _groups(groups, len(ys))
    low, high = float(quantiles[0]), float(quantiles[1])
    design = make_design(ys, xs, zs, form, (low, high))
    found = profile(design, coefficients=True)
    if not found.valid[0]:
        raise ValueError(
            f"no x between the quantiles {low:g} and {high:g} can be a threshold of form {form}: "
            "widen the quantiles or provide more distinct values of x"
        )
    best = int(found.best[0])
    estimate = design.sign * float(design.points[best]) + 0.0
    labels = ["(Intercept)", *names, *([predictor] if form == "segmented" else [])]
    labels.append(_TERMS[form].format(predictor))
    if len(set(labels)) < len(labels):
        raise ValueError(f"names of predictor and covariates clash: {labels}")
    coefficients = dict(zip(labels, map(float, found.coefficients[0]), strict=True))

    similarity = known_overlap(overlap)
    if sum((wild, similarity is not None, clusters is not None)) > 1:
        raise ValueError("give only one of groups, wild and overlap: each is a way of resampling")
    draws, slopes, failed = np.empty(0), np.empty((0, len(labels))), 0
    bent = np.zeros(1 + len(labels))
    spread: tuple[str, ...] = ()
    if n_resamples:
        root, other = seed_sequence(seed), seed_sequence(seed, 1)
        if wild or similarity is not None:
            responses, spread = new_responses(design, best, n_resamples, root, similarity)
            draws, slopes, failed = resimulate(design, responses)
        else:
            draws, slopes, failed = resample(design, n_resamples, root, clusters)
        bent = acceleration(design, other, clusters)
    ranges = {"threshold": intervals(draws, estimate, level, float(bent[0]))}
    for k, name in enumerate(labels):
        ranges[name] = intervals(slopes[:, k], coefficients[name], level, float(bent[k + 1]))

    points, squares = _profile(design, found.base[0] - found.gain[0])
    sse = max(float(found.base[0] - found.gain[0, best]), 0.0) * design.y_scale**2
    parameters = design.n_coefficients + 2  # with sigma and the threshold
    aic = gaussian_aic(sse, design.n * design.y_scale**2, design.n, parameters)
    usable = points[np.isfinite(squares)]
    interval = ranges["threshold"]["perc"]
    if interval[0] == interval[1]:
        interval = _neighbours(interval[0], xs)
    return Threshold(
        form=form,
        predictor=predictor,
        n=design.n,
        estimate=estimate,
        interval=interval,
        level=level,
        intervals=ranges,
        coefficients=coefficients,
        sse=sse,
        sigma=float(np.sqrt(sse / (design.n - design.n_coefficients))),
        log_likelihood=parameters - aic / 2,
        aic=aic,
        quantiles=(low, high),
        candidates=points,
        profile=squares,
        bootstrap=draws,
        bootstrap_sd=float(np.std(draws, ddof=1)) if len(draws) > 1 else float("nan"),
        failed=failed,
        resampling=(
            "documents"
            if similarity is not None
            else "wild"
            if wild
            else "rows"
            if clusters is None
            else "groups"
        ),
        seed=seed,
        caveats=(
            *spread,
            *((EXACT_CAVEAT,) if np.isnan(aic) else ()),
            *_between(estimate, ranges["threshold"]["perc"], usable, xs, predictor),
            *_words(
                estimate,
                usable,
                n_resamples,
                failed,
                overlap is not None and similarity is None and clusters is None,
                form,
            ),
        ),
    )


def _groups(groups: ArrayLike | None, n: int) -> NDArray[np.int64] | None:
    numbers = group_numbers(groups, n)
    if numbers is not None and numbers.max() < 4:
        raise ValueError(
            f"{numbers.max() + 1} groups are too few to resample: at least 5 are needed"
        )
    return numbers


def _profile(design: ThresholdDesign, squares: Array) -> tuple[Array, Array]:
    """Candidates in the user's units, ascending, and the sum of squares at each."""
    counts = np.diff(np.append(design.starts, design.n))
    reached = np.cumsum(counts)
    first, stop = candidate_positions(design.n, design.low, design.high)
    inside = (reached > first) & (reached - counts < stop)
    points = design.sign * design.points[inside] + 0.0
    values = np.where(np.isfinite(squares[inside]), squares[inside], np.nan) * design.y_scale**2
    return points[:: design.sign], values[:: design.sign]


def _neighbours(estimate: float, values: Array) -> tuple[float, float]:
    """Return the observed values next to an estimate."""
    observed = np.unique(values)
    at = int(np.searchsorted(observed, estimate))
    return float(observed[max(at - 1, 0)]), float(observed[min(at + 1, len(observed) - 1)])


def _between(
    estimate: float, found: tuple[float, float], usable: Array, values: Array, predictor: str
) -> tuple[str, ...]:
    """Say between which values the threshold may lie, where few were there to choose from."""
    below, above = (format_number(v) for v in _neighbours(estimate, values))
    if found[0] == found[1]:
        return (
            f"Nearly every resample puts the threshold at {format_number(estimate)}: its interval "
            f"is given by the neighbouring values of {predictor}, {below} and {above}, between "
            "which these data cannot place it.",
        )
    if len(usable) >= _FEW:
        return ()
    return (
        f"Only {len(usable)} values of {predictor} were available: the threshold may lie anywhere "
        f"from {below} to {above}, however narrow its interval is.",
    )


def _words(
    estimate: float, usable: Array, n_resamples: int, failed: int, shared: bool, form: str
) -> tuple[str, ...]:
    out: list[str] = []
    if estimate in (usable[0], usable[-1]):
        edge = "lowest" if estimate == usable[0] else "highest"
        out.append(Caveat("threshold at the edge", edge=edge, form=form))
    if shared:
        out.append(Caveat("interval too narrow"))
    if failed:
        out.append(Caveat("resamples left out", failed=failed, resamples=n_resamples))
    out.append(Caveat("threshold on a curve"))
    return tuple(out)
