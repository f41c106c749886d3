"""Two taggings of the same texts, side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.models.compare import Piece, compare, pieces

TEXT = "Abt K reports fees from Orlex and Mave."
ABT, ORLEX, MAVE = (0, 5), (24, 29), (34, 38)


def corpus(*spans, name="a", text=TEXT):
    return Corpus((Document(name, text, tuple(Span(*ends, label) for ends, label in spans)),))


def test_before_and_after_as_in_the_papers_example():
    (pair,) = compare(
        corpus((ABT, "ORG"), (ORLEX, "ORG")),
        corpus((ABT, "PERSON"), (ORLEX, "ORG"), (MAVE, "ORG")),
    )
    assert (pair.same, pair.relabelled, pair.lost, pair.new) == (1, 1, 0, 1)
    assert pair.before[0] == Piece("Abt K", "ORG", differs=True)
    assert pair.after[0] == Piece("Abt K", "PERSON", differs=True)
    assert Piece("Orlex", "ORG") in pair.before
    assert Piece("Orlex", "ORG") in pair.after
    assert Piece("Mave", "ORG", differs=True) in pair.after


def test_alike():
    (pair,) = compare(corpus((ABT, "PERSON")), corpus((ABT, "PERSON")))
    assert not pair.differs


def test_documents_that_only_one_has_are_left_out_and_none_in_common_is_an_error():
    with pytest.raises(InputError, match="no document in common"):
        compare(corpus(name="a"), corpus(name="b"))
    with pytest.raises(InputError, match="another after") as error:
        compare(corpus(), corpus(text="Something else."))
    assert "Orlex" not in str(error.value)


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9), st.sampled_from("AB")).map(
        lambda s: Span(s[0], s[0] + s[1], s[2])
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_pieces_make_up_the_text_and_counts_add_up(one, two):
    text = "abcdefghijklmnopqrstuvwxyz0123"
    assert "".join(p.text for p in pieces(text, one, set(two))) == text
    before = Corpus((Document("a", text, tuple(sorted(set(one)))),))
    after = Corpus((Document("a", text, tuple(sorted(set(two)))),))
    (pair,) = compare(before, after)
    (back,) = compare(after, before)
    assert (pair.lost, pair.new, pair.same) == (back.new, back.lost, back.same)
    assert pair.same == len(set(one) & set(two))
    assert pair.differs == (set(one) != set(two))
