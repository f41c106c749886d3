"""The worth of synthetic sentences, known because it was simulated."""

from dataclasses import replace

import numpy as np
import pytest

from suffice.applications.synthetic.statistics.exchange import Rate, exchange
from tools.simulations import mixed

STUDIES = 16


@pytest.fixture(scope="module", params=[0.15, 1.0])
def constant(request):
    rate = request.param
    found = [
        exchange(mixed.simulate(rate, np.random.default_rng(7000 + i)), mixed.AVERAGES)
        for i in range(STUDIES)
    ]
    return rate, found


def test_sets_cover(constant):
    """Nominal .95: over 16 studies and 8 rates each; the worst single rate may miss 4 of 16."""
    rate, found = constant
    hits = np.array(
        [
            [r.low <= rate <= r.high for r in (f.constant, *f.marginal, *f.average, f.alone)]
            for f in found
        ]
    )
    assert hits.mean() >= 0.9
    assert hits.mean(axis=0).min() >= 0.75


def test_estimates_are_centred(constant):
    rate, found = constant
    assert np.median([f.constant.value for f in found]) == pytest.approx(rate, abs=0.1)


def test_sets_tell_a_small_rate_from_one(constant):
    rate, found = constant
    if rate < 0.5:
        assert all(f.constant.high < 1 for f in found)
    else:
        assert np.mean([f.constant.low > 0.3 for f in found]) >= 0.9


def test_a_constant_rate_is_seldom_called_none(constant):
    assert np.mean([f.constant_p < 0.05 for f in constant[1]]) <= 0.15


@pytest.fixture(scope="module")
def falling():
    return [
        exchange(mixed.simulate(0.8, np.random.default_rng(i), later=0.05), mixed.AVERAGES)
        for i in range(8)
    ]


def test_a_rate_that_falls_is_seen(falling):
    assert np.mean([f.constant_p < 0.05 for f in falling]) >= 0.6
    first = [f.marginal[2].value for f in falling]
    later = [f.marginal[3].value for f in falling]
    assert np.median(first) == pytest.approx(0.8, abs=0.2)
    assert np.median(later) == pytest.approx(0.05, abs=0.1)


def test_averages_weigh_first_and_further(falling):
    truth = 0.25 * 0.8 + 0.75 * 0.05
    hits = [r.low <= truth <= r.high for f in falling for r in f.average]
    assert np.mean(hits) >= 0.75


def test_synthetic_text_that_harms():
    found = exchange(mixed.simulate(-0.12, np.random.default_rng(1), later=0.0, bare=0.1))
    large = found.marginal[2]
    assert large.low < 0
    assert "harm" in large.sentence or large.high > 0


def test_what_is_unbounded_says_so():
    study = mixed.simulate(0.0, np.random.default_rng(3), bare=0.1)
    found = exchange(study)
    few, many = found.constant.synthetic_for_one
    assert np.isinf(many)
    assert few > 3
    assert found.to_dict()["constant"]["value"] == found.constant.value


def test_runs_that_do_not_rise_tell_nothing():
    study = mixed.simulate(0.5, np.random.default_rng(0))
    order = np.argsort(np.argsort(-(study.real + study.synthetic)))
    found = exchange(replace(study, counts=study.counts[order])).constant
    assert np.isnan(found.value) and np.isinf([found.low, found.high]).all()
    assert "do not show" in found.sentence


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.25, 2.0, "worth 2 synthetic ones (0.5 to 4)"),
        (0.0016, 0.8, "worth 2 synthetic ones (1.2 to 620)"),
        (-0.001, 0.8, "at least 1.2 synthetic ones; no upper bound, since synthetic text may be"),
        (-0.4, 0.8, "at least 1.2 synthetic ones; no upper bound, since synthetic text may harm"),
        (-0.4, -0.1, "adds nothing, or does harm"),
        (0.25, np.inf, "worth at most 4 synthetic ones"),
        (-np.inf, np.inf, "do not show"),
    ],
)
def test_sets_in_words(low, high, said):
    assert said in Rate("", 0.5, low, high).sentence


def test_too_few_sizes():
    study = mixed.simulate(0.5, np.random.default_rng(0))
    rows = (study.synthetic > 0) | (study.real == study.real.max())
    with pytest.raises(ValueError, match="fewer than three sizes"):
        exchange(
            mixed.Mixed(
                study.real[rows],
                study.synthetic[rows],
                study.counts[rows],
                study.real_documents[rows],
                study.synthetic_documents[rows],
                {k: v[rows] for k, v in study.kinds.items()},
            )
        )
