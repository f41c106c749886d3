"""F1(n) with its uncertainty: evaluation documents, pool documents, runs, and the curve's form.

The estimand is the expected exact micro-F1, on new documents from the same source, of the recipe
trained on n random documents of that source. Four things make it uncertain, and each is carried
from where it arises to every number that follows:

* *evaluation documents*: they are a sample; resampled (whole groups at a time), the same resample
  for all runs, since all runs are scored on them;
* *pool documents*: training sets overlap because they come from one pool of N. If documents act
  linearly, training sets of n drawn from it vary by ``A(n)·(1 - n/N)`` around a mean that itself
  varies by ``A(n)·n/N`` around the source's. More runs make the first average out, never the
  second;
* *runs*: which training sets were drawn, and the seeds;
* *form*: which family of curves is right matters little between the sizes studied, and much beyond;
  no family is quite right: a smooth departure from it is allowed for (`_curves.form`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._curves.families import POWER_LAW
from suffice.stats._curves.form import departures, fit_families, refit, tangent
from suffice.stats._f1 import plotting
from suffice.stats._f1.errors import SizeErrors, errors_by_size
from suffice.stats._f1.run_variance import RunVariance
from suffice.stats._f1.scores import logit, logit_slope
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.stats._runs import Runs
from suffice.wording.caveats import Caveat

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST_RUNS = 4
_FEW_UNITS = 40
"""With fewer evaluation units intervals are too narrow more often than they say."""
_FALL = 0.01
_MOST_SHOWN = 7


@dataclass(frozen=True)
class F1Curve(Result):
    """F1(n) with intervals.

    Parameters
    ----------
    grid : ndarray, shape (points,)
        Training-set sizes in documents, increasing; the first and last are the ends studied or
        extrapolated to.
    mean, low, high : ndarray, shape (points,)
        The fitted curve and the ends of the pointwise interval of F1(n).
    one_low, one_high : ndarray, shape (points,)
        Where 80 % of single trained models of that size lie, on new documents.
    draws : ndarray, shape (n_resamples, points)
        Draws of F1(n) behind the intervals.
    one_sd : ndarray, shape (points,)
        Standard deviation of F1 between single trained models of that size.
    sizes, observed : ndarray, shape (sizes,)
        Sizes studied, and the mean F1 of their runs.
    parts : mapping of str to ndarray, shape (points,)
        Standard deviation that each source alone gives F1(n): ``evaluation``, ``pool``, ``runs``,
        ``form``.
    weights : mapping of str to float
        The families of curves and their weights.
    power_law : tuple of (float, float, float)
        a, b, c of ``a - b·n^(-c)`` fitted to the runs.
    largest : float
        The largest size studied: beyond it the curve is extrapolated.
    spread : RunVariance
        The variance between runs.
    evaluation_units : int
        Evaluation units (documents, or groups of them).
    evaluation_error : float
        The relative standard error of the evaluation's variance.
    evaluation_range : (float, float)
        The ends of its interval over its estimate.
    folds : int
        Folds where documents both train and evaluate; 0 for a single split.
    level : float
        Confidence level of all these intervals but that of single models.
    caveats : tuple of str
        What to keep in mind.
    """

    grid: Array
    mean: Array
    low: Array
    high: Array
    one_low: Array
    one_high: Array
    draws: Array = field(repr=False)
    one_sd: Array
    sizes: Array
    observed: Array
    parts: dict[str, Array]
    weights: dict[str, float]
    power_law: tuple[float, float, float]
    largest: float
    spread: RunVariance
    evaluation_units: int
    evaluation_error: float
    evaluation_range: tuple[float, float]
    folds: int
    level: float = 0.95
    caveats: tuple[str, ...] = ()

    def at(self, n: float) -> tuple[float, float, float]:
        """Return F1(n) and its interval, interpolated on the grid.

        F1(n) is the median of the draws: what is said of it and how probably it reaches a target
        then agree, even near 0, where the draws are skewed and the fitted curve lies off their
        middle.

        Parameters
        ----------
        n : float
            Size in documents, within the grid.
        """
        draws = self.draws_at(n)
        below, above = tails(self.level)
        low, middle, high = np.quantile(draws, [below, 0.5, above])
        return float(middle), float(low), float(high)

    def draws_at(self, n: float) -> Array:
        """Return the draws of F1(n), shape (replicates,), interpolated on the grid."""
        position = np.interp(np.log(n), np.log(self.grid), np.arange(len(self.grid)))
        left = int(min(np.floor(position), len(self.grid) - 2))
        share = position - left
        return (1 - share) * self.draws[:, left] + share * self.draws[:, left + 1]

    def part_at(self, name: str, n: float) -> float:
        """Return the standard deviation that one source alone gives F1(n)."""
        return float(np.interp(np.log(n), np.log(self.grid), self.parts[name]))

    def plot(
        self,
        ax: Axes | None = None,
        *,
        sentences_per_document: float | None = None,
        target: float | None = None,
        name: str = "F1",
    ) -> Axes:
        """Draw the curve as the report does: F1(n), its interval, single models, means of runs.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; those of a new figure by default.
        sentences_per_document : float, optional
            For an axis of sentences instead of documents; `Studied.sentences_per_document` of an
            analysis has it.
        target : float, optional
            Adds a line.
        name : str
            What the curve is of.

        Returns
        -------
        matplotlib.axes.Axes
        """
        axes = plotting.new_axes() if ax is None else ax
        plotting.plot(self, axes, scale=sentences_per_document, target=target, name=name)
        return axes

    def __repr__(self) -> str:
        """Show the curve at a few sizes, as `print` does."""
        return str(self)

    def _title(self) -> str:
        return f"Learning curve up to {self.largest:,.0f} training documents, and extrapolated"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        few = np.unique(np.linspace(0, len(self.sizes) - 1, _MOST_SHOWN).round().astype(int))
        beyond = [k * self.largest for k in (2, 4) if k * self.largest <= self.grid[-1]]
        return ("documents", "value", "low", "high"), [
            (round(n), *self.at(n)) for n in (*self.sizes[few].tolist(), *beyond)
        ]

    def to_dict(self) -> dict[str, object]:
        """Return every field but the draws in plain Python types."""
        fields = super().to_dict()
        fields.pop("draws")
        return fields


def f1_curve(
    runs: Runs,
    *,
    reach: float,
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> F1Curve:
    """Estimate F1(n) (or another metric of `runs`), from the smallest size up to `reach`.

    Parameters
    ----------
    runs : Runs
        At least 4 runs at 2 or more sizes.
    reach : float
        The largest n to extrapolate to, in documents.
    level : float
        Confidence level of the intervals.
    n_resamples : int
        Number of draws of the curve.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    F1Curve

    Raises
    ------
    ValueError
        Where there are too few runs or sizes.
    """
    if len(runs.size) < _LEAST_RUNS or len(np.unique(runs.size)) < 2:
        raise ValueError("a learning curve needs at least 4 runs, at 2 or more sizes")
    errors = errors_by_size(runs, n_resamples, seed_sequence(seed).spawn(1)[0], level)
    return curve_of(runs, errors, reach=reach, level=level, seed=seed)


def curve_of(
    runs: Runs, errors: SizeErrors, *, reach: float, level: float = 0.95, seed: Seed = 0
) -> F1Curve:
    """Fit the curve to the means at the sizes studied, and to each draw of their errors.

    Parameters
    ----------
    runs : Runs
        That the means are of.
    errors : SizeErrors
        The result of `errors_by_size`.
    reach, level, seed
        As for `f1_curve`.

    Returns
    -------
    F1Curve
    """
    children = seed_sequence(seed).spawn(2)
    sizes, spread = errors.sizes, errors.spread
    n_resamples = len(spread.sets)
    models, share = fit_families(errors.observed[None], sizes, errors.weights)
    fitted = share @ np.concatenate([m.at(sizes) for m in models])
    centre = logit(fitted)
    grid = np.unique(np.concatenate([sizes, np.geomspace(sizes[0], max(reach, sizes[-1]), 160)]))
    choice = np.random.default_rng(children[1]).choice(len(models), size=n_resamples, p=share)
    kinds = [m.family for m in models]
    missed = sum(errors.parts.values())
    draws = refit(scipy.special.expit(centre + missed), sizes, errors.weights, kinds, choice, grid)
    least, at_sizes = errors.least, draws[:, np.searchsorted(grid, sizes)]
    departure, departs, form = departures(
        sizes,
        grid,
        logit(errors.observed, least) - logit(fitted, least),
        logit(scipy.special.expit(centre + missed), least) - logit(at_sizes, least),
        1 / (errors.weights * logit_slope(fitted) ** 2),
        tangent(models[int(share.argmax())], sizes),
        np.random.default_rng(children[0]),
    )
    draws = scipy.special.expit(logit(draws) + departs)
    apart = scipy.special.expit(centre + np.concatenate(list(errors.parts.values())))
    alone = refit(apart, sizes, errors.weights, kinds[:1], np.zeros(len(apart), dtype=int), grid)
    own = alone.reshape(len(errors.parts), n_resamples, len(grid)).std(axis=1)
    parts = dict(zip(errors.parts, own, strict=True))
    forms = np.concatenate([m.at(grid) for m in models])
    mean = scipy.special.expit(logit(share @ forms) + departure)
    parts["form"] = np.hypot(
        np.sqrt(share @ (forms - share @ forms) ** 2),
        scipy.special.expit(logit(mean) + form - form.mean(axis=0)).std(axis=0),
    )

    one = np.sqrt(spread.of_one(grid)) * logit_slope(mean)
    normal = scipy.stats.norm.ppf((np.arange(n_resamples) + 0.5) / n_resamples)
    single = draws + one * np.random.default_rng(children[1]).permutation(normal)[:, None]
    power = models[0] if models[0].family is POWER_LAW else None
    low, high = np.clip(np.quantile(draws, tails(level), axis=0), 0, 1)
    one_low, one_high = np.clip(np.quantile(single, [0.1, 0.9], axis=0), 0, 1)
    return F1Curve(
        grid=grid,
        mean=mean,
        low=low,
        high=high,
        one_low=one_low,
        one_high=one_high,
        draws=np.clip(draws, 0, 1),
        one_sd=np.median(one, axis=0),
        sizes=sizes,
        observed=errors.observed,
        parts=parts,
        weights={m.family.name: float(s) for m, s in zip(models, share, strict=True)},
        power_law=(
            (float(power.a[0]), float(power.b[0]), float(power.theta[0, 0]))
            if power
            else (float("nan"),) * 3
        ),
        largest=float(sizes[-1]),
        spread=spread,
        evaluation_units=runs.counts.shape[1],
        evaluation_error=errors.evaluation_error,
        evaluation_range=errors.evaluation_range,
        folds=_folds(runs),
        level=level,
        caveats=_caveats(runs, spread),
    )


def _folds(runs: Runs) -> int:
    """Return the number of folds; 0 for a single split."""
    if runs.fold is not None:
        return len(np.unique(runs.fold))
    return runs.parts if runs.parts > 1 else 0


def warn_of_few_units(units: int) -> Caveat | None:
    """Return the caveat that there are too few evaluation units; None if there are enough."""
    return Caveat("few evaluation units", units=units) if units < _FEW_UNITS else None


def _caveats(runs: Runs, spread: RunVariance) -> tuple[str, ...]:
    caveats = list(spread.caveats)
    if too_few := warn_of_few_units(runs.counts.shape[1]):
        caveats.append(too_few)
    score = runs.score()
    failed = float(np.mean(score < 0.01))
    if failed > 0.1:
        name = runs.metric.replace("f1", "F1")
        caveats.append(Caveat("learnt nothing", share=100 * failed, measure=name))
    small = runs.size <= np.median(runs.size)
    if not small.all() and score[~small].mean() < score[small].mean() - _FALL:
        caveats.append(Caveat("scores fall"))
    return tuple(caveats)
