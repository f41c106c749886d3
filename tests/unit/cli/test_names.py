"""What people type who do not know the commands yet."""

from __future__ import annotations

import re

import pytest

from suffice.cli.app import app
from suffice.cli.commands import GUESSES


def commands(group, path=()):
    """Every command below a group, with its path."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.fixture(scope="module")
def group():
    import typer

    return typer.main.get_command(app)


@pytest.mark.parametrize("name", [*GUESSES, "densty", "nothing-like-it"])
def test_a_guessed_name_is_answered_in_one_line(call, name):
    told = call(name, code=2)
    assert told.startswith(f"suffice: there is no command {name!r}; ")
    assert told.count("\n") == 1


def test_guesses_name_commands_that_exist(group):
    for name, remedy in GUESSES.items():
        assert name not in group.commands
        named = re.findall(r"`suffice (\w+)", remedy)
        assert named and all(one in group.commands for one in named), remedy


def test_other_spellings_and_help(call):
    assert call("analyze", "--help") == call("analyse", "--help")
    assert call("help") == call("--help")
    assert call("help", "tag") == call("tag", "--help")
    assert call("version") == call("--version")
    assert "did you mean `suffice experiment density`?" in call("experiment", "densit", code=2)


def test_help_of_every_command_fits_and_shows_no_type_for_flags(call, group):
    for path, _ in commands(group):
        told = call(*path, "--help")
        assert max(map(len, told.splitlines())) <= 80, path
        assert "<bool>" not in told, path


def test_times_without_a_unit_are_said(call, monkeypatch):
    """Whoever writes 10 may mean minutes."""
    monkeypatch.setenv("COLUMNS", "200")
    told = call("run", "nowhere.jsonl", "--budget", "10", code=2)
    assert "--budget 10 means 10 s; write 10m for minutes" in told
    assert "Note" not in call("run", "nowhere.jsonl", "--budget", "10s", code=2)


def test_convert_goes_by_the_ending(call, tmp_path):
    call("example", "made.jsonl")
    lines = (tmp_path / "made.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "one.jsonl").write_text(lines[0], encoding="utf-8")
    assert "one.conll: 1 document, " in call("convert", "one.jsonl", "one.conll")
    assert "as conll" in call("convert", "one.jsonl", "other.conll", "--to", "CoNLL")
    told = call("convert", "one.jsonl", "one.xyz", code=2)
    assert "add --to with one of" in told and not (tmp_path / "one.xyz").exists()


def test_tag_writes_into_the_working_folder(call, tmp_path):
    """Not into the folder of the texts, which the next command may read as a whole."""
    nlp = pytest.importorskip("spacy").blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "WHAT", "pattern": "Letter"}])
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "archive").mkdir()
    for name in "ab":
        (tmp_path / "archive" / f"{name}.txt").write_text(f"Letter {name}.", encoding="utf-8")
    assert call("tag", "model", "archive/a.txt").startswith("a.tagged.jsonl: 1 document, 1 span")
    assert call("tag", "model", "archive").startswith("archive.tagged.jsonl: 2 documents")
    assert sorted(f.name for f in (tmp_path / "archive").iterdir()) == ["a.txt", "b.txt"]
    assert "exists already" in call("tag", "model", "archive/a.txt", code=2)
    assert "a.tagged.conll: 1 document" in call("tag", "model", "archive/a.txt", "--to", "conll")
