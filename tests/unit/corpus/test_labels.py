"""Rules for labels."""

import pytest

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.labels import parse_labels, split_names
from suffice.errors import InputError

LABELS = ("funder", "individual", "institution", "misc")


def mapped(rules):
    parsed = parse_labels(rules)
    return {label: new for label in LABELS if (new := parsed(label)) is not None}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("individual=PERSON, funder=ORG,institution=ORG",
         {"individual": "PERSON", "funder": "ORG", "institution": "ORG"}),
        ("funder,misc", {"funder": "funder", "misc": "misc"}),
        ("-misc", {"funder": "funder", "individual": "individual", "institution": "institution"}),
        ("misc=", {"funder": "funder", "individual": "individual", "institution": "institution"}),
        ("*=ENTITY", dict.fromkeys(LABELS, "ENTITY")),
        ("*=ENTITY,-misc", dict.fromkeys(LABELS[:3], "ENTITY")),
        ("*,misc=OTHER", {**dict(zip(LABELS, LABELS, strict=True)), "misc": "OTHER"}),
        ("funder=ORG,-misc", {"funder": "ORG"}),
        (["funder=ORG", "misc"], {"funder": "ORG", "misc": "misc"}),
        ({"funder": "A,B", "misc": None, "*": "*"},
         {"funder": "A,B", "individual": "individual", "institution": "institution"}),
        ({"misc": None}, {"funder": "funder", "individual": "individual",
                          "institution": "institution"}),
    ],
)  # fmt: skip
def test_rules(rules, expected):
    assert mapped(rules) == expected


@pytest.mark.parametrize(
    ("rules", "new"),
    [
        ('"A, B"=X', {"A, B": "X"}),
        ('"A, B"', {"A, B": "A, B"}),
        ('-"A, B"', {"A, B": None}),
        ('"A, B"=,C', {"A, B": None, "C": "C"}),
        ('C = "A, B" , "E=F"="G=H",D=I=J', {"C": "A, B", "E=F": "G=H", "D": "I=J"}),
        ('"-A"="-B","*"', {"-A": "-B", "*": "*"}),
        ('"say ""A"""=A', {'say "A"': "A"}),
        ('5" nail=N,6" nail', {'5" nail': "N", '6" nail': '6" nail'}),
        ("-A:B,C:D=E", {"A:B": None, "C:D": "E"}),
        (['"A, B"=X', "C, D=E", "-F, G"], {"A, B": "X", "C, D": "E", "F, G": None}),
    ],
)
def test_names_in_double_quotes(rules, new):
    parsed = parse_labels(rules)
    rest = {"*": parsed.rest} if parsed.rest else {}
    assert dict(parsed.new) | rest == new


def test_split_names():
    assert split_names(' A, "B, C" ,"D ""E""",, F" ') == ["A", "B, C", 'D "E"', 'F"']
    assert split_names(" , ") == []


def test_a_label_with_a_comma_is_told_with_its_quotes():
    with pytest.raises(InputError) as caught:
        parse_labels("Smith, J.=PER").check(["ORG", "Smith, J."])
    assert str(caught.value).endswith(
        'it has ORG, "Smith, J." (write the double quotes of "Smith, J." as well)'
    )


def test_a_label_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(
        InputError,
        match=r"'Funder', which the corpus does not have; it has "
        r"funder, individual, institution, misc \(did you mean 'funder'\?\)",
    ):
        parse_labels("Funder=ORG").check(LABELS)  # fmt: skip
    with pytest.raises(InputError, match="it has no labels at all"):
        parse_labels("-a").check([])
    parse_labels("funder,*=X").check(LABELS)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("", "holds no rule"),
        (" , ", "holds no rule"),
        ("=B", "names no label"),
        ("A=B,A=C", "two rules for 'A'"),
        ({"A": " "}, "gives 'A' an empty name"),
        ('"A=B', "do not enclose a whole name"),
        ('"A"B=C', "do not enclose a whole name"),
        ('A="B', "do not enclose a whole name"),
        ('-"A"=B', 'quotes in -"A" do not enclose a whole name'),
    ],
)
def test_bad_rules(rules, message):
    with pytest.raises(InputError, match=message):
        parse_labels(rules)


def test_merging_keeps_equal_spans_once_and_reaches_annotators():
    spans = (Span(0, 2, "a"), Span(0, 2, "b"), Span(3, 4, "c"))
    corpus = Corpus((Document("1", "ab c", spans, annotators={"x": spans[:2]}),))
    merged = corpus.with_labels(parse_labels("a=Z,b=Z"))
    assert merged.documents[0].spans == (Span(0, 2, "Z"),)
    assert merged.documents[0].annotators == {"x": (Span(0, 2, "Z"),)}
