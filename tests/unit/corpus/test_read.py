"""Reading: ids, groups, several files, folders, notes."""

import gzip
import json

import pytest

from suffice.corpus import read, write
from suffice.corpus.document import Span
from suffice.errors import CorpusError, InputError


def put(path, *records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def record(text, *spans, **more):
    return {"text": text, "spans": [dict(zip(("start", "end", "label"), s, strict=True))
                                    for s in spans], **more}  # fmt: skip


def test_everything_a_record_can_hold(tmp_path):
    path = put(
        tmp_path / "all.jsonl",
        record(
            " Bo left.\r\nAcme 😀 stayed. ", (12, 16, "ORG"), (1, 3, "PER"), (12, 16, "ORG"),
            id=7, group="p1", split="train", sentences=[[1, 9], [11, 26]], other={"x": [1]},
            annotators={"ann": [], "bea": [{"start": 1, "end": 3, "label": "PER"}]},
        ),
    )  # fmt: skip
    corpus = read(path)
    (document,) = corpus
    assert corpus.name == "all"
    assert document.id == "7"
    assert document.text == " Bo left.\r\nAcme 😀 stayed. "
    assert document.spans == (Span(1, 3, "PER"), Span(12, 16, "ORG"))
    assert document.sentences == ((1, 9), (11, 26))
    assert (document.group, document.split) == ("p1", "train")
    assert document.annotators == {"ann": (), "bea": (Span(1, 3, "PER"),)}


def test_ids_come_from_content_and_occurrence_and_never_from_position(tmp_path):
    first = read(put(tmp_path / "a.jsonl", record("One."), record("Two."), record("One.")))
    later = read(put(tmp_path / "b.jsonl", record("New."), record("One."), record("Two.")))
    one, two, again = (d.id for d in first)
    assert again == f"{one}-2" and len({one, two}) == 2
    assert [d.id for d in later][1:] == [one, two]
    across = read([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert [d.id for d in across][4] == f"{one}-3"


def test_spans_by_majority_where_only_annotators_are_known(tmp_path):
    def marked(*ends):
        return [{"start": 0, "end": end, "label": "X"} for end in ends]

    annotators = {"a": marked(1, 2), "b": marked(2), "c": marked(2, 3)}
    path = put(tmp_path / "m.jsonl", {"text": "abc", "annotators": annotators})
    corpus = read(path)
    assert corpus.documents[0].spans == (Span(0, 2, "X"),)
    assert corpus.notes == (
        f"{path}: annotated by several; the spans that more than half of them marked are used: 1",
    )


def test_group_from_a_field(tmp_path):
    path = put(
        tmp_path / "g.jsonl",
        record("One.", meta={"patient": 4}, group="g"),
        record("Two.", meta={"patient": "p5"}),
        record("Three."),
    )
    assert [d.group for d in read(path)] == ["g", None, None]
    corpus = read(path, group="meta.patient")
    assert [d.group for d in corpus] == ["4", "p5", None]
    assert corpus.notes == ("documents without the field 'meta.patient', left without a group: 1",)
    with pytest.raises(InputError, match=r"no record has a field 'meta\.who' to group by"):
        read(path, group="meta.who")
    with pytest.raises(CorpusError, match='"group" is an object, not a string'):
        read(path, group="meta")


def test_labels_are_mapped_while_reading(tmp_path):
    path = put(tmp_path / "a.jsonl", record("Bo at Acme", (0, 2, "a"), (6, 10, "b")))
    corpus = read(path, labels="a=PER")
    assert corpus.documents[0].spans == (Span(0, 2, "PER"),)
    assert corpus.labels == ("PER",)
    with pytest.raises(InputError, match="names 'c', which the corpus does not have; it has a, b"):
        read(path, labels="c")


def test_folder_reads_known_files_in_order_and_says_what_it_passes_over(tmp_path):
    put(tmp_path / "b.jsonl", record("B.", id="b"))
    plain = put(tmp_path / "x.jsonl", record("A.", id="a"))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    (tmp_path / "c.conll").write_text("Cy\tB-PER\n")
    (tmp_path / "README.md").write_text("About these files.")
    (tmp_path / ".hidden.jsonl").write_text("not json")
    (tmp_path / "inner").mkdir()
    corpus = read(tmp_path)
    assert [d.text for d in corpus] == ["A.", "B.", "Cy"]
    assert corpus.name == tmp_path.name
    assert corpus.notes == (
        f"{tmp_path}/c.conll: sentences, with tags of the scheme BIO: 1",
        f"{tmp_path}: files of no known format passed over (README.md): 1",
        f"{tmp_path}: files of several formats: conll, jsonl",
    )


def test_a_damaged_file_in_a_folder_is_not_passed_over(tmp_path):
    put(tmp_path / "a.jsonl", record("A.", id="a"))
    (tmp_path / "b.jsonl").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"b\.jsonl: the file is empty"):
        read(tmp_path)
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "B')
    with pytest.raises(CorpusError, match=r"b\.jsonl, line 1: not a JSON object"):
        read(tmp_path)


def test_same_id_in_two_files(tmp_path):
    a = put(tmp_path / "a.jsonl", record("A.", id="1"))
    b = put(tmp_path / "b.jsonl", record("B.", id="1"), record("C.", id="2"))
    message = r"b\.jsonl, line 1: the id '1' is already that of .*a\.jsonl, line 1; give every"
    with pytest.raises(CorpusError, match=message):
        read([a, b])
    corpus = read([a, b], lenient=True)
    assert [d.text for d in corpus] == ["A.", "C."]
    assert len(corpus.problems) == 1
    assert corpus.name == "a+1"


def test_gzip_is_told_by_content_and_written_the_same_each_time(tmp_path):
    corpus = read(put(tmp_path / "a.jsonl", record("Bo.", (0, 2, "P"), id="1")))
    packed = tmp_path / "b.jsonl.gz"
    assert write(corpus, packed) == []
    first = packed.read_bytes()
    write(corpus, packed)
    assert packed.read_bytes() == first
    (tmp_path / "odd.txt").write_bytes(first)
    assert read(tmp_path / "odd.txt").documents == corpus.documents


@pytest.mark.shared
def test_shared_corpora_have_the_counts_of_their_table(shared):
    table = (shared / "corpora" / "README.md").read_text("utf-8").split("## Types")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    seen = 0
    for row in rows:
        path = shared / "corpora" / f"{row[0].removeprefix('| ')}.jsonl.gz"
        if not path.exists():
            continue
        corpus = read(path)
        assert len(corpus) == int(row[5].replace(",", ""))
        assert sum(len(d.spans) for d in corpus) == int(row[8].replace(",", ""))
        assert len(corpus.labels) == int(row[10])
        assert not corpus.problems and not corpus.notes
        if row[6].replace(",", "").isdigit():
            assert sum(len(d.sentences or ()) for d in corpus) == int(row[6].replace(",", ""))
        seen += 1
    assert seen == 9
