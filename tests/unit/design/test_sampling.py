"""Training sets: repeatable, uniform, and as large as asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from suffice.design.sampling import draw, ladder, run_seed, stratified
from suffice.design.strata import PAPER, Stratum

POOL = [f"d{i}" for i in range(343)]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 343), st.integers(0, 500), st.integers(0, 9))
def test_a_set_is_drawn_without_replacement_and_the_same_again(size, replicate, seed):
    first = draw(POOL, size, replicate, seed=seed)
    assert first.size == size == len(set(first.documents))
    assert set(first.documents) <= set(POOL)
    assert draw(POOL[::-1], size, replicate, seed=seed) == first


def test_every_document_is_as_likely_as_any_other():
    times = dict.fromkeys(POOL, 0)
    for replicate in range(2000):
        for d in draw(POOL, 34, replicate, seed=1).documents:
            times[d] += 1
    observed = np.array(list(times.values()))
    # Drawing without replacement lowers the variance by (N - n) / (N - 1).
    expected, shrink = 2000 * 34 / 343, (1 - 34 / 343) * 343 / 342
    chi_square = ((observed - expected) ** 2 / (expected * shrink)).sum()
    assert 1e-4 < stats.chi2.sf(chi_square, 342) < 1 - 1e-4


def test_groups_are_drawn_whole():
    units = {d: f"g{i // 7}" for i, d in enumerate(POOL)}
    drawn = draw(POOL, 50, 0, seed=3, units=units)
    assert 50 <= drawn.size < 50 + 7
    for unit in {units[d] for d in drawn.documents}:
        assert {d for d in POOL if units[d] == unit} <= set(drawn.documents)


def test_seeds_depend_on_the_set_and_not_on_its_order():
    one, two = draw(POOL, 20, 0, seed=0), draw(POOL, 20, 1, seed=0)
    assert run_seed(0, one, 0) != run_seed(0, two, 0)
    assert run_seed(0, one, 0) != run_seed(0, one, 1)
    turned = type(one)(one.documents[::-1], 20, 0)
    assert run_seed(0, one, 0) == run_seed(0, turned, 0)


def test_the_papers_scheme():
    sets = stratified(POOL, PAPER, 500, seed=0)
    assert len(sets) == 2500
    sizes = np.array([s.size for s in sets])
    for number, stratum in enumerate(PAPER):
        own = sizes[500 * number : 500 * (number + 1)]
        assert stratum.smallest <= own.min() and own.max() <= stratum.largest
    # Table 2: 1-200, mean 100.0, SD 57.42; a discrete uniform has 100.5 and 57.73.
    assert sizes.mean() == pytest.approx(100.5, abs=4 * 12 / 50)
    assert sizes.std() == pytest.approx(57.73, abs=1.5)
    assert [str(s) for s in PAPER] == ["1–40", "41–80", "81–120", "121–160", "161–200"]


def test_ladders():
    assert ladder(343, smallest=5, steps=5) == (5, 14, 41, 119, 343)
    assert ladder(100, smallest=10, steps=4, spacing="equal") == (10, 40, 70, 100)
    assert ladder(3, smallest=1, steps=9) == (1, 2, 3)


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="344 cannot be drawn"):
        draw(POOL, 344, 0, seed=0)
    with pytest.raises(ValueError, match="empty"):
        Stratum(5, 4)
