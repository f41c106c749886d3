"""Agreement coefficients against R's psych, irr and vcd, scikit-learn, and hand computation."""

from __future__ import annotations

import json
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from suffice.stats import bootstrap, cohen_kappa, fleiss_kappa, icc, krippendorff_alpha
from suffice.stats._agreement.alpha import LEVELS, alpha_of, coincidences
from suffice.stats._agreement.icc import FORMS
from suffice.stats._agreement.kappa import contingency, kappa_of, weight_matrix

EXACT = {"rel": 1e-9, "abs": 1e-9}
IRR = {
    "oneway_consistency_single": "ICC1",
    "oneway_consistency_average": "ICC1k",
    "twoway_consistency_single": "ICC3",
    "twoway_consistency_average": "ICC3k",
    "twoway_agreement_single": "ICC2",
    "twoway_agreement_average": "ICC2k",
}


def numbers(path):
    return np.genfromtxt(path, delimiter=",", skip_header=1, missing_values="NA")


def cases(shared, key):
    for path in sorted((shared / "reference").glob("*.json")):
        content = json.loads(path.read_text())
        if key in content and path.with_suffix(".csv").is_file():
            yield path.with_suffix(".csv"), content[key]


@pytest.mark.shared
def test_icc_equals_psych_and_irr(shared):
    seen = 0
    for path, expected in cases(shared, "icc"):
        found = icc(numbers(path))
        for form in FORMS:
            for ours, theirs in {
                "value": "ICC",
                "f": "F",
                "df1": "df1",
                "df2": "df2",
                "p": "p",
                "low": "lower",
                "high": "upper",
            }.items():
                wanted = expected["psych_ICC_lmer_FALSE"][form][theirs]
                assert getattr(found[form], ours) == pytest.approx(wanted, **EXACT)
        for name, form in IRR.items():
            irr = expected["irr_icc"][name]
            assert found[form].value == pytest.approx(irr["value"], **EXACT)
            if form == "ICC2k":  # as the docstring says
                assert found[form].low != pytest.approx(irr["lower"], **EXACT)
                ends = irr_ends_of_the_mean(numbers(path), found[form].value)
                assert ends == pytest.approx((irr["lower"], irr["upper"]), **EXACT)
            else:
                ends = (irr["lower"], irr["upper"])
                assert (found[form].low, found[form].high) == pytest.approx(ends, **EXACT)
        seen += 1
    assert seen >= 3


def irr_ends_of_the_mean(x, coefficient):
    """Return irr's interval of ICC(A,k), which has the mean's coefficient instead of one's."""
    n, k = x.shape
    rows = k * ((x.mean(axis=1) - x.mean()) ** 2).sum() / (n - 1)
    columns = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1)
    rest = ((x - x.mean()) ** 2).sum() - rows * (n - 1) - columns * (k - 1)
    rest /= (n - 1) * (k - 1)
    a = k * coefficient / (n * (1 - coefficient)) * columns
    b = (1 + k * coefficient * (n - 1) / (n * (1 - coefficient))) * rest
    v = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    upper, lower = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
    return (
        n * (rows - upper * rest) / (upper * (columns - rest) + n * rows),
        n * (lower * rows - rest) / (columns - rest + n * lower * rows),
    )


@pytest.mark.shared
def test_kappa_equals_irr_psych_and_vcd(shared):
    seen = 0
    for path, expected in cases(shared, "kappa"):
        codes = {name: i for i, name in enumerate(expected["levels"])}
        rows = [line.split(",") for line in path.read_text().split()[1:]]
        a, b = (np.array([codes[row[k].strip('"')] for row in rows]) for k in (0, 1))
        table = contingency(a, b, len(codes))
        assert table.tolist() == expected["table"]
        irr = {"none": "unweighted", "linear": "equal", "quadratic": "squared"}
        for weights, name in irr.items():
            found = cohen_kappa(table, weights=weights)
            theirs = expected[f"irr_kappa2_{name}"]
            assert (found.value, found.z) == pytest.approx((theirs["value"], theirs["z"]), **EXACT)
            assert found.p == pytest.approx(theirs["p"], rel=1e-7, abs=1e-15)
            oracle = cohen_kappa_score(a, b, weights=None if weights == "none" else weights)
            assert found.value == pytest.approx(oracle, **EXACT)
        psych, vcd = expected["psych_cohen_kappa"], expected["vcd_Kappa"]
        ends = psych["confid"]["unweighted kappa"]
        plain = cohen_kappa(table)
        assert (plain.low, plain.high) == pytest.approx((ends["lower"], ends["upper"]), **EXACT)
        assert psych["var_weighted"] == pytest.approx(variance_of_psych(table), **EXACT)
        assert cohen_kappa(table).se == pytest.approx(vcd["unweighted"]["ASE"], **EXACT)
        linear = cohen_kappa(table, weights="linear")
        assert linear.se == pytest.approx(vcd["weighted_equal_spacing"]["ASE"], **EXACT)
        ends = vcd["confint"]["Weighted"]
        assert (linear.low, linear.high) == pytest.approx((ends["lwr"], ends["upr"]), **EXACT)
        seen += 1
    assert seen >= 2


def variance_of_psych(table):
    """Return the variance of quadratic kappa as psych 2.2.9 has it, with its wrong row means."""
    p = table / table.sum()
    rows, columns, w = p.sum(axis=1), p.sum(axis=0), weight_matrix(len(p), "quadratic")
    seen, chance = (w * p).sum(), rows @ w @ columns
    margins = (w @ columns)[:, None] + (rows * w.sum(axis=1))[None, :]
    spread = (p * (w * (1 - chance) - margins * (1 - seen)) ** 2).sum()
    return (spread - (seen * chance - 2 * chance + seen) ** 2) / (table.sum() * (1 - chance) ** 4)


def test_errors_of_kappa_by_simulation():
    """The standard error is the spread of kappa over samples; that of 4,000 has an error of 1 %."""
    truth = np.array([[17, 1, 0], [1, 4, 1], [5, 3, 28]]) / 60
    rng = np.random.default_rng(8)
    samples = rng.multinomial(2000, truth.ravel(), size=4000).reshape(-1, 3, 3)
    for weights in ("none", "linear", "quadratic"):
        spread = float(np.std(kappa_of(samples, weights)))
        assert cohen_kappa(2000 * truth, weights=weights).se == pytest.approx(spread, rel=0.05)


@pytest.mark.shared
def test_fleiss_equals_irr(shared):
    seen = 0
    for path, expected in cases(shared, "fleiss"):
        rows = [line.split(",") for line in path.read_text().split()[1:]]
        levels = sorted({x for row in rows for x in row})
        found = fleiss_kappa([[row.count(x) for x in levels] for row in rows])
        assert found.value == pytest.approx(expected["value"], **EXACT)
        assert found.z == pytest.approx(expected["z"], **EXACT)
        assert found.p == pytest.approx(expected["p"], rel=1e-7)
        seen += 1
    assert seen


@pytest.mark.shared
def test_alpha_equals_irr(shared):
    seen = 0
    for path, expected in cases(shared, "krippendorff_alpha"):
        table = numbers(path)
        if np.isnan(table).all():  # categories by name: irr codes them in alphabetical order
            rows = [line.replace('"', "").split(",") for line in path.read_text().split()[1:]]
            levels = sorted({x for row in rows for x in row})
            table = np.array([[levels.index(x) + 1.0 for x in row] for row in rows])
        for level in LEVELS:
            found = krippendorff_alpha(table, level)
            theirs = expected[level]["alpha"]
            if table.shape[1] > 2 and not np.isnan(table).any():  # irr forgets a division
                n, m = table.size, table.shape[1]
                theirs = 1 - (1 - theirs) * (n - 1) / (n - 1 / (m - 1))
            assert found.value == pytest.approx(theirs, **EXACT), (path, level)
        seen += 1
    assert seen >= 3


# By hand


def test_fleiss_by_category_by_hand():
    # Two raters, four items, two categories: A A, A B, B B, B B. Shares 3/8 and 5/8.
    found = fleiss_kappa([[2, 0], [1, 1], [0, 2], [0, 2]])
    assert found.value == pytest.approx((3 / 4 - 34 / 64) / (1 - 34 / 64))
    assert found.categories == pytest.approx((found.value, found.value))


def test_alpha_by_hand():
    # 1-1, 2-2, 1-2: observed 1/3; 3 ones and 3 twos: expected 2·9/(6·5) = 3/5.
    assert krippendorff_alpha([[1, 1], [2, 2], [1, 2]]).value == pytest.approx(
        1 - (1 / 3) / (3 / 5)
    )


def test_raters_that_differ_by_a_constant():
    found = icc([[1, 2], [3, 4], [5, 6]])
    assert found["ICC3"].value == 1
    assert (found["ICC3"].low, found["ICC3"].high) == (1, 1)
    assert found["ICC2"].value == pytest.approx(8 / (8 + 2 * 1.5 / 3))
    assert found["ICC2"].low < found["ICC2"].value < found["ICC2"].high


# What is undefined is NaN with a caveat


@pytest.mark.parametrize("table", [[[1, 1], [1, 1]], [[1, 2]], [[1], [2]], [[1, nan], [nan, 2]]])
def test_no_icc(table):
    found = icc(table)
    assert all(np.isnan(form.value) and form.caveats for form in found.forms)
    assert found.caveats


def test_icc_never_crashes_on_small_tables():
    for code in range(3**4):
        table = np.array([code // 3**i % 3 for i in range(4)]).reshape(2, 2)
        for form in icc(table).forms:
            assert np.isnan(form.value) == bool(form.caveats) or form.value <= 1


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]], [[5]]])
def test_no_kappa(table):
    found = cohen_kappa(table)
    assert np.isnan(found.value)
    assert found.caveats
    assert np.isnan(kappa_of(np.array(table)))


def test_full_agreement_has_a_caveat_on_its_interval():
    found = cohen_kappa([[5, 0], [0, 5]])
    assert (found.value, found.se) == (1, 0)
    assert found.caveats


@pytest.mark.parametrize("counts", [np.zeros((0, 2)), [[1, 0], [0, 1]], [[3, 0], [3, 0]]])
def test_no_fleiss(counts):
    found = fleiss_kappa(counts)
    assert np.isnan(found.value)
    assert found.caveats


@pytest.mark.parametrize("table", [[[1, nan], [nan, 2]], [[3, 3], [3, 3]], np.zeros((0, 2))])
def test_no_alpha(table):
    for level in LEVELS:
        found = krippendorff_alpha(table, level)
        assert np.isnan(found.value)
        assert found.caveats


def test_what_is_refused():
    for call in (
        lambda: icc([1, 2]),
        lambda: icc([[1, np.inf], [1, 2]]),
        lambda: cohen_kappa([[1, 2, 3]]),
        lambda: cohen_kappa([[1, -2], [0, 1]]),
        lambda: fleiss_kappa([[2, 0], [1, 0]]),
        lambda: krippendorff_alpha([[1, 2]], "cardinal"),
        lambda: krippendorff_alpha([[-1, 2]], "ratio"),
    ):
        with pytest.raises(ValueError, match=r"."):
            call()


# Properties

tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(
        st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k
    ).map(np.array)
)


@given(tables)
def test_kappa_is_symmetric_and_knows_no_scale(table):
    for weights in ("none", "linear", "quadratic"):
        one, other = cohen_kappa(table, weights=weights), cohen_kappa(table.T, weights=weights)
        many = cohen_kappa(3 * table, weights=weights)
        assert one.value == pytest.approx(other.value, nan_ok=True, **EXACT)
        assert one.value == pytest.approx(many.value, nan_ok=True, **EXACT)
        assert one.value == pytest.approx(float(kappa_of(table, weights)), nan_ok=True, **EXACT)
        turned = cohen_kappa(table[::-1, ::-1], weights=weights)
        assert one.value == pytest.approx(turned.value, nan_ok=True, **EXACT)


@given(
    st.lists(
        st.lists(st.one_of(st.just(nan), st.integers(1, 4)), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_alpha_knows_no_order(rows, random):
    table = np.array(rows, dtype=float)
    turned = table[random.sample(range(len(table)), len(table))][:, random.sample(range(3), 3)]
    for level in LEVELS:
        one, other = krippendorff_alpha(table, level), krippendorff_alpha(turned, level)
        assert one.value == pytest.approx(other.value, nan_ok=True, **EXACT)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=10))
def test_fleiss_is_the_weighted_mean_of_its_categories(firsts):
    counts = np.array([[first, 4 - first, 1] for first in firsts])
    found = fleiss_kappa(counts)
    share = counts.sum(axis=0) / counts.sum()
    known = np.isfinite(found.categories)
    if np.isfinite(found.value):
        weights = (share * (1 - share))[known]
        mean = np.average(np.array(found.categories)[known], weights=weights)
        assert mean == pytest.approx(found.value, **EXACT)


# Intervals


def f1(sums):
    return 2 * sums[..., 0] / np.maximum(2 * sums[..., 0] + sums[..., 1], 1e-300)


def test_the_bootstrap_is_repeatable_and_keeps_groups_together():
    rng = np.random.default_rng(1)
    table = np.column_stack([rng.poisson(4, 60), rng.poisson(1, 60)])
    one, again = bootstrap(table, f1, seed=3), bootstrap(table, f1, seed=3)
    assert one == again
    # Twins in one group count once: the same interval as without them.
    twins = bootstrap(np.repeat(table, 2, axis=0), f1, groups=np.repeat(np.arange(60), 2), seed=3)
    assert (twins.low, twins.high, twins.units) == pytest.approx((one.low, one.high, 60))
    # Taken as independent they would feign certainty.
    apart = bootstrap(np.repeat(table, 2, axis=0), f1, seed=3)
    assert apart.high - apart.low < 0.85 * (one.high - one.low)


def test_the_bootstrap_without_anything_to_compare():
    assert bootstrap(np.zeros((3, 2, 2)), kappa_of).caveats
    assert np.isnan(bootstrap(np.zeros((3, 2, 2)), kappa_of).value)
    alone = bootstrap([[3, 1]], f1)
    assert alone.value == pytest.approx(6 / 7)
    assert np.isnan(alone.low)
    same = bootstrap([[3, 0]] * 20, f1)
    assert same.value == 1
    assert np.isnan([same.low, same.high]).all()  # a point would claim that nothing else can be
    assert "always gives the same value" in same.caveats[0]


@pytest.mark.parametrize("method", ["bca", "percentile"])
def test_coverage_of_the_bootstrap(method):
    """Of 300 corpora of 60 documents about 95 % cover the truth; error of the share 1.3 %."""
    rng = np.random.default_rng(20)
    difficulty = rng.beta(8, 2, size=200_000)
    truth = difficulty.mean()  # of matched spans, each of which counts twice in F1
    inside = 0
    for seed in range(300):
        spans = rng.poisson(4, size=60)
        matched = rng.binomial(spans, rng.beta(8, 2, size=60))
        found = bootstrap(
            np.column_stack([matched, 2 * (spans - matched)]),
            f1,
            n_resamples=400,
            method=method,
            seed=seed,
        )
        inside += found.low <= truth <= found.high
    assert 0.91 <= inside / 300 <= 0.985


def test_alpha_from_sums_of_documents():
    rng = np.random.default_rng(5)
    counts = rng.multinomial(3, [0.5, 0.3, 0.2], size=40)
    ratings = np.array([np.repeat(np.arange(3), row) for row in counts], dtype=float)
    parts = [coincidences(counts[:15]), coincidences(counts[15:])]
    for level in ("nominal", "interval", "ordinal"):
        whole = krippendorff_alpha(ratings, level).value
        assert float(alpha_of(np.sum(parts, axis=0), scale=level)) == pytest.approx(whole, **EXACT)
