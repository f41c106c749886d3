"""Scoring agrees with seqeval and nervaluate."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from suffice.corpus.document import Document, Span
from suffice.scoring import CORRECT, MISSED, SPURIOUS, count, micro_f1

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
