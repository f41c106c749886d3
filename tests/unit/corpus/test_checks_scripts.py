"""Checks in scripts without spaces; damage and typos found without comparing all with all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus import inspect
from suffice.corpus.checks.labels import RARE, _one_letter, same_but_for_case, typos
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span


def one(text, *spans, name="a"):
    return Document(name, text, tuple(sorted(Span(*s) for s in spans)))


def found(*documents):
    return inspect(Corpus(tuple(documents)))


def places(inspection, check):
    one_of = inspection.finding(check)
    cases = one_of.cases if one_of else ()
    return [(p.document, p.start, p.end) for case in cases for p in case.places[: case.count]]


def test_repeats_in_text_without_spaces_are_found_by_the_same_borders():
    """Four of five places of 石川基金 are labelled, the last one stands behind an ASCII comma."""
    documents = [one(f"昨天{name}石川基金来了", (3, 7, "ORG"), name=name) for name in "abcd"]
    last = one("他说,石川基金很忙,王在", name="e")
    assert places(found(*documents, last), "unlabelled repeats") == [("e", 3, 7)]
    spaced = [one(f"x Stein {name}", (2, 7, "ORG"), name=name) for name in "abcd"]
    assert places(found(*spaced, one("12,Stein", name="e")), "unlabelled repeats") == []


@pytest.mark.parametrize(
    ("text", "spans", "cut"),
    [
        ("王小岭今天来", [(0, 3, "P"), (1, 2, "P")], []),
        ("iPhoneを買う", [(0, 6, "X"), (7, 8, "Y"), (0, 2, "X")], [(0, 2)]),
        ("น้ำดี", [(0, 3, "X"), (0, 1, "X")], [(0, 1)]),
        ("我有123元", [(2, 5, "N"), (3, 5, "N")], [(3, 5)]),
    ],
)
def test_spans_that_cut_words_in_any_script(text, spans, cut):
    assert [p[1:] for p in places(found(one(text, *spans)), "cuts a word")] == cut


def test_the_word_before_a_full_stop_is_the_last_one_in_any_script():
    """Yahoo stands without its mark behind another script, so that the mark is the sentence's."""
    documents = [
        one("株式会社Yahoo!", (0, 10, "ORG"), name="a"),
        one("株式会社Yahoo と", (0, 9, "ORG"), name="b"),
    ]
    assert places(found(*documents), "edge punctuation") == [("a", 0, 10)]


def test_damage_that_two_rules_see_is_counted_once():
    """The apostrophe at 5 is mojibake that holds two control characters, counted as these."""
    text = "\u00c3\u00a9 it\u00e2\x80\x99s x \u00c3\u00bc."
    assert places(found(one(text)), "encoding damage") == [("a", 0, 2), ("a", 6, 8), ("a", 12, 14)]


@given(st.dictionaries(st.text("abAB 1", min_size=1, max_size=5), st.sampled_from([1, 3, 60, 90])))
def test_typos_are_those_that_comparing_all_labels_finds(counts):
    """Compare all labels with all, by an edit distance of one."""
    expected = {}
    for rare in counts:
        for common in sorted(counts, key=lambda label: (-counts[label], label)):
            close = _one_letter(same_but_for_case(rare), same_but_for_case(common))
            long = min(len(rare), len(common)) >= 3
            if counts[rare] <= RARE * counts[common] and close and long:
                expected[rare] = common
                break
    assert typos(counts) == expected
