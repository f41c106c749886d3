"""Runs that were each scored on one fold: what the folds do is taken off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from suffice.stats import Runs
from suffice.stats._f1.rotating_folds import rotated
from suffice.stats._f1.scores import scores

SIZES = np.array([10.0, 20.0, 40.0, 80.0, 160.0])
ENTITIES = 400
FOLDS, UNITS = 4, 24


def deterministic(ease, order=None):
    """Return runs without any chance, and micro-F1 of each size on the documents of all folds.

    Every size has two runs. Found are as many spans as the curve and the unit's ease say.
    """
    size = np.repeat(SIZES, 2)
    fold = np.arange(len(size)) % FOLDS if order is None else np.asarray(order)
    of_unit = np.arange(UNITS) % FOLDS
    curve = 2.2 - 8 * size**-0.5

    def counts(level):
        correct = np.rint(ENTITIES * expit(level))
        return np.stack([correct, np.zeros_like(correct), ENTITIES - correct], axis=-1)

    everywhere = counts(curve[:, None] + np.asarray(ease))
    scored = of_unit == fold[:, None]
    runs = Runs(
        size=size,
        counts=everywhere * scored[..., None],
        training_set=np.arange(len(size)),
        pool=300,
        population=400,
        fold=fold,
        scored=scored,
    )
    total = everywhere[::2].sum(axis=1)
    return runs, 2 * total[:, 0] / (2 * total[:, 0] + total[:, 2])


def test_what_folds_do_is_taken_off_whatever_folds_a_size_was_scored_on():
    """A size that was scored on easy folds only is not better than it is."""
    naive, found = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        turns = np.concatenate([rng.permutation(FOLDS) for _ in range(3)])
        runs, true = deterministic(rng.normal(0, 1, UNITS), turns[: 2 * len(SIZES)])
        naive.append([runs.score()[runs.size == n].mean() for n in SIZES] - true)
        found.append(rotated(runs).observed - true)
    assert np.std(found) < 0.4 * np.std(naive)
    assert abs(np.mean(found)) < 0.005


def test_one_fold_that_holds_all_is_no_fold():
    rng = np.random.default_rng(3)
    correct = rng.binomial(10, 0.6, (9, 20))
    counts = np.stack([correct, rng.poisson(2, (9, 20)), 10 - correct], axis=-1)
    plain = Runs(np.repeat([5.0, 10.0, 20.0], 3), counts, np.arange(9), 40, 40)
    whole = replace(plain, fold=np.zeros(9, dtype=int), scored=np.ones((9, 20), dtype=bool))
    found, wanted = rotated(whole), scores(plain)
    assert found.observed == pytest.approx(wanted.observed, abs=1e-9)
    assert found.mixing == pytest.approx(wanted.mixing)
    assert found.wrong == pytest.approx(wanted.wrong)
    assert found.right == pytest.approx(wanted.right)
    ratio = found.top.sum(axis=(1, 2)) / found.whole.sum(axis=(1, 2))
    assert ratio == pytest.approx(found.observed)


def test_levels_without_their_folds_lie_on_the_curve():
    runs, _ = deterministic(np.random.default_rng(8).normal(0, 1, UNITS))
    found = rotated(runs)
    level = found.unfolded @ found.level
    assert found.mixing.sum(axis=1) == pytest.approx(1)
    # Two runs of one size, scored on different folds.
    apart, before = (np.abs(x[::2] - x[1::2]).mean() for x in (level, found.level))
    assert apart < 0.25 * before


def test_macro_f1_where_a_fold_holds_nothing_of_a_label():
    """Labels are averaged over all folds, not those that a fold happens to hold."""
    runs, true = deterministic(np.zeros(UNITS))
    of_unit = np.arange(UNITS) % FOLDS
    gone = np.where(of_unit == 3, 0.0, 1.0)[None, :, None]
    half = np.zeros_like(runs.counts)
    half[..., 0] = np.rint(runs.counts[..., 0] / 2)
    half[..., 2] = (ENTITIES - half[..., 0]) * runs.scored
    rare = half * gone
    macro = replace(runs, metric="macro-f1", by_label=np.stack([runs.counts, rare], axis=2))
    p = expit(2.2 - 8 * SIZES**-0.5)
    of_rare = 2 * (p / 2) / (2 * (p / 2) + 1 - p / 2)
    assert rotated(macro).observed == pytest.approx((true + of_rare) / 2, abs=0.01)


def test_effects_of_units_are_derivatives():
    """One more copy of a unit changes the mean as the sum of its effects says."""
    rng = np.random.default_rng(5)
    runs, _ = deterministic(np.linspace(-0.5, 0.5, UNITS))
    noisy = runs.counts + rng.integers(0, 60, (*runs.counts.shape[:2], 1)) * [1, 0, -1]
    runs = replace(runs, counts=np.maximum(noisy, 0) * runs.scored[..., None])
    found = rotated(runs)
    plain = found.top.sum(axis=(1, 2)) / found.whole.sum(axis=(1, 2))
    step = 1e-4
    for unit in (0, 5):
        weights = np.ones(UNITS)
        weights[unit] += step
        moved = (found.top[..., 0] @ weights) / (found.whole[..., 0] @ weights)
        slope = (moved - plain) / step
        deviation = (found.top - plain[:, None, None] * found.whole)[:, unit, 0]
        assert slope == pytest.approx(deviation / found.whole.sum(axis=(1, 2)), rel=1e-3, abs=1e-7)
