"""Which documents a learner gets to see."""

from __future__ import annotations

import pytest

from suffice.corpus.document import Document, Span
from suffice.learners.lookup import Lookup, LookupTagger
from suffice.runs import worker
from suffice.runs.job import Job, Position

DOCUMENTS = {
    name: Document(name, "Bo", (Span(0, 2, "PER"),)) for name in ("learnt", "scored", "neither")
}


class Watching(Lookup):
    def __init__(self, looks):
        super().__init__()
        self.looks, self.seen = looks, []

    @property
    def looks_at_evaluation(self):
        return self.looks

    def train(self, documents, labels, seed):
        self.seen.append([d.id for d in documents])
        return LookupTagger({"Bo": "PER"})

    def train_selecting(self, documents, labels, seed, evaluation):
        self.seen.append([d.id for d in evaluation])
        return self.train(documents, labels, seed)


@pytest.mark.parametrize(
    ("looks", "seen"), [(False, [["learnt"]]), (True, [["scored"], ["learnt"]])]
)
def test_only_a_learner_that_says_so_gets_the_evaluation_set(looks, seen, monkeypatch, tmp_path):
    learner = Watching(looks)
    monkeypatch.setattr(worker, "_learners", {"w": learner})
    context = worker.WorkContext(DOCUMENTS, ("PER",), {"w": ("lookup", {})}, tmp_path / "c")
    done = worker.work(context, Job("1", "w", ("learnt",), ("scored",), 1, Position(1)))
    assert learner.seen == seen
    assert done is not None
    assert done.counts.tolist() == [[[1, 0, 0]]]
