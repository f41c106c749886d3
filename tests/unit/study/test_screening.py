"""Which training sets the expensive learner gets: known chances, spread out, nothing of F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import suffice
from suffice.study.plan import Plan
from suffice.study.screening import FRAME, evenly, orders, sets_for_each, spread_out
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("screen")
    path = folder / "made.jsonl"
    suffice.write(suffice.load_example(n=230), path)
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),)), learner=LearnerSpec(name="lookup"), confirm=None
    )
    with suffice.Study.create(folder / "s", spec) as study:
        yield Plan(study, ["cheap", "expensive"])


def eps(plan, cell):
    (run,) = plan.runs(0, cell)
    return plan.features(run).eps


@pytest.mark.parametrize("count", [1, 2, 8, 16])
def test_evenly_is_a_permutation_whose_beginnings_are_spread_out(count):
    order = evenly(count)
    assert sorted(order) == list(range(count))
    for first in (2**k for k in range(count.bit_length())):
        gaps = np.diff(sorted(order[:first]))
        assert (gaps == count // first).all()


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12, unique=True))
def test_sizes_begin_with_both_ends(sizes):
    order = spread_out(sorted(sizes))
    assert sorted(order) == sorted(sizes)
    assert order[0] == max(sizes)
    assert len(sizes) == 1 or order[1] == min(sizes)


def test_all_sets_of_the_frame_once_and_balanced_in_density(plan):
    sizes = plan.sizes()
    for n, cells in orders(plan, sizes).items():
        assert len(set(cells)) == FRAME
        if n == plan.pool_size:
            assert {c.replicate for c in cells} == {0}
            continue
        assert {c.replicate for c in cells} == set(range(FRAME))
        density = np.array([eps(plan, c) for c in cells])
        rank = density.argsort().argsort()
        # Of the first four one lies in each quarter, whatever the start.
        assert sorted(rank[:4] // 4) == [0, 1, 2, 3]


def test_every_set_has_the_same_chance_to_be_first(plan):
    n, seeds = plan.sizes()[2], 160
    kept, first = plan.seed, []
    try:
        for seed in range(seeds):
            # Other seeds draw other sets, too: it is the place in the order of EPS that is counted.
            plan.seed = seed
            order = orders(plan, [n])[n]
            by_density = sorted(order, key=lambda cell: (eps(plan, cell), cell))
            first.append(by_density.index(order[0]))
    finally:
        plan.seed = kept
    counts = np.bincount(first, minlength=FRAME)
    assert stats.chisquare(counts).pvalue > 0.001


def test_more_cheap_runs_where_they_are_cheaper():
    each = [sets_for_each(1.0, ratio) for ratio in (1, 5, 20, 40, 1000)]
    assert each == sorted(each)
    assert each[0] == 2
    assert each[-1] == 4
