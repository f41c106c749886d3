"""Densities from a tagger that finds little, or nothing: what can be said, and what cannot."""

import numpy as np
import pytest
from scipy import stats

from suffice.quality.density import _verdict
from suffice.stats import Calibration, Production, quantify

UNITS, SENTENCES, TOKENS = 200, 10.0, 100.0


def counted(hits, false=0):
    """Annotated units of ten entities each, of which so many are found, one label."""
    found = np.zeros((UNITS, 1, 2))
    found[:, 0, 0] = hits
    found[:, 0, 1] = false
    length = np.full(UNITS, SENTENCES)
    return Calibration(found, np.full((UNITS, 1), 10.0), length * TOKENS / SENTENCES, length)


def production(total):
    """Unlabelled units, one span found in each of the first `total`."""
    found = np.zeros((UNITS, 1))
    found[:total] = 1.0
    return Production(found, np.full(UNITS, TOKENS), np.full(UNITS, SENTENCES))


@pytest.mark.parametrize("found", [0, 1, 3, 20])
def test_the_upper_end_is_that_of_the_exact_poisson_interval(found):
    """The tagger's error is known exactly here, so that the count is all that is uncertain."""
    every, own = quantify(counted(6), production(found), ("PER",), n_resamples=20000)
    upper = stats.chi2.ppf(0.975, 2 * (found + 1)) / 2  # Garwood 1936
    for quantity in (every, own):
        assert quantity.corrected == pytest.approx(found / 0.6 / (UNITS * SENTENCES))
        assert quantity.high == pytest.approx(upper / 0.6 / (UNITS * SENTENCES), rel=0.06)
        assert quantity.low <= quantity.corrected


def test_nothing_found_is_at_least_so_many_times():
    every, _ = quantify(counted(6), production(0), ("PER",))
    assert every.ratio == np.inf
    assert every.ratio_high == np.inf
    assert every.ratio_low == pytest.approx(every.sample / every.high, rel=0.05)
    assert 50 < every.ratio_low < np.inf
    assert _verdict(every, 0.1) == "sample is denser"


def test_a_tagger_that_finds_next_to_nothing_is_sure_of_nothing():
    found = np.zeros((UNITS, 1, 2))
    found[: UNITS * 4 // 10, 0, 0] = 1.0  # 80 of 2,000 entities
    calibration = Calibration(
        found, np.full((UNITS, 1), 10.0), np.full(UNITS, TOKENS), np.full(UNITS, SENTENCES)
    )
    every, own = quantify(calibration, production(0), ("PER",))
    for quantity in (every, own):
        assert np.isnan(
            [quantity.corrected, quantity.low, quantity.ratio, quantity.ratio_low]
        ).all()
        assert "finds only 4%" in quantity.unknown
        assert _verdict(quantity, 0.1) == "cannot tell"
    said = " ".join(every.caveats)
    # 3.69 spans at most, each standing for 25 entities, in 2,000 sentences
    assert "at most 0.0" in said
    assert "the sample has 1" in said
    assert "drawn at random" in said


def test_fewer_spans_than_false_ones_alone_would_be_do_not_prove_that_there_are_none():
    """The false rate is then not that of the annotated text."""
    every, _ = quantify(counted(6, false=2), production(0), ("PER",))
    assert every.corrected == 0
    upper = stats.chi2.ppf(0.975, 2) / 2
    assert every.high >= 0.9 * upper / 0.6 / (UNITS * SENTENCES)
    assert np.isfinite(every.ratio_low)


def test_few_annotated_entities_are_said_as_such():
    calibration = counted(1)
    few = Calibration(
        calibration.found[:5] / 1, calibration.true[:5] / 10, calibration.tokens[:5],
        calibration.sentences[:5],
    )  # fmt: skip
    every, _ = quantify(few, production(3), ("PER",))
    assert every.unknown == "fewer than 10 entities are annotated"
