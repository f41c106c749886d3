"""Threshold regression against brute force, and by its properties."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from suffice.stats import Threshold, compare_shapes, overlap, test_threshold, threshold
from suffice.stats._threshold.bootstrap import acceleration, intervals, resample
from suffice.stats._threshold.profile import FORMS, candidate_positions, make_design, profile


def test_acceleration_is_that_of_the_jackknife() -> None:
    y, x, _ = simulated(60, 1)
    design = make_design(y, x, np.empty((60, 0)), "upperhinge", (0.05, 0.95))
    found = acceleration(design, np.random.SeedSequence(0))  # 60 parts of one row each
    values = []
    for row in range(60):
        kept = np.arange(60) != row
        fit = threshold(y[kept], x[kept], n_resamples=0)
        values.append([fit.estimate, *fit.coefficients.values()])
    apart = np.mean(values, axis=0) - np.array(values)
    expected = (apart**3).sum(axis=0) / (6 * (apart**2).sum(axis=0) ** 1.5)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_shared_documents_widen_the_interval_and_no_overlap_does_not() -> None:
    rng = np.random.default_rng(0)
    n, pool = 120, 150
    sizes = rng.integers(10, 110, n)
    held = np.zeros((n, pool))
    for row, size in zip(held, sizes, strict=True):
        row[rng.permutation(pool)[:size]] = 1
    y = 0.8 + 0.003 * np.minimum(sizes - 50, 0) + held @ rng.normal(0, 0.25, pool) / sizes
    y += rng.normal(0, 0.003, n)
    plain = threshold(y, sizes, n_resamples=300, wild=True)
    aware = threshold(y, sizes, n_resamples=300, overlap=overlap(held))
    assert aware.resampling == "documents"

    def width(fit: Threshold) -> float:
        low, high = fit.intervals["(Intercept)"]["perc"]
        return high - low

    assert width(aware) > 1.5 * width(plain)
    even = 0.8 + 0.003 * np.minimum(sizes - 50, 0) + rng.normal(0, 0.01, n)
    alone = threshold(even, sizes, n_resamples=300, overlap=np.eye(n))
    assert width(alone) == pytest.approx(width(threshold(even, sizes, n_resamples=300)), rel=0.3)
    with pytest.raises(ValueError, match="one of groups, wild and overlap"):
        threshold(y, sizes, wild=True, overlap=np.eye(n))


def test_shapes_are_compared_by_cross_validation() -> None:
    y, x, _ = simulated(250, 3)
    kinked = compare_shapes(y, x, n_simulations=19)
    assert set(kinked.cross_validated) == {"threshold", "linear", "power", "smooth"}
    assert min(kinked.cross_validated, key=lambda k: kinked.cross_validated[k]) == "threshold"
    assert min(kinked.aic, key=lambda k: kinked.aic[k]) == "threshold"
    assert kinked.cross_validated["threshold"] == pytest.approx(0.05, rel=0.15)
    rng = np.random.default_rng(4)
    smooth_y = 0.95 - 2 * x**-0.5 + rng.normal(0, 0.01, 250)
    curved = compare_shapes(smooth_y, x, n_simulations=19)
    assert min(curved.cross_validated, key=lambda k: curved.cross_validated[k]) == "power"
    # leaving three of sixty out is close to leaving one out, which is PRESS
    line = compare_shapes(y[:60], x[:60], n_simulations=19, folds=20, repeats=1).cross_validated[
        "linear"
    ]
    matrix = np.column_stack([np.ones(60), x[:60]])
    hat = matrix @ np.linalg.solve(matrix.T @ matrix, matrix.T)
    press = np.sqrt((((y[:60] - hat @ y[:60]) / (1 - np.diag(hat))) ** 2).mean())
    assert line == pytest.approx(press, rel=0.05)


def simulated(n: int, seed: int, *, ties: bool = False, k: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(20, 1500, n).round(0 if not ties else -2)
    z = rng.normal(size=(n, k)) + x[:, None] / 2000
    y = 0.9 + 0.0006 * np.minimum(x - 600, 0) + z.sum(axis=1) * 0.05 + rng.normal(0, 0.05, n)
    return y, x, z


def brute(
    y: np.ndarray,
    x: np.ndarray,
    z: np.ndarray,
    form: str,
    quantiles: tuple[float, float] = (0.05, 0.95),
) -> tuple[float, float, np.ndarray]:
    """Fit at every candidate by least squares: the oracle."""
    low, high = quantiles
    signed = np.sort(-x if form == "hinge" else x)
    if form == "hinge":
        low, high = 1 - high, 1 - low
    n = len(x)
    points = np.unique(signed[round(n * low) : round(n * high)])
    best: tuple[float, float, np.ndarray] = (np.inf, np.nan, np.empty(0))
    for e in -points if form == "hinge" else points:
        terms = {
            "hinge": np.maximum(x - e, 0),
            "segmented": np.maximum(x - e, 0),
            "upperhinge": np.minimum(x - e, 0),
            "step": (x > e).astype(float),
        }[form]
        columns = [np.ones(n), *z.T, *([x] if form == "segmented" else []), terms]
        matrix = np.column_stack(columns)
        found, _, rank, _ = np.linalg.lstsq(matrix, y, rcond=1e-12)
        if rank == matrix.shape[1]:
            sse = float(((y - matrix @ found) ** 2).sum())
            if sse < best[0]:
                best = (sse, float(e), found)
    return best


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(12, 80),
    seed=st.integers(0, 10_000),
    form=st.sampled_from(tuple(FORMS)),
    ties=st.booleans(),
    k=st.integers(0, 2),
)
def test_equals_brute_force(n: int, seed: int, form: str, ties: bool, k: int) -> None:
    y, x, z = simulated(n, seed, ties=ties, k=k)
    covariates = {f"z{i}": z[:, i] for i in range(k)}
    sse, e, coefficients = brute(y, x, z, form)
    found = threshold(y, x, form=form, covariates=covariates, n_resamples=0)
    assert found.sse == pytest.approx(sse, rel=1e-8)
    assert found.estimate == e
    np.testing.assert_allclose(list(found.coefficients.values()), coefficients, rtol=1e-6)
    fit = found.predict(x, covariates)
    assert ((y - fit) ** 2).sum() == pytest.approx(sse, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    form=st.sampled_from(tuple(FORMS)),
    scale=st.sampled_from([0.001, 0.5, 64.0]),
    shift=st.sampled_from([-300.0, 0.0, 5000.0]),
)
def test_invariance(seed: int, form: str, scale: float, shift: float) -> None:
    y, x, _ = simulated(60, seed)
    found = threshold(y, x, form=form, n_resamples=0)
    order = np.random.default_rng(seed).permutation(len(y))
    again = threshold((2 * y + 7)[order], ((x + shift) * scale)[order], form=form, n_resamples=0)
    assert again.estimate == pytest.approx((found.estimate + shift) * scale)
    assert again.sse == pytest.approx(4 * found.sse, rel=1e-7)
    twice = threshold(np.tile(y, 2), np.tile(x, 2), form=form, quantiles=(0, 1), n_resamples=0)
    once = threshold(y, x, form=form, quantiles=(0, 1), n_resamples=0)
    assert twice.estimate == once.estimate
    assert twice.sse == pytest.approx(2 * once.sse, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    form=st.sampled_from(tuple(FORMS)),
    k=st.integers(0, 2),
    ties=st.booleans(),
)
def test_weights_are_repeated_rows(seed: int, form: str, k: int, ties: bool) -> None:
    y, x, z = simulated(40, seed, k=k, ties=ties)
    rng = np.random.default_rng(seed)
    design = make_design(y, x, z, form, (0.05, 0.95))
    weights = np.array([np.bincount(rng.integers(0, 40, 40), minlength=40) for _ in range(3)])
    found = profile(design, weights.astype(float), coefficients=True)
    for copy in range(3):
        rows = np.repeat(design.order, weights[copy])
        sse, e, coefficients = brute(y[rows], x[rows], z[rows], form)
        ours = (found.base[copy] - found.gain[copy].max()) * design.y_scale**2
        assert ours == pytest.approx(sse, rel=1e-7)
        assert design.sign * design.points[found.best[copy]] == e
        np.testing.assert_allclose(found.coefficients[copy], coefficients, rtol=1e-5, atol=1e-9)


def test_candidates_are_observed_values_at_rounded_positions() -> None:
    assert candidate_positions(250, 0.05, 0.95) == (12, 238)
    assert candidate_positions(250, 1 - 0.95, 0.95) == (13, 238)
    y, x, _ = simulated(101, 3)
    found = threshold(y, x, n_resamples=0)
    assert set(found.candidates) <= set(x)


def test_same_seed_same_result_whatever_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    y, x, z = simulated(90, 1)
    design = make_design(y, x, z, "segmented", (0.05, 0.95))
    one, slopes, _ = resample(design, 130, np.random.SeedSequence(4))
    monkeypatch.setattr("suffice.stats._threshold.bootstrap._BLOCK_VALUES", 700)
    two, slopes_two, _ = resample(design, 130, np.random.SeedSequence(4))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_allclose(slopes, slopes_two)
    assert not np.array_equal(one, resample(design, 130, np.random.SeedSequence(5))[0])


def test_interval_arithmetic() -> None:
    draws = np.arange(1.0, 101.0)
    found = intervals(draws, 40.0, 0.9)
    assert found["perc"] == pytest.approx((5.95, 95.05))
    assert found["basic"] == pytest.approx((80 - 95.05, 80 - 5.95))
    assert found["symm"] == pytest.approx((-10.1, 90.1))
    shift = 2 * norm.ppf(0.39)
    levels = norm.cdf([shift + norm.ppf(0.05), shift + norm.ppf(0.95)])
    assert found["bc"] == pytest.approx(tuple(1 + 99 * levels))
    assert all(np.isnan(v) for v in intervals(draws, 0.5, 0.9)["bc"])
    assert all(np.isnan(v) for v in intervals(draws[:1], 40.0, 0.9)["perc"])


def test_groups_are_resampled_whole() -> None:
    y, x, _ = simulated(60, 2)
    wide = threshold(
        np.repeat(y, 5), np.repeat(x, 5), groups=np.repeat(np.arange(60), 5), n_resamples=500
    )
    naive = threshold(np.repeat(y, 5), np.repeat(x, 5), n_resamples=500, overlap="unknown")
    assert wide.bootstrap_sd > 1.5 * naive.bootstrap_sd
    assert any("independent" in caveat for caveat in naive.caveats)
    with pytest.raises(ValueError, match="too few to resample"):
        threshold(y, x, groups=np.arange(60) // 30)
    with pytest.raises(ValueError, match="one value a row"):
        threshold(y, x, groups=np.arange(5))


def test_says_what_is_wrong() -> None:
    y, x, z = simulated(40, 0, k=1)
    for bad, message in (
        ({"x": np.full(40, 3.0)}, "x is constant"),
        ({"x": np.where(np.arange(40) < 20, 1.0, 2.0)}, "only 2 distinct values"),
        ({"y": np.ones(40)}, "y is constant"),
        ({"y": np.where(np.arange(40) == 3, np.inf, y)}, "not finite"),
        ({"y": y[:30]}, "differ in length"),
        ({"form": "bent"}, "unknown form"),
        ({"quantiles": (0.9, 0.1)}, "quantiles"),
        ({"level": 1.0}, "level"),
        ({"n_resamples": -1}, "negative"),
        ({"covariates": {"z": z[:, 0], "w": 3 - 2 * z[:, 0]}}, "collinear"),
        ({"covariates": {"x": z[:, 0]}, "form": "segmented"}, "clash"),
        ({"covariates": {"z": np.ones(40)}}, "covariate z is constant"),
    ):
        with pytest.raises(ValueError, match=message):
            threshold(**{"y": y, "x": x, "n_resamples": 0, **bad})
    with pytest.raises(ValueError, match="5 rows are too few: this segmented model needs at least"):
        threshold(y[:5], x[:5], form="segmented")


def test_covariate_equal_to_x_is_refused_in_segmented_only() -> None:
    y, x, _ = simulated(40, 0)
    with pytest.raises(ValueError, match="collinear"):
        threshold(y, x, form="segmented", covariates={"twin": 2 * x}, n_resamples=0)


def test_test_of_no_threshold() -> None:
    y, x, _ = simulated(150, 0)
    assert test_threshold(y, x, n_simulations=199).p == pytest.approx(1 / 200)
    line = 0.5 + 0.0002 * x + np.random.default_rng(1).normal(0, 0.05, len(x))
    assert test_threshold(line, x, n_simulations=199).p > 0.05
    assert test_threshold(line, x, n_simulations=199, null="constant", form="hinge").p < 0.05
    with pytest.raises(ValueError, match="unknown null"):
        test_threshold(y, x, null="nothing")
    with pytest.raises(ValueError, match="too few for a P value"):
        test_threshold(y, x, n_simulations=3)


def test_becomes_json_and_shows_itself() -> None:
    y, x, _ = simulated(60, 0)
    found = threshold(y, x, n_resamples=100, predictor="sentences")
    again = json.loads(found.to_json())
    assert again["estimate"] == found.estimate
    assert len(again["bootstrap"]) == 100
    assert "(sentences-threshold)-" in str(found)
    assert "range sensitivity" in str(found)
    assert "<table>" in found._repr_html_()
    assert json.loads(threshold(y, x, n_resamples=0).to_json())["bootstrap_sd"] is None


def test_few_sizes_to_choose_from_are_said_with_their_neighbours():
    x = np.repeat([20, 56, 155, 430, 1196, 3325, 9247], 6)
    y = np.minimum(x, 1500) / 1000 + 0.01 * np.sin(np.arange(len(x)))
    few = threshold(y, x, predictor="sentences", n_resamples=200)
    at = int(np.flatnonzero(np.unique(x) == few.estimate)[0])
    below, above = np.unique(x)[at - 1], np.unique(x)[min(at + 1, 6)]
    # the reference's interval would be a point; what the data can say ends at the neighbours
    assert few.intervals["threshold"]["perc"] == (few.estimate, few.estimate)
    assert few.interval == (below, above)
    assert any(
        f"the neighbouring values of sentences, {below} and {above}" in caveat
        for caveat in few.caveats
    )
    many = threshold(np.minimum(np.arange(60.0), 30), np.arange(60.0) + 1, n_resamples=0)
    assert not any("were available" in caveat for caveat in many.caveats)
