"""Trainings on chosen sets: kept, gone on with after a kill, the same for the same seed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from suffice import Document, Span, StudyError
from suffice.cli.app import app
from suffice.corpus.examples import load_example
from suffice.learners.lookup import Lookup
from suffice.scoring import count
from suffice.study.spec import LearnerSpec, StudySpec
from suffice.study.trainings import Setting, Training, finished, train

LOOKUP = LearnerSpec(name="lookup")


def setting():
    corpus = load_example("disclosures")
    ours = list(corpus)[:90]
    foreign = Document("synthetic:1", "Pay came from Orlex.", (Span(14, 19, "ORG"),))
    return Setting(
        LOOKUP,
        {d.id: d for d in [*ours, foreign]},
        tuple(d.id for d in ours[:20]),
        corpus.labels,
    )


def chosen(shared):
    """Return 30 sets, some with a document that is not of the corpus."""
    dice = random.Random(4)
    pool = [d for d in shared.documents if d not in shared.evaluation]
    return [Training(tuple(dice.sample(pool, dice.randint(3, 40))), seed) for seed in range(30)]


def table(found):
    return [(run.id, run.status, run.counts.tolist()) for run in found]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return table(train(tmp_path_factory.mktemp("whole") / "s", setting(), chosen(setting())))


def test_counts_are_those_of_training_and_scoring_by_hand(undisturbed):
    shared = setting()
    evaluation = [shared.documents[d] for d in shared.evaluation]
    for training, (identity, status, counts) in zip(chosen(shared), undisturbed, strict=True):
        assert identity == shared.job(training).id
        documents = [shared.documents[d] for d in training.documents]
        tagger = Lookup().train(documents, shared.labels, training.seed)
        by_hand = count(evaluation, tagger.tag(evaluation), shared.labels)
        assert status == "ok"
        assert np.array_equal(counts, by_hand.table)


_DYING = """
import os, signal, sys
from pathlib import Path
from tests.unit.study.test_trainings import chosen, setting, train

left = int(sys.argv[2])

def tell(told):
    global left
    left -= told.phase == "training"
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    train(Path(sys.argv[1]), setting(), chosen(setting()), listener=tell)
"""


def test_killed_it_goes_on_where_it_stopped(undisturbed, tmp_path):
    root = str(Path(__file__).resolve().parents[3])
    path = {**os.environ, "PYTHONPATH": os.pathsep.join([root, *sys.path])}
    folder = tmp_path / "s"
    for calls in (1, 9, 14):
        process = subprocess.run(
            [sys.executable, "-c", _DYING, str(folder), str(calls)], env=path, check=False
        )
        assert process.returncode == -signal.SIGKILL
    before = _ids(folder)
    assert len(before) >= 15
    assert sum(done is not None for done in finished(folder, setting(), chosen(setting()))) == len(
        before
    )
    told = []
    found = train(folder, setting(), chosen(setting()), listener=told.append)
    assert sum(t.phase == "training" for t in told) == 30 - len(before)
    assert (told[-1].done, told[-1].expected) == (30, 30)
    assert table(found) == undisturbed
    assert not (folder / "cache").exists()


def _ids(folder):
    with sqlite3.connect(folder / "ledger.sqlite") as file:
        return [row[0] for row in file.execute("SELECT id FROM runs")]


def test_more_sets_later_train_only_what_is_new(undisturbed, tmp_path):
    sets = chosen(setting())
    first = train(tmp_path / "s", setting(), sets[:4])
    told = []
    twice = [*sets[:6], sets[0]]
    again = train(tmp_path / "s", setting(), twice, listener=told.append)
    assert sum(t.phase == "training" for t in told) == 2
    assert table(first) == undisturbed[:4]
    assert table(again) == [*undisturbed[:6], undisturbed[0]]


def test_another_evaluation_set_is_another_run(tmp_path):
    whole = setting()
    part = Setting(LOOKUP, whole.documents, whole.evaluation[:9], whole.labels)
    sets = chosen(whole)[:1]
    (of_whole,) = train(tmp_path / "s", whole, sets)
    (of_part,) = train(tmp_path / "s", part, sets)
    assert np.array_equal(of_part.counts, of_whole.counts[:9])


def test_what_cannot_be_trained_on_is_refused(tmp_path):
    shared = setting()
    inside = shared.evaluation[0]
    for documents in ((), ("nobody",), (inside,), ("synthetic:1", "synthetic:1")):
        with pytest.raises(ValueError, match="training set"):
            train(tmp_path / "s", shared, [Training(documents)])
    with pytest.raises(ValueError, match="label"):
        Setting(LOOKUP, shared.documents, shared.evaluation, ("ORG",))
    assert not (tmp_path / "s").exists()


def test_what_an_interrupt_left_can_be_purged(tmp_path):
    folder = tmp_path / "s"
    before = table(train(folder, setting(), chosen(setting())[:2]))
    (folder / "cache").mkdir()
    (folder / "cache" / "rows.npy").write_bytes(b"0" * 2_000_000)
    result = CliRunner().invoke(app, ["purge", str(folder)])
    assert (result.exit_code, "2 MB" in result.output) == (0, True)
    assert not (folder / "cache").exists()
    assert table(finished(folder, setting(), chosen(setting())[:2])) == before
    with pytest.raises(StudyError, match="no study but an experiment"):
        StudySpec.load(folder)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StudyError, match="is not empty and not the folder of an experiment"):
        train(tmp_path, setting(), chosen(setting())[:1])
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_learner_that_cannot_work_at_all_is_given_up(tmp_path):
    shared = setting()
    options = {"command": "false {train} {evaluate} {predictions}"}
    broken = Setting(
        LearnerSpec(name="command", options=options),
        shared.documents,
        shared.evaluation,
        shared.labels,
    )
    with pytest.raises(StudyError, match="all runs failed"):
        train(tmp_path / "s", broken, chosen(shared))
    assert 5 <= len(_ids(tmp_path / "s")) < 30
