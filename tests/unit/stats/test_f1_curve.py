"""Learning curves from counts: what must not matter does not, and what must, does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from suffice.scoring import micro_f1
from suffice.stats import Runs, f1_curve, paired_difference
from suffice.stats._f1.scores import shrunk_score


def made(seed=0, units=60, seeds=2, sizes=(5, 15, 45, 130, 300)):
    rng = np.random.default_rng(seed)
    size, sets, counts = [], [], []
    for n in sizes:
        for j in range(3):
            of_set = rng.normal(0, 0.03)
            for _ in range(seeds):
                p = np.clip(0.9 - n**-0.5 + of_set + rng.normal(0, 0.01), 0.05, 0.99)
                correct = rng.binomial(7, p, units)
                spurious = rng.binomial(7, 0.1, units)
                counts.append(np.stack([correct, spurious, 7 - correct], axis=1))
                size.append(n)
                sets.append(10 * n + j)
    return Runs(np.array(size, float), np.stack(counts), np.array(sets), 400, 400)


def test_f1_of_runs_is_micro_f1_and_weights_are_repetitions():
    runs = made()
    np.testing.assert_allclose(runs.f1(), micro_f1(runs.counts.sum(axis=1)))
    weights = np.random.default_rng(1).integers(0, 4, (3, 60))
    for row, f1 in zip(weights, runs.f1(weights.astype(float)), strict=True):
        repeated = np.repeat(runs.counts, row, axis=1)
        np.testing.assert_allclose(f1, micro_f1(repeated.sum(axis=1)))


def test_precision_and_recall_come_from_the_same_counts():
    runs = made()
    correct, spurious, missed = runs.counts.sum(axis=1, dtype=float).T
    recall = replace(runs, metric="recall")
    np.testing.assert_allclose(recall.score(), correct / (correct + missed))
    precision = replace(runs, metric="precision")
    np.testing.assert_allclose(precision.score(), correct / (correct + spurious))
    np.testing.assert_allclose(recall.f1(), runs.score())
    # Every unit has 7 gold spans, so that recall is a plain mean over units.
    curve = f1_curve(recall, reach=400)
    share = (runs.counts[..., 0] / 7)[runs.size == 300].mean(axis=0)
    assert curve.part_at("evaluation", 300) == pytest.approx(share.std() / np.sqrt(60), rel=0.25)
    assert curve.at(300)[0] == pytest.approx(share.mean(), abs=0.01)


@pytest.mark.parametrize("units", [40, 150])
def test_models_without_a_mistake_have_an_interval(units):
    """Jeffreys' for the share of units with a mistake; one loses 2 of 14 in numbers of F1."""
    runs = made(units=units)
    perfect = replace(runs, counts=np.tile([7, 0, 0], (*runs.counts.shape[:2], 1)))
    mean, low, high = f1_curve(perfect, reach=400).at(300)
    share = stats.beta.ppf(0.975, 0.5, units + 0.5)
    assert mean == pytest.approx(1, abs=0.0015)  # scores are looked at as .999 at the most
    assert high == pytest.approx(1, abs=0.0015)
    # Student's t for so many units stretches it, on the logit scale.
    assert share * 2 / 14 <= 1 - low <= 1.5 * share * 2 / 14


def test_recall_without_a_miss_has_an_interval_whatever_is_spurious():
    runs = made()
    counts = runs.counts.copy()
    counts[..., 0], counts[..., 2] = 7, 0
    _, low, high = f1_curve(replace(runs, counts=counts, metric="recall"), reach=400).at(300)
    assert high == pytest.approx(1, abs=0.0015)
    assert low < 1 - 0.5 * stats.beta.ppf(0.975, 0.5, 60.5) / 7


@pytest.mark.parametrize("units", [40, 150])
def test_models_that_find_nothing_have_an_interval(units):
    """Likewise; finding one span of 7 in one unit makes F1 2/8 there."""
    runs = made(units=units)
    nothing = replace(runs, counts=np.tile([0, 0, 7], (*runs.counts.shape[:2], 1)))
    mean, low, high = f1_curve(nothing, reach=400).at(300)
    share = stats.beta.ppf(0.975, 0.5, units + 0.5)
    assert low <= mean <= 0.002  # scores are looked at as .001 at the least
    assert 0.9 * share * 2 / 8 <= high <= 2 * share * 2 / 8


def test_the_same_runs_give_the_same_numbers_in_any_order_of_documents():
    runs = made()
    first = f1_curve(runs, reach=800)
    again = f1_curve(runs, reach=800)
    np.testing.assert_array_equal(first.draws, again.draws)
    turned = f1_curve(replace(runs, counts=runs.counts[:, ::-1]), reach=800)
    np.testing.assert_allclose(turned.mean, first.mean)
    np.testing.assert_allclose(turned.high - turned.low, first.high - first.low, rtol=0.25)


def test_more_evaluation_documents_narrow_the_evaluation_part_by_the_root():
    runs = made()
    four = replace(runs, counts=np.concatenate([runs.counts] * 4, axis=1))
    one, other = f1_curve(runs, reach=400), f1_curve(four, reach=400)
    ratio = one.part_at("evaluation", 300) / other.part_at("evaluation", 300)
    assert ratio == pytest.approx(2, rel=0.12)


def test_more_runs_narrow_the_runs_part_and_not_the_pools():
    few, many = made(), made()
    times = 6
    many = Runs(
        np.tile(few.size, times),
        np.concatenate([made(seed).counts for seed in range(times)]),
        np.concatenate([few.training_set + 10_000 * k for k in range(times)]),
        400,
        400,
    )
    one, other = f1_curve(few, reach=400), f1_curve(many, reach=400)
    assert other.part_at("runs", 300) < 0.6 * one.part_at("runs", 300)
    assert other.part_at("pool", 300) > 0.6 * one.part_at("pool", 300)


def test_without_repeated_seeds_and_shared_documents_an_upper_bound_is_used_and_said():
    spread = f1_curve(made(seeds=1), reach=400).spread
    assert not spread.sets_known
    assert np.median(spread.sets / (spread.sets + spread.seeds)) > 0.7
    assert "upper bound" in " ".join(spread.caveats)
    low, high = spread.share[1:]
    assert high - low > 0.7


def test_curves_rise_and_intervals_hold_the_mean():
    curve = f1_curve(made(), reach=4000)
    assert (np.diff(curve.mean) >= -1e-12).all()
    assert (curve.low <= curve.mean + 0.01).all()
    assert (curve.mean <= curve.high + 0.01).all()
    assert (curve.one_low <= curve.one_high).all()
    mean, low, high = curve.at(300)
    assert low < mean < high
    share = 0.9 - 300**-0.5
    assert low < 2 * share / (2 * share + 0.1 + 1 - share) < high


def test_too_few_runs_are_refused():
    runs = made()
    with pytest.raises(ValueError, match="at least 4 runs"):
        f1_curve(Runs(runs.size[:3], runs.counts[:3], runs.training_set[:3], 400, 400), reach=400)


def test_equal_learners_differ_by_nothing_and_one_pair_says_what_it_cannot_know():
    runs = made(seeds=1)
    same = paired_difference(runs, runs)
    assert (same.mean, same.low, same.high) == pytest.approx((0, 0, 0), abs=1e-6)
    one = Runs(runs.size[:1], runs.counts[:1], runs.training_set[:1], 400, 400)
    assert "one pair" in paired_difference(one, one).caveats[0]


def test_near_zero_a_span_more_is_no_leap():
    """Six runs of F1 0 to .09: none found by one, one or two by others, of 60 there are."""
    found = np.array([0, 0, 1, 1, 2, 3])
    units = np.random.default_rng(0).integers(0, 30, 3)
    counts = np.zeros((6, 30, 3))
    counts[:, :, 2] = 2
    for run, number in enumerate(found):
        for unit in units[:number]:
            counts[run, unit] += (1, 0, -1)
    runs = Runs(np.array([5.0, 8, 14, 24, 40, 64]), counts, np.arange(6), 64, 80, parts=5)
    mean, low, high = f1_curve(runs, reach=160).at(64)
    assert runs.score().max() == pytest.approx(2 * 3 / (2 * 3 + 57))
    assert low < mean < 0.15
    assert high < 0.5


def test_the_score_of_half_a_span_by_hand():
    """Haldane and Anscombe: (c + ½)/(n + 1); F1 counts a right span twice."""
    counts = np.array([[[0, 0, 9]], [[3, 1, 6]]])
    runs = Runs(np.array([5.0, 8]), counts, np.arange(2), 64, 64)
    score, slope = shrunk_score(runs)
    np.testing.assert_allclose(score, [1 / 11, 7 / 15])
    np.testing.assert_allclose(slope, [9 / 11 / (10 / 121), 13 / 15 / (7 * 8 / 225)])
    np.testing.assert_allclose(shrunk_score(replace(runs, metric="recall"))[0], [0.05, 3.5 / 10])


def test_what_is_unknown_of_the_form_is_not_what_runs_leave_open():
    """Runs that scatter widely leave every curve open; the form alone does not."""
    rng = np.random.default_rng(3)
    p = np.clip(0.3 + rng.normal(0, 0.15, 8), 0.05, 0.9)
    correct = rng.binomial(8, p[:, None], (8, 60))
    counts = np.stack([correct, correct * 0 + 2, 8 - correct], axis=2)
    runs = Runs(np.repeat([12.0, 24, 48, 64], 2), counts, np.arange(8), 64, 80)
    curve = f1_curve(runs, reach=160)
    _, low, high = curve.at(80)
    assert curve.part_at("form", 80) * 1.96 < (high - low) / 2
