"""What makes the mean F1 at each size studied uncertain: evaluation and pool documents, and runs.

All of it in draws on the logit scale; `suffice.stats.uncertainty` fits curves to them and says why
there are these three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suffice.stats.averaging import by_size
from suffice.stats.noise import (
    evaluation_errors,
    evaluation_noise,
    influence,
    logit,
    own_part,
    shrunk_score,
    size_bins,
    variance_error,
    variance_range,
)
from suffice.stats.runs import Runs
from suffice.stats.spread import Spread, estimate_spread

Array = NDArray[np.float64]

_CORRELATION_LENGTH = 2.0
"""In log n: how far apart two sizes are before the pool's documents act on them differently.

Documents that act linearly act alike at all sizes; where what was seen once is known they do not.
"""

_LEAST_CORRECT = 5
"""Correct spans that runs of one size need on average for their scatter to be looked at."""

_COUNTABLE_RUNS = 10
"""With fewer such runs all are looked at."""


@dataclass(frozen=True)
class Errors:
    """What makes the mean F1 at each size uncertain, in draws on the logit scale.

    Parameters
    ----------
    sizes, observed, weights : ndarray, shape (sizes,)
        Sizes studied, mean F1 of their runs, and the inverse variance of these means around the
        pool's and the evaluation set's own curve.
    parts : mapping of str to ndarray, shape (replicates, sizes)
        Draws of the error that each source makes: ``evaluation``, ``pool``, ``runs``.
    spread : Spread
        The variance between runs.
    evaluation_error : float
        The relative standard error of the evaluation's variance, at the largest size.
    evaluation_range : (float, float)
        The ends of its 95 % interval over its estimate, there.
    least : float
        The score that half a right span makes: on the logit scale smaller ones are not
        distinguished from it.
    """

    sizes: Array
    observed: Array
    weights: Array
    parts: dict[str, Array]
    spread: Spread
    evaluation_error: float
    evaluation_range: tuple[float, float]
    least: float


def errors_by_size(runs: Runs, replicates: int, seed: np.random.SeedSequence) -> Errors:
    """Return draws of what is uncertain about the mean F1 at each size studied.

    Parameters
    ----------
    runs : Runs
        At least 4.
    replicates : int
        Draws.
    seed : numpy.random.SeedSequence
        Of the draws.
    """
    children = seed.spawn(4)
    score = runs.score()
    sizes, where = np.unique(runs.size, return_inverse=True)
    effects = influence(runs)
    spread = spread_of(runs, effects, replicates, children[0])
    observed = by_size(score[None], where)[0]
    by_unit = by_size(effects.T, where)  # units, sizes
    shrunk = shrunk_score(runs)[0]
    slope = logit_slope(by_size(shrunk[None], where)[0])
    variance = slope**2 * _run_variance(runs, spread, sizes, where)
    return Errors(
        sizes=sizes,
        observed=observed,
        weights=1 / np.maximum(variance, 1e-8),
        parts={
            "evaluation": evaluation_errors(runs, by_unit, where, replicates, children[1]),
            "pool": _pool_errors(runs, sizes, spread, children[2]),
            "runs": _run_errors(runs, sizes, where, spread, children[3]),
        },
        spread=spread,
        evaluation_error=variance_error(by_unit[:, -1]),
        evaluation_range=variance_range(by_unit[:, -1]),
        least=float(np.clip(shrunk.min(), 1e-3, 0.1)),
    )


def spread_of(runs: Runs, effects: Array, replicates: int, seed: np.random.SeedSequence) -> Spread:
    """Return the variance between runs on the logit scale; `effects` from `influence`."""
    score, slope = shrunk_score(runs)
    effects = effects * (slope * logit_slope(runs.score()))[:, None]
    noise = evaluation_noise(effects, runs.size)
    use = countable(runs)
    own = noise[use] * own_part(effects[use], runs.training_set[use], noise[use])
    spread = estimate_spread(runs.take(use), logit(score)[use], own, replicates, seed, usual=True)
    return replace(spread, noise=noise)


def countable(runs: Runs) -> NDArray[np.int_]:
    """Return the runs whose scatter means something on the logit scale.

    Where models of about one size find hardly a span the next one that is found moves the logit as
    much as all that documents do elsewhere.
    """
    correct = np.asarray(runs.counts[..., 0], dtype=float).sum(axis=1)
    _, where, count = np.unique(size_bins(runs.size), return_inverse=True, return_counts=True)
    good = (np.bincount(where, correct) / count)[where] >= _LEAST_CORRECT
    enough = good.sum() >= _COUNTABLE_RUNS and len(np.unique(runs.size[good])) > 1
    return np.flatnonzero(good) if enough else np.arange(len(good))


def logit_slope(f1: Array) -> Array:
    """Return the derivative of F1 by its logit."""
    inside = np.clip(f1, 1e-3, 1 - 1e-3)
    return np.asarray(inside * (1 - inside))


def _run_variance(runs: Runs, spread: Spread, sizes: Array, where: NDArray[np.int_]) -> Array:
    """Return the variance of the mean logit F1 of each size's runs around the pool's mean."""
    left = np.maximum(1 - sizes / runs.pool, 0)
    of_run = np.median(
        (spread.sets[:, None] * left + spread.seeds[:, None]) * spread.scale(sizes), axis=0
    )
    noise = by_size(spread.noise[None], where)[0]
    return np.asarray((of_run / runs.parts + noise) / np.bincount(where))


def _pool_errors(runs: Runs, sizes: Array, spread: Spread, seed: np.random.SeedSequence) -> Array:
    """Return draws of the error that having one pool gives the mean logit F1 at each size."""
    distance = np.subtract.outer(np.log(sizes), np.log(sizes)) / _CORRELATION_LENGTH
    correlation = np.exp(-0.5 * distance**2) + 1e-9 * np.eye(len(sizes))
    root = np.linalg.cholesky(correlation)
    smooth = np.random.default_rng(seed).standard_normal((len(spread.sets), len(sizes))) @ root.T
    share = np.minimum(sizes / runs.population, 1.0)
    return smooth * np.sqrt(spread.of_set(sizes) * share)


def _run_errors(
    runs: Runs,
    sizes: Array,
    where: NDArray[np.int_],
    spread: Spread,
    seed: np.random.SeedSequence,
) -> Array:
    """Return draws of the runs' mean around the pool's mean, by size; (replicates, sizes).

    Evaluation noise is not among it: the resampled evaluation documents carry it.
    """
    rng = np.random.default_rng(seed)
    features = by_size(runs.shared_documents().T, where)
    replicates = len(spread.sets)
    of_sets = rng.standard_normal((replicates, len(features))) @ features
    of_seeds = rng.standard_normal((replicates, len(sizes))) / np.sqrt(
        np.bincount(where) * runs.parts
    )
    own = np.sqrt(spread.sets)[:, None] * of_sets + np.sqrt(spread.seeds)[:, None] * of_seeds
    return np.asarray(own * np.sqrt(spread.scale(sizes)))
