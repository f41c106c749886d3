"""A study as a user runs it, with the learner that needs no torch."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import suffice
from suffice.analysis.rows import rows
from suffice.study.plan import Plan
from tests.made import lookup_spec

TIMING = ("train_seconds", "tag_seconds", "finished_at")


spec = partial(lookup_spec, runs=40)


def table(study):
    return [{k: v for k, v in r.items() if k not in TIMING} for r in rows(study.table())]


def finished(folder, wanted):
    with suffice.Study.create(folder, wanted) as study:
        reason = suffice.run(study)
        return reason, table(study)


@pytest.fixture(scope="module")
def undisturbed(corpus, tmp_path_factory):
    return finished(tmp_path_factory.mktemp("study") / "s", spec(corpus))


def test_as_many_runs_as_asked_for_and_the_same_ones_again(corpus, undisturbed, tmp_path):
    reason, lines = undisturbed
    assert reason == "runs"
    assert len(lines) == 40
    assert len({line["run"] for line in lines}) == 40
    assert finished(tmp_path / "again", spec(corpus)) == undisturbed


def test_a_second_session_repeats_nothing_and_more_runs_keep_the_first(
    corpus, undisturbed, tmp_path
):
    folder = tmp_path / "s"
    finished(folder, spec(corpus, runs=23))
    with suffice.Study.create(folder, spec(corpus, runs=23)) as study:
        stamps = [r.finished_at for r in study.table().rows]
        assert suffice.run(study) == "runs"
        assert [r.finished_at for r in study.table().rows] == stamps
    assert finished(folder, spec(corpus)) == undisturbed


_DYING = """
import os, random, signal, sys
from pathlib import Path

import suffice
from suffice.study.spec import StudySpec

PARENT_DIES_AT, WORKER_DIES_AT = map(int, sys.argv[3:])
calls = 0


def count(frame, event, argument):
    # Calls that suffice's own code makes or takes, but for the waiting, which goes by the clock.
    global calls
    code = frame.f_code
    if "suffice" not in code.co_filename or code.co_name == "map" or not event.endswith("call"):
        return
    calls += 1
    if calls == PARENT_DIES_AT:
        os.kill(os.getpid(), signal.SIGKILL)
    if calls == WORKER_DIES_AT:
        for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[-1:]:
            os.kill(int(child), signal.SIGKILL)


if __name__ == "__main__":
    wanted = StudySpec.model_validate_json(sys.argv[2])
    sys.setprofile(count)
    with suffice.Study.create(Path(sys.argv[1]), wanted) as study:
        suffice.run(study)
    sys.setprofile(None)
    print(calls)
"""


def test_killed_at_random_moments_the_table_is_the_undisturbed_one(corpus, undisturbed, tmp_path):
    """A moment is the n-th call of the study's own code, so that no machine is too fast or slow."""

    def session(folder, parent_dies_at=0, worker_dies_at=0):
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", _DYING, str(folder), spec(corpus).model_dump_json()),
                *(str(parent_dies_at), str(worker_dies_at)),
            ],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        children = set()
        while process.poll() is None:
            children.update(_children(process.pid))
            time.sleep(0.02)
        _gone(children)
        return process.returncode, process.communicate()[0]

    code, calls = session(tmp_path / "whole")
    assert code == 0
    folder = tmp_path / "s"
    dice = random.Random(5)
    killed = 0
    while killed < 12:
        # At most a third of the whole in a session: the third one is still killed, at least.
        dies_at = dice.randint(1, int(calls) // 3)
        code, _ = session(folder, dies_at, dice.randint(1, dies_at))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert killed >= 3
    assert finished(folder, spec(corpus)) == undisturbed


def _children(parent):
    path = Path(f"/proc/{parent}/task/{parent}/children")
    if not path.exists():
        return []
    found = [int(p) for p in path.read_text().split()]
    return [p for p in found if b"spawn_main" in _command(p)]


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _gone(children):
    """Workers end with their parent, however it ended."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        left = [p for p in children if b"spawn_main" in _command(p)]
        if not left:
            return
        time.sleep(0.05)
    raise AssertionError(f"workers outlive their parent: {left}")


def test_interrupted_it_answers_from_what_is_finished(corpus, tmp_path):
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "suffice.cli", "run", str(corpus)),
            *("--study", str(tmp_path / "s"), "--learner", "lookup", "--confirm", "none"),
            *("--runs", "5000"),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Shells start what runs in the background with interrupts ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and _finished_runs(tmp_path / "s") < 25:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Finished work is kept" in " ".join(err.split())
    assert "Traceback" not in err
    assert "Doubling" in out
    assert (tmp_path / "s" / "report.html").is_file()


def _finished_runs(folder):
    try:
        with suffice.Study.open(folder) as study:
            return len(study.table().rows)
    except suffice.StudyError:
        return 0


def test_a_corpus_that_grows_keeps_sides_and_runs(corpus, undisturbed, tmp_path):
    folder = tmp_path / "s"
    finished(folder, spec(corpus, runs=20))
    larger = tmp_path / "larger.jsonl"
    suffice.write(suffice.load_example(n=330), larger)
    with suffice.Study.create(folder, spec(larger, runs=20)) as study:
        before = {d.name: d.side for d in study.ledger.documents()}
        assert len(study.table().rows) == 20
        suffice.run(study)
        grown = study.table()
    assert len(grown.documents) == 330
    assert {name: before[name] for name in before} == before
    assert len(grown.rows) == 40  # the first twenty stay valid beside twenty of the larger pool
    runs = grown.runs(next(iter(grown.names)))
    assert len(runs.size) == 40


def test_a_changed_document_invalidates_the_runs_that_saw_it(corpus, tmp_path):
    folder = tmp_path / "s"
    finished(folder, spec(corpus, runs=20))
    documents = list(suffice.read(corpus))
    with suffice.Study.create(folder, spec(corpus, runs=20)) as study:
        plan = Plan(study, ["x"])
        victim = plan.pools[0][0]
        seen = sum(plan.documents[victim].key in r.training_keys for r in study.table().rows)
    changed = [
        suffice.Document(d.id, d.text, d.spans[1:]) if d.id == victim else d for d in documents
    ]
    other = tmp_path / "changed.jsonl"
    suffice.write(suffice.Corpus(tuple(changed)), other)
    with suffice.Study.create(folder, spec(other, runs=20)) as study:
        assert study.table().invalid == seen > 0


def test_another_seed_is_another_study(corpus, tmp_path):
    suffice.Study.create(tmp_path / "s", spec(corpus)).close()
    with pytest.raises(suffice.StudyError, match="made with `seed` 0, not 1"):
        suffice.Study.create(tmp_path / "s", spec(corpus, seed=1))


def test_a_folder_with_other_things_is_left_alone(corpus, tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "thesis.txt").write_text("mine")
    with pytest.raises(suffice.StudyError, match="not empty and not a study"):
        suffice.Study.create(tmp_path / "s", spec(corpus))
    assert [p.name for p in (tmp_path / "s").iterdir()] == ["thesis.txt"]


def test_killed_while_being_made_a_study_can_be_made_again(corpus, undisturbed, tmp_path):
    folder = tmp_path / "s"
    suffice.Study.create(folder, spec(corpus)).close()
    (folder / "study.toml").rename(folder / "study.tmp")
    assert finished(folder, spec(corpus)) == undisturbed


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([suffice.Document("1", "a b")], "no annotated spans"),
        (
            [suffice.Document(str(i), f"Ann {i}", (suffice.Span(0, 3, "P"),)) for i in range(5)],
            "has 5 documents; needs at least 20",
        ),
        (
            [
                suffice.Document(str(i), f"Ann {i}", (suffice.Span(0, 3, "P"),) * (i < 9))
                for i in range(60)
            ],
            "has 9 entities; needs at least 20",
        ),
    ],
)
def test_too_small_a_corpus_is_refused_and_leaves_nothing(documents, message, tmp_path):
    path = tmp_path / "c.jsonl"
    suffice.write(suffice.Corpus(tuple(documents)), path)
    with pytest.raises(suffice.TooSmallError, match=message):
        suffice.Study.create(tmp_path / "s", spec(path))
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("folds", "message"),
    [
        (0, "of the evaluation set are without entities; needs entities on both sides"),
        (5, "all 46 documents of one fold are without entities; needs entities in every fold"),
    ],
)
def test_all_evaluation_documents_without_entities(folds, message, tmp_path):
    made = suffice.load_example(n=230).documents
    path = tmp_path / "c.jsonl"
    suffice.write(suffice.Corpus(made), path)
    with suffice.Study.create(tmp_path / "s", spec(path, folds=folds)) as study:
        held = set(study.division.evaluation())
    bare = [suffice.Document(d.id, d.text, () if d.id in held else d.spans) for d in made]
    suffice.write(suffice.Corpus(tuple(bare)), path)
    with pytest.raises(suffice.TooSmallError, match=message):
        suffice.Study.create(tmp_path / "t", spec(path, folds=folds))


def test_the_ledger_holds_no_text_and_no_ids(corpus, tmp_path):
    folder = tmp_path / "s"
    finished(folder, spec(corpus, runs=10))
    held = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    documents = suffice.read(corpus).documents
    for document in documents[::20]:
        assert document.id.encode() not in held
        assert document.text[:30].encode() not in held
        for span in document.spans:
            name = document.text[span.start : span.end].encode()
            assert len(name) < 7 or name not in held
