"""Cut documents: their text and entities are the document's, and their density is pushed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice import Document, Span
from suffice.applications.density.cutting import KINDS, cut, pieces
from suffice.corpus.examples import load_example
from suffice.corpus.sentences import sentences

DOCUMENTS = load_example("disclosures", n=150).documents


def strings(document):
    return [(document.text[s.start : s.end], s.label) for s in document.spans]


@given(st.sampled_from(DOCUMENTS), st.sampled_from(KINDS), st.integers(0, 99))
def test_what_is_kept_is_the_documents_own(document, kind, seed):
    made = cut(document, kind, np.random.default_rng(seed))
    if made is None:
        return
    own = [document.text[a:b] for a, b in sentences(document)]
    kept = [made.text[a:b] for a, b in sentences(made)]
    assert "".join("".join(kept).split()) == "".join(made.text.split())
    places = iter(own)
    assert all(piece in places for piece in kept), "in another order"
    assert 0 < len(kept) < len(own)
    rest = iter(strings(document))
    assert all(string in rest for string in strings(made))
    if kind == "sparse":
        assert not made.spans
    if kind == "dense":
        assert strings(made) == strings(document)


def test_an_entity_over_a_boundary_keeps_its_sentences_together():
    text = "We thank A. B. Corp. for money. Nothing else. None."
    document = Document("1", text, (Span(9, 20, "ORG"),), sentences=((0, 11), (12, 31), (32, 45)))
    assert pieces(document) == [(0, 31, True), (32, 45, False)]
    dense = cut(document, "dense", np.random.default_rng(0))
    assert dense.text == "We thank A. B. Corp. for money."
    assert sentences(dense) == ((0, 11), (12, 31))
    assert dense.spans == (Span(9, 20, "ORG"),)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_one_piece_cannot_be_cut(kind):
    one = Document("1", "Orlex paid.", (Span(0, 5, "ORG"),))
    assert cut(one, kind, np.random.default_rng(0)) is None
