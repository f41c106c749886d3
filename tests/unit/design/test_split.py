"""The split: stored once, stable when documents are added, twins and groups together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.design.split import EVALUATION, LEFT_OUT, POOL, split


def documents(n, groups=None):
    return [Document(f"d{i}", f"text {i}", group=groups[i] if groups else None) for i in range(n)]


def test_three_in_ten_evaluate():
    sides = split(documents(20_000), salt="s", folds=0).sides
    share = np.mean([side == EVALUATION for side in sides.values()])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 20_000))


def test_the_side_of_an_id_never_changes_with_the_others():
    small = split(documents(300), salt="s")
    large = split(documents(900), salt="s", stored=small.sides)
    assert {d: large.sides[d] for d in small.sides} == dict(small.sides)
    assert split(documents(900)[::-1], salt="s").sides == split(documents(900), salt="s").sides
    assert split(documents(300), salt="t").sides != small.sides


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=30, max_size=120), st.randoms(use_true_random=False))
def test_groups_and_twins_stand_on_one_side(groups, random):
    made = documents(len(groups), [f"g{g}" if g < 25 else None for g in groups])
    ids = [d.id for d in made]
    twins = [random.sample(ids, 3) for _ in range(3)]
    for folds in (0, 4):
        found = split(made, twins, salt="s", folds=folds)
        for family in twins:
            assert len({found.sides[d] for d in family}) == 1
        for group in set(groups):
            if group < 25:
                members = [d.id for d in made if d.group == f"g{group}"]
                assert len({found.sides[d] for d in members}) == 1


def test_a_newcomer_joins_its_twin_and_a_bridge_is_left_out():
    old = split(documents(300), salt="s")
    pool = next(d for d, side in old.sides.items() if side == POOL)
    held = next(d for d, side in old.sides.items() if side == EVALUATION)
    twins = [("d300", pool), ("d301", held), ("d302", pool), ("d302", held)]
    # The bridge links all of them; without it each newcomer has one side.
    found = split(documents(302), twins[:2], salt="s", stored=old.sides)
    assert (found.sides["d300"], found.sides["d301"]) == (POOL, EVALUATION)
    found = split(documents(303), twins, salt="s", stored=old.sides)
    assert found.sides["d302"] == LEFT_OUT
    assert found.left_out >= 1
    assert {d: found.sides[d] for d in old.sides} == dict(old.sides)


def test_small_corpora_use_folds_of_equal_size_and_every_document_evaluates_once():
    found = split(documents(103), salt="s")
    assert found.folds == 5
    sizes = [len(found.evaluation(part)) for part in found.parts]
    assert max(sizes) - min(sizes) <= 1
    evaluated = [d for part in found.parts for d in found.evaluation(part)]
    assert sorted(evaluated) == sorted(found.sides)
    for part in found.parts:
        assert not set(found.pool(part)) & set(found.evaluation(part))


@pytest.mark.parametrize("arguments", [{"share": 0}, {"share": 1}, {"folds": 1}])
def test_arguments_out_of_range(arguments):
    with pytest.raises(ValueError, match="must"):
        split(documents(30), salt="s", **arguments)
