"""``suffice experiment synthetic`` on the learner that needs no torch."""

import json
from functools import partial

import pytest

import suffice
from tools.disclosures.generate import disclosures


@pytest.fixture
def call(call, tmp_path):
    suffice.write(disclosures(150, seed=1), tmp_path / "real.jsonl")
    suffice.write(disclosures(150, seed=2), tmp_path / "made.jsonl")
    return partial(call, "experiment", "synthetic")


def widest(shown):
    """Give the length of the longest line but for the page's path, which is not folded."""
    return max(len(line) for line in shown.splitlines() if not line.startswith("Page: "))


def test_closeness_only(call, tmp_path):
    shown = call("real.jsonl", "made.jsonl", "--closeness-only")
    assert widest(shown) <= 80
    assert "AUC" in shown and "real to real" in shown
    page = (tmp_path / "real.closeness.html").read_text()
    assert "contains no annotated text" in page and "<script" not in page
    names = {
        d.text[s.start : s.end]
        for d in disclosures(150, seed=1)
        for s in d.spans
        if s.end - s.start > 8
    }
    assert not [n for n in names if n in page or n in shown]


def test_worth_by_lookup_and_again(call, tmp_path):
    first = json.loads(call("real.jsonl", "made.jsonl", "--learner", "lookup", "--json"))
    worth = first["worth"]
    assert worth["exchange"]["runs"] == 48
    assert {p["base"] for p in worth["points"]} == {"real", "small", "large", "alone"}
    assert (tmp_path / "real.synthetic" / "synthetic.html").is_file()
    ledger = (tmp_path / "real.synthetic" / "ledger.sqlite").read_bytes()
    shown = call("real.jsonl", "made.jsonl", "--learner", "lookup")
    assert (tmp_path / "real.synthetic" / "ledger.sqlite").read_bytes() == ledger  # none again
    assert widest(shown) <= 80
    value = worth["exchange"]["constant"]["value"]
    assert f"{value:.2f}".replace("-", "−") in shown or round(value, 2) == 0


def test_examples_are_text_for_the_owner_alone(call, tmp_path):
    shown = call("real.jsonl", "made.jsonl", "--closeness-only", "--with-examples")
    assert "Words typical of real text" in shown
    page = tmp_path / "real.closeness.html"
    assert page.stat().st_mode & 0o777 == 0o600
    assert "contains text of the documents" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--labels", "PERSON"), "the labels do not match: made has ORG, which real does not have"),
        (("--synthetic-labels", "X"), "names 'X', which the corpus does not have"),
        (("--learner", "nothing"), "nothing"),
        (("--study", "."), "not the folder of an experiment"),
    ],
)
def test_bad_input(call, arguments, said):
    told = call("real.jsonl", "made.jsonl", *arguments, code=2)
    assert said in told and "Traceback" not in told
    assert len(told.splitlines()) == 1
