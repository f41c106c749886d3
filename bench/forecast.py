"""Backtest of learning curves: fit the small sizes, forecast 2 and 4 times the largest of them.

python bench/forecast.py [--shared ../shared] [--sets 20] [--corpus NAME ...]

Curves are those of the learner ``lookup`` (no torch) on the shared corpora; they are not those of
the published marks (LCDB), which are not at hand. One line a rule: mean absolute error in points of
F1, over all corpora and cuts, and in how many of them the rule is the best.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from _corpora import read
from suffice.learners.lookup import Lookup
from suffice.scoring import count
from suffice.stats import average_learning_curves, fit_learning_curve
from suffice.stats._curves.families import FAMILIES

SMALLEST = 8
MOST_EVALUATED = 150


def curve(shared: Path, name: str, sets: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sizes (k,) and F1 of every training set (k, sets)."""
    documents = list(read(shared, name))
    order = np.random.default_rng(20261124).permutation(len(documents)).tolist()
    cut = min(MOST_EVALUATED, int(0.3 * len(documents)))
    held = [documents[i] for i in order[:cut]]
    pool = [documents[i] for i in order[cut:]]
    labels = sorted({s.label for d in documents for s in d.spans})
    steps = int(np.floor(2 * np.log2(len(pool) / 1.5 / SMALLEST)))
    sizes = np.unique((SMALLEST * 2 ** (np.arange(steps + 1) / 2)).round().astype(int))
    learner = Lookup()
    f1 = np.zeros((len(sizes), sets))
    for i, size in enumerate(sizes):
        for k in range(sets):
            chosen = np.random.default_rng([int(size), k]).permutation(len(pool))[:size]
            tagger = learner.train([pool[j] for j in chosen], labels, seed=k)
            f1[i, k] = count(held, tagger.tag(held), labels).f1()
    return sizes.astype(float), np.nan_to_num(f1)


def forecasts(n: np.ndarray, y: np.ndarray, at: np.ndarray) -> dict[str, np.ndarray]:
    """Forecast F1 by every rule."""
    out = {"last value": np.full(len(at), y[n == n.max()].mean())}
    for name in FAMILIES:
        if len(np.unique(n)) >= FAMILIES[name].free:
            out[name] = fit_learning_curve(y, n, name).at(at)
    found = average_learning_curves(y, n, n_resamples=100)
    out["average"] = found.at(at)
    curves = found.curves
    aic = np.array([fit.aic for fit in curves.values()])
    akaike = np.exp(-0.5 * (aic - aic.min()))
    values = np.stack([fit.at(at) for fit in curves.values()])
    out["average, AIC"] = (akaike / akaike.sum()) @ values
    out["average, equal"] = values.mean(axis=0)
    out["median of all"] = np.median(values, axis=0)
    return out


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--sets", type=int, default=20, help="training sets a size")
    parser.add_argument("--corpus", nargs="+", help="only these")
    arguments = parser.parse_args()
    errors: dict[int, dict[str, list[float]]] = {2: {}, 4: {}}
    for path in sorted((arguments.shared / "corpora").glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        if arguments.corpus and name not in arguments.corpus:
            continue
        sizes, f1 = curve(arguments.shared, name, arguments.sets)
        mean = f1.mean(axis=1)
        print(f"{name:22} {sizes[0]:.0f} to {sizes[-1]:.0f}: {mean[0]:.3f} to {mean[-1]:.3f}")
        for last in range(5, len(sizes) - 2):
            n = np.repeat(sizes[: last + 1], arguments.sets)
            ahead = {times: last + {2: 2, 4: 4}[times] for times in errors}
            known = {times: i for times, i in ahead.items() if i < len(sizes)}
            found = forecasts(n, f1[: last + 1].ravel(), sizes[list(known.values())])
            for rule, values in found.items():
                for (times, i), value in zip(known.items(), values, strict=True):
                    errors[times].setdefault(rule, []).append(100 * abs(value - mean[i]))
    for times, rules in errors.items():
        print(f"\n{times} times the largest size, points of F1")
        table = np.array(list(rules.values()))
        best = np.bincount(table.argmin(axis=0), minlength=len(table))
        for (rule, values), wins in zip(rules.items(), best, strict=True):
            error = np.std(values, ddof=1) / np.sqrt(len(values))
            print(f"{rule:16} {np.mean(values):6.2f} (error {error:.2f})  best in {wins}")
        print(f"{table.shape[1]} forecasts; they share corpora, so the error is too small")


if __name__ == "__main__":
    main()
