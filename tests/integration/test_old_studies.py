"""Studies that earlier versions made: read, answered from, and gone on with.

`assets/schema-N` holds what a version with that schema of the ledger left in a study's folder, and
the table that it exported itself. Schema 1: commit aaa4176, `suffice run notes.jsonl --learner
lookup --confirm none --runs 24` on the first 240 documents of the bundled corpus. `assets/folds` is
of commit 342aec2: 60 documents and `--runs 40`, which made five folds and trained for each of them.
"""

from __future__ import annotations

import csv
import lzma
from pathlib import Path

import pytest

import suffice
from suffice.analysis.rows import rows
from suffice.learners.lookup import Lookup
from suffice.runs.ledger import SCHEMA_VERSION
from suffice.study.spec import StudySpec

ASSETS = Path(__file__).with_name("assets")
OLD = sorted(ASSETS.glob("schema-*"))


def test_there_is_one_of_every_schema():
    assert [p.name for p in OLD] == [f"schema-{n}" for n in range(1, SCHEMA_VERSION + 1)]


def unpacked(asset, documents, tmp_path):
    """Return the folder of an old study, and its table as it was exported then."""
    corpus = suffice.load_example()
    suffice.write(suffice.Corpus(corpus.documents[:documents], "notes"), tmp_path / "notes.jsonl")
    folder = tmp_path / "study"
    folder.mkdir()
    ledger = lzma.decompress((asset / "ledger.sqlite.xz").read_bytes())
    (folder / "ledger.sqlite").write_bytes(ledger)
    spec = (asset / "study.toml").read_text()
    where = (tmp_path / "notes.jsonl").as_posix()
    (folder / "study.toml").write_text(spec.replace("notes.jsonl", where))
    with (asset / "runs.csv").open() as file:
        return folder, list(csv.DictReader(file))


@pytest.fixture(params=OLD, ids=lambda p: p.name)
def old(request, tmp_path):
    return unpacked(request.param, 240, tmp_path)


@pytest.fixture
def folds(tmp_path):
    return unpacked(ASSETS / "folds", 60, tmp_path)


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


def test_a_single_split_stays_one(old):
    """No design option is given, as `suffice run` without one."""
    folder, then = old
    before = StudySpec.load(folder)
    spec = StudySpec(corpus=before.corpus, learner=before.learner, confirm=None, runs=28)
    with suffice.Study.open(folder) as study:
        sides = study.ledger.stored_sides()
    with suffice.Study.create(folder, spec) as study:
        suffice.run(study)
        assert study.ledger.stored_sides() == sides
        assert len(study.table().evaluation_sets) == 1
        assert (study.spec.folds, study.spec.rotate) == (0, False)
    assert len(then) == 24


def test_folds_are_all_trained_for_as_they_were(folds):
    folder, then = folds
    before = StudySpec.load(folder)
    with suffice.Study.open(folder) as study:
        assert suffice.analyse(study).studied.runs == 40
        sides = study.ledger.stored_sides()
    spec = StudySpec(corpus=before.corpus, learner=before.learner, confirm=None, runs=50)
    with suffice.Study.create(folder, spec) as study:
        assert suffice.run(study) == "runs"
        now, table = told(study), study.table()
        found = suffice.analyse(study)
        assert study.ledger.stored_sides() == sides
        assert (study.spec.folds, study.spec.rotate) == (5, False)
    for row in then:
        assert now[row["run"]]["finished_at"] == row["finished_at"]
    # What is trained again are sets so small that another fold could draw them, too: their run is
    # told from that one's since then.
    place = ("size", "replicate", "repeat", "fold")
    known = {tuple(row[name] for name in place) for row in then}
    new = [row for run, row in now.items() if run not in {row["run"] for row in then}]
    again = [row for row in new if tuple(str(row[name]) for name in place) in known]
    assert len(new) - len(again) == 10
    assert {row["size"] for row in again} <= {4, 6, 9}
    runs = table.runs(next(iter(table.names)))
    assert (runs.parts, len(runs.size)) == (5, 10)
    # Every document evaluates once in each row: correct and missed add up to all entities.
    gold = sum(sum(d.entities.values()) for d in table.documents)
    assert (runs.counts[:, :, [0, 2]].sum(axis=(1, 2)) == gold).all()
    assert not found.studied.rotating
    assert "(5 folds, one model for each)" in dict(suffice.advise(found).lines)["Studied"]


@pytest.mark.parametrize(
    ("given", "message"),
    [({"folds": 0}, "made with 5 folds, not with one"), ({"rotate": True}, "5 folds that rotate")],
)
def test_other_folds_are_refused(folds, given, message):
    folder, _ = folds
    before = StudySpec.load(folder)
    spec = StudySpec(corpus=before.corpus, learner=before.learner, confirm=None, **given)
    with pytest.raises(suffice.StudyError, match=message):
        suffice.Study.create(folder, spec)
    assert StudySpec.load(folder) == before
