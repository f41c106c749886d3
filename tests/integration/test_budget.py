"""A budget: what it takes in, what it never throws away, and what is done whatever it is."""

from __future__ import annotations

from functools import partial

import pytest

import suffice
from suffice import Study
from suffice.runs.executors.base import Task
from suffice.runs.executors.local import LocalExecutor
from suffice.runs.progress import Least
from suffice.study.budget import budget_for, tokens_within
from suffice.study.runner import run
from suffice.study.spec import seconds
from tests.made import lookup_spec

spec = partial(lookup_spec, budget=0.01)


@pytest.fixture(scope="module")
def whole(corpus, tmp_path_factory):
    """A study of all documents, by number of runs."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    with Study.create(folder, spec(corpus, budget=None, runs=30)) as study:
        run(study)
    return folder


@pytest.mark.parametrize("tokens", [20_000, None])
def test_a_smaller_budget_throws_nothing_away(corpus, whole, tokens):
    with Study.open(whole) as study:
        before = [r.id for r in study.table().rows]
    with Study.create(whole, spec(corpus, tokens=tokens)) as study:
        assert len(study.table().documents) == 260
        assert [r.id for r in study.table().rows] == before
        assert run(study) == "budget"
        assert [r.id for r in study.table().rows] == before
        found = suffice.analyse(study)
    assert found.studied.studied == 260
    assert found.studied.unused == 0
    assert found.studied.runs == 30


def test_nothing_is_left_aside_where_encoding_is_cut_short(corpus, whole):
    with Study.create(whole, spec(corpus)) as study:
        assert study.restrict(study.order()[:3])
        assert len(study.table().documents) == 260


def test_the_least_is_done_whatever_the_budget_and_told(corpus, tmp_path):
    told = []
    with Study.create(tmp_path / "s", spec(corpus, tokens=8000)) as study:
        assert run(study, listener=told.append) == "budget"
        assert len(study.table().rows) == 8
        assert {r.part for r in study.table().rows} == {0, 1, 2, 3, 4}
        found = suffice.analyse(study)
        # What the least took beyond the budget is spent: another session does not get it back.
        study.ledger.set_meta("spent", 400.0)
        longer = suffice.analyse(study)
    least = [t.least for t in told if t.phase == "training"]
    # Two small sets first, then two larger ones, then small ones until every fold is scored; each
    # batch is told before it begins, and after each of its runs.
    assert [x.done for x in least if x] == [0, 1, 2, 2, 3, 4, 4, 5, 6, 7]
    assert {x.runs for x in least if x} == {8}
    assert least[-1] is None
    s = found.studied
    assert 40 <= s.studied < 260
    assert s.unused == 260 - s.studied
    assert s.budget_for_all == "1m"
    assert seconds(longer.studied.budget_for_all) > 400
    caveat = f"random {s.studied} of 260 documents; --budget 1m covers all of them"
    assert any(caveat in c for c in found.caveats)
    aim = max(0.01, round(found.curve.at(float(s.annotated))[0], 2))
    line = dict(suffice.advise(found, target_f1=aim).lines)["Target"]
    assert f"run again with --budget 1m: {s.unused} annotated documents were not studied" in line


def test_with_time_the_whole_pool_is_among_the_first(corpus, tmp_path):
    with Study.create(tmp_path / "s", spec(corpus, budget=600.0, pairs=0)) as study:
        order = []
        with pytest.raises(KeyboardInterrupt):
            run(study, listener=lambda t: order.append(t) or _stop(t))
        sizes = sorted(r.asked for r in study.table().rows)
        assert sizes[-1] == study.table().pool_size
        assert len(sizes) == 4


def _stop(told):
    if told.phase == "training" and told.done == 4:
        raise KeyboardInterrupt


def test_the_budget_for_all_is_one_that_takes_them_in():
    for tokens in (1_000, 50_000, 300_000, 4_000_000, 90_000_000):
        budget = seconds(budget_for(tokens))
        assert tokens_within(budget) >= tokens
        assert seconds(budget_for(tokens, least=budget)) > budget
    assert budget_for(1) == "1m"
    assert budget_for(1, least=61.0) == "2m"
    assert budget_for(1, least=3700.0) == "2h"


def test_what_is_left_of_the_least():
    least = Least(runs=20, done=4, seconds=32.0)
    assert least.after(4, None) == Least(20, 8, 24.0)
    assert least.after(4, 3.0) == Least(20, 8, 36.0)
    assert least.after(16, 3.0) is None


def _echo(context, task):
    return task


def test_tasks_are_asked_for_when_a_worker_is_free():
    asked = []

    def tasks():
        for n in range(9):
            asked.append(n)
            yield Task(str(n), n)

    with LocalExecutor(2) as executor:
        executor.start(None)
        for done, _ in enumerate(executor.map(_echo, tasks()), start=1):
            assert len(asked) <= done + 2
    assert done == 9
