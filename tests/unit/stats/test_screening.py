"""A cheap learner's runs as control: what they add, what they must not, and when they are left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from suffice.stats import f1_curve, screened_curve
from suffice.stats._f1.errors import spread_of
from suffice.stats._f1.scores import scores
from suffice.stats._learners import control as control_variates
from suffice.stats._learners.screening import LEAST_PAIRS
from tools.simulations import screened

# So many documents in pool and evaluation set that little but the runs matters.
LARGE = screened.World(
    share=0.5,
    fractions=tuple(f / 3 for f in screened.FRACTIONS),
    pool=900,
    evaluation=600,
    difficulty_sd=0.3,
)
SMALL = screened.World(share=0.5, fractions=screened.FRACTIONS)


def found(world=SMALL, seed=0, rho=0.9, expensive=24, **options):
    return screened.estimate(world, seed, rho, expensive, **options)


def test_a_screen_that_says_nothing_leaves_everything_as_it_was():
    runs, screen, match = screened.study(SMALL, 1, 0.0, 24)
    got = screened_curve(runs, screen, match, reach=600, n_resamples=200)
    alone = f1_curve(runs, reach=600, n_resamples=200)
    assert not got.used
    assert "correlate too weakly" in got.reason
    assert got.run_ratio == got.whole_ratio == 1
    assert got.worth == 24
    np.testing.assert_array_equal(got.curve.draws, alone.draws)
    assert any("not used" in caveat for caveat in got.caveats)


def test_the_alone_curve_is_that_of_the_runs_alone():
    runs, screen, match = screened.study(SMALL, 2, 0.9, 24)
    got = screened_curve(runs, screen, match, reach=600, n_resamples=200)
    assert got.used
    np.testing.assert_array_equal(got.alone.draws, f1_curve(runs, reach=600, n_resamples=200).draws)
    assert not np.array_equal(got.curve.mean, got.alone.mean)


def test_a_screen_that_is_the_learner_itself_gives_what_theory_says(monkeypatch):
    """With m of M sets and correlation 1 at least m/M of the run part's variance is left."""
    monkeypatch.setattr(screened, "CHEAPER", 0.0)
    ratios, explained = [], []
    for seed in range(8):
        runs, screen, match = screened.study(LARGE, seed, 1.0, 24, ratio=4)
        # The same models: what evaluation documents do to each is the same, too.
        own = np.where(match.any(axis=0))[0]
        counts = screen.counts.copy()
        counts[own] = runs.counts[match[:, own].argmax(axis=0)]
        got = screened_curve(
            runs, replace(screen, counts=counts), match, reach=900, n_resamples=200
        )
        ratios.append(got.run_ratios.mean())
        explained.append(got.explained)
    assert np.mean(explained) > 0.9
    # The coefficient is estimated, and never trusted to explain more than .9.
    expected = 1 - min(np.mean(explained), 0.9) * (1 - 1 / 4)
    assert np.mean(ratios) == pytest.approx(expected, abs=0.12)
    assert np.mean(ratios) > 0.25


def test_the_order_of_runs_does_not_matter():
    runs, screen, match = screened.study(SMALL, 3, 0.9, 24)
    rows = np.random.default_rng(0).permutation(len(runs.size))
    columns = np.random.default_rng(1).permutation(len(screen.size))
    one = screened_curve(runs, screen, match, reach=600, n_resamples=400)
    other = screened_curve(
        runs.take(rows), screen.take(columns), match[rows][:, columns], reach=600, n_resamples=400
    )
    assert one.used == other.used
    np.testing.assert_allclose(other.coefficient, one.coefficient, rtol=0.1)
    np.testing.assert_allclose(other.explained, one.explained, atol=0.03)
    np.testing.assert_allclose(other.curve.mean, one.curve.mean, atol=0.003)


def test_the_coefficient_is_weighted_least_squares():
    runs, screen, match = screened.study(SMALL, 4, 0.9, 24)
    spread = spread_of(runs, scores(runs), 200, np.random.SeedSequence(0))
    control = control_variates.control(runs, screen, match)
    assert control.known.all()
    got = control_variates.coefficient(runs, control, spread)
    total = runs.counts.sum(axis=1)
    whole = 2 * total[:, 0] + total[:, 1] + total[:, 2]
    score = (2 * total[:, 0] + 1) / (whole + 2)  # half a span on either side
    x = np.log(runs.size)
    design = np.column_stack([control.x, np.ones_like(x), x, x**2, x**3])
    weights = 1 / control_variates.variance_of_runs(runs, spread)
    fitted = sm.WLS(np.log(score / (1 - score)), design, weights=weights).fit()
    assert got.value == pytest.approx(fitted.params[0], rel=1e-6)
    assert got.error == pytest.approx(fitted.bse[0], rel=1e-6)
    assert got.df == fitted.df_resid
    # Cross-fitted: the mean of the coefficients that do not know of one training set each.
    logits, each = np.log(score / (1 - score)), []
    for i in range(len(x)):
        left = np.arange(len(x)) != i
        without = sm.WLS(logits[left], design[left], weights=weights[left]).fit()
        value, error = without.params[0], without.bse[0]
        each.append(value * (1 - (error / value) ** 2) if value > error else 0.0)
    assert len(set(runs.training_set)) == len(x)
    np.testing.assert_allclose(got.of_run, np.mean(each), rtol=1e-6)


def test_the_control_is_zero_for_sets_that_the_screen_does_not_know():
    runs, screen, match = screened.study(SMALL, 5, 0.9, 24)
    match = match.copy()
    match[3] = False
    control = control_variates.control(runs, screen, match)
    assert control.x[3] == 0
    assert not control.known[3]
    got = screened_curve(runs, screen, match, reach=600, n_resamples=100)
    assert got.pairs == 23
    assert got.runs == 24


def test_what_the_control_takes_off_cannot_move_a_size_by_a_level():
    """The screen's own level at a size is part of its curve: a shift of it changes little."""
    runs, screen, match = screened.study(SMALL, 6, 0.9, 24)
    control = control_variates.control(runs, screen, match)
    totals = control.from_runs.sum(axis=1)
    np.testing.assert_allclose(totals, 0, atol=1e-8)  # a constant in the logit goes out
    log_size = np.log(screen.size)
    for power in (1, 2, 3):
        np.testing.assert_allclose(control.from_runs @ log_size**power, 0, atol=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
@pytest.mark.parametrize("expensive", [12, 24])
def test_never_wider_than_without(rho, expensive):
    for seed in range(8):
        got = found(seed=seed, rho=rho, expensive=expensive, n_resamples=100)
        width, before = (c.high - c.low for c in (got.curve, got.alone))
        assert (width <= 1.05 * before + 1e-9).all()


def test_too_few_pairs_are_not_used_and_said():
    runs, screen, match = screened.study(SMALL, 7, 0.95, 24)
    match = match.copy()
    match[LEAST_PAIRS - 1 :] = False
    got = screened_curve(runs, screen, match, reach=600, n_resamples=100)
    assert not got.used
    assert got.reason == "too few pairs"
    assert got.caveats[0].startswith("the screen is not used: 7 pairs are too few")
    with pytest.raises(ValueError, match="a row for each run"):
        screened_curve(runs, screen, match[:, 1:], reach=600)


def test_learning_nothing_at_all_is_no_error():
    runs, screen, match = screened.study(SMALL, 8, 0.9, 12)
    nothing = replace(screen, counts=screen.counts * np.array([0, 1, 1]))
    got = screened_curve(runs, nothing, match, reach=600, n_resamples=100)
    assert not got.used
    assert np.isfinite(got.curve.mean).all()


@given(st.floats(-5, 5), st.floats(0.01, 5), st.integers(1, 50))
def test_a_coefficient_is_only_ever_shrunk(value, error, df):
    shrunk = control_variates._shrunk(value, error, df)
    assert 0 <= shrunk <= max(value, 0)
    if value > error:
        assert shrunk == pytest.approx(value - error**2 / value)


def test_ratios_and_json():
    got = found(LARGE, seed=3, rho=0.95, expensive=48)
    assert got.used
    assert got.worth == pytest.approx(got.runs / got.run_ratio)
    assert got.run_ratio < 1
    at = got.at
    (_, low, high), (_, low_alone, high_alone) = got.curve.at(at), got.alone.at(at)
    assert got.whole_ratio == pytest.approx(((high - low) / (high_alone - low_alone)) ** 2)
    kept = got.to_dict()
    assert "curve" not in kept
    assert len(kept["deviations"]) == got.pairs
    assert stats.pearsonr(*got.deviations[:, 1:].T)[0] == pytest.approx(got.correlation[0], abs=0.1)
