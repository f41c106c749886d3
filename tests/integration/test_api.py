"""A study as it is made, run, closed and opened again in Python, with public names alone."""

from __future__ import annotations

import doctest
import json
import sys
from importlib import import_module

import numpy as np
import pytest

import suffice
from suffice.cli.app import main

RUNS = 24
SAME = ["learner", "documents", "sentences", "fold", "replicate", "repeat", "seed", "status"]
SCORES = ["f1", "precision", "recall"]


@pytest.fixture(scope="module")
def corpus():
    return suffice.load_example(n=120)


@pytest.fixture(scope="module")
def path(corpus, tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    suffice.write(corpus, path)
    return path


@pytest.fixture(scope="module")
def undisturbed(corpus):
    """The table and the answer of a study in memory."""
    with suffice.create_study(corpus, "lookup", confirm=None) as study:
        assert study.folder.is_dir()
        assert study.run(n_runs=RUNS) is study
        found = study.runs_dataframe(), study.answer(target_f1=0.85)
    assert not study.folder.exists()
    return found


def without_seconds(table):
    return table[[*SAME, *SCORES]]


def test_a_table_has_a_row_for_each_run(undisturbed):
    table, answer = undisturbed
    assert len(table) == RUNS == answer.analysis.studied.runs
    assert set(table["fold"]) == {0, 1, 2, 3, 4}
    assert set(table["status"]) == {"ok"}
    assert table["documents"].max() == answer.analysis.studied.pool
    assert (table["seconds"] > 0).all()
    precision, recall = table["precision"].fillna(0), table["recall"]
    whole = np.where(precision + recall > 0, precision + recall, 1)
    np.testing.assert_allclose(table["f1"], 2 * precision * recall / whole)


def test_stopped_closed_and_opened_again_it_ends_as_if_undisturbed(path, undisturbed, tmp_path):
    seen = []

    def stop_after_seven(study, run):
        seen.append(run)
        if len(seen) == 7:
            study.stop()

    with suffice.create_study(path, "lookup", folder=tmp_path / "s", confirm=None) as study:
        study.run(n_runs=RUNS, callbacks=[stop_after_seven])
        table = study.runs_dataframe()
        assert len(seen) == len(table) == 7
        assert sorted(run.f1 for run in seen) == sorted(table["f1"])
        with pytest.raises(suffice.StudyError, match="not running"):
            study.stop()
    with suffice.load_study(tmp_path / "s") as study:
        with pytest.raises(suffice.StudyError, match="too few runs have finished: 7"):
            study.answer()
        study.run(n_runs=RUNS, callbacks=[lambda study, run: seen.append(run)])
        assert len(seen) == RUNS
        assert without_seconds(study.runs_dataframe()).equals(without_seconds(undisturbed[0]))
        assert study.answer(target_f1=0.85).now == undisturbed[1].now
        study.run(n_runs=RUNS, callbacks=[lambda study, run: seen.append(run)])
        assert len(seen) == RUNS
    for used in (study.answer, study.run, study.runs_dataframe):
        with pytest.raises(suffice.StudyError, match="is closed"):
            used()


def test_the_command_line_gives_the_same_answer(path, undisturbed, tmp_path, monkeypatch, capsys):
    options = ["--learner", "lookup", "--confirm", "none", "--runs", str(RUNS), "--json"]
    goal = ["--target-f1", ".85", "--study", str(tmp_path / "s")]
    monkeypatch.setattr(sys, "argv", ["suffice", "run", str(path), *options, *goal])
    with pytest.raises(SystemExit):
        main()
    told, answer = json.loads(capsys.readouterr().out), undisturbed[1].to_dict()
    same = ("verdict", "headline", "now", "doubling", "parts", "required", "evaluation", "caveats")
    assert {k: told[k] for k in same} == json.loads(json.dumps({k: answer[k] for k in same}))
    with suffice.load_study(tmp_path / "s") as study:
        assert without_seconds(study.runs_dataframe()).equals(without_seconds(undisturbed[0]))
        priced = study.answer("f1=.3", seconds_per_sentence="20-40", hourly_rate=30)
        assert priced.seconds_per_sentence == (20.0, 40.0)
        assert priced.required.cost.value == pytest.approx(30 * priced.required.hours.value)


def test_documents_in_memory_leave_no_text_and_are_given_again(corpus, undisturbed, tmp_path):
    folder = tmp_path / "s"
    with suffice.create_study(corpus, "lookup", folder=folder, confirm=None) as study:
        study.run(n_runs=10)
    document = max(corpus, key=lambda d: len(d.spans))
    strings = [document.text[s.start : s.end].encode() for s in document.spans]
    for file in folder.rglob("*"):
        assert not file.is_file() or not any(s in file.read_bytes() for s in strings)
    with suffice.load_study(folder) as study:
        assert study.answer().analysis.studied.runs == 10
        with pytest.raises(suffice.StudyError, match="documents in memory"):
            study.run(n_runs=RUNS)
    with suffice.load_study(folder, corpus) as study:
        table = study.run(n_runs=RUNS).runs_dataframe()
    assert without_seconds(table).equals(without_seconds(undisturbed[0]))


def test_another_seed_gives_another_table_and_is_refused_for_the_same_study(
    corpus, undisturbed, tmp_path
):
    make = {"learner": "lookup", "confirm": None, "folder": tmp_path / "s"}
    with suffice.create_study(corpus, seed=1, **make) as study:
        table = study.run(n_runs=10).runs_dataframe()
    assert not set(table["seed"]) & set(undisturbed[0]["seed"])
    with pytest.raises(suffice.StudyError, match="made with `seed` 1, not 2"):
        suffice.create_study(corpus, seed=2, **make)
    # As when a notebook's cell is run again: the first one is closed, and its runs are there.
    first = suffice.create_study(corpus, **make)
    with suffice.create_study(corpus, **make) as second:
        assert first.closed
        assert len(second.run(n_runs=10).finished_runs()) == 10
        with suffice.load_study(tmp_path / "s", corpus) as third:
            assert not second.closed
            assert len(third.run(n_runs=10).finished_runs()) == 10
            assert second.closed


def test_a_target_is_checked_before_anything_is_made_and_is_what_is_answered(corpus, tmp_path):
    with pytest.raises(suffice.InputError, match="no label 'DRUG'"):
        suffice.create_study(corpus, "lookup", target="recall:DRUG=.9", folder=tmp_path / "s")
    assert not (tmp_path / "s").exists()
    with suffice.create_study(corpus, "lookup", target="recall:ORG=.9", confirm=None) as study:
        study.run(n_runs=10)
        assert str(study.answer().analysis.measure) == "recall:ORG"
        assert study.answer(target_f1=0.9).required.target == 0.9
        assert study.answer(target_f1=0.9).analysis.measure.plain


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"folds": 1}, "`folds` 1 leaves nothing to train on"),
        ({"folds": 3, "evaluation_share": 0.2}, "`evaluation_share` is for one evaluation set"),
        ({"seed": -1}, "`seed`: "),
        ({"labels": "ORG"}, "`labels` is for reading files"),
        ({"run_limit": "soon"}, "`run_limit`: 'soon' is not a time"),
        ({"design": "best"}, "no design 'best'"),
        ({"learner": "looked-up"}, "no learner named 'looked-up'"),
    ],
)
def test_bad_arguments_are_named(corpus, arguments, message):
    with pytest.raises(suffice.InputError, match=message) as caught:
        suffice.create_study(corpus, **{"learner": "lookup", "confirm": None, **arguments})
    assert "--" not in str(caught.value)


def test_bad_limits_and_unknown_arguments_are_named(corpus):
    with pytest.raises(TypeError, match="unexpected keyword argument 'fold'"):
        suffice.create_study(corpus, fold=3)
    with suffice.create_study(corpus, "lookup", confirm=None) as study:
        for limits, message in [
            ({"budget": "10m", "n_runs": 3}, "give `budget` or `n_runs`"),
            ({"n_runs": 0}, "`n_runs` must be 1 or more"),
            ({"budget": -1}, "`budget`: a time must be positive and finite"),
        ]:
            with pytest.raises(suffice.InputError, match=message):
                study.run(**limits)
        assert study.finished_runs() == []


def test_what_callbacks_raise_ends_the_call_and_keeps_the_runs(corpus):
    def fail(study, run):
        raise ZeroDivisionError

    with suffice.create_study(corpus, "lookup", confirm=None) as study:
        with pytest.raises(ZeroDivisionError):
            study.run(n_runs=RUNS, callbacks=[fail])
        assert len(study.finished_runs()) == 1
        assert not study.running


def test_names_of_the_package_are_the_public_ones():
    assert dir(suffice) == sorted(suffice.__all__)


def test_examples():
    failed, tried = doctest.testmod(import_module("suffice.api.make"))
    assert failed == 0
    assert tried == 7
