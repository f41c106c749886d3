"""`suffice relations` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import stat

import pytest
from typer.testing import CliRunner

from suffice.cli.app import app
from suffice.errors import InputError

TEXT = "Roe A advises Velda; Lee C has no conflicts."
RECORD = {
    "id": "a",
    "text": TEXT,
    "spans": [
        {"start": 0, "end": 5, "label": "PERSON"},
        {"start": 14, "end": 19, "label": "ORG"},
        {"start": 21, "end": 26, "label": "PERSON"},
    ],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "statements.jsonl"
    path.write_text(json.dumps({**RECORD, "authors": ["Ann Roe", "Carl Lee"]}), encoding="utf-8")
    return path


def run(*arguments) -> str:
    done = CliRunner().invoke(app, ["relations", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_csv_with_the_authors_of_the_record(file):
    found = list(csv.DictReader(io.StringIO(run("--annotated", file))))
    assert [(r["document"], r["person"], r["organisation"], r["kind"]) for r in found] == [
        ("a", "Ann Roe", "Velda", "consulting"),
        ("a", "Carl Lee", "", "none"),
    ]
    assert [r["clause"] for r in found] == ["Roe A advises Velda", "Lee C has no conflicts."]


def test_json_without_clauses(file):
    found = json.loads(run("--annotated", file, "--json", "--no-clauses"))
    assert found["documents"] == 1
    assert found["caveats"] == []
    assert [r["person"] for r in found["rows"]] == ["Ann Roe", "Carl Lee"]
    assert all("clause" not in r for r in found["rows"])


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_is_readable_by_its_owner_only(file, tmp_path, ending):
    out = tmp_path / f"rows.{ending}"
    assert "2 rows from 1 document" in " ".join(run("--annotated", file, "--out", out).split())
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "Ann Roe" in out.read_text(encoding="utf-8")


def test_a_table_of_authors(file, tmp_path):
    table = tmp_path / "authors.csv"
    table.write_text("id,name\na,Ada Roe\na,Cy Lee\n", encoding="utf-8")
    assert "Ada Roe,Velda" in run("--annotated", file, "--authors", table)


def test_labels_and_patterns_of_the_user(file, tmp_path):
    record = {**RECORD, "text": TEXT.replace("advises", "coaches")}
    record["spans"] = [{**s, "label": s["label"].lower()} for s in RECORD["spans"]]
    file.write_text(json.dumps(record), encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text('[kinds.consulting]\nphrases = ["coaches"]\n', encoding="utf-8")
    labels = ("--person", "person", "--organisation", "org")
    assert "consulting" not in run("--annotated", file, *labels)
    assert "Roe A,Velda,consulting" in run("--annotated", file, *labels, "--patterns", own)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{file}"], "a model and a file are needed"),
        (["--annotated", "{file}", "--out", "rows.xlsx"], "neither .csv nor .json"),
        (["--annotated", "{file}", "--person", "HUMAN", "--organisation", "FIRM"], "there are ORG"),
        (["--annotated", "{file}", "--person", "ORG"], "both a person's and an organisation's"),
        (["--annotated", "{file}", "--person", ","], "--person names no label"),
        (["--annotated", "{file}", "--authors", "{file}"], "has no columns 'id' and 'name'"),
        (["--annotated", "{file}", "--patterns", "none.toml"], "none.toml: cannot be read"),
    ],
)
def test_bad_input_is_one_line(file, arguments, said):
    filled = [a.format(file=file) for a in arguments]
    with pytest.raises(InputError, match=said) as caught:
        run(*filled)
    assert "\n" not in str(caught.value)


def test_a_bad_author_list_names_its_line(file):
    file.write_text(json.dumps({**RECORD, "authors": "Ann Roe"}), encoding="utf-8")
    with pytest.raises(InputError, match='line 1: "authors" is not a list of names'):
        run("--annotated", file)


def test_authors_of_other_documents(file, tmp_path):
    table = tmp_path / "authors.csv"
    table.write_text("id,name\nb,Zita Roe\n", encoding="utf-8")
    with pytest.raises(InputError, match="no id in it is a document's"):
        run("--annotated", file, "--authors", table)
