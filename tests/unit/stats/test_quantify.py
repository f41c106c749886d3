"""Counting entities in unlabelled text: by hand, exact where it must be, and in scale."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.stats import Calibration, Production, quantify


def one_label(hits, false, true, tokens, sentences):
    found = np.stack([hits, false], axis=-1)[:, None, :].astype(float)
    return Calibration(found, np.array(true)[:, None] * 1.0, np.array(tokens), np.array(sentences))


def test_by_hand():
    """Two documents: 16 of 20 entities are found, and 4 false spans in 1,000 tokens.

    Production has 24 spans in 1,000 tokens and 50 sentences: (24 - 4/1000·1000) / .8 = 25 entities,
    .5 a sentence. Counting gives 24/50 = .48; scaled by 20 true for 20 found it stays .48. The
    annotated text has 20 in 40 sentences: the ratio is 1.
    """
    calibration = one_label([7, 9], [1, 3], [8, 12], [400.0, 600.0], [15.0, 25.0])
    production = Production(
        np.array([[10.0], [14.0]]), np.array([300.0, 700.0]), np.array([20, 30])
    )
    every, label = quantify(calibration, production, ("A",))
    for found in (every, label):
        assert found.corrected == pytest.approx(0.5)
        assert found.found == pytest.approx(0.48)
        assert found.scaled == pytest.approx(0.48)
        assert found.sample == pytest.approx(0.5)
        assert found.ratio == pytest.approx(1.0)
        assert found.response == pytest.approx(0.8)
        assert found.false_rate == pytest.approx(4.0)
        assert found.low <= 0.5 <= found.high
        assert found.ratio_low <= found.ratio_90[0] <= 1 <= found.ratio_90[1] <= found.ratio_high


def test_two_labels_by_hand():
    """A tenth of A's 100 entities is found as B, 70 as A; of B's 50, 40 as B. No false spans.

    Production with 100 A and 200 B: 70 spans of A, 10 + 160 of B.
    """
    found = np.array([[[70, 0, 0], [10, 40, 0]]]) / 2
    calibration = Calibration(
        np.repeat(found, 2, axis=0),
        np.array([[50.0, 25], [50, 25]]),
        np.array([500.0, 500]),
        np.array([50.0, 50]),
    )
    production = Production(
        np.array([[35.0, 85], [35, 85]]), np.array([900.0, 900]), np.array([50.0, 50])
    )
    _, a, b = quantify(calibration, production, ("A", "B"))
    assert a.corrected == pytest.approx(1.0)
    assert b.corrected == pytest.approx(2.0)
    assert (a.response, b.response) == pytest.approx((0.7, 0.8))
    # Nothing varies between documents, so that nothing is uncertain.
    assert (a.low, a.high) == pytest.approx((1.0, 1.0))


def random_samples(seed, *, perfect=False):
    rng = np.random.default_rng(seed)
    sentences = rng.integers(1, 9, 40).astype(float)
    tokens = 20 * sentences + rng.integers(0, 9, 40)
    true = rng.poisson(np.outer(sentences, [0.8, 0.5])).astype(float)
    found = np.zeros((40, 2, 3))
    for k in range(2):
        found[:, k, k] = true[:, k] if perfect else rng.binomial(true[:, k].astype(int), 0.7)
        found[:, k, 2] = 0 if perfect else rng.poisson(0.004 * tokens)
    return Calibration(found, true, tokens, sentences)


@given(st.integers(0, 10_000))
def test_a_perfect_tagger_is_believed(seed):
    calibration, other = random_samples(seed, perfect=True), random_samples(seed + 1, perfect=True)
    production = Production(other.true, other.tokens, other.sentences)
    for k, found in enumerate(quantify(calibration, production, ("A", "B"), n_resamples=50)[1:]):
        truth = other.true[:, k].sum() / other.sentences.sum()
        assert found.corrected == pytest.approx(truth)
        assert found.found == pytest.approx(truth)
        assert found.scaled == pytest.approx(truth)


@given(st.integers(0, 10_000))
def test_the_annotated_text_itself_is_counted_exactly(seed):
    """What false and missed spans do to it is what was measured on it."""
    calibration = random_samples(seed)
    production = Production(
        calibration.found.sum(axis=2), calibration.tokens, calibration.sentences
    )
    for found in quantify(calibration, production, ("A", "B"), n_resamples=50):
        assert found.corrected == pytest.approx(found.sample)
        assert found.ratio == pytest.approx(1.0)


@given(st.integers(0, 10_000), st.sampled_from([0.5, 3.0]))
def test_scale_and_order(seed, factor):
    """Sentences counted in other units scale every density; documents' and labels' order is none
    of it, but for the resamples."""
    calibration, other = random_samples(seed), random_samples(seed + 1)
    production = Production(other.found.sum(axis=2), other.tokens, other.sentences)
    before = quantify(calibration, production, ("A", "B"), n_resamples=50)
    scaled = quantify(
        replace(calibration, sentences=factor * calibration.sentences),
        replace(production, sentences=factor * production.sentences),
        ("A", "B"),
        n_resamples=50,
    )
    order = np.random.default_rng(seed).permutation(40)
    shuffled = quantify(
        Calibration(
            *(getattr(calibration, f)[order] for f in ("found", "true", "tokens", "sentences"))
        ),
        production,
        ("A", "B"),
        n_resamples=50,
    )
    turned = quantify(
        replace(
            calibration,
            found=calibration.found[:, ::-1][:, :, [1, 0, 2]],
            true=calibration.true[:, ::-1],
        ),
        replace(production, found=production.found[:, ::-1]),
        ("B", "A"),
        n_resamples=50,
    )
    for one, two, three, four in zip(
        before, scaled, shuffled, [turned[0], turned[2], turned[1]], strict=True
    ):
        assert two.corrected == pytest.approx(one.corrected / factor)
        assert (two.low, two.high) == pytest.approx((one.low / factor, one.high / factor))
        assert (two.ratio, two.ratio_low) == pytest.approx((one.ratio, one.ratio_low))
        assert three.corrected == pytest.approx(one.corrected)
        assert (four.label, four.corrected) == (one.label, pytest.approx(one.corrected))
        assert (four.low, four.high) == pytest.approx((one.low, one.high))


def test_fewer_found_than_false_is_none_and_not_less():
    calibration = one_label([10, 9], [5, 5], [12, 12], [100.0, 100.0], [10.0, 10.0])
    production = Production(np.array([[1.0], [2.0]]), np.array([200.0, 200]), np.array([20.0, 20]))
    every = quantify(calibration, production, ("A",))[0]
    assert every.corrected == 0
    assert every.low == 0
    assert math.isinf(every.ratio)


def test_a_label_that_is_never_found_cannot_be_told_and_spares_the_others():
    calibration = random_samples(1)
    found = calibration.found.copy()
    found[:, 1] = 0
    other = random_samples(2)
    tagged = other.found.sum(axis=2)
    tagged[:, 1] = 0
    production = Production(tagged, other.tokens, other.sentences)
    _, a, b = quantify(replace(calibration, found=found), production, ("A", "B"))
    assert math.isfinite(a.corrected)
    assert math.isnan(b.corrected)
    assert math.isnan(b.low)
    assert "cannot be estimated" in b.caveats[0]


def test_the_same_seed_gives_the_same_interval_and_another_nearly():
    calibration, other = random_samples(3), random_samples(4)
    production = Production(other.found.sum(axis=2), other.tokens, other.sentences)
    one, two, three = (quantify(calibration, production, ("A", "B"), seed=s)[0] for s in (1, 1, 2))
    assert one == two
    assert three.corrected == one.corrected
    assert three.low != one.low
    assert three.low == pytest.approx(one.low, rel=0.05)


def test_low_response_and_assumption_are_said():
    calibration = one_label([4] * 40, [3] * 40, [10] * 40, [100.0] * 40, [10.0] * 40)
    production = Production(np.full((40, 1), 12.0), np.full(40, 100.0), np.full(40, 10.0))
    said = " ".join(quantify(calibration, production, ("A",))[0].caveats)
    assert "only 40% of the entities" in said
    assert "1.71 instead of 2.25" in said  # 12 · 10/7 against (12 - 3) / .4, both over 10


def test_shapes_and_sizes_are_checked():
    calibration = random_samples(1)
    production = Production(np.ones((40, 3)), calibration.tokens, calibration.sentences)
    with pytest.raises(ValueError, match="production"):
        quantify(calibration, production, ("A", "B"))
    with pytest.raises(ValueError, match="found"):
        quantify(calibration, production, ("A", "B", "C"))
    one = Production(np.ones((1, 2)), np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="two annotated"):
        quantify(calibration, one, ("A", "B"))
