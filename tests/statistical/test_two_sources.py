"""Coverage of what compares synthetic with real text: strings in common, distances."""

import numpy as np
import pytest
from scipy import stats

from suffice.applications.synthetic.statistics.rarefy import jackknife, mentions_seen, types_of
from suffice.applications.synthetic.statistics.two_samples import largest_gap, resample

EACH = 5
STRINGS = 1500


def zipf(shift):
    weights = 1 / (np.arange(STRINGS) + 5.0) ** 1.1
    return np.roll(weights / weights.sum(), shift)


def drawn(p, units, rng):
    """Give mentions of each string in each unit: Poisson with mean ``EACH * p``."""
    return rng.poisson(EACH * p, size=(units, STRINGS)).astype(np.int32)


def test_strings_in_common():
    """Real mentions that 80 units of another source hold, and strings that these hold."""
    ours, theirs, m = zipf(0), zipf(40), 80
    held = 1 - np.exp(-EACH * theirs * m)
    truth = np.array([ours @ held, held.sum()])
    rng = np.random.default_rng(0)
    hits = np.zeros(2)
    for seed in range(80):
        real, made = drawn(ours, 150, rng), drawn(theirs, 100, rng)
        present = made > 0

        def statistic(i, j, real=real, present=present):
            holding = present[j].sum(axis=0)
            mentions = real[i].sum(axis=0).astype(float)
            return np.array(
                [mentions_seen(mentions, holding, len(j), m), types_of(holding, len(j), m)]
            )

        value, error = jackknife(statistic, (150, 100), blocks=30, seed=seed)
        hits += np.abs(value - truth) <= stats.t.ppf(0.975, 29) * error
    assert (hits / 80 >= 0.9).all(), hits


def test_distance_of_distributions():
    values = np.arange(30)
    one, two = stats.poisson(8).pmf(values), stats.poisson(10).pmf(values)
    truth = np.abs(np.cumsum(one) - np.cumsum(two)).max()
    assert truth == pytest.approx(0.26, abs=0.02)
    rng = np.random.default_rng(1)
    hits = 0
    for seed in range(150):
        first = np.eye(30)[rng.choice(30, 250, p=one / one.sum())]
        second = np.eye(30)[rng.choice(30, 150, p=two / two.sum())]
        found = resample(
            first, second, lambda a, b: largest_gap(a, b)[:, None], n_resamples=150, seed=seed
        )
        hits += abs(found.estimate[0] - truth) <= 1.96 * found.draws[:, 0].std()
    assert 0.88 <= hits / 150 <= 0.99
