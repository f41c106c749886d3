"""A study whose folds rotate: one model a run, scored on one fold, another one from run to run."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import suffice
from suffice import Study
from suffice.stats import f1_curve
from suffice.study.allocate import Cell, cell_of_pool, spread
from suffice.study.plan import Plan
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


def spec(path, **changes):
    values = {
        "corpus": CorpusSpec(paths=(str(path),)),
        "learner": LearnerSpec(name="lookup"),
        "confirm": None,
        "runs": 24,
        **changes,
    }
    return StudySpec(**values)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("rotating") / "made.jsonl"
    suffice.write(suffice.load_example(n=120), path)
    return path


@pytest.fixture(scope="module")
def done(path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rotating") / "s"
    with Study.create(folder, spec(path)) as study:
        assert run(study) == "runs"
        yield study


def test_every_run_is_one_model_scored_on_one_fold_and_trained_on_the_others(done):
    table = done.table()
    rows = table.of_learner(table.rows[0].learner)
    assert len(rows) == 24
    assert table.least == 8
    side = {d.key: d.side for d in table.documents}
    for row in rows:
        assert {side[key] for key in table.evaluation_sets[row.evaluation_set]} == {row.part}
        assert row.part not in {side[key] for key in row.training_keys}
    runs = table.runs(rows[0].learner)
    assert runs.scored.sum(axis=1).tolist() == [24] * 24
    assert not runs.counts[~runs.scored].any()
    assert runs.counts[runs.scored].any()
    # Every document evaluates some runs and trains others.
    assert runs.scored.any(axis=0).all()
    assert (runs.inclusion > 0).any(axis=0).all()
    assert runs.population == 120
    assert runs.pool == 96


def test_folds_are_balanced_within_sizes_and_over_them(done):
    table = done.table()
    rows = table.of_learner(table.rows[0].learner)
    everywhere = Counter(row.part for row in rows)
    assert max(everywhere.values()) - min(everywhere.values()) <= 3
    for size in {row.asked for row in rows}:
        first = [row.part for row in rows if row.asked == size and row.repeat == 0][:5]
        assert len(set(first)) == len(first)


def test_the_first_batches_score_every_fold(done):
    plan = Plan(done, ["any"])
    first, second, _ = spread(plan.sizes(), plan.pool_count)
    of_first = Counter(plan.parts_of(cell)[0] for cell in first)
    both = Counter(plan.parts_of(cell)[0] for cell in [*first, *second])
    assert len(of_first) == 5
    assert max(both.values()) - min(both.values()) <= 1


def test_whole_pools_are_those_of_every_fold_before_another_seed():
    cells = [cell_of_pool(96, number, 5) for number in range(7)]
    assert cells == [*(Cell(96, k) for k in range(5)), Cell(96, 0, 1), Cell(96, 1, 1)]
    assert [cell_of_pool(96, k) for k in range(3)] == [Cell(96, 0, k) for k in range(3)]


def test_it_goes_on_as_one_that_did_all_at_once(path, done, tmp_path):
    with Study.create(tmp_path / "s", spec(path, runs=9)) as study:
        run(study)
    with Study.create(tmp_path / "s", spec(path)) as study:
        run(study)
        again = study.table()
    rows = done.table().rows
    assert {r.id for r in again.rows} == {r.id for r in rows}


def test_documents_that_are_added_evaluate_too_and_old_runs_stay(path, done, tmp_path):
    more = tmp_path / "more.jsonl"
    suffice.write(suffice.load_example(n=150), more)
    with Study.create(tmp_path / "s", spec(path)) as study:
        run(study)
        before = {d.key: d.side for d in study.table().documents}
    with Study.create(tmp_path / "s", spec(more, runs=40)) as study:
        run(study)
        table = study.table()
    after = {d.key: d.side for d in table.documents}
    assert all(after[key] == side for key, side in before.items() if key in after)
    rows = table.of_learner(table.rows[0].learner)
    old = [r for r in rows if len(table.evaluation_sets[r.evaluation_set]) == 24]
    assert old and len(old) < len(rows)
    runs = table.runs(rows[0].learner)
    assert sorted(set(runs.scored.sum(axis=1).tolist()))[0] == 24
    assert runs.scored.any(axis=0).all()
    assert np.isfinite(f1_curve(runs, reach=300.0, n_resamples=100).draws).all()


def test_the_answer_counts_all_documents(done):
    found = suffice.analyse(done)
    assert found.studied.rotating
    assert (found.studied.evaluation, found.studied.pool) == (120, 96)
    assert found.curve.evaluation_units == 120
    assert found.curve.folds == 5
    line = dict(suffice.advise(found).lines)["Studied"]
    assert (
        "120 documents (each model trains on up to 96 of them and is scored on 24 others; every "
        "document takes its turn at both)"
    ) in line


@pytest.mark.parametrize("changes", [{"runs": 30}, {"runs": None, "budget": 0.01}])
@pytest.mark.parametrize("folds", [2, 10])
def test_every_fold_is_scored_whatever_their_number(path, folds, changes, tmp_path):
    with Study.create(tmp_path / "s", spec(path, folds=folds, **changes)) as study:
        run(study)
        table = study.table()
        found = suffice.analyse(study)
    assert {r.part for r in table.rows} == set(range(folds))
    assert len(table.rows) >= max(8, folds)
    assert (found.studied.folds, found.curve.folds) == (folds, folds)


def test_too_few_runs_for_all_folds_are_an_error_that_helps(path, tmp_path):
    with Study.create(tmp_path / "s", spec(path, folds=10, runs=12)) as study:
        run(study)
        with pytest.raises(suffice.StudyError, match=r"only \d of 10 folds") as caught:
            suffice.analyse(study)
    assert "continue with a larger `n_runs`" in str(caught.value)


@pytest.mark.parametrize("count", [60, 260])
def test_folds_rotate_whatever_the_size_of_the_corpus(count, tmp_path):
    path = tmp_path / "made.jsonl"
    suffice.write(suffice.load_example(n=count), path)
    with Study.create(tmp_path / "s", spec(path)) as study:
        plan = Plan(study, ["any"])
    assert plan.rotating
    assert plan.parts == (0, 1, 2, 3, 4)
    assert plan.pool_size == count * 4 // 5
    assert StudySpec.load(tmp_path / "s").folds == 5
