"""Mending: what changes, what never does, and that twice is once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus import Corpus, Document, Span, fix, inspect
from suffice.corpus.mend import KINDS, Change


def test_by_hand():
    documents = (
        Document("a", "Ann  met Bo .", (Span(0, 4, "P"), Span(3, 5, "P"), Span(8, 12, "P ")),
                 ((0, 13),), annotators={"x": (Span(8, 11, "P"),)}),
        Document("b", "Bo", (Span(0, 2, "P"), Span(0, 2, "P"), Span(0, 2, "p "))),
        *(Document(f"c{i}", "Ann", (Span(0, 3, "P"),)) for i in range(60)),
        Document("d", "Oslo Rom", (Span(0, 4, "LOC"), Span(5, 8, "Loc"))),
    )  # fmt: skip
    mended, changes = fix(Corpus(documents, "n", notes=("kept",)))
    assert mended.documents[0] == replace(
        documents[0],
        spans=(Span(0, 3, "P"), Span(9, 11, "P")),
        annotators={"x": (Span(9, 11, "P"),)},
    )
    assert mended.documents[1].spans == (Span(0, 2, "P"),)
    assert mended.documents[2:] == documents[2:]
    assert (mended.name, mended.notes) == ("n", ("kept",))
    assert set(changes) == {
        Change("trimmed", "a", Span(0, 4, "P"), Span(0, 3, "P")),
        Change("nothing but white space", "a", Span(3, 5, "P"), None),
        Change("trimmed", "a", Span(8, 12, "P "), Span(9, 11, "P ")),
        Change("label trimmed", "a", Span(9, 11, "P "), Span(9, 11, "P")),
        Change("trimmed", "a", Span(8, 11, "P"), Span(9, 11, "P"), "x"),
        Change("repeat dropped", "b", Span(0, 2, "P"), None),
        Change("label trimmed", "b", Span(0, 2, "p "), Span(0, 2, "p")),
        Change("label merged", "b", Span(0, 2, "p"), Span(0, 2, "P")),
        # Two there, and one more that merging made equal.
    }
    assert [c.kind for c in changes if c.document == "b"].count("repeat dropped") == 2


SPACED = st.text("ab \n\xa0.", min_size=1, max_size=12).filter(lambda t: not t.isspace())
LABELS = st.sampled_from(["ORG", "Org", "ORG ", " ORG", "oRG", "P", "p", "P Q", "P  q"])


@st.composite
def corpora(draw):
    documents = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(SPACED)
        edge = st.integers(0, len(text))
        pairs = draw(st.lists(st.tuples(edge, edge, LABELS), max_size=6))
        some = [Span(min(a, b), max(a, b), label) for a, b, label in pairs if a != b]
        own = {"x": tuple(sorted(some[::2]))} if draw(st.booleans()) else {}
        documents.append(Document(str(number), text, tuple(sorted(some)), annotators=own))
    many = [Document(f"m{i}", "a", (Span(0, 1, "ORG"),)) for i in range(draw(st.integers(0, 80)))]
    return Corpus((*documents, *many))


@given(corpora())
def test_mending_keeps_text_and_is_done_once(corpus):
    mended, changes = fix(corpus)
    assert fix(mended) == (mended, ())
    assert {change.kind for change in changes} <= KINDS.keys()
    assert bool(changes) == (mended != corpus)
    for old, new in zip(corpus, mended, strict=True):
        assert replace(new, spans=old.spans, annotators=old.annotators) == old
        for span in new.spans:
            inside = old.text[span.start : span.end]
            assert inside == inside.strip() != "" and span.label == span.label.strip()
        assert len(set(new.spans)) == len(new.spans)
        # What was marked stays marked, and nothing else: characters, white space at edges apart.
        assert _marked(old) == _marked(new)
    counts = inspect(mended).problem_counts()
    assert not {"edge white space", "label white space", "repeated"} & counts.keys()


def _marked(document):
    return {
        (i, " ".join(s.label.casefold().split()))
        for s in document.spans
        for i in range(s.start, s.end)
        if not document.text[i].isspace()
    }


@given(corpora())
def test_every_change_leads_from_before_to_after(corpus):
    """Doing the listed changes by hand gives the same spans."""
    mended, changes = fix(corpus)
    for old, new in zip(corpus, mended, strict=True):
        spans = list(old.spans)
        for change in changes:
            if change.document != old.id or change.annotator is not None:
                continue
            spans.remove(change.before)
            if change.after is not None:
                spans.append(change.after)
        assert tuple(sorted(spans)) == new.spans


def test_labels_are_merged_only_where_one_is_clearly_meant():
    def corpus(usual, other):
        labels = ["ORG"] * usual + ["Org"] * other
        return Corpus(tuple(Document(str(i), "A", (Span(0, 1, x),)) for i, x in enumerate(labels)))

    assert fix(corpus(95, 5))[0].labels == ("ORG",)
    assert fix(corpus(94, 6)) == (corpus(94, 6), ())
    assert inspect(corpus(94, 6)).problem_counts()["label variants"] == 6
