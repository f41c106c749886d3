"""Sets and seeds: the restricted likelihood equals analysis of variance where that is exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suffice.stats import Runs
from suffice.stats._f1.run_variance import estimate_spread
from suffice.stats._f1.scores import evaluation_noise, influence, logit, own_part

N, DRAWN = 100, 40


def runs_of(inclusion, training_set=None, **more):
    inclusion = np.asarray(inclusion, dtype=float)
    count = len(inclusion)
    return Runs(
        size=inclusion.sum(axis=1),
        counts=np.ones((count, 5, 3)),
        training_set=np.arange(count) if training_set is None else training_set,
        pool=inclusion.shape[1],
        population=inclusion.shape[1],
        inclusion=inclusion,
        **more,
    )


def repeated(sets, seeds, sd_sets, seed):
    """Return runs of one size whose sets are repeated equally often, and their logits."""
    rng = np.random.default_rng(seed)
    name = np.repeat(np.arange(sets), seeds)
    runs = Runs(np.full(len(name), float(DRAWN)), np.ones((len(name), 5, 3)), name, N, N)
    y = rng.normal(0, sd_sets, sets)[name] + rng.normal(0, 0.1, len(name))
    return runs, y


@pytest.mark.parametrize(("sd_sets", "seed"), [(0.2, 0), (0.1, 1), (0.0, 2), (0.0, 3)])
def test_balanced_sets_and_seeds_equal_analysis_of_variance_also_below_zero(sd_sets, seed):
    sets, seeds = 30, 4
    runs, y = repeated(sets, seeds, sd_sets, seed)
    table = y.reshape(sets, seeds)
    between = seeds * table.mean(axis=1).var(ddof=1)
    within = table.var(axis=1, ddof=1).mean()
    by_hand = (between - within) / seeds / (1 - DRAWN / N)
    error = (
        np.sqrt(2 * between**2 / (sets - 1) + 2 * within**2 / (sets * (seeds - 1)))
        / seeds
        / (1 - DRAWN / N)
    )
    found = estimate_spread(runs, y, np.zeros(len(y)), 2000, np.random.SeedSequence(0), degree=0)
    assert found.estimate == pytest.approx(by_hand, abs=0.05 * error)
    assert found.error == pytest.approx(error, rel=0.25)
    assert (found.sets > 0).all()
    if sd_sets:
        assert np.median(found.sets) == pytest.approx(by_hand, rel=0.15)
        assert np.median(found.seeds) == pytest.approx(within, rel=0.15)


def test_one_of_the_cases_above_is_below_zero():
    estimates = []
    for seed in (2, 3):
        runs, y = repeated(30, 4, 0.0, seed)
        found = estimate_spread(runs, y, np.zeros(len(y)), 50, np.random.SeedSequence(0), degree=0)
        estimates.append(found.estimate)
    assert min(estimates) < 0


def test_shared_documents_are_told_from_seeds_without_a_single_repeated_set():
    rng = np.random.default_rng(0)
    inclusion = np.zeros((400, N))
    for line in inclusion:
        line[rng.permutation(N)[:DRAWN]] = 1
    worth = inclusion @ rng.normal(0, 0.2, N) / np.sqrt(DRAWN)
    shares = []
    for y in (worth + rng.normal(0, 0.02, 400), rng.normal(0, 0.15, 400)):
        found = estimate_spread(
            runs_of(inclusion), y, np.zeros(400), 1000, np.random.SeedSequence(0)
        )
        assert found.sets_known
        shares.append(found.share[0])
    assert shares[0] > 0.9
    assert shares[1] < 0.15


def test_what_training_sets_share_by_hand():
    inside = np.array([[1, 1, 0, 0], [0, 1, 1, 1]])
    rows = runs_of(inside).shared_documents()
    product = rows @ rows.T
    left = inside - inside.sum(axis=1, keepdims=True) / 4
    np.testing.assert_allclose(product[0, 0], 1 - 2 / 4)
    np.testing.assert_allclose(product[1, 1], 1 - 3 / 4)
    np.testing.assert_allclose(product[0, 1], left[0] @ left[1] / np.sqrt(6))
    # A document that stands for two of a group counts as the group does.
    grouped = runs_of([[2, 0, 1], [0, 2, 0]], unit_documents=np.array([2, 2, 1]))
    left = np.array([[2, 0, 1], [0, 2, 0]]) - np.outer([3 / 5, 2 / 5], [2, 2, 1])
    expected = left @ left.T / np.sqrt(np.outer([3, 2], [3, 2])) / (9 / 5)
    rows = grouped.shared_documents()
    np.testing.assert_allclose(rows @ rows.T, expected)


def test_without_an_inclusion_matrix_only_equal_sets_share():
    name = np.array([0, 0, 1])
    runs = Runs(np.array([2.0, 2, 2]), np.ones((3, 5, 3)), name, 4, 4)
    rows = runs.shared_documents()
    np.testing.assert_allclose(rows @ rows.T, 0.5 * np.equal.outer(name, name))


def test_what_evaluation_units_do_adds_up_and_has_the_bootstraps_variance():
    rng = np.random.default_rng(1)
    gold = rng.poisson(5, (1, 200)) + 1
    right = rng.binomial(gold, 0.8, (3, 200))
    counts = np.stack([right, rng.poisson(1, (3, 200)), gold - right], axis=-1)
    runs = Runs(np.array([5.0, 5, 9]), counts, np.arange(3), 20, 20)
    effects = influence(runs)
    np.testing.assert_allclose(effects.sum(axis=1), 0, atol=1e-9)
    weights = rng.multinomial(200, np.full(200, 1 / 200), 4000).astype(float)
    resampled = logit(runs.f1(weights))
    np.testing.assert_allclose((effects**2).sum(axis=1), resampled.var(axis=0), rtol=0.1)
    # Beside what they do to both runs of a size: half the variance of the difference.
    apart = (resampled[:, 0] - resampled[:, 1]).var() / 2
    assert evaluation_noise(effects, runs.size)[0] == pytest.approx(apart, rel=0.1)


def test_more_is_known_of_the_whole_where_a_variance_is_expected():
    runs, y = repeated(2, 1, 0.0, 0)
    drawn = [
        estimate_spread(
            runs, y * 0, np.zeros(2), 2000, np.random.SeedSequence(0), expected=(0.04, df)
        )
        for df in (4, 400)
    ]
    run = [(1 - DRAWN / N) * d.sets + d.seeds for d in drawn]
    assert np.median(run[1]) == pytest.approx(0.04, rel=0.3)
    assert run[0].std() > run[1].std()


def test_the_shift_of_all_logits_and_the_order_of_runs_do_not_matter():
    runs, y = repeated(10, 3, 0.2, 4)
    seed = np.random.SeedSequence(0)
    first = estimate_spread(runs, y, np.zeros(30), 200, seed)
    shifted = estimate_spread(runs, y + 3, np.zeros(30), 200, seed)
    np.testing.assert_allclose(first.sets, shifted.sets, rtol=1e-6)
    order = np.random.default_rng(0).permutation(30)
    turned = estimate_spread(
        replace(runs, training_set=runs.training_set[order]), y[order], np.zeros(30), 200, seed
    )
    np.testing.assert_allclose(first.sets, turned.sets, rtol=1e-6)


def test_seeds_that_repeat_their_mistakes_have_no_noise_of_their_own():
    rng = np.random.default_rng(3)
    effects = rng.normal(size=(40, 100))
    effects -= effects.mean(axis=1, keepdims=True)
    name = np.repeat(np.arange(20), 2)
    noise = np.full(40, float((effects**2).sum(axis=1).mean()))
    assert own_part(effects, name, noise) == pytest.approx(1, abs=0.1)
    assert own_part(np.repeat(effects[:20], 2, axis=0), name, noise) == 0
    assert own_part(effects, np.arange(40), noise) == 1
