from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.learners.backbone import BUNDLED, find, load_tokenizer
from suffice.learners.words import Piecer, Pieces, pieces_per_word, windows, word_offsets


@pytest.fixture(scope="module")
def piecer() -> Piecer:
    return Piecer(load_tokenizer(find(BUNDLED)))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(1, 9), max_size=80), st.integers(12, 60), st.integers(0, 11))
def test_every_piece_is_owned_once_and_seen_by_its_window(
    lengths: list[int], size: int, overlap: int
) -> None:
    last = np.cumsum(lengths, dtype=np.int64) if lengths else np.zeros(0, dtype=np.int64)
    n = sum(lengths)
    pieces = Pieces(np.zeros(n, dtype=np.int64), last - np.array(lengths, dtype=np.int64), last)
    cut = windows(pieces, size, overlap)
    owned = [p for w in cut for p in range(w.own_begin, w.own_end)]
    assert owned == list(range(n))
    for w in cut:
        assert w.begin <= w.own_begin < w.own_end <= w.end
        assert w.end - w.begin <= size
    # The owner is the window in which a piece stands farthest from an edge, within what moving
    # the border to a word's start takes.
    for w in cut:
        for p in range(w.own_begin, w.own_end):
            own = depth(p, w.begin, w.end, n)
            best = max(depth(p, v.begin, v.end, n) for v in cut)
            assert best - own <= overlap + 1


def depth(piece: int, begin: int, end: int, n: int) -> float:
    """Return the distance to the nearest edge behind which there is text that is not seen."""
    if not begin <= piece < end:
        return -1
    left = piece - begin if begin > 0 else math.inf
    right = end - 1 - piece if end < n else math.inf
    return min(left, right, 10**6)


def test_words_are_not_parted_by_the_borders_of_ownership() -> None:
    last = np.arange(3, 303, 3)
    pieces = Pieces(np.zeros(300, dtype=np.int64), last - 3, last)
    cut = windows(pieces, 100, 30)
    assert len(cut) > 3
    assert all(w.own_begin % 3 == 0 for w in cut)


def test_the_pieces_of_a_word_spell_it(piecer: Piecer) -> None:
    text = "Anti-TNF𝒳 🙂 naïve\r\n\tCafé 10mg HLA-B27 x"
    (pieces,) = piecer([text])
    offsets = load_tokenizer(find(BUNDLED)).encode(text, add_special_tokens=False)
    words = word_offsets(text)
    for (start, end), a, b in zip(words.tolist(), pieces.first, pieces.last, strict=True):
        covered = "".join(text[s:e] for s, e in offsets.offsets[a:b])
        assert covered == text[start:end]


def test_words_that_the_tokenizer_drops_have_no_pieces(piecer: Piecer) -> None:
    (pieces,) = piecer(["a \x01 b"])
    assert (pieces.last - pieces.first).tolist() == [1, 0, 1]


def test_texts_without_words_and_with_lone_surrogates(piecer: Piecer) -> None:
    empty, blank, broken = piecer(["", " \t\r\n", "ok \ud83d fine"])
    assert len(empty.first) == len(blank.first) == 0
    assert len(broken.first) == len(word_offsets("ok \ud83d fine"))


def test_pieces_per_word_tells_a_language_that_the_backbone_does_not_know() -> None:
    english = [Document("e", "The patient was treated with aspirin and went home today.")]
    german = [
        Document("g", "Die Krankenversicherungsbeiträge wurden zwischenzeitlich zurückerstattet.")
    ]
    assert 1 <= pieces_per_word(english) < 1.3
    assert pieces_per_word(german) > 2.5
    assert math.isnan(pieces_per_word([Document("n", "12 ...")]))
