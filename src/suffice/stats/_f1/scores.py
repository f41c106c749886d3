"""Mean scores by training-set size, and what each run and each evaluation unit does to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.stats._arrays import Array
from suffice.stats._f1.evaluation_error import (
    evaluation_noise,
    influence,
    logit,
    logit_slope,
    shrunk_score,
)
from suffice.stats._runs import Runs, ratio


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
