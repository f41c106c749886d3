"""``suffice agreement`` and ``suffice reconcile``, as a user types them; and the docs' example."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

import suffice

DOCS = Path(__file__).parents[3] / "docs" / "agreement.md"


@pytest.fixture
def call(call):
    """Take a line as it is typed, `suffice` first."""
    return lambda line, code=0: call(*shlex.split(line)[1:], code=code)


@pytest.fixture
def two(tmp_path):
    texts = {"x1": "Bea Hopper came.", "x2": "Cy Dee left Orlex.", "x3": "Nothing here."}
    marks = {
        "A": {"x1": [(0, 10, "PERSON")], "x2": [(0, 6, "PERSON"), (12, 17, "ORG")], "x3": []},
        "B": {"x1": [(0, 3, "PERSON")], "x2": [(0, 6, "PERSON")], "x3": []},
        "C": {"x1": [(0, 3, "PERSON")], "x2": [(0, 6, "ORG"), (12, 17, "ORG")], "x3": []},
    }
    for name, own in marks.items():
        with (tmp_path / f"{name}.jsonl").open("w") as file:
            for i, text in texts.items():
                spans = [{"start": s, "end": e, "label": label} for s, e, label in own[i]]
                file.write(json.dumps({"id": i, "text": text, "spans": spans}) + "\n")
    return texts


def test_the_worked_example_of_the_docs(call, tmp_path):
    """From two files to a gold and a study of it, each block of the docs in turn."""
    text = DOCS.read_text()
    told = []
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", text, re.DOTALL):
        if language == "sh":
            told += [call(line) for line in block.splitlines()]
        else:
            exec(compile(block, str(DOCS), "exec"), {})
    assert len(told) == 5
    assert "0.989   0.982 to 0.994" in told[1]
    gold = suffice.read(tmp_path / "gold.jsonl")
    corpus = suffice.read(tmp_path / "disclosures.jsonl").select(d.id for d in gold)
    # Where the third person decided, and where both were right, the gold is the corpus.
    differ = sum(a.spans != b.spans for a, b in zip(gold, corpus, strict=True))
    assert len(gold) == 200
    assert differ <= 2
    page = (tmp_path / "gold.suffice" / "report.html").read_text()
    assert "annotators with the gold" in page
    assert "no bound on a model" in page


def test_agreement_on_the_terminal_and_as_json(call, two):
    told = call("suffice agreement A.jsonl B.jsonl")
    assert max(map(len, told.splitlines())) <= 80
    # A marked 3, B 2, one alike.
    assert "span F1, exact                     0.400" in told
    assert "documents matched by id: 3" in told
    found = json.loads(call("suffice agreement A.jsonl B.jsonl --json --seed 1"))
    assert found["exact"]["value"] == pytest.approx(0.4)
    assert {d["kind"] for d in found["disagreements"]} == {"boundary", "missing"}
    several = call("suffice agreement A.jsonl B.jsonl C.jsonl --names Ann,Bob,Cem")
    assert max(map(len, several.splitlines())) <= 80
    assert "Ann, Bob" in several
    assert "Fleiss κ" in several


def test_rules_on_labels_hold_for_all_files_together(call, two):
    # B has no ORG at all: an F1 of 0 would say that the two disagree.
    refused = "--labels keeps none of the 2 spans of B.jsonl; name its labels too (PERSON 2)"
    assert refused in call("suffice agreement A.jsonl B.jsonl --labels ORG", code=2)
    told = call("suffice agreement A.jsonl B.jsonl --labels PLACE", code=2)
    assert "names 'PLACE', which the corpus does not have" in told
    judged = "reconcile A.jsonl B.jsonl --labels ORG --mode adjudicator --judge B.jsonl"
    assert refused in call(f"suffice {judged} --out g.jsonl", code=2)


def test_a_page_holds_text_only_where_asked(call, two, tmp_path):
    call("suffice agreement A.jsonl B.jsonl C.jsonl --html bare.html")
    bare = (tmp_path / "bare.html").read_text()
    for secret in ("Hopper", "Orlex", "Bea"):
        assert secret not in bare
    assert "x1" in bare
    assert "no text" in bare
    call("suffice agreement A.jsonl B.jsonl C.jsonl --html full.html --with-examples")
    full = (tmp_path / "full.html").read_text()
    assert "This page shows annotated text" in full
    assert (tmp_path / "full.html").stat().st_mode & 0o077 == 0
    assert '<mark class="differs">Bea Hopper<small>PERSON</small></mark>' in full
    for page in (bare, full):
        assert "http:" not in page
        assert "https:" not in page
        assert "<script" not in page


def test_one_file_with_several_annotators(call, tmp_path):
    (tmp_path / "m.jsonl").write_text(
        '{"text": "Bea came.", "annotators": {"A": [{"start": 0, "end": 3, "label": "P"}], '
        '"B": []}}\n'
    )
    assert "marked by one only" in call("suffice agreement m.jsonl")
    assert "A.jsonl" not in call("suffice reconcile m.jsonl --worklist todo.jsonl")
    assert "undecided" in call("suffice reconcile m.jsonl --out gold.jsonl", code=2)
    assert not (tmp_path / "gold.jsonl").exists()
    call("suffice reconcile m.jsonl --out gold.jsonl --undecided drop")
    assert suffice.read(tmp_path / "gold.jsonl").documents[0].spans == ()


def test_majority_then_a_judge_for_the_ties(call, two, tmp_path):
    told = call("suffice reconcile A.jsonl B.jsonl C.jsonl --mode majority --out gold.jsonl")
    assert "disagreements decided by majority   3" in told
    found = {d.id: d.spans for d in suffice.read(tmp_path / "gold.jsonl")}
    assert [(s.start, s.end, s.label) for s in found["x2"]] == [(0, 6, "PERSON"), (12, 17, "ORG")]
    call("suffice reconcile A.jsonl B.jsonl --mode adjudicator --judge C.jsonl --out g.jsonl")
    judged = {d.id: d.spans for d in suffice.read(tmp_path / "g.jsonl")}
    assert [(s.start, s.end, s.label) for s in judged["x2"]] == [(0, 6, "PERSON"), (12, 17, "ORG")]
    assert [(s.start, s.end) for s in judged["x1"]] == [(0, 3)]
    told = json.loads(
        call("suffice reconcile A.jsonl B.jsonl --worklist t.prodigy.jsonl --to prodigy --json")
    )
    assert len(told["undecided"]) == 2
    untouched = "suffice reconcile A.jsonl B.jsonl --decisions t.prodigy.jsonl --out h.jsonl"
    assert "without any decision" in call(untouched, code=2)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("agreement A.jsonl", "no document of A holds the spans of two annotators"),
        ("agreement A.jsonl B.jsonl --names A", "2 files but the names are A"),
        ("agreement A.jsonl B.jsonl --match name", "--match cannot be 'name'"),
        ("agreement A.jsonl B.jsonl --with-examples", "--with-examples shows text"),
        ("agreement A.jsonl B.jsonl --html no/where.html", "there is no folder no"),
        ("reconcile A.jsonl B.jsonl", "needs something to write"),
        ("reconcile A.jsonl B.jsonl --out g.jsonl", "2 disagreements are undecided: x1:0–10"),
        ("reconcile A.jsonl B.jsonl --worklist t.jsonl --out g.jsonl", "are undecided"),
        ("reconcile A.jsonl B.jsonl --out A.jsonl", "exists already"),
        ("reconcile A.jsonl B.jsonl --out g.jsonl --mode vote", "no mode 'vote'"),
        ("reconcile A.jsonl B.jsonl --out g.jsonl --mode majority", "two annotators cannot have"),
        ("reconcile A.jsonl B.jsonl --out g.jsonl --mode adjudicator", "go together"),
        ("reconcile A.jsonl B.jsonl --out g.jsonl --undecided list", "--undecided cannot be"),
        ("reconcile A.jsonl B.jsonl --worklist t.x --to telepathy", "no format called"),
        ("reconcile A.jsonl A.jsonl --worklist t.jsonl", "all disagreements are resolved"),
    ],
)
def test_bad_calls_are_one_line_and_write_nothing(call, two, tmp_path, line, says):
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    told = call(f"suffice {line}", code=2)
    assert says in told
    assert told.count("\n") == 1
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
