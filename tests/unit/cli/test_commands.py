"""The commands, on a study of the learner that needs no torch."""

from __future__ import annotations

import csv
import json

import suffice
from suffice.analysis.rows import rows


def test_from_corpus_to_answer(call, tmp_path):
    call("example", "made.jsonl")
    arguments = ("run", "made.jsonl", "--learner", "lookup", "--confirm", "none", "--runs", "30")
    answer = call(*arguments, "--target-f1", "0.9")
    assert max(len(line) for line in answer.splitlines() if "Report:" not in line) <= 80
    for name in ("Studied", "Now", "Doubling", "Target", "Caveat"):
        assert name in answer
    assert "synthetic corpus made" in answer
    folder = tmp_path / "made.suffice"
    assert (folder / "report.html").is_file()

    # The same again is the same answer, at once; so is the answer from the study alone.
    assert call(*arguments, "--target-f1", "0.9") == answer
    advice = call("advise", "made.jsonl", "--target-f1", "0.9")
    assert advice.split("Report:")[0].split() == answer.split("Report:")[0].split()
    told = json.loads(call("advise", str(folder), "--target-f1", "0.9", "--json"))
    with suffice.Study.open(folder) as study:
        found = suffice.advise(suffice.analyse(study), target_f1=0.9)
        table = rows(study.table())
    assert told == found.to_dict()
    assert told["analysis"]["studied"]["synthetic"] is True
    assert told["verdict"] == found.verdict

    call("export", "made.jsonl", "runs.csv")
    with (tmp_path / "runs.csv").open() as file:
        exported = list(csv.DictReader(file))
    assert len(exported) == 30 == len(table)
    for line, record in zip(exported, table, strict=True):
        assert float(line["f1"]) == record["f1"]
        assert int(line["sentences"]) == record["sentences"]

    assert call("export", "made.jsonl", "-") == (tmp_path / "runs.csv").read_text()

    status = call("status", "made.jsonl")
    assert "lookup: 30 runs" in status
    assert "finished" in status
    call("purge", "made.jsonl")
    assert not (folder / "cache").exists()
    assert (folder / "ledger.sqlite").is_file()


def test_the_example_is_left_alone_where_it_is_the_same(call, tmp_path):
    call("example", "made.jsonl")
    before = (tmp_path / "made.jsonl").stat().st_mtime_ns
    assert "exists already" in call("example", "made.jsonl")
    assert (tmp_path / "made.jsonl").stat().st_mtime_ns == before


def test_version(call):
    assert call("--version").strip() == suffice.__version__
