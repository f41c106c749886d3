"""PubTator: titles, abstracts, annotations; relations are passed over."""

import gzip
import json

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

FILE = """
12|t|Lithium and |t| hearts.
12|a|It was given.\u2028Ill heart.
12\t0\t7\tLithium\tChemical\tD008094
12\t38\t47\tIll heart\tDisease|Other\tD1\tD2|D3\tIll|heart
12\tCID\tD008094\tD1
x7|t|Only a title
x7|a|
x7\t0\t4\tOnly\tWord

9|t|No abstract line
"""


def saved(path, text):
    (path / "a.txt").write_bytes(text.encode())
    return path / "a.txt"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_a_file_holds(tmp_path, ends):
    path = saved(tmp_path, FILE.replace("\n", ends))
    corpus = read(path)
    one, two, three = corpus
    assert one.text == "Lithium and |t| hearts.\nIt was given.\u2028Ill heart."
    assert one.spans == (Span(0, 7, "Chemical"), Span(38, 47, "Disease|Other"))
    assert (two.id, two.text, two.spans) == ("x7", "Only a title", (Span(0, 4, "Word"),))
    assert (three.id, three.text, three.spans) == ("9", "No abstract line", ())
    assert corpus.notes == (f"{path.as_posix()}: relations, passed over: 1",)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1|t|Lü Ab.\n1\t4\t6\tAb\tX\n", "the offsets count bytes"),
        ("1|t|Ab\n2\t0\t2\tAb\tX\n", "line 2: the annotation has another id than the title"),
        ("1|t|Ab\n1\t0\tAb\n", "line 2: the annotation lacks a column"),
        ("1|t|Ab\n1\tCID\n", "line 2: the annotation's start is no number"),
        ("1|t|Ab\nwords\n", "line 2: the line is neither title, abstract, annotation nor"),
        ("1|t|Ab\n2|a|Ab\n", "line 2: the abstract has another id than the title before it"),
        ("1|t|Ab\n1|a|Ab\n1|a|Ab\n", "line 3: the document has two abstracts"),
        ("1|t|Ab\n\n1|a|Ab\n", "line 3: the abstract has no title before it"),
        ("1|t|Ab\n\n1\t0\t2\tAb\tX\n", "line 3: an annotation comes before any title"),
    ],
)
def test_damage_is_named_and_lenient_reading_goes_on(tmp_path, rows, message):
    path = saved(tmp_path, rows + "\n77|t|Fine here\n")
    with pytest.raises(CorpusError) as caught:
        read(path, format="pubtator")
    assert message in str(caught.value)
    corpus = read(path, format="pubtator", lenient=True)
    assert corpus.documents[-1].id == "77" and len(corpus.problems) == 1


def test_writing_and_what_is_lost(tmp_path):
    documents = (
        Document("a|b", "One\ntwo\nthree\r.", (Span(4, 13, "A\tB"),), ((0, 3),)),
        Document("c", "End\n", (Span(0, 3, "A"),)),
    )
    notes = write(Corpus(documents), tmp_path / "a.pubtator")
    assert notes == [
        "line breaks beyond the first of a document, written as spaces: 3",
        "documents whose id holds '|', written as %7C: 1",
        "labels with line breaks or tabs, written as spaces: 1",
        "documents whose sentences are not written: 1",
    ]
    assert (tmp_path / "a.pubtator").read_bytes() == (
        b"a%7Cb|t|One\na%7Cb|a|two three .\na%7Cb\t4\t13\ttwo three\tA B\t\n\n"
        b"c|t|End \nc|a|\nc\t0\t3\tEnd\tA\t\n\n"
    )
    one, two = read(tmp_path / "a.pubtator")
    assert (one.text, one.spans) == ("One\ntwo three .", (Span(4, 13, "A B"),))
    assert two.text == "End "


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "corpus", "documents", "same"),
    [("NCBItestset_corpus.txt", "ncbi_disease", 100, 100), ("CDR_sample.txt", "bc5cdr", 50, 32)],
)
def test_real_files_against_the_same_documents_converted_by_others(
    shared, name, corpus, documents, same
):
    path = shared / "corpora" / "raw" / "pubtator" / name
    with gzip.open(shared / "corpora" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as file:
        theirs = {record["id"]: record for record in map(json.loads, file)}
    ours = read(path)
    assert len(ours) == documents
    assert all(document.text == theirs[document.id]["text"] for document in ours)
    # The sample of CDR comes from an earlier release, with other annotations in 18 documents.
    equal = [
        {(s.start, s.end, s.label) for s in document.spans}
        == {(s["start"], s["end"], s["label"]) for s in theirs[document.id]["spans"]}
        for document in ours
    ]
    assert sum(equal) == same
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n")]
    marked = {(*row[:3], row[4]) for row in rows if len(row) >= 5 and row[1].isdigit()}
    assert sum(len(document.spans) for document in ours) == len(marked)
