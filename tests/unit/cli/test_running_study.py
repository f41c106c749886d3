"""Every command on a study that another process is running: refused and nothing changed."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest
from filelock import FileLock

import suffice
from suffice.runs.folder import LOCK
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

LEARNER = ("--learner", "lookup")
PLAIN = (*LEARNER, "--confirm", "none")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    suffice.write(suffice.load_example(n=220), folder / "made.jsonl")
    suffice.write(suffice.load_example(n=60), folder / "other.jsonl")
    spec = StudySpec(
        corpus=CorpusSpec(paths=("made.jsonl",)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        budget=None,
        runs=20,
    )
    corpus = suffice.read(folder / "made.jsonl")
    with suffice.Study.create(folder / "made.suffice", spec, corpus) as study:
        suffice.run(study)
        study.make_cache()
        (study.cache / "states.npy").write_bytes(b"text")
    return folder


@pytest.fixture
def place(finished, tmp_path):
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


def contents(folder):
    # Readers of SQLite make a file for shared memory and delete it again.
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def running(place):
    with FileLock(place / "made.suffice" / LOCK):
        yield place / "made.suffice"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "made.jsonl", *PLAIN, "--runs", "40"),
        ("run", "made.jsonl", *PLAIN, "--budget", "5s"),
        ("run", "other.jsonl", "--study", "made.suffice", *PLAIN, "--runs", "20"),
        ("run", "made.jsonl", *PLAIN, "--runs", "20", "--labels", "PERSON"),
        ("run", "made.jsonl", "--learner", "probe", "--runs", "20"),
        ("keep", "made.jsonl"),
        ("keep", "made.jsonl", "--best", "--out", "elsewhere"),
        ("purge", "made.jsonl"),
        ("purge", "made.suffice", "--models"),
        ("reproduce", "made.jsonl", *LEARNER, "--scale", ".01", "--study", "made.suffice"),
        ("experiment", "density", "made.jsonl", *LEARNER, "--study", "made.suffice"),
        ("experiment", "synthetic", "made.jsonl", "other.jsonl", "--study", "made.suffice"),
    ],
    ids=" ".join,
)
def test_what_writes_is_refused_and_changes_nothing(arguments, call, running):
    before = contents(running)
    told = call(*arguments, code=2).strip()
    assert "\n" not in told
    assert told.startswith("suffice: ")
    assert contents(running) == before
    assert not (running.parent / "elsewhere").exists()


def test_what_reads_is_answered(call, running):
    before = contents(running)
    for arguments in (
        ("status", "made.jsonl"),
        ("advise", "made.jsonl"),
        ("export", "made.jsonl", "runs.csv"),
        ("report", "made.jsonl"),
    ):
        call(*arguments)
    after = contents(running)
    assert after.pop("report.html").startswith(b"<!doctype html>")
    assert after == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("--seed", "1"), "made with --seed 0, not 1"),
        (("--target", "recall:NONE=.9"), "the corpus has no label 'NONE'"),
        (("--labels", "PERSON", "--target", "recall:ORG=.9"), "the corpus has no label 'ORG'"),
        (("--labels", "NONE"), "NONE"),
        (("--option", "none=1"), "none"),
    ],
)
def test_what_is_refused_on_a_finished_study_changes_nothing(changes, told, call, place):
    before = contents(place / "made.suffice")
    said = call("run", "made.jsonl", *PLAIN, "--runs", "40", *changes, code=2)
    assert told in said
    assert contents(place / "made.suffice") == before


@pytest.mark.parametrize("name", ["ledger.sqlite", "study.toml", LOCK])
def test_a_table_is_not_written_over_the_study(name, call, place):
    before = contents(place / "made.suffice")
    assert "is part of a study" in call("export", "made.jsonl", f"made.suffice/{name}", code=2)
    assert contents(place / "made.suffice") == before


def test_a_new_study_that_is_refused_leaves_nothing(call, place):
    call("run", "other.jsonl", *PLAIN, "--target", "recall:NONE=.9", code=2)
    assert not (place / "other.suffice").exists()


def test_an_experiment_is_not_taken_over(call, place):
    (place / "made.suffice" / "study.toml").unlink()
    shutil.rmtree(place / "made.suffice" / "cache")
    connection = sqlite3.connect(place / "made.suffice" / "ledger.sqlite")
    connection.execute("DELETE FROM meta WHERE name = 'design'")
    connection.commit()
    connection.close()
    before = contents(place / "made.suffice")
    said = call("run", "made.jsonl", *PLAIN, "--runs", "20", code=2)
    assert "the folder of an experiment, not of a study" in said
    assert contents(place / "made.suffice") == before


def test_a_study_is_open_for_writing_once_in_a_program(place, monkeypatch):
    monkeypatch.chdir(place)
    spec = StudySpec.load(place / "made.suffice")
    study = suffice.Study.create("made.suffice", spec)
    with pytest.raises(suffice.StudyError, match="already open for writing in this program"):
        suffice.Study.create("made.suffice", spec)
    study.close()
    suffice.Study.create("made.suffice", spec).close()


def test_purge_says_what_it_deletes_and_status_what_is_left(call, place):
    model = place / "made.suffice" / "model"
    model.mkdir()
    (model / "suffice.json").write_text(json.dumps({}))
    status = " ".join(call("status", "made.jsonl").split())
    assert "`suffice purge` deletes the cache" in status
    assert "`suffice purge --models` the models, too" in status
    call("purge", "made.jsonl")
    status = " ".join(call("status", "made.jsonl").split())
    assert "deletes the cache" not in status
    assert "`suffice purge --models` deletes it" in status
    call("purge", "made.jsonl", "--models")
    assert "`suffice purge" not in call("status", "made.jsonl")


def test_purge_deletes_what_a_killed_keep_left(call, place):
    left = place / "made.suffice" / ".model.runs"
    left.mkdir()
    (left / "ledger.sqlite").write_bytes(b"0" * 3_000_000)
    assert "3.0 MB" in call("status", "made.suffice")
    assert "Deleted 3 MB" in call("purge", "made.suffice")
    assert not left.exists()
    assert (place / "made.suffice" / "ledger.sqlite").exists()
