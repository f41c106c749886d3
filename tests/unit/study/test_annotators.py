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
    other = Document("2", "Ann met Orl.", annotators={"x": (A,), "y": (B,)})
    found = annotator_f1(Corpus((document, other)))
    assert found["gold"] == []
    # A and B are marked in each; only A in the first is marked by both.
    assert (found["marked"], found["dropped"]) == (4, 3)


def test_spans_that_no_majority_marked_are_a_reservation_of_the_answer(tmp_path):
    corpus = suffice.load_example(n=60)
    people = {"x": lambda d: d.spans, "y": lambda d: d.spans[1:]}
    voted = dataclasses.replace(
        corpus,
        documents=tuple(
            dataclasses.replace(
                d, spans=d.spans[1:], annotators={n: of(d) for n, of in people.items()}
            )
            for d in corpus
        ),
    )
    spec = suffice.StudySpec(
        corpus=CorpusSpec(paths=("unused.jsonl",)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        folds=0,
        budget=None,
        runs=12,
    )
    with suffice.Study.create(tmp_path / "s", spec, voted) as study:
        suffice.run(study)
        found = suffice.advise(suffice.analyse(study), target_f1=0.01)
    marked = sum(len(d.spans) for d in corpus)
    dropped = sum(bool(d.spans) for d in corpus)
    said = f"of {marked:,} that somebody marked {dropped:,} count as no entity"
    assert said in found.reservations[0]
    assert found.verdict == "qualified"
    assert said in dict(found.lines)["Target"]
    assert found.reservations[0] in found.caveats


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
