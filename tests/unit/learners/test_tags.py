from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document, Span
from suffice.learners.tags import (
    Unlearnable,
    best_tags,
    decode,
    encode,
    flatten,
    log_shares,
    tag_names,
    unlearnable,
)
from suffice.learners.words import word_offsets

LABELS = ("ORG", "PER")


def valid(tags: tuple[int, ...]) -> bool:
    return all(
        t == 0 or t % 2 == 1 or (i > 0 and tags[i - 1] in (t, t - 1)) for i, t in enumerate(tags)
    )


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_best_tags_finds_what_enumeration_finds(seed: int, lengths: list[int]) -> None:
    dice = np.random.default_rng(seed)
    scores = [dice.normal(size=(n, 5)).astype(np.float32) for n in lengths]
    for own, found in zip(scores, best_tags(scores), strict=True):
        every = [p for p in itertools.product(range(5), repeat=len(own)) if valid(p)]
        totals = [sum(float(own[i, t]) for i, t in enumerate(p)) for p in every]
        assert tuple(found.tolist()) == every[int(np.argmax(totals))]


def test_best_tags_in_large_batches_equal_single_ones() -> None:
    dice = np.random.default_rng(1)
    scores = [dice.normal(size=(n, 9)).astype(np.float32) for n in dice.integers(0, 60, 150)]
    for own, found in zip(scores, best_tags(scores), strict=True):
        assert found.tolist() == best_tags([own])[0].tolist()


def test_scores_that_are_not_numbers_still_give_valid_tags() -> None:
    scores = np.full((4, 3), np.nan, dtype=np.float32)
    scores[2] = [0, np.inf, -np.inf]
    (found,) = best_tags([scores])
    assert valid(tuple(found.tolist()))
    assert found[2] == 1


@st.composite
def documents(draw: st.DrawFn) -> Document:
    words = draw(st.lists(st.text("ab.é🙂", min_size=1, max_size=5), min_size=1, max_size=12))
    text = draw(st.sampled_from([" ", "\r\n", "\t"])).join(words)
    edges = st.integers(0, len(text))
    spans = draw(
        st.lists(
            st.builds(
                lambda a, b, label: (min(a, b), max(a, b), label),
                edges,
                edges,
                st.sampled_from(LABELS),
            ),
            max_size=6,
        )
    )
    return Document("d", text, tuple(sorted({Span(a, b, c) for a, b, c in spans if a < b})))


@settings(deadline=None, max_examples=300)
@given(documents())
def test_every_span_comes_back_or_is_reported(document: Document) -> None:
    words = word_offsets(document.text)
    kept, counts = flatten(words, document.spans)
    back = decode(words, encode(document, LABELS), LABELS)
    assert counts.spans == len(document.spans)
    assert len(back) == len(kept) == counts.spans - counts.overlapping - counts.wordless
    assert len(set(back) - set(document.spans)) <= counts.cut
    assert all(a.end <= b.start for a, b in itertools.pairwise(back))
    if not (counts.overlapping or counts.wordless or counts.cut):
        assert tuple(back) == document.spans


def test_the_longest_span_is_kept_and_of_equal_ones_the_earliest() -> None:
    text = "Bank of New York Mellon today"
    nested = Document("n", text, (Span(0, 23, "ORG"), Span(8, 16, "PER")))
    assert decode(word_offsets(text), encode(nested, LABELS), LABELS) == [Span(0, 23, "ORG")]
    crossing = Document("c", text, (Span(0, 7, "ORG"), Span(5, 11, "PER"), Span(8, 16, "PER")))
    found = decode(word_offsets(text), encode(crossing, LABELS), LABELS)
    assert found == [Span(0, 7, "ORG"), Span(8, 16, "PER")]
    assert unlearnable([nested, crossing]) == Unlearnable(spans=5, overlapping=2)


def test_spans_within_words_are_widened_and_spans_on_white_space_dropped() -> None:
    document = Document("w", "antidiabetic  drug", (Span(4, 12, "ORG"), Span(12, 14, "PER")))
    assert unlearnable([document]) == Unlearnable(spans=2, wordless=1, cut=1)
    found = decode(word_offsets(document.text), encode(document, LABELS), LABELS)
    assert found == [Span(0, 12, "ORG")]


def test_adjacent_spans_of_one_label_stay_apart() -> None:
    document = Document("a", "Anna Bob", (Span(0, 4, "PER"), Span(5, 8, "PER")))
    tags = encode(document, LABELS)
    assert [tag_names(LABELS)[t] for t in tags] == ["B-PER", "B-PER"]
    assert tuple(decode(word_offsets(document.text), tags, LABELS)) == document.spans


def test_labels_that_were_not_asked_for_are_ignored() -> None:
    document = Document("i", "Anna", (Span(0, 4, "PER"),))
    assert encode(document, ["ORG"]).tolist() == [0]


@pytest.mark.parametrize("n_tags", [1, 3])
def test_empty_documents_and_no_documents_decode(n_tags: int) -> None:
    assert best_tags([]) == []
    (found,) = best_tags([np.zeros((0, n_tags), dtype=np.float32)])
    assert found.shape == (0,)


def test_log_shares_are_those_of_the_words_with_one_more_for_each_tag() -> None:
    shares = np.exp(log_shares([np.array([0, 0, 1]), np.array([0, 2, 0])], ["A", "B"]))
    np.testing.assert_allclose(shares, np.array([5, 2, 2, 1, 1]) / 11, rtol=1e-6)
    np.testing.assert_allclose(np.exp(log_shares([], ["A"])), [1 / 3] * 3, rtol=1e-6)
