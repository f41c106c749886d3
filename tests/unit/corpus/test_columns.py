"""Column files as tools and corpora have them: which column holds what, and what does not fit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from suffice.cli.app import app
from suffice.corpus import read, write
from suffice.corpus.check import inspect
from suffice.corpus.formats.columnroles import parse_columns
from suffice.corpus.formats.columns import shape_of
from suffice.corpus.formats.line_ends import split_lines
from suffice.corpus.texts import read_texts
from suffice.errors import CorpusError, InputError


def parse(tmp_path, text, name="a.conll", **options):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, **options)


def marked(document):
    return [(document.text[s.start : s.end], s.label) for s in document.spans]


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


WORDS = ["Ada", "met", "two", "men", "in", "Vess", "on", "12", "May", "."]
TAGS = ["B-PER", "O", "O", "O", "O", "B-LOC", "O", "B-DATE", "I-DATE", "O"]
ENTITIES = [("Ada", "PER"), ("Vess", "LOC"), ("12 May", "DATE")]
ENDS = [sum(map(len, WORDS[: i + 1])) + i for i in range(len(WORDS))]
BEGINS = [end - len(word) for end, word in zip(ENDS, WORDS, strict=True)]
SPAN = list(zip(BEGINS, ENDS, strict=True))
FURTHER = {
    "ids": [str(i + 1) for i in range(10)],
    "named ids": [f"s1-t{i}" for i in range(10)],
    "begins": [str(a) for a in BEGINS],
    "offsets with a hyphen": [f"{a}-{b}" for a, b in SPAN],
    "offsets with an underscore": [f"{a}_{b}" for a, b in SPAN],
    "offsets with a colon": [f"{a}:{b}" for a, b in SPAN],
    "boxes": [f"{a},12,{b},30" for a, b in SPAN],
    "scores": [f"0.{97 - i}" for i in range(10)],
    "hashes": [f"{i * 0x9E3779B97F4A7C15 % 2**64:016x}" for i in range(1, 11)],
    "one file": ["report_7.txt"] * 10,
    "tagset": ["NNP", "VBD", "CD", "NNS", "IN", "NNP", "IN", "CD", "NNP", "."],
    "nothing": ["_"] * 10,
}


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("what", FURTHER)
def test_words_are_what_varies_and_not_by_digits_alone(tmp_path, what, before):
    rows = [
        [extra, word, tag] if before else [word, extra, tag]
        for word, extra, tag in zip(WORDS, FURTHER[what], TAGS, strict=True)
    ]
    corpus = parse(tmp_path, "".join("\t".join(row) + "\n" for row in rows))
    assert [d.text for d in corpus] == [" ".join(WORDS)]
    assert marked(corpus.documents[0]) == ENTITIES


def test_lemmas_after_the_words_are_not_the_words_and_the_choice_is_said(tmp_path):
    lemmas = [f"{word.lower()}+" for word in WORDS]
    rows = zip(WORDS, lemmas, TAGS, strict=True)
    corpus = parse(tmp_path, "".join(" ".join(row) + "\n" for row in rows))
    assert corpus.documents[0].text == " ".join(WORDS)
    assert notes(corpus)[0] == (
        "files whose words were read from column 1 of 3, though column 2 varies as much "
        "(--columns sets what each column is): 1"
    )
    other = read(tmp_path / "a.conll", columns="_,word,tag")
    assert other.documents[0].text == " ".join(lemmas)
    assert len(other.notes) == 1


def test_roles_that_are_named(tmp_path):
    text = (
        "Ada d1 1 B-PER O\nran d1 1 O B-X\nBo d1 2 B-PER O\nsank d1 2 O O\nVess d2 3 B-LOC O\n"
        "burnt d2 3 O O\n"
    )
    corpus = parse(tmp_path, text, columns="word,document,sentence,tag,_")
    assert [(d.id, d.text) for d in corpus] == [("d1", "Ada ran\nBo sank"), ("d2", "Vess burnt")]
    second = read(tmp_path / "a.conll", columns="word,_,_,_,tag")
    assert marked(second.documents[0]) == [("ran", "X")]
    assert [d.id for d in read_texts(tmp_path, columns="word,document,_,tag,_")] == ["d1", "d2"]
    with pytest.raises(CorpusError, match="`columns` names 2 columns, and the file has 5"):
        read(tmp_path / "a.conll", columns="word,tag")
    with pytest.raises(CorpusError, match="line 1: column 2 holds no tag"):
        read(tmp_path / "a.conll", columns="word,tag,_,_,_")


@pytest.mark.parametrize("roles", ["word", "word,word,tag", "word,_,label", "", "word,tag,tag"])
def test_roles_that_are_none(roles):
    with pytest.raises(InputError, match="`columns`"):
        parse_columns(roles)


def test_columns_of_other_formats_are_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Ada", "spans": []}\n')
    with pytest.raises(InputError, match="`columns` is for column files"):
        read(tmp_path, columns="word,tag")
    with pytest.raises(InputError, match="`columns` is for column files"):
        read(path, columns="word,tag", format="jsonl")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("word label\nAda B-PER\nran O\n", [("Ada", "PER")]),
        ("Token\tNER\tPOS\nAda\tB-PER\tNNP\nran\tO\tVBD\n", [("Ada", "PER")]),
        ("# comment\n\nTOKEN\tNE-COARSE-LIT\tMISC\nAda\tB-pers\tNoSpaceAfter\n.\tO\t_\n",
         [("Ada", "pers")]),
        ("lemma,word,tag\nada,Ada,B-PER\nrun,ran,O\n", [("Ada", "PER")]),
        ("token;ner\nAda;B-PER\n\";\";O\n", [("Ada", "PER")]),
        ("word,tag\r\n\"Ada, jr\",B-PER\r\nran,O\r\n", [("Ada, jr", "PER")]),
    ],
)  # fmt: skip
def test_a_header_names_columns_and_is_not_a_word(tmp_path, text, entities):
    corpus = parse(tmp_path, text)
    assert [marked(d) for d in corpus] == [entities]
    assert "header rows" in notes(corpus)[0]


def test_a_column_called_sentence_ends_sentences(tmp_path):
    text = (
        "Sentence #\tWord\tPOS\tTag\nSentence: 1\tIn\tIN\tO\n\tVess\tNNP\tB-geo\n"
        "Sentence: 2\tAda\tNNP\tB-per\n\tran\tVBD\tO\n"
    )
    corpus = parse(tmp_path, text)
    assert [d.text for d in corpus] == ["In Vess", "Ada ran"]


def test_a_first_row_without_a_tag_that_names_nothing_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="line 1: column 2 holds no tag"):
        parse(tmp_path, "foo bar\n" + "Ada B-PER\nran O\n\n" * 20)


GOOD = "Ada NNP O B-PER\nran VBD O O\n\n"


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("Old Harbour NNP O B-LOC", 5),
        ("hepatitis B NN O B-DIS", 5),
        ("#old harbour NNP O B-LOC", 5),
        ("Vess O B-LOC", 3),
    ],
)
@pytest.mark.parametrize("alone", [False, True])
def test_rows_that_do_not_fit(tmp_path, row, columns, alone):
    text = GOOD * 3 + row + ("\n\n" if alone else "\nran VBD O O\n\n") + GOOD * 3
    where = rf"a.conll, line 10: {columns} columns?, where the others have 4"
    with pytest.raises(CorpusError, match=where):
        parse(tmp_path, text)
    lenient = read(tmp_path / "a.conll", lenient=True)
    assert len(lenient) == 6 and len(lenient.problems) == 1


def test_all_rows_that_do_not_fit_are_named(tmp_path):
    bad = "Old Harbour NNP O B-LOC\n\n"
    with pytest.raises(CorpusError, match=r"line 4: .*; lines that do not fit either: 9, 11; a sp"):
        parse(tmp_path, GOOD + bad + GOOD + bad + bad + GOOD * 4)


def test_files_whose_sentences_differ_in_width_are_read(tmp_path):
    """As CoNLL-2012, which has a column for each verb."""
    text = "#begin document (a); part 000\n"
    for sentence, verbs in (("Ada B-PER\nran O", 1), ("In O\nVess B-LOC", 2)) * 2:
        text += "".join(f"{row}{' *' * verbs}\n" for row in sentence.split("\n")) + "\n"
    corpus = parse(tmp_path, text + "#end document\n")
    assert [d.text for d in corpus] == ["Ada ran\nIn Vess\nAda ran\nIn Vess"]
    assert marked(corpus.documents[0]) == [("Ada", "PER"), ("Vess", "LOC")] * 2


def test_empty_columns_at_the_end_do_no_harm(tmp_path):
    corpus = parse(tmp_path, "Ada\tB-PER\t\nran\tO\t\t\n\nBo\tB-PER\nsank\tO\n")
    assert [d.text for d in corpus] == ["Ada ran", "Bo sank"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("name", ["a.conll", "a.jsonl", "a.ann", "a.pubtator"])
def test_line_ends_of_every_system(tmp_path, name, ending):
    texts = {
        "a.conll": "# c\nAda B-PER\nran O\n\nBo O\nsank O\n",
        "a.jsonl": '{"text": "Ada ran", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n'
        '{"text": "Bo sank", "spans": []}\n',
        "a.ann": "T1\tPER 0 3\tAda\n#1\tAnnotatorNotes T1\tsure\n",
        "a.pubtator": "1|t|Ada ran\n1|a|.\n1\t0\t3\tAda\tPER\n\n2|t|Bo sank\n2|a|.\n\n",
    }
    (tmp_path / "a.txt").write_text("Ada ran")
    corpus = parse(tmp_path, texts[name].replace("\n", ending), name)
    assert [m for d in corpus for m in marked(d)] == [("Ada", "PER")]
    assert len(corpus) == (1 if name == "a.ann" else 2)


@given(st.lists(st.text(alphabet="ab \t", max_size=3), min_size=1), st.sampled_from(["\n", "\r"]))
def test_lines_come_back(lines, end):
    assert split_lines(end.join(lines)) == lines
    assert split_lines(end.join(lines), mixed=True) == lines


def test_lines_in_the_encoding_of_another_system_are_counted(tmp_path):
    with pytest.raises(CorpusError, match="line 3: byte 15"):
        parse(tmp_path, b"Ada B-PER\r\r\nZo\xeb O\r".replace(b"\r\r\n", b"\r\rx "))
    corpus = parse(tmp_path, b"Zo\xeb B-PER\r\rBo B-PER\r", lenient=True)
    assert [d.text for d in corpus] == ["Bo"]
    assert "line 1: byte 2" in str(corpus.problems[0])


@pytest.mark.parametrize("bad", ["\r", "\n", "\t", "\x1f", "\u2028"])
def test_labels_with_control_characters_are_refused_in_every_reader(tmp_path, bad):
    span = {"start": 0, "end": 3, "label": f"PER{bad}ran"}
    with pytest.raises(CorpusError, match="span 1: the label holds a line break, tab or other"):
        parse(tmp_path, json.dumps({"text": "Ada ran", "spans": [span]}), "a.jsonl")
    with pytest.raises(CorpusError, match="the label holds a line break, tab or other"):
        parse(tmp_path, json.dumps({"text": "Ada ran", "label": [[0, 3, f"P{bad}R"]]}), "b.jsonl")


CONLLU = """# text = vámonos al Mar.
1-2\tvámonos\t_\t_\t_
1\tvamos\tir\t_\tO
2\tnos\tyo\t_\tO
3-4\tal\t_\t_\t_
3\ta\ta\t_\tO
4\tel\tel\t_\tB-LOC
5\tMar\tmar\tSpaceAfter=No\tI-LOC
5.1\tnada\tnada\t_\t_
6\t.\t.\t_\tO

"""


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (("", ""), ""),
        (("# text = vámonos al Mar.\n", ""), ""),
        (("# text = vámonos al Mar.", "# text = otra cosa"), "# text, which is not used"),
    ],
)
def test_the_text_of_conllu_is_the_one_that_was_written(tmp_path, change, note):
    corpus = parse(tmp_path, CONLLU.replace(*change), "a.conllu")
    assert corpus.documents[0].text == "vámonos al Mar."
    assert marked(corpus.documents[0]) == [("al Mar", "LOC")]  # "el" has no place of its own
    assert any("multiword token, widened" in n for n in notes(corpus))
    assert any(note in n for n in notes(corpus))


def test_words_of_a_range_that_make_its_form_keep_their_places(tmp_path):
    text = "1-2\tcannot\tO\n1\tcan\tO\n2\tnot\tB-NEG\n3\tgo\tO\n"
    corpus = parse(tmp_path, text, columns="_,word,tag")
    assert corpus.documents[0].text == "cannot go"
    assert marked(corpus.documents[0]) == [("not", "NEG")]


def test_numbers_that_begin_again_begin_a_sentence(tmp_path):
    text = "1\tAda\tB-PER\n2\tran\tO\n1\tBo\tB-PER\n1\tCy\tB-PER\n2\tsat\tO\n"
    assert [d.text for d in parse(tmp_path, text)] == ["Ada ran", "Bo", "Cy sat"]


def test_offsets_with_hyphens_are_not_ranges_of_words(tmp_path):
    rows = zip(WORDS, (f"{a}-{b}" for a, b in SPAN), TAGS, strict=True)
    shape = shape_of(["\t".join(row) for row in rows])
    assert shape.number is None and (shape.word, shape.tag) == (0, 2)


def test_labels_without_letters_for_their_place_are_read(tmp_path):
    """As Stanford NER writes them."""
    rows = "Ada PER\nEk PER\nmet O\nBo PER\nin O\nVess LOC\nand O\nleft O\nthen O\n. O\n"
    corpus = parse(tmp_path, rows.replace(" ", "\t"))
    assert marked(corpus.documents[0]) == [("Ada Ek", "PER"), ("Bo", "PER"), ("Vess", "LOC")]
    assert notes(corpus) == [
        "words whose tag is a label without B- or I-: those of one label that touch are read as "
        "one entity: 4",
        "sentences, with tags of the scheme IO: 1",
    ]


SENTENCES = "Ada B-PER\nran O\n\nBo B-PER\nsank O\n"


def folder_of(tmp_path, *names, text=SENTENCES):
    for i, name in enumerate(names):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("Ada", f"Ada{i}"))
    return tmp_path / "in"


def test_several_files_are_documents_with_their_sentences(tmp_path):
    folder = folder_of(tmp_path, "a.conll", "b/x.conll", "c/x.conll")
    (folder / "README.md").write_text("Nothing to see.")
    corpus = read(folder)
    assert [d.id for d in corpus] == ["a", "b/x", "c/x"]
    assert corpus.documents[1].text == "Ada1 ran\nBo sank"
    assert corpus.documents[1].sentences == ((0, 8), (9, 16))
    assert "files that mark no documents, each read as one document: 1" in notes(corpus)
    named = read([folder / "b/x.conll", folder / "c/x.conll"])
    assert [d.id for d in named] == ["b/x", "c/x"]
    assert [d.text for d in read_texts(folder)] == [d.text for d in corpus]


def test_a_file_that_is_alone_or_a_split_is_many_documents(tmp_path):
    folder = folder_of(tmp_path, "a.conll")
    (folder / "README.txt").write_text("Nothing to see here.")
    assert len(read(folder)) == 2
    other = folder_of(tmp_path / "2", "x_train.conll", "x-dev.conll", "x.test.conll")
    assert len(read(other)) == 6
    third = folder_of(tmp_path / "3", "blood_test_1.conll", "blood_test_2.conll")
    assert len(read(third)) == 2


def test_files_that_mark_documents_are_left_as_they_are(tmp_path):
    marks = "-DOCSTART- O\n\n" + SENTENCES + "\n-DOCSTART- O\n\n" + SENTENCES.replace("Bo", "Cy")
    assert len(read(folder_of(tmp_path, "a.conll", "b.conll", text=marks))) == 4


@pytest.mark.parametrize(
    "mark", ["# newdoc id = {}\n", "# doc_id = {}\n", "# hipe2022:document_id = {}\n",
             "#begin document ({}); part 000\n", "###MEDLINE:{}\n\n", "-DOCSTART- ({})\n\n"],
)  # fmt: skip
def test_marks_of_documents(tmp_path, mark):
    text = mark.format("1") + SENTENCES + "\n" + mark.format("2") + SENTENCES
    assert [len(d.sentences) for d in parse(tmp_path, text)] == [2, 2]


def test_very_long_files_are_groups_where_there_are_enough(tmp_path):
    names = [f"{i}.conll" for i in range(20)]
    folder = folder_of(tmp_path, *names, text="\n".join(f"Ada{i} B-PER\n" for i in range(501)))
    corpus = read(folder)
    assert len(corpus) == 20 * 501
    assert {d.group for d in corpus} == {str(i) for i in range(20)}


def test_inspect_names_file_and_line(tmp_path):
    text = "# c\nAda B-PER\nran O\n\n# c\nBo O\n(Vess B-LOC\nsank O\n\n(Bo B-PER\nsat O\n"
    corpus = parse(tmp_path, text)
    path = (tmp_path / "a.conll").as_posix()
    found = inspect(corpus).finding("edge punctuation")
    assert [str(c.places[0]) for c in found.cases] == [f"{path}:7", f"{path}:10"]
    shown = CliRunner(env={"COLUMNS": "500"}).invoke(app, ["inspect", path])
    assert "a.conll:10" in "".join(shown.output.split())
    assert corpus.documents[1].id not in shown.output


def test_inspect_names_the_line_of_records_without_ids(tmp_path):
    corpus = parse(tmp_path, '{"text": "(Bo sat", "spans": [{"start": 0, "end": 3, "label": "P"}]}',
                   "a.jsonl")  # fmt: skip
    (case,) = inspect(corpus).finding("edge punctuation").cases
    assert str(case.places[0]) == f"{(tmp_path / 'a.jsonl').as_posix()}, line 1: 0–3"


def test_words_that_are_cut_anew_are_counted(tmp_path):
    corpus = parse(tmp_path, "Ada B-PER\nran. O\n\nBo B-PER\nran O\n")
    assert write(corpus, tmp_path / "b.conll") == [
        "documents whose words are cut anew, by suffice's own rule and not at spaces alone: 1"
    ]
