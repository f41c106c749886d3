"""Studies that earlier versions made: read, answered from, and gone on with.

`assets/schema-N` holds what a version with that schema of the ledger left in a study's folder, and
the table that it exported itself. Schema 1: commit aaa4176, `suffice run notes.jsonl --learner
lookup --confirm none --runs 24` on the first 240 documents of the bundled corpus.
"""

from __future__ import annotations

import csv
import lzma
from pathlib import Path

import pytest

import suffice
from suffice.analysis.rows import rows
from suffice.learners.lookup import Lookup
from suffice.study.ledger import SCHEMA_VERSION
from suffice.study.spec import StudySpec

ASSETS = Path(__file__).with_name("assets")
OLD = sorted(ASSETS.glob("schema-*"))


def test_there_is_one_of_every_schema():
    assert [p.name for p in OLD] == [f"schema-{n}" for n in range(1, SCHEMA_VERSION + 1)]


@pytest.fixture(params=OLD, ids=lambda p: p.name)
def old(request, tmp_path):
    """Return the folder of an old study, and its table as it was exported then."""
    corpus = suffice.load_example()
    suffice.write(suffice.Corpus(corpus.documents[:240], "notes"), tmp_path / "notes.jsonl")
    folder = tmp_path / "study"
    folder.mkdir()
    ledger = lzma.decompress((request.param / "ledger.sqlite.xz").read_bytes())
    (folder / "ledger.sqlite").write_bytes(ledger)
    spec = (request.param / "study.toml").read_text()
    where = (tmp_path / "notes.jsonl").as_posix()
    (folder / "study.toml").write_text(spec.replace("notes.jsonl", where))
    with (request.param / "runs.csv").open() as file:
        return folder, list(csv.DictReader(file))


def told(study):
    return {r["run"]: r for r in rows(study.table())}


def test_every_number_of_then_is_there(old):
    folder, then = old
    with suffice.Study.open(folder) as study:
        now = told(study)
        analysis = suffice.analyse(study)
    assert len(now) == len(then) == 24
    # It said .34 (.25 to .43) of the pool; the method has moved on, the runs have not.
    assert analysis.curve.at(analysis.studied.pool)[0] == pytest.approx(0.34, abs=0.02)
    for row in then:
        for column, value in row.items():
            held = now[row["run"]][column]
            assert str(held) == value or float(held) == pytest.approx(float(value), abs=1e-6)


def test_it_goes_on_without_training_anything_again(old, monkeypatch):
    folder, then = old
    monkeypatch.setattr(Lookup, "code_version", 1)  # what the runs of then were trained with
    spec = StudySpec.load(folder).model_copy(update={"runs": 28})
    with suffice.Study.create(folder, spec) as study:
        assert suffice.run(study) == "runs"
        now = told(study)
    assert len(now) == 28
    for row in then:
        assert now[row["run"]]["finished_at"] == row["finished_at"]


def test_what_another_version_of_the_learner_found_is_kept_and_trained_anew(old):
    """The first version of lookup found nothing in text without spaces."""
    folder, then = old
    spec = StudySpec.load(folder).model_copy(update={"runs": 24})
    with suffice.Study.create(folder, spec) as study:
        suffice.run(study)
        now = told(study)
    assert len(now) == 48
    assert {row["run"] for row in then} < now.keys()
