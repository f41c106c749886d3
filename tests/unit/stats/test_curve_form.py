"""Departures from a family of curves, against scikit-learn's Gaussian process and REML by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from suffice.stats._curves import form
from suffice.stats._curves.families import F1_FAMILIES, POWER_LAW
from suffice.stats._curves.form import Fits, fit_family

SIZES = np.array([8.0, 15.0, 30.0, 60.0, 120.0, 250.0])
GRID = np.unique(np.concatenate([SIZES, np.geomspace(8, 600, 40)]))
RESIDUAL = np.array([0.3, -0.2, -0.35, 0.05, 0.25, -0.1])
VARIANCE = np.array([0.04, 0.02, 0.01, 0.006, 0.003, 0.002])
BETWEEN = np.exp(-0.5 * (np.subtract.outer(np.log(SIZES), np.log(SIZES)) / form.LENGTH) ** 2)


@pytest.fixture
def model():
    """Return a power law through a curve of its own."""
    f1 = 0.8 - 1.5 * SIZES**-0.7
    return fit_family(f1, SIZES, 1 / VARIANCE, POWER_LAW)


def test_departures_are_those_of_a_gaussian_process(model, monkeypatch):
    """One scale alone; scikit-learn conditions on the same residuals with the same noise."""
    monkeypatch.setattr(form, "SCALES", np.array([0.0, 0.3]))
    monkeypatch.setattr(form, "posterior", lambda *_: np.array([0.0, 1.0]))
    noise = np.random.default_rng(0).normal(size=(20_000, len(SIZES))) * np.sqrt(VARIANCE)
    expected, draws, _ = form.departures(
        SIZES, GRID, RESIDUAL, noise, VARIANCE, form.tangent(model, SIZES),
        np.random.default_rng(1),
    )  # fmt: skip
    kernel = ConstantKernel(0.09, "fixed") * RBF(form.LENGTH, "fixed")
    oracle = GaussianProcessRegressor(kernel, alpha=VARIANCE).fit(np.log(SIZES)[:, None], RESIDUAL)
    mean, sd = oracle.predict(np.log(GRID)[:, None], return_std=True)
    np.testing.assert_allclose(expected, mean, atol=1e-6)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.012)
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=0.03, atol=1e-3)


def test_the_scale_has_the_restricted_likelihood(model):
    """Harville 1977: log |V| + log |X'V⁻¹X| + r'Pr, but for what does not depend on the scale."""
    x = form.tangent(model, SIZES)
    logs = []
    for scale in form.SCALES:
        v = scale**2 * BETWEEN + np.diag(VARIANCE)
        w = np.linalg.inv(v)
        p = w - w @ x @ np.linalg.solve(x.T @ w @ x, x.T @ w)
        logs.append(
            -0.5
            * (
                np.linalg.slogdet(v)[1]
                + np.linalg.slogdet(x.T @ w @ x)[1]
                + RESIDUAL @ p @ RESIDUAL
            )
        )
    edges = np.concatenate(
        [[0.0], (form.SCALES[1:] + form.SCALES[:-1]) / 2, [1.5 * form.SCALES[-1]]]
    )
    prior = np.diff(stats.halfcauchy.cdf(edges, scale=form.TYPICAL))
    wanted = prior * np.exp(np.array(logs) - max(logs))
    np.testing.assert_allclose(
        form.posterior(BETWEEN, RESIDUAL, VARIANCE, x), wanted / wanted.sum(), rtol=1e-6
    )


def test_what_the_family_could_take_up_does_not_count(model):
    x = form.tangent(model, SIZES)
    moved = RESIDUAL + x @ np.array([0.03, -0.2, 0.1])
    np.testing.assert_allclose(
        form.posterior(BETWEEN, moved, VARIANCE, x),
        form.posterior(BETWEEN, RESIDUAL, VARIANCE, x),
        atol=1e-9,
    )


def test_a_family_that_fits_is_left_alone_and_one_that_does_not_is_not(model):
    x, sure = form.tangent(model, SIZES), VARIANCE / 20
    fits = form.posterior(BETWEEN, np.zeros(6), sure, x)
    misses = form.posterior(BETWEEN, RESIDUAL, sure, x)
    assert fits @ form.SCALES < 0.06
    assert misses @ form.SCALES > 0.2


@pytest.mark.parametrize("family", F1_FAMILIES, ids=lambda f: f.name)
def test_the_tangent_is_the_derivative(family):
    """Held against differences of the whole curve, one parameter at a time."""
    theta = family.grid(8.0, 250.0)[40:41]
    a, b = np.array([0.8]), np.array([0.6])

    def logits(da=0.0, db=0.0, dt=None):
        f1 = (a + da) - (b + db) * family.shape(SIZES, theta[0] + (0 if dt is None else dt))
        return np.log(f1 / (1 - f1))

    found = form.tangent(Fits(family, a, b, theta, np.zeros(1)), SIZES)
    h = 1e-6
    columns = [(logits(da=h) - logits(da=-h)) / (2 * h), (logits(db=h) - logits(db=-h)) / (2 * h)]
    for k, value in enumerate(theta[0]):
        step = np.zeros(theta.shape[1])
        step[k] = h * value
        columns.append((logits(dt=step) - logits(dt=-step)) / (2 * h))
    np.testing.assert_allclose(found, np.column_stack(columns), rtol=1e-3, atol=1e-5)


def test_two_sizes_say_nothing_about_the_form():
    model = fit_family(np.array([0.4, 0.7]), SIZES[[0, 5]], np.ones(2), POWER_LAW)
    between = np.eye(2)
    share = form.posterior(
        between, np.zeros(2), np.full(2, 0.01), form.tangent(model, SIZES[[0, 5]])
    )
    edges = (form.SCALES[:-1] + form.SCALES[1:]) / 2
    cumulative = stats.halfcauchy.cdf(edges, scale=form.TYPICAL)
    whole = stats.halfcauchy.cdf(1.5 * form.SCALES[-1], scale=form.TYPICAL)
    np.testing.assert_allclose(np.cumsum(share)[:-1], cumulative / whole, rtol=1e-6)
