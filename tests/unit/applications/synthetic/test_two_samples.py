"""Two samples of units: scipy's statistic, the linearised interval, and what is the same source."""

import numpy as np
import pytest
from scipy import stats

from suffice.applications.synthetic.statistics.two_samples import largest_gap, resample
from suffice.corpus.summary import ratio


def test_gap_is_that_of_kolmogorov_and_smirnov():
    rng = np.random.default_rng(0)
    a, b = rng.poisson(4, 80), rng.poisson(5, 50)
    counts = [np.bincount(x, minlength=20)[None].astype(float) for x in (a, b)]
    assert largest_gap(*counts)[0] == pytest.approx(stats.ks_2samp(a, b).statistic)


def quotient(one, two):
    left, right = one[:, 0] / one[:, 1], two[:, 0] / two[:, 1]
    return np.column_stack([left, right, right / left])


def test_interval_is_the_linearised_one():
    rng = np.random.default_rng(1)
    below = rng.integers(1, 9, 300)
    table = np.column_stack([rng.poisson(1.3 * below), below]).astype(float)
    found = resample(table, table[:200], quotient, n_resamples=4000, seed=2)
    expected = ratio(table[:, 0], below, [str(i) for i in range(300)])
    assert found.interval(0) == pytest.approx((expected.low, expected.high), rel=0.02)
    assert found.estimate[0] == pytest.approx(expected.estimate)


def test_ratios_of_one_source_lie_in_the_reference_range():
    rng = np.random.default_rng(5)
    inside = 0
    for seed in range(200):
        below = rng.integers(1, 9, 220)
        table = np.column_stack([rng.poisson(1.3 * below), below]).astype(float)
        found = resample(table[:150], table[150:], quotient, n_resamples=200, seed=seed)
        low, high = found.reference(2)
        inside += low <= found.estimate[2] <= high
    assert 0.89 <= inside / 200 <= 0.985
