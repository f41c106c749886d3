"""Writing and reading again gives the same documents, or a note says what is lost."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.registry import formats
from suffice.corpus.sentences import icu

ALPHABET = "abAB.;!?-_# \t\r\n\xa0\u2028é\u0301漢😀\x0b\x1c\u200b|\\\"'=O"
TEXT = st.text(ALPHABET, min_size=1, max_size=40) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
)
LABEL = st.sampled_from(["PER", "B-cell", "two words", "O", "a=b,c", "ü"])


@st.composite
def documents(draw, overlapping=True):
    text = draw(TEXT.filter(lambda t: not t.isspace()))
    edges = draw(st.lists(st.integers(0, len(text)), max_size=8))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = {Span(min(p), max(p), draw(LABEL)) for p in pairs if p[0] != p[1]}
    if not overlapping:
        flat: list[Span] = []
        for span in sorted(spans):
            if not flat or span.start >= flat[-1].end:
                flat.append(span)
        spans = set(flat)
    return Document(
        id=draw(st.text("ab #=é1", min_size=1, max_size=5).filter(str.strip)),
        text=text,
        spans=tuple(sorted(spans)),
        sentences=draw(st.sampled_from([None, icu(text)])),
        group=draw(st.sampled_from([None, "g1"])),
        split=draw(st.sampled_from([None, "dev"])),
    )


def corpora(overlapping=True):
    some = st.lists(documents(overlapping), min_size=1, max_size=3, unique_by=lambda d: d.id)
    return some.map(lambda listed: Corpus(tuple(listed)))


def there_and_back(corpus, name, form):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        notes = write(corpus, path, form)
        return notes, read(path)


@given(corpora())
@settings(max_examples=150)
def test_jsonl(corpus):
    notes, back = there_and_back(corpus, "a.jsonl.gz", "jsonl")
    assert notes == []
    assert back.documents == corpus.documents
    assert [d.key for d in back] == [d.key for d in corpus]


@given(corpora())
@settings(max_examples=150)
def test_prodigy(corpus):
    notes, back = there_and_back(corpus, "a.jsonl", "prodigy")
    for old, new in zip(corpus, back, strict=True):
        assert (new.id, new.text, new.spans) == (old.id, old.text, old.spans)
        assert (new.group, new.split) == (old.group, old.split)
    if not notes:
        assert back.documents == corpus.documents


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("doccano", "a.jsonl"),
        ("labelstudio", "a.json"),
        ("spacyjson", "a.json"),
        ("hf", "a.parquet"),
        ("brat", "a.zip"),
    ],
)
@given(corpus=corpora())
@settings(max_examples=40)
def test_what_keeps_text_and_spans_whole(form, name, corpus):
    notes, back = there_and_back(corpus, name, form)
    # A folder's files come in the order of their names.
    found = {d.id: d for d in back}
    assert set(found) == {d.id for d in corpus}
    for old in corpus:
        new = found[old.id]
        assert (new.text, new.spans) == (old.text, old.spans)
        for key in ("group", "split", "sentences"):
            if not any(key in note for note in notes):
                assert getattr(new, key) == getattr(old, key)


@given(corpora())
@settings(max_examples=30)
def test_annotators_of_label_studio(corpus):
    given = [
        replace(d, annotators={"a@b": d.spans[:1], "7": d.spans[1:]}, sentences=None)
        for d in corpus
    ]
    notes, back = there_and_back(Corpus(tuple(given)), "a.json", "labelstudio")
    assert notes == [] and back.documents == tuple(given)


@given(corpora())
@settings(max_examples=150)
def test_docbin(corpus):
    notes, back = there_and_back(corpus, "a.spacy", "docbin")
    for old, new in zip(corpus, back, strict=True):
        assert (new.id, new.text, new.spans) == (old.id, old.text, old.spans)
        assert (new.group, new.split) == (old.group, old.split)
    if not any("sentences" in note for note in notes):
        assert back.documents == corpus.documents


def _by_id(corpus):
    return {document.id: document for document in corpus}


@given(corpora())
@settings(max_examples=60)
def test_webanno(corpus):
    notes, back = there_and_back(corpus, "a.zip", "webanno")
    said = " ".join(notes)
    found = _by_id(back)
    assert found.keys() == _by_id(corpus).keys()
    for old in corpus:
        new = found[old.id]
        if "begin with line breaks" not in said:
            assert new.text == old.text
        assert len(new.text) == len(old.text) and new.text.split() == old.text.split()
        if "white space" not in said:
            assert new.spans == old.spans
        trimmed = {_trimmed(old.text, span) for span in old.spans}
        assert set(new.spans) == trimmed - {None}
        if old.sentences is not None and "sentences had to be changed" not in said:
            assert new.sentences == old.sentences


def _trimmed(text, span):
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    end = span.start + len(piece.rstrip())
    return Span(start, end, span.label) if start < end else None


@given(corpora(), st.sampled_from(["xmi", "casjson"]))
@settings(max_examples=100)
def test_cas(corpus, form):
    notes, back = there_and_back(corpus, "a.zip", form)
    lossy = any("XML cannot hold" in note for note in notes)
    assert not (lossy and form == "casjson")
    for old, new in zip(sorted(corpus, key=lambda d: d.id), _sorted(back), strict=True):
        assert new.spans == old.spans and new.id == old.id
        assert new.sentences == old.sentences
        assert new.text == (_held(old.text) if form == "xmi" else old.text)
        assert lossy or new.text == old.text


def _sorted(corpus):
    return sorted(corpus, key=lambda document: document.id)


def _held(text):
    """Return what is left of a text in XML 1.0, by its grammar for characters."""
    ranges = ((9, 10), (13, 13), (32, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
    return "".join(
        c if any(a <= ord(c) <= b for a, b in ranges) else " " if c.isspace() else "\ufffd"
        for c in text
    )


@given(corpora(), st.sampled_from(["bioc", "biocjson"]))
@settings(max_examples=100)
def test_bioc(corpus, form):
    notes, back = there_and_back(corpus, "a", form)
    assert not any("XML cannot hold" in note for note in notes if form == "biocjson")
    for old, new in zip(corpus, back, strict=True):
        assert (new.id, new.spans, new.group, new.split) == (
            old.id, old.spans, old.group, old.split,
        )  # fmt: skip
        assert new.text == (_held(old.text) if form == "bioc" else old.text)
        if not any("sentences" in note for note in notes):
            assert new.sentences == old.sentences
    if not notes:
        assert back.documents == corpus.documents


@given(corpora())
@example(
    Corpus(
        (
            Document(id=" 1", text=";"),
            Document(id="#", text=";;\t", spans=tuple(Span(0, n, "B-cell") for n in (1, 2, 3))),
        )
    )
)
@settings(max_examples=60)
def test_pubtator(corpus):
    notes, back = there_and_back(corpus, "a", "pubtator")
    for old, new in zip(corpus, back, strict=True):
        assert (new.id, new.spans) == (old.id, old.spans)
        assert new.text.replace("\n", " ") == old.text.replace("\n", " ").replace("\r", " ")
        if not any("line breaks" in note for note in notes):
            assert new.text == old.text


@given(corpora())
@settings(max_examples=150)
def test_conll(corpus):
    notes, back = there_and_back(corpus, "a.conll", "conll")
    kept = {note.split(":")[0] for note in notes}
    assert [d.id for d in back] == [d.id for d in corpus]
    if not notes:
        assert back.documents == corpus.documents
    for old, new in zip(corpus, back, strict=True):
        assert "".join(old.text.split()) == "".join(new.text.split())
        if not any("white space" in note for note in kept):
            assert new.text == old.text
            assert set(new.spans) <= set(old.spans)
            if not any("overlap" in note for note in kept):
                assert new.spans == old.spans
        own = sorted(_bare(old, s) for s in old.spans)
        found = sorted(_bare(new, s) for s in new.spans)
        if not any("overlap" in note or "edges" in note for note in kept):
            assert found == own


def _bare(document, span):
    """Return a span in offsets that do not count white space."""
    before = "".join(document.text[: span.start].split())
    inside = "".join(document.text[span.start : span.end].split())
    return len(before), len(before) + len(inside), span.label


@pytest.mark.shared
@pytest.mark.parametrize("form", list(formats()))
@pytest.mark.parametrize("name", ["nubes_es", "wnut17"])
def test_real_corpora(shared, tmp_path, form, name):
    corpus = read(shared / "corpora" / f"{name}.jsonl.gz")
    corpus = Corpus(tuple(sorted(corpus.documents[:100], key=lambda d: d.id)))
    notes = write(corpus, tmp_path / "out", form)
    back = read(tmp_path / "out")
    for old, new in zip(_sorted(corpus), _sorted(back), strict=True):
        assert new.id == old.id
        if form == "pubtator":  # which holds one line break, after the title
            assert new.text.replace("\n", " ") == old.text.replace("\n", " ")
        else:
            assert new.text == old.text
        if not any("overlap" in n and "left out" in n for n in notes):
            assert new.spans == old.spans
