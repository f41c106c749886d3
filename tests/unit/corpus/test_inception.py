"""Exports of whole projects, and XML that wants to do harm."""

import io
import json
import time
import zipfile

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

TEXT = "Ann met Bo in Rome."
MARKS = {
    "ann": (Span(0, 3, "PER"), Span(8, 10, "PER")),
    "bob": (Span(0, 3, "PER"), Span(14, 18, "LOC")),
    "eve": (Span(0, 3, "PER"), Span(14, 18, "ORG")),
    "INITIAL_CAS": (),
}


def content(tmp_path, form, spans, text=TEXT):
    """Return what we write for one document: names and bytes."""
    out = tmp_path / "one.zip"
    write(Corpus((Document("d", text, spans, ((0, len(text)),)),)), out, form)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def project(tmp_path, form, states=None, curated=None, **changed):
    files = {}
    if states is not None:  # a source that could be read as a document of its own
        files["source/report.txt"] = content(tmp_path, "webanno", ())["d.tsv"]
    for user, spans in MARKS.items():
        own = content(tmp_path, form, spans, changed.get(user, TEXT))
        for name, data in own.items():
            files[f"annotation/report.txt/{name.replace('d.', user + '.')}"] = data
    if curated is not None:
        for name, data in content(tmp_path, form, curated).items():
            files[f"curation/report.txt/{name.replace('d.', 'CURATION_USER.')}"] = data
    if states is not None:
        files["exportedproject1.json"] = json.dumps(states).encode()
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return tmp_path / "p.zip"


@pytest.mark.parametrize("form", ["webanno", "xmi", "casjson"])
def test_several_annotators_of_one_document(tmp_path, form):
    corpus = read(project(tmp_path, form))
    (document,) = corpus
    assert document.id == "report.txt" and document.text == TEXT
    assert document.annotators == {u: s for u, s in MARKS.items() if u != "INITIAL_CAS"}
    assert document.spans == (Span(0, 3, "PER"),)  # what more than half of them marked
    said = " ".join(corpus.notes)
    assert "documents as they were imported (INITIAL_CAS), left out: 1" in said
    assert "annotated by several; the spans that more than half of them marked are used: 1" in said


def test_the_curator_decides(tmp_path):
    gold = (Span(8, 10, "X"),)
    (document,) = read(project(tmp_path, "webanno", curated=gold))
    assert document.spans == gold and set(document.annotators) == {"ann", "bob", "eve"}


def test_what_is_not_finished_is_left_out_and_counted(tmp_path):
    states = {
        "annotation_documents": [
            {"name": "report.txt", "user": "ann", "state": "FINISHED"},
            {"name": "report.txt", "user": "bob", "state": "IN_PROGRESS"},
            {"name": "report.txt", "user": "eve", "state": "IGNORE"},
        ],
        "source_documents": [{"name": "report.txt", "state": "CURATION_IN_PROGRESS"}],
    }
    corpus = read(project(tmp_path, "xmi", states, curated=()))
    assert [d.id for d in corpus] == ["report.txt"]
    assert corpus.documents[0].spans == MARKS["ann"] and not corpus.documents[0].annotators
    said = " ".join(corpus.notes)
    assert "annotator or curator has not finished (in progress), left out: 2" in said
    assert "annotator or curator has not finished (ignored), left out: 1" in said
    for one in states["annotation_documents"]:
        one["state"] = "NEW"
    with pytest.raises(CorpusError, match=r"has not finished \(new\), left out: 3"):
        read(project(tmp_path, "xmi", states))


def test_texts_that_differ_are_refused(tmp_path):
    path = project(tmp_path, "xmi", eve=TEXT + " ")
    with pytest.raises(CorpusError, match="the annotators' files of one document differ"):
        read(path)


@pytest.mark.parametrize("form", ["webanno", "xmi", "casjson"])
def test_lenient_reading_goes_on_after_a_bad_file(tmp_path, form):
    documents = tuple(Document(f"d{i}", TEXT, (Span(0, 3, "PER"),)) for i in range(3))
    write(Corpus(documents), tmp_path / "out", form)
    (bad,) = (tmp_path / "out").glob("d1.*")
    bad.write_bytes(bad.read_bytes()[:-30].replace(b"PER", b"X").replace(b"1-2", b"?"))
    with pytest.raises(CorpusError, match="d1"):
        read(tmp_path / "out")
    corpus = read(tmp_path / "out", lenient=True)
    assert [d.id for d in corpus] == ["d0", "d2"] and len(corpus.problems) == 1


def test_archives_inside_an_export(tmp_path):
    for user in ("ann", "bob"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in content(tmp_path, "xmi", MARKS[user]).items():
                archive.writestr(name.replace("d.", f"{user}."), data)
        folder = tmp_path / "out" / "annotation" / "report.txt"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{user}.zip").write_bytes(buffer.getvalue())
    (document,) = read(tmp_path / "out")
    assert document.annotators == {u: MARKS[u] for u in ("ann", "bob")}
    (folder / "bob.zip").write_bytes(buffer.getvalue()[:-60])
    with pytest.raises(CorpusError, match="the zip archive is damaged or locked"):
        read(tmp_path / "out")
    with zipfile.ZipFile(folder / "bob.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bob.xmi", b"<x>" + b" " * (70 << 20))
    with pytest.raises(CorpusError, match="the archive expands more than 200-fold"):
        read(tmp_path / "out")


ROOTS = {
    "xmi": '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI">{}</xmi:XMI>',
    "bioc": "<collection><document><id>{}</id></document></collection>",
}
BOMBS = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]>',
    "undeclared": '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
}


@pytest.mark.parametrize("form", ROOTS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_no_entity_is_declared_or_fetched(tmp_path, form, bomb):
    path = tmp_path / "a.xml"
    path.write_text(BOMBS[bomb] + ROOTS[form].format("&a;"), "utf-8")
    with pytest.raises(CorpusError, match="declares or uses entities of its own"):
        read(path, format=form)


@pytest.mark.parametrize("form", ROOTS)
def test_depth_size_and_encodings(tmp_path, form):
    path = tmp_path / "a.xml"
    path.write_text(ROOTS[form].format("<a>" * 200_000), "utf-8")
    with pytest.raises(CorpusError, match="elements are nested too deeply"):
        read(path, format=form)
    path.write_text(ROOTS[form].format("<a" + " b='c'" * 200_000 + "/>"), "utf-8")
    start = time.perf_counter()
    with pytest.raises(CorpusError, match="duplicate attribute"):
        read(path, format=form)
    assert time.perf_counter() - start < 5  # a bound against hanging, not a measure of speed
    for name, problem in (("rot13", "is not known"), ("shift_jis", "not in the encoding that it")):
        declared = f'<?xml version="1.0" encoding="{name}"?>'
        path.write_bytes(declared.encode() + ROOTS[form].format("\xff").encode("latin-1"))
        with pytest.raises(CorpusError, match=problem):
            read(path, format=form)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "cp1252", "iso-8859-15"])
def test_declared_encodings_are_used(tmp_path, encoding):
    path = tmp_path / "a.xml"
    write(Corpus((Document("é", "Über alles", (Span(0, 4, "L"),)),)), path, "bioc")
    text = path.read_text("utf-8").replace('encoding="UTF-8"', f'encoding="{encoding}"')
    path.write_bytes(text.encode(encoding))
    (document,) = read(path)
    assert (document.id, document.text) == ("é", "Über alles")
    path.write_bytes(text.replace(f' encoding="{encoding}"', "").encode("cp1252"))
    assert read(path, encoding="cp1252", format="bioc").documents == (document,)
