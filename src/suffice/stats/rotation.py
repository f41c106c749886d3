"""Scores of runs that were each scored on one fold only, made comparable.

Folds rotate from run to run, so that every document evaluates in some runs and trains in others.
Two runs of one size then differ by their folds' documents as well, which may be easy or hard to
tag. On the logit scale, for run r of size n_r scored on fold k,

``x_r = (R_r - μ(n_r)) / (μ(n_r)·(1 - μ(n_r))) = trend(n_r) + d_k + training set + seed + noise``

with R_r the score on the fold, μ a smooth curve around which everything is linearised, and d_k what
the fold's documents do to all models. The d are predicted as random effects whose variance the
documents' own effects tell, and taken off. All of that is linear in x: one matrix says what each
run, and thus each evaluation unit, does to the mean at each size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.stats.averaging import by_size, families
from suffice.stats.noise import own_part, size_bins
from suffice.stats.runs import Runs, ratio
from suffice.stats.spread import trend

Array = NDArray[np.float64]

_ROUNDS = 3
"""How often the curve is fitted again that scores are linearised around."""

_PINNED = 1e6
"""Weight of the constraint that folds' effects cancel out."""


@dataclass(frozen=True)
class Rotated:
    """Mean scores by size, and what each run and each unit does to them.

    Parameters
    ----------
    sizes, observed : ndarray, shape (sizes,)
        Sizes studied, and the mean score on all folds' documents.
    where : ndarray of int, shape (runs,)
        The number of each run's size.
    deviations : ndarray, shape (runs,)
        x above, plus the logit of μ.
    mixing : ndarray, shape (sizes, runs)
        What each run's deviation does to the mean at each size; rows add up to 1.
    effects : ndarray, shape (runs, units)
        What each unit does to each run's logit score; 0 for units that did not score it.
    noise : ndarray, shape (runs,)
        The variance that a fold's documents give each run by itself, beyond what they do to all.
    fold_variance : ndarray, shape (folds,)
        The variance of what each fold's documents do to all models.
    top, whole : ndarray, shape (sizes, units, ratios)
        Numerator and denominator of the mean score at each size: their sums over units are the
        score and 1.
    """

    sizes: Array
    observed: Array
    where: NDArray[np.int_]
    deviations: Array
    mixing: Array
    effects: Array
    noise: Array
    fold_variance: Array
    top: Array
    whole: Array


def rotated(runs: Runs) -> Rotated:
    """Take what folds do to all models off the scores of runs that were scored on one fold each.

    Parameters
    ----------
    runs : Runs
        With `fold` and `scored`.
    """
    assert runs.fold is not None
    folds, fold = np.unique(runs.fold, return_inverse=True)
    sizes, where = np.unique(runs.size, return_inverse=True)
    top, whole = ratio(runs.counted(), runs.metric)  # runs, units, ratios
    share = fold_shares(runs, fold)
    total = _totals(runs, whole, share[fold])
    weight = share[fold] if total.shape[1] == 1 else np.ones(len(fold))
    pooled = _mean_by_size(top.sum(axis=1) / total, weight, where)  # sizes, ratios
    averaging = np.zeros((len(sizes), len(fold)))
    averaging[where, np.arange(len(fold))] = weight
    averaging /= averaging.sum(axis=1, keepdims=True)
    basis = trend(runs.size)
    for _ in range(_ROUNDS):
        curve = _smooth(sizes, pooled, np.bincount(where))  # sizes, ratios
        middle = np.clip(curve.mean(axis=1), 0.01, 0.99)
        slope = middle * (1 - middle)
        of_run = curve[where]
        unit = (top - of_run[:, None] * whole) / total[:, None]  # runs, units, ratios
        deviation = unit.sum(axis=1).mean(axis=1) / slope[where]
        score = top.sum(axis=1) / np.maximum(whole.sum(axis=1), 1e-12)
        own = ((top - score[:, None] * whole) / total[:, None]).mean(axis=2) / slope[where][:, None]
        noise = _own_noise(own, fold, runs)
        prior = _fold_variance(fold, share, own, noise)
        taken = _fold_effects(deviation, basis, fold, share, prior, noise)
        mixing = averaging - averaging @ taken[fold]
        moved = unit * (slope[:, None] / slope[where])[:, :, None, None]
        spread_top = np.einsum("sr,sruq->suq", mixing, moved)
        held = np.einsum("sr,ruq->suq", mixing, whole / total[:, None])
        pooled = np.clip(curve + spread_top.sum(axis=1), 0, 1)
    return Rotated(
        sizes=sizes,
        observed=np.clip(pooled.mean(axis=1), 0, 1),
        where=where,
        deviations=deviation + np.log(middle / (1 - middle))[where],
        mixing=mixing,
        effects=own,
        noise=noise,
        fold_variance=prior,
        top=spread_top + curve[:, None] * held,
        whole=held,
    )


def fold_shares(runs: Runs, fold: NDArray[np.int_]) -> Array:
    """Return each fold's share of the gold spans times the folds, shape (folds,); mean 1."""
    assert runs.scored is not None
    gold = np.asarray(runs.counts[..., 0] + runs.counts[..., 2], dtype=float).max(axis=0)
    count = int(fold.max()) + 1
    held = np.array([gold[runs.scored[fold == k].any(axis=0)].sum() for k in range(count)])
    held = np.maximum(held, 1e-12)
    return np.asarray(held / held.mean())


def _totals(runs: Runs, whole: Array, share: Array) -> Array:
    """Return what each run's effects are divided by, shape (runs, ratios).

    Its own denominator; with several ratios, of which a fold may hold nothing, the mean one.
    """
    own = whole.sum(axis=1)
    if own.shape[1] == 1:
        return np.maximum(own, 1.0)
    typical = own.sum(axis=0) / share.sum()
    return np.broadcast_to(np.maximum(typical, 1e-12), own.shape)


def _mean_by_size(values: Array, weight: Array, where: NDArray[np.int_]) -> Array:
    return np.asarray(
        (by_size((values * weight[:, None]).T, where) / by_size(weight[None], where)).T
    )


def _smooth(sizes: Array, pooled: Array, count: NDArray[np.int_]) -> Array:
    """Return curves through the means at the sizes studied, shape (sizes, ratios)."""
    found = []
    for each in pooled.T:
        if len(sizes) < 2:
            found.append(each)
            continue
        models, share = families(sizes, np.clip(each, 0, 1)[None], count.astype(float))
        found.append(share @ np.concatenate([m.at(sizes) for m in models]))
    return np.clip(np.stack(found, axis=1), 0, 1)


def _own_noise(effects: Array, fold: NDArray[np.int_], runs: Runs) -> Array:
    """Return the variance that units give each run beyond what they do to all runs, (runs,).

    From runs of neighbouring sizes that were scored on the same fold and trained on other sets:
    half of the squared difference.
    """
    count = len(fold)
    sums, number = np.zeros(count), np.zeros(count)
    for k in np.unique(fold):
        mine = np.flatnonzero(fold == k)
        mine = mine[np.argsort(runs.size[mine], kind="stable")]
        for a, b in zip(mine[:-1], mine[1:], strict=True):
            if runs.training_set[a] == runs.training_set[b]:
                continue
            half = 0.5 * float(((effects[a] - effects[b]) ** 2).sum())
            sums[[a, b]] += half
            number[[a, b]] += 1
    if not number.any():
        return np.zeros(count)
    _, bins = np.unique(size_bins(runs.size), return_inverse=True)
    by_bin = np.bincount(bins, sums) / np.maximum(np.bincount(bins, number), 1)
    seen = np.bincount(bins, number) > 0
    by_bin[~seen] = sums.sum() / number.sum()
    return np.asarray(by_bin[bins])


def _fold_variance(
    fold: NDArray[np.int_], share: Array, effects: Array, noise: Array
) -> Array:
    """Return the variance of what each fold's documents do to all models, shape (folds,)."""
    shared = (effects**2).sum(axis=1) - noise
    known = np.array([max(float(shared[fold == k].mean()), 0.0) for k in range(len(share))])
    return np.asarray(np.maximum(known * (1 - share / share.sum()), 1e-6))


def _fold_effects(
    deviation: Array,
    basis: Array,
    fold: NDArray[np.int_],
    share: Array,
    prior: Array,
    noise: Array,
) -> Array:
    """Return the matrix that predicts folds' effects from runs' deviations, shape (folds, runs)."""
    folds = len(share)
    if folds < 2:
        return np.zeros((folds, len(fold)))
    member = np.zeros((len(fold), folds))
    member[np.arange(len(fold)), fold] = 1.0
    residual = deviation - np.column_stack([basis, member]) @ np.linalg.lstsq(
        np.column_stack([basis, member]), deviation, rcond=None
    )[0]
    df = max(len(fold) - basis.shape[1] - folds + 1, 1)
    scatter = max(float(residual @ residual) / df, float(noise.mean()), 1e-6)
    design = np.column_stack([basis, member])
    penalty = np.zeros((design.shape[1], design.shape[1]))
    inner = np.diag(1 / prior) + _PINNED * np.outer(share, share)
    penalty[basis.shape[1] :, basis.shape[1] :] = inner
    solved = np.linalg.solve(design.T @ design / scatter + penalty, design.T / scatter)
    return np.asarray(solved[basis.shape[1] :])
