"""Threshold regression against R's chngpt, against brute force, and by its properties."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from suffice.stats.overlap import overlap
from suffice.stats.threshold import Threshold, threshold
from suffice.stats.threshold_bootstrap import acceleration, intervals, resample
from suffice.stats.threshold_profile import candidate_positions, make_design, profile
from suffice.stats.threshold_smooth import compare_shapes, test_no_threshold

NAMES = (
    "D01_hinge_n250_sd03",
    "D02_hinge_n250_sd08",
    "D03_hinge_n500_sd03_z",
    "D04_hinge_n2500_sd08",
    "D05_powerlaw_n250",
    "D06_linear_n250",
    "D07_ties_n240",
    "D08_eps_n250",
    "D09_tiny_n20",
    "D10_nearconst_n100",
    "D11_twopred_n250",
    "D12_collinear_n120",
)
FORMS = ("hinge", "upperhinge", "segmented")
QUANTILES = {"default_q05_95": (0.05, 0.95), "q10_90": (0.1, 0.9)}


@cache
def load(shared: Path, name: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    folder = shared / "reference"
    with (folder / f"{name}.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    return columns, json.loads((folder / f"{name}.json").read_text())


def fitted(columns: dict[str, np.ndarray], spec: str, **options: Any) -> Threshold:
    predictor = spec[0]
    covariates = None if spec == "x_alone" else {spec[-1]: columns[spec[-1]]}
    return threshold(
        columns["y"], columns[predictor], covariates=covariates, predictor=predictor, **options
    )


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_estimates_of_chngpt(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    for spec, forms in reference["chngptm"].items():
        for form in FORMS:
            for key, quantiles in QUANTILES.items():
                expected = forms[form][key]
                found = fitted(columns, spec, form=form, quantiles=quantiles, bootstrap=0)
                if name.startswith("D10") and found.estimate != expected["threshold"]:
                    # chngpt's sums of squares are differences of large numbers there
                    assert found.sse < expected["SSE"]
                    continue
                assert found.estimate == expected["threshold"]
                assert found.sse == pytest.approx(expected["SSE"], rel=1e-8)
                assert found.sigma == pytest.approx(expected["sigma"], rel=1e-8)
                assert found.log_likelihood == pytest.approx(expected["logLik"], rel=1e-8)
                assert found.aic == pytest.approx(expected["AIC"], rel=1e-8)
                theirs = dict(expected["coefficients"])
                del theirs["chngpt"]
                mine = [name.replace("threshold", "chngpt") for name in found.coefficients]
                assert mine == list(theirs)
                values = list(found.coefficients.values())
                assert values == pytest.approx(list(theirs.values()), rel=1e-7)
                assert len(found.candidates) == expected["n_unique_candidates"]
                ends = (found.candidates[0], found.candidates[-1])
                assert ends == tuple(expected["candidate_range"])
                if "bruteforce_grid_q05_95" in forms[form] and key.startswith("default"):
                    plain = forms[form]["bruteforce_grid_q05_95"]
                    assert found.estimate == plain["threshold"]
                    assert found.sse == pytest.approx(plain["SSE"], rel=1e-10)


@pytest.mark.shared
@pytest.mark.parametrize("name", [n for n in NAMES if n not in (NAMES[2], NAMES[3])])
def test_profile_of_chngpt(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    compared = 0
    for spec, forms in reference["chngptm"].items():
        for form in FORMS:
            expected = forms[form]["default_q05_95"].get("profile")
            if expected is None:
                continue
            found = fitted(columns, spec, form=form, bootstrap=0)
            ours = dict(zip(found.candidates, found.profile, strict=True))
            rel = 1e-4 if name.startswith("D10") else 1e-6
            for point, value in zip(expected["threshold"], expected["SSE"], strict=True):
                if value is None:
                    assert np.isnan(ours[point])
                elif not np.isnan(ours[point]):  # a term that is zero throughout is skipped
                    assert ours[point] == pytest.approx(value, rel=rel)
                    compared += 1
    assert compared > 10


@pytest.mark.shared
@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("D10")])
def test_bootstrap_of_chngpt(shared: Path, name: str) -> None:
    """R's interval is one draw of 1,000: its ends lie within the error of its own quantiles."""
    columns, reference = load(shared, name)
    for spec, forms in reference["chngptm"].items():
        for form in FORMS:
            expected = forms[form]["default_q05_95"]["bootstrap"]
            spread = expected["sd"]
            if name.startswith(("D07", "D09")) and form == "segmented":
                # the fast search has wild tails there; its plain grid has not
                expected = forms[form]["bruteforce_grid_bootstrap_q05_95"]
                spread = {"chngpt": expected["sd"]}
            found = fitted(columns, spec, form=form, bootstrap=2000, seed=5)
            if name.startswith("D09") and form == "hinge":
                # one resample in some hundred decides the sd; the deciles do not depend on it
                deciles = np.quantile(found.bootstrap, np.arange(1, 10) / 10)
                np.testing.assert_array_equal(deciles, expected["threshold_deciles"])
            else:
                near = pytest.approx(spread["chngpt"], rel=0.2 if "n20" in name else 0.15)
                assert found.bootstrap_sd == near
            size = expected.get("size", 1000)
            error = 3.5 * np.sqrt(0.025 * 0.975 * (1 / size + 1 / 2000))
            ends = expected["ci"]["perc"]
            ends = ends.get("chngpt", ends)
            for end, level in ((ends["lower"], 0.025), (ends["upper"], 0.975)):
                levels = np.clip([level - error, level + error], 0, 1)
                low, high = np.quantile(found.bootstrap, levels)
                assert low - 1e-9 <= end <= high + 1e-9, (spec, form, end)


@pytest.mark.shared
@pytest.mark.parametrize("name", [n for n in NAMES if "n2500" not in n])
def test_likelihood_ratio_of_chngpt(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    x, y = columns["x"], columns["y"]
    for form in ("segmented", "hinge"):
        expected = reference["chngptm"]["x_alone"]["chngpt.test"][f"{form}_lr"]
        design = make_design(y, x, np.empty((len(y), 0)), form, (0.1, 0.9))
        allowed = np.isin(design.sign * design.points, expected["candidates"])
        found = profile(design, allowed=allowed)
        ratio = len(y) * np.log(found.base / (found.base - found.gain.max(axis=1)))
        assert ratio[0] == pytest.approx(expected["statistic"], rel=1e-4, abs=1e-6)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["D01_hinge_n250_sd03", "D06_linear_n250", "D11_twopred_n250"])
def test_no_threshold_as_chngpt(shared: Path, name: str) -> None:
    """The same verdict, by a bootstrap where chngpt draws from a Gaussian process."""
    columns, reference = load(shared, name)
    tests = reference["chngptm"]["x_alone"]["chngpt.test"]
    for form in ("segmented", "hinge"):
        null = "linear" if form == "segmented" else "constant"
        found = test_no_threshold(columns["y"], columns["x"], form=form, null=null, copies=499)
        expected = tests[f"{form}_lr"]
        # all candidates are searched here, fifty there
        assert found.statistic >= expected["statistic"] * (1 - 1e-6)
        assert found.statistic == pytest.approx(expected["statistic"], rel=0.1, abs=1.5)
        if f"{form}_score" in tests:
            score = tests[f"{form}_score"]["statistic"]
            assert score * (1 - 1e-6) <= found.score <= score * 1.1 + 0.3
        p = expected["p.value"]
        assert abs(found.p - p) <= 4 * np.sqrt(p * (1 - p) / 500) + 0.03


@pytest.mark.shared
@pytest.mark.parametrize("name", ["D01_hinge_n250_sd03", "D02_hinge_n250_sd08"])
def test_wild_bootstrap_of_chngpt(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    for form in ("upperhinge", "segmented"):
        expected = reference["chngptm"]["x_alone"][form]["wild_bootstrap_q05_95_rows_sorted"]
        spread = expected["bootstrap"]["sd"]["chngpt"]
        found = fitted(columns, "x_alone", form=form, wild=True, bootstrap=2000)
        assert found.resampling == "wild"
        assert found.bootstrap_sd == pytest.approx(spread, rel=0.2)
        ends = expected["bootstrap"]["ci"]["perc"]["chngpt"]
        for ours, theirs in zip(found.interval, (ends["lower"], ends["upper"]), strict=True):
            assert abs(ours - theirs) <= spread


@pytest.mark.shared
def test_bca_arithmetic_of_boot(shared: Path) -> None:
    """R's boot keeps order statistics where we take type 7 quantiles: a little apart."""
    reference = json.loads((shared / "reference" / "B1_boot_tiny.json").read_text())["boot"]
    for case in reference.values():
        draws = np.array(case["replicates"])
        found = intervals(draws, case["t0"], 0.95, case["a_boot.ci_default_regression"])
        spread = draws.std()
        for kind, theirs in (("bca", "bca"), ("basic", "basic"), ("perc", "percent")):
            assert found[kind] == pytest.approx(tuple(case["ci95"][theirs]), abs=0.08 * spread)
        assert found["perc"] == pytest.approx(tuple(case["percentile_type7_of_replicates"]))


def test_acceleration_is_that_of_the_jackknife() -> None:
    y, x, _ = simulated(60, 1)
    design = make_design(y, x, np.empty((60, 0)), "upperhinge", (0.05, 0.95))
    found = acceleration(design, np.random.SeedSequence(0))  # 60 parts of one row each
    values = []
    for row in range(60):
        kept = np.arange(60) != row
        fit = threshold(y[kept], x[kept], bootstrap=0)
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
    plain = threshold(y, sizes, bootstrap=300, wild=True)
    aware = threshold(y, sizes, bootstrap=300, overlap=overlap(held))
    assert aware.resampling == "documents"

    def width(fit: Threshold) -> float:
        low, high = fit.intervals["(Intercept)"]["perc"]
        return high - low

    assert width(aware) > 1.5 * width(plain)
    even = 0.8 + 0.003 * np.minimum(sizes - 50, 0) + rng.normal(0, 0.01, n)
    alone = threshold(even, sizes, bootstrap=300, overlap=np.eye(n))
    assert width(alone) == pytest.approx(width(threshold(even, sizes, bootstrap=300)), rel=0.3)
    with pytest.raises(ValueError, match="one of groups, wild and overlap"):
        threshold(y, sizes, wild=True, overlap=np.eye(n))


def test_shapes_are_compared_by_cross_validation() -> None:
    y, x, _ = simulated(250, 3)
    kinked = compare_shapes(y, x, copies=19)
    assert set(kinked.cross_validated) == {"threshold", "linear", "power", "smooth"}
    assert min(kinked.cross_validated, key=lambda k: kinked.cross_validated[k]) == "threshold"
    assert min(kinked.aic, key=lambda k: kinked.aic[k]) == "threshold"
    assert kinked.cross_validated["threshold"] == pytest.approx(0.05, rel=0.15)
    rng = np.random.default_rng(4)
    smooth_y = 0.95 - 2 * x**-0.5 + rng.normal(0, 0.01, 250)
    curved = compare_shapes(smooth_y, x, copies=19)
    assert min(curved.cross_validated, key=lambda k: curved.cross_validated[k]) == "power"
    # leaving three of sixty out is close to leaving one out, which is PRESS
    line = compare_shapes(y[:60], x[:60], copies=19, folds=20, repeats=1).cross_validated["linear"]
    matrix = np.column_stack([np.ones(60), x[:60]])
    hat = matrix @ np.linalg.solve(matrix.T @ matrix, matrix.T)
    press = np.sqrt((((y[:60] - hat @ y[:60]) / (1 - np.diag(hat))) ** 2).mean())
    assert line == pytest.approx(press, rel=0.05)


@pytest.mark.shared
def test_constant_reference_case_is_refused(shared: Path) -> None:
    columns, _ = load(shared, "D13_const_n40")
    for form in (*FORMS, "step"):
        with pytest.raises(ValueError, match="y is constant"):
            threshold(columns["y"], columns["x"], form=form)


@pytest.mark.shared
def test_power_law_of_r(shared: Path) -> None:
    for name in ("D01_hinge_n250_sd03", "D05_powerlaw_n250", "D09_tiny_n20"):
        columns, reference = load(shared, name)
        expected = reference["powerlaw"]["unweighted"]
        found = compare_shapes(columns["y"], columns["x"], copies=19)
        assert found.aic["power"] == pytest.approx(expected["AIC"], abs=1e-3)
        c = expected["coefficients"]["c"]["Estimate"]
        assert found.exponent == pytest.approx(c, rel=1e-3)
        linear = reference["lm"]["y_on_x"]["AIC"]
        assert found.aic["linear"] == pytest.approx(linear, rel=1e-9)


# ------------------------------------------------------------------ without reference values


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
    form=st.sampled_from((*FORMS, "step")),
    ties=st.booleans(),
    k=st.integers(0, 2),
)
def test_equals_brute_force(n: int, seed: int, form: str, ties: bool, k: int) -> None:
    y, x, z = simulated(n, seed, ties=ties, k=k)
    covariates = {f"z{i}": z[:, i] for i in range(k)}
    sse, e, coefficients = brute(y, x, z, form)
    found = threshold(y, x, form=form, covariates=covariates, bootstrap=0)
    assert found.sse == pytest.approx(sse, rel=1e-8)
    assert found.estimate == e
    np.testing.assert_allclose(list(found.coefficients.values()), coefficients, rtol=1e-6)
    fit = found.predict(x, covariates)
    assert ((y - fit) ** 2).sum() == pytest.approx(sse, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    form=st.sampled_from((*FORMS, "step")),
    scale=st.sampled_from([0.001, 0.5, 64.0]),
    shift=st.sampled_from([-300.0, 0.0, 5000.0]),
)
def test_invariance(seed: int, form: str, scale: float, shift: float) -> None:
    y, x, _ = simulated(60, seed)
    found = threshold(y, x, form=form, bootstrap=0)
    order = np.random.default_rng(seed).permutation(len(y))
    again = threshold((2 * y + 7)[order], ((x + shift) * scale)[order], form=form, bootstrap=0)
    assert again.estimate == pytest.approx((found.estimate + shift) * scale)
    assert again.sse == pytest.approx(4 * found.sse, rel=1e-7)
    twice = threshold(np.tile(y, 2), np.tile(x, 2), form=form, quantiles=(0, 1), bootstrap=0)
    once = threshold(y, x, form=form, quantiles=(0, 1), bootstrap=0)
    assert twice.estimate == once.estimate
    assert twice.sse == pytest.approx(2 * once.sse, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    form=st.sampled_from((*FORMS, "step")),
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
    found = threshold(y, x, bootstrap=0)
    assert set(found.candidates) <= set(x)


def test_same_seed_same_result_whatever_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    y, x, z = simulated(90, 1)
    design = make_design(y, x, z, "segmented", (0.05, 0.95))
    one, slopes, _ = resample(design, 130, np.random.SeedSequence(4))
    monkeypatch.setattr("suffice.stats.threshold_bootstrap._BLOCK_VALUES", 700)
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
        np.repeat(y, 5), np.repeat(x, 5), groups=np.repeat(np.arange(60), 5), bootstrap=500
    )
    naive = threshold(np.repeat(y, 5), np.repeat(x, 5), bootstrap=500, shared_documents=True)
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
        ({"bootstrap": -1}, "negative"),
        ({"covariates": {"z": z[:, 0], "w": 3 - 2 * z[:, 0]}}, "collinear"),
        ({"covariates": {"x": z[:, 0]}, "form": "segmented"}, "clash"),
        ({"covariates": {"z": np.ones(40)}}, "covariate z is constant"),
    ):
        with pytest.raises(ValueError, match=message):
            threshold(**{"y": y, "x": x, "bootstrap": 0, **bad})
    with pytest.raises(ValueError, match="5 rows are too few: this segmented model needs at least"):
        threshold(y[:5], x[:5], form="segmented")


def test_covariate_equal_to_x_is_refused_in_segmented_only() -> None:
    y, x, _ = simulated(40, 0)
    with pytest.raises(ValueError, match="collinear"):
        threshold(y, x, form="segmented", covariates={"twin": 2 * x}, bootstrap=0)


def test_test_of_no_threshold() -> None:
    y, x, _ = simulated(150, 0)
    assert test_no_threshold(y, x, copies=199).p == pytest.approx(1 / 200)
    line = 0.5 + 0.0002 * x + np.random.default_rng(1).normal(0, 0.05, len(x))
    assert test_no_threshold(line, x, copies=199).p > 0.05
    assert test_no_threshold(line, x, copies=199, null="constant", form="hinge").p < 0.05
    with pytest.raises(ValueError, match="unknown null"):
        test_no_threshold(y, x, null="nothing")
    with pytest.raises(ValueError, match="too few for a P value"):
        test_no_threshold(y, x, copies=3)


def test_becomes_json_and_shows_itself() -> None:
    y, x, _ = simulated(60, 0)
    found = threshold(y, x, bootstrap=100, predictor="sentences")
    again = json.loads(found.to_json())
    assert again["estimate"] == found.estimate
    assert len(again["bootstrap"]) == 100
    assert "(sentences-threshold)-" in str(found)
    assert "range sensitivity" in str(found)
    assert "<table>" in found._repr_html_()
    assert json.loads(threshold(y, x, bootstrap=0).to_json())["bootstrap_sd"] is None
