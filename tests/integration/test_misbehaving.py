"""A learner that crashes, hangs, fills memory or returns nonsense costs one run only."""

from __future__ import annotations

import pytest

from suffice import Study
from suffice.analysis.analyse import analyse
from suffice.corpus.examples import load_example
from suffice.corpus.write import write
from suffice.errors import StudyError
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

MODULE = '''
"""Learners that remember strings, and misbehave on some training sets."""
import os
import time
from suffice.corpus.document import Span
from suffice.learners.lookup import Lookup


class Nonsense:
    status = "ok"

    def __init__(self, spans):
        self.spans = spans

    def tag(self, documents):
        return [list(self.spans) for _ in documents]


class Misbehaving(Lookup):
    name = "misbehaving"

    def __init__(self, options=None):
        self.how = (options or {})["how"]
        super().__init__()

    @property
    def config(self):
        return {"options": {"how": self.how}}

    def train(self, documents, labels, seed):
        if self.how != "all" and len(documents) % 3:
            return super().train(documents, labels, seed)
        if self.how == "crash":
            os.abort()
        if self.how == "raise":
            raise KeyError(documents[0].text)
        if self.how == "hang":
            time.sleep(600)
        if self.how == "memory":
            bytearray(2**32)  # more than there is, below
        if self.how == "outside":
            return Nonsense([Span(0, 10**6, labels[0])])
        if self.how == "label":
            return Nonsense([Span(0, 1, "NONE SUCH")])
        tagger = Nonsense([])  # nothing learnt
        tagger.status = "diverged" if self.how == "all" else "ok"
        return tagger
'''


@pytest.fixture
def misbehaving(tmp_path, monkeypatch):
    folder = tmp_path / "installed"
    info = folder / "misbehaving-1.dist-info"
    info.mkdir(parents=True)
    (folder / "misbehaving.py").write_text(MODULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: misbehaving\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[suffice.learners]\nmisbehaving = misbehaving:Misbehaving\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    file = tmp_path / "corpus.jsonl"
    write(load_example(n=260), file)

    def spec(how: str) -> StudySpec:
        return StudySpec(
            corpus=CorpusSpec(paths=(str(file),)),
            learner=LearnerSpec(name="misbehaving", options={"how": how}),
            confirm=None,
            budget=None,
            runs=16,
            run_limit=4.0,
        )

    return spec


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("crash", "failed", "exit code -6"),
        ("raise", "failed", "KeyError"),
        ("hang", "failed", "longer than 4 s"),
        ("memory", "failed", "MemoryError"),
        ("outside", "failed", "outside their document"),
        ("label", "failed", "not asked to learn"),
        ("nothing", "degenerate", ""),
    ],
)
def test_it_costs_one_run_never_the_study(misbehaving, tmp_path, monkeypatch, how, status, said):
    if how == "memory":
        monkeypatch.setattr("suffice.runs.executors.process.memory", lambda: 2**31)
    with Study.create(tmp_path / "study", misbehaving(how)) as study:
        assert run(study) == "runs"
        rows = study.table().rows
        bad = [r for r in rows if len(r.training_keys) % 3 == 0]
        if how == "nothing":  # few documents hold nothing to be learnt for some folds
            bad = [r for r in bad if len(r.training_keys) > 20]
        assert len(rows) == 16
        assert bad
        assert {r.status for r in bad} == {status}
        assert all(said in r.error for r in bad)
        assert all(r.status == "ok" for r in rows if r not in bad)
        texts = [d.text for d in study.corpus.documents]
        assert not any(text[:20] in r.error for r in bad for text in texts)
        found = analyse(study)
    assert found.studied.failed == {status: len(bad)}
    assert any(f"of 16 trainings {len(bad)} failed" in c for c in found.caveats)


def test_where_no_training_works_the_study_says_so(misbehaving, tmp_path):
    with (
        Study.create(tmp_path / "study", misbehaving("all")) as study,
        pytest.raises(StudyError, match="learning rate"),
    ):
        run(study)
