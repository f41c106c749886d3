"""A study with a test set of the user's own, as a user runs it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

import suffice
from suffice import Study
from suffice.cli.app import main
from suffice.models.keep import _documents
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec
from tools.disclosures.generate import disclosures

OPTIONS = ("--learner", "lookup", "--confirm", "none", "--runs", "12")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return what runs `suffice` and returns what it said on both streams."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["suffice", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert (stopped.value.code or 0) == code
        said = capsys.readouterr()
        return said.out, " ".join(said.err.split())

    return called


@pytest.fixture
def folder(tmp_path):
    """Return a folder with 150 documents in train.jsonl and 60 others in test.jsonl."""
    made = suffice.load_example(n=210)
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, part in (("train", made.documents[:150]), ("test", made.documents[150:])):
        suffice.write(replace(made, documents=part), folder / f"{name}.jsonl")
    return folder


def spec(folder, **changes):
    settings = {
        "corpus": CorpusSpec(paths=(str(folder / "train.jsonl"),)),
        "evaluation": (str(folder / "test.jsonl"),),
        "learner": LearnerSpec(name="lookup"),
        "confirm": None,
        "budget": None,
        "runs": 12,
        **changes,
    }
    return StudySpec(**settings)


def test_from_the_folder_over_the_note_to_the_answer(folder, call):
    _, told = call("run", "corpus", *OPTIONS)
    command = "suffice run corpus/train.jsonl --evaluation corpus/test.jsonl"
    assert (
        f"(train, test): the study uses all documents; to score on its test set, run `{command}`"
        in told
    )
    out, told = call(*command.split()[1:], *OPTIONS, "--target-f1", "0.5", "--json")
    assert "split of its own" not in told
    found = json.loads(out)
    studied = found["analysis"]["studied"]
    left = studied["left_out"]
    assert studied["documents"] == 210
    assert (studied["pool"], studied["evaluation"], studied["test"]) == (150 - left, 60, 60)
    assert studied["folds"] == 0
    # What is annotated is what can be trained on.
    assert found["now"]["documents"] == 150 - left
    lines = dict(found["lines"])
    assert (
        f"{150 - left} for training; 60 in the test set, which train no model" in lines["Studied"]
    )
    assert f"all {150 - left} training documents" in lines["Now"]
    per = studied["sentences_per_document"]
    assert found["required"]["present"] == pytest.approx((150 - left) * per)
    page = (folder / "train.suffice" / "report.html").read_text()
    assert "scored on the 60 documents of the test set that was named with --evaluation" in page
    assert "test.jsonl" in page
    assert "Evaluation share" not in page


def test_all_runs_are_scored_on_the_test_set_and_trained_on_the_corpus(folder, tmp_path):
    train = {d.id for d in suffice.read(folder / "train.jsonl")}
    test = {f"evaluation/{d.id}" for d in suffice.read(folder / "test.jsonl")}
    with Study.create(tmp_path / "s", spec(folder)) as study:
        assert run(study) == "runs"
        table = study.table()
        ids = {d.key: d.id for d in study.corpus}
        for row in table.rows:
            assert {ids[key] for key in table.evaluation_sets[row.evaluation_set]} == test
            assert {ids[key] for key in row.training_keys} <= train
        pool = {d.key for d in study.corpus if d.id in set(study.division.pool())}
        sentences = [d.sentences for d in table.documents if d.key in pool]
        assert table.sentences_per_document == pytest.approx(sum(sentences) / len(sentences))
        # The model to use is not trained on the test set either.
        assert {d.id for d in _documents(study)} == set(study.division.pool())


def test_it_goes_on_with_a_corpus_and_a_test_set_that_have_grown(folder, tmp_path):
    with Study.create(tmp_path / "s", spec(folder)) as study:
        run(study)
        before = {r.id for r in study.table().rows}
    more = disclosures(40, seed=5).documents
    for name, added in (("train", more[:30]), ("test", more[30:])):
        known = suffice.read(folder / f"{name}.jsonl")
        new = tuple(replace(d, id=f"new {d.id}") for d in added)
        suffice.write(replace(known, documents=(*known.documents, *new)), folder / f"{name}.jsonl")
    with Study.create(tmp_path / "s", spec(folder, runs=20)) as study:
        assert run(study) == "runs"
        table = study.table()
        assert len(table.evaluation) == 70
        assert len(table.pool) > 150
        old = [r for r in table.rows if r.id in before]
        new = [r for r in table.rows if r.id not in before]
        assert old and new
        assert {len(table.evaluation_sets[r.evaluation_set]) for r in new} == {70}
        assert suffice.analyse(study).studied.test == 70


def test_refusals_are_one_line_and_code_2(folder, call):
    empty = folder.parent / "bare.jsonl"
    empty.write_text('{"id": "a", "text": "Nobody.", "spans": []}\n')
    for named, message in [
        ("bare.jsonl", "the test set (--evaluation) has no annotated spans in its 1 document"),
        ("corpus/train.jsonl", "is in the corpus and in --evaluation; name the corpus files"),
        ("nowhere.jsonl", "there is no such file or folder"),
    ]:
        _, told = call("run", "corpus/train.jsonl", *OPTIONS, "--evaluation", named, code=2)
        assert message in told
        assert not (folder / "train.suffice").exists()
    both = ("--evaluation", "corpus/test.jsonl", "--folds", "5")
    _, told = call("run", "corpus/train.jsonl", *OPTIONS, *both, code=2)
    assert "--evaluation does not go with --folds 5" in told
