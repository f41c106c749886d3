"""Equivalence, ranks, larger evaluation sets, thresholds on documents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from suffice.stats import (
    Runs,
    document_threshold,
    f1_curve,
    larger_evaluation_set,
    paired_difference,
    rank_learners,
    test_equivalence,
)
from suffice.stats._resampling import variance_range


def runs_with(chance, *, count=12, units=300, sizes=(30.0, 60.0), seed=0):
    """Simulate a learner that finds each span with this chance."""
    rng = np.random.default_rng(seed)
    gold = np.random.default_rng(99).poisson(5, units) + 1
    right = rng.binomial(gold, np.asarray(chance), (count, units))
    size = np.resize(np.array(sizes), count)
    counts = np.stack([right, gold - right, gold - right], axis=-1)
    return Runs(size, counts, np.arange(count), 200, 200)


def test_a_learner_is_equivalent_to_itself_and_worse_than_a_better_one():
    one, better = runs_with(0.8), runs_with(0.87, seed=1)
    assert test_equivalence(one, one).verdict == "equivalent"
    assert test_equivalence(one, better).verdict == "no worse"
    assert test_equivalence(better, one).verdict == "no better"
    with pytest.raises(ValueError, match="positive"):
        test_equivalence(one, one, margin=0)


@pytest.mark.parametrize("chance", [0.78, 0.795, 0.8, 0.81, 0.83])
def test_a_test_rejects_where_its_interval_lies_within_the_margin(chance):
    found = test_equivalence(runs_with(0.8), runs_with(chance, seed=4), margin=0.012)
    low, high = found.ends
    assert (found.p_worse < 0.05) == (low > -0.012)
    assert (found.p_better < 0.05) == (high < 0.012)
    assert found.difference.low - 0.002 < low < found.difference.mean < high


def test_equivalence_says_what_two_one_sided_t_tests_say_where_only_documents_matter():
    """One pair: evaluation documents are all there is, and the units' t test is known."""
    one, other = runs_with(0.8, count=1), runs_with(0.805, count=1, seed=5)
    found = test_equivalence(one, other, margin=0.02, n_resamples=20_000)
    difference = found.difference
    gold = one.counts[0].sum(axis=1) - one.counts[0, :, 1]
    # Spurious equals missed, so that F1 is the part found, and units add by their size.
    gap = (other.counts[0, :, 0] - one.counts[0, :, 0]) / gold.sum()
    own = gap - difference.mean * gold / gold.sum()
    error = np.sqrt((own**2).sum() * 300 / 299)
    p_worse = stats.t.sf((difference.mean + 0.02) / error, 299)
    p_better = stats.t.cdf((difference.mean - 0.02) / error, 299)
    assert found.p_worse == pytest.approx(p_worse, abs=0.01)
    assert found.p_better == pytest.approx(p_better, abs=0.01)


def test_the_difference_of_learners_turns_its_sign_with_their_order():
    one, other = runs_with(0.8), runs_with(0.85, seed=1)
    ahead, behind = paired_difference(one, other), paired_difference(other, one)
    assert ahead.mean == pytest.approx(-behind.mean)
    assert ahead.high - ahead.low == pytest.approx(behind.high - behind.low, rel=0.1)
    assert ahead.low > 0 > behind.high


def test_ranks_tell_apart_only_who_differs():
    learners = {
        "good": runs_with(0.9),
        "twin": runs_with(0.9, seed=1),
        "poor": runs_with(0.7, seed=2),
    }
    found = rank_learners(learners)
    assert found.names[2] == "poor"
    assert found.ranks == ((1, 2), (1, 2), (3, 3))
    again = rank_learners(dict(reversed(learners.items())))
    assert again.ranks == found.ranks
    assert again.names == found.names
    for gap, low, high in found.differences.values():
        assert low < gap < high


def test_simultaneous_intervals_are_wider_than_a_single_one():
    a, b, c = (runs_with(0.8, seed=k) for k in range(3))
    together = rank_learners({"a": a, "b": b, "c": c}, n_resamples=4000)
    gap, low, high = together.differences[next(iter(together.differences))]
    first, second = next(iter(together.differences)).split(" - ")
    runs = {"a": a, "b": b, "c": c}
    single = paired_difference(runs[second], runs[first], n_resamples=4000)
    assert single.mean == pytest.approx(gap)
    assert 1.02 < (high - low) / (single.high - single.low) < 1.6


def test_a_ranking_needs_the_same_training_sets():
    with pytest.raises(ValueError, match="row by row"):
        rank_learners({"a": runs_with(0.8), "b": runs_with(0.8, sizes=(10.0,))})
    with pytest.raises(ValueError, match="at least two"):
        rank_learners({"a": runs_with(0.8)})


def curve_of(units):
    chance = (0.9 - np.resize([10.0, 20.0, 40.0, 80.0], 16) ** -0.5)[:, None]
    runs = runs_with(chance, count=16, units=units, sizes=(10.0, 20.0, 40.0, 80.0))
    return f1_curve(runs, reach=200)


def test_as_many_evaluation_documents_change_nothing_and_more_narrow():
    curve = curve_of(100)
    same = larger_evaluation_set(curve, 80, 100)
    assert same.value == pytest.approx(same.half_width)
    wanted = [larger_evaluation_set(curve, 80, u) for u in (200, 400, 4000)]
    widths = [w.value for w in wanted]
    assert widths == sorted(widths, reverse=True)
    rest = same.half_width**2 - same.parts["evaluation"] ** 2
    expected = np.sqrt(same.parts["evaluation"] ** 2 / 4 + rest)
    assert wanted[1].value == pytest.approx(expected)
    assert wanted[1].low <= wanted[1].value <= wanted[1].high
    chosen = larger_evaluation_set(curve, 80)
    assert 200 <= chosen.asked <= 400
    for found, more in zip(wanted, (2, 4, 40), strict=True):
        assert found.part == pytest.approx(same.parts["evaluation"] / np.sqrt(more))
        assert found.part_low < found.part < found.part_high
        assert found.part_high / found.part == pytest.approx(same.part_high / same.part)


def test_the_interval_of_a_variance_is_bonetts():
    """Thirty evenly spaced normal scores, by his formula."""
    values = stats.norm.ppf((np.arange(30) + 0.5) / 30)
    n, z = 30, stats.norm.ppf(0.975)
    trimmed = stats.trim_mean(values, 1 / (2 * np.sqrt(n - 4)))
    kurtosis = n * np.sum((values - trimmed) ** 4) / np.sum((values - values.mean()) ** 2) ** 2
    error = n / (n - z) * np.sqrt((kurtosis - (n - 3) / n) / (n - 1))
    low, high = variance_range(values)
    # The geometric middle is his correction, and Student's t is wider than the normal.
    assert np.sqrt(low * high) == pytest.approx(n / (n - z))
    assert np.log(high / low) / 2 == pytest.approx(stats.t.ppf(0.975, 2 / error**2) * error)
    assert variance_range(3 * values + 5) == pytest.approx((low, high))
    assert variance_range(values[:5]) == (0.0, np.inf)
    assert variance_range(np.zeros(50)) == (0.0, np.inf)


@pytest.mark.parametrize("df", [5, 30])
def test_the_interval_of_a_variance_covers_with_heavy_tails(df):
    rng = np.random.default_rng(df)
    true, inside = df / (df - 2), 0
    for _ in range(400):
        values = rng.standard_t(df, 150)
        low, high = variance_range(values - values.mean())
        inside += low <= true / values.var(ddof=1) <= high
    # Student's t with 5 degrees of freedom has kurtosis 9, the units of studies 5 to 10.
    assert inside >= stats.binom.ppf(0.001, 400, 0.93)


def test_what_is_predicted_for_a_larger_evaluation_set_comes_true():
    small, large = curve_of(100), curve_of(400)
    predicted = larger_evaluation_set(small, 40, 400)
    _, low, high = large.at(40)
    assert (high - low) / 2 == pytest.approx(predicted.value, rel=0.3)


def test_an_exact_hinge_is_found():
    sizes = np.arange(10.0, 160.0, 10)
    chance = 0.5 + 0.3 * np.minimum(sizes / 70, 1)
    counts = np.zeros((len(sizes), 50, 3))
    counts[..., 0] = 1000 * chance[:, None]
    counts[..., 1] = counts[..., 2] = 1000 - counts[..., 0]
    counts[:, ::2] += 1  # evaluation documents differ
    found = document_threshold(Runs(sizes, counts, np.arange(15), 200, 200), n_resamples=200)
    assert found.value == pytest.approx(70, abs=1.5)
    assert found.low <= found.value <= found.high
    assert found.slope == pytest.approx(0.3 / 70, rel=0.03)
    with pytest.raises(ValueError, match="sizes"):
        document_threshold(runs_with(0.8))
