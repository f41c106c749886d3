"""Annotators' own spans, and the labels that they were asked for."""

from __future__ import annotations

import json

import pytest

import suffice
from suffice.corpus.annotations import has_own_gold, pairs, separate_annotators
from suffice.errors import CorpusError

RECORD = {
    "id": "1",
    "text": "Ann met Orl.",
    "spans": [{"start": 0, "end": 3, "label": "PER"}],
    "annotators": {
        "a": [{"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 11, "label": "ORG"}],
        "b": [{"start": 0, "end": 3, "label": "PER"}],
        "c": [],
    },
    "annotator_labels": {"b": ["PER"], "c": ["ORG", "LOC"]},
}


def read(tmp_path, **changes):
    path = tmp_path / "made.jsonl"
    path.write_text(json.dumps(RECORD | changes) + "\n")
    return suffice.read(path)


def test_pairs_see_only_what_both_were_asked_for(tmp_path):
    document = read(tmp_path).documents[0]
    found = {(a, b): (len(x), len(y)) for a, b, x, y in pairs(document)}
    assert found == {("a", "b"): (1, 1), ("a", "c"): (1, 0)}
    assert has_own_gold([document]) is False  # Ann alone is what most marked
    assert has_own_gold(read(tmp_path, spans=[])) is True


def test_they_are_written_and_read_again(tmp_path):
    corpus = read(tmp_path)
    suffice.write(corpus, tmp_path / "again.jsonl")
    assert suffice.read(tmp_path / "again.jsonl").documents == corpus.documents
    assert corpus.documents[0].annotator_labels == {"b": ("PER",), "c": ("LOC", "ORG")}
    renamed = corpus.with_labels(lambda label: None if label == "LOC" else label.lower())
    assert renamed.documents[0].annotator_labels == {"b": ("per",), "c": ("org",)}


def test_the_other_name_for_the_field(tmp_path):
    record = {k: v for k, v in RECORD.items() if k != "annotator_labels"}
    path = tmp_path / "crowd.jsonl"
    path.write_text(json.dumps(record | {"annotator_types": {"b": ["PER"]}}) + "\n")
    assert suffice.read(path).documents[0].annotator_labels == {"b": ("PER",)}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["PER"], "not an object"),
        ({"z": ["PER"]}, 'not in "annotators"'),
        ({"b": "PER"}, "not an object of lists"),
        ({"b": [1]}, "not an object of lists"),
        ({"a": ["PER"]}, "not asked for"),
    ],
)
def test_what_makes_no_sense(tmp_path, given, says):
    with pytest.raises(CorpusError, match=f"line 1: .*{says}"):
        read(tmp_path, annotator_labels=given)


def test_apart(tmp_path):
    found = separate_annotators(read(tmp_path))
    assert {name: len(c.documents[0].spans) for name, c in found.items()} == {
        "a": 2, "b": 1, "c": 0,
    }  # fmt: skip
