"""Draws of known probability, and k-centre."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from suffice.quality.draw import k_centre, systematic, tilted


def test_every_so_manieth():
    """Of nine in order, with probability 1/3, one of three neighbours is drawn each time."""
    for seed in range(20):
        drawn = systematic(np.full(9, 1 / 3), np.arange(9), np.random.default_rng(seed))
        assert (drawn // 3 == [0, 1, 2]).all()
        assert len(set((drawn % 3).tolist())) == 1


def test_probabilities_are_kept():
    p = np.array([0.1, 0.9, 0.5, 1.0, 0.3, 0.2])
    times = np.zeros(6)
    for seed in range(3000):
        rng = np.random.default_rng(seed)
        times[systematic(p, rng.permutation(6), rng)] += 1
    error = np.sqrt(p * (1 - p) / 3000)
    assert (np.abs(times / 3000 - p) <= 4 * error).all()


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_as_many_as_asked_for_and_none_twice(seed, n):
    rng = np.random.default_rng(seed)
    drawn = systematic(np.full(40, n / 40), rng.permutation(40), rng)
    assert len(set(drawn.tolist())) == n


@given(st.integers(0, 10_000), st.floats(0.7, 1.4))
def test_tilted_probabilities_have_the_target(seed, factor):
    rng = np.random.default_rng(seed)
    sentences = rng.integers(1, 9, 200).astype(float)
    entities = rng.poisson(sentences * rng.gamma(2, 0.5, 200)).astype(float)
    target = factor * entities.sum() / sentences.sum()
    p = tilted(entities, sentences, 60, target)
    assert ((p > 0) & (p <= 1)).all()
    assert p.sum() == pytest.approx(60)
    assert (p @ entities) / (p @ sentences) == pytest.approx(target, rel=1e-6)


def test_the_pools_own_density_tilts_nothing():
    entities, sentences = np.array([2.0, 4, 6, 0]), np.array([1.0, 2, 3, 1])
    p = tilted(entities, sentences, 2, 12 / 7)
    assert p == pytest.approx(np.full(4, 0.5), abs=1e-6)


def test_a_density_that_none_have():
    with pytest.raises(ValueError, match="no sample"):
        tilted(np.array([1.0, 2, 3]), np.ones(3), 2, 2.9)


def radius(points, chosen):
    return max(min(np.linalg.norm(p - points[c]) for c in chosen) for p in points)


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_k_centre_is_within_twice_the_best(seed, n):
    """Against all choices there are (Gonzalez 1985)."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(9, 2))
    chosen, reached = k_centre(points, n, first=seed % 9)
    assert len(set(chosen.tolist())) == n
    assert reached == pytest.approx(radius(points, chosen))
    best = min(radius(points, choice) for choice in combinations(range(9), n))
    assert reached <= 2 * best + 1e-12


def test_k_centre_on_a_line_by_hand():
    points = np.array([[0.0], [1], [2], [9], [10], [5]])
    assert k_centre(points, 3, first=0)[0].tolist() == [0, 4, 5]
    # What is covered already is kept away from.
    assert k_centre(points, 2, np.array([[0.0], [10.0]]))[0].tolist() == [5, 2]


def test_twins_are_chosen_last_and_none_twice():
    points = np.array([[0.0], [0], [1], [1]])
    assert sorted(k_centre(points, 4)[0].tolist()) == [0, 1, 2, 3]
    assert sorted(k_centre(points, 2)[0].tolist()) == [0, 2]


def test_spread_over_an_order_narrows_the_mean():
    """Sorted by what is averaged, the mean of systematic samples varies less; it has no bias."""
    rng = np.random.default_rng(0)
    values = rng.gamma(2, 0.5, 300)
    order = np.argsort(values)
    p = np.full(300, 0.1)
    spread = [values[systematic(p, order, np.random.default_rng(s))].mean() for s in range(400)]
    loose = [values[np.random.default_rng(s).permutation(300)[:30]].mean() for s in range(400)]
    assert np.std(spread) < 0.4 * np.std(loose)
    assert stats.ttest_1samp(spread, values.mean()).pvalue > 0.001
