"""What evaluation documents do to a run's score, and to one run beside others.

Two equally good models do not make the same mistakes. What evaluation documents do to all runs of a
size is part of F1(n)'s interval and is resampled elsewhere; what they do to each by itself looks
like a difference between models, and must not be taken for one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suffice.stats.runs import Runs, ratio

Array = NDArray[np.float64]


def logit(f1: Array, floor: float = 1e-3) -> Array:
    """Return the logit of F1, kept finite: F1 is taken as at least `floor` away from 0 and 1."""
    inside = np.clip(f1, floor, 1 - floor)
    return np.asarray(np.log(inside / (1 - inside)))


def influence(runs: Runs) -> Array:
    """Return what each evaluation unit does to each run's logit score, shape (runs, units).

    The infinitesimal jackknife of F1, precision or recall: rows add up to 0, and the sum of their
    squares is the variance that evaluation units give.
    """
    top, whole = ratio(runs.counts, runs.metric)
    total = np.maximum(whole.sum(axis=1), 1.0)
    score = np.clip(top.sum(axis=1) / total, 1e-3, 1 - 1e-3)
    return np.asarray((top - score[:, None] * whole) / (total * score * (1 - score))[:, None])


def size_bins(size: Array) -> NDArray[np.int_]:
    """Return a number for each size, equal where sizes differ by less than some 15 %."""
    return np.rint(np.log(size) / 0.15).astype(int)


def own_part(effects: Array, training_set: NDArray[np.int_], noise: Array) -> float:
    """Return which part of the evaluation noise seeds of one training set do not share.

    Models trained on the same documents make the same mistakes in part; a learner without chance
    makes all of them again. 1 where no set is repeated.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        From `influence`.
    training_set : ndarray of int, shape (runs,)
        Equal where runs share their training set.
    noise : ndarray, shape (runs,)
        From `evaluation_noise`.
    """
    _, where, count = np.unique(training_set, return_inverse=True, return_counts=True)
    again = count[where] > 1
    if not again.any():
        return 1.0
    member = np.zeros((len(count), len(where)))
    member[where, np.arange(len(where))] = 1 / count[where]
    own = ((effects - (member @ effects)[where]) ** 2).sum(axis=1)
    expected = float((noise * (1 - 1 / count[where]))[again].sum())
    return min(float(own[again].sum()) / expected, 1.0) if expected > 0 else 1.0


def beside_others(effects: Array, size: Array) -> Array:
    """Return what each unit does to each run less what it does to all runs of about its size."""
    _, where, count = np.unique(size_bins(size), return_inverse=True, return_counts=True)
    member = np.zeros((len(count), len(size)))
    member[where, np.arange(len(size))] = 1 / count[where]
    return np.asarray(effects - (member @ effects)[where])


def evaluation_noise(effects: Array, size: Array) -> Array:
    """Return the variance that evaluation units give each run beside all runs of about its size.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        From `influence`.
    size : ndarray, shape (runs,)
        Training-set sizes.
    """
    _, where, count = np.unique(size_bins(size), return_inverse=True, return_counts=True)
    if (count < 2).all():
        return np.zeros(len(size))
    own = (beside_others(effects, size) ** 2).sum(axis=1)
    by_bin = np.bincount(where, own) / np.maximum(count - 1, 1)
    by_bin[count < 2] = by_bin[count > 1].mean()
    return np.asarray(by_bin[where])
