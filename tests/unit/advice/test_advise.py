"""Advice: sizes, probabilities and hours follow from the draws, by hand and by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.advice import words
from suffice.advice.advise import _smallest, advise
from suffice.advice.result import Estimate
from suffice.analysis.result import Analysis, Density, Studied
from suffice.errors import InputError
from suffice.stats.runs import Runs
from suffice.stats.uncertainty import learning_curve


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
    curve = learning_curve(runs, reach=64.0 * 500)
    studied = Studied(
        "made", False, 500, 500, 2500, 4000, {"A": 4000}, 350, 150, 150, 0, 5.0, "probe", "b",
        48, 0, 0, 48, 0, 0, 60.0, "runs",
    )  # fmt: skip
    density = Density(1.6, 1.5, 1.7, 1.6, 0.1, 1.4, 1.8, -0.1, 0.1)
    return Analysis(studied, curve, "probe", (), None, "", None, None, None, None, density, {})


def test_verdicts():
    made = analysis(0.92)
    now = advise(made).now.value
    assert advise(made).verdict == "no target"
    assert advise(made, target_f1=now - 0.05).verdict == "enough"
    assert advise(made, target_f1=0.985).verdict in ("out of reach", "cannot tell")
    assert advise(made, target_f1=now).verdict in ("perhaps", "more", "cannot tell")
    never = advise(analysis(0.6), target_f1=0.95)
    assert never.verdict == "out of reach"
    assert never.required.never > 0.95
    assert "change the model" in dict(never.lines)["Target"]


def test_hours_count_the_evaluation_share():
    made = analysis(0.97)
    target = float(made.curve.at(700)[0])
    found = advise(made, target_f1=target, seconds_per_sentence=(10, 30), hourly_rate=20)
    required = found.required
    # 700 training documents of 5 sentences are 70 % of what is annotated.
    assert required.sentences.value == pytest.approx(700 * 5 / 0.7, rel=0.35)
    # The pool of 350 documents stands for 2,500 annotated sentences.
    assert required.more.value == pytest.approx(required.sentences.value - 2500)
    assert required.hours.low == pytest.approx(required.more.low * 10 / 3600)
    assert required.hours.value == pytest.approx(required.more.value * 20 / 3600)
    assert required.cost.value == pytest.approx(required.hours.value * 20)
    assert required.one_model.value >= required.sentences.value


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=5),
    st.floats(0.01, 0.99),
)
def test_the_smallest_size_that_reaches_a_target(rows, target):
    grid = np.array([1.0, 3, 9, 27, 81, 243])
    draws = np.sort(np.array(rows), axis=1)
    for row, found in zip(draws, _smallest(grid, draws, target), strict=True):
        reached = [n for n, y in zip(grid, row, strict=True) if y >= target]
        if not reached:
            assert np.isinf(found)
            continue
        below = [n for n in grid if n < reached[0]]
        tiny = 1e-9 * reached[0]
        assert (below[-1] if below else reached[0]) - tiny <= found <= reached[0] + tiny
        if below:
            value = np.interp(np.log(found), np.log(grid), row)
            assert value == pytest.approx(target, abs=1e-9) or found == pytest.approx(reached[0])


def test_the_five_lines_say_what_was_found():
    found = advise(analysis(0.92), target_f1=0.9)
    lines = dict(found.lines)
    assert list(lines) == ["Studied", "Now", "Doubling", "Target", "Caveat"]
    assert words.f1_interval(found.now) in lines["Now"]
    assert words.points(found.doubling.value) in lines["Doubling"]
    assert found.doubling.low <= found.doubling.value <= found.doubling.high
    assert lines["Caveat"] == found.caveats[0]


def test_what_makes_the_interval_is_said_and_what_more_evaluation_documents_would_do():
    found = advise(analysis(0.92))
    said = words.evaluation_sentence(found.evaluation, found.analysis.studied)
    assert said in dict(found.lines)["Now"]
    half, part = (
        f"{100 * value:.1f}".removeprefix("0")
        for value in ((found.now.high - found.now.low) / 2, found.parts["evaluation"])
    )
    assert f"±{half} points" in said
    assert f"{part} from 150 evaluation documents" in said
    assert (
        words.about(found.evaluation.asked) + " evaluation documents would make it about ±" in said
    )
    assert 2 * 150 <= found.evaluation.asked <= 4 * 150
    part, low, high = (
        f"{100 * value:.1f}".removeprefix("0")
        for value in (
            found.evaluation.part,
            found.evaluation.part_low,
            found.evaluation.part_high,
        )
    )
    assert said.endswith(f", their own part ±{part} ({low} to {high})")
    studied = replace(found.analysis.studied, evaluation_units=50)
    # So few groups say little about how much they vary.
    assert "their own part" not in words.evaluation_sentence(found.evaluation, studied)
    assert "150 evaluation documents in 50 groups" in words.evaluation_sentence(
        found.evaluation, studied
    )
    # A third as many units: three documents to each.
    assert words.about(3 * found.evaluation.asked) in words.larger_sentence(
        found.evaluation, studied
    )


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


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: words.f1(0.874), ".87"),
        (lambda: words.f1(1.0), "1.00"),
        (lambda: words.f1_interval(Estimate(0.874, 0.8, 0.9)), ".87 (.80–.90)"),
        (lambda: words.points(-0.0123), "−1.2"),
        (lambda: words.about(2345), "2,300"),
        (lambda: words.about(7), "7"),
        (lambda: words.about(float("inf")), "no bound"),
        (lambda: words.span(1234, float("inf")), "1,200 and more"),
        (lambda: words.span(1234, 5678), "1,200–5,700"),
        (lambda: words.hours(0.5), "30 min"),
        (lambda: words.hours(12.3), "12 h"),
        (lambda: words.duration(230), "3 min 50 s"),
        (lambda: words.duration(3700), "1 h 1 min"),
        (lambda: words.counted(1, "run"), "1 run"),
    ],
)
def test_numbers_in_words(call, said):
    assert call() == said
