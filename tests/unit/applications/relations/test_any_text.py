"""What holds of the relations whatever the text is, and how the work grows with it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.applications.relations.people import bare
from suffice.applications.relations.relate import relations
from suffice.applications.relations.result import KINDS
from suffice.corpus.document import Document, Span


@st.composite
def statements(draw):
    words = st.sampled_from(
        [
            "honoraria",
            "from",
            "and",
            ",",
            ";",
            ".",
            ":",
            "(",
            ")",
            "respectively",
            "none",
            "no",
            "conflicts",
            "all",
            "authors",
            "the",
            "other",
            "was",
            "supported",
            "by",
            "she",
            "his",
            "wife",
            "its",
            "the",
            "latter",
            "grants",
            "for",
            "lectures",
            "\n",
            "\t",
            "|",
            "A",
            "=",
            "B",
        ]
    )
    parts = draw(
        st.lists(st.tuples(words | st.text(max_size=5), st.sampled_from("PO-")), max_size=30)
    )
    text, spans = "", []
    for part, label in parts:
        if label != "-" and part.strip():
            spans.append(Span(len(text), len(text) + len(part), {"P": "PERSON", "O": "ORG"}[label]))
        text += part + draw(st.sampled_from((" ", "", ", ")))
    return Document("d", text, tuple(spans))


@given(statements(), st.none() | st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_text(one, authors):
    lists = None if authors is None else {"d": authors}
    found = relations([one], lists)
    assert found == relations([one], lists)
    names = {one.text[s.start : s.end] for s in one.spans}
    people = (
        {bare(n) for n in names}
        | set(authors or ())
        | {None, "all authors", "the authors", "the other authors"}
    )
    for row in found:
        assert row.kind in KINDS
        assert row.person in people
        assert row.organisation is None or row.organisation in names
        assert 0 <= row.start <= row.end <= len(one.text)
        assert one.text[row.start : row.end].startswith(row.clause)
        assert 0 <= row.confidence <= 1
    assert len({(r.person, r.organisation, r.kind) for r in found}) == len(found)
    idle = {r.person for r in found if r.kind == "none"}
    assert not idle & {r.person for r in found if r.kind != "none"}


UNITS = {
    "clauses": "{P|Ann Roe} received honoraria for lectures from {O|Velda} and {O|Kirin}; ",
    "one clause": "{P|Ann Roe} received honoraria for lectures from {O|Velda} and has shares, ",
    "no names": "grants, fees, honoraria, was paid, no interest, none, ",
    "starred phrases": "scientific medical company non executive ",
    "one word": "a",
    "brackets": "({P|Ann Roe}: fees from {O|Velda}; grants from {O|Kirin}), ",
    "recipients": "This work was supported by {O|Velda} (to {P|Ann Roe}) and {O|Kirin}, ",
    "asides": "{P|Ann Roe} works for {O|Velda}, which was paid by {O|Kirin}, ",
    "persons": "{P|Ann Roe}, ",
    "cells": "honoraria\t{P|Ann Roe}\n",
}


@pytest.mark.parametrize("name", UNITS)
def test_work_grows_with_the_text_and_not_faster(name, document):
    """Count calls and not seconds: four times the text takes some four times as many."""
    unit = document(UNITS[name])

    def steps(times: int) -> int:
        n = len(unit.text)
        spans = tuple(
            Span(s.start + k * n, s.end + k * n, s.label) for k in range(times) for s in unit.spans
        )
        long = Document("d", unit.text * times, spans)
        count = 0

        def count_one(frame, event, arg):
            nonlocal count
            count += 1

        sys.setprofile(count_one)
        try:
            relations([long])
        finally:
            sys.setprofile(None)
        return count

    few = 4000 // len(unit.text)
    steps(1)
    assert steps(4 * few) < 5 * steps(few) + 2000


def test_a_megabyte():
    """A statement of a megabyte is done, whatever it says over and over."""
    text = "scientific medical advisory, personal fees no conflicts of all the other authors; "
    long = Document("d", text * (1_000_000 // len(text)), ())
    assert len(relations([long])) < 5
