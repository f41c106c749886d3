"""Density of a corpus and of text beside it."""

from __future__ import annotations

import math

import numpy as np
import pytest

import suffice
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.quality.density import against, density, headline
from suffice.stats._density.match import judge


def made(id, *sentences):
    """Return a document of sentences; every word in capitals is an entity."""
    text = " ".join(sentences)
    spans, at = [], 0
    for word in text.split(" "):
        if word.strip(".").isupper():
            spans.append(Span(at, at + len(word.strip(".")), "ORG"))
        at += len(word) + 1
    return Document(id, text, tuple(spans))


def test_by_hand():
    """Sentences 2, 1, 3; entities 3, 0, 1: four in six."""
    corpus = Corpus(
        (
            made("a", "The firm ACME paid ORLEX.", "We thank BRIX."),
            made("b", "Nothing else is declared."),
            made("c", "One more.", "And ZETA.", "The end."),
        )
    )
    found = density(corpus)
    assert (found.documents, found.sentences, found.entities) == (3, 6, 4)
    assert found.eps.estimate == pytest.approx(4 / 6)
    assert found.labels["ORG"].estimate == pytest.approx(4 / 6)
    assert found.by_document.most == 1.5
    assert found.by_document.mean == pytest.approx((1.5 + 0 + 1 / 3) / 3)
    assert found.per_document.mean == pytest.approx(4 / 3)
    assert found.production is None
    assert any("only 3 documents" in caveat for caveat in found.caveats)


@pytest.fixture(scope="module")
def halves():
    corpus = suffice.load_example(n=300)
    order = np.random.default_rng(0).permutation(300).tolist()
    chosen = corpus.select(corpus.documents[i].id for i in order[:150])
    return chosen, [corpus.documents[i] for i in order[150:]]


@pytest.fixture(scope="module")
def found(halves):
    annotated, hidden = halves
    return against(annotated, hidden, learner="lookup", name="hidden", margin=0.2)


def test_text_of_the_same_source(halves, found):
    _, hidden = halves
    production = found.production
    truth = density(Corpus(tuple(hidden))).eps.estimate
    assert production.every.low <= truth <= production.every.high
    assert production.verdict in ("match", "cannot tell")
    assert production.every.sample == pytest.approx(found.eps.estimate)
    for quantity in production.labels:
        assert quantity.sample == pytest.approx(found.labels[quantity.label].estimate)
    assert {m.what: m.verdict for m in production.matches}["tokens per sentence"] == "match"
    assert (production.documents, production.tagged, production.models) == (150, 150, 5)


def test_sparser_text_is_noticed(halves):
    """Every second sentence of production is one without entities."""
    annotated, hidden = halves
    filler = "There is nothing else to declare in this case."
    sparse = [Document(d.id, " ".join([d.text, *[filler] * 5]), d.spans) for d in hidden]
    found = against(annotated, sparse, learner="lookup")
    assert found.production.verdict == "sample is denser"
    assert "denser than production text" in headline(found.production)
    assert found.production.every.ratio > 1.5


def test_the_sample_itself_as_production(halves):
    """The example of docs/density.md: each document is tagged by the model that has not seen it,
    so that what is found is what the error was measured on, and the correction is exact."""
    annotated, _ = halves
    production = against(annotated, annotated.documents, learner="lookup").production
    assert production.every.found < 0.6 * production.every.sample
    assert production.every.corrected == pytest.approx(production.every.sample)
    assert production.every.ratio == pytest.approx(1)
    assert {m.ratio for m in production.matches} == {1.0}
    assert any("not seen those: 150 production documents" in c for c in production.caveats)


def test_the_smallest_margin_is_a_match(found):
    production = found.production
    every, least = production.every, production.within
    bounds = every.ratio_low, every.ratio_high, every.ratio_90
    assert judge(*bounds, 1.001 * least) == "match"
    assert judge(*bounds, 0.999 * least) == "cannot tell"


def test_only_some_are_tagged_and_that_is_said(halves):
    annotated, hidden = halves
    one, two = (against(annotated, hidden, learner="lookup", at_most=40) for _ in range(2))
    assert one.to_json() == two.to_json()
    assert one.production.tagged == 40
    assert any("40 of 150 production documents" in c for c in one.production.caveats)


def test_nothing_of_the_text_is_held(halves, found):
    told = found.to_json()
    for document in halves[1][:20]:
        assert document.text[:25] not in told
    assert "nan" not in told.lower()
    assert str(found).count("Caveat") == len(found._caveats())


def test_refusals(halves):
    annotated, hidden = halves
    with pytest.raises(InputError, match="margin"):
        against(annotated, hidden, learner="lookup", margin=0)
    with pytest.raises(InputError, match="two production documents"):
        against(annotated, hidden[:1], learner="lookup")
    assert math.isfinite(density(annotated).eps.low)
