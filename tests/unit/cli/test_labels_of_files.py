"""Rules on labels and files of several people: what they leave out of one is refused or said."""

import json

import pytest

import suffice
from tests.unit.corpus.annotated import write


@pytest.fixture
def files(tmp_path):
    """Two annotators who call persons differently."""
    one = write(tmp_path / "one.jsonl", ["PER", "PER", "LOC"])
    other = write(tmp_path / "other.jsonl", ["PERSON", "PERSON", "LOC"])
    return one, other


@pytest.mark.parametrize("command", ["agreement", "reconcile"])
def test_an_annotator_of_whom_nothing_is_kept_is_an_error(call, files, tmp_path, command):
    out = tmp_path / "gold.jsonl"
    more = ["--out", out] if command == "reconcile" else []
    message = call(command, *files, "--labels", "PER", *more, code=2)
    assert "keeps none of the 6 spans of" in message
    assert "other.jsonl" in message
    assert "PERSON 4, LOC 2" in message
    assert not out.exists()


def test_a_label_that_one_annotator_lacks_is_said(call, files):
    notes = json.loads(call("agreement", *files, "--labels", "PER,LOC", "--json"))["notes"]
    assert any("other.jsonl has no PER" in n and "left out there: PERSON 4" in n for n in notes)
    told = json.loads(call("agreement", *files, "--labels", "PER,PERSON=PER,LOC", "--json"))
    assert told["exact"]["value"] == 1
    assert not any("--labels" in note for note in told["notes"])


def test_a_rare_label_that_one_annotator_lacks_is_no_fault(call, tmp_path):
    one = write(tmp_path / "one.jsonl", ["PER", "PER", "LOC"])
    other = write(tmp_path / "other.jsonl", ["PER", "PER"])
    told = json.loads(call("agreement", one, other, "--labels", "PER,LOC", "--json"))
    assert not any("--labels" in note for note in told["notes"])
    assert told["exact"]["value"] == pytest.approx(2 * 4 / (2 * 4 + 2))


def test_annotators_in_one_file_are_held_to_the_same(call, tmp_path):
    def spans(label):
        return [{"start": 0, "end": 7, "label": label}]

    both = {"annotators": {"A": spans("PER"), "B": spans("PERSON")}}
    path = write(tmp_path / "both.jsonl", [], **both)
    assert "annotator B in" in call("agreement", path, "--labels", "PER", code=2)
    # one who was asked for other labels only has nothing to compare on PER
    asked = write(tmp_path / "asked.jsonl", [], **both, annotator_labels={"B": ["PERSON"]})
    told = call("agreement", asked, "--labels", "PER", code=2)
    assert "no two annotators of asked were asked for the same label" in told


def test_a_judge_of_whom_nothing_is_kept_is_an_error(call, files, tmp_path):
    judge = write(tmp_path / "judge.jsonl", ["HUMAN"])
    told = call(
        "reconcile", *files, "--labels", "PER,PERSON=PER", "--judge", judge,
        "--mode", "adjudicator", "--out", tmp_path / "gold.jsonl", code=2,
    )  # fmt: skip
    assert "judge.jsonl" in told


def test_decisions_may_have_the_new_names(call, tmp_path):
    one = write(tmp_path / "one.jsonl", ["PER", "PER"])
    other = write(tmp_path / "other.jsonl", ["PER"])
    # as a tool exports the work list: under the names that the rules gave
    decided = write(tmp_path / "decided.jsonl", ["PERSON", "PERSON"])
    gold = tmp_path / "gold.jsonl"
    call(
        "reconcile", one, other, "--labels", "PER=PERSON", "--decisions", decided,
        "--out", gold,
    )  # fmt: skip
    assert [len(d.spans) for d in suffice.read(gold)] == [2, 2]
