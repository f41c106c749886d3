"""Splitters by name: exact offsets, and what is said where one is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus import Corpus, Document, Span, compare_splitters
from suffice.corpus.sentences import icu, sentences
from suffice.corpus.splitters import registry
from suffice.corpus.splitters.edges import stripped
from suffice.errors import CorpusError, InputError
from suffice.testing import check_splitter

pytest.importorskip("sentencex")
pytest.importorskip("spacy")

NOTE = """Chief Complaint:
short of breath for 3 days, worse
on exertion
HPI: seen by Dr. Ito. He takes metoprolol 12.5 mg
p.o. b.i.d. and was given
0.5 mg i.v. No chest pain.
Medications:
1. Aspirin 81 mg daily
2. Lasix 20 mg
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    "aB1.;!? \r\n\t\xa0\u2029\u3000(😀)é\u0301\x1c", max_size=60
)


def pieces(name):
    found = sentences(Document("n", NOTE), name)
    return [" ".join(NOTE[a:b].split()) for a, b in found]


def test_wrapped_clinical_text():
    """What a library does with line breaks, abbreviations and lists, as read by a person."""
    assert pieces("sentencex") == [
        "Chief Complaint: short of breath for 3 days, worse on exertion HPI: seen by Dr. Ito.",
        "He takes metoprolol 12.5 mg p.o. b.i.d. and was given 0.5 mg i.v. No chest pain.",
        "Medications:", "1. Aspirin 81 mg daily", "2. Lasix 20 mg",
    ]  # fmt: skip
    assert "HPI: seen by Dr." in pieces("icu")[0] and "Dr. Ito." in " ".join(pieces("spacy"))
    assert len(pieces("icu")) > len(pieces("sentencex"))


@pytest.mark.parametrize("name", ["spacy", "sentencex"])
def test_ours_pass_the_suite(name):
    check_splitter(registry._loaded(name))


def test_icu_passes_the_suite():
    check_splitter(lambda text, language: icu(text))


@pytest.mark.parametrize("name", ["spacy", "sentencex"])
@given(text=TEXT)
def test_every_character_but_white_space_is_in_one_sentence(name, text):
    last = 0
    for start, end in sentences(Document("a", text), name):
        assert last <= start < end
        assert stripped(text, last, start) is None
        assert stripped(text, start, end) == (start, end)
        last = end
    assert stripped(text, last, len(text)) is None


@pytest.mark.parametrize(
    ("split", "lack"),
    [
        (lambda text, language: [(0, max(0, len(text) - 1))], "left out at the end"),
        (lambda text, language: [(len(text) // 2, len(text))], "left out between"),
        (lambda text, language: [(0, len(text)), (0, len(text))], "overlap"),
        (lambda text, language: [(0, len(text) + 1)], "outside"),
    ],
)
def test_the_suite_finds_what_is_no_splitter(split, lack):
    with pytest.raises(AssertionError, match=lack):
        check_splitter(split)
    if lack != "outside":
        with pytest.raises(InputError, match="leaves text out, or gives it twice"):
            registry.exact("One. Two", split("One. Two", "en"), "bad")


def test_languages():
    text = "Er kam z.B. gestern. Sie ging."
    assert len(sentences(Document("a", text), "spacy:de")) == 2
    with pytest.raises(InputError, match="does not know the language 'klingon'"):
        sentences(Document("a", text), "spacy:klingon")


def test_comparison():
    text = "Seen by Dr. Ito. He left."
    span = Span(text.index("Dr"), text.index("Ito") + 3, "P")
    found = compare_splitters(Corpus(tuple(Document(str(i), text, (span,)) for i in range(9)), "n"))
    rows = {row.name: row for row in found.rows}
    assert list(rows) == ["icu", "sentencex", "spacy"]
    assert (rows["icu"].sentences, rows["sentencex"].sentences) == (27, 18)
    assert (rows["icu"].crossed, rows["sentencex"].crossed) == (9, 0)
    assert rows["icu"].eps == pytest.approx(1 / 3) and rows["sentencex"].eps == 0.5
    assert any("differs by 50%" in said for said in found.caveats)
    assert any("--sentences sentencex suits" in said for said in found.caveats)
    own = Document("a", text, (span,), ((0, 25),))
    assert compare_splitters(Corpus((own,))).rows[0].name == "file"
    some = compare_splitters(Corpus(tuple(Document(str(i), text) for i in range(50))), most=7)
    assert (some.documents, some.of) == (7, 50)


def test_a_corpus_with_other_sentences():
    corpus = Corpus((Document("a", "Seen by Dr. Ito. He left."),))
    assert corpus.with_sentences("auto") is corpus
    assert len(corpus.with_sentences("icu").documents[0].sentences) == 3
    assert len(corpus.with_sentences("sentencex").documents[0].sentences) == 2
    with pytest.raises(CorpusError, match="comes without sentences"):
        corpus.with_sentences("file")
