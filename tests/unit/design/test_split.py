"""The split: stored once, stable when documents are added, twins and groups together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.design.split import EVALUATION, LEFT_OUT, POOL, split, split_by_hand, uniform
from suffice.design.strata import PAPER, strata_for


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


def test_folds_are_of_equal_size_and_every_document_evaluates_once():
    found = split(documents(103), salt="s", folds=5)
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


@pytest.mark.parametrize("salt", [f"suffice {seed}" for seed in range(12)])
def test_an_exact_split_of_490_has_147_and_343(salt):
    made = documents(490)
    found = split(made, salt=salt, exact=True, folds=0)
    assert (len(found.evaluation()), len(found.pool())) == (147, 343)
    cut = max(uniform(salt, d) for d in found.evaluation())
    assert all(uniform(salt, d) > cut for d in found.pool())
    assert split(made[::-1], salt=salt, exact=True, folds=0).sides == found.sides


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=30, max_size=150))
def test_an_exact_split_keeps_groups_and_twins_together(groups):
    made = documents(len(groups), [f"g{g}" if g < 20 else None for g in groups])
    twins = [("d0", "d1"), ("d2", "d3", "d4")]
    found = split(made, twins, salt="s", exact=True, folds=0)
    members: dict[str, list[str]] = {}
    for d, unit in found.units.items():
        members.setdefault(unit, []).append(d)
    for ids in members.values():
        assert len({found.sides[d] for d in ids}) == 1
    short = round(0.3 * len(made)) - len(found.evaluation())
    assert short >= 0
    # Nothing that is left would have fitted.
    assert all(len(ids) > short for ids in members.values() if found.sides[ids[0]] == POOL)


def test_what_an_exact_split_moves_when_documents_are_added():
    old = split(documents(490), salt="s", exact=True, folds=0)
    # Within a study nothing moves: newcomers make up the number.
    grown = split(documents(600), salt="s", exact=True, folds=0, stored=old.sides)
    assert {d: grown.sides[d] for d in old.sides} == dict(old.sides)
    assert len(grown.evaluation()) == 180
    # Made anew, only those move whose hash lies between the two cuts.
    anew = split(documents(600), salt="s", exact=True, folds=0)
    cuts = sorted(max(uniform("s", d) for d in s.evaluation()) for s in (old, anew))
    moved = [d for d in old.sides if old.sides[d] != anew.sides[d]]
    assert all(cuts[0] <= uniform("s", d) <= cuts[1] for d in moved)
    assert len(moved) < 40


@pytest.mark.parametrize("salt", ["a", "b", "c", "d", "e", "f", "g", "h"])
def test_newcomers_of_a_held_out_group_count_towards_the_exact_number(salt):
    made = documents(100, ["g"] * 20 + [None] * 80)
    first = split(made, salt=salt, exact=True, folds=0)
    held = first.sides["d0"] == EVALUATION
    more = [*made, *(Document(f"n{i}", f"text n{i}", group="g") for i in range(5))]
    found = split(more, salt=salt, exact=True, folds=0, stored=first.sides)
    assert all((found.sides[f"n{i}"] == EVALUATION) == held for i in range(5))
    # There is nobody else who could make up the number, and nobody who could give way.
    assert len(found.evaluation()) == 30 + 5 * held


@pytest.mark.parametrize("pool", [35, 60, 120, 199])
def test_strata_of_a_small_pool_take_the_papers_share_of_it(pool):
    strata = strata_for(pool)
    assert strata[-1].largest / pool == pytest.approx(200 / 343, abs=5 / pool)
    assert [a.largest + 1 for a in strata[:-1]] == [b.smallest for b in strata[1:]]
    assert strata[0].smallest == 1


def test_strata_from_200_on_are_the_papers_and_tiny_pools_have_none():
    assert strata_for(200) == strata_for(343) == PAPER
    assert strata_for(343, shares=True) == PAPER
    assert [s.largest for s in strata_for(686, shares=True)] == [80, 160, 240, 320, 400]
    with pytest.raises(ValueError, match="too small"):
        strata_for(20)


def test_a_split_by_hand_leaves_out_what_is_kept_together_with_a_test_document():
    made = documents(8, ["a", "a", None, None, None, None, None, None])
    found = split_by_hand(made, [("d2", "d3", "d4")], {"d1", "d4", "d5"}, {"d6": LEFT_OUT})
    assert found.evaluation() == ["d1", "d4", "d5"]
    assert found.pool() == ["d7"]
    assert (found.left_out, found.folds, found.parts) == (4, 0, (0,))
