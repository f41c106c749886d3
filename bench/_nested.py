"""How often intervals cover, over the small corpora that `nested.py` studied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from suffice.stats import Runs, f1_curve

Array = np.ndarray[Any, Any]


def report(paths: Sequence[Path], part: float, beyond: Sequence[int]) -> None:
    """Print a line for each size: truth, coverage with its error, widths, and what made them.

    Then one for the last doubling studied, and one for each size beyond.
    """
    studies = [_runs(path) for path in paths]
    if len(studies) < 2:
        print("too few small corpora are studied to judge intervals")
        return
    sizes = np.unique(studies[0].size)
    truth = np.array([_pooled(studies, n) for n in sizes])
    narrower = np.sqrt(1 - part)
    rows, naive, parts, bound = [], [], [], 0
    for number, runs in enumerate(studies):
        curve = f1_curve(runs, reach=float(beyond[-1]), n_resamples=1000, seed=number)
        bound += not curve.spread.sets_known
        found = [curve.at(n) for n in sizes]
        gain = curve.draws_at(sizes[-1]) - curve.draws_at(sizes[-2])
        low, high = np.quantile(gain, [0.025, 0.975])
        found.append((found[-1][0] - found[-2][0], float(low), float(high)))
        found += [curve.at(n) for n in beyond]
        rows.append([_narrowed(f, narrower) for f in found])
        naive.append([_naive(runs, n, t) for n, t in zip(sizes, truth, strict=True)])
        parts.append(
            [[curve.part_at(k, n) ** 2 for n in sizes] for k in ("evaluation", "pool", "runs")]
        )
    rows_ = np.array(rows)
    names = [f"F1({n:.0f})" for n in sizes] + [f"F1({sizes[-1]:.0f}) - F1({sizes[-2]:.0f})"]
    names += [f"F1({n:.0f}), forecast" for n in beyond]
    wanted = np.concatenate([truth, [truth[-1] - truth[-2]], _forecast_truth(paths)])
    sd = rows_[:, :, 0].std(axis=0, ddof=1)
    points = 100 * np.sqrt(np.mean(parts, axis=0))
    print(f"{len(studies)} small corpora, {len(studies[0].size)} runs each; bound used in {bound}")
    print("                     truth  coverage (SE)  width/oracle  naive   points: ev. pool runs")
    for k, name in enumerate(names):
        inside = float(np.mean((rows_[:, k, 1] <= wanted[k]) & (wanted[k] <= rows_[:, k, 2])))
        error = np.sqrt(max(inside * (1 - inside), 0.01) / len(studies))
        width = float(np.mean(rows_[:, k, 2] - rows_[:, k, 1])) / (3.92 * sd[k])
        line = f"{name:<20}{wanted[k]:>6.3f}  {inside:.3f} ({error:.3f})  {width:>10.2f}  "
        if k < len(sizes):
            line += f"{np.mean(naive, axis=0)[k]:>7.3f}          "
            line += " ".join(f"{value:4.2f}" for value in points[:, k])
        print(line)


def _runs(path: Path) -> Runs:
    with np.load(path) as kept:
        inclusion = kept["inclusion"]
        pool = inclusion.shape[1]
        return Runs(
            kept["size"],
            kept["counts"].astype(np.int64),
            kept["training_set"],
            pool,
            pool,
            inclusion=inclusion.astype(float),
        )


def _pooled(studies: Sequence[Runs], n: float) -> float:
    """Return micro-F1 of all studies' runs of one size together."""
    total = sum(
        (runs.counts[runs.size == n].mean(axis=0).sum(axis=0) for runs in studies), np.zeros(3)
    )
    return float(2 * total[0] / (2 * total[0] + total[1] + total[2]))


def _forecast_truth(paths: Sequence[Path]) -> Array:
    """Return micro-F1 of all small corpora's models of each size beyond their pool."""
    totals = sum(np.load(path)["beyond"].sum(axis=1, dtype=float) for path in paths)
    correct, spurious, missed = np.asarray(totals).T
    return np.asarray(2 * correct / (2 * correct + spurious + missed))


def _narrowed(found: tuple[float, float, float], factor: float) -> tuple[float, float, float]:
    middle, low, high = found
    return middle, middle - factor * (middle - low), middle + factor * (high - middle)


def _naive(runs: Runs, n: float, truth: float) -> bool:
    f1 = runs.f1()[runs.size == n]
    half = stats.t.ppf(0.975, len(f1) - 1) * f1.std(ddof=1) / np.sqrt(len(f1))
    return bool(abs(f1.mean() - truth) <= half)
