"""What makes the mean F1 at each size studied uncertain: evaluation and pool documents, and runs.

All of it in draws on the logit scale; `suffice.stats._f1.curve` fits curves to them and says why
there are these three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._f1.difficulty import draw_link
from suffice.stats._f1.rotating_folds import fold_noise, rotated
from suffice.stats._f1.run_variance import RunVariance, estimate_spread
from suffice.stats._f1.scores import (
    Scores,
    evaluation_noise,
    logit,
    logit_slope,
    mixed,
    own_part,
    scores,
    shrunk_score,
    size_bins,
)
from suffice.stats._resampling import bayesian_weights, variance_error, variance_range, width_for
from suffice.stats._runs import Runs

_CORRELATION_LENGTH = 2.0
"""In log n: how far apart two sizes are before the pool's documents act on them differently.

Documents that act linearly act alike at all sizes; where what was seen once is known they do not.
"""

_LEAST_CORRECT = 5
"""Correct spans that runs of one size need on average for their scatter to be looked at."""

_COUNTABLE_RUNS = 10
"""With fewer such runs all are looked at."""

_TELLING_RUNS = 3
"""So many runs on each fold begin to tell its documents from training sets."""

_LEAST_HAVING = 2
"""Where fewer units have a mistake, or a right span, resampling units says too little of others."""


@dataclass(frozen=True)
class SizeErrors:
    """What makes the mean F1 at each size uncertain, in draws on the logit scale.

    Parameters
    ----------
    sizes, observed, weights : ndarray, shape (sizes,)
        Sizes studied, mean F1 of their runs, and the inverse variance of these means around the
        pool's and the evaluation set's own curve.
    parts : mapping of str to ndarray, shape (n_resamples, sizes)
        Draws of the error that each source makes: ``evaluation``, ``pool``, ``runs``.
    spread : RunVariance
        The variance between runs.
    evaluation_error : float
        The relative standard error of the evaluation's variance, at the largest size.
    evaluation_range : (float, float)
        The ends of its interval over its estimate, there.
    least : float
        The score that half a right span makes: on the logit scale smaller ones are not
        distinguished from it.
    """

    sizes: Array
    observed: Array
    weights: Array
    parts: dict[str, Array]
    spread: RunVariance
    evaluation_error: float
    evaluation_range: tuple[float, float]
    least: float


def errors_by_size(
    runs: Runs, n_resamples: int, seed: np.random.SeedSequence, level: float = 0.95
) -> SizeErrors:
    """Return draws of what is uncertain about the mean F1 at each size studied.

    Parameters
    ----------
    runs : Runs
        At least 4.
    n_resamples : int
        Number of resamples.
    seed : numpy.random.SeedSequence
        Random seed.
    level : float
        Confidence level of the intervals that are made of the draws.
    """
    children = seed.spawn(4)
    found = scores_of(runs)
    spread = spread_of(runs, found, n_resamples, children[0])
    least = float(np.clip(shrunk_score(runs)[0].min(), 1e-3, 0.1))
    slope = logit_slope(np.clip(found.observed, least, 1 - least))
    variance = slope**2 * _run_variance(runs, found, spread)
    by_unit = (found.mixing @ found.effects).T
    evaluation = evaluation_errors(found, by_unit, n_resamples, children[1], level)
    rng = np.random.default_rng(children[2])
    link = draw_link(runs, found, by_unit.mean(axis=1), spread, countable(runs), rng)
    return SizeErrors(
        sizes=found.sizes,
        observed=found.observed,
        weights=1 / np.maximum(variance, 1e-8),
        parts={
            "evaluation": evaluation,
            "pool": _pool_errors(runs, found.sizes, spread, evaluation, link, rng),
            "runs": _run_errors(runs, found, spread, children[3]),
        },
        spread=spread,
        evaluation_error=variance_error(by_unit[:, -1]),
        evaluation_range=variance_range(by_unit[:, -1], level),
        least=least,
    )


def scores_of(runs: Runs) -> Scores:
    """Return mean scores by size, whether runs were scored on all units or on one fold each."""
    return scores(runs) if runs.scored is None else rotated(runs)


def noise_of(effects: Array, runs: Runs) -> Array:
    """Return the variance that evaluation units give each run beyond what they do to all runs.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        What each unit does to each run.
    runs : Runs
        The same runs.
    """
    return (
        evaluation_noise(effects, runs.size) if runs.scored is None else fold_noise(effects, runs)
    )


def spread_of(
    runs: Runs, found: Scores, n_resamples: int, seed: np.random.SeedSequence
) -> RunVariance:
    """Return the variance between runs on the logit scale."""
    use = countable(runs)
    own = found.noise[use] * own_part(found.effects[use], runs.training_set[use], found.noise[use])
    own = own + _change_of_folds(found.of_folds[use])
    spread = estimate_spread(
        runs.take(use),
        found.level[use],
        own,
        n_resamples,
        seed,
        of_folds=found.of_folds[use],
        usual=True,
    )
    return replace(spread, noise=found.noise)


def _change_of_folds(of_folds: Array) -> Array:
    """Return the variance that folds' documents give single runs, as far as it is not known.

    What they do to all models is taken as constant over sizes, and is not: with few runs for each
    fold nothing shows what is a fold's and what a training set's.
    """
    runs, folds = of_folds.shape
    if not folds:
        return np.zeros(runs)
    unknown = min(1.0, _TELLING_RUNS * folds / runs)
    return np.asarray(unknown * (of_folds**2).sum(axis=1))


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


def _run_variance(runs: Runs, found: Scores, spread: RunVariance) -> Array:
    """Return the variance of the mean logit F1 of each size's runs around the pool's mean."""
    of_run = spread.of_runs(runs)
    return np.asarray(found.mixing**2 @ (of_run / runs.parts + spread.noise))


def _pool_errors(
    runs: Runs,
    sizes: Array,
    spread: RunVariance,
    evaluation: Array,
    link: Array,
    rng: np.random.Generator,
) -> Array:
    """Return draws of the error that having one pool gives the mean logit F1 at each size.

    They have the correlation `link` with what the same documents do as evaluation documents.
    """
    distance = np.subtract.outer(np.log(sizes), np.log(sizes)) / _CORRELATION_LENGTH
    correlation = np.exp(-0.5 * distance**2) + 1e-9 * np.eye(len(sizes))
    root = np.linalg.cholesky(correlation)
    smooth = rng.standard_normal((len(spread.sets), len(sizes))) @ root.T
    alike = evaluation / np.maximum(evaluation.std(axis=0), 1e-12)
    smooth = np.sqrt(1 - link**2)[:, None] * smooth + link[:, None] * alike
    share = np.minimum(sizes / runs.population, 1.0)
    return smooth * np.sqrt(spread.of_set(sizes) * share)


def _run_errors(
    runs: Runs, found: Scores, spread: RunVariance, seed: np.random.SeedSequence
) -> Array:
    """Return draws of the runs' mean around the pool's mean, by size; (n_resamples, sizes).

    Evaluation noise is not among it: the resampled evaluation documents carry it.
    """
    rng = np.random.default_rng(seed)
    features = runs.shared_documents()
    n_resamples, count = len(spread.sets), len(runs.size)
    of_sets = rng.standard_normal((n_resamples, features.shape[1])) @ features.T
    of_seeds = np.empty((n_resamples, count))
    # The same numbers for the same run, whatever the order of runs.
    of_seeds[:, np.lexsort((found.level, runs.size))] = rng.standard_normal((n_resamples, count))
    of_seeds /= np.sqrt(runs.parts)
    own = np.sqrt(spread.sets)[:, None] * of_sets + np.sqrt(spread.seeds)[:, None] * of_seeds
    return np.asarray((own * np.sqrt(spread.scale(runs.size))) @ found.mixing.T)


def evaluation_errors(
    found: Scores,
    effects: Array,
    n_resamples: int,
    seed: np.random.SeedSequence,
    level: float = 0.95,
) -> Array:
    """Return draws of what evaluation units do to the logit score at each size.

    Parameters
    ----------
    found : Scores
        The scores of runs of several sizes.
    effects : ndarray, shape (units, sizes)
        What each unit does to the mean of each size.
    n_resamples : int
        Number of resamples.
    seed : numpy.random.SeedSequence
        Random seed.
    level : float
        Confidence level of the intervals that are made of the draws.

    Returns
    -------
    ndarray, shape (n_resamples, sizes)
        Logit score under resampled units less that without.

    Notes
    -----
    The Bayesian bootstrap of the counts of each size's runs together, its width corrected
    (`suffice.stats._resampling`).

    No resample of units without a mistake has any, and the interval would be a point. Where models
    of a size make mistakes on fewer than two units, one pseudo-unit with a mistake is added, whose
    weight has Jeffreys' prior: with it the share of units with a mistake is Beta(½, U + ½) where
    none is seen (Brown, Cai & DasGupta, Interval estimation for a binomial proportion, Statistical
    Science 2001). Likewise where something is found in fewer than two units.
    """
    sizes, units, _ = found.top.shape
    if units < 2:
        return np.zeros((n_resamples, sizes))
    rng = np.random.default_rng(seed)
    weights = bayesian_weights(units, n_resamples, rng)
    unseen = rng.standard_gamma(0.5, n_resamples)
    more_top, more_whole = _pseudo_unit(found)
    under, plain = (
        (
            (mixed(w, found.top.swapaxes(0, 1)) + more * more_top)
            / np.maximum(mixed(w, found.whole.swapaxes(0, 1)) + more * more_whole, 1e-12)
        ).mean(axis=-1)
        for w, more in ((weights, unseen[:, None, None]), (np.ones((1, units)), 0.0))
    )
    return np.asarray(width_for(effects, level) * (logit(under) - logit(plain)))


def _pseudo_unit(found: Scores) -> tuple[Array, Array]:
    """Return numerator and denominator of a unit that is not there, shape (sizes, ratios).

    It is as large as the others. Where models of a size make mistakes on too few units, it has the
    mistakes of those that have any; where they find something in too few, what is found in these.
    Where there is none at all it has one wrong span, or one right one. All else is 0.
    """
    top, whole = found.top, found.whole
    added = []
    for rare, having in ((whole - top, found.wrong), (top, found.right)):
        few = (having < _LEAST_HAVING)[:, None]
        some = rare > 1e-9
        each = (rare * some).sum(axis=1) / np.maximum(some.sum(axis=1), 1)
        each = np.where(each > 0, each, 2.0)
        size = np.maximum(whole.mean(axis=1), each)
        added.append((np.where(few, each, 0.0), np.where(few, size, 0.0)))
    (lost, with_mistake), (right, with_hit) = added
    return with_mistake - lost + right, with_mistake + with_hit
