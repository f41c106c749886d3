"""Where the next runs go, and when they are enough: values computed by hand."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from suffice.stats import F1Curve
from suffice.study.allocate import Cell, cell_of_pool, enough, following


def curve(**known):
    """Return a curve of which only this is known."""
    return F1Curve(**{**dict.fromkeys(f.name for f in fields(F1Curve)), **known})


@pytest.mark.parametrize(("runs", "stop"), [(0.0114, True), (0.0115, False)])
def test_runs_are_enough_when_they_make_less_than_a_twentieth_of_the_variance(runs, stop):
    """With .0009 and .0016 of documents, r² < (.0009 + .0016 + r²)/20 means r < .01147."""
    parts = {"evaluation": 0.03, "pool": 0.04, "runs": runs, "form": 0.5}
    grid = np.array([10.0, 100.0, 200.0])
    # At twice the pool, and far below it, runs would be everything: only the pool counts.
    made = curve(grid=grid, parts={name: np.array([1.0, sd, 1.0]) for name, sd in parts.items()})
    assert enough(made, 100) is stop


def power_law(sd=(0.1, 0.1, 0.1)):
    """F1 = a - n^(-1/2), with one standard deviation for all sizes."""
    return curve(grid=np.array([1.0, 4.0, 32.0]), one_sd=np.array(sd), power_law=(0.8, 1.0, 0.5))


def test_the_first_runs_go_where_they_say_most_about_the_pool_and_its_double():
    """The derivatives by a, b, c are 1, -n^(-1/2), log(n)·n^(-1/2).

    For 1, 4 and 16 they are r = (1, -1, 0), (1, -.5, .693), (1, -.25, .693); for the aims, 16 and
    32, a = (1, -.25, .693), (1, -.177, .613). Where nothing is known the gain is Σ(a·r)²/|r|²:
    1.474, 2.812 and 2.941. After 16, what is left of the second aim is gained best from 4.
    """
    sizes = (1, 4, 16)
    (first,) = following(power_law(), [], sizes, lambda n: 1.0, batch=1)
    assert first == Cell(16, 0)
    assert following(power_law(), [], sizes, lambda n: 1.0, batch=2) == [first, Cell(4, 0)]


def test_a_run_is_chosen_by_what_it_says_for_its_price():
    """By price the gains are 1.474/1, 2.812/4 and 2.941/16; at 1 to 1.8 for 4 it pays again."""
    sizes = (1, 4, 16)
    assert following(power_law(), [], sizes, float, batch=1) == [Cell(1, 0)]
    price = {1: 1.0, 4: 1.8, 16: 16.0}.__getitem__
    assert following(power_law(), [], sizes, price, batch=1) == [Cell(4, 0)]


def test_a_fourth_of_the_cells_are_other_seeds_on_sets_that_are_there():
    done = [Cell(4, 0), Cell(4, 1), Cell(1, 0), Cell(1, 1)]
    expensive = {1: 1e15, 4: 1.0, 16: 1e15}.__getitem__
    (again,) = following(power_law(), done, (1, 4, 16), expensive, batch=1)
    assert again == Cell(4, 0, 1)
    (new,) = following(power_law(), [*done, again], (1, 4, 16), expensive, batch=1)
    assert new == Cell(4, 2)


def test_the_whole_pool_is_taken_with_another_fold_then_with_another_seed():
    assert [cell_of_pool(16, k, 2) for k in range(4)] == [
        Cell(16, 0),
        Cell(16, 1),
        Cell(16, 0, 1),
        Cell(16, 1, 1),
    ]
    cheap = {1: 1e15, 4: 1e15, 16: 1.0}.__getitem__
    found = following(power_law(), [Cell(16, 0)], (1, 4, 16), cheap, batch=2, folds=2)
    assert found == [Cell(16, 1), Cell(16, 0, 1)]
