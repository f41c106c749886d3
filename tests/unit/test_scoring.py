"""Scoring agrees with seqeval and nervaluate."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import classification_report, f1_score
from seqeval.scheme import IOB2

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.scoring import CORRECT, F1, MISSED, SPURIOUS, Measure, Target, count, micro_f1
from suffice.stats import Runs
from suffice.stats._f1.scores import influence, logit
from suffice.stats._runs import METRICS

LABELS = ("A", "B")


@st.composite
def tagged(draw, words=12):
    """Non-overlapping spans over one-letter words, as (first word, last word + 1, label)."""
    cuts = sorted(draw(st.sets(st.integers(0, words), max_size=6)))
    return [
        (a, b, draw(st.sampled_from(LABELS))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]


def bio(spans, words=12):
    tags = ["O"] * words
    for a, b, label in spans:
        tags[a:b] = [f"B-{label}"] + [f"I-{label}"] * (b - a - 1)
    return tags


def characters(spans):
    return tuple(sorted(Span(2 * a, 2 * b - 1, label) for a, b, label in spans))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(tagged(), tagged()), min_size=1, max_size=6))
def test_micro_f1_is_that_of_seqeval_and_nervaluate(pairs):
    text = " ".join("x" * 12)
    documents = [Document(str(i), text, characters(g)) for i, (g, _) in enumerate(pairs)]
    counts = count(documents, [characters(p) for _, p in pairs], LABELS)
    gold = [bio(g) for g, _ in pairs]
    found = [bio(p) for _, p in pairs]
    total = counts.table.sum(axis=(0, 1))
    if total.sum() == 0:
        assert np.isnan(counts.f1())
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = f1_score(gold, found, mode="strict", scheme=IOB2, zero_division=0)
    assert counts.f1() == pytest.approx(expected, abs=1e-12)
    strict = Evaluator(gold, found, tags=list(LABELS), loader="list").evaluate()["overall"][
        "strict"
    ]
    assert total[CORRECT] == strict.correct
    assert total[CORRECT] + total[SPURIOUS] == strict.actual
    assert total[CORRECT] + total[MISSED] == strict.possible


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(tagged(), tagged()), min_size=1, max_size=6))
def test_every_measure_is_that_of_seqeval(pairs):
    """One run whose evaluation units are the documents; both labels occur in the first."""
    whole = [(0, 2, "A"), (3, 4, "B")]
    pairs = [(whole, [(0, 2, "A"), (3, 5, "A")]), *pairs]
    text = " ".join("x" * 12)
    documents = [Document(str(i), text, characters(g)) for i, (g, _) in enumerate(pairs)]
    table = count(documents, [characters(p) for _, p in pairs], LABELS).table[None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = classification_report(
            [bio(g) for g, _ in pairs],
            [bio(p) for _, p in pairs],
            mode="strict",
            scheme=IOB2,
            zero_division=0,
            output_dict=True,
        )

    def score(metric, label=None):
        own = table if label is None else table[:, :, [LABELS.index(label)]]
        one = np.ones(1)
        runs = Runs(one, own.sum(axis=2), one.astype(int), 9, 9, metric=metric, by_label=own)
        return float(runs.score()[0])

    for metric in ("precision", "recall"):
        assert score(metric) == pytest.approx(report["micro avg"][metric], abs=1e-12)
    assert score("macro-f1") == pytest.approx(report["macro avg"]["f1-score"], abs=1e-12)
    for label in LABELS:
        for metric, theirs in (("f1", "f1-score"), ("precision",) * 2, ("recall",) * 2):
            assert score(metric, label) == pytest.approx(report[label][theirs], abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_influence_is_the_derivative_of_the_logit_score(metric):
    rng = np.random.default_rng(3)
    by_label = rng.integers(0, 9, (2, 7, 3, 3)) + 1
    two = np.array([1.0, 2.0])
    runs = Runs(two, by_label.sum(axis=2), two.astype(int), 9, 9, metric=metric, by_label=by_label)
    step = 1e-6
    weights = np.ones((7, 7)) + step * np.eye(7)
    expected = (logit(runs.score(weights)) - logit(runs.score())) / step
    np.testing.assert_allclose(influence(runs), expected.T, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "measure", "name", "value"),
    [
        ("f1=.85", F1, "F1", 0.85),
        ("precision=0.9", Measure("precision"), "precision", 0.9),
        ("Recall=.95", Measure("recall"), "recall", 0.95),
        ("macro-f1=.8", Measure("macro-f1"), "macro-F1", 0.8),
        ("recall:PERSON=.95", Measure("recall", "PERSON"), "recall of PERSON", 0.95),
        ("f1:a=b:c=.5", Measure("f1", "a=b:c"), "F1 of a=b:c", 0.5),
    ],
)
def test_targets_as_they_are_written(text, measure, name, value):
    target = Target.parse(text)
    assert (target.measure, target.measure.name, target.value) == (measure, name, value)
    assert Target.parse(f"{target.measure}={target.value}") == target


@pytest.mark.parametrize("text", ["", "f1", "f1=", "=.9", "f1:=.9", "f1=nan", "f1=1", "f1=0", ".9"])
def test_what_is_no_target(text):
    with pytest.raises(InputError):
        Target.parse(text)


def test_counts_by_hand():
    document = Document("1", "AB and CD", (Span(0, 2, "A"), Span(7, 9, "B")))
    predicted = [Span(0, 2, "A"), Span(7, 9, "A"), Span(7, 9, "A"), Span(3, 6, "B")]
    table = count([document], [predicted], LABELS).table
    assert table.tolist() == [[[1, 1, 0], [0, 1, 1]]]
    assert micro_f1(table.sum(axis=(0, 1))) == pytest.approx(2 / (2 + 2 + 1))


def test_overlapping_gold_spans_all_count():
    document = Document("1", "abcdef", (Span(0, 3, "A"), Span(0, 6, "A"), Span(2, 5, "B")))
    assert count([document], [[Span(0, 6, "A")]], LABELS).table.sum() == 3


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match="'C' is not among"):
        count([Document("1", "ab", (Span(0, 1, "C"),))], [[]], LABELS)
