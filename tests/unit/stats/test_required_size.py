"""Sizes that a target takes: by hand, and monotone whatever the draws."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from suffice.stats._f1.required_size import size_settling, sizes_reaching

GRID = np.array([1.0, 3, 9, 27, 81, 243])
DRAWS = arrays(float, (7, 6), elements=st.floats(0, 1))
"""Curves that need not rise, as those with a departure from their family need not."""

TWO_TARGETS = st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)).map(sorted)


def test_by_hand():
    draws = np.array(
        [
            [0.1, 0.2, 0.4, 0.6, 0.7, 0.8],  # reaches .5 halfway in log n between 9 and 27
            [0.1, 0.6, 0.4, 0.4, 0.6, 0.7],  # was there once, is not at 27, is again
            [0.5, 0.6, 0.6, 0.6, 0.6, 0.6],  # at the smallest size already
            [0.1, 0.1, 0.1, 0.1, 0.2, 0.3],  # never
        ]
    )
    found = sizes_reaching(GRID, draws, 0.5, present=27.0)
    np.testing.assert_allclose(found, [9 * 3**0.5, 27 * 3**0.5, 1, np.inf])
    limited = sizes_reaching(GRID, draws, 0.5, present=27.0, limit=40.0)
    np.testing.assert_allclose(limited, [9 * 3**0.5, np.inf, 1, np.inf])


@settings(max_examples=200, deadline=None)
@given(DRAWS, st.floats(0.01, 0.99), st.floats(1, 243), st.floats(0, 60))
def test_a_size_is_at_most_the_present_one_exactly_where_the_target_is_reached(
    draws, target, present, further
):
    found = sizes_reaching(GRID, draws, target, present, present + further)
    now = [np.interp(np.log(present), np.log(GRID), row) for row in draws]
    clear = np.abs(np.array(now) - target) > 1e-9
    np.testing.assert_array_equal((found <= present)[clear], (np.array(now) >= target)[clear])
    assert ((found <= present + further) | np.isinf(found)).all()


@settings(max_examples=200, deadline=None)
@given(DRAWS, TWO_TARGETS, st.floats(1, 243))
def test_a_harder_target_never_takes_less(draws, targets, present):
    easy, hard = (sizes_reaching(GRID, draws, t, present, 200.0) for t in targets)
    assert (easy <= hard * (1 + 1e-12)).all()


def curve_of(draws):
    """Return what `size_settling` needs of a curve: draws that go up with log n."""
    slopes = np.log(GRID) / np.log(GRID[-1]) * 0.2
    at = draws[:, None] + slopes
    return SimpleNamespace(
        draws_at=lambda n: np.array([np.interp(np.log(n), np.log(GRID), row) for row in at])
    )


def test_what_settles_it_by_hand():
    """A flat curve .01 above the target, SD .01: needs 1.645² times the documents."""
    z = np.sort(np.random.default_rng(0).standard_normal(20_000))
    flat = SimpleNamespace(draws_at=lambda n: 0.51 + 0.01 * z)
    options = {"narrowed": 1.0, "limit": 243.0, "sure": 0.95}
    assert size_settling(flat, 0.5, 9.0, **options) == pytest.approx(9 * 1.645**2, rel=0.04)
    # Nothing to narrow: no number of documents settles it.
    assert size_settling(flat, 0.5, 9.0, **{**options, "narrowed": 0.0}) == np.inf
    # Sure already: nothing more is needed.
    assert size_settling(flat, 0.4, 9.0, **options) == 9.0


@settings(max_examples=25, deadline=None)
@given(
    arrays(float, 11, elements=st.floats(0.2, 0.7)),
    TWO_TARGETS,
    st.floats(0, 1),
)
def test_a_harder_target_is_never_settled_sooner(draws, targets, narrowed):
    easy, hard = (
        size_settling(curve_of(draws), t, 9.0, narrowed=narrowed, limit=243.0, sure=0.95)
        for t in targets
    )
    assert easy <= hard
