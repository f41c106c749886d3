"""Budgets as people write them, and specifications as files."""

from __future__ import annotations

import pytest

from suffice.errors import StudyError
from suffice.study.spec import CorpusSpec, StudySpec, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("45", 45), (" 2 h ", 7200)],
)
def test_budgets(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "m", "10x", "ten", "0s", "-5m", "1m-2"])
def test_what_is_no_budget(text):
    with pytest.raises(ValueError, match=r"not a time|positive"):
        seconds(text)


def test_a_specification_survives_its_file(tmp_path):
    corpus = CorpusSpec(paths=("a.xmi",), labels="A,B", layer="Drug", feature="kind")
    made = StudySpec(corpus=corpus, runs=7, budget=None, confirm=None)
    made.write(tmp_path)
    assert StudySpec.load(tmp_path) == made


def test_a_file_of_an_earlier_version_names_no_splitter(tmp_path):
    (tmp_path / "study.toml").write_text('seed = 1\n[corpus]\npaths = ["a"]\nlenient = false\n')
    assert StudySpec.load(tmp_path).corpus.sentences == "auto"


def test_a_file_of_an_earlier_version_has_no_folds_that_rotate(tmp_path):
    (tmp_path / "study.toml").write_text('evaluation_share = 0.3\n[corpus]\npaths = ["a"]\n')
    old = StudySpec.load(tmp_path)
    assert (old.rotate, old.folds) == (False, None)
    old.write(tmp_path)
    assert StudySpec.load(tmp_path) == old


@pytest.mark.parametrize(
    ("given", "rotate", "folds"),
    [
        ({}, True, None),
        ({"folds": 4}, True, 4),
        ({"folds": 0}, False, 0),
        ({"folds": 0, "rotate": True}, False, 0),
        ({"evaluation_share": 0.2}, False, 0),
        ({"evaluation_share": 0.2, "folds": 4}, True, 4),
    ],
)
def test_what_asks_for_one_evaluation_set(given, rotate, folds, tmp_path):
    made = StudySpec(corpus=CorpusSpec(paths=("a",)), **given)
    assert (made.rotate, made.folds) == (rotate, folds)
    made.write(tmp_path)
    assert StudySpec.load(tmp_path) == made


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("seed = [", "not valid TOML"),
        ("seed = 1", "corpus"),
        ('seed = -1\n[corpus]\npaths = ["a"]', "seed"),
        ('tempo = 1\n[corpus]\npaths = ["a"]', "tempo"),
    ],
)
def test_a_damaged_file_is_one_clear_line(content, message, tmp_path):
    (tmp_path / "study.toml").write_text(content)
    with pytest.raises(StudyError, match=message) as caught:
        StudySpec.load(tmp_path)
    assert "study.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_one(tmp_path):
    with pytest.raises(StudyError, match="is not a study"):
        StudySpec.load(tmp_path)
