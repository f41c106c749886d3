"""Bad input is one clear line on stderr and exit code 2, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

import suffice
from suffice.cli.app import main


def lines(*records):
    return "\n".join(json.dumps(r) for r in records).encode() + b"\n"


def good(n=30):
    return [
        {"id": str(i), "text": f"Ann met Bob {i}.", "spans": [{"start": 0, "end": 3, "label": "P"}]}
        for i in range(n)
    ]


WRONG_OFFSET = {"id": "w", "text": "Ann", "spans": [{"start": 0, "end": 9, "label": "P"}]}

CASES = {
    "truncated.jsonl.gz": (
        gzip.compress(lines(*good()) * 50)[:-40],
        "truncated.jsonl.gz",
        "cut short",
    ),
    "offsets.jsonl": (lines(*good(3), WRONG_OFFSET), "offsets.jsonl, line 4", "9"),
    "empty.jsonl": (b"", "empty.jsonl", "empty"),
    "binary.jsonl": (bytes(range(256)) * 20, "binary.jsonl", "binary"),
    "one.jsonl": (lines(*good(1)), "too small", "1 document; needs at least 20"),
    "bare.jsonl": (lines(*({**r, "spans": []} for r in good())), "no annotated spans", "labels"),
    "encoding.jsonl": (lines(*good()) + b'{"text": "\xff\xfe"}', "encoding.jsonl", "--encoding"),
    "json.jsonl": (lines(*good(2)) + b'{"text": \n', "json.jsonl, line 3", "JSON"),
    "twice.jsonl": (lines(*good(2), *good(1)), "id '0'", "line"),
    "nothing.xyz": (b"just words\n", "nothing.xyz", "--format"),
}


@pytest.mark.parametrize("name", CASES)
def test_run_on_bad_files(name, tmp_path, monkeypatch, capsys):
    content, *expected = CASES[name]
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(monkeypatch, capsys, "run", str(path))
    for piece in expected:
        assert piece in message
    assert [p.name for p in tmp_path.iterdir()] == [name]


def refused(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["suffice", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("suffice: ")
    assert err.count("\n") == 1
    return err


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "made.jsonl"
    suffice.write(suffice.load_example(n=40), path)
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--budget", "soon"], "write for example 90s, 10m or 1h30m"),
        (["--target-f1", "85"], "between 0 and 1"),
        (["--target", "recall=95"], "between 0 and 1"),
        (["--target", "accuracy=.9"], "choose one of f1, precision, recall, macro-f1"),
        (["--target", "partial=.9"], "counts of exact spans only"),
        (["--target", "recall:PERSON"], "write a measure and a value"),
        (["--target", "macro-f1:ORG=.8"], "write f1:ORG"),
        (["--target", "recall=.9", "--target-f1", ".9"], "two targets"),
        (["--target", "recall:PATIENT=.9"], "the labels to choose from are"),
        (["--seconds-per-sentence", "fast"], "not a range of seconds"),
        (["--design", "random"], "adaptive, paper, log, equal"),
        (["--learner", "oracle"], "the installed ones are"),
        (["--labels", "NOBODY"], "ORG, PERSON"),
        (["--evaluation-share", "1.5"], "between 0 and 1"),
        (["--folds", "1"], "leaves nothing to train on"),
        (["--folds", "5", "--evaluation-share", ".3"], "--folds 5 for as many that rotate"),
        (["--group", "patient"], "no record has a field 'patient'"),
        (["--encoding", "klingon"], "no text encoding"),
    ],
)
def test_run_with_bad_options(arguments, expected, corpus, monkeypatch, capsys, tmp_path):
    message = refused(monkeypatch, capsys, "run", corpus, *arguments)
    assert expected in message
    assert [p.name for p in tmp_path.iterdir()] == ["made.jsonl"]


@pytest.mark.parametrize(
    "arguments", [["status"], ["advise"], ["report"], ["purge"], ["export", "out.csv"]]
)
def test_commands_on_what_is_no_study(arguments, corpus, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    command, *rest = arguments
    for place in (corpus, str(tmp_path / "nowhere"), str(tmp_path)):
        assert "is not a study" in refused(monkeypatch, capsys, command, place, *rest)
    assert [p.name for p in tmp_path.iterdir()] == ["made.jsonl"]


def test_text_around_a_bad_span_is_short_and_can_be_withheld(tmp_path, monkeypatch, capsys):
    secret = "The patient Jane Roe of 12 Elm Street was admitted with pneumonia on Monday."
    record = {"id": "w", "text": secret, "spans": [{"start": 12, "end": 900, "label": "P"}]}
    path = tmp_path / "w.jsonl"
    path.write_bytes(lines(record))
    assert secret not in refused(monkeypatch, capsys, "run", str(path))
    hidden = refused(monkeypatch, capsys, "run", str(path), "--private")
    assert not any(word in hidden for word in ("Jane", "Elm", "pneumonia", "Monday"))
