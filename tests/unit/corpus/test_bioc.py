"""BioC in XML and JSON: passages at their offsets, sentences, annotations in several places."""

import json
from pathlib import Path

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft, Source
from suffice.corpus.formats.bioc import BioC
from suffice.errors import CorpusError


def collection(*passages, id="d1", doctype='<!DOCTYPE collection SYSTEM "BioC.dtd">'):
    return (
        f'<?xml version="1.0"?>{doctype}<collection><source>s</source><document><id>{id}</id>'
        f'<infon key="group">g</infon>{"".join(passages)}</document></collection>'
    )


def passage(offset, text, *inside):
    shown = "" if text is None else f"<text>{text}</text>"
    return f"<passage><offset>{offset}</offset>{shown}{''.join(inside)}</passage>"


def sentence(offset, text, *inside):
    return f"<sentence><offset>{offset}</offset><text>{text}</text>{''.join(inside)}</sentence>"


def mark(label, *places, text=None, extra=""):
    where = "".join(f'<location offset="{a}" length="{n}"/>' for a, n in places)
    own = "" if text is None else f"<text>{text}</text>"
    return f'<annotation id="1"><infon key="type">{label}</infon>{extra}{where}{own}</annotation>'


def saved(path, text, name="a.xml"):
    (path / name).write_bytes(text.encode())
    return path / name


def drafts(path):
    return [i for i in BioC().read(Source(path, path.read_bytes())) if isinstance(i, Draft)]


def test_passages_gaps_and_annotations(tmp_path):
    relation = '<relation id="R"><infon key="type">x</infon><node refid="1" role="r"/></relation>'
    path = saved(
        tmp_path,
        collection(
            passage(0, "Iron &amp; tin.", mark("Metal", (0, 4), text="Iron"), relation),
            passage(11, "Ill\nheart😀.", mark("Disease", (11, 9), text="Ill heart"),
                    mark("Sign", (20, 1)), mark("None")),
            passage(25, "Far."),
        ),
    )  # fmt: skip
    corpus = read(path)
    (document,) = corpus
    assert document.text == "Iron & tin.Ill\nheart😀.\n  Far."
    assert document.spans == (Span(0, 4, "Metal"), Span(11, 20, "Disease"), Span(20, 21, "Sign"))
    assert (document.id, document.group, document.sentences) == ("d1", "g", None)
    assert corpus.notes == (
        f"{path.as_posix()}: relations, passed over: 1",
        f"{path.as_posix()}: annotations without a place in the text, passed over: 1",
    )


def test_sentences_and_text_given_twice(tmp_path):
    parts = (sentence(3, "Bo ran. ", mark("P", (3, 2), text="Bo")), sentence(12, "So did Al."))
    for text in (None, "", "Bo ran.  So did Al."):
        (document,) = read(saved(tmp_path, collection(passage(3, text, *parts))))
        assert document.text == ("   Bo ran.  So did Al." if text else "   Bo ran. \nSo did Al.")
        assert document.sentences == ((3, 10), (12, 22))
        assert document.spans == (Span(3, 5, "P"),)


def test_an_annotation_in_several_places_is_handed_on_in_pieces(tmp_path):
    text = "left and right arm"
    pieces = mark("Body", (15, 3), (0, 4), text="left arm")
    (draft,) = drafts(saved(tmp_path, collection(passage(0, text, pieces))))
    assert draft.spans == [{"label": "Body", "fragments": [[0, 4], [15, 18]]}]
    hull = mark("Body", (0, 4), (15, 3), text=text)
    (draft,) = drafts(saved(tmp_path, collection(passage(0, text, hull))))
    assert draft.spans == [{"label": "Body", "fragments": [[0, 4], [15, 18]]}]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([passage(0, "Lü Ab.", mark("X", (4, 2), text="Ab"))], "the offsets count bytes"),
        ([passage(0, "Abc"), passage(2, "xyz")], "a passage at offset 2 overlaps other text that"),
        ([passage(0, "Abc"), passage(99999, "x")], "stands 99996 characters after the text before"),
        ([passage("x", "Abc")], "the offset of a passage is missing or no whole number"),
        ([passage(5, "Abc", mark("X", (0, 2)))], "an annotation at 0 lies outside its passage"),
        ([passage(0, "Abc def", mark("X", (0, 1), (4, 1), text="zz"))], "is not what stands in"),
        ([passage(0, "Abc", mark("X", (0, 2)).replace('"type"', '"identifier"'))], "has no type"),
        ([passage(0, "Abc", mark("X", (0, 2), extra='<infon key="b">B</infon>').replace(
            '"type"', '"a"'))], 'has no infon "type", but several others (a, b)'),
        ([passage(0, None)], "the text is empty"),
        ([passage(0, None, "<sentence><offset>0</offset></sentence>")], "a sentence has no text"),
    ],
)  # fmt: skip
def test_damage_is_named_and_lenient_reading_goes_on(tmp_path, parts, message):
    path = saved(tmp_path, collection(*parts))
    with pytest.raises(CorpusError) as caught:
        read(path)
    assert message in str(caught.value) and "a.xml, line 1: " in str(caught.value)
    good = f"<document><id>2</id>{passage(0, 'Fine.')}</document></collection>"
    corpus = read(saved(tmp_path, collection(*parts).replace("</collection>", good)), lenient=True)
    assert [d.id for d in corpus] == ["2"] and len(corpus.problems) == 1


def test_shapes_of_json(tmp_path):
    annotation = {"infons": {"type": "P"}, "text": "Bo", "locations": [{"offset": 0, "length": 2}]}
    records = [
        {"id": f"{i}", "infons": {}, "passages": [
            {"offset": 0, "infons": {}, "text": "Bo ran.", "annotations": [annotation]}]}
        for i in range(2)
    ]  # fmt: skip
    one = {"source": "", "documents": records}
    shapes = [one, [one], records, {"PubTator3": records}]
    for value in (*map(json.dumps, shapes), "\n".join(map(json.dumps, records))):
        corpus = read(saved(tmp_path, value, "a.json"))
        assert [d.id for d in corpus] == ["0", "1"]
        assert all(d.spans == (Span(0, 2, "P"),) for d in corpus)
    for value in ('{"documents": 3, "passages": []}', '{"documents": [3], "passages": 1}', "[1]"):
        with pytest.raises(CorpusError):
            read(saved(tmp_path, value, "a.json"), format="biocjson")


def test_what_is_written(tmp_path):
    document = Document(
        "d<1>", " Bo ran.\r\n Al & Ed\x07 ran. ", (Span(1, 3, "P&"), Span(6, 13, "X")),
        ((1, 8), (11, 24)), split="dev",
    )  # fmt: skip
    notes = write(Corpus((document,)), tmp_path / "a.bioc.xml")
    assert notes == [
        "characters that XML cannot hold (control characters), written as spaces or U+FFFD: 1"
    ]
    text = (tmp_path / "a.bioc.xml").read_text("utf-8")
    assert "<sentence><offset>0</offset><text> Bo ran.&#13;&#10; </text>\n<annotation" in text
    (back,) = read(tmp_path / "a.bioc.xml")
    assert back == Document(**{**vars(document), "text": document.text.replace("\x07", "\ufffd")})
    odd = Document("o", "Bo ran. Al ran.", (), ((0, 2), (8, 15)))
    assert write(Corpus((odd,)), tmp_path / "o.json", "biocjson") == [
        "documents whose sentences are not written: 1"
    ]
    assert read(tmp_path / "o.json").documents[0].text == odd.text


@pytest.mark.shared
def test_files_of_inception(shared):
    folder = shared / "corpora" / "raw" / "bioc_xml"
    for name in ("incomplete-metadata", "multiple-documents"):
        corpus = read(folder / f"example-with-{name}.xml")
        assert [d.text for d in corpus] == [f"Document {i} text." for i in (1, 2, 3)]
        assert [d.id for d in corpus] == ["1", "2", "3"] and corpus.labels == ()
    (draft,) = drafts(folder / "example-with-text-in-passage.xml")
    assert [(s["start"], s["end"]) for s in draft.spans] == [(0, 8), (9, 10)]
    (draft,) = drafts(folder / "example-with-sentences.xml")
    assert [draft.text[a:b] for a, b in draft.sentences] == ["Sentence 1.", "Sentence 2."]
    # Their annotations say "annotation text" of themselves, which is nowhere in the document.
    for name in ("text-in-passage", "sentences"):
        path = Path(folder, f"example-with-{name}.xml")
        with pytest.raises(CorpusError, match="span 1: the text at 0 to 8 is not the span's own"):
            read(path)


@pytest.mark.parametrize("name", ["U" + "9" * 3000, "nosuch", "", "\x00", "idna", "base64"])
def test_an_encoding_that_nobody_knows_is_one_line(tmp_path, name):
    path = tmp_path / "a.xml"
    path.write_bytes(f'<?xml version="1.0" encoding="{name}"?><collection/>'.encode())
    with pytest.raises(CorpusError) as caught:
        read(path, format="bioc")
    assert len(str(caught.value)) < 300 + len(str(path)) and "\n" not in str(caught.value)
