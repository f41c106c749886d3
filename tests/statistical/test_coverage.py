"""Intervals for F1(n) cover the truth as often as they say, within simulation error."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from suffice.stats.pairs import paired_difference
from suffice.stats.runs import Runs
from suffice.stats.uncertainty import learning_curve

_spec = importlib.util.spec_from_file_location("simulate", Path(__file__).with_name("simulate.py"))
simulate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(simulate)

STUDIES = 160
SIZES = (20, 80, 300, 600)


@pytest.mark.slow
@pytest.mark.parametrize("share_of_sets", [0.0, 0.5, 1.0])
def test_95_percent_intervals(share_of_sets):
    """At two sizes, at the whole pool, and at twice the pool.

    The pool's part is an upper bound where sets and seeds cannot be told apart, so that more than
    95 % are expected with no effect of documents; less would be an error.
    """
    inside = np.zeros(len(SIZES))
    width = np.zeros(len(SIZES))
    errors = []
    for seed in range(STUDIES):
        runs = simulate.study(seed, share_of_sets)
        curve = learning_curve(runs, reach=1200, replicates=400, seed=seed)
        found = np.array([curve.at(n) for n in SIZES])
        true = np.array([simulate.truth(n) for n in SIZES])
        inside += (found[:, 1] <= true) & (true <= found[:, 2])
        width += (found[:, 2] - found[:, 1]) / STUDIES
        errors.append(found[:, 0] - true)
    # With 160 studies coverage has a standard error of 1.7 points: 95 % less three of them.
    least = stats.binom.ppf(0.001, STUDIES, 0.95)
    assert (inside >= least).all(), inside / STUDIES
    # Not by being wide: an oracle's interval is 3.92 SD of the estimates.
    assert (width[:3] <= 1.4 * 3.92 * np.std(errors, axis=0)[:3]).all()
    # The mean over documents is not biased by more than a third of a point, where studied.
    assert (np.abs(np.mean(errors, axis=0)[:3]) < 0.0033).all()


def test_runs_taken_as_independent_cover_far_less():
    """The interval that people draw, from the spread of the runs at one size alone."""
    inside = 0
    for seed in range(100):
        runs = simulate.study(seed, 0.5)
        f1 = runs.f1()[runs.size == 240]
        half = stats.t.ppf(0.975, len(f1) - 1) * f1.std(ddof=1) / np.sqrt(len(f1))
        inside += abs(f1.mean() - simulate.truth(240)) <= half
    assert inside <= 70


@pytest.mark.parametrize(("n_pairs", "expected"), [(5, None), (2, 2 * 0.08**2 * 0.2**2)])
def test_paired_differences_cover(n_pairs, expected):
    """Two learners on the same sets and documents, the second better by a known amount.

    The noise of .08 on the logit scale is about .08 times .2 in F1, at an F1 of about .75.
    """
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng([seed, 7])
        difficulty = rng.normal(0, 0.8, 130)
        entities = rng.poisson(6, 130) + 1
        pairs = []
        for better in (0.0, 0.3):
            noise = rng.normal(0, 0.08, (n_pairs, 1))
            counts = simulate.scores(1.0 + better + noise + difficulty, entities, rng)
            pairs.append(Runs(np.full(n_pairs, 100.0), counts, np.arange(n_pairs), 300, 300))
        found = paired_difference(*pairs, expected_variance=expected, seed=seed)
        inside += found.low <= _true_difference() <= found.high
    assert inside >= stats.binom.ppf(0.001, 200, 0.95)


@cache
def _true_difference():
    rng = np.random.default_rng(1)
    difficulty = rng.normal(0, 0.8, (1, 20_000))
    entities = rng.poisson(6, 20_000) + 1
    values = []
    for better in (0.0, 0.3):
        p = 1 / (1 + np.exp(-(1.0 + better + rng.normal(0, 0.08, (60, 1)) + difficulty)))
        correct = (p * entities).sum(axis=1)
        whole = correct + entities.sum() + (0.9 * (1 - p) * entities).sum(axis=1)
        values.append((2 * correct / whole).mean())
    return values[1] - values[0]
