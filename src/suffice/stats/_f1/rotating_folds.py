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

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._curves.form import fit_families
from suffice.stats._f1.run_variance_by_size import trend
from suffice.stats._f1.scores import Scores, mixed, size_bins
from suffice.stats._runs import Runs, ratio

_ROUNDS = 3
"""How often the curve is fitted again that scores are linearised around."""

_LEAST_SHARED = 0.3
"""Of what documents do to a run this part at least they do to all runs."""

_PINNED = 1e6
"""Weight of the constraint that folds' effects cancel out."""


def rotated(runs: Runs) -> Scores:
    """Take what folds do to all models off the scores of runs that were scored on one fold each.

    Parameters
    ----------
    runs : Runs
        With `fold` and `scored`.
    """
    assert runs.fold is not None
    assert runs.scored is not None
    _, fold = np.unique(runs.fold, return_inverse=True)
    sizes, where = np.unique(runs.size, return_inverse=True)
    top, whole = ratio(runs.counted(), runs.metric)  # runs, units, ratios
    share = _fold_shares(runs, fold)
    total = _totals(whole, share[fold])
    averaging = (where == np.arange(len(sizes))[:, None]).astype(float)
    if total.shape[1] == 1:
        averaging = averaging * share[fold]
    averaging /= averaging.sum(axis=1, keepdims=True)
    basis = trend(runs.size, 3)
    member = (fold[:, None] == np.arange(len(share))).astype(float)
    pooled = averaging @ (top.sum(axis=1) / total)  # sizes, ratios
    for _ in range(_ROUNDS):
        curve = _smooth(sizes, pooled, np.bincount(where))  # sizes, ratios
        middle = np.clip(curve.mean(axis=1), 0.01, 0.99)
        slope = middle * (1 - middle)
        unit = (top - curve[where][:, None] * whole) / total[:, None]  # runs, units, ratios
        deviation = unit.sum(axis=1).mean(axis=1) / slope[where]
        effects = _effects(top, whole, total) / slope[where][:, None]
        noise = fold_noise(effects, runs)
        variance = _fold_variance(member, share, effects, noise)
        taken = _fold_effects(deviation, basis, member, share, variance, noise)
        unfolded = np.eye(len(fold)) - member @ taken
        mixing = averaging @ unfolded
        # A deviation counts on the logit scale, so that it is worth less where the curve is flat.
        moved = mixed(mixing * (slope[:, None] / slope[where]), unit)
        pooled = np.clip(curve + moved.sum(axis=1), 0, 1)
    held = mixed(mixing, whole / total[:, None])
    typical = float(whole.sum(axis=(1, 2)).mean()) * len(share)
    units = runs.scored.shape[1] / runs.scored.sum(axis=1)
    return Scores(
        sizes=sizes,
        observed=np.clip(pooled.mean(axis=1), 0, 1),
        level=deviation + np.log(middle / (1 - middle))[where],
        unfolded=unfolded,
        mixing=mixing,
        effects=effects,
        noise=noise,
        of_folds=member * np.sqrt(variance),
        top=typical * (moved + curve[:, None] * held),
        whole=typical * held,
        wrong=mixing @ (units * ((whole - top).sum(axis=2) > 0).sum(axis=1)),
        right=mixing @ (units * (top.sum(axis=2) > 0).sum(axis=1)),
    )


def _fold_shares(runs: Runs, fold: NDArray[np.int_]) -> Array:
    """Return each fold's share of the gold spans times the folds, shape (folds,); mean 1."""
    assert runs.scored is not None
    gold = np.asarray(runs.counts[..., 0] + runs.counts[..., 2], dtype=float).max(axis=0)
    count = int(fold.max()) + 1
    held = np.array([gold[runs.scored[fold == k].any(axis=0)].sum() for k in range(count)])
    held = np.maximum(held, 1e-12)
    return np.asarray(held / held.mean())


def _totals(whole: Array, share: Array) -> Array:
    """Return what each run's effects are divided by, shape (runs, ratios).

    Its own denominator; with several ratios, of which a fold may hold nothing, the mean one.
    """
    own = whole.sum(axis=1)
    if own.shape[1] == 1:
        return np.maximum(own, 1.0)
    typical = own.sum(axis=0) / share.sum()
    return np.broadcast_to(np.maximum(typical, 1e-12), own.shape)


def _effects(top: Array, whole: Array, total: Array) -> Array:
    """Return what each unit does to each run's own score, shape (runs, units); rows add up to 0."""
    score = top.sum(axis=1) / np.maximum(whole.sum(axis=1), 1e-12)
    return np.asarray(((top - score[:, None] * whole) / total[:, None]).mean(axis=2))


def _smooth(sizes: Array, pooled: Array, count: NDArray[np.int_]) -> Array:
    """Return curves through the means at the sizes studied, shape (sizes, ratios)."""
    found = []
    for each in pooled.T:
        if len(sizes) < 2:
            found.append(each)
            continue
        models, share = fit_families(np.clip(each, 0, 1)[None], sizes, count.astype(float))
        found.append(share @ np.concatenate([m.at(sizes) for m in models]))
    return np.clip(np.stack(found, axis=1), 0, 1)


def fold_noise(effects: Array, runs: Runs) -> Array:
    """Return the variance that units give each run beyond what they do to all runs, shape (runs,).

    From runs of neighbouring sizes that were scored on the same fold and trained on other sets:
    half of the squared difference.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        What each unit does to each run.
    runs : Runs
        With `fold`.
    """
    assert runs.fold is not None
    fold, count = runs.fold, len(runs.fold)
    sums, number = np.zeros(count), np.zeros(count)
    for k in np.unique(fold):
        mine = np.flatnonzero(fold == k)
        mine = mine[np.argsort(runs.size[mine], kind="stable")]
        for a, b in pairwise(mine):
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


def _fold_variance(member: Array, share: Array, effects: Array, noise: Array) -> Array:
    """Return the variance of what each fold's documents do to all models, shape (folds,).

    All folds' documents come from one source, so that one variance is estimated, and divided by how
    much each fold holds. Runs count by how well they show it: those of a few documents hardly do.
    """
    own = (effects**2).sum(axis=1)
    weight = 1 / np.maximum(noise + 0.1 * own.mean(), 1e-12) ** 2
    weight *= member @ share  # a fold that holds little says little
    shared = np.maximum(own - noise, _LEAST_SHARED * own) * (member @ share)
    typical = float(weight @ shared / weight.sum())
    return np.asarray(np.maximum(typical / share * (1 - share / share.sum()), 1e-6))


def _fold_effects(
    deviation: Array, basis: Array, member: Array, share: Array, variance: Array, noise: Array
) -> Array:
    """Return the matrix that predicts folds' effects from runs' deviations, shape (folds, runs).

    Best linear prediction (Henderson, Biometrics 1975) with effects that cancel out over the folds.
    """
    runs, folds = member.shape
    if folds < 2:
        return np.zeros((folds, runs))
    design = np.column_stack([basis, member])
    residual = deviation - design @ np.linalg.lstsq(design, deviation, rcond=None)[0]
    df = max(runs - basis.shape[1] - folds + 1, 1)
    scatter = max(float(residual @ residual) / df, float(noise.mean()), 1e-6)
    penalty = np.zeros((design.shape[1], design.shape[1]))
    penalty[-folds:, -folds:] = np.diag(1 / variance) + _PINNED * np.outer(share, share)
    solved = np.linalg.solve(design.T @ design / scatter + penalty, design.T / scatter)
    return np.asarray(solved[-folds:])
