"""What a study keeps when it goes on, and what of it may not be asked for anew."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import suffice
from suffice.cli.app import app
from suffice.errors import StudyError
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    suffice.write(suffice.load_example(n=60), path)
    return path


def made(folder, path, **given):
    """Make a study, or continue it, and return its specification and its folds."""
    corpus, learner = CorpusSpec(paths=(str(path),)), LearnerSpec(name="lookup")
    spec = StudySpec(corpus=corpus, learner=learner, confirm=None, **given)
    with suffice.Study.create(folder, spec) as study:
        return study.spec, study.division.folds


ROTATING = {"seed": 3, "folds": 4}
SINGLE = {"seed": 3, "evaluation_share": 0.4, "split": "exact", "strata": "shares"}


@pytest.mark.parametrize("first", [ROTATING, SINGLE], ids=["rotating", "single"])
def test_what_is_not_given_is_as_it_was(first, path, tmp_path):
    before, folds = made(tmp_path / "s", path, **first)
    after, again = made(tmp_path / "s", path, runs=9)
    assert again == folds == first.get("folds", 0)
    assert after == before.model_copy(update={"runs": 9})
    # Nor does it matter whether it is given as it was.
    assert made(tmp_path / "s", path, **first)[0] == before


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (ROTATING, {"seed": 4}, "made with `seed` 3, not 4"),
        (ROTATING, {"folds": 5}, "made with 4 folds that rotate, not with 5 folds that rotate"),
        (ROTATING, {"folds": 0}, "made with 4 folds that rotate, not with one evaluation set"),
        (
            ROTATING,
            {"evaluation_share": 0.3},
            "made with 4 folds that rotate, not with one evaluation set",
        ),
        (SINGLE, {"evaluation_share": 0.3}, "made with `evaluation_share` 0.4, not 0.3"),
        (SINGLE, {"folds": 5}, "made with one evaluation set, not with 5 folds"),
        (SINGLE, {"strata": "paper"}, "made with `strata` shares, not paper"),
        (SINGLE, {"split": "threshold"}, "made with the split exact, not threshold"),
    ],
)
def test_what_is_given_and_differs_is_refused(first, second, message, path, tmp_path):
    before, folds = made(tmp_path / "s", path, **first)
    with pytest.raises(StudyError, match=message) as caught:
        made(tmp_path / "s", path, **second)
    assert "start another study with `folder`" in str(caught.value)
    assert made(tmp_path / "s", path) == (before, folds)


def test_new_studies_train_no_fold_for_every_run(path, tmp_path):
    with pytest.raises(StudyError, match="the 5 folds of a new study rotate"):
        made(tmp_path / "s", path, folds=5, rotate=False)
    assert not (tmp_path / "s").exists()
    assert made(tmp_path / "s", path, rotate=False)[1] == 0


def test_the_command_goes_on_without_options(path, tmp_path):
    """And options that are given as they were change nothing."""
    study = ("run", str(path), "--study", str(tmp_path / "s"), "--learner", "lookup")
    rest = ("--confirm", "none", "--json")
    first = ("--seed", "3", "--evaluation-share", "0.4")
    for given, runs in ((first, 8), ((), 10), (first, 12)):
        done = CliRunner().invoke(app, [*study, *given, "--runs", str(runs), *rest])
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)["analysis"]["studied"]
        assert (found["runs"], found["folds"]) == (runs, 0)
    kept = StudySpec.load(tmp_path / "s")
    assert (kept.seed, kept.evaluation_share, kept.folds, kept.rotate) == (3, 0.4, 0, False)
