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
* *form*: which family of curves is right matters little between the sizes studied, and much beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from suffice.stats import curves
from suffice.stats.averaging import by_size, families, refit
from suffice.stats.result import Result
from suffice.stats.runs import Runs
from suffice.stats.spread import Spread, estimate_spread

Array = NDArray[np.float64]

_CORRELATION_LENGTH = 1.5
"""In log n: how far apart two sizes are before the pool's documents act on them differently."""


@dataclass(frozen=True)
class LearningCurve(Result):
    """F1(n) with intervals.

    Parameters
    ----------
    grid : ndarray, shape (points,)
        Training-set sizes in documents, increasing; the first and last are the ends studied or
        extrapolated to.
    mean, low, high : ndarray, shape (points,)
        F1(n) and the ends of its pointwise 95 % interval.
    one_low, one_high : ndarray, shape (points,)
        Where 80 % of single trained models of that size lie, on new documents.
    draws : ndarray, shape (replicates, points)
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
    spread : Spread
        The variance between runs.
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
    spread: Spread
    caveats: tuple[str, ...] = ()

    def at(self, n: float) -> tuple[float, float, float]:
        """Return F1(n) and its 95 % interval, interpolated on the grid.

        Parameters
        ----------
        n : float
            Size in documents, within the grid.
        """
        draws = self.draws_at(n)
        low, high = np.quantile(draws, [0.025, 0.975])
        mean = float(np.interp(np.log(n), np.log(self.grid), self.mean))
        return mean, float(low), float(high)

    def draws_at(self, n: float) -> Array:
        """Return the draws of F1(n), shape (replicates,), interpolated on the grid."""
        position = np.interp(np.log(n), np.log(self.grid), np.arange(len(self.grid)))
        left = int(min(np.floor(position), len(self.grid) - 2))
        share = position - left
        return (1 - share) * self.draws[:, left] + share * self.draws[:, left + 1]

    def part_at(self, name: str, n: float) -> float:
        """Return the standard deviation that one source alone gives F1(n)."""
        return float(np.interp(np.log(n), np.log(self.grid), self.parts[name]))

    def to_dict(self) -> dict[str, object]:
        """Give every field but the draws in plain Python types."""
        fields = super().to_dict()
        fields.pop("draws")
        fields.pop("spread")
        return fields


def learning_curve(
    runs: Runs, *, reach: float, replicates: int = 1000, seed: int = 0
) -> LearningCurve:
    """Estimate F1(n), from the smallest size studied up to `reach`.

    Parameters
    ----------
    runs : Runs
        At least 4 runs at 2 or more sizes.
    reach : float
        The largest n to extrapolate to, in documents.
    replicates : int
        Draws.
    seed : int
        Of the resampling.

    Returns
    -------
    LearningCurve

    Raises
    ------
    ValueError
        Where there are too few runs or sizes.
    """
    if len(runs.size) < 4 or len(np.unique(runs.size)) < 2:
        raise ValueError("a learning curve needs at least 4 runs, at 2 or more sizes")
    children = np.random.SeedSequence(seed).spawn(5)
    f1 = runs.f1()
    sizes, where = np.unique(runs.size, return_inverse=True)
    spread = estimate_spread(runs, f1, sizes, where, replicates, children[0])

    run_variance = np.maximum(np.median(sum(spread.of_runs(sizes, runs.pool)), axis=0), 1e-8)
    weights = np.bincount(where) / run_variance
    models, share = families(sizes, by_size(f1[None], where), weights)
    centre = share @ np.concatenate([m.at(sizes) for m in models])

    errors = {
        "evaluation": by_size(_evaluation_errors(runs, f1, replicates, children[1]), where),
        "pool": _pool_errors(runs, sizes, spread, children[2]),
        "runs": by_size(_run_errors(runs, spread, children[3]), where),
    }
    grid = np.unique(np.concatenate([sizes, np.geomspace(sizes[0], max(reach, sizes[-1]), 160)]))
    choice = np.random.default_rng(children[4]).choice(len(models), size=replicates, p=share)
    kinds = [m.family for m in models]
    draws = refit(sizes, centre + sum(errors.values()), weights, kinds, choice, grid)
    mean = share @ np.concatenate([m.at(grid) for m in models])
    parts = {
        name: refit(sizes, centre + error, weights, kinds, choice * 0, grid).std(axis=0)
        for name, error in errors.items()
    }
    alone = np.concatenate([m.at(grid) for m in models])
    parts["form"] = np.sqrt(share @ (alone - mean) ** 2)

    one = np.sqrt(runs.parts * spread.of_one(grid))
    noise = stats.norm.ppf((np.arange(replicates) + 0.5) / replicates)
    single = draws + one * np.random.default_rng(children[4]).permutation(noise)[:, None]
    power = models[0] if models[0].family is curves.POWER_LAW else None
    low, high = np.clip(np.quantile(draws, [0.025, 0.975], axis=0), 0, 1)
    one_low, one_high = np.clip(np.quantile(single, [0.1, 0.9], axis=0), 0, 1)
    return LearningCurve(
        grid=grid,
        mean=mean,
        low=low,
        high=high,
        one_low=one_low,
        one_high=one_high,
        draws=np.clip(draws, 0, 1),
        one_sd=np.median(one, axis=0),
        sizes=sizes,
        observed=by_size(f1[None], where)[0],
        parts=parts,
        weights={m.family.name: float(s) for m, s in zip(models, share, strict=True)},
        power_law=(
            (float(power.a[0]), float(power.b[0]), float(power.theta[0, 0]))
            if power
            else (float("nan"),) * 3
        ),
        largest=float(sizes[-1]),
        spread=spread,
        caveats=_caveats(runs, spread, f1),
    )


def _evaluation_errors(
    runs: Runs, f1: Array, replicates: int, seed: np.random.SeedSequence
) -> Array:
    """Return F1 under resampled evaluation units less F1, shape (replicates, runs).

    The Bayesian bootstrap (Rubin 1981): its weights are never zero, so that no resample is without
    entities. Its variance is that of the classical bootstrap times U/(U+1), mended here together
    with the factor for Student's t.
    """
    units = runs.counts.shape[1]
    if units < 2:
        return np.zeros((replicates, len(f1)))
    weights = np.random.default_rng(seed).standard_exponential((replicates, units))
    wider = (
        np.sqrt((units + 1) / (units - 1)) * stats.t.ppf(0.975, units - 1) / stats.norm.ppf(0.975)
    )
    return wider * (runs.f1(weights) - f1)


def _pool_errors(runs: Runs, sizes: Array, spread: Spread, seed: np.random.SeedSequence) -> Array:
    """Return draws of the error that having one pool gives the mean F1 at each size."""
    distance = np.subtract.outer(np.log(sizes), np.log(sizes)) / _CORRELATION_LENGTH
    correlation = np.exp(-0.5 * distance**2) + 1e-9 * np.eye(len(sizes))
    root = np.linalg.cholesky(correlation)
    smooth = np.random.default_rng(seed).standard_normal((len(spread.sets), len(sizes))) @ root.T
    share = np.minimum(sizes / runs.population, 1.0)
    return smooth * np.sqrt(runs.parts * spread.of_set(sizes) * share)


def _run_errors(runs: Runs, spread: Spread, seed: np.random.SeedSequence) -> Array:
    """Return draws of the runs' scatter around the pool's mean, shape (replicates, runs)."""
    rng = np.random.default_rng(seed)
    _, where = np.unique(runs.training_set, return_inverse=True)
    replicates = len(spread.sets)
    per_set = rng.standard_normal((replicates, int(where.max()) + 1))[:, where]
    of_set, of_seed = spread.of_runs(runs.size, runs.pool)
    return per_set * np.sqrt(of_set) + rng.standard_normal(of_seed.shape) * np.sqrt(of_seed)


def _caveats(runs: Runs, spread: Spread, f1: Array) -> tuple[str, ...]:
    caveats = list(spread.caveats)
    if runs.counts.shape[1] < 40:
        caveats.append(
            f"only {runs.counts.shape[1]} evaluation documents: intervals from so few are too "
            "narrow more often than they say"
        )
    failed = float(np.mean(f1 < 0.01))
    if failed > 0.1:
        caveats.append(f"{failed:.0%} of the runs learnt nothing (F1 below .01)")
    return tuple(caveats)
