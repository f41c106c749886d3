"""Families of learning curves: recovered exactly, equal to scipy, invariant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from suffice.stats._curves.families import F1_FAMILIES, POWER_LAW
from suffice.stats._curves.form import fit_family, weigh

SIZES = np.array([5.0, 10, 20, 40, 80, 160, 320])


@pytest.mark.parametrize("family", F1_FAMILIES, ids=lambda f: f.name)
def test_a_curve_of_the_family_is_recovered(family):
    theta = family.grid(5, 320)[len(family.grid(5, 320)) // 2]
    y = 0.9 - 0.6 * family.shape(SIZES, theta)
    found = fit_family(y, SIZES, np.ones(7), family)
    assert found.loss[0] < 1e-12
    np.testing.assert_allclose(found.at(SIZES)[0], y, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-0.03, 0.03), min_size=7, max_size=7), st.floats(0.3, 0.9))
def test_the_power_law_is_as_good_as_the_best_of_scipy(noise, exponent):
    y = np.clip(0.92 - 0.9 * SIZES**-exponent + np.array(noise), 0.01, 0.99)
    weights = np.linspace(1, 3, 7)
    found = fit_family(y, SIZES, weights, POWER_LAW)
    share = weights / weights.sum()

    def residuals(p):
        return np.sqrt(share) * (p[0] - p[1] * SIZES ** -p[2] - y)

    bounds = ([-np.inf, 0, 0.03], [1, np.inf, 2.5])
    best = min(
        (least_squares(residuals, [0.9, 0.8, c], bounds=bounds).cost * 2 for c in (0.1, 0.5, 1.5)),
    )
    # A grid of exponents instead of a search: a little worse at most.
    assert best - 1e-9 <= found.loss[0] <= best * 1.05 + 4e-6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=7, max_size=7),
    st.permutations(range(7)),
    st.sampled_from(F1_FAMILIES),
)
def test_curves_rise_stay_in_bounds_and_do_not_depend_on_order(y, order, family):
    y = np.array(y)
    found = fit_family(y, SIZES, np.ones(7), family)
    values = found.at(np.geomspace(5, 1e5, 60))[0]
    assert (np.diff(values) >= -1e-12).all()
    assert values.min() >= 0
    assert values.max() <= 1 + 1e-12
    turned = fit_family(y[list(order)], SIZES[list(order)], np.ones(7), family)
    np.testing.assert_allclose(turned.at(SIZES), found.at(SIZES), atol=1e-8)


def test_replicates_are_fitted_as_if_alone():
    rng = np.random.default_rng(0)
    many = 0.9 - SIZES**-0.5 + rng.normal(0, 0.02, (20, 7))
    together = fit_family(many, SIZES, np.ones(7), POWER_LAW).at(SIZES)
    alone = [fit_family(row, SIZES, np.ones(7), POWER_LAW).at(SIZES)[0] for row in many]
    np.testing.assert_allclose(together, alone)


def test_akaike_weights_by_hand():
    weights = weigh(-0.5 * (np.array([10.0, 8.0]) + 2 * np.array([3, 4])), 0.05)
    np.testing.assert_allclose(weights, [0.5, 0.5])


@pytest.mark.parametrize(
    ("sizes", "y"), [([5, 5], [0.1, 0.2]), ([5, 10], [0.1, np.nan]), ([0, 10], [0.1, 0.2])]
)
def test_what_cannot_be_fitted(sizes, y):
    with pytest.raises(ValueError, match=r"finite|two sizes"):
        fit_family(np.array(y), np.array(sizes, float), np.ones(2), POWER_LAW)
