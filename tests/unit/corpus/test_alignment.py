"""Stretches of equal words: those of difflib, in a number of steps that grows with the length."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus import inspect
from suffice.corpus.checks import alignment
from suffice.corpus.checks.alignment import align
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=40)


@given(WORDS, WORDS)
def test_short_texts_are_aligned_as_difflib_does(a, b):
    matches = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    assert align(a, b) == ([tuple(m) for m in matches if m.size], 0)


@given(st.integers(0, 2**32), st.sampled_from([1, 2, 5, 1000]), st.integers(0, 4))
def test_blocks_of_long_texts_are_equal_in_order_and_hold_nearly_all(seed, vocabulary, changes):
    """Of texts that differ in a few words, all but some words around the changes are in blocks."""
    dice = random.Random(seed)
    a = [str(dice.randrange(vocabulary)) for _ in range(1500)]
    b = list(a)
    for _ in range(changes):
        b[dice.randrange(len(b))] = "other"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_WORDS", 200)
        blocks, skipped = align(a, b)
    reach = (0, 0)
    for i, j, size in blocks:
        assert a[i : i + size] == b[j : j + size]
        assert size > 0
        assert i >= reach[0] and j >= reach[1]
        reach = i + size, j + size
    assert skipped == 0
    # A text of one word is aligned in several ways, and the longest block is taken first.
    lost = 5 if vocabulary > 5 else alignment._WINDOW
    assert sum(size for _, _, size in blocks) >= len(a) - lost * changes


def test_what_is_too_repetitive_to_be_compared_is_counted():
    a = ["x", "y"] * 5000
    b = ["x", "y"] * 1000 + ["z"] * 300 + ["x", "y"] * 3000
    blocks, skipped = align(a, b)
    assert blocks[0] == (0, 0, 2000)
    assert skipped == 300


@pytest.mark.parametrize("vocabulary", [20, 8000])
@pytest.mark.parametrize("size", [10_000, 40_000])
def test_few_pairs_of_equal_words_are_compared_for_each_word(monkeypatch, size, vocabulary):
    """Of 40,000 words among 20 each has some 8,000 equal ones in the other text."""
    pairs = []

    class Counting(SequenceMatcher):
        def __init__(self, *args, **more):
            super().__init__(*args, **more)
            pairs.append(sum(len(self.b2j.get(word, ())) for word in self.a))

    monkeypatch.setattr(alignment, "SequenceMatcher", Counting)
    dice = random.Random(1)
    a = [str(int(dice.paretovariate(1)) % vocabulary) for _ in range(size)]
    b = list(a)
    for place in dice.sample(range(size), size // 100):
        b[place] = str(dice.randrange(vocabulary))
    blocks, skipped = align(a, b)
    assert sum(block.size for block in blocks) >= 0.97 * size
    assert skipped == 0
    assert 0 < sum(pairs) < 20 * size


def document(name, words, labelled):
    """Return words as a document; those numbered are spans."""
    starts = [sum(len(w) + 1 for w in words[:i]) for i in labelled]
    spans = [Span(s, s + len(words[i]), "X") for s, i in zip(starts, labelled, strict=True)]
    return Document(name, " ".join(words), tuple(spans))


def test_a_span_that_a_long_twin_lacks_is_found():
    dice = random.Random(2)
    words = [f"w{int(dice.paretovariate(1)) % 3000}" for _ in range(6000)]
    changed = list(words)
    for place in range(100, 6000, 200):
        changed[place] = "other"
    labelled = list(range(10, 6000, 50))
    first = document("first", words, labelled)
    second = document("second", changed, [i for i in labelled if i != 3010])
    found = inspect(Corpus((first, second))).finding("twins annotated differently")
    (case,) = found.cases
    assert found.count == 1
    place = case.places[0]
    assert (place.document, place.start) == ("first", sum(len(w) + 1 for w in words[:3010]))


def test_twins_that_are_compared_in_part_are_named():
    words = [f"w{i}" for i in range(60)] * 100
    first = document("first", words, [5])
    second = document("second", words[:2000] + ["x"] * 300 + words[2000:], [])
    found = inspect(Corpus((first, second)))
    (case,) = found.finding("twins not compared").cases
    assert [place.document for place in case.places] == ["second", "first"]
    assert case.detail == "words not compared: 300"
    assert found.finding("twins annotated differently").count == 1
