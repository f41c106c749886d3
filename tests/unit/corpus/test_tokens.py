"""Word tokens cover the text and keep words of every script whole."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus.tokens import LONGEST, forms_words, is_border, tokens, tokens_between

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    "aB1_-. \n\u0301é漢かกำเด्\u094dअ\u200d\xad😀\ufe0f", max_size=60
)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10mg of IL-2", ["10mg", "of", "IL", "-", "2"]),
        ("a_b c.d", ["a", "_", "b", "c", ".", "d"]),
        ("re\u0301sume\u0301 na\xefve", ["re\u0301sume\u0301", "na\xefve"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("東京にIL2は", ["東", "京", "に", "IL2", "は"]),
        ("น้ำ ดี", ["น้ำ", "ดี"]),
        ("한국어 문장A1", ["한", "국", "어", "문", "장", "A1"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("I ❤\ufe0f it", ["I", "❤\ufe0f", "it"]),
        ("tes\xadting", ["tes\xadting"]),
        ("", []),
        (" \n\u2003", []),
    ],
)
def test_by_hand(text, expected):
    assert words(text) == expected


def test_long_words_are_cut():
    assert [len(w) for w in words("x" * 95 + " y")] == [40, 40, 15, 1]


@given(TEXT)
def test_every_character_but_white_space_is_in_exactly_one_token(text):
    covered = [0] * len(text)
    last = 0
    for start, end in tokens(text):
        assert last <= start < end <= start + LONGEST
        last = end
        for place in range(start, end):
            covered[place] += 1
    assert covered == [0 if c.isspace() else 1 for c in text]


@given(TEXT, st.sets(st.integers(0, 60)))
def test_tokens_cut_at_places_are_the_tokens_with_those_edges_added(text, cuts):
    found = tokens_between(text, cuts)
    whole = tokens(text)
    joined = {p for start, end in found for p in range(start, end)}
    assert joined == {p for start, end in whole for p in range(start, end)}
    assert {edge for span in whole for edge in span} <= {edge for span in found for edge in span}
    assert not any(start < cut < end for start, end in found for cut in cuts)


def test_time_is_linear_in_hostile_text():
    hostile = "a\u0301" * 200_000 + "\u0301" * 200_000 + "a" * 200_000
    start = time.perf_counter()
    assert sum(end - begin for begin, end in tokens(hostile)) == len(hostile)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        ("in 123 days", {0, 2, 3, 6, 7, 11}),
        ("iPhoneを買う", {0, 6, 7, 8, 9}),
        ("2024年12月", {0, 4, 5, 7, 8}),
        ("王小岭IBM", {0, 1, 2, 3, 6}),
        ("a_b", {0, 1, 2, 3}),
        ("हिन्दी", {0, 6}),
        ("น้ำดี", {0, 3, 5}),  # no border before a tone mark, a vowel above, or the vowel AM
        ("ມື້ນີ້", {0, 3, 6}),
        ("សួស្តី", {0, 2, 4, 6}),
        ("မြန်မာ", {0, 2, 4, 6}),
        ("re\u0301sume\u0301", {0, 8}),
        ("한국은행은", {0, 1, 2, 3, 4, 5}),
        ("\u1112\u1161\u11ab", {0, 3}),
    ],
)
def test_borders_by_hand(text, borders):
    assert {p for p in range(len(text) + 1) if is_border(text, p)} == borders


def test_a_long_word_has_no_border_inside_though_it_is_cut_into_tokens():
    assert not any(is_border("x" * 95, place) for place in range(1, 95))


@given(TEXT)
def test_a_place_is_a_border_unless_a_token_holds_it_inside(text):
    """Texts of at most 60 characters: a word that long is cut at 40, which is no border."""
    spans = tokens(text)
    joined = [(a, d) for (a, b), (c, d) in pairwise(spans) if b == c and b - a == LONGEST]
    for place in range(len(text) + 1):
        if any(start < place < end for start, end in spans):
            assert not is_border(text, place)
        elif not any(start < place < end for start, end in joined):
            assert is_border(text, place)


@given(TEXT)
def test_letters_that_form_words_stand_in_one_token(text):
    for before, after in pairwise(range(len(text))):
        if forms_words(text[before]) and forms_words(text[after]):
            assert not is_border(text, after)
