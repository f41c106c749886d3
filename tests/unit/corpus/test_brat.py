"""brat: discontinuous spans by rule and counted; pairs of files; what has no annotation."""

import re

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError, InputError

TEXT = "Ann and Bo Ek met\nCy at Acme.\n"
ANN = """T1\tPER 0 3\tAnn
T2\tPER 8 13\tBo Ek
T3\tMeet 14 17\tmet
E1\tMeet:T3 Who:T1
R1\tKnows Arg1:T1 Arg2:T2
A1\tNegated E1
#1\tAnnotatorNotes T1\tSure?
*\tEquiv T1 T2
"""


def folder(tmp_path, **files):
    for name, content in files.items():
        path = tmp_path / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return tmp_path


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


def test_a_folder_with_folders(tmp_path):
    corpus = read(folder(
        tmp_path, a_txt=TEXT, a_ann=ANN, sub__a_txt="Nobody.", sub__a_ann="", sub__b_txt="Later.",
        c_txt="Later.", annotation_conf="[entities]\nPER\n",
    ))  # fmt: skip
    assert [(d.id, d.text) for d in corpus] == [("a", TEXT), ("sub/a", "Nobody.")]
    assert corpus.documents[0].spans == (
        Span(0, 3, "PER"),
        Span(8, 13, "PER"),
        Span(14, 17, "Meet"),
    )
    assert notes(corpus) == [
        "texts without an .ann file, not annotated, left out: 2",
        "events (their triggers are read as spans), passed over: 1",
        "relations, passed over: 1",
        "attributes, passed over: 1",
        "notes, passed over: 1",
        "equivalences, passed over: 1",
    ]
    one = read(tmp_path / "a.ann")
    assert [d.id for d in one] == ["a"] and one.documents[0].spans == corpus.documents[0].spans
    assert read(tmp_path / "a.txt", format="brat").documents == one.documents


BROKEN = "T1\tPER 0 3;11 13\tAnn Ek\nT2\tPER 14 17;18 20\tmet Cy\n"


@pytest.mark.parametrize(
    ("rule", "spans"),
    [
        ("split", [(0, 3), (11, 13), (14, 20)]),
        ("hull", [(0, 13), (14, 20)]),
    ],
)
def test_spans_in_several_pieces(tmp_path, rule, spans):
    """Pieces with nothing but white space between are one: brat breaks spans at line ends."""
    path = folder(tmp_path, a_txt=TEXT, a_ann=BROKEN)
    corpus = read(path, discontinuous=rule)
    assert [(s.start, s.end) for s in corpus.documents[0].spans] == spans
    done = {"split": "a span for each piece", "hull": "read from first to last"}[rule]
    assert notes(corpus) == [f"spans in several pieces, {done}: 1"]


def test_spans_in_several_pieces_are_refused_unless_a_rule_is_named(tmp_path):
    path = folder(tmp_path, a_txt=TEXT, a_ann=BROKEN)
    with pytest.raises(
        CorpusError, match=r"a\.ann: span 1 is in 2 pieces; .*`discontinuous` split"
    ):
        read(path)
    with pytest.raises(InputError, match="cannot be treated by 'drop'; choose one of refuse"):
        read(path, discontinuous="drop")
    (tmp_path / "a.ann").write_text("T1\tPER 0 3;11 13\tAnn Bo\n")
    with pytest.raises(CorpusError, match="the text of its pieces is not the span's own text"):
        read(path, discontinuous="split")
    (tmp_path / "a.ann").write_text("T1\tPER 0 3;2 13\tAnn n and Bo Ek\n")
    with pytest.raises(CorpusError, match="span 1: its pieces overlap"):
        read(path, discontinuous="split")


def test_a_format_of_others_may_hand_over_pieces(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "abc", "spans": [{"fragments": [[2, 3], [0, 1]], "label": "X"}]}')
    assert read(path, discontinuous="split").documents[0].spans == (
        Span(0, 1, "X"),
        Span(2, 3, "X"),
    )
    path.write_text('{"text": "abc", "spans": [{"fragments": [[2, 9]], "label": "X"}]}')
    with pytest.raises(CorpusError, match="the offsets of a piece do not lie in the text"):
        read(path, discontinuous="split")


def test_offsets_are_checked_and_set_right(tmp_path):
    path = folder(
        tmp_path, a_txt="\U0001f600\r\nAnn\r\nBo", a_ann="T1\tP 3 6\tAnn\nT2\tP 7 9\tBo\n"
    )
    corpus = read(path)
    assert [(s.start, s.end) for s in corpus.documents[0].spans] == [(3, 6), (8, 10)]
    assert notes(corpus) == [
        r"spans whose offsets count UTF-16 units, and \r\n as one, set right: 1"
    ]
    (tmp_path / "a.ann").write_text("T1\tP 0 3\tBob\n")
    with pytest.raises(CorpusError, match=r"a\.ann: span 1: the text at 0 to 3 is not the span's"):
        read(path)


@pytest.mark.parametrize(
    ("ann", "message"),
    [
        ("T1 PER 0 3 Ann\n", r"a\.ann, line 1: this is no line of brat's"),
        ("\nT1\tPER 0\tAnn\n", r"a\.ann, line 2: this is no line of brat's"),
        ("T1\tPER 0 99\tAnn\n", r"a\.ann: span 1: end 99 lies beyond the text"),
        (f"T1\tPER 0 {'9' * 5000}\tAnn\n", r"line 1: this is no line of brat's"),
        ("nonsense", r"line 1: this is no line of brat's"),
    ],
)
def test_bad_annotation(tmp_path, ann, message):
    with pytest.raises(CorpusError, match=message):
        read(folder(tmp_path, a_txt=TEXT, a_ann=ann))


def test_a_text_that_is_missing_or_in_another_encoding(tmp_path):
    path = folder(tmp_path, a_ann=ANN)
    with pytest.raises(CorpusError, match=r"a\.ann: there is no a\.txt next to it"):
        read(path)
    (tmp_path / "a.txt").write_bytes("Zo\xeb".encode("latin-1"))
    (tmp_path / "a.ann").write_text("")
    with pytest.raises(CorpusError, match=r"a\.txt, line 1: byte 2 of the file is not valid UTF-8"):
        read(path)
    assert read(path, encoding="latin-1").documents[0].text == "Zo\xeb"


def test_ids_that_are_no_file_names(tmp_path):
    ids = ["../up", "a/b", "a%2Fb", ".hidden", "x" * 120, "CON?", "a.ann"]
    corpus = Corpus(
        tuple(Document(i, f"Text of {n}.", (Span(0, 4, "X"),)) for n, i in enumerate(ids))
    )
    for target in ("folder", "c.zip"):
        assert write(corpus, tmp_path / target, "brat") == []
        back = read(tmp_path / target)
        assert {d.id: d for d in back} == {d.id: d for d in corpus}
    assert {f.parent for f in (tmp_path / "folder").iterdir()} == {tmp_path / "folder"}
    (note,) = write(Corpus((Document("y" * 200, "x"),)), tmp_path / "long", "brat")
    assert note == "documents whose id is too long for a file's name and is cut: 1"


@pytest.mark.shared
def test_files_of_others(shared):
    path = shared / "corpora" / "raw" / "brat"
    corpus = read(path)
    for document in corpus:
        lines = (path / f"{document.id}.ann").read_text("utf-8").splitlines()
        wanted = {
            (m[1], int(m[2]), int(m[3]))
            for line in lines
            if (m := re.match(r"T\d+\t(\S+) (\d+) (\d+)\t", line))
        }
        assert {(s.label, s.start, s.end) for s in document.spans} == wanted
    assert len(corpus) == 5 and sum(not d.spans for d in corpus) == 1
