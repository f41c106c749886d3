"""Column files of every order, separator and scheme."""

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.conll import Columns
from suffice.errors import CorpusError, InputError


def parse(tmp_path, text, name="a.conll", **options):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return read(path, **options)


def notes(corpus):
    """Return the notes without the file's name."""
    return [note.split(": ", 1)[1] for note in corpus.notes]


def marked(document):
    return [(document.text[s.start : s.end], s.label) for s in document.spans]


def test_two_columns_one_document_a_sentence(tmp_path):
    corpus = parse(tmp_path, "Ann\tB-PER\nLee\tI-PER\ncame\tO\n\n\n#now\tO\nBonn\tB-LOC\n")
    assert [d.text for d in corpus] == ["Ann Lee came", "#now Bonn"]
    assert [marked(d) for d in corpus] == [[("Ann Lee", "PER")], [("Bonn", "LOC")]]
    assert [d.sentences for d in corpus] == [((0, 12),), ((0, 9),)]
    assert notes(corpus) == ["sentences, with tags of the scheme BIO: 2"]


CONLL_2003 = """-DOCSTART- -X- -X- O

Ann NNP I-NP I-PER
Lee NNP I-NP I-PER
Bo NNP B-NP B-PER
left VBD I-VP O

Bonn NNP I-NP I-LOC

-DOCSTART- -X- -X- O

Cy NNP I-NP I-PER
"""


@pytest.mark.parametrize("separator", [" ", "\t", "   "])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_columns_in_any_order(tmp_path, separator, order, ending):
    lines = []
    for line in CONLL_2003.splitlines():
        fields = line.split()
        row = [fields[c] for c in order] if fields and "DOCSTART" not in line else fields
        lines.append(separator.join(row))
    corpus = parse(tmp_path, ending.join(lines) + ending)
    assert [d.text for d in corpus] == ["Ann Lee Bo left\nBonn", "Cy"]
    assert marked(corpus.documents[0]) == [("Ann Lee", "PER"), ("Bo", "PER"), ("Bonn", "LOC")]
    assert corpus.documents[0].sentences == ((0, 15), (16, 20))
    assert notes(corpus) == ["sentences, with tags of the scheme IOB1: 3"]  # none is repaired


IOB2 = """# newdoc id = web-1
# sent_id = web-1-1
# text = Ann's dog (Rex)  barks.
1\tAnn\tB-PER\t-\tann
2\t's\tO\t-\t-
3\tdog\tO\t-\t-
4\t(\tO\t-\t-
5\tRex\tB-PER\t-\tann
6\t)\tO\t-\t-
7-8\tbarks.\tO\t-\t-
7\tbarks\tO\t-\t-
8\t.\tO\t-\t-

# sent_id = web-1-2
# text = This is another text.
1\tNo\tO\t-\t-
2\tmatch\tO\t-\t-
# newdoc id = web-2
# sent_id = web-2-1

1\t#\tO\t-\t-
2\t1\tB-X\t-\tann
"""


def test_comments_numbers_and_texts(tmp_path):
    corpus = parse(tmp_path, IOB2, "a.iob2")
    assert [d.id for d in corpus] == ["web-1", "web-2"]
    assert corpus.documents[0].text == "Ann's dog (Rex)  barks.\nNo match"
    assert marked(corpus.documents[0]) == [("Ann", "PER"), ("Rex", "PER")]
    assert corpus.documents[1].text == "# 1"
    assert notes(corpus)[1:] == [
        "sentences whose words do not stand in their # text, which is not used: 1"
    ]


def test_ids_of_single_sentences(tmp_path):
    corpus = parse(tmp_path, "# sent_id = s1\nBonn\tB-LOC\n\n# sent_id = s2\nCy\tO\n")
    assert [d.id for d in corpus] == ["s1", "s2"]


def test_germeval_names_the_nested_column_that_is_not_read(tmp_path):
    text = "1\tUni\tB-ORG\tO\n2\tBonn\tI-ORG\tB-LOC\n\n1\tEr\tO\tO\n"
    corpus = parse(tmp_path, text, "a.tsv")
    assert marked(corpus.documents[0]) == [("Uni Bonn", "ORG")]
    assert notes(corpus) == [
        "columns that hold tags too and are not read (4): 1",
        "sentences, with tags of the scheme BIO: 2",
    ]


def test_broken_tags_are_repaired_and_counted(tmp_path):
    text = "a\tO\nb\tI-X\nc\tI-Y\n\nd\tB-X\ne\tI-X\n\nf\tB-X\n"
    corpus = parse(tmp_path, text)
    assert [marked(d) for d in corpus] == [[("b", "X"), ("c", "Y")], [("d e", "X")], [("f", "X")]]
    assert notes(corpus) == [
        "sentences, with tags of the scheme BIO: 3",
        "tags that break the scheme (BIO), repaired: 2",
    ]


@pytest.mark.parametrize("unknown", ["-", "_"])
def test_documents_with_words_that_are_not_annotated_are_left_out(tmp_path, unknown):
    text = f"Ann\tB-P\ncame\tO\n\nBo\t{unknown}\nleft\tO\n\n-\t{unknown}\n\n-\tO\n\n_\tO\n"
    corpus = parse(tmp_path, text)
    assert [d.text for d in corpus] == ["Ann came", "-", "_"]
    assert notes(corpus)[1:] == [
        "documents annotated only in part, left out: 1",
        "documents that nobody annotated, left out: 1",
    ]


def test_bad_lines(tmp_path):
    good = "Ann\tB-PER\ncame\tO\n\n"
    with pytest.raises(CorpusError, match=r"conll, line 5: 1 columns?, where the others have 2"):
        parse(tmp_path, good + "to\tO\nBonn\n\n" + good * 9)
    with pytest.raises(CorpusError, match=r"line 4: column 2 holds no tag; tags are O, or B-"):
        parse(tmp_path, good + "to\tX-PER\n\n" + good * 9)
    with pytest.raises(CorpusError, match=r"line 4: the word is empty"):
        parse(tmp_path, good + "\tO\n\n" + good * 9)
    corpus = parse(tmp_path, good + "to\tO\nBonn\n\n" + good * 9, lenient=True)
    assert len(corpus) == 10 and len(corpus.problems) == 1


def test_latin_bytes_in_lenient_reading(tmp_path):
    path = tmp_path / "a.conll"
    path.write_bytes(b"Zo\xeb\tB-PER\n\nBonn\tB-LOC\n")
    corpus = read(path, lenient=True)
    assert [d.text for d in corpus] == ["Bonn"]
    assert "line 1: byte 2 of the file is not valid UTF-8" in str(corpus.problems[0])


def corpus_of(*documents):
    return Corpus(documents)


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("BIO", ["B-P", "I-P", "B-P", "O", "B-O"]),
        ("IOB1", ["I-P", "I-P", "B-P", "O", "I-O"]),
        ("BILOU", ["B-P", "L-P", "U-P", "O", "U-O"]),
        ("IOBES", ["B-P", "E-P", "S-P", "O", "S-O"]),
    ],
)
def test_schemes_that_are_written(tmp_path, scheme, tags):
    document = Document(
        "d", "Ann Lee Bo saw Acme", (Span(0, 7, "P"), Span(8, 10, "P"), Span(15, 19, "O")),
        sentences=((0, 19),),
    )  # fmt: skip
    path = tmp_path / "a.conll"
    with path.open("wb") as out:
        assert Columns(scheme).write([document], out) == []
    rows = [line.split("\t") for line in path.read_text().splitlines() if "\t" in line]
    assert rows == [list(r) for r in zip(document.text.split(), tags, strict=True)]
    assert read(path).documents == (document,)
    with pytest.raises(InputError, match="no tag scheme called 'BOI'; choose one of BIO, IOB1"):
        Columns("BOI")


def test_what_columns_cannot_express_is_counted(tmp_path):
    documents = (
        Document("1", "New York Times", (Span(0, 8, "L"), Span(0, 14, "O")), ((0, 14),)),
        Document("2", "A. B", (Span(0, 4, "P"),), ((0, 2), (3, 4))),
        Document("3", " spaced  out ", (Span(0, 7, "P"), Span(7, 9, "W"))),
        Document("4", "Bo", (), ((0, 2),), group="g"),
    )
    path = tmp_path / "a.conll"
    assert write(corpus_of(*documents), path) == [
        "spans that overlap a longer one, left out: 1",
        "spans whose edges are in white space, trimmed or left out: 2",
        "documents whose white space changes: 1",
        "documents whose sentences, found by rule, are now the file's own: 1",
        "documents whose sentences are joined or added to, because of spans or gaps: 1",
        "documents whose words are cut anew, by suffice's own rule and not at spaces alone: 1",
        "documents whose group, split or annotators' own spans are not written: 1",
    ]
    back = read(path)
    assert [d.text for d in back] == ["New York Times", "A. B", "spaced  out", "Bo"]
    assert [marked(d) for d in back][:3] == [
        [("New York Times", "O")], [("A. B", "P")], [("spaced", "P")],
    ]  # fmt: skip


RAW = {
    "btc_e.conll": (200, 200, {"LOC": 144, "ORG": 122, "PER": 59}),
    "crossner_ai_dev.txt": (350, 350, {"misc": 180, "algorithm": 178, "field": 178}),
    "jnlpba_devel.tsv": (200, None, {"protein": 2466, "DNA": 1052, "RNA": 107}),
    "ncbi_disease_devel_iob.tsv": (923, 923, {"Disease": 787}),
    "ncbi_disease_devel_iobes.tsv": (923, 923, {"Disease": 787}),
    "uner_en_ewt_dev.iob2": (318, 2001, {"LOC": 399, "PER": 343, "ORG": 224}),
    "wnut17_emerging.dev.conll": (1009, 1009, {"person": 470, "product": 114}),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", RAW)
def test_files_of_others(shared, name):
    """Counts of begin tags, documents and blank-line blocks, counted with grep and awk."""
    documents, sentences, labels = RAW[name]
    corpus = read(shared / "corpora" / "raw" / "conll" / name)
    assert len(corpus) == documents
    assert sentences is None or sum(len(d.sentences) for d in corpus) == sentences
    for label, count in labels.items():
        assert sum(s.label == label for d in corpus for s in d.spans) == count
    scheme = "IOBES" if "iobes" in name else "BIO"
    assert corpus.problems == () and len(corpus.notes) == 1
    assert notes(corpus)[0].startswith(f"sentences, with tags of the scheme {scheme}: ")


@pytest.mark.shared
def test_two_schemes_of_one_corpus_give_the_same_documents(shared):
    folder = shared / "corpora" / "raw" / "conll"
    bio = read(folder / "ncbi_disease_devel_iob.tsv")
    iobes = read(folder / "ncbi_disease_devel_iobes.tsv")
    assert bio.documents == iobes.documents


@pytest.mark.shared
def test_texts_given_in_comments_are_used(shared):
    path = shared / "corpora" / "raw" / "conll" / "uner_en_ewt_dev.iob2"
    lines = path.read_text("utf-8").splitlines()
    given = [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    found = [d.text[a:b] for d in read(path) for a, b in d.sentences]
    assert sum(a == b for a, b in zip(given, found, strict=True)) > 0.99 * len(given)
