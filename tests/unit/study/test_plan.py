"""What a run's id stands for."""

from __future__ import annotations

from suffice import Study
from suffice.corpus.examples import load_example
from suffice.corpus.write import write
from suffice.study.allocate import Cell
from suffice.study.plan import Plan
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


def test_the_same_small_set_drawn_for_two_folds_is_two_runs(tmp_path):
    """They are scored on other documents; with one id the second would replace the first."""
    write(load_example(n=25), tmp_path / "corpus.jsonl")
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(tmp_path / "corpus.jsonl"),)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        runs=20,
    )
    with Study.create(tmp_path / "study", spec) as study, study.locked():
        plan = Plan(study, ["L"])
        planned = [p for k in range(40) for p in plan.jobs(0, Cell(1, k))]
        scored: dict[str, set[int]] = {}
        by_set: dict[tuple[str, ...], set[int]] = {}
        for p in planned:
            scored.setdefault(p.id, set()).add(p.position.part)
            by_set.setdefault(p.training, set()).add(p.position.part)
        assert max(map(len, by_set.values())) > 1
        assert max(map(len, scored.values())) == 1
