"""Other regression models: against closed forms and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from suffice.stats import compare_models, fit_variants, rank_predictors, regress, regress_share
from suffice.stats._regression.rank import cross_validated_r2


def data(n: int = 120, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    sentences = rng.uniform(20, 1000, n)
    eps = rng.normal(1.3, 0.15, n)
    y = 0.2 + 0.1 * np.log(sentences) + 0.1 * eps + rng.normal(0, 0.02, n)
    return np.clip(y, 0, 1), {"sentences": sentences, "EPS": eps}


def test_leaving_one_out_is_the_press_statistic() -> None:
    y, x = data(40)
    matrix = sm.add_constant(np.column_stack(list(x.values())))
    fit = sm.OLS(y, matrix).fit()
    press = (fit.resid / (1 - fit.get_influence().hat_matrix_diag)) ** 2
    around = ((y - y.mean()) * 40 / 39) ** 2
    expected = 1 - press.sum() / around.sum()
    assert cross_validated_r2(y, x, folds=40, repeats=1) == pytest.approx(expected, rel=1e-9)


def test_variants_by_hand() -> None:
    y, x = data()
    found = fit_variants(y, x)
    assert found.best.startswith("log size")
    assert "logarithm of sentences fits better" in found.sentence
    logged = sm.OLS(y, sm.add_constant(np.column_stack([np.log(x["sentences"]), x["EPS"]]))).fit()
    assert found.models["log size"].r2 == pytest.approx(logged.rsquared, rel=1e-9)
    assert found.cross_validated["log size"] > found.cross_validated["linear"]
    product = (x["sentences"] - x["sentences"].mean()) * (x["EPS"] - x["EPS"].mean())
    both = sm.OLS(y, sm.add_constant(np.column_stack([*x.values(), product]))).fit()
    inside = found.models["interaction"].coefficients["sentences x EPS"]
    assert inside.estimate == pytest.approx(both.params[-1], rel=1e-6)
    assert found.interaction.relation == "nested"
    with pytest.raises(ValueError, match="no predictor EPS"):
        fit_variants(y, {"sentences": x["sentences"]})


def test_fractional_logit_as_statsmodels() -> None:
    y, x = data()
    matrix = sm.add_constant(np.column_stack([x["sentences"] / 500, x["EPS"]]))
    theirs = sm.GLM(y, matrix, family=sm.families.Binomial()).fit(cov_type="HC1", tol=1e-12)
    found = regress_share(y, {"sentences": x["sentences"] / 500, "EPS": x["EPS"]})
    values = list(found.coefficients.values())
    np.testing.assert_allclose([c.estimate for c in values], theirs.params, rtol=1e-6)
    np.testing.assert_allclose([c.se for c in values], theirs.bse, rtol=1e-5)

    def mean_effect(beta: np.ndarray) -> float:
        p = 1 / (1 + np.exp(-matrix @ beta))
        return float((p * (1 - p)).mean() * beta[2])

    steps = 1e-5 * np.eye(3)
    gradient = [
        (mean_effect(theirs.params + s) - mean_effect(theirs.params - s)) / 2e-5 for s in steps
    ]
    effect = found.effects["EPS"]
    assert effect.estimate == pytest.approx(mean_effect(theirs.params), rel=1e-6)
    se = np.sqrt(gradient @ theirs.cov_params() @ np.array(gradient))
    assert effect.se == pytest.approx(se, rel=1e-4)
    assert found.converged
    with pytest.raises(ValueError, match="from 0 to 1"):
        regress_share(100 * y, x)


def test_ranking_finds_what_adds_and_says_what_does_not() -> None:
    y, x = data()
    rng = np.random.default_rng(5)
    noise = rng.normal(size=(3, 120))
    helpful = rng.normal(size=120)
    candidates = {
        "noise": noise[0],
        "distinct": helpful,
        "more noise": noise[1],
        "same": 2 * x["EPS"] + 1,
    }
    found = rank_predictors(y + 0.05 * helpful, x, candidates)
    assert found.added[0].name == "distinct"
    assert found.added[0].adjusted_p < 1e-6
    assert set(found.left_out) == {"same"}
    assert "collinear" in found.left_out["same"]
    alone = compare_models(y + 0.05 * helpful, x, {**x, "distinct": helpful})
    assert found.added[0].f == pytest.approx(alone.f)
    assert found.added[0].df == (1, 116)
    # Holm by hand: the least P times their number
    p = sorted(a.p for a in found.added)
    assert found.added[0].adjusted_p == pytest.approx(min(1, 3 * p[0]))
    nothing = rank_predictors(y, x, {"noise": noise[2]})
    assert nothing.sentence.startswith("Nothing improves")


def test_a_row_that_determines_its_own_fitted_value_has_no_robust_error() -> None:
    """Its leverage is one, and HC3 would divide by nothing."""
    found = regress(np.array([1.0, 2, 2.5, 3.2, 9]), {"x": np.array([0.0, 0, 0, 0, 1])})
    assert np.isnan(list(found.standard_errors["HC3"].values())).all()
    assert "robust errors (HC3) cannot be given" in str(found)
