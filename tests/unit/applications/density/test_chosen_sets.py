"""The regression on chosen sets is least squares; its errors are the known ones where known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from suffice.applications.density.statistics.chosen_sets import ChosenSets, effects
from suffice.applications.density.statistics.mismatch import STEP, mismatch
from suffice.applications.density.statistics.no_effect import thresholds_without_effect
from suffice.stats import threshold


def made(runs=90, units=40, *, seed=0, size=None):
    """Return sets of which no two share a document."""
    rng = np.random.default_rng(seed)
    sentences = rng.choice([40.0, 120.0, 360.0], runs) if size is None else np.full(runs, size)
    entities = np.round(sentences * rng.uniform(0.6, 2.4, runs))
    gold = rng.integers(1, 12, units)
    found = rng.binomial(gold, 0.6, (runs, units))
    counts = np.stack([found, rng.poisson(2, (runs, units)), gold - found], axis=-1)
    return ChosenSets(
        sentences=sentences,
        entities=entities,
        tokens=sentences * rng.uniform(15, 25, runs),
        documents=np.round(sentences / rng.uniform(3, 6, runs)),
        cut=rng.choice([0.0, 0.0, 0.5], runs),
        synthetic=np.zeros(runs),
        inclusion=np.eye(runs),
        counts=counts,
        unit_entities=gold.astype(float),
        unit_sentences=np.ceil(gold / rng.uniform(0.8, 2.5, units)),
    )


def test_coefficients_are_those_of_statsmodels():
    sets = made()
    found = mismatch(sets, n_resamples=10).slopes
    totals = sets.counts.sum(axis=1)
    f1 = 200 * totals[:, 0] / (2 * totals[:, 0] + totals[:, 1] + totals[:, 2])
    distance = (sets.eps - sets.unit_entities.sum() / sets.unit_sentences.sum()) / STEP
    size = np.log2(sets.sentences)
    columns = [
        np.maximum(-distance, 0),
        np.maximum(distance, 0),
        size,
        (size - size.mean()) ** 2,
        np.log2(sets.sentences / sets.documents),
        sets.cut,
    ]
    fit = sm.OLS(f1, sm.add_constant(np.column_stack(columns))).fit()
    below, above = fit.params[1:3]
    slopes = found["f1"]
    assert slopes.below.value == pytest.approx(below)
    assert slopes.above.value == pytest.approx(above)
    assert slopes.mismatch.value == pytest.approx((below + above) / 2)
    assert slopes.level.value == pytest.approx((above - below) / 2)
    assert [e.value for e in slopes.controls.values()] == pytest.approx(fit.params[3:].tolist())
    assert slopes.controls["share cut"].value == pytest.approx(fit.params[-1])


def test_errors_are_ordinary_where_nothing_is_shared_and_nobody_else_could_have_judged():
    sets = made(size=120.0)
    # One evaluation unit: no resample of it changes a ratio.
    alone = replace(
        sets,
        counts=sets.counts.sum(axis=1, keepdims=True),
        unit_entities=sets.unit_entities.sum(keepdims=True),
        unit_sentences=sets.unit_sentences.sum(keepdims=True),
    )
    x = alone.eps
    found = effects(alone, lambda w: alone.outcome("f1", w), lambda _: {"x": x}, {"x": {"x": 1.0}})
    fit = sm.OLS(alone.outcome("f1"), sm.add_constant(x)).fit()
    assert found["x"].value == pytest.approx(fit.params[1])
    assert found["x"].error == pytest.approx(fit.bse[1], rel=1e-6)
    assert (found["x"].low, found["x"].high) == pytest.approx(tuple(fit.conf_int()[1]), rel=1e-6)


def test_halves_have_half_the_sentences_and_other_densities():
    sets = made()
    sparse, dense = sets.halves()
    assert not (sparse & dense).any() and (sparse | dense).all()
    density = sets.unit_entities / sets.unit_sentences
    assert density[sparse].max() <= density[dense].min()
    share = sets.unit_sentences[sparse].sum() / sets.unit_sentences.sum()
    assert 0.5 - sets.unit_sentences.max() / sets.unit_sentences.sum() <= share <= 0.5


def test_sets_on_one_side_only_allow_no_answer():
    sets = made()
    dense = sets.take(sets.eps > sets.centre)
    with pytest.raises(ValueError, match="only 0 training sets are sparser"):
        mismatch(dense)


@pytest.mark.parametrize("form", ["hinge", "upperhinge", "segmented", "step"])
def test_thresholds_are_those_of_the_threshold_model(form):
    sets = made(runs=150)
    looks = thresholds_without_effect(sets, [], n_simulations=99).looks
    found = {look.look: look for look in looks if look.form == form}
    f1 = sets.outcome("f1")
    assert found["alone"].threshold == threshold(f1, sets.eps, form=form, n_resamples=100).estimate
    given = threshold(f1, sets.eps, form=form, covariates=sets.controls(), n_resamples=100)
    assert found["given sentences"].threshold == given.estimate


def test_an_effect_of_density_is_told_from_none_within_sets_of_one_size():
    sets = made(runs=150, size=120.0)
    kink = np.minimum(sets.eps, 1.5)
    right = np.clip((sets.counts[..., 0] * (0.4 + 0.5 * kink[:, None])).round(), 0, None)
    gold = sets.counts[..., 0] + sets.counts[..., 2]
    right = np.minimum(right, gold)
    counts = np.stack([right, sets.counts[..., 1], gold - right], axis=-1)
    stratum = [("all", np.ones(150, dtype=bool))]
    looks = thresholds_without_effect(
        replace(sets, counts=counts), stratum, n_simulations=199
    ).looks
    found = {(look.look, look.form): look for look in looks}
    assert found["all", "upperhinge"].p == pytest.approx(1 / 200)
    assert found["all", "upperhinge"].threshold == pytest.approx(1.5, abs=0.2)
    low, high = found["all", "upperhinge"].simulated
    assert high - low > 0.8, "with no effect the place is anywhere"


def test_a_few_evaluation_documents_of_any_density_leave_wide_intervals_and_no_error():
    """Some of their resamples are denser than every training set."""
    sets = made(units=9)
    few = replace(
        sets,
        unit_entities=np.array([1.0, 1, 1, 1, 1, 1, 30, 40, 2]),
        unit_sentences=np.array([8.0, 9, 7, 8, 6, 5, 4, 4, 2]),
    )
    assert few.eps.min() < few.centre < few.eps.max()
    rng = np.random.default_rng(0)
    drawn = rng.standard_exponential((200, 9))
    assert ((drawn @ few.unit_entities) / (drawn @ few.unit_sentences)).max() > few.eps.max()
    found = mismatch(few).slopes["f1"]
    assert np.isfinite([found.mismatch.low, found.mismatch.high]).all()
    assert found.mismatch.error > mismatch(sets).slopes["f1"].mismatch.error
