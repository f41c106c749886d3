"""An EPS threshold without any effect of EPS, and one with."""

import numpy as np
import pytest

from suffice.stats import composition
from suffice.stats._threshold.composition import ARTEFACT, EFFECT


def runs(n: int, effect: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sets of 1 to 200 documents: small ones scatter in EPS and score low."""
    rng = np.random.default_rng(seed)
    documents = rng.integers(1, 201, n)
    sentences = np.maximum(1, rng.poisson(5.25 * documents))
    rate = 7.1 * documents * np.exp(rng.normal(0, 0.35 / np.sqrt(documents)))
    eps = rng.poisson(rate) / sentences
    f1 = 0.93 - 0.9 * sentences**-0.4 + effect * (eps - 1.34) + rng.normal(0, 0.02, n)
    return f1, eps, sentences.astype(float)


def test_with_size_alone_eps_shows_a_threshold_near_its_mean_and_is_called_an_artefact() -> None:
    f1, eps, sentences = runs(1500, 0.0, 0)
    found = composition(f1, eps, sentences, n_simulations=199, n_resamples=100)
    assert found.verdict == ARTEFACT
    # the paper's pattern, without any effect of EPS: a rise to about the mean, a fall beyond it
    assert found.alone.estimate == pytest.approx(eps.mean(), abs=0.12)
    assert found.slopes[0] > 0 > found.slopes[1]
    low, high = found.simulated_range
    assert low - 0.02 <= found.alone.estimate <= high + 0.02
    assert np.median(found.simulated_slopes[:, 0]) > 0 > np.median(found.simulated_slopes[:, 1])
    assert found.p_given_size > 0.05
    assert "still finds one" in found.sentence
    assert len(found.strata) == 4
    assert sum(s.rows for s in found.strata) == 1500


def test_an_effect_given_size_is_found_in_every_stratum() -> None:
    f1, eps, sentences = runs(600, 0.2, 1)
    found = composition(f1, eps, sentences, n_simulations=199, n_resamples=0)
    assert found.verdict == EFFECT
    assert found.p_given_size == pytest.approx(1 / 200)
    for stratum in found.strata:
        assert stratum.interval[0] <= 0.2 <= stratum.interval[1]


def test_effects_of_nothing_are_found_about_as_often_as_they_should() -> None:
    """60 data sets without an effect: at a rate of .05 more than eight come up once in 300."""
    found = [
        composition(*runs(100, 0.0, seed), n_simulations=99, n_resamples=0).verdict
        for seed in range(60)
    ]
    assert found.count(EFFECT) <= 8


def test_shift_scale_order_and_seed() -> None:
    f1, eps, sentences = runs(120, 0.1, 2)
    one = composition(f1, eps, sentences, n_simulations=99, n_resamples=0, seed=4)
    two = composition(2 * f1 + 1, 10 * eps, 3 * sentences, n_simulations=99, n_resamples=0, seed=4)
    assert two.alone.estimate == pytest.approx(10 * one.alone.estimate)
    assert two.slopes == pytest.approx(tuple(s / 5 for s in one.slopes), rel=1e-6)
    assert two.p_given_size == pytest.approx(one.p_given_size)
    order = np.random.default_rng(0).permutation(120)
    turned = composition(f1[order], eps[order], sentences[order], n_simulations=99, n_resamples=0)
    assert turned.given_slopes == pytest.approx(one.given_slopes, rel=1e-6)


def test_says_what_is_wrong() -> None:
    f1, eps, sentences = runs(60, 0.0, 3)
    with pytest.raises(ValueError, match="must be above 0"):
        composition(f1, eps, sentences - 1000)
    with pytest.raises(ValueError, match="at least 2 strata"):
        composition(f1, eps, sentences, strata=1)
    with pytest.raises(ValueError, match="EPS is constant"):
        composition(f1, np.ones(60), sentences)
    few = np.repeat([10.0, 20.0], 30)
    with pytest.raises(ValueError, match="2 distinct values"):
        composition(f1, eps, few)
