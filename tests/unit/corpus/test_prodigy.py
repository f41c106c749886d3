"""Prodigy's answers are understood, and none is read as a text without entities."""

import json

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError


def put(tmp_path, *records, name="p.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def task(text, *spans, **more):
    given = [dict(zip(("start", "end", "label"), s, strict=True)) for s in spans]
    return {"text": text, "_input_hash": 1, "spans": given, "answer": "accept", **more}


def test_answers(tmp_path):
    bare = {"text": "Nobody came.", "_view_id": "ner_manual", "answer": "accept"}
    path = put(
        tmp_path,
        task("Ann came.", (0, 3, "P")),
        task("Bo came.", answer="reject"),
        task("Cy came.", answer="ignore"),
        task("Di came.", answer="ignore"),
        task("Ed came.", (0, 2, "P"), _is_binary=True),
        bare,
        {**bare, "text": "A choice.", "_view_id": "choice"},
    )
    corpus = read(path)
    assert [(d.text, d.spans) for d in corpus] == [
        ("Ann came.", (Span(0, 3, "P"),)),
        ("Nobody came.", ()),
    ]
    assert corpus.notes == (
        f"{path}: records that the annotator answered with 'reject', left out: 1",
        f"{path}: records that the annotator answered with 'ignore', left out: 2",
        f"{path}: yes-or-no decisions on single spans, which leave the rest open, left out: 1",
        f"{path}: records of tasks that mark no spans, left out: 1",
    )


def test_several_annotators_of_one_text_become_one_document(tmp_path):
    path = put(
        tmp_path,
        task("Ann met Bo.", (0, 3, "P"), (8, 10, "P"), _annotator_id="set-ann"),
        task("Cy left.", (0, 2, "P"), _annotator_id="set-ann"),
        task("Ann met Bo.", (0, 3, "P"), _annotator_id="set-bea"),
        task("Ann met Bo.", (0, 3, "P"), (8, 10, "O"), _session_id="set-cem", _annotator_id=None),
        task("Ann met Bo.", (8, 10, "P"), (0, 3, "P"), _annotator_id="set-bea"),
    )
    corpus = read(path)
    first, second = corpus
    assert set(first.annotators) == {"set-ann", "set-bea", "set-cem"}
    assert first.annotators["set-bea"] == (Span(0, 3, "P"), Span(8, 10, "P"))
    assert first.annotators["set-cem"] == (Span(0, 3, "P"), Span(8, 10, "O"))
    assert first.spans == (Span(0, 3, "P"), Span(8, 10, "P"))
    assert (second.text, second.annotators) == ("Cy left.", {})
    assert corpus.notes == (
        f"{path}: records that the same annotator answered again, the last one used: 1",
        f"{path}: spans lost in a vote because no other annotator of the text ever uses their "
        "label; check that all were asked for it: 1",
        f"{path}: annotated by several; the spans that more than half of them marked are used: 1",
    )


def test_spans_that_name_tokens_only(tmp_path):
    tokens = [{"text": "Ann", "start": 0, "end": 3}, {"text": "came", "start": 4, "end": 8}]
    span = {"token_start": 0, "token_end": 1, "label": "P"}
    record = {"text": "Ann came", "tokens": tokens, "spans": [span]}
    assert read(put(tmp_path, record)).documents[0].spans == (Span(0, 8, "P"),)
    record["spans"] = [{**span, "token_end": 9}]
    with pytest.raises(CorpusError, match='line 1: span 1 has no "start"'):
        read(put(tmp_path, record))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (task("A.", answer="maybe"), "line 1: the answer is not accept, reject or ignore"),
        ({"image": "x.png", "answer": "accept", "_input_hash": 1}, 'the record has no "text"'),
        ({"text": "A.", "_input_hash": 1}, 'neither "spans" nor "answer"; it is not annotated'),
        (task("A.", (0, 9, "P")), "line 1: span 1: end 9 lies beyond the text, which has 2"),
        (task(["A."]), '"text" is a list, not a string'),
    ],
)
def test_bad_records(tmp_path, record, message):
    with pytest.raises(CorpusError) as caught:
        read(put(tmp_path, record), format="prodigy")
    assert message in str(caught.value)


def test_written_tokens_meet_the_spans(tmp_path):
    document = Document("d1", "Pre-Acme, 10mg.", (Span(4, 8, "O"), Span(10, 12, "N")), group="g")
    path = tmp_path / "a.jsonl"
    assert write(Corpus((document,)), path, "prodigy") == []
    record = json.loads(path.read_text())
    assert [t["text"] for t in record["tokens"]] == ["Pre", "-", "Acme", ",", "10", "mg", "."]
    assert [t["ws"] for t in record["tokens"]] == [False] * 3 + [True] + [False] * 3
    assert record["spans"][1] == {
        "start": 10, "end": 12, "label": "N", "token_start": 4, "token_end": 4,
    }  # fmt: skip
    assert read(path).documents == (document,)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "documents", "labels"),
    [
        ("ner_tweets_demo", 1, {"PERSON": 1}),
        ("emerson_annotated_text", 30, {"ORG": 27, "PERSON": 3}),
        ("rel_component_annotations", 149, {"GGP": 466}),
    ],
)
def test_files_of_others(shared, name, documents, labels):
    path = shared / "corpora" / "raw" / "prodigy" / f"{name}.jsonl"
    corpus = read(path)
    assert len(corpus) == documents
    found = [s.label for d in corpus for s in d.spans]
    assert {label: found.count(label) for label in set(found)} == labels
    for document, line in zip(corpus, path.read_text("utf-8").splitlines(), strict=True):
        written = sorted(s["text"] for s in json.loads(line)["spans"])
        assert sorted(document.text[s.start : s.end] for s in document.spans) == written


def test_tokens_tell_that_offsets_are_off(tmp_path):
    tokens = [{"text": "Bo", "start": 0, "end": 2, "id": 0}, {"text": "ran", "start": 3, "end": 6}]
    record = {"text": "Bo ran", "tokens": tokens, "spans": [], "answer": "accept"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(record))
    assert len(read(path)) == 1
    path.write_text(json.dumps(record | {"text": "Bo  ran"}))
    with pytest.raises(CorpusError, match="line 1: the token at 3 to 6 is not what stands there"):
        read(path)
