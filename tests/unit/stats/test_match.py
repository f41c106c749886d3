"""Verdicts on ratios."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from suffice.stats import compare_ratios
from suffice.stats._density.match import judge


@pytest.mark.parametrize(
    ("bounds", "inner", "verdict"),
    [
        ((0.95, 1.05), (0.96, 1.04), "match"),
        ((1.01, 1.08), (1.02, 1.07), "match"),  # a difference, but within the margin
        ((1.01, 1.20), (1.03, 1.18), "higher"),
        ((0.70, 0.99), (0.72, 0.97), "lower"),
        ((0.90, 1.20), (0.92, 1.18), "cannot tell"),
        ((0.89, 1.12), (0.92, 1.09), "match"),  # two one-sided tests at 5 %, not at 2.5 %
        ((math.nan, math.nan), (math.nan, math.nan), "cannot tell"),
        ((1.5, math.inf), (1.6, math.inf), "higher"),
    ],
)
def test_rule(bounds, inner, verdict):
    assert judge(*bounds, inner, 0.1) == verdict


@given(st.floats(0.3, 3), st.floats(1.001, 2), st.floats(0.01, 0.9))
def test_turned_over_the_verdict_turns(centre, width, margin):
    low, high = centre / width, centre * width
    inner = (centre / width**0.8, centre * width**0.8)
    turned = {"higher": "lower", "lower": "higher"}
    there = judge(low, high, inner, margin)
    back = judge(1 / high, 1 / low, (1 / inner[1], 1 / inner[0]), margin)
    assert back == turned.get(there, there)


def test_by_hand():
    """Sample 6/3 and 10/5: 2 without residuals. Production 4/4 and 12/4: 2, residuals -4 and 4.

    Variance of the log: 2/1 · 32 / 16² = .25, half-width t(1) · .5.
    """
    sample = np.array([6.0, 10.0]), np.array([3.0, 5.0])
    production = np.array([4.0, 12.0]), np.array([4.0, 4.0])
    found = compare_ratios("tokens", sample, production)
    assert (found.sample, found.production, found.ratio) == (2, 2, 1)
    half = stats.t.ppf(0.975, 1) * 0.5
    assert (found.low, found.high) == pytest.approx((math.exp(-half), math.exp(half)))
    assert found.verdict == "cannot tell"


def test_intervals_cover():
    """500 pairs of samples of 80 documents; .95 has a standard error of one point."""
    inside = 0
    for seed in range(500):
        rng = np.random.default_rng(seed)
        sides = []
        for mean in (20, 25):
            sentences = rng.poisson(4, 80) + 1.0
            sides.append((rng.poisson(mean * rng.gamma(9, 1 / 9, 80) * sentences), sentences))
        found = compare_ratios("tokens", *sides)
        inside += found.low <= 0.8 <= found.high
    assert 461 <= inside <= 488


def test_intervals_cover_where_a_few_documents_make_the_density():
    """.925 with U - 1 degrees of freedom; 500 pairs, a standard error of one point."""
    inside = 0
    for seed in range(500):
        rng = np.random.default_rng([seed, 2])
        sides = []
        for count in (150, 400):
            sentences = rng.poisson(4, count) + 1.0
            rate = rng.lognormal(-0.98, 1.4, count)
            sides.append((rng.poisson(1.3 * rate * sentences).astype(float), sentences))
        found = compare_ratios("EPS", *sides)
        inside += found.low <= 1 <= found.high
    assert 465 <= inside <= 490


def test_nothing_to_divide():
    found = compare_ratios("x", (np.zeros(3), np.ones(3)), (np.ones(3), np.ones(3)))
    assert found.verdict == "cannot tell"
