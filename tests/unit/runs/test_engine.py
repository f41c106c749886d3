"""The engine: what it does with jobs, done here one by one, in this process."""

from __future__ import annotations

import pytest

from suffice.corpus.document import Document, Span
from suffice.learners.lookup import Lookup, LookupTagger
from suffice.runs import worker
from suffice.runs.engine import HUNG_LEAST, Engine, SharedInputs
from suffice.runs.executors.base import Executor, Outcome, describe_error
from suffice.runs.job import Job, LearnerSetup, Position, identify
from suffice.runs.store import MemoryStore
from suffice.runs.worker import Encode, other_seed


class InProcess(Executor):
    """Does tasks here, and remembers them."""

    workers = 1

    def __init__(self):
        self.done = []

    def start(self, context, *, device="cpu", at_most=None):
        self.context = context

    def map(self, work, tasks, *, seconds=None):
        for task in tasks:
            self.done.append(task)
            try:
                yield Outcome(task.id, work(self.context, task.content))
            except Exception as error:  # noqa: BLE001
                yield Outcome(task.id, error=describe_error(error))

    def close(self):
        pass


class Kept(LookupTagger):
    def save(self, folder):
        (folder / "strings").write_text(repr(sorted(self._labels)))


class Watched(Lookup):
    """Remembers its seeds, and does what it is told for them."""

    def __init__(self, **faults):
        super().__init__()
        self.seeds, self.faults = [], faults

    def train(self, documents, labels, seed):
        self.seeds.append(seed)
        tagger = Kept(super().train(documents, labels, seed)._labels)
        tagger.status = self.faults.get("status", {}).get(seed, "ok")
        if seed in self.faults.get("forgets", ()):
            tagger = Kept({})
        if seed in self.faults.get("lies", ()):
            tagger.tag = lambda documents: [[Span(0, 1, "NONE SUCH")] for _ in documents]
        return tagger


def document(name, text, *strings):
    spans = tuple(Span(text.index(s), text.index(s) + len(s), "ORG") for s in strings)
    return Document(name, text, spans)


DOCUMENTS = {
    d.id: d
    for d in (
        document("learnt", "Orlex and Acme paid.", "Orlex", "Acme"),
        document("scored", "Orlex paid Bolt.", "Orlex", "Bolt"),
        document("new", "Nobody but Acme was there."),
    )
}


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Return what makes an engine for a learner, with its executor and its store."""

    def make(learner, store=None, **shared):
        setup = LearnerSetup("w", "lookup", {}, learner)
        monkeypatch.setattr(worker, "_learners", {"w": learner})
        inputs = SharedInputs([setup], DOCUMENTS, ("ORG",), tmp_path / "cache", **shared)
        executor = InProcess()
        return Engine(inputs, store or MemoryStore(), executor=executor), executor

    return make


def job(seed=1, evaluation=("scored",), output="counts", unlabelled=()):
    contents = [[DOCUMENTS["learnt"].key], [DOCUMENTS[d].key for d in evaluation]]
    identity = identify("w", contents, ["ORG"], seed, [output])
    return Job(identity, "w", ("learnt",), evaluation, seed, Position(1), output, unlabelled)


def test_what_is_done_is_kept_and_not_done_again(made):
    learner, store = Watched(), MemoryStore()
    engine, executor = made(learner, store)
    rows = list(engine.run([job(1), job(2), job(1)]))
    assert sorted(learner.seeds) == [1, 2]
    assert [row.counts.tolist() for row in rows] == [[[[1, 0, 1]]]] * 2
    assert {row.status for row in rows} == {"ok"}
    assert rows[0].features["entities"] == 2
    assert store.run_ids() == {job(1).id, job(2).id}
    # Documents are encoded once.
    encoded = [
        d for t in executor.done if isinstance(t.content, Encode) for d in t.content.documents
    ]
    assert sorted(encoded) == ["learnt", "scored"]
    again, executor = made(learner, store)
    assert {row.id for row in again.run([job(2), job(3)])} == {job(2).id, job(3).id}
    assert sorted(learner.seeds) == [1, 2, 3]


@pytest.mark.parametrize("faults", [{"status": {1: "diverged"}}, {"forgets": {1}}])
def test_a_training_that_fails_is_tried_again_with_another_seed(made, faults):
    learner = Watched(**faults)
    engine, _ = made(learner)
    (row,) = engine.run([job(1)])
    assert learner.seeds == [1, other_seed(1)]
    assert (row.status, row.seed) == ("ok", 1)


def test_what_fails_twice_is_kept_with_what_it_was(made):
    faults = {"status": {1: "diverged", other_seed(1): "diverged"}, "forgets": {2, other_seed(2)}}
    engine, _ = made(Watched(**faults))
    assert [row.status for row in engine.run([job(1), job(2)])] == ["diverged", "degenerate"]


def test_a_model_without_documents_to_score_it_must_have_learnt_its_own(made):
    engine, _ = made(Watched(forgets={2, other_seed(2)}))
    good, bad = engine.run([job(1, evaluation=()), job(2, evaluation=())])
    assert (good.status, bad.status) == ("ok", "degenerate")
    assert good.counts.shape == (0, 1, 3)


def test_predictions_that_cannot_be_fail_alone(made):
    engine, _ = made(Watched(lies={1}))
    first, second = engine.run([job(1), job(2)])
    assert first.status == "failed"
    assert "a label that it was not asked to learn" in first.error
    assert second.status == "ok"


def test_tags_are_those_of_the_scored_documents_then_of_the_unlabelled(made):
    store = MemoryStore()
    engine, _ = made(Watched(), store)
    (row,) = engine.run([job(output="tags", unlabelled=("new",))])
    assert row.counts.tolist() == [[[1, 0, 1]]]
    assert store.spans(row.id) == [[Span(0, 5, "ORG")], [Span(11, 15, "ORG")]]


def test_models_are_kept_by_the_job_and_made_again_where_they_are_gone(made, tmp_path):
    learner, store, models = Watched(), MemoryStore(), tmp_path / "models"
    engine, _ = made(learner, store, models=models)
    (row,) = engine.run([job(output="model")])
    file = models / row.id / "strings"
    assert file.read_text() == "['Acme', 'Orlex']"
    assert models.stat().st_mode & 0o777 == 0o700
    list(engine.run([job(output="model")]))
    assert learner.seeds == [1]
    file.unlink()
    file.parent.rmdir()
    list(engine.run([job(output="model")]))
    assert learner.seeds == [1, 1]
    assert file.is_file()


def test_a_run_may_take_what_was_asked_for_or_as_long_as_none_takes_that_is_not_hung(made):
    for asked, limit in ((4.0, 4.0), (None, HUNG_LEAST)):
        engine, executor = made(Watched(), run_limit=asked)
        list(engine.run([job()]))
        assert [t.limit for t in executor.done if isinstance(t.content, Job)] == [limit]


def test_an_id_is_that_of_all_that_determines_the_result():
    base = ("w", [["a"], ["b"]], ["ORG"], 1)
    others = [
        ("v", [["a"], ["b"]], ["ORG"], 1),
        ("w", [["a"], ["c"]], ["ORG"], 1),
        ("w", [["a", "b"]], ["ORG"], 1),
        ("w", [["a"], ["b"]], ["PER"], 1),
        ("w", [["a"], ["b"]], ["ORG"], 2),
    ]
    ids = {identify(*base), identify(*base, ["tags"]), *(identify(*other) for other in others)}
    assert len(ids) == 7
    assert identify(*base) == identify("w", (("a",), ("b",)), ("ORG",), 1)
