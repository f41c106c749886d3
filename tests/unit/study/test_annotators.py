"""What a study keeps of its annotators: numbers, no names."""

from __future__ import annotations

import dataclasses
import json

import suffice
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.study.annotators import META, annotator_f1
from suffice.study.spec import CorpusSpec, LearnerSpec

A, B = Span(0, 3, "PERSON"), Span(4, 7, "ORG")


def test_by_hand():
    documents = (
        Document("1", "Ann met Orl.", (A, B), annotators={"x": (A, B), "y": (A,)}),
        Document("2", "Ann met Orl.", (A,), annotators={"x": (A,), "y": (A,)}),
        Document("3", "Ann met Orl.", (B,), annotators={"x": (A,)}),
    )
    found = annotator_f1(Corpus(documents))
    assert (found["annotators"], found["documents"]) == (2, 2)
    assert found["between"][0] == 2 * 2 / (3 + 2)
    assert [value for value, _, _ in found["gold"]] == [2 * 3 / (4 + 4), 2 * 2 / (2 + 3)]


def test_a_majority_is_no_gold():
    document = Document("1", "Ann met Orl.", (A,), annotators={"x": (A, B), "y": (A,)})
    assert annotator_f1(Corpus((document,)))["gold"] == []


def test_nobody_or_one():
    assert annotator_f1(Corpus((Document("1", "Ann."),))) is None
    assert annotator_f1(Corpus((Document("1", "Ann.", annotators={"x": ()}),))) is None


def test_the_ledger_holds_no_names(tmp_path):
    corpus = suffice.load_example(n=60)
    named = dataclasses.replace(
        corpus,
        documents=tuple(
            dataclasses.replace(
                d, annotators={f"Nurse {a}": own for a, own in d.annotators.items()}
            )
            for d in corpus
        ),
    )
    spec = suffice.StudySpec(
        corpus=CorpusSpec(paths=("unused.jsonl",)), learner=LearnerSpec(name="lookup"), runs=4
    )
    with suffice.Study.create(tmp_path / "s", spec, named) as study:
        kept = study.ledger.meta(META)
    assert kept["annotators"] == 2
    assert len(kept["gold"]) == 2
    assert "Nurse" not in json.dumps(kept)
    assert all(b"Nurse" not in p.read_bytes() for p in (tmp_path / "s").rglob("*") if p.is_file())
