"""Learners side by side: in a study, and in anyone's table of runs."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from suffice.advice import phrases
from suffice.analysis.csv_table import CsvTable
from suffice.analysis.table_result import TableAnalysis
from suffice.analysis.versus import Versus, compare_in_table
from suffice.cli.show_analysis import print_table_analysis
from suffice.report.run_table import draw_table_analysis
from suffice.scoring import F1
from suffice.stats import Equivalence, PairedDifference

GAIN = {"probe": 0.0, "finetune": 0.05, "spacy": 0.05}


def rows(folds: int = 1, seed: int = 0) -> list[dict[str, object]]:
    """Simulate three learners on the same 20 training sets."""
    rng = np.random.default_rng(seed)
    out = []
    for n in (20, 40, 80, 160):
        for replicate in range(5):
            shared = 0.85 - 0.9 * n**-0.5 + rng.normal(0, 0.01)
            sentences = int(rng.poisson(5 * n)) + 1
            for learner, gain in GAIN.items():
                for fold in range(folds):
                    out.append(
                        {
                            "learner": learner,
                            "size": n,
                            "replicate": replicate,
                            "fold": fold,
                            "documents": n,
                            "sentences": sentences,
                            "entities": 2 * sentences + int(rng.integers(-20, 20)),
                            "f1": round(shared + gain + rng.normal(0, 0.004), 5),
                        }
                    )
    return out


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def compared(path: Path, lines: list[dict[str, object]], pool: int | None = 300) -> Versus | None:
    table = CsvTable.read(write(path, lines))
    own = {name: [k for k, r in enumerate(lines) if r["learner"] == name] for name in GAIN}
    f1 = {name: [float(str(lines[k]["f1"])) for k in kept] for name, kept in own.items()}
    return compare_in_table(table, own, f1, pool=pool)


def test_differences_are_means_over_the_shared_training_sets(tmp_path: Path) -> None:
    lines = rows()
    found = compared(tmp_path / "t.csv", lines)
    assert found is not None
    assert (found.shared, found.smallest, found.largest) == (20, 20, 160)
    mean = {n: np.mean([float(str(r["f1"])) for r in lines if r["learner"] == n]) for n in GAIN}
    assert found.ranking.names == tuple(sorted(mean, key=lambda n: -mean[n]))
    for pair, (gap, low, high) in found.ranking.differences.items():
        first, second = pair.split(" - ")
        assert gap == pytest.approx(mean[first] - mean[second])
        assert low < gap < high
    assert found.ranking.ranks == ((1, 2), (1, 2), (3, 3))
    assert found.equivalences["probe"].verdict == "no better"
    other = found.ranking.names[1]
    assert found.equivalences[other].verdict == "equivalent"
    said = phrases.describe_ranking(found)
    assert f"{found.best} 1 to 2, {other} 1 to 2, probe 3" in said
    assert "20 training sets of 20–160 documents" in said
    assert sum("evaluation documents" in c for c in found.caveats) == 1
    assert sum("could not be told apart" in c for c in found.caveats) <= 1


def test_folds_are_one_run_and_sets_that_miss_one_are_left_out(tmp_path: Path) -> None:
    lines = rows(folds=3)
    whole = compared(tmp_path / "a.csv", lines)
    assert whole is not None
    assert whole.shared == 20
    mean = np.mean([float(str(r["f1"])) for r in lines if r["learner"] == "probe"])
    assert whole.ranking.f1[2] == pytest.approx(mean)
    fewer = compared(tmp_path / "b.csv", lines[1:])  # a fold of the probe's first set
    assert fewer is not None
    assert fewer.shared == 19


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    lines = rows()
    without = [{k: v for k, v in r.items() if k != "replicate"} for r in lines]
    assert compared(tmp_path / "a.csv", without) is None
    apart = [
        {**r, "replicate": f"{r['learner']}{r['replicate']}"}
        if r["learner"] != "probe" or int(str(r["size"])) > 20
        else r
        for r in lines
    ]
    assert compared(tmp_path / "b.csv", apart) is None
    two = [r if r["learner"] != "spacy" else {**r, "replicate": "other"} for r in lines]
    found = compared(tmp_path / "c.csv", two, pool=None)
    assert found is not None
    assert set(found.ranking.names) == {"probe", "finetune"}
    assert any("--pool" in caveat for caveat in found.caveats)


def test_what_is_printed_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = rows()
    found = TableAnalysis("t.csv", len(lines), 0, (), compared(tmp_path / "t.csv", lines))
    print_table_analysis(found)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    said = re.sub(r"\s+", " ", printed)
    assert "Learners side by side" in said
    assert re.search(r"probe 0\.\d+ 3 ", said)
    assert "differ by less than 1 point of F1" in said
    drawn = draw_table_analysis(found)
    assert set(drawn) == {"ranking", "equivalence"}
    text = {k: "".join(ElementTree.fromstring(v).itertext()) for k, v in drawn.items()}
    assert "finetune − probe" in text["ranking"]
    assert found.versus is not None
    assert f"above {found.versus.best}" in text["equivalence"]


@pytest.mark.parametrize(
    ("verdict", "low", "high", "expected"),
    [
        ("equivalent", -0.004, 0.006, "a and b differ by less than 1 point of F1"),
        ("no worse", -0.004, 0.03, "a is worse than b by less than 1 point of F1, if at all"),
        ("no better", -0.03, 0.004, "a is not better than b by 1 point of F1; whether"),
        ("no better", -0.05, -0.02, "a is worse than b by more than 1 point of F1 ("),
        ("cannot tell", -0.05, 0.05, "whether a and b differ by less than 1 point of F1 remains"),
    ],
)
def test_no_worse_than_by_a_point_in_words(
    verdict: str, low: float, high: float, expected: str
) -> None:
    gap = PairedDifference((low + high) / 2, low, high, 9, 20, 80)
    test = Equivalence(0.01, gap, 0.5, 0.5, 0.05, verdict, (low, high))
    assert phrases.describe_equivalence(test, "a", "b", F1).startswith(expected)
