"""What `suffice.applications.relations` reads from sentences of our own, a rule at a time."""

from __future__ import annotations

import pytest

from suffice.applications.relations.relate import LONGEST, relations
from suffice.corpus.document import Document, Span

THREE = ["Ann Beth Roe", "Carl Lee", "Dora van der Mund"]

CASES = {
    "a list": (
        "{P|Roe A} received honoraria from {O|Velda}, {O|Ostrom} and {O|Kirin Labs}.",
        {("Roe A", o, "honoraria") for o in ("Velda", "Ostrom", "Kirin Labs")},
    ),
    "every kind with every organisation": (
        "{P|A. Roe} reports grants and personal fees from {O|Velda} and {O|Ostrom}.",
        {("A. Roe", o, k) for o in ("Velda", "Ostrom") for k in ("research funding", "honoraria")},
    ),
    "the activity before the word for money": (
        "{P|A. Roe} received honoraria for lectures from {O|Velda}, fees from {O|Ostrom} for "
        "consulting, and speaker honoraria from {O|Kirin}.",
        {
            ("A. Roe", "Velda", "speaker"),
            ("A. Roe", "Ostrom", "consulting"),
            ("A. Roe", "Kirin", "speaker"),
        },
    ),
    "semicolons and one person for each": (
        "{P|Roe A}: consultant: {O|Velda}; travel grants: {O|Ostrom}; {P|Lee C}: none.",
        {
            ("Roe A", "Velda", "consulting"),
            ("Roe A", "Ostrom", "travel"),
            ("Lee C", None, "none"),
        },
    ),
    "respectively: persons": (
        "{P|Roe A} and {P|Lee C} got grants from {O|Velda} and {O|Ostrom}, respectively.",
        {("Roe A", "Velda", "research funding"), ("Lee C", "Ostrom", "research funding")},
    ),
    "respectively: kinds": (
        "{P|Roe A} and {P|Lee C} own shares and have patents with {O|Velda}, respectively.",
        {("Roe A", "Velda", "shares"), ("Lee C", "Velda", "patents")},
    ),
    "no organisation is named": (
        "{P|A. Roe} holds a patent on the method.",
        {("A. Roe", None, "patents")},
    ),
    "persons last": (
        "Lecture fees were paid by {O|Velda} to {P|A. Roe} and {P|C. Lee}.",
        {("A. Roe", "Velda", "speaker"), ("C. Lee", "Velda", "speaker")},
    ),
    "by kind": (
        "Honoraria: {O|Velda} ({P|A. Roe}, {P|C. Lee}), {O|Ostrom} ({P|C. Lee}).",
        {
            ("A. Roe", "Velda", "honoraria"),
            ("C. Lee", "Velda", "honoraria"),
            ("C. Lee", "Ostrom", "honoraria"),
        },
    ),
    "the company before the kind": (
        "{P|Roe A} - {O|Velda}: consultancy, honoraria; {O|Ostrom}: research funding.",
        {
            ("Roe A", "Velda", "consulting"),
            ("Roe A", "Velda", "honoraria"),
            ("Roe A", "Ostrom", "research funding"),
        },
    ),
    "what is left out": (
        "{P|A. Roe} was supported by {O|Velda}, {P|C. Lee} by {O|Ostrom}.",
        {("A. Roe", "Velda", "research funding"), ("C. Lee", "Ostrom", "research funding")},
    ),
    "a pronoun": (
        "{P|A. Roe} advises {O|Velda}. She also owns stock in {O|Ostrom}.",
        {("A. Roe", "Velda", "consulting"), ("A. Roe", "Ostrom", "shares")},
    ),
    "the company again": (
        "{P|A. Roe} is an employee of {O|Velda} and holds stock in the company.",
        {("A. Roe", "Velda", "employment"), ("A. Roe", "Velda", "shares")},
    ),
    "a relative": (
        "{P|A. Roe}'s spouse is employed by {O|Velda}.",
        {("A. Roe", "Velda", "other")},
    ),
    "a subsidiary": (
        "{P|A. Roe} is employed by {O|Velda}, a subsidiary of {O|Ostrom}.",
        {("A. Roe", "Velda", "employment")},
    ),
    "a short form": (
        "{P|A. Roe} has grants from the {O|National Heart Fund} ({O|NHF}); {P|C. Lee} is employed "
        "by {O|NHF}.",
        {
            ("A. Roe", "National Heart Fund", "research funding"),
            ("C. Lee", "National Heart Fund", "employment"),
        },
    ),
    "one kind is denied": (
        "{P|A. Roe} owns no stock and has not received honoraria from {O|Velda}.",
        set(),
    ),
    "no conflicts but": (
        "{P|A. Roe} has no conflicts of interest but has received travel grants from {O|Velda}.",
        {("A. Roe", "Velda", "travel")},
    ),
    "no other conflicts": (
        "{P|A. Roe} received honoraria from {O|Velda}. The authors declare no other conflicts.",
        {("A. Roe", "Velda", "honoraria")},
    ),
    "may hold": (
        "{P|A. Roe} is an employee of {O|Velda} and may hold stock.",
        {("A. Roe", "Velda", "employment")},
    ),
    "nobody": ("None declared.", {("the authors", None, "none")}),
    "everybody": (
        "All authors: nothing to disclose.",
        {("all authors", None, "none")},
    ),
    "the others": (
        "{P|A. Roe} is paid by {O|Velda}. The remaining authors have no conflicts.",
        {("A. Roe", "Velda", "honoraria"), ("the other authors", None, "none")},
    ),
    "the study": (
        "This work was supported by {O|Velda}. The drug was supplied by {O|Ostrom}.",
        {(None, "Velda", "research funding"), (None, "Ostrom", "other")},
    ),
    "a grant of a person's": (
        "This work was supported by a grant from {O|Velda} to {P|A. Roe}.",
        {("A. Roe", "Velda", "research funding")},
    ),
    "writing assistance": (
        "Medical writing was provided by {P|Pat Hill} of {O|Wordwise}, funded by {O|Velda}.",
        {(None, "Velda", "other")},
    ),
    "empty headings": (
        "{P|A. Roe}: grants: none; fees: none. {P|C. Lee}: grants: {O|Velda}; fees: none.",
        {("A. Roe", None, "none"), ("C. Lee", "Velda", "research funding")},
    ),
    "a title ends no sentence": (
        "Grants were given to Dr. {P|Roe} by {O|Velda}.",
        {("Roe", "Velda", "research funding")},
    ),
    "columns": (
        "Author\tEmployment\tHonoraria\n{P|A. Roe}\t{O|Velda}\tNone\n{P|C. Lee}\t-\t-",
        {("A. Roe", "Velda", "employment"), ("C. Lee", None, "none")},
    ),
    "codes": (
        "{P|A. Roe}, {O|Velda} (C, S); {P|C. Lee}, none. C = consultant, S = stock.",
        {
            ("A. Roe", "Velda", "consulting"),
            ("A. Roe", "Velda", "shares"),
            ("C. Lee", None, "none"),
        },
    ),
    "a company at the head": (
        "{O|Velda}: {P|A. Roe} (consultant), {P|C. Lee} (speaker, grants).",
        {
            ("A. Roe", "Velda", "consulting"),
            ("C. Lee", "Velda", "speaker"),
            ("C. Lee", "Velda", "research funding"),
        },
    ),
    "a kind at the head": (
        "Grants: {O|Velda} to {P|A. Roe}; {O|Ostrom} to {P|C. Lee}.",
        {("A. Roe", "Velda", "research funding"), ("C. Lee", "Ostrom", "research funding")},
    ),
    "the following authors": (
        "The following authors have nothing to disclose: {P|A. Roe}, {P|C. Lee}.",
        {("A. Roe", None, "none"), ("C. Lee", None, "none")},
    ),
    "the same and both": (
        "{P|A. Roe} received grants from {O|Velda}; {P|C. Lee} travel support from {O|Ostrom}; "
        "{P|D. Mund} received both from {O|Kirin}; {P|E. Pike} the same from {O|Halo}.",
        {
            ("A. Roe", "Velda", "research funding"),
            ("C. Lee", "Ostrom", "travel"),
            ("D. Mund", "Kirin", "research funding"),
            ("D. Mund", "Kirin", "travel"),
            ("E. Pike", "Halo", "research funding"),
            ("E. Pike", "Halo", "travel"),
        },
    ),
    "both persons": (
        "{P|A. Roe} is an employee of {O|Velda}, {P|C. Lee} of {O|Ostrom}. Both have consulted for "
        "{O|Kirin}. Neither has shares in {O|Kirin}.",
        {
            ("A. Roe", "Velda", "employment"),
            ("C. Lee", "Ostrom", "employment"),
            ("A. Roe", "Kirin", "consulting"),
            ("C. Lee", "Kirin", "consulting"),
        },
    ),
    "what a payment was for, organisation by organisation": (
        "{P|A. Roe} reports personal fees from {O|Velda} for advisory boards and from {O|Ostrom} "
        "for lectures.",
        {("A. Roe", "Velda", "consulting"), ("A. Roe", "Ostrom", "speaker")},
    ),
    "a wrong spelling": (
        "{P|A. Roe} recieved honararia from {O|Velda}. {P|C. Lee}: no confict of intrest.",
        {("A. Roe", "Velda", "honoraria"), ("C. Lee", None, "none")},
    ),
    "the former and the latter": (
        "{P|A. Roe} works with {O|Velda} and {O|Ostrom}: she has honoraria from the latter.",
        {("A. Roe", "Ostrom", "honoraria")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rule(name, rows):
    text, expected = CASES[name]
    assert rows(text) == expected


def test_phrases_become_authors(rows):
    text = "{P|ABR} advises {O|Velda}. {P|C. Lee} has no conflicts. The other authors have none."
    assert rows(text, THREE) == {
        ("Ann Beth Roe", "Velda", "consulting"),
        ("Carl Lee", None, "none"),
        ("Dora van der Mund", None, "none"),
    }
    assert rows("All authors are employees of {O|Velda}.", THREE) == {
        (a, "Velda", "employment") for a in THREE
    }
    assert rows("We have no competing interests.", THREE) == {(a, None, "none") for a in THREE}


def test_nobody_has_none_beside_an_interest(rows):
    text = "The authors declare no conflicts of interest. {P|CL} owns stock in {O|Velda}."
    assert rows(text, THREE) == {
        ("Carl Lee", "Velda", "shares"),
        ("Ann Beth Roe", None, "none"),
        ("Dora van der Mund", None, "none"),
    }


def test_a_row_points_to_its_clause(document):
    found = relations([document("{P|A. Roe} has no stock; she advises {O|Velda}; and so on.")])
    assert [r.clause for r in found] == ["she advises Velda"]
    text = document("{P|A. Roe} has no stock; she advises {O|Velda}; and so on.").text
    assert text[found[0].start : found[0].end] == found[0].clause
    assert found[0].rule == "carried"
    assert 0 < found[0].confidence < 1


def test_clauses_can_be_left_out_and_are_cut(document):
    one = document("{P|A. Roe} advises {O|Velda}" + " and so on" * 300)
    assert len(relations([one])[0].clause) == LONGEST
    assert relations([one], with_clauses=False)[0].clause == ""


def test_labels_are_named():
    one = Document("d", "Roe advises Velda.", (Span(0, 3, "individual"), Span(12, 17, "funder")))
    assert relations([one]) == ()
    found = relations([one], person=("individual",), organisation=("funder",))
    assert [(r.person, r.organisation, r.kind) for r in found] == [("Roe", "Velda", "consulting")]


def test_words_in_a_name_are_no_phrase(rows):
    assert rows("{P|A. Roe} lectured for {O|The Research Grant Trust}.") == {
        ("A. Roe", "The Research Grant Trust", "speaker")
    }
