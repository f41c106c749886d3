"""What models of one size usually differ by: the prior, and what a study makes of it."""

from dataclasses import replace

import numpy as np
import pytest

from suffice.stats import Runs
from suffice.stats._f1 import run_variance_by_size as spread_size
from suffice.stats._f1.run_variance import estimate_spread
from suffice.stats._f1.usual import Usual, load_usual

USUAL = Usual(
    intercept=-5.0,
    by_length=-0.5,
    by_level=-1.0,
    sd=1.0,
    share=0.8,
    share_weight=5.0,
    corpora=10,
    models=200,
)


def test_the_variance_follows_the_line_in_log_length_and_logit_f1():
    assert USUAL.log_variance(100, 0.0) == pytest.approx(-5.0)
    assert USUAL.log_variance(400, 0.0) == pytest.approx(-5.0 - 0.5 * np.log(4))
    assert USUAL.log_variance(100, 2.0) == pytest.approx(-7.0)


def test_near_f1_of_0_the_variance_has_a_bound():
    assert np.exp(USUAL.log_variance(1, -9.0)) == pytest.approx(0.4)


def test_the_exponent_follows_the_curve_and_a_longer_range_says_more_of_it():
    sizes = np.array([10.0, 20, 40, 80])
    mean, sd = USUAL.exponent(sizes, 0.4 * np.log(sizes))
    assert mean == pytest.approx(-0.5 - 0.4 + 0.3)  # a little flatter, for caution
    assert sd == pytest.approx(0.6)  # no more than this, however short the range
    long = np.geomspace(10, 10_000, 8)
    assert USUAL.exponent(long, long * 0)[1] == pytest.approx(np.sqrt(2) / np.log(1000))
    assert USUAL.exponent(sizes, -np.log(sizes))[0] == pytest.approx(-0.2)  # a fall is chance


def test_worth_in_runs_and_beta():
    assert USUAL.runs == 2
    assert replace(USUAL, sd=0.5).runs == 8
    assert USUAL.beta == pytest.approx((4.0, 1.0))


def test_the_shipped_prior_is_one():
    found = load_usual()
    assert found.corpora >= 12
    assert found.by_length < 0
    assert found.by_level < 0
    assert 0.5 < found.share < 1
    variance = np.exp([found.log_variance(n, level) for n, level in ((20, -0.5), (300, 0.7))])
    assert 0.003 < variance[0] < 0.1
    assert 0.0003 < variance[1] < 0.01


def study(count, sd, seed):
    """Return runs of five sizes whose logit F1 scatters by `sd` at each, and their levels."""
    rng = np.random.default_rng(seed)
    size = np.repeat([10.0, 20, 40, 80, 120], count // 5)
    inside = np.zeros((count, 150))
    for row, n in zip(inside, size, strict=True):
        row[rng.permutation(150)[: int(n)]] = 1
    counts = np.ones((count, 2, 3), dtype=int)
    runs = Runs(size, counts, np.arange(count), 150, 150, inclusion=inside)
    return runs, 0.4 * np.log(size / 40) + sd * rng.normal(size=count)


def scatter(runs, y, usual):
    seed = np.random.SeedSequence(1)
    found = estimate_spread(runs, y, np.zeros(len(y)), 400, seed, usual=usual)
    return float(np.median(np.sqrt(found.sets + found.seeds)))


def test_many_runs_overrule_the_prior():
    """A scatter of .5 logits is far from the usual one."""
    expected = np.sqrt(np.exp(load_usual().log_variance(40, 0.0)))
    many = [scatter(*study(100, 0.5, seed), True) for seed in range(6)]
    assert expected < 0.25
    assert np.mean(many) == pytest.approx(0.5, rel=0.2)


def test_with_few_runs_the_scatter_is_known_better_than_without():
    expected = np.sqrt(np.exp(load_usual().log_variance(40, 0.0)))
    usual, alone = (
        [np.log(scatter(*study(10, expected, seed), known)) for seed in range(20)]
        for known in (True, False)
    )
    assert np.std(usual) < 0.9 * np.std(alone)


def test_lengths_of_documents_count():
    runs, y = study(50, 0.2, 0)
    short = spread_size.prior_of(runs, y, 40.0)
    long = spread_size.prior_of(replace(runs, length=10.0), y, 40.0)
    by_length = load_usual().by_length
    assert long.log_total - short.log_total == pytest.approx(by_length * np.log(10))
