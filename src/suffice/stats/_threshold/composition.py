"""Tell the effect of a ratio (entities per sentence) from one of size.

Small training sets scatter in EPS and score low. So if F1 depends on size alone, F1 against EPS
still rises to about the mean EPS and falls beyond it: both ends of EPS are made of small samples,
and a threshold model finds a threshold there. Here the ratio is re-estimated given size and within
strata of size, and what would be seen with no effect of the ratio at all is simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import above_rounding
from suffice.stats._regression.data import checked
from suffice.stats._regression.fit import regress
from suffice.stats._regression.overlap import Overlap
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.stats._smooth.basis import make_basis
from suffice.stats._threshold.bootstrap import block_rows
from suffice.stats._threshold.fit import Threshold, threshold
from suffice.stats._threshold.profile import make_design, profile
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import format_number, p_sign, signed

ARTEFACT, EFFECT, UNDECIDED = "artefact of composition", "effect given size", "undecided"

_ALPHA = 0.05
_BENDS = 10  # most dimensions of the spline of log size


@dataclass(frozen=True)
class StratumEffect(Result):
    """The linear effect of the ratio within a stratum of size.

    Attributes
    ----------
    least, largest : float
        Sizes.
    rows : int
    slope : float
        Change of the response for one unit of the ratio, given log size within the stratum; NaN
        where it could not be estimated.
    interval : pair of float
        With robust (HC3) errors.
    caveats : tuple of str
    """

    least: float
    largest: float
    rows: int
    slope: float
    interval: tuple[float, float]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Composition(Result):
    """A ratio's effect alone, given size, within strata of size, and under no effect at all.

    Attributes
    ----------
    predictor, size : str
    n : int
    alone : Threshold
        Segmented, of the response on the ratio and nothing else.
    slopes : pair of float
        Its slopes before and beyond the threshold.
    given_size : Threshold
        The same with a spline of log size as covariates.
    given_slopes : pair of float
    strata : tuple of StratumEffect
        The strata by size, ascending.
    simulated : (B,) array
        Thresholds of the ratio alone in data simulated without any effect of it.
    simulated_slopes : (B, 2) array
        Slopes before and beyond in the same.
    simulated_range : pair of float
        The middle part of `simulated`, at the level.
    p_alone : float
        Share of simulated data in which the ratio alone explains as much as here: large if what is
        seen alone is what no effect gives.
    p_given_size : float
        The same for what the ratio explains given size.
    verdict : str
        ``artefact of composition``, ``effect given size`` or ``undecided``.
    sentence : str
    caveats : tuple of str
    """

    predictor: str
    size: str
    n: int
    alone: Threshold
    slopes: tuple[float, float]
    given_size: Threshold
    given_slopes: tuple[float, float]
    strata: tuple[StratumEffect, ...]
    simulated: Array
    simulated_slopes: Array
    simulated_range: tuple[float, float]
    p_alone: float
    p_given_size: float
    verdict: str
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.predictor} or {self.size}? {self.verdict}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        middle = np.median(self.simulated_slopes, axis=0)
        typical = float(np.median(self.simulated))
        header = (self.predictor, "threshold", "slope before", "beyond", "P")
        rows: list[tuple[Any, ...]] = [
            ("alone", self.alone.estimate, *self.slopes, self.p_alone),
            ("simulated without effect", typical, float(middle[0]), float(middle[1]), ""),
            (f"given {self.size}", self.given_size.estimate, *self.given_slopes, self.p_given_size),
        ]
        for s in self.strata:
            name = f"{self.size} {format_number(s.least)} to {format_number(s.largest)}"
            rows.append((name, "", s.slope, s.slope, ""))
        return header, rows


def composition(
    y: ArrayLike,
    ratio: ArrayLike,
    size: ArrayLike,
    *,
    strata: int = 4,
    n_simulations: int = 999,
    n_resamples: int = 500,
    quantiles: tuple[float, float] = (0.05, 0.95),
    level: float = 0.95,
    overlap: Overlap = None,
    predictor: str = "EPS",
    size_name: str = "sentences",
    seed: Seed = 0,
) -> Composition:
    """Re-estimate a ratio's effect within and given size, and compare it with no effect.

    Parameters
    ----------
    y, ratio, size : (n,) array_like
        Response, the ratio (EPS), and the size (sentences, above 0).
    strata : int
        Strata of size with equally many rows, at least 2.
    n_simulations : int
        Simulated data sets, at least 99.
    n_resamples : int
        Resamples for the two thresholds' intervals.
    quantiles : pair of float
        Candidates lie between these quantiles of the ratio.
    level : float
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents. It is not carried into the numbers:
        anything but the default, independent rows, adds a caveat.
    predictor, size_name : str
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    Composition
        ``effect given size`` if the ratio explains more, given size, than in all but 5 % of the
        simulated data; ``artefact of composition`` if not, but alone it shows a rise or fall that
        zero would not; else ``undecided``.

    Raises
    ------
    ValueError
        As `suffice.stats.threshold`, or a size not above 0, or too few strata or copies.

    Notes
    -----
    Simulated data keep every row's size and ratio. The response is the spline of log size plus a
    residual of another row, rescaled to the spread that residuals have at this size (a power of
    size, fitted to their absolute values): residuals of small sets are larger.
    """
    if strata < 2 or n_simulations < 99:
        raise ValueError("composition needs at least 2 strata and 99 simulated data sets")
    response, columns, _ = checked(y, {predictor: ratio, size_name: size})
    ratios, sizes = columns.T
    if sizes.min() <= 0:
        raise ValueError(f"{size_name} must be above 0")
    n = len(response)
    logs = np.log(sizes)
    distinct = len(np.unique(logs))
    if distinct < 4:
        raise ValueError(f"{size_name} has only {distinct} distinct values: at least 4 are needed")
    bends = make_basis(logs, "cr", max(4, min(_BENDS, distinct, n // 12))).columns(logs)
    covariates = {f"bend {k + 1} of {size_name}": bends[:, k] for k in range(bends.shape[1])}
    options: dict[str, Any] = {
        "form": "segmented",
        "quantiles": quantiles,
        "n_resamples": n_resamples,
        "level": level,
        "predictor": predictor,
        "overlap": None if overlap is None else "unknown",
        "seed": seed,
    }
    alone = threshold(response, ratios, **options)
    given = threshold(response, ratios, covariates=covariates, **options)

    bare = make_design(response, ratios, np.empty((n, 0)), "segmented", quantiles)
    full = make_design(response, ratios, bends, "segmented", quantiles)
    base, _ = np.linalg.qr(np.column_stack([np.ones(n), bends]))
    sorted_base = base[bare.order]
    draws = _without_effect(response, base, logs, n_simulations, seed_sequence(seed, 7))
    found, slopes, plain, beyond = [], [], [], []
    for block in _blocks(draws, n):
        scaled = (block[:, bare.order] - bare.y_middle) / bare.y_scale
        result = profile(bare, responses=scaled, coefficients=True)
        found.append(bare.points[result.best])
        before = result.coefficients[:, 1]
        slopes.append(np.column_stack([before, before + result.coefficients[:, 2]]))
        plain.append(_explained(scaled, np.ones((n, 1)) / np.sqrt(n), result))
        beyond.append(_explained(scaled, sorted_base, profile(full, responses=scaled)))
    own = bare.y[None, :]
    seen = _explained(own, np.ones((n, 1)) / np.sqrt(n), profile(bare, responses=own))[0]
    seen_given = _explained(own, sorted_base, profile(full, responses=own))[0]
    p_alone = (1 + int((np.concatenate(plain) >= seen).sum())) / (n_simulations + 1)
    p_given = (1 + int((np.concatenate(beyond) >= seen_given).sum())) / (n_simulations + 1)
    thresholds, both = np.concatenate(found), np.concatenate(slopes)
    ends = np.quantile(thresholds, tails(level))
    span = (float(ends[0]), float(ends[1]))
    effect = regress(response, {predictor: ratios}, covariance="HC3")
    bent = alone.intervals[list(alone.coefficients)[-1]]["perc"]
    shows = effect.coefficients[predictor].p < _ALPHA or bent[0] > 0 or bent[1] < 0
    verdict = EFFECT if p_given <= _ALPHA else ARTEFACT if shows else UNDECIDED
    pair = _slopes(alone)
    return Composition(
        predictor=predictor,
        size=size_name,
        n=n,
        alone=alone,
        slopes=pair,
        given_size=given,
        given_slopes=_slopes(given),
        strata=_strata(response, ratios, sizes, strata, level),
        simulated=thresholds,
        simulated_slopes=both,
        simulated_range=span,
        p_alone=p_alone,
        p_given_size=p_given,
        verdict=verdict,
        sentence=_words(
            verdict, alone, pair, np.median(both, axis=0), span, p_given, size_name, level
        ),
        caveats=_caveats(overlap is not None),
    )


def _slopes(found: Threshold) -> tuple[float, float]:
    before = found.coefficients[found.predictor]
    return before, before + list(found.coefficients.values())[-1]


def _explained(responses: Array, base: Array, result: Any) -> Array:
    """Likelihood ratio of the segmented ratio against the base columns alone."""
    rest = (responses**2).sum(axis=1) - ((responses @ base) ** 2).sum(axis=1)
    n = responses.shape[1]
    sse = above_rounding(result.base - result.gain.max(axis=1), n)  # responses are scaled
    return np.asarray(n * np.log(above_rounding(rest, n) / sse))


def _blocks(draws: Array, n: int) -> Iterator[Array]:
    for start in range(0, len(draws), block_rows(n)):
        yield draws[start : start + block_rows(n)]


def _without_effect(
    y: Array, base: Array, logs: Array, n_simulations: int, seed: np.random.SeedSequence
) -> Array:
    """Responses that depend on size alone, shape (n_simulations, n)."""
    n = len(y)
    spread = np.ones(n)
    for _ in range(3):
        root, _ = np.linalg.qr(base / spread[:, None])
        fitted = spread * (root @ (root.T @ (y / spread)))
        residuals = y - fitted
        # a row that draws the fit to itself has too small a residual
        residuals = residuals / np.sqrt(np.maximum(1 - (root**2).sum(axis=1), 0.05))
        floor = 1e-3 * float(residuals.std()) + 1e-300
        trend = np.polyfit(logs, np.log(np.abs(residuals) + floor), 1)
        spread = np.exp(np.polyval(trend, logs))
        spread = spread / np.exp(np.log(spread).mean())
    standard = residuals / spread
    standard = standard - standard.mean()
    rng = np.random.default_rng(seed)
    order = np.argsort(rng.random((n_simulations, n)), axis=1)
    return np.asarray(fitted + spread * standard[order])


def _strata(
    y: Array, ratio: Array, size: Array, count: int, level: float
) -> tuple[StratumEffect, ...]:
    out = []
    for rows in np.array_split(np.argsort(size, kind="stable"), count):
        if not len(rows):
            continue
        predictors = {"ratio": ratio[rows]}
        if np.ptp(size[rows]) > 0:
            predictors["size"] = np.log(size[rows])
        caveats: tuple[str, ...] = ()
        slope, ends = float("nan"), (float("nan"), float("nan"))
        try:
            fit = regress(y[rows], predictors, covariance="HC3", standardize=False, level=level)
            slope, ends = fit.coefficients["ratio"].estimate, fit.coefficients["ratio"].interval
        except ValueError as error:
            caveats = (str(error),)
        least, largest = float(size[rows].min()), float(size[rows].max())
        out.append(StratumEffect(least, largest, len(rows), slope, ends, caveats))
    return tuple(out)


def _words(
    verdict: str,
    alone: Threshold,
    slopes: tuple[float, float],
    typical: Array,
    span: tuple[float, float],
    p: float,
    size: str,
    level: float,
) -> str:
    name, end = alone.predictor, format_number(alone.estimate, 3)
    simulated = (
        f"with no effect of {name} at all a threshold model still finds one, between "
        f"{format_number(span[0], 3)} and {format_number(span[1], 3)} in {100 * level:g} % of "
        f"simulations, with slopes of {signed(typical[0])} before and {signed(typical[1])} beyond"
    )
    seen = f"the data have {end}, {signed(slopes[0])} and {signed(slopes[1])}"
    # named in full: a regression reported beside this has another P of the same predictor
    shown = f"P {p_sign(p)} for two slopes of {name} given a smooth curve of {size}"
    if verdict == EFFECT:
        return (
            f"{name} explains more than {size} alone does ({shown}). Read its effect "
            f"given {size}, not alone: {simulated}; {seen}."
        )
    if verdict == ARTEFACT:
        return (
            f"What looks like an effect of {name} is one of {size}: {simulated}; {seen}. Given "
            f"{size} there is no effect beyond chance ({shown})."
        )
    return f"There is no effect of {name} beyond chance, alone or given {size} ({shown})."


def _caveats(shared: bool) -> tuple[str, ...]:
    first = Caveat("no evidence of no effect")
    return (first, Caveat("tests of independent runs")) if shared else (first,)
