"""Anyone's table of runs: what is read, what is refused, what the command prints."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from suffice.analysis.run_table import analyse_table
from suffice.cli.app import main
from suffice.errors import InputError
from suffice.stats import overlap, regress, threshold


def runs(n: int = 40, seed: int = 0) -> dict[str, list]:
    rng = np.random.default_rng(seed)
    documents = np.unique(np.geomspace(3, 200, n).round()).astype(int)
    sentences = np.maximum(1, rng.poisson(5 * documents))
    entities = np.maximum(1, rng.poisson(1.3 * sentences))
    f1 = np.clip(0.92 - 1.4 * sentences**-0.5 + rng.normal(0, 0.02, len(documents)), 0, 1)
    return {
        "Learner": ["probe"] * len(documents),
        "documents": documents.tolist(),
        "sentences": sentences.tolist(),
        "entities": entities.tolist(),
        "distinct": (rng.poisson(0.5 * entities) + 1).tolist(),
        "F1": f1.round(6).tolist(),
    }


def write(path: Path, columns: dict[str, list], separator: str = ",") -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def test_the_whole_analysis_is_that_of_the_statistics(tmp_path: Path) -> None:
    columns = runs()
    found = analyse_table(write(tmp_path / "runs.csv", columns), n_resamples=60, pool=343)
    (part,) = found.learners
    assert part.learner == "probe"
    assert not part.not_fitted
    y, n = np.array(columns["F1"]), np.array(columns["sentences"], dtype=float)
    eps = np.array(columns["entities"]) / n
    expected = regress(y, {"sentences": n, "EPS": eps})
    assert part.regression is not None
    assert part.regression.f == pytest.approx(expected.f)
    assert part.regression.covariance == "overlap"
    assert part.thresholds["upperhinge"].estimate == threshold(y, n, n_resamples=0).estimate
    assert set(part.thresholds) == {"hinge", "upperhinge", "segmented", "step"}
    for result in (part.variants, part.fractional, part.entities, part.ranking, part.shapes):
        assert result is not None
    assert part.sensitivity is not None
    assert part.composition is not None
    assert part.curves is not None
    assert len(part.marginal) == 4
    json.dumps(found.to_dict(), allow_nan=False)


def test_inclusion_columns_give_the_overlap(tmp_path: Path) -> None:
    columns = runs(30)
    rng = np.random.default_rng(1)
    held = (rng.random((len(columns["F1"]), 25)) < 0.4).astype(int)
    held[:, 0] = 1
    columns |= {f"in:{k}": held[:, k].tolist() for k in range(25)}
    (part,) = analyse_table(write(tmp_path / "runs.csv", columns), n_resamples=60).learners
    y, n = np.array(columns["F1"]), np.array(columns["sentences"], dtype=float)
    eps = np.array(columns["entities"]) / n
    expected = regress(y, {"sentences": n, "EPS": eps}, overlap=overlap(held))
    assert part.regression is not None
    for name, value in expected.standard_errors["overlap"].items():
        assert part.regression.standard_errors["overlap"][name] == pytest.approx(value)


def test_learners_are_kept_apart_and_failed_runs_left_out(tmp_path: Path) -> None:
    columns, other = runs(30), runs(30, seed=1)
    both = {name: columns[name] + other[name] for name in columns}
    half = len(columns["F1"])
    both["Learner"] = ["b"] * half + ["a"] * (len(both["F1"]) - half)
    both["Learner"][0] = "rare"
    both["status"] = ["ok"] * len(both["F1"])
    both["status"][1], both["F1"][1] = "failed", ""
    path = write(tmp_path / "runs.csv", both, separator=";")
    found = analyse_table(path, n_resamples=60)
    assert [part.learner for part in found.learners] == ["a", "b"]
    assert found.learners[1].rows == half - 2
    assert found.failed == 1
    assert any("rare (1)" in caveat for caveat in found.caveats)
    assert [p.learner for p in analyse_table(path, learner="a", n_resamples=60).learners] == ["a"]
    with pytest.raises(InputError, match="its learners are a, b, rare"):
        analyse_table(path, learner="c")


def test_chosen_columns(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, z = rng.uniform(20, 900, 60), rng.normal(size=60)
    y = 5 + 0.01 * np.minimum(x - 400, 0) + z + rng.normal(0, 0.2, 60)
    path = write(tmp_path / "t.csv", {"a": y.tolist(), "b": x.tolist(), "c": z.tolist()})
    (part,) = analyse_table(
        path, response="a", predictor="b", covariates=["c"], n_resamples=60
    ).learners
    expected = threshold(y, x, covariates={"c": z}, predictor="b", n_resamples=0)
    assert part.thresholds["upperhinge"].estimate == pytest.approx(expected.estimate)
    assert part.smooth is not None
    assert set(part.smooth.smoothing) == {"b", "c"}
    assert part.curves is None
    assert part.fractional is None


BAD = {
    "empty": ("", "is empty"),
    "header only": ("f1,sentences,eps\n", "holds no rows"),
    "missing column": ("f1,eps\n" + "0.5,1.2\n" * 20, "no column 'sentences'"),
    "no number": ("f1,sentences,eps\n0.5,20,1.3\n0.6,many,1.2\n" + "0.7,9,1\n" * 20, "line 3"),
    "empty cell": ("f1,sentences,eps\n0.5,20,1.3\n,30,1.2\n" + "0.7,9,1\n" * 20, "holds nothing"),
    "infinite": ("f1,sentences,eps\n0.5,20,inf\n" + "0.7,9,1\n" * 20, "where a number is needed"),
    "constant": (
        "f1,sentences,eps\n" + "".join(f"0.5,{k},1.{k}\n" for k in range(10, 40)),
        "'f1' holds 0.5 in every row",
    ),
    "few rows": ("f1,sentences,eps\n0.5,20,1.3\n0.6,40,1.2\n", "too few runs"),
    "percent": (
        "f1,sentences,eps\n" + "".join(f"{k},{k},1.{k}\n" for k in range(10, 40)),
        "between 0 and 1",
    ),
    "ragged": ("f1,sentences,eps\n0.5,20,1.3\n0.6,40\n", "line 3: 2 cells"),
    "zero sentences": (
        "f1,sentences,eps\n0.1,0,1.1\n" + "".join(f"0.{k},{k},1.{k}\n" for k in range(10, 40)),
        "line 2: a training set of 0 sentences",
    ),
    "twice": ("f1,f1,eps\n" + "0.5,20,1.3\n" * 20, "two columns are named 'f1'"),
    "quotes": ('f1,sentences,eps\n"0.5,20,1.3\n', "cannot be read as CSV"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_are_one_clear_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, expected = BAD[name]
    path = tmp_path / "runs.csv"
    path.write_text(content)
    monkeypatch.setattr(sys, "argv", ["suffice", "analyse", str(path)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert expected in err
    assert "runs.csv" in err


def test_bad_files_and_options(tmp_path: Path) -> None:
    path = write(tmp_path / "runs.csv", runs(30))
    with pytest.raises(InputError, match="there is no file"):
        analyse_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        analyse_table(tmp_path)
    with pytest.raises(InputError, match="belong together"):
        analyse_table(path, response="F1")
    with pytest.raises(InputError, match="different columns"):
        analyse_table(path, response="F1", predictor="f1")
    with pytest.raises(InputError, match="between 1 and the pool's 20"):
        analyse_table(path, pool=20)
    (tmp_path / "binary.csv").write_bytes(bytes(range(128, 256)))
    with pytest.raises(InputError, match="no text in UTF-8"):
        analyse_table(tmp_path / "binary.csv")


def test_the_command_at_80_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "runs.csv", runs(30))
    monkeypatch.setenv("COLUMNS", "80")
    figures = tmp_path / "figures"
    arguments = ["suffice", "analyse", str(path), "--figures", str(figures)]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code in (0, None)
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines() if "Figures:" not in line) <= 80
    for words in ("Regression of f1", "slope, then flat", "Range sensitivity:", "Learning curves"):
        assert words in out
    assert len(list(figures.glob("*.svg"))) == 10
    chosen = ["--response", "F1", "--predictor", "sentences", "--json"]
    monkeypatch.setattr(sys, "argv", [*arguments[:3], *chosen])
    with pytest.raises(SystemExit):
        main()
    told = json.loads(capsys.readouterr().out)
    assert told["learners"][0]["thresholds"]["hinge"]["form"] == "hinge"


def test_density_that_does_not_vary_is_left_out_and_said(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(
        "f1,sentences,eps\n" + "".join(f"0.{k},{k},1.3\n" for k in range(10, 40)), encoding="utf-8"
    )
    (part,) = analyse_table(path, n_resamples=100).learners
    assert part.regression.predictors == ("sentences",)
    assert any("EPS is the same in every row" in caveat for caveat in part.caveats)


@pytest.mark.parametrize("empty", [True, False])
def test_an_optional_column_with_empty_cells_is_left_out(tmp_path: Path, empty: bool) -> None:
    """Our own export has no balance of labels where a corpus has one label."""
    columns = runs(16)
    balance = ["", *[0.5, 0.7] * len(columns["F1"])][: len(columns["F1"])]
    columns["balance"] = [""] * len(balance) if empty else balance
    found = analyse_table(write(tmp_path / "runs.csv", columns), n_resamples=20)
    (part,) = found.learners
    assert part.ranking is not None
    assert "balance" not in str(part.ranking.to_dict())
    said = [c for c in part.caveats if "balance" in c]
    n = len(balance)
    assert said == (
        [] if empty else [f"column 'balance' is empty in 1 of {n} rows and is left out"]
    )
