"""WebAnno TSV 3, with INCEpTION's own test files, in TSV and XMI, as the judge."""

import re

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
HEAD = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={ENTITY}|identifier|value\n\n\n"
SIMPLE = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={ENTITY}|value\n\n\n"
SUITE = ("CrossSentenceSpan", "StackedSubMultiTokenSpan", "SubMultiTokenSpan",
         "TokenBoundedSpanWithNasty", "TokenBoundedStackedSpan")  # fmt: skip


def saved(path, text, name="a.tsv"):
    (path / name).write_bytes(text.encode())
    return path / name


def test_stacked_values_parts_of_tokens_and_values_with_signs(tmp_path):
    path = saved(
        tmp_path,
        HEAD + "#Text=Pre-Acme of Bonn .\n"
        "1-1\t0-8\tPre-Acme\t_\t_\t\n"
        "1-1.1\t4-8\tAcme\tid\\_1[1]|*[2]\tORG[1]|a\\|b\\[1\\]\\->\\*[2]\t\n"
        "1-2\t9-11\tof\t*[1]\tORG[1]\t\n"
        "1-3\t12-16\tBonn\t*[1]|*[3]\tORG[1]|*[3]\t\n"
        "1-3.1\t12-12\t\t_\tX\t\n"
        "1-4\t17-18\t.\t*\t\\_\t\n",
    )
    corpus = read(path)
    (document,) = corpus
    assert document.text == "Pre-Acme of Bonn ."
    assert document.spans == (Span(4, 8, "a|b[1]->*"), Span(4, 16, "ORG"), Span(17, 18, "_"))
    assert (document.id, document.sentences) == ("a", ((0, 18),))
    assert corpus.notes == (
        f"{path.as_posix()}: annotations without a type, left out: 1",
        f"{path.as_posix()}: annotations of no length, left out: 1",
    )


def test_text_of_several_lines_gaps_and_offsets_in_utf16(tmp_path):
    path = saved(
        tmp_path,
        SIMPLE + "#Sentence.id=s1\n#Text=😀 a\\tb\n#Text=c\\\\d\n"
        "1-1\t0-2\t😀\tE\t\n1-2\t3-4\ta\t_\t\n1-3\t5-6\tb\t_\t\n1-4\t7-10\tc\\d\tP\t\n\n"
        "#Text=Bo\n2-1\t10-12\tBo\tPER\t\n\n#Text=Lee\n3-1\t15-18\tLee\tPER\t\n",
    )
    (document,) = read(path)
    assert document.text == "😀 a\tb\nc\\dBo\n  Lee"
    assert [(document.text[s.start : s.end], s.label) for s in document.spans] == [
        ("😀", "E"), ("c\\d", "P"), ("Bo", "PER"), ("Lee", "PER"),
    ]  # fmt: skip
    assert document.sentences == ((0, 9), (9, 11), (14, 17))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("#Text=Bo\n1-1\t0-2\tBa\t_\t\n", "line 6: the token's text is not what #Text has at 0 to"),
        ("#Text=😀 Bo\n1-1\t0-2\t😀\t_\t\n1-2\t2-4\tBo\t_\t\n", "line 7: the token's text is not"),
        ("#Text=Bo\n1-1\t0-2\tBo\n", "line 6: 3 columns, where the header declares 4"),
        ("1-1\t0-2\tBo\t_\t\n", "line 5: a token comes before any #Text"),
        ("#Text=Bo\nnonsense\n", "line 6: the line is neither a sentence's text nor a token"),
        ("#Text=Bo\n1-1\t0-2\tBo\tA[1]\t\n\n#Text=Li\n2-1\t1-3\tLi\tA\t\n",
         "line 9: the sentence begins at 1, where the one before it ends at"),
        ("#Text=Bo\n1-1\t900000-900002\tBo\tA\t\n", "line 6: the sentence begins at 900000"),
        ("#Text=a b\n1-1\t0-1\ta\tA[1]\t\n1-2\t2-3\tb\tB[1]\t\n", "line 7: the annotation [1] has"),
        ("#Text=Bo\n1-1\t0-2\tBo\t*\t\n", ": none of its 1 annotations has a type"),
        ("#Text=Bo\n1-1\t0-2\tBo\tA\\\t\n", "line 6: a value ends in a backslash"),
        ("#Text=Bo\n", "a sentence has no tokens"),
    ],
)  # fmt: skip
def test_damage_is_named(tmp_path, rows, message):
    with pytest.raises(CorpusError) as caught:
        read(saved(tmp_path, SIMPLE + rows))
    assert message in str(caught.value)


def test_which_layer(tmp_path):
    body = "\n\n#Text=Bo\n1-1\t0-2\tBo\t{}\t\n"
    pos = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n"

    def file(*layers):
        head = "#FORMAT=WebAnno TSV 3.2\n" + "".join(layers)
        return saved(tmp_path, head + body.format("\t".join("ABCD"[: len(layers)])))

    custom = read(file(pos, "#T_SP=webanno.custom.Drug|kind\n"))
    assert custom.documents[0].spans == (Span(0, 2, "B"),)
    assert "whose entities come from the layer Drug (kind): 1" in custom.notes[0]
    both = read(file("#T_SP=webanno.custom.Drug|kind\n", f"#T_SP={ENTITY}|value\n"))
    assert both.documents[0].spans == (Span(0, 2, "B"),)
    assert both.notes[0].endswith("the layer Drug, not read (--layer Drug reads them): 1")
    with pytest.raises(CorpusError, match=r"several layers may hold the entities \(Dose, Drug\)"):
        read(file("#T_SP=webanno.custom.Drug|kind\n", "#T_SP=webanno.custom.Dose|kind\n"))
    with pytest.raises(CorpusError, match=r"no span layer has a feature .* \(Drug\)"):
        read(file("#T_SP=webanno.custom.Drug|\n"))
    with pytest.raises(CorpusError, match="documents without any layer that can hold entities"):
        read(file(pos))  # never read as a text without entities


def test_writing_cuts_words_at_edges_and_says_what_is_lost(tmp_path):
    text = "\tPre-Acme 10mg.  Bo left. 😀"
    spans = (Span(5, 9, "O|RG"), Span(5, 12, "X"), Span(9, 10, "gap"), Span(17, 19, "PER"))
    documents = (Document("a/b", text, spans, group="g"), Document("n", "None."))
    notes = write(Corpus(documents), tmp_path / "out", "webanno")
    assert notes == [
        "spans of white space alone, not written: 1",
        "documents without sentences of their own, written with those of the rules: 2",
        "documents that begin with line breaks or tabs, written as spaces: 1",
        "documents whose group is not written: 1",
    ]
    lines = (tmp_path / "out" / "a%2Fb.tsv").read_text("utf-8").split("\n")
    assert lines[4:8] == ["#Text=Pre-Acme 10mg.  ", "1-1\t1-4\tPre\t_\t", "1-2\t4-5\t-\t_\t",
                          "1-3\t5-9\tAcme\tO\\|RG[1]|X[2]\t"]  # fmt: skip
    one, two = read(tmp_path / "out")
    assert one.text == " " + text[1:] and one.spans == (*spans[:2], spans[3])
    assert (one.id, two.id, two.spans) == ("a/b", "n", ())


@pytest.mark.shared
@pytest.mark.parametrize("name", SUITE)
def test_same_documents_in_tsv_and_xmi(shared, name):
    folder = shared / "corpora" / "raw" / "webanno_tsv" / "suite"
    (tsv,) = folder.glob(f"test{name}*.tsv")
    (one,), (two,) = read(tsv), read(tsv.with_suffix(".xmi"))
    assert one.spans == two.spans and len(one.spans) >= 1
    assert (one.text, one.sentences) == (two.text, two.sentences)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["CrossSentenceSpan", "TokenBoundedSpanWithNasty"])
def test_we_write_what_inception_writes(shared, tmp_path, name):
    (xmi,) = (shared / "corpora" / "raw" / "webanno_tsv" / "suite").glob(f"test{name}*.xmi")
    theirs = xmi.with_suffix(".tsv").read_text("utf-8").replace("webanno.custom.Span", ENTITY, 1)
    assert write(read(xmi), tmp_path / "out", "webanno") == []
    assert (tmp_path / "out" / "doc.tsv").read_text("utf-8").strip() == theirs.strip()


@pytest.mark.shared
def test_larger_files_and_what_is_no_entity_file(shared):
    folder = shared / "corpora" / "raw" / "webanno_tsv"
    for name, column, length in (("coref.tsv", 3, 2000), ("example2.tsv", 4, 80)):
        rows = [line.split("\t") for line in (folder / name).read_text("utf-8").split("\n")]
        rows = [row for row in rows if re.match(r"\d+-\d+$", row[0])]
        values = [v for row in rows for v in row[column].split("|") if v != "_"]
        ids = {v for v in values if v.endswith("]")}
        (document,) = read(folder / name)
        assert len(document.spans) == len(ids) + sum("[" not in v for v in values)
        words = [document.text[slice(*map(int, row[1].split("-")))] for row in rows]
        assert words == [row[2] for row in rows] and len(rows) > length
    with pytest.raises(CorpusError, match=r"line 1: only WebAnno TSV 3 is read"):
        read(folder / "example2_tsv2.tsv")
    with pytest.raises(CorpusError, match="documents without any layer that can hold entities"):
        read(folder / "multi_user")
    with pytest.raises(CorpusError, match=r"no span layer has a feature that names a type"):
        read(folder / "suite" / "testZeroLengthSlotFeature1.tsv")


def test_a_tower_of_values_on_one_token_is_refused(tmp_path):
    """It would take a hundred times its size in memory."""
    row = "1-1\t0-2\tBo\t{}\t\n"
    stacked = [f"L{i}[{i + 1}]" for i in range(2000)]
    some = saved(tmp_path, SIMPLE + "#Text=Bo\n" + row.format("|".join(stacked[:900])))
    assert len(read(some).documents[0].spans) == 900
    many = saved(tmp_path, SIMPLE + "#Text=Bo\n" + row.format("|".join(stacked)))
    with pytest.raises(CorpusError, match="line 6: more than 1,000 annotations are stacked"):
        read(many)
