"""The card of a kept model: its numbers are those that are known, and it holds no text."""

from __future__ import annotations

import pytest
import yaml

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.write import write
from suffice.learners.lookup import Lookup
from suffice.models.card import UNKNOWN, Scored, card
from suffice.study.study import StoredStudy
from tests.made import lookup_spec

KNOWN = Scored(
    how="all",
    documents=40,
    sentences=123,
    f1=0.8765,
    low=0.8012,
    high=0.9123,
    basis="what the curve says",
    by_label=(("PER", 0.91), ("ORG", float("nan"))),
    caveats=("few documents were scored",),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("card")
    documents = (
        Document(str(i), f"Zebedee met Quux {i}.", (Span(0, 7, "PER"), Span(12, 16, "ORG")))
        for i in range(40)
    )
    write(Corpus(tuple(documents)), folder / "notes.jsonl")
    with StoredStudy.create(folder / "study", lookup_spec(folder / "notes.jsonl", seed=7)) as made:
        yield made


def head_of(text):
    """Return the fields of the card's head."""
    return yaml.safe_load(text.split("---\n")[1])


def test_its_numbers_are_those_that_are_known(study):
    text = card(study, Lookup({}), KNOWN, license="mit", data_license="cc0-1.0")
    assert head_of(text)["license"] == "mit"
    assert head_of(text)["pipeline_tag"] == "token-classification"
    assert "- learner: lookup, backbone: none\n" in text
    assert "- trained on 40 documents, 123 sentences (all there were)\n" in text
    assert "Exact micro-F1 0.876 (95 % interval 0.801 to 0.912).\n" in text
    assert "Basis: what the curve says.\n" in text
    assert "| PER | 0.910 | 40 |\n| ORG | none to score | 40 |\n" in text
    assert "- licence of the annotated text: cc0-1.0\n" in text
    assert "- Few documents were scored.\n" in text
    assert "the study's seed was 7." in text


def test_what_is_not_known_is_said_to_be_unknown(study):
    nan = float("nan")
    unknown = Scored("best", 30, 90, nan, nan, nan, "nothing to score on", (), ())
    text = card(study, Lookup({}), unknown)
    assert "F1 is not known.\n" in text
    assert "(the training pool, without the selection set)\n" in text
    assert text.count(UNKNOWN) == 2
    assert "| ORG | 40 |\n| PER | 40 |\n" in text


def test_no_text_of_documents_is_in_it(study):
    text = card(study, Lookup({}), KNOWN)
    assert "Zebedee" not in text
    assert "Quux" not in text
