"""Advice: verdicts, sizes, hours and words follow from the draws, and from one size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.advice import phrases
from suffice.advice.advise import advise
from suffice.analysis.result import Analysis
from suffice.errors import InputError
from suffice.stats import Runs, f1_curve
from suffice.wording import numbers
from suffice.wording.verdict import VERDICTS
from tests.made import density, studied


def analysis(plateau, spread=0.005, seed=0):
    """Simulate a study whose F1 rises to a plateau; 350 pool documents of 5 sentences."""
    rng = np.random.default_rng(seed)
    size, sets, counts = [], [], []
    for n in (5, 12, 30, 70, 160, 350):
        for j in range(4):
            for _ in range(2):
                p = np.clip(plateau - 0.9 * n**-0.7 + rng.normal(0, spread), 0.02, 0.995)
                correct = rng.binomial(8, p, 150)
                counts.append(np.stack([correct, 8 - correct, 8 - correct], axis=1))
                size.append(n)
                sets.append(10 * n + j)
    runs = Runs(np.array(size, float), np.stack(counts), np.array(sets), 350, 350)
    curve = f1_curve(runs, reach=64.0 * 500)
    return Analysis(
        studied=studied(repeated=48),
        curve=curve,
        one_learner="probe",
        labels=(),
        gap=None,
        gap_learner="",
        regression=None,
        threshold=None,
        printed_hinge=None,
        sensitivity=None,
        density=density(1.6),
        not_fitted={},
    )


@pytest.fixture(scope="module")
def made():
    return analysis(0.92)


def at(found, probability):
    """Return the target that is reached with that probability with all 500 documents."""
    return float(np.quantile(found.curve.draws_at(500.0), 1 - probability))


def test_the_fixture_is_what_it_says(made):
    line = dict(advise(made).lines)["Studied"]
    assert line == (
        "corpus made: 500 documents (models train on up to 350 of them and are scored on the other "
        "150), 2,500 sentences, 4,000 entities (A); 48 probe runs in 1 min"
    )


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.999, "enough"),
        (0.955, "enough"),
        (0.945, "probably"),
        (0.505, "probably"),
        (0.495, "probably not"),
        (0.3, "probably not"),
    ],
)
def test_verdicts_follow_the_probability_at_all_annotated_documents(made, probability, verdict):
    found = advise(made, target_f1=at(made, probability))
    assert found.verdict == verdict
    assert found.required.reached == pytest.approx(probability, abs=0.002)
    assert (found.required.more.value == 0) == (probability >= 0.5)


def test_the_other_verdicts(made):
    assert advise(made).verdict == "no target"
    never = advise(analysis(0.6), target_f1=0.95)
    assert never.verdict == "out of reach"
    assert never.required.beyond > 0.95
    # 4 times 350 documents of 5 sentences
    assert never.headline == "F1 .95 is out of reach within 7,000 sentences like these."


def test_a_reservation_forbids_a_plain_yes(made):
    easy = at(made, 0.99)
    reserved = replace(made, studied=replace(made.studied, reservations=("half of it is missing",)))
    found = advise(reserved, target_f1=easy)
    assert found.verdict == "qualified"
    assert dict(found.lines)["Target"].endswith("with a reservation. Half of it is missing")
    assert found.caveats[0] == "half of it is missing"
    far = replace(made, studied=replace(made.studied, documents=2000, studied=500))
    assert far.studied.annotated == 2000
    found = advise(far, target_f1=easy)
    assert found.verdict == "qualified"
    assert "No model was trained on more than 350 documents" in dict(found.lines)["Target"]


def test_unused_annotation_is_asked_for_before_more(made):
    cut = replace(made, studied=replace(made.studied, documents=690))
    target = float(np.quantile(cut.curve.draws_at(690.0), 0.3))
    found = advise(cut, target_f1=target)
    assert (found.verdict, found.shortage.of) == ("probably", "budget")
    assert dict(found.lines)["Target"].endswith(
        "To make sure, run again with a larger --budget: 190 annotated documents were not studied"
    )


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.floats(0.3, 0.99), st.floats(0.3, 0.99)).map(sorted))
def test_a_harder_target_never_asks_for_less(made, targets):
    easy, hard = (advise(made, target_f1=t) for t in targets)
    order = list(VERDICTS)
    assert order.index(easy.verdict) <= order.index(hard.verdict)
    for name in ("sentences", "more", "one_model", "hours"):
        one, other = (getattr(found.required, name) for found in (easy, hard))
        assert one.low <= other.low
        assert one.value <= other.value
        assert one.high <= other.high
    assert easy.required.settling <= hard.required.settling
    assert easy.required.reached >= hard.required.reached
    assert easy.required.beyond <= hard.required.beyond


def test_now_target_more_and_hours_are_about_the_same_size(made):
    found = advise(made, target_f1=at(made, 0.3), seconds_per_sentence=(10, 30), hourly_rate=20)
    required = found.required
    assert (found.now.documents, found.now.largest) == (500, 350)
    assert found.now.value == pytest.approx(made.curve.at(500)[0])
    # All 500 documents of 5 sentences train the model that is put to use.
    assert required.more.value == pytest.approx(required.sentences.value - 2500)
    assert required.hours.low == pytest.approx(required.more.low * 10 / 3600)
    assert required.hours.value == pytest.approx(required.more.value * 20 / 3600)
    assert required.cost.value == pytest.approx(required.hours.value * 20)
    assert required.one_model.value >= required.sentences.value
    assert "no model was trained on more than 350 documents" in found.now.caveats[0]
    assert "extrapolated from training sets of up to 350 documents" in dict(found.lines)["Now"]


def test_the_five_lines_say_what_was_found():
    found = advise(analysis(0.92), target_f1=0.9)
    lines = dict(found.lines)
    assert list(lines) == ["Studied", "Now", "Doubling", "Target", "Caveat"]
    now = found.now
    written = f"{now.value:.2f} (95 % interval {now.low:.2f}–{now.high:.2f})"
    assert f"F1 is {written.replace('0.', '.')}" in lines["Now"]
    assert numbers.points(found.doubling.value) in lines["Doubling"]
    assert found.doubling.low <= found.doubling.value <= found.doubling.high
    assert lines["Caveat"] == found.caveats[0]


def test_what_more_evaluation_documents_would_do_is_said(made):
    effect, studied = advise(made).evaluation, made.studied
    assert sum(v**2 for v in effect.parts.values()) == pytest.approx(effect.half_width**2)
    said = phrases.describe_larger_evaluation(effect, studied)
    assert said.startswith(f"with {numbers.about(effect.asked)} evaluation documents it would be ")
    assert said.endswith(" from the evaluation documents themselves")
    assert "(95 % interval " in said
    # An interval without an end says nothing, and so do few groups.
    open_end = replace(effect, part_low=0.0, part_high=float("inf"))
    few = replace(studied, evaluation_units=50)
    assert "interval" not in phrases.describe_larger_evaluation(open_end, studied)
    assert "interval" not in phrases.describe_larger_evaluation(effect, few)
    # A third as many units: three documents to each.
    assert numbers.about(3 * effect.asked) in phrases.describe_larger_evaluation(effect, few)
    assert phrases.name_source("evaluation", few) == "the 150 evaluation documents in 50 groups"


def test_a_synthetic_corpus_is_the_first_caveat():
    made = analysis(0.9)
    made = replace(made, studied=replace(made.studied, synthetic=True))
    assert "synthetic" in advise(made).caveats[0]


@pytest.mark.parametrize(
    "arguments",
    [
        {"target_f1": 0},
        {"target_f1": 1},
        {"target_f1": 85},
        {"seconds_per_sentence": (0, 10)},
        {"seconds_per_sentence": (30, 10)},
        {"hourly_rate": -1},
    ],
)
def test_what_is_refused(arguments):
    with pytest.raises(InputError):
        advise(analysis(0.9), **arguments)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.002, 0.998), st.floats(0.1, 6.0))
def test_now_and_the_verdict_agree_even_where_draws_are_skewed(made, share, power):
    """Near 0 the fitted curve lies off the middle of the draws; what is said of now must not."""
    skewed = replace(made, curve=replace(made.curve, draws=made.curve.draws**power * share))
    now = advise(skewed).now.value
    for target in (now - 0.001, now + 0.001):
        if 0 < target < 1:
            found = advise(skewed, target_f1=target).required
            assert (found.reached >= 0.5) == (now >= target)
