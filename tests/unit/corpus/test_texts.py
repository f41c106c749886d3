"""Text that nobody has annotated."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest

import suffice
from suffice.corpus.texts import read_texts
from suffice.errors import CorpusError, InputError


def lines(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_folders_of_plain_text(tmp_path):
    (tmp_path / "b.txt").write_text("Orlex paid Bo.\r\n", encoding="utf-8", newline="")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Nothing to declare.", encoding="utf-8")
    (tmp_path / "in" / "c.txt.gz").write_bytes(gzip.compress(b"Packed."))
    (tmp_path / "notes.xyz").write_text("not read", encoding="utf-8")
    found = read_texts(tmp_path)
    assert [(d.id, d.text, d.spans) for d in found] == [
        ("b", "Orlex paid Bo.\r\n", ()),
        ("in/a", "Nothing to declare.", ()),
        ("in/c", "Packed.", ()),
    ]
    assert found.notes == ("files of no known format passed over: 1",)


def test_zip_archives_and_encodings(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("x/1.txt", "Zoë".encode("latin-1"))
    (document,) = read_texts(tmp_path / "all.zip", encoding="latin-1")
    assert (document.id, document.text) == ("x/1", "Zoë")


def test_records_with_text_alone(tmp_path):
    path = lines(
        tmp_path / "pool.jsonl",
        {"id": 7, "text": "One.", "group": "p1", "meta": {"journal": "J"}},
        {"text": "Two. Three.", "sentences": [[0, 4], [5, 11]]},
        {"text": "Two. Three."},
    )
    found = read_texts(path, by="meta.journal")
    assert found.documents[0].id == "7"
    assert found.documents[0].group == "p1"
    assert found.documents[1].sentences == ((0, 4), (5, 11))
    assert found.documents[2].id == f"{found.documents[1].id}-2"
    assert found.fields == {"7": "J"}
    assert found.name == "pool"
    assert read_texts(path, group="meta.journal").documents[0].group == "J"


def test_annotated_files_lose_their_spans(tmp_path):
    corpus = suffice.load_example(n=5)
    for name in ("c.jsonl", "c.conll", "c.spacy"):
        suffice.write(corpus, tmp_path / name)
        found = read_texts(tmp_path / name)
        assert len(found) >= 5
        assert not any(d.spans or d.annotators for d in found)
    assert [d.text for d in read_texts(tmp_path / "c.jsonl")] == [d.text for d in corpus]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"text": "a"}\n{"txt": "b"}\n', 'bad.jsonl, line 2: the record has no "text"'),
        ('{"text": "a"}\n{"text": 5}\n', 'bad.jsonl, line 2: "text" is a number, not a string'),
        ('{"text": "a"}\n{"text": " "}\n', "bad.jsonl, line 2: the text is empty"),
        ('{"text": "a"}\nnonsense\n', "bad.jsonl, line 2: not a JSON object"),
        ('{"id": 1, "text": "a"}\n{"id": 1, "text": "b"}\n', "the id '1' is already that of"),
        ("", "bad.jsonl: the file is empty"),
    ],
)
def test_bad_records(tmp_path, content, said):
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_texts(path)
    assert said in str(caught.value)
    if "line 2" in said:
        found = read_texts(path, lenient=True)
        assert len(found) == 1
        assert said in str(found.problems[0])


def test_other_refusals(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\0b")
    with pytest.raises(CorpusError, match="binary"):
        read_texts(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_bytes(b"caf\xe9")
    with pytest.raises(CorpusError, match="not valid UTF-8; name the encoding"):
        read_texts(tmp_path / "b.txt")
    with pytest.raises(CorpusError, match="no such file"):
        read_texts(tmp_path / "none.txt")
    (tmp_path / "c.xyz").write_text("what is this", encoding="utf-8")
    with pytest.raises(CorpusError, match="format of this file is not known"):
        read_texts(tmp_path / "c.xyz")
    assert len(read_texts(tmp_path / "c.xyz", format="text")) == 1
    path = lines(tmp_path / "d.jsonl", {"text": "a"})
    for option in ("by", "group"):
        with pytest.raises(InputError, match="no record has a field 'x'"):
            read_texts(path, **{option: "x"})


def test_what_an_annotation_tool_wrote_is_not_taken_for_bare_text(tmp_path):
    path = lines(tmp_path / "doccano.jsonl", {"id": 1, "text": "Bo", "label": [[0, 2, "PER"]]})
    try:
        found = read_texts(path)
    except CorpusError:
        return  # no format of this installation reads it, which is said
    assert [(d.text, d.spans) for d in found] == [("Bo", ())]


def test_prose_is_not_taken_for_columns_of_tags_nor_columns_for_prose(tmp_path):
    """In a text of one line some word stands where columns have their tags, as "I" or "S"."""
    corpus = suffice.load_example(n=140)
    folder = tmp_path / "texts"
    folder.mkdir()
    for document in corpus:
        path = folder / f"{document.id}.txt"
        path.write_text(document.text, encoding="utf-8", newline="")
    assert [(d.id, d.text) for d in read_texts(folder)] == [(d.id, d.text) for d in corpus]
    (tmp_path / "columns.txt").write_text("Bo\tB-PER\nruns\tO\n.\tO\n\nHe\tO\nruns\tO\n")
    assert [d.text for d in read_texts(tmp_path / "columns.txt")] == ["Bo runs .", "He runs"]
