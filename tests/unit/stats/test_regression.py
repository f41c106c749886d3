"""Regression against R's lm, car, mctest and lmtest, and against statsmodels and numpy."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS, add_constant

from suffice.stats import compare_models, regress
from tests.unit.stats.reference import load

CASES = {
    "D01_hinge_n250_sd03": ("x",),
    "D02_hinge_n250_sd08": ("x",),
    "D03_hinge_n500_sd03_z": ("x", "z", "x_z"),
    "D04_hinge_n2500_sd08": ("x",),
    "D05_powerlaw_n250": ("x",),
    "D06_linear_n250": ("x",),
    "D07_ties_n240": ("x",),
    "D08_eps_n250": ("x",),
    "D09_tiny_n20": ("x",),
    "D10_nearconst_n100": ("x",),
    "D11_twopred_n250": ("x", "z", "x_z"),
    "D12_collinear_n120": ("x", "z", "v", "x_z", "x_z_v"),
}


def data(n: int = 80, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(20, 1500, n)
    z = 1.3 + 0.0001 * x + rng.normal(0, 0.1, n)
    return 0.4 + 0.0003 * x + 0.1 * z + rng.normal(0, 0.05, n), {"x": x, "z": z}


@pytest.mark.shared
@pytest.mark.parametrize("name", CASES)
def test_as_r(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    for spec in CASES[name]:
        names = spec.split("_")
        expected = reference["lm"][f"y_on_{spec}"]
        fit = regress(columns["y"], {k: columns[k] for k in names})
        for ours, theirs, ends in (
            (fit.coefficients, expected["coefficients"], expected["ci95"]),
            (fit.standardized, expected["standardized"], expected["standardized_ci95"]),
        ):
            for key, value in theirs.items():
                mine = ours[key]
                tiny = 1e-10  # R's standardised intercept is 0 up to rounding
                assert mine.estimate == pytest.approx(value["Estimate"], rel=1e-8, abs=tiny)
                assert mine.se == pytest.approx(value["Std. Error"], rel=1e-8)
                if abs(value["Estimate"]) > tiny:
                    assert mine.t == pytest.approx(value["t value"], rel=1e-7)
                    assert mine.p == pytest.approx(value["Pr(>|t|)"], rel=1e-6)
                bounds = (ends[key]["2.5 %"], ends[key]["97.5 %"])
                assert mine.interval == pytest.approx(bounds, rel=1e-7, abs=tiny)
        assert fit.df == (expected["df1"], expected["df2"])
        for mine, key in (
            (fit.r2, "r2"),
            (fit.adjusted_r2, "adj_r2"),
            (fit.sigma, "sigma"),
            (fit.f, "F"),
            (fit.p, "p"),
            (fit.sse, "SSE"),
            (fit.log_likelihood, "logLik"),
            (fit.aic, "AIC"),
            (fit.bic, "BIC"),
        ):
            assert mine == pytest.approx(expected[key], rel=1e-6), key
        if "vif" in expected:
            assert fit.vif == pytest.approx(expected["vif"], rel=1e-8)
            assert fit.tolerance == pytest.approx(expected["tolerance"], rel=1e-8)
            assert fit.auxiliary_r2 == pytest.approx(expected["klein"]["aux_r2"], rel=1e-8)
            assert fit.klein == expected["klein"]["aux_r2_exceeds_overall"]
            flags = {k: bool(v["Klein"]) for k, v in expected["mctest_imcdiag"].items()}
            assert fit.klein == flags
            for one in names:
                for two in names:
                    assert fit.correlation[one][two] == pytest.approx(reference["cor"][one][two])


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["D03_hinge_n500_sd03_z", "D11_twopred_n250", "D12_collinear_n120"]
)
def test_comparison_as_r(shared: Path, name: str) -> None:
    columns, reference = load(shared, name)
    expected = reference["comparison"]
    y, x, z = (columns[k] for k in ("y", "x", "z"))
    found = compare_models(y, {"x": x}, {"z": z})
    assert found.relation == "non-nested"
    assert found.aic == pytest.approx((expected["AIC"]["x"], expected["AIC"]["z"]))
    assert found.bic == pytest.approx((expected["BIC"]["x"], expected["BIC"]["z"]))
    assert found.j is not None
    assert found.cox is not None
    rows = ("M1 + fitted(M2)", "M2 + fitted(M1)")
    for test, row in zip(found.j, rows, strict=True):
        value = expected["jtest_x_vs_z"][row]
        assert test.estimate == pytest.approx(value["Estimate"], rel=1e-7)
        assert test.se == pytest.approx(value["Std. Error"], rel=1e-7)
        assert test.statistic == pytest.approx(value["t value"], rel=1e-7)
        assert test.p == pytest.approx(value["Pr(>|t|)"], rel=1e-6)
    rows = ("fitted(M1) ~ M2", "fitted(M2) ~ M1")
    for test, row in zip(found.cox, rows, strict=True):
        value = expected["coxtest_x_vs_z"][row]
        assert test.estimate == pytest.approx(value["Estimate"], rel=1e-7)
        assert test.se == pytest.approx(value["Std. Error"], rel=1e-7)
        assert test.p == pytest.approx(value["Pr(>|z|)"], rel=1e-6)
    for small in ("x", "z"):
        nested = compare_models(y, {small: columns[small]}, {"x": x, "z": z})
        row = expected[f"anova_nested_{small}_vs_xz"]["rows"][1]
        assert nested.relation == "nested"
        assert nested.df == (row["Df"], row["Res.Df"])
        assert nested.f == pytest.approx(row["F"], rel=1e-7)
        assert nested.p == pytest.approx(row["Pr(>F)"], rel=1e-6)
        assert nested.aic[1] == pytest.approx(expected["AIC"]["xz"])


@pytest.mark.shared
def test_constant_reference_case_is_refused(shared: Path) -> None:
    columns, _ = load(shared, "D13_const_n40")
    with pytest.raises(ValueError, match="response is constant"):
        regress(columns["y"], {"x": columns["x"]})


def test_robust_and_clustered_errors_are_those_of_statsmodels() -> None:
    y, predictors = data()
    groups = np.arange(len(y)) // 4
    design = add_constant(np.column_stack(list(predictors.values())))
    fit = OLS(y, design).fit()
    robust = fit.get_robustcov_results("HC3")
    clustered = fit.get_robustcov_results("cluster", groups=groups)
    ours = regress(y, predictors, covariance="clusters", groups=groups)
    order = ["(Intercept)", "x", "z"]
    for kind, expected in (("ordinary", fit), ("HC3", robust), ("clusters", clustered)):
        errors = [ours.standard_errors[kind][k] for k in order]
        np.testing.assert_allclose(errors, expected.bse, rtol=1e-8)
    np.testing.assert_allclose([ours.coefficients[k].p for k in order], clustered.pvalues)
    hc3 = regress(y, predictors, covariance="HC3")
    np.testing.assert_allclose([hc3.coefficients[k].interval for k in order], robust.conf_int())


def test_says_what_is_wrong() -> None:
    y, predictors = data()
    x = predictors["x"]
    with pytest.raises(ValueError, match="response is constant"):
        regress(np.full(len(y), 0.8), predictors)
    with pytest.raises(ValueError, match="predictor z is constant"):
        regress(y, {"x": x, "z": np.ones_like(x)})
    with pytest.raises(ValueError, match="w is an exact linear combination of x, z"):
        regress(y, {**predictors, "w": 2 * x - 300 * predictors["z"] + 7})
    with pytest.raises(ValueError, match="4 rows are too few for 3 parameters: at least 5"):
        regress(y[:4], {k: v[:4] for k, v in predictors.items()})
    with pytest.raises(ValueError, match="1 values that are not finite"):
        regress(np.where(np.arange(len(y)) == 3, np.nan, y), predictors)
    with pytest.raises(ValueError, match="differ in length"):
        regress(y, {"x": x[:-1]})
    with pytest.raises(ValueError, match="at least one predictor"):
        regress(y, {})
    with pytest.raises(ValueError, match="need groups"):
        regress(y, predictors, covariance="clusters")
    with pytest.raises(ValueError, match="unknown covariance"):
        regress(y, predictors, covariance="HC9")
    with pytest.raises(ValueError, match="stands for different columns"):
        compare_models(y, {"x": x}, {"x": predictors["z"]})


def test_shared_documents_is_a_caveat_and_anova_is_explained() -> None:
    y, predictors = data()
    assert not regress(y, predictors).caveats
    for kind in ("ordinary", "HC3"):
        caveats = regress(y, predictors, covariance=kind, overlap="unknown").caveats
        assert any("runs as independent" in caveat for caveat in caveats)
    found = compare_models(y, {"x": predictors["x"]}, {"z": predictors["z"]}, overlap="unknown")
    assert "no degrees of freedom" in found.sentence
    assert "share documents" in found.caveats[0]
    assert compare_models(y, predictors, predictors).relation == "same"


def test_klein_is_said_in_words() -> None:
    y, predictors = data()
    assert "does no harm" in regress(y, predictors).klein_sentence
    rng = np.random.default_rng(1)
    twin = predictors["x"] + rng.normal(0, 1, len(y))
    noisy = y + rng.normal(0, 1, len(y))
    assert "harmful" in regress(noisy, {"x": predictors["x"], "twin": twin}).klein_sentence


def test_becomes_json_and_shows_itself() -> None:
    y, predictors = data()
    fit = regress(y, predictors, overlap="unknown")
    again = json.loads(fit.to_json())
    assert again["coefficients"]["x"]["estimate"] == fit.coefficients["x"].estimate
    assert again["df"] == [2, 77]
    assert "Klein" in str(fit)
    assert "<table>" in fit._repr_html_()
    found = compare_models(y, {"x": predictors["x"]}, {"z": predictors["z"]})
    assert json.loads(found.to_json())["f"] is None
    assert "J test" in str(found)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    scale=st.sampled_from([1e-6, 0.01, 1.0, 1e5]),
    shift=st.sampled_from([-1e4, 0.0, 3.0]),
)
def test_invariance(seed: int, scale: float, shift: float) -> None:
    y, predictors = data(seed=seed)
    fit = regress(y, predictors)
    order = np.random.default_rng(seed).permutation(len(y))
    moved = {k: ((v + shift) * scale)[order] for k, v in predictors.items()}
    again = regress((3 * y - shift)[order], moved)
    for name in predictors:
        assert again.standardized[name].estimate == pytest.approx(
            fit.standardized[name].estimate, rel=1e-5, abs=1e-7
        )
        ratio = again.coefficients[name].estimate / fit.coefficients[name].estimate
        assert ratio == pytest.approx(3 / scale, rel=1e-5)
    assert again.f == pytest.approx(fit.f, rel=1e-5)
    twice = regress(np.tile(y, 2), {k: np.tile(v, 2) for k, v in predictors.items()})
    assert twice.r2 == pytest.approx(fit.r2)
    assert twice.coefficients["x"].estimate == pytest.approx(fit.coefficients["x"].estimate)
