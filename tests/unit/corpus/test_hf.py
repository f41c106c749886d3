"""Hugging Face datasets: names of tags from the metadata; numbers without names are refused."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

NAMES = ["O", "B-PER", "I-PER", "B-LOC"]
ROWS = {
    "id": ["0", "1", "2"],
    "tokens": [["Ann", "Lee", "left"], ["Bonn", "."], ["No", "one"]],
    "pos_tags": [[1, 1, 0], [1, 2], [0, 0]],
    "ner_tags": [[1, 2, 0], [3, 0], [0, 0]],
}


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


def marked(corpus):
    return [[(d.text[s.start : s.end], s.label) for s in d.spans] for d in corpus]


def table(rows, features=None, **columns):
    made = pa.table({**rows, **columns})
    if features is None:
        return made
    info = {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
    return made.replace_schema_metadata(info)


def named(names):
    return {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"}


FEATURES = {"ner_tags": named(NAMES), "pos_tags": named(["X", "NOUN", "PUNCT"])}


@pytest.mark.parametrize("old", [False, True])
def test_parquet_with_class_labels(tmp_path, old):
    features = FEATURES
    if old:  # a list instead of a Sequence
        features = {"ner_tags": [{"names": NAMES, "_type": "ClassLabel"}]}
    path = tmp_path / "validation-00000-of-00001.parquet"
    pq.write_table(table(ROWS, features), path)
    corpus = read(path)
    assert [d.text for d in corpus] == ["Ann Lee left", "Bonn .", "No one"]
    assert marked(corpus) == [[("Ann Lee", "PER")], [("Bonn", "LOC")], []]
    assert {d.split for d in corpus} == {"validation"}
    assert notes(corpus) == ["rows whose id is only their number, and is not used: 3"]


def test_a_folder_of_save_to_disk(tmp_path):
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "extra"]}')
    for split in ("train", "extra"):
        folder = tmp_path / split
        folder.mkdir()
        (folder / "dataset_info.json").write_text(json.dumps({"features": FEATURES}))
        (folder / "state.json").write_text("{}")
        (folder / "cache-77.arrow").write_bytes(b"what datasets computed")
        rows = table({**ROWS, "tokens": [[split, *w[1:]] for w in ROWS["tokens"]]})
        with pa.ipc.new_stream(folder / "data-00000-of-00001.arrow", rows.schema) as out:
            out.write_table(rows)
    corpus = read(tmp_path)
    assert [d.split for d in corpus] == ["extra"] * 3 + ["train"] * 3
    assert marked(corpus)[0] == [("extra Lee", "PER")]
    assert not any("passed over" in note for note in corpus.notes)


@pytest.mark.parametrize(
    ("tags", "spans", "scheme"),
    [
        ([["U-P", "O", "O"], ["B-P", "L-P"], ["O", "O"]], [["Ann"], ["Bonn ."], []], "BILOU"),
        ([["P", "P", "O"], ["Q", "P"], ["O", "O"]], [["Ann Lee"], ["Bonn", "."], []], "bare"),
        (
            [["p-b", "p-i", "O"], ["p-b", "p-b"], ["O", "O"]],
            [["Ann Lee"], ["Bonn", "."], []],
            "BIO",
        ),
        (
            [["b-p", "e-p", "O"], ["s-p", "s-p"], ["O", "O"]],
            [["Ann Lee"], ["Bonn", "."], []],
            "BMES",
        ),
        (
            [["I-P", "I-P", "O"], ["I-P", "B-P"], ["O", "O"]],
            [["Ann Lee"], ["Bonn", "."], []],
            "IOB1",
        ),
    ],
)
def test_tags_as_text_in_any_scheme(tmp_path, tags, spans, scheme):
    pq.write_table(table({"words": ROWS["tokens"], "tags": tags}), tmp_path / "a.parquet")
    corpus = read(tmp_path / "a.parquet")
    assert [[text for text, _ in own] for own in marked(corpus)] == spans
    assert any("one entity" in note for note in corpus.notes) == (scheme == "bare")
    assert not any("break" in note for note in corpus.notes)


def test_rows_that_are_not_annotated(tmp_path):
    tags = [[1, -100, 0], None, [0, 0]]
    rows = {**ROWS, "ner_tags": tags, "id": ["x", "y", "z"]}
    pq.write_table(table(rows, FEATURES), tmp_path / "a.parquet")
    corpus = read(tmp_path / "a.parquet")
    assert [d.id for d in corpus] == ["z"]
    assert notes(corpus) == [
        "documents annotated only in part, left out: 1",
        "documents that nobody annotated, left out: 1",
    ]


def test_texts_with_spans(tmp_path):
    features = {"entities": [{"label": {"names": ["PER", "LOC"], "_type": "ClassLabel"}}]}
    rows = {"text": ["Ann left.", "No."], "entities": [[{"start": 0, "end": 3, "label": 0}], []]}
    pq.write_table(table(rows, features), tmp_path / "a.parquet")
    assert marked(read(tmp_path / "a.parquet")) == [[("Ann", "PER")], []]
    columns = {"start": [0], "end": [3], "type": ["PER"]}
    pq.write_table(table({"text": ["Ann left."], "entities": [columns]}), tmp_path / "b.parquet")
    assert marked(read(tmp_path / "b.parquet")) == [[("Ann", "PER")]]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"tokens": [["a"]], "ner_tags": [[1]]}, "'ner_tags' holds numbers, and the file does not"),
        ({"tokens": [["a"]]}, "no column holds tags (O, B-..., I-...) of the words"),
        ({"x": [1]}, "no column holds words with tags, or a text with spans"),
        (
            {"text": ["a"], "mine": [[{"start": 0, "end": 1, "label": "X"}]]},
            "spans or tags usually have; `layer` can be mine",
        ),
        ({"tokens": [["a"]], "ner_tags": [["O", "O"]]}, "record 1: the row has 1 words and 2 tags"),
        ({"tokens": [["a", ""]], "ner_tags": [["O", "B-P"]]}, "record 1: word 2 is empty"),
        ({"tokens": [["a", None]], "ner_tags": [["O", "B-P"]]}, "record 1: word 2 is missing"),
        (
            {"text": ["a"], "spans": [[{"start": 0, "end": 3, "label": "X"}]]},
            "record 1: span 1: end",
        ),
    ],
)
def test_bad_tables(tmp_path, columns, message):
    pq.write_table(table(columns), tmp_path / "a.parquet")
    with pytest.raises(CorpusError) as caught:
        read(tmp_path / "a.parquet")
    assert message in str(caught.value)


def test_entities_end_at_characters_whatever_their_words_hold(tmp_path):
    words = [["\xa0", "Ann", "\n"], ["Lee\xa0", "\u3000"], ["\xa0", "x"]]
    tags = [["B-P", "I-P", "I-P"], ["B-P", "I-P"], ["B-P", "O"]]
    pq.write_table(table({"tokens": words, "ner_tags": tags}), tmp_path / "a.parquet")
    corpus = read(tmp_path / "a.parquet")
    assert [d.text for d in corpus] == ["\xa0 Ann \n", "Lee\xa0 \u3000", "\xa0 x"]
    assert marked(corpus) == [[("Ann", "P")], [("Lee", "P")], []]
    assert notes(corpus) == ["entities of nothing but white space, left out: 1"]


def test_the_column_that_holds_spans_is_read_and_others_are_named(tmp_path):
    kind = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())]))
    span = {"start": 0, "end": 3, "label": "P"}
    columns = {
        "text": pa.array(["Ann left", "Bo"]),
        "entities": pa.array([[], []], kind),
        "annotations": pa.array([[span], []], kind),
        "tokens": pa.array([["Ann", "left"], ["Bo"]]),
        "fine": pa.array([["B-X", "O"], ["O"]]),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    corpus = read(tmp_path / "a.parquet")
    assert marked(corpus) == [[("Ann", "P")], []]
    assert notes(corpus) == [
        "columns that may hold entities too and are not read, unless --layer names one "
        "(entities, fine): 1"
    ]
    assert marked(read(tmp_path / "a.parquet", layer="fine")) == [[("Ann", "X")], []]
    with pytest.raises(CorpusError, match="'text' holds neither spans of a text nor tags"):
        read(tmp_path / "a.parquet", layer="text")


def test_a_file_that_swells_is_refused_before_it_is_read(tmp_path):
    rows = pa.table({"tokens": [["a"] * 40_000_000], "ner_tags": [["O"]]})
    pq.write_table(rows, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 1 << 20
    with pytest.raises(CorpusError, match="the file expands to more than"):
        read(tmp_path / "a.parquet")


def test_what_is_written_has_names_of_tags(tmp_path):
    spans = (Span(0, 7, "PER"), Span(4, 7, "SUR"), Span(12, 16, "LOC"))
    corpus = Corpus((Document("a", "Ann Lee saw Bonn.", spans, ((0, 17),), "g", "dev"),))
    path = tmp_path / "a.parquet"
    assert write(corpus, path, "hf") == [
        "spans that overlap a longer one or hold no word, in the column spans but not in "
        "ner_tags: 1"
    ]
    assert read(path).documents == corpus.documents
    made = pq.read_table(path)
    features = json.loads(made.schema.metadata[b"huggingface"])["info"]["features"]
    assert list(features) == made.column_names
    names = features["ner_tags"]["feature"]["names"]
    row = made.to_pylist()[0]
    assert row["tokens"] == ["Ann", "Lee", "saw", "Bonn", "."]
    assert [names[t] for t in row["ner_tags"]] == ["B-PER", "I-PER", "O", "B-LOC", "O"]
