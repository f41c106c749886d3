"""How settings of a learner are written on the command line."""

from __future__ import annotations

import sys

import pytest

from suffice.cli.app import main
from suffice.cli.options import learner_spec
from suffice.errors import InputError
from suffice.study.making import confirming


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("epochs=20", 20),
        ("rate=5e-5", 5e-5),
        ("frozen=true", True),
        ("architecture=transformer", "transformer"),
        ("architecture = transformer", "transformer"),
        ("where=models/a b", "models/a b"),
        ("where='5'", "5"),
        ("layers=[0, 2]", [0, 2]),
        ("labels={PER = 'PERSON'}", {"PER": "PERSON"}),
        ("command=python tag.py --seed={seed} {train}", "python tag.py --seed={seed} {train}"),
        ("day=2026-11-25", "2026-11-25"),
        ("empty=", ""),
        ("two=1\nthree = 3", "1\nthree = 3"),
    ],
)
def test_values_are_toml_and_words_need_no_quotes(written, meant):
    name = written.split("=")[0].strip()
    found = learner_spec("any", [written]).options
    assert found == {name: meant}
    assert type(found[name]) is type(meant)


@pytest.mark.parametrize(
    ("settings", "backbone", "line"),
    [
        (["epochs"], None, "'epochs' is not NAME=VALUE"),
        (["=3"], None, "'=3' is not NAME=VALUE"),
        (["layers=[0, 2"], None, r"--option layers: '\[0, 2' is not a value of TOML"),
        (["labels={A: 'B'}"], None, "--option labels: .* is not a value of TOML"),
        (["epochs=1", "epochs=2"], None, "'epochs' of the learner 'any' is given twice"),
        (["backbone=x"], "y", "'backbone' of the learner 'any' is given twice"),
    ],
)
def test_what_cannot_be_read_is_one_line(settings, backbone, line):
    with pytest.raises(InputError, match=line):
        learner_spec("any", settings, backbone)


def test_a_folder_is_made_absolute_and_a_name_is_not(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    assert learner_spec("any", (), "model").options == {"backbone": str(tmp_path / "model")}
    assert learner_spec("any", (), "some/name").options == {"backbone": "some/name"}


def test_the_learner_to_compare_with_stands_on_the_same_backbone():
    assert confirming("none", "probe", None) is None
    assert confirming("probe", "probe", "x/y") is None
    compared = confirming("finetune", "probe", "x/y")
    assert compared is not None
    assert compared.options == {"backbone": "x/y"}
    assert confirming("lookup", "probe", "x/y").options == {}


def test_options_reach_the_study(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> object:
        monkeypatch.setattr(sys, "argv", ["suffice", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code

    assert call("example", "made.jsonl") in (0, None)
    run = ("run", "made.jsonl", "--runs", "1", "--confirm", "none")
    assert call(*run, "--learner", "lookup", "--option", "epochs=3") == 2
    assert "'lookup' has no options, not epochs" in " ".join(capsys.readouterr().err.split())
    assert call(*run, "--option", "epoch=3") == 2
    assert "has no option 'epoch'" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "made.suffice").exists()


def test_a_learner_that_can_never_work_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run = ("run", "made.jsonl", "--runs", "2", "--confirm", "none", "--learner", "command")
    command = "command=false {train} {evaluate} {predictions}"
    for arguments in (("example", "made.jsonl"), (*run, "--option", command)):
        monkeypatch.setattr(sys, "argv", ["suffice", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
    assert stopped.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "all runs failed; the last one: the command 'false' ended with exit code 1" in said
    assert "Traceback" not in said
