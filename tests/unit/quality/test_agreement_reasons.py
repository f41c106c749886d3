"""Why a coefficient of agreement, or its interval, is a dash: said in every view alike."""

import json
import math

import pytest

from suffice.cli import show_annotation
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.quality.agreement import agreement
from suffice.report.agreement_page import render

TEXT = "Ann Roe and Dee Low met Acme Works near Vess"


def compare(*rows):
    """Compare annotators on documents of one text; each row holds every annotator's spans."""
    return agreement(
        Corpus(
            tuple(
                Document(str(i), TEXT, annotators=dict(zip("ABC", spans, strict=False)))
                for i, spans in enumerate(rows)
            )
        )
    )


def printed(found, capsys):
    show_annotation.agreement(found)
    return " ".join(capsys.readouterr().out.split())


PERSON, ORG, LONGER = Span(0, 7, "PER"), Span(24, 34, "ORG"), Span(0, 3, "PER")


@pytest.mark.parametrize(
    ("rows", "name", "says"),
    [
        ([((PERSON,), (PERSON,))] * 3, "Cohen κ of these labels", "have one label"),
        ([((), ())] * 3, "span F1, exact", "nobody marked anything"),
        ([((), ())] * 3, "units with identical boundaries", "nobody marked anything"),
        ([((), ())] * 3, "labels of tokens, Cohen κ", "all tokens have one code"),
        ([((PERSON,), (LONGER,))] * 3, "of these, with the same label", "the same boundaries"),
        ([((PERSON,), (LONGER,))] * 3, "Cohen κ of these labels", "the same boundaries"),
        ([((PERSON,), (PERSON,), (PERSON,))] * 3, "Fleiss κ of these labels", "have one label"),
        ([((PERSON,), ())], "span F1, exact", "needs at least two documents"),
        ([((PERSON, ORG), (PERSON, ORG))] * 3, "span F1, exact", "always gives the same value"),
        ([((PERSON,), (PERSON,))] * 3, "units per document, ICC2", "all ratings are the same"),
        ([((), ()), ((PERSON,), (PERSON,))], "units per document, ICC2", "no disagreement"),
    ],
)
def test_every_dash_has_its_reason_in_every_view(rows, name, says, capsys):
    found = compare(*rows)
    assert says in found.reasons()[name]
    assert says in json.loads(found.to_json())["reasons"][name]
    assert says in printed(found, capsys)
    assert says in " ".join(render(found).split())


@pytest.mark.parametrize(
    "rows",
    [
        [((), ())] * 2,
        [((PERSON,), (PERSON,))] * 2,
        [((PERSON, ORG), (PERSON,)), ((ORG,), (ORG,)), ((), ())],
        [((PERSON,), (LONGER,), ()), ((ORG,), (ORG,), (ORG,))],
        [((PERSON,), (PERSON,))],
    ],
)
def test_nothing_is_a_dash_without_a_reason_and_no_interval_is_a_point(rows):
    found = compare(*rows)
    for name, value, (low, high) in found.rows():
        assert low != high
        if math.isnan(value) or math.isnan(low):
            assert found.reasons()[name.strip()]


def test_documents_that_all_agree_are_not_called_only_0():
    found = compare(*[((PERSON, ORG), (PERSON, ORG))] * 12)
    assert not any("only 0" in caveat for caveat in found.caveats)
    # 1 - .05^(1/12): the exact upper limit of a share of which 0 of 12 are seen
    assert any("up to 22% of further ones" in caveat for caveat in found.caveats)


def test_one_document_that_differs_is_one():
    same = ((PERSON, ORG), (PERSON, ORG))
    found = compare(same, same, ((PERSON,), (ORG,)))
    assert any("only 1 document contains a disagreement" in caveat for caveat in found.caveats)


def test_where_nobody_marked_anything_that_is_said_first():
    assert "nobody marked anything" in compare(*[((), ())] * 3).caveats[0]


def test_what_is_true_of_a_coefficient_with_a_value_is_kept():
    rows = [((PERSON, ORG), (PERSON,), (PERSON,)), ((ORG,), (Span(24, 34, "PER"),), (ORG,))]
    found = compare(*rows)
    assert any("2 documents that 3 annotated" in said for said in found.on_coefficients())
