"""Threshold regression against R's chngpt and boot: the reference cases."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from suffice.stats import Threshold, compare_shapes, test_threshold, threshold
from suffice.stats._threshold.bootstrap import intervals
from suffice.stats._threshold.profile import make_design, profile
from tests.unit.stats.reference import NAMES, load

FORMS = ("hinge", "upperhinge", "segmented")
QUANTILES = {"default_q05_95": (0.05, 0.95), "q10_90": (0.1, 0.9)}


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
                found = fitted(columns, spec, form=form, quantiles=quantiles, n_resamples=0)
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
            found = fitted(columns, spec, form=form, n_resamples=0)
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
            found = fitted(columns, spec, form=form, n_resamples=2000, seed=5)
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
        found = test_threshold(columns["y"], columns["x"], form=form, null=null, n_simulations=499)
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
        found = fitted(columns, "x_alone", form=form, wild=True, n_resamples=2000)
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
        found = compare_shapes(columns["y"], columns["x"], n_simulations=19)
        assert found.aic["power"] == pytest.approx(expected["AIC"], abs=1e-3)
        c = expected["coefficients"]["c"]["Estimate"]
        assert found.exponent == pytest.approx(c, rel=1e-3)
        linear = reference["lm"]["y_on_x"]["AIC"]
        assert found.aic["linear"] == pytest.approx(linear, rel=1e-9)


# ------------------------------------------------------------------ without reference values
