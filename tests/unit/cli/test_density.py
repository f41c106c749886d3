"""``suffice density`` and ``suffice sample``, on the learner that needs no torch."""

from __future__ import annotations

import json

import pytest

import suffice


@pytest.fixture
def call(call, tmp_path):
    corpus = suffice.load_example(n=140)
    suffice.write(corpus.select(d.id for d in corpus.documents[:80]), tmp_path / "marked.jsonl")
    (tmp_path / "texts").mkdir()
    for document in corpus.documents[80:]:
        path = tmp_path / "texts" / f"{document.id}.txt"
        path.write_text(document.text, encoding="utf-8", newline="")
    return call


def test_density_alone(call):
    shown = call("density", "marked.jsonl")
    assert max(map(len, shown.splitlines())) <= 80
    told = json.loads(call("density", "marked.jsonl", "--json"))
    assert f"{told['eps']['estimate']:.3g}" in shown
    assert told["production"] is None


def test_density_beside_production(call):
    arguments = ("density", "marked.jsonl", "--production", "texts", "--learner", "lookup")
    shown = call(*arguments, "--margin", "0.5")
    assert max(map(len, shown.splitlines())) <= 80
    for words in ("60 of 60 documents tagged by 5 models", "PERSON", "tokens per sentence"):
        assert words in shown
    assert "denser" in shown or "match" in shown.lower() or "Cannot tell" in shown


def test_sample(call, tmp_path):
    shown = call(
        "sample", "texts", "--n", "5", "--out", "next.jsonl", "--annotated", "marked.jsonl"
    )
    assert "5 of 60 documents of texts drawn (random)" in " ".join(shown.split())
    out = tmp_path / "next.jsonl"
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(out.read_text().splitlines()) == 5
    first = out.read_bytes()
    again = ("sample", "texts", "--n", "5", "--out", "next.jsonl", "--annotated", "marked.jsonl")
    assert "exists already" in call(*again, code=2)
    call(*again, "--force")
    assert out.read_bytes() == first
    assert "not annotated yet" in call("inspect", "next.jsonl", code=2)
    told = json.loads(call("sample", "texts", "--n", "5", "--json"))
    assert told["documents"] == [json.loads(line)["id"] for line in first.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sample", "texts", "--match", "best"), "there is no way to draw called 'best'"),
        (("sample", "texts", "--n", "500"), "500 documents were asked for and 60 can be drawn"),
        (("sample", "texts", "--match", "density"), "--like"),
        (("sample", "texts", "--by", "journal"), "--by goes with --match stratified"),
        (("sample", "none"), "there is no such file or folder"),
        (("sample", "texts", "--out", "no/x.jsonl"), "there is no folder no"),
        (("density", "marked.jsonl", "--production", "none.txt"), "there is no such file"),
        (("density", "nothing.jsonl"), "nothing.jsonl"),
    ],
)
def test_one_line_for_what_cannot_be_used(call, arguments, said):
    told = call(*arguments, code=2)
    assert said in told
    assert told.count("\n") == 1
