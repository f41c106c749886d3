"""Tables that are fitted exactly, or hardly at all: no warnings, no infinities, reasons."""

import json
import math

import numpy as np
import pytest

from suffice.analysis.run_table import analyse_table
from suffice.cli.app import main
from suffice.errors import InputError
from suffice.report.run_table import draw_table_analysis
from suffice.stats import compare_shapes, regress, test_threshold, threshold
from suffice.stats._exact import EXACT_CAVEAT

ROWS = 20
SIZES = np.linspace(50, 1000, ROWS).round()
EPS = 1 + np.array([0, 3, 1, 4, 2] * 4) * 0.1
NOISE = 0.05 * np.sin(7.0 * np.arange(ROWS))

RESPONSES = {
    "line": 0.2 + 0.0005 * SIZES,
    "falling line": 0.9 - 0.0004 * (SIZES - 50),
    "plateau": np.minimum(0.2 + 0.001 * SIZES, 0.8),
    "two slopes": 0.2 + 0.0001 * SIZES + 0.0005 * np.maximum(SIZES - 500, 0),
    "step": np.where(SIZES > 500, 0.8, 0.4),
    "density": 0.2 + 0.1 * EPS,
    "size and density": 0.2 + 0.1 * EPS + 0.0003 * SIZES,
    "power law": 0.9 - 1.5 * SIZES**-0.5,
    "interaction": 0.2 + 0.0002 * SIZES * EPS,
    "rounded": (0.2 + 0.0005 * SIZES).round(1),
    "all 1 but the first": np.where(SIZES == 50, 0.3, 1.0),
    "all 0 but the last": np.where(SIZES == 1000, 0.3, 0.0),
    "0 and 1": np.where(SIZES > 500, 1.0, 0.0),
    "nearly constant": 0.5 + 1e-10 * NOISE,
}
PREDICTORS = {
    "two sizes": np.repeat([100.0, 200.0], 10),
    "one other size": np.r_[np.full(19, 100.0), 200.0],
    "far from zero": 1e9 + np.arange(ROWS),
    "wide": np.geomspace(1e-3, 1e9, ROWS),
    "huge": SIZES * 1e12,
    "in step with EPS": EPS * 100,
}
TABLES = {
    **{name: (SIZES, f1) for name, f1 in RESPONSES.items()},
    **{name: (x, np.clip(0.4 + 0.3 * EPS - 0.2 + NOISE, 0, 1)) for name, x in PREDICTORS.items()},
    "exact at two sizes": (PREDICTORS["two sizes"], np.repeat([0.3, 0.5], 10)),
    "exact at three": (
        np.repeat([100.0, 200, 400], [6, 7, 7]),
        np.repeat([0.1, 0.2, 0.4], [6, 7, 7]),
    ),
}


def write(path, sizes, f1, **more):
    columns = {"sentences": sizes, "eps": EPS[: len(f1)], "f1": f1, **more}
    rows = [",".join(columns)]
    rows += [",".join(repr(float(v)) for v in row) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(rows))
    return path


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", TABLES)
def test_no_table_makes_a_library_warn(name, tmp_path):
    sizes, f1 = TABLES[name]
    more = {"documents": np.arange(1.0, ROWS + 1)} if name in ("line", "plateau") else {}
    path = write(tmp_path / "runs.csv", sizes, f1, **more)
    found = analyse_table(path, pool=100 if more else None, n_resamples=100, target_f1=0.6)
    (part,) = found.learners
    assert not any("arithmetic" in caveat for caveat in part.caveats)
    told = found.to_json()
    assert "Infinity" not in told
    for fitted in part.thresholds.values():
        assert not math.isinf(fitted.aic)
        assert fitted.interval[0] < fitted.interval[1]


def test_an_exact_fit_is_said_and_nothing_reaches_stderr(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "exact.csv", SIZES, RESPONSES["falling line"])
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(
        "sys.argv", ["suffice", "analyse", str(path), "--figures", str(tmp_path / "f")]
    )
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr()
    assert not stopped.value.code
    assert told.err == ""
    shown = " ".join(told.out.split())
    assert "inf" not in shown.replace("information", "")
    assert "The fit is exact up to rounding" in shown
    assert "n/a to n/a" not in shown


def test_numbers_of_an_exact_regression():
    found = regress(0.9 - 0.0004 * SIZES, {"sentences": SIZES, "EPS": EPS})
    assert found.coefficients["sentences"].estimate == pytest.approx(-0.0004)
    assert found.coefficients["EPS"].estimate == 0  # not what rounding leaves of it
    assert found.r2 == pytest.approx(1)
    for value in (found.f, found.p, found.aic, found.bic, *found.coefficients["EPS"].interval):
        assert math.isnan(value)
    assert found.caveats == (EXACT_CAVEAT,)
    assert json.loads(found.to_json())["aic"] is None


def test_numbers_that_are_not_exact_are_as_they_were():
    """R: AIC(lm(y ~ x)) and BIC, which count sigma."""
    y = 0.5 + 0.0003 * SIZES + NOISE
    found = regress(y, {"sentences": SIZES})
    n, left = ROWS, found.sse
    assert found.aic == pytest.approx(n * (np.log(2 * np.pi * left / n) + 1) + 6)
    assert found.bic == pytest.approx(found.aic + (np.log(n) - 2) * 3)
    assert found.aic == pytest.approx(-2 * found.log_likelihood + 6)
    kink = threshold(y, SIZES, n_resamples=0)
    assert kink.aic == pytest.approx(-2 * kink.log_likelihood + 2 * 4)


def test_an_exact_line_is_no_threshold():
    y = RESPONSES["line"]
    assert test_threshold(y, SIZES, n_simulations=99).p == 1
    found = compare_shapes(y, SIZES, n_simulations=99)
    assert math.isnan(found.aic["linear"])
    assert found.advantage < 0
    assert "straight line" in found._summary()[0]


def test_a_response_of_0_and_1_has_no_log_odds(tmp_path):
    path = write(tmp_path / "runs.csv", SIZES, RESPONSES["0 and 1"])
    (part,) = analyse_table(path, n_resamples=100).learners
    assert part.fractional is None
    assert "perfect separation" in part.not_fitted["fractional logit"]


@pytest.mark.parametrize(("value", "says"), [(1e200, "too large"), (1e-200, "too small")])
def test_what_cannot_be_calculated_with_is_refused_with_its_line(tmp_path, value, says):
    sizes = SIZES.copy()
    sizes[4] = value
    path = write(tmp_path / "runs.csv", sizes, RESPONSES["power law"])
    with pytest.raises(InputError, match=f"line 6.*{says}"):
        analyse_table(path)


def test_the_threshold_has_one_interval(tmp_path):
    path = write(tmp_path / "runs.csv", SIZES, np.minimum(0.2 + 0.001 * SIZES, 0.8) + NOISE / 5)
    (part,) = analyse_table(path, n_resamples=100).learners
    own, last = part.thresholds["upperhinge"], part.sensitivity
    assert (last.thresholds[-1], last.lower[-1], last.upper[-1]) == (own.estimate, *own.interval)


def test_figures_of_exact_tables_can_be_drawn(tmp_path):
    path = write(tmp_path / "runs.csv", SIZES, RESPONSES["size and density"])
    assert all(
        svg.startswith("<svg")
        for svg in draw_table_analysis(analyse_table(path, n_resamples=100)).values()
    )
