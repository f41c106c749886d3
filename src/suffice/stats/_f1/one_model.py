"""The score of one trained model, and what evaluation documents leave open about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._f1.errors import evaluation_errors
from suffice.stats._f1.scores import logit, scores
from suffice.stats._resampling import Seed, seed_sequence, tails
from suffice.stats._runs import Metric, Runs


@dataclass(frozen=True)
class ModelScore(Result):
    """The score of one model on documents that are a sample.

    Parameters
    ----------
    value, low, high : float
        The score, and its interval over evaluation units.
    units : int
        Evaluation units (documents, or groups of them).
    level : float
        Confidence level of the interval.
    """

    value: float
    low: float
    high: float
    units: int
    level: float


def score_model(
    counts: ArrayLike,
    *,
    metric: Metric = "f1",
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: Seed = 0,
) -> ModelScore:
    """Score one model, with an interval by the rule of `suffice.stats.f1_curve`.

    Parameters
    ----------
    counts : array_like, shape (units, 3)
        Correct, spurious and missed spans for each evaluation unit (a document, or a group).
    metric : {"f1", "precision", "recall"}
        Micro-averaged.
    level : float
        Confidence level of the interval.
    n_resamples : int
        Number of resamples of the units.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    ModelScore
        Training sets and seeds are not in the interval: it is that of the model as it is.
    """
    table = np.asarray(counts)[None]
    model = Runs(np.ones(1), table, np.zeros(1, dtype=int), 1, 1, metric=metric)
    found = scores(model)
    errors = evaluation_errors(found, found.effects.T, n_resamples, seed_sequence(seed), level)
    value = float(found.observed[0])
    low, high = scipy.special.expit(
        logit(np.array([value])) + np.quantile(errors[:, 0], tails(level))
    )
    return ModelScore(value, float(low), float(high), table.shape[1], level)
