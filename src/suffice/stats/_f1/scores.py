"""The score of each run, its mean at each size, and what evaluation documents do to both.

Two equally good models do not make the same mistakes. What evaluation documents do to all runs of a
size is part of F1(n)'s interval and is resampled (`errors`); what they do to each by itself looks
like a difference between models, and must not be taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._runs import Runs, ratio


def logit(f1: Array, floor: float = 1e-3) -> Array:
    """Return the logit of F1, kept finite: F1 is taken as at least `floor` away from 0 and 1."""
    inside = np.clip(f1, floor, 1 - floor)
    return np.asarray(np.log(inside / (1 - inside)))


def logit_slope(f1: Array) -> Array:
    """Return the derivative of F1 by its logit."""
    inside = np.clip(f1, 1e-3, 1 - 1e-3)
    return np.asarray(inside * (1 - inside))


def shrunk_score(runs: Runs) -> tuple[Array, Array]:
    """Return each run's score with half a span added on either side, and the logit's slope there.

    The logit of a score that rests on a few right spans is unbounded below: a run that finds
    nothing would lie some logits from one that finds a single span, and the floor of `logit` would
    say how many. With half a right and half a wrong span added it is about unbiased and has the
    variance that the counts give it.

    Returns
    -------
    score : ndarray, shape (runs,)
        Between half a span and all but half a span.
    slope : ndarray, shape (runs,)
        The derivative of its logit by the score as it was.

    Notes
    -----
    Haldane JBS, The estimation and significance of the logarithm of a ratio of frequencies, Annals
    of Human Genetics 1956; Anscombe FJ, On estimating binomial response relations, Biometrika 1956.
    """
    whole = ratio(runs.counted(), runs.metric)[1].sum(axis=(1, 2))
    half = 0.5 if runs.metric in ("precision", "recall") else 1.0  # F1 counts a right span twice
    score = (runs.score() * whole + half) / (whole + 2 * half)
    return score, whole / (whole + 2 * half) / (score * (1 - score))


def influence(runs: Runs) -> Array:
    """Return what each evaluation unit does to each run's logit score, shape (runs, units).

    The infinitesimal jackknife of the runs' metric: rows add up to 0, and the sum of their squares
    is the variance that evaluation units give. A ratio R of sums of ``top`` and ``whole`` over
    units has the influence ``(top - R·whole) / sum of whole``, macro-F1 the mean of its labels'.
    """
    top, whole = ratio(runs.counted(), runs.metric)  # runs, units, ratios
    total = np.maximum(whole.sum(axis=1, keepdims=True), 1.0)
    each = top.sum(axis=1, keepdims=True) / total
    effect = ((top - each * whole) / total).mean(axis=2)
    score = np.clip(each.mean(axis=2), 1e-3, 1 - 1e-3)
    return np.asarray(effect / (score * (1 - score)))


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
        The result of `influence`.
    training_set : ndarray of int, shape (runs,)
        Equal where runs share their training set.
    noise : ndarray, shape (runs,)
        The result of `evaluation_noise`.
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


def centre_effects(effects: Array, group: NDArray[np.int_]) -> Array:
    """Return what each unit does to each run less what it does to all runs of its group.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        The result of `influence`.
    group : ndarray of int, shape (runs,)
        Equal for runs that are compared: of about one size (`size_bins`), or scored on one fold.
    """
    _, where, count = np.unique(group, return_inverse=True, return_counts=True)
    member = np.zeros((len(count), len(where)))
    member[where, np.arange(len(where))] = 1 / count[where]
    return np.asarray(effects - (member @ effects)[where])


def evaluation_noise(effects: Array, size: Array) -> Array:
    """Return the variance that evaluation units give each run beside all runs of about its size.

    Parameters
    ----------
    effects : ndarray, shape (runs, units)
        The result of `influence`.
    size : ndarray, shape (runs,)
        Training-set sizes.
    """
    _, where, count = np.unique(size_bins(size), return_inverse=True, return_counts=True)
    if (count < 2).all():
        return np.zeros(len(size))
    own = (centre_effects(effects, size_bins(size)) ** 2).sum(axis=1)
    by_bin = np.bincount(where, own) / np.maximum(count - 1, 1)
    by_bin[count < 2] = by_bin[count > 1].mean()
    return np.asarray(by_bin[where])


@dataclass(frozen=True)
class Scores:
    """Mean scores by size, as linear functions of the runs.

    Parameters
    ----------
    sizes, observed : ndarray, shape (sizes,)
        Sizes studied, and the mean score at each.
    level : ndarray, shape (runs,)
        Each run's score on the logit scale, with half a span added on either side.
    unfolded : ndarray, shape (runs, runs)
        Takes off levels what folds do to all models; the identity where all runs were scored on all
        units.
    mixing : ndarray, shape (sizes, runs)
        What each run's level does to the mean at each size; rows add up to 1.
    effects : ndarray, shape (runs, units)
        What each evaluation unit does to each run's level.
    noise : ndarray, shape (runs,)
        The variance that evaluation units give each run beyond what they do to all runs.
    of_folds : ndarray, shape (runs, folds)
        Where runs were scored on one fold each: the standard deviation of what the fold's documents
        do to all models, in the column of the run's fold. No columns otherwise.
    top, whole : ndarray, shape (sizes, units, ratios)
        Numerator and denominator of the mean score at each size, as counts of one average run: the
        ratio of their sums over units is the score.
    wrong, right : ndarray, shape (sizes,)
        On how many units one average run makes a mistake, and finds something.
    """

    sizes: Array
    observed: Array
    level: Array
    unfolded: Array
    mixing: Array
    effects: Array
    noise: Array
    of_folds: Array
    top: Array
    whole: Array
    wrong: Array
    right: Array


def scores(runs: Runs) -> Scores:
    """Average runs that were scored on all units.

    Parameters
    ----------
    runs : Runs
        Without `scored`; `suffice.stats._f1.rotating_folds.rotated` is for those with it.
    """
    sizes, where = np.unique(runs.size, return_inverse=True)
    mixing = (where == np.arange(len(sizes))[:, None]) / np.bincount(where)[:, None]
    top, whole = ratio(runs.counted(), runs.metric)  # runs, units, ratios
    score = runs.score()
    shrunk, slope = shrunk_score(runs)
    effects = influence(runs) * (slope * logit_slope(score))[:, None]
    return Scores(
        sizes=sizes,
        observed=mixing @ score,
        level=logit(shrunk),
        unfolded=np.eye(len(score)),
        mixing=mixing,
        effects=effects,
        noise=evaluation_noise(effects, runs.size),
        of_folds=np.zeros((len(score), 0)),
        top=mixed(mixing, top),
        whole=mixed(mixing, whole),
        wrong=mixing @ ((whole - top).sum(axis=2) > 0).sum(axis=1),
        right=mixing @ (top.sum(axis=2) > 0).sum(axis=1),
    )


def mixed(mixing: Array, values: Array) -> Array:
    """Return what the runs' values are in the mean at each size.

    Parameters
    ----------
    mixing : ndarray, shape (sizes, runs)
        The result of `Scores`.
    values : ndarray, shape (runs, ...)

    Returns
    -------
    ndarray, shape (sizes, ...)
    """
    flat = mixing @ values.reshape(len(values), -1)
    return np.asarray(flat.reshape(-1, *values.shape[1:]))
