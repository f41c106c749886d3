"""Two learners on the same training sets and evaluation documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._f1.run_variance import estimate_spread
from suffice.stats._f1.scores import evaluation_noise, influence
from suffice.stats._resampling import Seed, resample_mean_effect, seed_sequence, tails
from suffice.stats._runs import Runs, mean_by_size

EXPECTED_DF = 4
"""How many pairs' worth of knowledge the variance between one learner's runs is taken for."""

_ENOUGH_FOR_A_SLOPE = 8
"""Fewer pairs than this are taken to differ by the same amount at all sizes."""


@dataclass(frozen=True)
class PairedDifference(Result):
    """The mean difference in F1 between two learners on the same training sets.

    Parameters
    ----------
    mean, low, high : float
        Second minus first, and its interval.
    pairs : int
        Training sets that both were trained on.
    smallest, largest : float
        Their range of sizes, in documents.
    level : float
        Confidence level of the interval.
    caveats : tuple of str
        What to keep in mind.
    """

    mean: float
    low: float
    high: float
    pairs: int
    smallest: float
    largest: float
    level: float = 0.95
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Equivalence(Result):
    """Whether the second learner is no worse than the first by a margin, or about as good.

    Parameters
    ----------
    margin : float
        The margin, in F1; 0.01 is one point.
    difference : PairedDifference
        Second minus first.
    p_worse : float
        P of the test that the second is worse by the margin or more: small means "no worse".
    p_better : float
        P of the test that it is better by the margin or more.
    level : float
        Confidence level of each one-sided test.
    verdict : str
        ``equivalent`` (both tests reject), ``no worse``, ``no better``, or ``cannot tell``.
    ends : (float, float)
        The interval of the difference at ``1 - 2·level``, which lies within the margin on the side
        where a test rejects.
    caveats : tuple of str
        What to keep in mind.
    """

    margin: float
    difference: PairedDifference
    p_worse: float
    p_better: float
    level: float
    verdict: str
    ends: tuple[float, float]
    caveats: tuple[str, ...] = ()


def paired_difference(
    first: Runs,
    second: Runs,
    *,
    level: float = 0.95,
    expected_variance: float | None = None,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> PairedDifference:
    """Compare two learners on the same training sets and evaluation documents.

    Parameters
    ----------
    first, second : Runs
        Row i of both is the same training set.
    level : float
        Confidence level of the interval.
    expected_variance : float, optional
        What a pair's difference would vary by if the two were trained on different sets: twice the
        variance between one learner's runs. It counts as `EXPECTED_DF` further degrees of freedom.
    n_resamples : int
        Number of draws of the difference.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    PairedDifference
        With what evaluation documents, training sets, seeds and the pool do to the difference;
        with one pair and none expected it has no part for the latter three, and says so.

    Notes
    -----
    Differences are treated as F1 of one learner is in `suffice.stats._f1.curve`: a variance
    between training sets, which the pool shares, and one between seeds, by restricted likelihood.
    A variance expected from elsewhere moderates theirs: Smyth, Linear Models and Empirical Bayes
    Methods ..., Statistical Applications in Genetics and Molecular Biology 2004;3(1):3, equation 3.
    """
    draws, caveats = _draws(first, second, expected_variance, n_resamples, seed, level)
    difference = second.score() - first.score()
    low, high = (float(q) for q in np.quantile(draws, tails(level)))
    return PairedDifference(
        float(difference.mean()),
        low,
        high,
        len(difference),
        float(first.size.min()),
        float(first.size.max()),
        level,
        caveats,
    )


def test_equivalence(
    first: Runs,
    second: Runs,
    *,
    margin: float = 0.01,
    alpha: float = 0.05,
    expected_variance: float | None = None,
    n_resamples: int = 4000,
    seed: Seed = 0,
) -> Equivalence:
    """Test whether the second learner is no worse, or no better, than the first by a margin.

    Parameters
    ----------
    first, second : Runs
        Row i of both is the same training set.
    margin : float
        The margin, in F1, positive.
    alpha : float
        Level of each one-sided test.
    expected_variance, n_resamples, seed
        As in `paired_difference`.

    Returns
    -------
    Equivalence

    Raises
    ------
    ValueError
        The margin is not positive.

    Notes
    -----
    Two one-sided tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 1987;15:657).
    """
    if not margin > 0:
        raise ValueError("the margin of an equivalence test must be positive")
    level = 1 - alpha
    draws, _ = _draws(first, second, expected_variance, n_resamples, seed, level)
    least = 1 / (len(draws) + 1)
    p_worse = max(float(np.mean(draws <= -margin)), least)
    p_better = max(float(np.mean(draws >= margin)), least)
    worse, better = p_worse < alpha, p_better < alpha
    verdict = (
        "equivalent"
        if worse and better
        else "no worse"
        if worse
        else "no better"
        if better
        else "cannot tell"
    )
    found = paired_difference(first, second, expected_variance=expected_variance, seed=seed)
    low, high = (float(q) for q in np.quantile(draws, [alpha, 1 - alpha]))
    return Equivalence(margin, found, p_worse, p_better, alpha, verdict, (low, high), found.caveats)


test_equivalence.__test__ = False  # type: ignore[attr-defined]  # pytest shall not collect it


def _draws(
    first: Runs,
    second: Runs,
    expected_variance: float | None,
    n_resamples: int,
    seed: Seed,
    level: float,
) -> tuple[Array, tuple[str, ...]]:
    """Return draws of the mean difference, and what to keep in mind."""
    children = seed_sequence(seed).spawn(3)
    difference = second.score() - first.score()
    mean = float(difference.mean())
    on_documents = difference_by_unit(first, second)
    of_units = resample_mean_effect(on_documents.mean(axis=0), n_resamples, children[0], level)
    draws = mean + of_units
    df = len(difference) - 1
    if not df and expected_variance is None:
        return draws, ("one pair: the interval does not account for other training sets and seeds",)
    of_training, caveats = training_draws(
        first, difference, on_documents, expected_variance, n_resamples, children[1:]
    )
    return draws + of_training, caveats


def difference_by_unit(first: Runs, second: Runs) -> Array:
    """Return what each evaluation unit does to the difference in F1, shape (runs, units)."""
    sides = []
    for runs in (first, second):
        f1 = np.clip(runs.score(), 1e-3, 1 - 1e-3)
        sides.append(influence(runs) * (f1 * (1 - f1))[:, None])
    return np.asarray(sides[1] - sides[0])


def training_draws(
    runs: Runs,
    difference: Array,
    on_documents: Array,
    expected_variance: float | None,
    n_resamples: int,
    seeds: list[np.random.SeedSequence],
) -> tuple[Array, tuple[str, ...]]:
    """Return draws of what training sets, seeds and the pool do to a mean difference.

    With what to keep in mind where training sets and seeds cannot be told apart.
    """
    # On one fold each, what its documents do to a difference is all noise beside other folds'.
    noise = (
        evaluation_noise(on_documents, runs.size)
        if runs.scored is None
        else (on_documents**2).sum(axis=1)
    )
    if len(difference) == 1:
        noise = np.zeros(1)
    expected = None if expected_variance is None else (expected_variance, EXPECTED_DF)
    spread = estimate_spread(
        runs,
        difference,
        noise,
        n_resamples,
        seeds[0],
        degree=1 if len(difference) >= _ENOUGH_FOR_A_SLOPE else 0,
        expected=expected,
    )
    rng = np.random.default_rng(seeds[1])
    sizes, where = np.unique(runs.size, return_inverse=True)
    share = np.bincount(where) / len(where)
    scale = np.sqrt(spread.scale(sizes))
    features = mean_by_size(runs.shared_documents().T, where)
    of_sets = rng.standard_normal((n_resamples, len(features))) @ features
    of_pool = np.sqrt(np.minimum(sizes / runs.population, 1)) * rng.standard_normal(
        (n_resamples, 1)
    )
    of_seeds = rng.standard_normal((n_resamples, len(sizes))) / np.sqrt(
        np.bincount(where) * runs.parts
    )
    sets, seeds_ = np.sqrt(spread.sets)[:, None], np.sqrt(spread.seeds)[:, None]
    draws = (scale * (sets * (of_sets + of_pool) + seeds_ * of_seeds)) @ share
    return np.asarray(draws), () if spread.sets_known else spread.caveats[:1]
