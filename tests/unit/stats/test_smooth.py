"""Penalised splines against R's mgcv, by their properties, and the coverage of their bands."""

from pathlib import Path

import numpy as np
import pytest

from suffice.stats import expected_overlap, smooth
from suffice.stats._smooth.basis import make_basis
from tests.unit.stats.reference import NAMES, load


def simulated(n: int = 150, seed: int = 0, sd: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(20, 1000, n)
    return 0.92 - 1.6 * x**-0.5 + rng.normal(0, sd, n), x


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_as_mgcv(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    for key, expected in reference["gam"].items():
        found = smooth(
            columns["y"],
            columns["x"],
            others={"z": columns["z"]} if key.endswith("plus_z") else None,
            basis="cr" if "cr" in key else "tp",
            method="GCV" if "GCV" in key else "REML",
            n_resamples=200,
        )
        fit, se = found.at(expected["grid_x"])
        theirs = np.array(expected["se"])
        assert np.abs((fit - expected["fit"]) / theirs).max() < 0.1, key  # the goal is .25
        np.testing.assert_allclose(se, theirs, rtol=0.01)
        assert found.edf == pytest.approx(expected["edf_total"], abs=0.08)
        assert found.scale == pytest.approx(expected["scale"], rel=1e-3)
        if "GCV" in key:
            assert found.score == pytest.approx(expected["score"], rel=5e-5)
            assert found.score <= expected["score"] * (1 + 1e-7)  # mgcv stops a little early
            assert found.aic == pytest.approx(expected["AIC"], abs=0.02)


@pytest.mark.parametrize("kind", ["tp", "cr"])
def test_the_penalty_is_the_integral_of_the_squared_second_derivative(kind: str) -> None:
    """Checked up to the one factor that the scaling of the penalty leaves free."""
    x = np.sort(np.random.default_rng(1).uniform(0, 1, 60))
    term = make_basis(x, kind, 8)
    at = np.linspace(x[0], x[-1], 20_001)
    bends = np.gradient(term.slopes(at), at, axis=0)[2:-2]
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(4):
        beta = rng.normal(size=7)
        ratios.append(beta @ term.penalty @ beta / ((bends @ beta) ** 2).sum())
    np.testing.assert_allclose(ratios, ratios[0], rtol=0.01)


@pytest.mark.parametrize("kind", ["tp", "cr"])
@pytest.mark.parametrize("log", [False, True])
def test_the_slope_is_the_derivative(kind: str, log: bool) -> None:
    y, x = simulated()
    found = smooth(y, x, basis=kind, log=log, n_resamples=200)
    inner = found.grid[5:-5]
    step = 1e-4
    numeric = (found.at(inner + step)[0] - found.at(inner - step)[0]) / (2 * step)
    np.testing.assert_allclose(found.slope[5:-5], numeric, rtol=1e-4, atol=1e-9)


def test_shift_scale_order_and_duplication() -> None:
    y, x = simulated(80)
    found = smooth(y, x, n_resamples=200)
    order = np.random.default_rng(0).permutation(80)
    again = smooth(3 * y[order] + 1, 2 * x[order] + 5, n_resamples=200)
    np.testing.assert_allclose(again.fit, 3 * found.fit + 1, rtol=1e-5)
    np.testing.assert_allclose(again.se, 3 * found.se, rtol=1e-3)
    np.testing.assert_allclose(again.slope, 1.5 * found.slope, rtol=1e-3, atol=1e-7)
    weighted = smooth(y, x, weights=np.full(80, 7.0), n_resamples=200)
    np.testing.assert_allclose(weighted.fit, found.fit, rtol=2e-5)
    # doubled rows look like more data: a little less smooth, and narrower bands
    twice = smooth(np.tile(y, 2), np.tile(x, 2), n_resamples=200)
    assert np.abs((twice.fit - found.fit) / found.se).max() < 1
    assert twice.se.mean() < 0.85 * found.se.mean()


def test_marginal_return_of_a_known_curve() -> None:
    x = np.linspace(20, 1000, 400)
    y = 0.92 - 1.6 * x**-0.5 + np.random.default_rng(0).normal(0, 0.004, 400)
    found = smooth(y, x, log=True, predictor="sentences")
    for points in (5.0, 2.0, 1.0):  # 80 n^-1.5 is the slope in points a sentence
        truth = (0.8 / (points / 100 / 100)) ** (2 / 3)
        result = found.marginal_return(points)
        assert result.interval[0] <= truth <= result.interval[1]
        assert result.estimate == pytest.approx(truth, rel=0.15)
    nowhere = found.marginal_return(0.01)
    assert np.isinf(nowhere.estimate)
    assert nowhere.never > 0.9
    assert "at no size up to the largest studied" in nowhere.sentence
    assert '"estimate": null' in nowhere.to_json()
    everywhere = found.marginal_return(1000)
    assert everywhere.estimate == found.grid[0]
    assert "from the smallest size studied" in everywhere.sentence
    with pytest.raises(ValueError, match="above 0"):
        found.marginal_return(0)


def test_the_bands_cover() -> None:
    """Pointwise 95 % on average, simultaneous 95 % of whole curves (80 curves: error .024)."""
    whole, point, truth_slope = 0, [], 0
    for seed in range(80):
        y, x = simulated(120, seed, sd=0.03)
        found = smooth(y, x, log=True, n_resamples=500, points=60, seed=seed)
        truth, slope = 0.92 - 1.6 * found.grid**-0.5, 0.8 * found.grid**-1.5
        whole += bool(((found.band_low <= truth) & (truth <= found.band_high)).all())
        point.append(((found.low <= truth) & (truth <= found.high)).mean())
        inside = (found.slope_band_low <= slope) & (slope <= found.slope_band_high)
        truth_slope += bool(inside.all())
    assert 0.88 <= whole / 80 <= 1
    assert 0.92 <= np.mean(point) <= 0.99
    assert truth_slope / 80 >= 0.88


def test_log_or_not_is_decided_by_aic() -> None:
    y, x = simulated(200, sd=0.01)
    assert smooth(y, x, log=None, n_resamples=200).log
    straight = 0.5 + 0.0004 * x + np.random.default_rng(0).normal(0, 0.01, 200)
    assert not smooth(straight, x, log=None, n_resamples=200).log
    assert not smooth(straight, x - 500, log=None, n_resamples=200).log


def test_bands_carry_the_choice_of_the_scale() -> None:
    """Where AIC hardly tells the scales apart the other curve is as good as within the band."""
    rng = np.random.default_rng(4)
    x = np.exp(rng.uniform(np.log(20), np.log(1500), 60))
    y = 0.9 - 0.5 * np.exp(-x / 200) + rng.normal(0, 0.02, 60)
    fits = {log: smooth(y, x, log=log, n_resamples=400, points=60) for log in (False, True)}
    found = smooth(y, x, log=None, n_resamples=400, points=60)
    best, other = fits[found.log], fits[not found.log]
    assert best.aic < other.aic
    share = np.exp(-other.aic / 2) / (np.exp(-best.aic / 2) + np.exp(-other.aic / 2))
    assert found.weight == pytest.approx(1 - share)
    assert 0.02 < share < 0.5
    np.testing.assert_array_equal(found.fit, best.fit)
    apart = np.interp(best.grid, other.grid, other.fit) - best.fit
    np.testing.assert_allclose(found.se**2, best.se**2 + share * apart**2)
    for end, se in (("high", found.se), ("slope_high", found.slope_se)):
        middle = found.slope if "slope" in end else found.fit
        band = getattr(found, end.replace("high", "band_high"))
        np.testing.assert_allclose(getattr(found, end) - middle, 1.959964 * se, rtol=1e-6)
        assert (band >= getattr(best, end.replace("high", "band_high")) - 1e-12).all()
    np.testing.assert_allclose((found.band_high - found.fit) / found.se, best.critical)
    np.testing.assert_allclose(found.at(found.grid)[1], found.se, rtol=1e-6)
    # Far apart, nothing is added.
    y = 0.92 - 1.6 * x**-0.5 + rng.normal(0, 0.001, 60)
    sure, log = smooth(y, x, log=None, n_resamples=400), smooth(y, x, log=True, n_resamples=400)
    np.testing.assert_allclose(sure.band_high, log.band_high)


def test_the_simultaneous_band_is_wider_and_seeded() -> None:
    y, x = simulated()
    found = smooth(y, x, n_resamples=500, seed=3)
    assert found.critical > 2.2
    assert (found.band_low < found.low).all()
    same, other = smooth(y, x, n_resamples=500, seed=3), smooth(y, x, n_resamples=500, seed=4)
    assert same.critical == found.critical != other.critical


def test_overlapping_training_sets_widen_the_band() -> None:
    rng = np.random.default_rng(0)
    pool, n = 200, 60
    sizes = rng.integers(20, 150, n)
    influence = rng.normal(0, 0.5, pool)
    held = np.zeros((n, pool))
    for row, size in zip(held, sizes, strict=True):
        row[rng.permutation(pool)[:size]] = 1
    y = 0.9 - 1.0 * sizes**-0.5 + held @ influence / sizes + rng.normal(0, 0.003, n)
    shared = expected_overlap(sizes, pool)
    wide = smooth(y, sizes, overlap=shared, n_resamples=200)
    naive = smooth(y, sizes, n_resamples=200, overlap="unknown")
    assert wide.se.mean() > 1.5 * naive.se.mean()
    np.testing.assert_allclose(wide.fit, naive.fit)
    alone = smooth(y, sizes, overlap=np.eye(n), n_resamples=200)  # no overlap: nearly the same
    assert alone.se.mean() == pytest.approx(naive.se.mean(), rel=0.15)
    assert any("too narrow" in caveat for caveat in naive.caveats)


def test_says_what_is_wrong() -> None:
    y, x = simulated(40)
    for options, message in (
        ({"basis": "ps"}, "unknown basis"),
        ({"method": "ML"}, "unknown method"),
        ({"level": 1.0}, "between 0 and 1"),
        ({"k": 3}, "k >= 4"),
        ({"k": 45}, "too few for"),
        ({"weights": np.zeros(40)}, "above 0"),
    ):
        with pytest.raises(ValueError, match=message):
            smooth(y, x, **options)
    with pytest.raises(ValueError, match="above 0"):
        smooth(y, x - 500, log=True)
    with pytest.raises(ValueError, match="3 distinct"):
        smooth(y, np.arange(40) % 3)
    few = smooth(y, np.round(x, -2), k=20)
    assert any("that small" in caveat for caveat in few.caveats)
    with pytest.raises(ValueError, match="does not extrapolate"):
        few.at([5000.0])
    assert "effective degrees of freedom" in str(few)
    assert "_model" not in few.to_dict()
