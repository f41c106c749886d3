"""Families of learning curves against R and scipy, and by their properties."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from suffice.stats import average_learning_curves, fit_learning_curve
from suffice.stats._curves.families import FAMILIES
from suffice.stats._curves.forecasts import forecast_errors

SIZES = np.array([8.0, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384])


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["D01", "D02", "D03", "D04", "D05", "D06", "D07", "D09", "D11", "D12"]
)
def test_power_law_of_r(shared: Path, name: str) -> None:
    (path,) = (shared / "reference").glob(f"{name}_*.csv")
    with path.open() as stream:
        rows = list(csv.DictReader(stream))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    reference = json.loads(path.with_suffix(".json").read_text())["powerlaw"]
    for key, expected in reference.items():
        if key == "model":
            continue
        w = columns["w"] if "weighted_w" in key else np.ones(len(rows))
        found = fit_learning_curve(columns["y"], columns["x"], "pow3", weights=w, bounded=False)
        sse = found.sse * w.mean()
        if found.status == "at bound":
            # straight data: R's search stopped on the way to the limit c = 0, with a larger sum
            assert sse < expected["weighted_RSS"]
            continue
        assert sse == pytest.approx(expected["weighted_RSS"], rel=1e-9)
        for letter, row in expected["coefficients"].items():
            assert found.parameters[letter] == pytest.approx(row["Estimate"], rel=1e-5)
        np.testing.assert_allclose(found.at(expected["grid_x"]), expected["fit"], rtol=1e-6)


TRUTH = {
    "pow2": {"c": 0.4},
    "pow3": {"c": 0.6},
    "pow4": {"c": 0.8, "d": 20.0},
    "exp2": {"t": 90.0},
    "exp3": {"t": 70.0},
    "weibull": {"t": 60.0, "k": 0.7},
    "janoschek": {"t": 60.0, "k": 0.7},
    "mmf": {"k": 50.0, "d": 1.2},
    "log": {},
}


def curve(family: str, n: np.ndarray) -> np.ndarray:
    a, b = (1.0, 0.8) if FAMILIES[family].top == "one" else (0.9, 0.6)
    if family == "log":
        a, b = 0.2, 0.1
    g = FAMILIES[family].shape(n, np.array(list(TRUTH[family].values())))
    return a - b * g


@pytest.mark.parametrize("family", FAMILIES)
def test_a_curve_of_the_family_is_recovered(family: str) -> None:
    y = curve(family, SIZES)
    found = fit_learning_curve(y, SIZES, family)
    np.testing.assert_allclose(found.at(SIZES), y, atol=2e-6)
    for name, value in TRUTH[family].items():
        assert found.parameters[name] == pytest.approx(value, rel=0.02)
    beyond = found.at([1000.0, 4000.0])
    expected = curve(family, np.array([1000.0, 4000.0]))
    np.testing.assert_allclose(beyond, np.minimum(expected, 1), atol=2e-4)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["pow3", "exp3", "mmf"]))
def test_no_worse_than_scipy_started_at_the_truth(seed: int, family: str) -> None:
    rng = np.random.default_rng(seed)
    y = curve(family, SIZES) + rng.normal(0, 0.02, len(SIZES))
    found = fit_learning_curve(y, SIZES, family, bounded=False)
    theta = list(TRUTH[family].values())

    def model(n: np.ndarray, a: float, b: float, *logs: float) -> np.ndarray:
        return a - b * FAMILIES[family].shape(n, np.exp(np.array(logs)))

    low, high = zip(*((x[0], x[-1]) for x in FAMILIES[family].axes(8, 384)), strict=True)
    best, _ = curve_fit(
        model,
        SIZES,
        y,
        p0=[0.9, 0.6, *np.log(theta)],
        bounds=([-np.inf, -np.inf, *np.log(low)], [np.inf, np.inf, *np.log(high)]),
        maxfev=20_000,
    )
    assert found.sse <= ((y - model(SIZES, *best)) ** 2).sum() * (1 + 1e-5)


@settings(max_examples=20)
@given(
    st.lists(st.floats(0, 1), min_size=12, max_size=12),
    st.permutations(range(12)),
    st.sampled_from(sorted(FAMILIES)),
)
def test_curves_rise_stay_in_bounds_and_do_not_depend_on_order_or_copies(
    y: list[float], order: list[int], family: str
) -> None:
    values = np.array(y)
    found = fit_learning_curve(values, SIZES, family)
    at = found.at(np.geomspace(8, 1e6, 80))
    assert (np.diff(at) >= -1e-12).all()
    assert at.min() >= 0
    assert at.max() <= 1
    assert found.parameters["b"] >= 0
    assert found.plateau <= 1 + 1e-12
    again = fit_learning_curve(np.tile(values[order], 2), np.tile(SIZES[order], 2), family)
    assert again.sse == pytest.approx(2 * found.sse, rel=1e-4, abs=1e-9)


def test_weights_are_repeated_rows() -> None:
    rng = np.random.default_rng(0)
    y = curve("pow3", SIZES) + rng.normal(0, 0.02, 12)
    times = rng.integers(1, 4, 12)
    one = fit_learning_curve(y, SIZES, weights=times)
    two = fit_learning_curve(np.repeat(y, times), np.repeat(SIZES, times))
    assert one.parameters == pytest.approx(two.parameters, rel=1e-5)


def test_every_status_is_said() -> None:
    flat = fit_learning_curve(np.linspace(0.8, 0.5, 12), SIZES)
    assert flat.status == "flat"
    assert "does not rise" in flat.caveats[0]
    straight = fit_learning_curve(0.1 + 0.002 * SIZES, SIZES, "pow3", bounded=False)
    assert straight.status == "at bound"
    assert "do not determine" in straight.caveats[0]
    for bad, message in (
        ({"family": "spline"}, "unknown family"),
        ({"n": np.full(12, 8.0)}, "two sizes"),
        ({"n": -SIZES}, "above 0"),
        ({"y": np.full(12, np.nan)}, "finite"),
        ({"n": np.repeat([8.0, 16.0], 6), "family": "mmf"}, "too few"),
    ):
        with pytest.raises(ValueError, match=message):
            fit_learning_curve(**{"n": SIZES, "y": curve("pow3", SIZES), **bad})


def test_the_average_is_one_of_its_families_and_its_interval_holds_the_plateau() -> None:
    rng = np.random.default_rng(3)
    n = np.repeat(SIZES, 5)
    y = curve("pow3", n) + rng.normal(0, 0.01, len(n))
    found = average_learning_curves(y, n, n_resamples=200)
    assert sum(found.weights.values()) == pytest.approx(1)
    assert found.weighting == "forecasts"
    assert found.weights["exp2"] < 0.1
    assert found.exponent_interval[0] <= 0.6 <= found.exponent_interval[1]
    assert found.plateau_interval[0] <= 0.9 <= found.plateau_interval[1]
    assert found.low[0] <= curve("pow3", found.grid[:1])[0] <= found.high[0]
    each = np.stack([fit.at(found.grid) for fit in found.curves.values()])
    assert (found.mean <= each.max(axis=0) + 1e-12).all()
    assert (found.mean >= each.min(axis=0) - 1e-12).all()
    assert average_learning_curves(y, n, n_resamples=200).plateau_interval == found.plateau_interval
    assert any("extrapolations" in caveat for caveat in found.caveats)


def test_families_that_come_out_alike_share_one_weight() -> None:
    n = np.repeat(SIZES, 3)
    y = curve("pow2", n)
    found = average_learning_curves(y, n, families=["pow2", "pow3", "exp3"], n_resamples=100)
    assert found.weights["pow2"] == pytest.approx(found.weights["pow3"], rel=0.05)


def test_forecast_errors_by_hand() -> None:
    rng = np.random.default_rng(1)
    y = curve("pow3", SIZES) + rng.normal(0, 0.02, 12)
    found = forecast_errors(y, SIZES, ["pow3"])["pow3"]
    assert len(found) == 4
    inside = SIZES <= 96  # the first cut: a quarter of 384
    fit = fit_learning_curve(y[inside], SIZES[inside], "pow3")
    expected = np.sqrt(((y[~inside] - fit.at(SIZES[~inside])) ** 2).mean())
    assert found[0] == pytest.approx(expected)


def test_few_sizes_are_weighed_by_aic() -> None:
    n = np.repeat([10.0, 40, 160, 640], 4)
    y = curve("pow3", n) + np.random.default_rng(0).normal(0, 0.01, 16)
    found = average_learning_curves(y, n, n_resamples=100)
    assert found.weighting == "AIC"
    assert set(found.curves) == {"pow2", "pow3", "exp2", "exp3", "log"}
    with pytest.raises(ValueError, match="too few for any"):
        average_learning_curves([0.1, 0.2, 0.3, 0.3], [10, 10, 20, 20], n_resamples=100)
