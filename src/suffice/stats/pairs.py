"""Two learners on the same training sets and evaluation documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from suffice.stats.result import Result
from suffice.stats.runs import Runs

EXPECTED_DF = 4
"""How many pairs' worth of knowledge the variance between one learner's runs is taken for."""


@dataclass(frozen=True)
class Difference(Result):
    """The mean difference in F1 between two learners on the same training sets.

    Parameters
    ----------
    mean, low, high : float
        Second minus first, and its 95 % interval.
    pairs : int
        Training sets that both were trained on.
    smallest, largest : float
        Their range of sizes, in documents.
    caveats : tuple of str
        What to keep in mind.
    """

    mean: float
    low: float
    high: float
    pairs: int
    smallest: float
    largest: float
    caveats: tuple[str, ...] = ()


def paired_difference(
    first: Runs,
    second: Runs,
    *,
    expected_variance: float | None = None,
    replicates: int = 1000,
    seed: int = 0,
) -> Difference:
    """Compare two learners on the same training sets and evaluation documents.

    Parameters
    ----------
    first, second : Runs
        Row i of both is the same training set.
    expected_variance : float, optional
        What a pair's difference would vary by if the two were trained on different sets: twice the
        variance between one learner's runs. It counts as `EXPECTED_DF` further degrees of freedom.
    replicates, seed : int
        Of the resampling of evaluation documents.

    Returns
    -------
    Difference
        With Student's t over the pairs, its variance moderated by the expected one; with one pair
        and none expected the interval has no part for training sets and seeds, and says so.

    Notes
    -----
    Smyth, Linear Models and Empirical Bayes Methods ..., Statistical Applications in Genetics and
    Molecular Biology 2004;3(1):3, equation 3. Two or three pairs say hardly anything of their own
    variance; that between runs of one learner is known from more, and on the safe side, since the
    two learners share each training set.
    """
    weights = np.random.default_rng(np.random.SeedSequence(seed)).standard_exponential(
        (replicates, first.counts.shape[1])
    )
    difference = second.f1() - first.f1()
    resampled = (second.f1(weights) - first.f1(weights)).mean(axis=1)
    pairs = len(difference)
    variance = float(resampled.var())
    caveats = []
    df = pairs - 1
    between = float(difference.var(ddof=1)) if pairs > 1 else 0.0
    if expected_variance is not None:
        between = (df * between + EXPECTED_DF * expected_variance) / (df + EXPECTED_DF)
        df += EXPECTED_DF
    if df:
        variance += between / pairs
        factor = float(stats.t.ppf(0.975, df))
    else:
        factor = float(stats.norm.ppf(0.975))
        caveats.append("one pair: the interval knows nothing of other training sets and seeds")
    mean = float(difference.mean())
    half = factor * float(np.sqrt(variance))
    return Difference(
        mean,
        mean - half,
        mean + half,
        pairs,
        float(first.size.min()),
        float(first.size.max()),
        tuple(caveats),
    )
