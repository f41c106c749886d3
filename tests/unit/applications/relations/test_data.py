"""The test set of disclosure statements is whole: markup, rows, split. Prints none of its text."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.statements import read as data

HALVES = ("open.jsonl", "held_out.jsonl")
SIZES = {"open.jsonl": 100, "held_out.jsonl": 100, "second.jsonl": 120, "third.jsonl": 80}


def records(name):
    lines = (data.FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", SIZES)
def test_every_statement_is_sound(name):
    faults = [(r["id"], p) for r in records(name) for p in data.problems(r)]
    assert not faults, f"{name}: {faults}"
    assert len(data.read(data.FOLDER / name)) == SIZES[name]


@pytest.mark.parametrize("name", SIZES)
def test_marking_the_parsed_text_gives_the_line_back(name):
    broken = [r["id"] for r in records(name) if data.mark(*data.parse(r["text"])) != r["text"]]
    assert not broken


def test_no_statement_occurs_twice_and_halves_have_the_same_styles():
    parts = [records(name) for name in SIZES]
    ids = [r["id"] for part in parts for r in part]
    assert sorted(ids) == [f"d{n:03d}" for n in range(1, 401)]
    texts = [[" ".join(r["text"].split()).casefold() for r in part] for part in parts]
    assert all(max(Counter(part).values()) == 1 for part in texts), "one occurs twice in a part"
    named = Counter(text for part in texts for text in part if "{" in text)
    assert max(named.values()) == 1, "a statement with names occurs in two parts"
    styles = [Counter(r["style"] for r in part) for part in parts[:2]]
    assert styles[0] == styles[1]
    assert len(styles[0]) == 25


@pytest.mark.parametrize("name", HALVES)
def test_each_half_has_every_kind_and_both_sorts_of_statement(name):
    half = records(name)
    assert {row["kind"] for r in half for row in r["rows"]} == set(data.KINDS)
    given_authors = sum(r["authors"] is not None for r in half)
    nothing = sum(all(row["kind"] == "none" for row in r["rows"]) for r in half)
    assert 30 <= given_authors <= 50
    assert 8 <= nothing <= 25


def test_a_statement_by_hand():
    text, spans = data.parse("{P|A. Petrov}: fees from {O|Lumirax, Inc}.")
    assert text == "A. Petrov: fees from Lumirax, Inc."
    assert [(s.start, s.end, s.label) for s in spans] == [(0, 9, "PERSON"), (21, 33, "ORG")]


ROW = {"person": "A. Petrov", "organisation": "Lumirax", "kind": "honoraria"}
SOUND = {
    "id": "d001",
    "style": "made",
    "text": "{P|A. Petrov}: fees from {O|Lumirax}.",
    "authors": None,
    "rows": [ROW],
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": "{P|A. Petrov}: fees from {Lumirax}."}, "broken markup"),
        ({"text": "{P|A. Petrov}: fees from {O|Lumirax.}"}, "full stop"),
        ({"text": "{P|A. Petrov:} fees from {O|Lumirax}."}, "punctuation"),
        ({"text": "{P|A. Petrova}: fees from {O|Lumirax}."}, "neither marked"),
        ({"text": "{P|A. Petrov}: fees from Lumirax."}, "organisation that is not marked"),
        ({"rows": [ROW, ROW]}, "row twice"),
        ({"rows": [{**ROW, "kind": "fees"}]}, "kind"),
        ({"rows": [{**ROW, "kind": "none"}]}, "none with an organisation"),
        ({"rows": [{**ROW, "person": None}]}, "row of nobody's"),
        ({"authors": ["A. Petrov", "A. Petrov"]}, "authors"),
        (
            {
                "rows": [
                    *SOUND["rows"],
                    {"person": "A. Petrov", "organisation": None, "kind": "none"},
                ]
            },
            "none beside an interest",
        ),
    ],
)
def test_each_fault_is_found(change, problem):
    assert not list(data.problems(SOUND))
    assert any(problem in found for found in data.problems({**SOUND, **change}))


def test_phrase_is_no_person_where_authors_are_given():
    rows = [{"person": "all authors", "organisation": "Lumirax", "kind": "shares"}]
    assert not list(data.problems({**SOUND, "rows": rows}))
    assert list(data.problems({**SOUND, "rows": rows, "authors": ["Anna Petrov"]}))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "P", "O"]),
            st.text(st.characters(exclude_characters="{|}", exclude_categories=["Cs"]), min_size=1),
        )
    )
)
def test_parse_and_mark_are_inverse(pieces):
    marked = "".join(f"{{{kind}|{text}}}" if kind else text for kind, text in pieces)
    text, spans = data.parse(marked)
    assert text == "".join(piece for _, piece in pieces)
    assert data.mark(text, spans) == marked
