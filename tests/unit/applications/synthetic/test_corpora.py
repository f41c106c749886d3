"""Two corpora made comparable."""

import pytest

import suffice
from suffice.applications.synthetic.corpora import pair_corpora
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import InputError, TooSmallError


@pytest.fixture(scope="module")
def example():
    return suffice.load_example(n=60)


def test_same_ids_on_both_sides(example):
    both = pair_corpora(example, example)
    assert len(both.documents) == 120
    assert len(both.families) >= 60  # each document repeats itself


def test_labels_that_only_synthetic_text_has(example):
    renamed = example.with_labels(lambda label: "COMPANY" if label == "ORG" else label)
    with pytest.raises(InputError) as told:
        pair_corpora(example, renamed)
    said = str(told.value)
    assert "has COMPANY, which" in said and "it has ORG, PERSON" in said
    assert "--synthetic-labels, as 'COMPANY=ORG,*'" in said


def test_labels_that_synthetic_text_lacks_are_a_caveat(example):
    fewer = example.with_labels(lambda label: label if label == "ORG" else None)
    both = pair_corpora(example, fewer)
    assert both.labels == ("ORG", "PERSON")
    assert any("no entities of PERSON" in c for c in both.caveats)


def test_too_small(example):
    few = Corpus(tuple(Document(str(i), f"A {i}", (Span(0, 1, "ORG"),)) for i in range(5)), "few")
    with pytest.raises(TooSmallError, match="few has 5 documents with 5 entities"):
        pair_corpora(example, few)


def test_groups_of_the_two_sides_are_apart(example):
    from dataclasses import replace

    grouped = Corpus(tuple(replace(d, group="same") for d in example.documents))
    both = pair_corpora(grouped, grouped)
    assert set(both.units(both.real)) == {"group:r:same"}
    assert set(both.units(both.synthetic)) == {"group:s:same"}
