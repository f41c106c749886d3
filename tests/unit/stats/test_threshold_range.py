"""Does the verdict on range call an artefact an artefact and a kink a kink?

Rates on a wide grid are measured by ``bench/threshold.py --rates``; here a thin slice of it.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from suffice.stats import compare_shapes, range_sensitivity
from suffice.stats._threshold.power import SmoothFamily, power_basis
from suffice.stats._threshold.range_sensitivity import ARTEFACT, STABLE, UNDECIDED
from tests.unit.stats.reference import load


def sizes(n: int, seed: int) -> tuple[np.ndarray, np.random.Generator]:
    rng = np.random.default_rng([seed, n])
    return rng.uniform(20, 1500, n), rng


def hinge(x: np.ndarray) -> np.ndarray:
    return np.minimum(x - 760, 0) / 1480


def power(x: np.ndarray, exponent: float) -> np.ndarray:
    ends = np.array([20.0, 1500.0]) ** -exponent
    return (x**-exponent - ends[0]) / (ends[1] - ends[0])


@pytest.mark.parametrize("exponent", [0.2, 0.35, 0.5, 0.75, 1.0, -1.0])
def test_smooth_curves_are_rarely_called_stable(exponent: float) -> None:
    counts: Counter[str] = Counter()
    for n in (60, 150, 500):
        for seed in range(8):
            x, rng = sizes(n, seed)
            y = (3, 10, 30)[seed % 3] * power(x, exponent) + rng.normal(size=n)
            found = range_sensitivity(
                y, x, form=("upperhinge", "segmented")[seed % 2], n_resamples=50, n_simulations=99
            )
            counts[found.verdict] += 1
    # 24 data sets: with a rate of .03 four or more come up once in 200 times
    assert counts[STABLE] <= 3, counts


def test_clear_kinks_are_called_stable() -> None:
    counts: Counter[str] = Counter()
    for seed in range(20):
        x, rng = sizes(400, seed)
        y = 6 * hinge(x) + rng.normal(size=len(x))
        counts[range_sensitivity(y, x, n_resamples=50, n_simulations=99).verdict] += 1
    assert counts[STABLE] >= 17, counts


@pytest.mark.shared
def test_reference_cases(shared: Path) -> None:
    verdicts = {}
    for name in (
        "D01_hinge_n250_sd03",
        "D02_hinge_n250_sd08",
        "D04_hinge_n2500_sd08",
        "D05_powerlaw_n250",
        "D06_linear_n250",
    ):
        columns, _ = load(shared, name)
        verdicts[name[:3]] = range_sensitivity(columns["y"], columns["x"]).verdict
    assert verdicts["D01"] == verdicts["D02"] == verdicts["D04"] == STABLE
    assert verdicts["D05"] == verdicts["D06"] == ARTEFACT


def test_on_a_power_law_the_threshold_follows_the_range() -> None:
    x = np.linspace(20, 4000, 600)
    rng = np.random.default_rng(0)
    y = 0.95 - 2 * x**-0.5 + rng.normal(0, 0.01, len(x))
    found = range_sensitivity(y, x, predictor="sentences", overlap="unknown")
    assert found.verdict == ARTEFACT
    assert 0.3 < found.drift < 1.2
    assert (np.diff(found.thresholds) > -60).all()
    assert "artefact of the range" in found.sentence
    assert found.shapes.exponent == pytest.approx(0.5, abs=0.15)
    assert any("independent" in caveat for caveat in found.caveats)


def test_noise_is_not_called_stable() -> None:
    x, rng = sizes(100, 9)
    assert range_sensitivity(rng.normal(size=100), x).verdict in (UNDECIDED, ARTEFACT)


def test_covariates_pass_through() -> None:
    x, rng = sizes(300, 1)
    z = rng.normal(size=300)
    y = 20 * hinge(x) + 15 * z + rng.normal(size=300)
    found = range_sensitivity(y, x, covariates={"eps": z}, form="segmented")
    assert found.verdict == STABLE
    assert found.thresholds[-1] == pytest.approx(760, abs=60)


def test_says_what_is_wrong() -> None:
    x, rng = sizes(60, 2)
    y = hinge(x) + rng.normal(0, 0.1, 60)
    with pytest.raises(ValueError, match="every x above 0"):
        range_sensitivity(y, x - 500)
    with pytest.raises(ValueError, match="shares must lie"):
        range_sensitivity(y, x, shares=(0.5, 1.2))
    with pytest.raises(ValueError, match="n_resamples >= 50"):
        range_sensitivity(y, x, n_resamples=10)
    with pytest.raises(ValueError, match="y is constant"):
        range_sensitivity(np.ones(60), x)


def test_ranges_with_too_few_rows_are_left_out_and_said() -> None:
    x = np.concatenate([np.linspace(800, 1000, 40), [10.0]])
    y = 0.001 * x + np.random.default_rng(0).normal(0, 0.02, 41)
    found = range_sensitivity(y, x)
    assert np.isnan(found.thresholds[0])
    assert any("too few rows" in caveat for caveat in found.caveats)
    assert json.loads(found.to_json())["thresholds"][0] is None
    assert "largest x" in str(found)
    assert "<table>" in found._repr_html_()


def test_power_family_is_least_squares() -> None:
    x, rng = sizes(80, 4)
    z = rng.normal(size=(80, 1))
    y = power(x, 0.4) + 0.3 * z[:, 0] + rng.normal(0, 0.1, 80)
    family = SmoothFamily(x, z)
    matrix = np.column_stack([np.ones(80), z, x**-0.5])
    rest = y - matrix @ np.linalg.lstsq(matrix, y, rcond=None)[0]
    assert family.fit(y, 0.5)[1] == pytest.approx(rest @ rest)
    exponent, sse, fitted = family.fit(y)
    assert sse <= family.sse(y[None, :])[0] + 1e-12
    assert ((y - fitted) ** 2).sum() == pytest.approx(sse)
    np.testing.assert_allclose(
        power_basis(x, 1e-8), power_basis(x, 0.0), atol=1e-6
    )  # the logarithm is the limit
    assert -1 <= exponent <= 3


def test_shapes_without_positive_x_leave_the_power_law_out() -> None:
    x, rng = sizes(100, 3)
    y = hinge(x) * 20 + rng.normal(size=100)
    found = compare_shapes(y, x - 700, n_simulations=99)
    assert "power" not in found.aic
    assert np.isnan(found.p_smooth)
    assert found.p_linear <= 0.05
    assert found.caveats
    assert compare_shapes(y, x, n_simulations=99).aic["linear"] == pytest.approx(
        found.aic["linear"]
    )
