"""Trainings that fail for good do not cost the answer."""

from __future__ import annotations

import pytest

import suffice
from suffice import Study
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

MODULE = '''
"""A learner that remembers strings, and fails for some seeds, whenever it is tried."""
from suffice.learners.lookup import Lookup


class Moody(Lookup):
    name = "moody"

    def __init__(self, options=None):
        self.every = (options or {})["every"]
        super().__init__()

    @property
    def config(self):
        return {"options": {"every": self.every}}

    def train(self, documents, labels, seed):
        works = seed % self.every == 0 if self.every < 0 else seed % self.every
        if not works:
            raise KeyError("no")
        return super().train(documents, labels, seed)
'''


@pytest.fixture
def spec(tmp_path, monkeypatch):
    folder = tmp_path / "installed"
    info = folder / "moody-1.dist-info"
    info.mkdir(parents=True)
    (folder / "moody.py").write_text(MODULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: moody\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[suffice.learners]\nmoody = moody:Moody\n")
    monkeypatch.syspath_prepend(str(folder))
    file = tmp_path / "corpus.jsonl"
    suffice.write(suffice.load_example(n=60), file)

    def made(every: int, **changes) -> StudySpec:
        settings = {"budget": None, "runs": 20, **changes}
        return StudySpec(
            corpus=CorpusSpec(paths=(str(file),)),
            learner=LearnerSpec(name="moody", options={"every": every}),
            confirm=None,
            **settings,
        )

    return made


@pytest.mark.parametrize("changes", [{}, {"budget": 0.01, "runs": None}])
def test_other_runs_take_the_place_of_those_that_failed(changes, spec, tmp_path):
    with Study.create(tmp_path / "s", spec(6, **changes)) as study:
        run(study)
        rows = study.table().rows
        failed = [r for r in rows if r.status == "failed"]
        assert failed
        assert not all(r.seed % 6 for r in failed)
        answer = suffice.analyse(study)
        assert answer.studied.failed == {"failed": len(failed)}
        assert study.table().answers(rows[0].learner)
        again = [(r.id, r.finished_at) for r in rows]
    with Study.create(tmp_path / "s", spec(6, **changes)) as study:
        run(study)
        assert [(r.id, r.finished_at) for r in study.table().rows] == again


def test_a_learner_that_hardly_works_is_named_and_no_more_runs_are_asked_for(spec, tmp_path):
    with Study.create(tmp_path / "s", spec(-3)) as study:
        run(study)
        with pytest.raises(suffice.StudyError, match=r"too few trainings worked: \d+ of") as error:
            suffice.analyse(study)
    assert "with an error or out of time" in str(error.value)
    assert "n_runs" not in str(error.value)
    assert "other options for the learner" in str(error.value)


def test_fewer_runs_than_an_answer_takes_are_not_exceeded(spec, tmp_path):
    with Study.create(tmp_path / "s", spec(6, runs=7)) as study:
        run(study)
        assert len(study.table().rows) == 7
        with pytest.raises(suffice.StudyError, match="`n_runs` 8 or more"):
            suffice.analyse(study)
