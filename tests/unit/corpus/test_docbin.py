"""spaCy's DocBin, with spaCy itself as the judge."""

import gc
import zlib

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError


def stored(path, *docs, **options):
    DocBin(docs=docs, **options).to_disk(path)
    return path


@pytest.fixture(scope="module")
def blank():
    return spacy.blank("en")


def test_reads_what_spacy_wrote(tmp_path, blank):
    blank_with_sentences = spacy.blank("en")
    blank_with_sentences.add_pipe("sentencizer")
    first = blank_with_sentences("Ann Lee's 10mg pill.  Bo took it. ")
    first.ents = [first.char_span(0, 7, label="PER"), first.char_span(22, 24, label="PER")]
    second = blank("Acme Inc of Bonn")
    second.spans["sc"] = [second.char_span(0, 16, "ORG"), second.char_span(12, 16, "LOC")]
    third = blank("Nothing here")
    third.set_ents([], default="outside")
    fourth = blank("Not annotated")
    path = stored(tmp_path / "a.spacy", first, second, third, fourth)
    corpus = read(path)
    assert [d.text for d in corpus] == [first.text, second.text, "Nothing here"]
    one, two, three = corpus
    assert one.spans == (Span(0, 7, "PER"), Span(22, 24, "PER"))
    assert one.sentences == ((0, 20), (22, 33))
    assert two.spans == (Span(0, 16, "ORG"), Span(12, 16, "LOC"))
    assert (three.spans, three.sentences) == ((), None)
    assert corpus.notes == (
        f"{path}: documents whose entities come from doc.spans['sc']: 1",
        f"{path}: documents that nobody annotated, left out: 1",
    )


def test_both_kinds_of_spans(tmp_path, blank):
    doc = blank("Acme Inc of Bonn")
    doc.ents = [doc.char_span(0, 8, label="ORG")]
    doc.spans["sc"] = [doc.char_span(12, 16, "LOC")]
    corpus = read(stored(tmp_path / "a.spacy", doc))
    assert corpus.documents[0].spans == (Span(0, 8, "ORG"),)
    assert corpus.notes[0].endswith("spans in doc.spans['sc'], not read (--layer sc reads them): 1")
    (other,) = read(tmp_path / "a.spacy", layer="sc")
    assert other.spans == (Span(12, 16, "LOC"),)


def test_words_without_a_tag_mean_annotated_in_part(tmp_path, blank):
    """What spaCy itself makes of an entity that does not fit its tokens."""
    with pytest.warns(UserWarning, match="could not be aligned"):
        misfit = Example.from_dict(blank("Kirsten left Vess."), {"entities": [(0, 4, "PERSON")]})
    fit = Example.from_dict(blank("Ned ran."), {"entities": [(0, 3, "PERSON")]})
    none = Example.from_dict(blank("Nothing here."), {"entities": []})
    path = stored(tmp_path / "a.spacy", *(e.reference for e in (misfit, fit, none)))
    assert misfit.reference[0].ent_iob_ == ""
    corpus = read(path)
    assert [(d.text, d.spans) for d in corpus] == [
        ("Ned ran.", (Span(0, 3, "PERSON"),)),
        ("Nothing here.", ()),
    ]
    assert corpus.notes == (f"{path}: documents annotated only in part, left out: 1",)


def grouped(blank, **groups):
    doc = blank("Ada met Rolf")
    doc.set_ents([], default="outside")
    for key, offsets in groups.items():
        doc.spans[key] = [doc.char_span(a, b, "PER") for a, b in offsets]
    return doc


def test_the_only_group_of_spans_is_read_under_any_key(tmp_path, blank):
    docs = grouped(blank, custom=[(0, 3)]), grouped(blank, custom=[], empty=[])
    corpus = read(stored(tmp_path / "a.spacy", *docs))
    assert [d.spans for d in corpus] == [(Span(0, 3, "PER"),), ()]
    assert "whose entities come from doc.spans['custom']: 2" in corpus.notes[0]


def test_several_groups_of_spans(tmp_path, blank):
    docs = grouped(blank, a=[(0, 3)], b=[(8, 12)]), grouped(blank, b=[(0, 3)])
    path = stored(tmp_path / "a.spacy", *docs)
    problem = r"may hold the entities: 'a' \(1 span\), 'b' \(2 spans\); choose one, as `layer` a"
    with pytest.raises(CorpusError, match=problem):
        read(path)
    corpus = read(path, layer="b")
    assert [d.spans for d in corpus] == [(Span(8, 12, "PER"),), (Span(0, 3, "PER"),)]
    assert "spans in doc.spans['a'], not read (--layer a reads them): 1" in corpus.notes[0]
    (one,) = (corpus := read(path, layer="a")).documents
    assert one.spans == (Span(0, 3, "PER"),)
    assert "documents without the span group 'a', left out: 1" in corpus.notes[0]
    with pytest.raises(CorpusError, match="no document has a span group called 'sc'; `layer` can"):
        read(path, layer="sc")
    both = stored(tmp_path / "b.spacy", *docs, grouped(blank, sc=[(0, 3)]))
    assert [len(d.spans) for d in read(both)] == [0, 0, 1]  # spaCy's own key, the rest is counted


def test_spacy_reads_what_we_wrote(tmp_path, blank):
    text = "  Pre-Acme\t10mg,  Bo \n\nleft 😀 .  "
    spans = (Span(6, 10, "ORG"), Span(11, 13, "NUM"), Span(18, 20, "PER"))
    document = Document("d1", text, spans, ((2, 20), (23, 31)), group="g", split="dev")
    path = tmp_path / "a.spacy"
    assert write(Corpus((document,)), path) == []
    (doc,) = DocBin().from_disk(path).get_docs(blank.vocab)
    assert doc.text == text
    found = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    assert found == [(s.start, s.end, s.label) for s in spans]
    assert [s.text.strip() for s in doc.sents if s.text.strip()] == [text[2:20], text[23:31]]
    assert read(path).documents == (document,)


def test_overlapping_spans_go_to_the_span_group_of_all_documents(tmp_path, blank):
    documents = (
        Document("1", "New York Times", (Span(0, 8, "L"), Span(0, 14, "O"))),
        Document("2", "Bo", (Span(0, 2, "P"),)),
        Document("3", "None"),
    )
    path = tmp_path / "a.spacy"
    assert write(Corpus(documents), path) == [
        "spans overlap, so all are in doc.spans['sc'] (train spancat, not ner): 3"
    ]
    docs = list(DocBin().from_disk(path).get_docs(blank.vocab))
    assert [[s.label_ for s in d.spans["sc"]] for d in docs] == [["L", "O"], ["P"], []]
    assert [d.ents for d in docs] == [(), (), ()]
    assert read(path).documents == documents


def test_damage(tmp_path, blank):
    doc = blank("Acme Inc of Bonn")
    doc.ents = [doc.char_span(0, 8, label="ORG")]
    path = stored(tmp_path / "a.spacy", doc)
    data = path.read_bytes()
    path.write_bytes(data[:-9])
    with pytest.raises(CorpusError, match=r"a\.spacy: the DocBin is cut short; copy it again"):
        read(path)
    import zlib

    import srsly

    message = srsly.msgpack_loads(zlib.decompress(data))
    message["strings"] = []
    path.write_bytes(zlib.compress(srsly.msgpack_dumps(message)))
    with pytest.raises(CorpusError, match=r"a.spacy, record 1: the document is damaged \("):
        read(path)
    message["attrs"] = [message["attrs"][1]]
    path.write_bytes(zlib.compress(srsly.msgpack_dumps(message)))
    with pytest.raises(CorpusError, match=r"a.spacy: this is no whole DocBin \(ValueError\)"):
        read(path)


def test_lost_sentences_and_annotators_are_said(tmp_path):
    path = tmp_path / "a.spacy"
    documents = (
        Document("1", "Bo left. Ann too.", sentences=((0, 8),)),
        Document("2", "Bo left.", sentences=((0, 8),), annotators={"x": ()}),
    )
    assert write(Corpus(documents), path) == [
        "documents whose sentences do not begin where words do, or leave words out: 1",
        "documents whose annotators' own spans are not written: 1",
    ]


def test_without_spacy_one_line_says_what_to_install(tmp_path):
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['spacy'] = None\n"
        "from suffice.corpus import Corpus, Document, write\n"
        "from suffice.errors import InputError\n"
        "try: write(Corpus((Document('1', 'x'),)), sys.argv[1])\n"
        "except InputError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.spacy")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == (
        "this format needs the package spacy, which is not installed; "
        "pip install 'suffice[spacy]'\n"
    )


@pytest.mark.shared
def test_file_of_others(shared):
    path = shared / "corpora" / "raw" / "spacy_docbin" / "ner_tweets_demo.spacy"
    (document,) = read(path)
    same = read(shared / "corpora" / "raw" / "prodigy" / "ner_tweets_demo.jsonl").documents[0]
    assert document.text == same.text and document.spans == same.spans


def test_a_damaged_file_leaves_the_garbage_collector_running(tmp_path):
    path = tmp_path / "a.spacy"
    path.write_bytes(zlib.compress(b"\x85\xa7versiondamaged"))
    with pytest.raises(CorpusError):
        read(path, format="docbin")
    assert gc.isenabled()
