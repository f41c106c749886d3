"""`suffice inspect`: checks, --fix, --html, --sentences, as a user meets them."""

from __future__ import annotations

import json
import re

import pytest

from suffice.corpus import inspect as look_over
from suffice.corpus import read
from suffice.study.documents import read_corpus
from suffice.study.spec import CorpusSpec


def record(name, text, *spans, **more):
    marked = [{"start": a, "end": b, "label": label} for a, b, label in spans]
    return {"id": name, "text": text, "spans": marked, **more}


RECORDS = [
    *(
        record(f"n{i}", f"Zwingli saw Dr. Ek {i}.", (0, 7, "PERSON"), (12, 18, "PERSON"))
        for i in range(40)
    ),
    record("space", "Then Zwingli came.", (5, 13, "PERSON")),
    record("case", "And Zwingli left.", (4, 11, "Person "), split="train"),
    record("other", "Oh Zwingli went.", (3, 10, "ORG")),
    record("bare", "So Zwingli stayed."),
    record("twin", "and ZWINGLI left.", (4, 11, "PERSON"), split="test"),
]


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS))
    return path


def test_findings_in_the_terminal(call, corpus):
    shown = call("inspect", corpus)
    assert max(map(len, shown.splitlines())) <= 80
    assert "Zwingli" not in shown
    titles = [
        "documents whose text is in another split too", "spans that begin or end with white space",
        "spans whose label begins", "spans whose label differs from another only in",
        "unlabelled repeats", "nearly always has another label", "documents without entities",
    ]  # fmt: skip
    where = [shown.index(title) for title in titles]
    assert where[0] < min(where[1:4]) and max(where[1:4]) < min(where[4:6])
    assert max(where[4:6]) < where[6]
    assert "space:5–13" in shown and "bare:3–10" in shown and "other:3–10" in shown
    assert "icu" in shown and "spans crossing" in shown
    examples = call("inspect", corpus, "--with-examples")
    assert "'Zwingli': " in examples


def test_json_has_everything(call, corpus):
    told = json.loads(call("inspect", corpus, "--json"))
    found = look_over(read(corpus))
    assert {k: v for k, v in told.items() if k != "splitters"} == found.to_dict()
    assert told["splitters"]["rows"][0]["name"] == "icu"
    assert "Zwingli" not in json.dumps(told)


def test_fix_writes_a_new_file_and_lists_each_change(call, corpus, tmp_path):
    before = corpus.read_bytes()
    target = tmp_path / "fixed.jsonl"
    shown = call("inspect", corpus, "--fix", target)
    assert corpus.read_bytes() == before
    assert "space: 5–13 'PERSON' → 5–12 'PERSON'" in shown
    assert "case: 4–11 'Person ' → 4–11 'Person'" in shown
    assert "case: 4–11 'Person' → 4–11 'PERSON'" in shown
    assert max(len(line) for line in shown.splitlines() if "Written" not in line) <= 80
    written = [json.loads(line) for line in target.read_text().splitlines()]
    expected = json.loads(json.dumps(RECORDS))
    expected[40]["spans"][0]["end"] = 12
    expected[41]["spans"][0]["label"] = "PERSON"
    assert written == expected
    told = json.loads(call("inspect", target, "--fix", tmp_path / "twice.jsonl", "--json"))
    assert told["changes"] == []
    assert read(tmp_path / "twice.jsonl").documents == read(target).documents


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--fix", "notes.jsonl"],
            "exists already; name a new file; no file is changed in place",
        ),
        (["--fix", "nowhere/a.jsonl"], "there is no folder nowhere"),
        (["--fix", "a.docx"], "no format is known for the name 'a.docx'"),
        (["--html", "notes.jsonl"], "is not the name of a page; end it in .html"),
        (["--with-examples", "--private"], "exclude each other"),
        (["--sentences", "punkt"], "no sentence splitter called 'punkt'"),
        (["--sentences", "file"], "comes without sentences"),
    ],
)
def test_bad_options(call, corpus, arguments, expected, monkeypatch):
    monkeypatch.chdir(corpus.parent)
    message = call("inspect", "notes.jsonl", *arguments, code=2)
    assert expected in message and message.count("\n") == 1
    assert [p.name for p in corpus.parent.iterdir()] == ["notes.jsonl"]


def test_a_page(call, corpus, tmp_path):
    page = tmp_path / "odd.html"
    call("inspect", corpus, "--html", page)
    html = page.read_text()
    assert "Zwingli" not in html and "<script" not in html and "://" not in html
    assert "space:5–13" in html and "unlabelled repeats of a labelled string" in html
    order = re.findall(r'<h2 class="level (\w+)">', html)
    assert order == ["leak", "wrong", "doubtful", "know"]
    call("inspect", corpus, "--html", page, "--with-examples")
    shown = page.read_text()
    assert "This page contains text of the documents" in shown
    assert "So <mark>Zwingli</mark> stayed." in shown


def test_nothing_a_corpus_holds_becomes_markup(call, tmp_path):
    path = tmp_path / "a.jsonl"
    text = "<b>Ann</b> & [red]Bo[/red] "
    nasty = [record(f"<i>{i}[/]", text + str(i), (0, 4, "<u>[x]")) for i in range(3)]
    path.write_text("".join(json.dumps(r) + "\n" for r in nasty))
    call("inspect", path, "--html", tmp_path / "a.html", "--with-examples")
    html = (tmp_path / "a.html").read_text()
    assert "<b>" not in html and "<i>" not in html and "<u>" not in html
    assert "&lt;b&gt;" in html


def test_sentences_are_counted_by_the_splitter_that_was_named(call, corpus):
    pytest.importorskip("sentencex")
    counts = {
        name: json.loads(call("inspect", corpus, "--json", "--sentences", name))["sentences"]
        for name in ("auto", "icu", "sentencex")
    }
    # ICU ends a sentence after "Dr."
    assert counts == {"auto": 85, "icu": 85, "sentencex": 45}


def test_a_study_counts_with_the_splitter_of_its_specification(corpus):
    pytest.importorskip("sentencex")
    plain = read_corpus(CorpusSpec(paths=(str(corpus),)))
    other = read_corpus(CorpusSpec(paths=(str(corpus),), sentences="sentencex"))
    assert plain.documents[0].sentences is None
    assert len(other.documents[0].sentences) == 1
    assert {d.id: d.spans for d in plain} == {d.id: d.spans for d in other}
    # What determines a run holds the sentences: the runs of one are not those of the other.
    assert plain.documents[0].key != other.documents[0].key
