"""Which training sets the expensive learner gets: known chances, spread out, nothing of F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import suffice
from suffice.study.designs.screened import (
    FRAME,
    choose_ratio,
    order_evenly,
    order_frame,
    order_from_ends,
)
from suffice.study.plan import Plan
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


def planned(folder, folds):
    path = folder / "made.jsonl"
    suffice.write(suffice.load_example(n=230), path)
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        folds=folds,
    )
    with suffice.Study.create(folder / "s", spec) as study:
        return Plan(study, ["cheap", "expensive"])


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("single"), 0)


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("rotating"), 5)


def eps(plan, cell):
    (run,) = plan.jobs(0, cell)
    return plan.features(run).eps


@pytest.mark.parametrize("count", [1, 2, 3, 8, 13, 16])
def test_evenly_is_a_permutation_whose_beginnings_are_spread_out(count):
    order = order_evenly(count)
    assert sorted(order) == list(range(count))
    for first in (2**k for k in range(count.bit_length())):
        gaps = np.diff(sorted(order[:first]))
        if count & (count - 1) == 0:  # a power of 2
            assert (gaps == count // first).all()
        assert gaps.max(initial=0) <= 2 * count / first


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12, unique=True))
def test_sizes_begin_with_both_ends(sizes):
    order = order_from_ends(sorted(sizes))
    assert sorted(order) == sorted(sizes)
    assert order[0] == max(sizes)
    assert len(sizes) == 1 or order[1] == min(sizes)


def test_all_sets_of_the_frame_once_and_balanced_in_density(single):
    sizes = single.sizes()
    for n, cells in order_frame(single, sizes).items():
        assert len(set(cells)) == FRAME
        if n == single.pool_size:
            assert {c.replicate for c in cells} == {0}
            continue
        assert {c.replicate for c in cells} == set(range(FRAME))
        density = np.array([eps(single, c) for c in cells])
        rank = density.argsort().argsort()
        # Of the first four one lies in each quarter, whatever the start.
        assert sorted(rank[:4] // 4) == [0, 1, 2, 3]


def test_folds_take_turns_and_each_has_all_its_sets_of_the_frame(plan):
    for n, cells in order_frame(plan, plan.sizes()).items():
        assert len(set(cells)) == FRAME
        folds = [plan.parts_of(cell) for cell in cells]
        assert all(len(set(folds[k : k + 5])) == 5 for k in range(FRAME - 4))
        if n < plan.pool_size:
            assert {c.replicate for c in cells} == set(range(FRAME))


def test_the_first_sets_of_all_folds_are_spread_over_the_density(plan):
    """Systematic sampling over the folds: the ranks within folds of the first five differ."""
    kept = plan.seed
    means = []
    try:
        for seed in range(20):
            plan.seed = seed
            n = plan.sizes()[2]
            order = order_frame(plan, [n])[n]
            density = np.array([eps(plan, cell) for cell in order])
            rank = (density.argsort().argsort() + 0.5) / FRAME
            means.append(rank[:5].mean())
    finally:
        plan.seed = kept
    # Of five at random the mean has a standard deviation of .11.
    assert np.std(means) < 0.1
    assert np.mean(means) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("folds", [0, 5])
def test_every_set_of_a_fold_has_the_same_chance_to_be_next(plan, single, folds):
    made = plan if folds else single
    n, places = made.sizes()[2], (0, 1, 6)
    kept, at, members = made.seed, {place: [] for place in places}, {}
    try:
        for seed in range(160):
            # Other seeds draw other sets, too: it is the place in the order of EPS that is counted.
            made.seed = seed
            order = order_frame(made, [n])[n]
            density = {cell: (eps(made, cell), cell) for cell in order}
            for place in places:
                fold = made.parts_of(order[place])
                mine = [cell for cell in order if made.parts_of(cell) == fold]
                at[place].append(sorted(mine, key=density.get).index(order[place]))
                members[place] = len(mine)
    finally:
        made.seed = kept
    for place in places:
        counts = np.bincount(at[place], minlength=members[place])
        assert stats.chisquare(counts).pvalue > 0.001


def test_more_cheap_runs_where_they_are_cheaper():
    each = [choose_ratio(1.0, ratio) for ratio in (1, 5, 20, 40, 1000)]
    assert each == sorted(each)
    assert each[0] == 2
    assert each[-1] == 4
