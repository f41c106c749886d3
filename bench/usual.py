"""What models of one size usually differ by: the prior that studies begin with.

From the models of ``bench/components.py``: for corpus c, size n (sentences), training set i, seed j

``logit F1 = m_cn + √T_cn·(√ρ_c·set_i + √(1-ρ_c)·seed_ij) + noise_i + noise_ij``

with ``log T_cn ~ N(a + b·log(n/100) + g·m_cn, τ²)`` and ``ρ_c ~ Beta``. Noise is what evaluation
documents do to single models beyond what they do to all; two models of one training set share most
of it. T and ρ are integrated out on grids; the rest is found by maximum likelihood. The studies of
``bench/across.py`` (150 models of nine corpora each, up to a thousand sentences, one a training
set) say how T goes on for larger sets; of their noise only the usual size is known.

    python bench/usual.py bench/results/components.jsonl.xz [--write FILE]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, stats
from scipy.special import logsumexp

from components import counts, levels, read

Array = np.ndarray[Any, Any]

SHARES = (np.arange(40) + 0.5) / 40
WIDTHS = np.linspace(-4, 4, 41)
"""Standard deviations around the expected log T at which it is integrated."""

_ACROSS = Path(__file__).resolve().parent / "results" / "across-default"
NOISE = 0.0015
"""Variance that some 770 evaluation sentences give each model of those studies by themselves."""

LEAST_SENTENCES, BINS = 30, 5

LEAST_MODELS, LEAST_CORRECT = 4, 20
"""Cells with fewer models, or fewer right spans a model, are left out."""


def main() -> None:
    """Fit, print, and leave each corpus out in turn."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", type=Path, help="where the prior is kept")
    asked = parser.parse_args()
    cells = [*cells_of(read(asked.file)), *cells_across(_ACROSS)]
    found = fit(cells)
    print(
        f"{len({c['corpus'] for c in cells})} corpora, {len(cells)} cells, "
        f"{sum(len(c['level']) for c in cells)} models"
    )
    print({k: round(v, 3) for k, v in found.items()})
    spread = [
        float((np.log(c["total"]) - expected(found, c)) / found["sd"])
        for c in cells
        if c["total"] > 0
    ]
    print(f"standardised log totals as they are: SD {np.std(spread):.2f}, of 1 and sampling error")
    if asked.write:
        kept = {
            "what": "variance of logit F1 between models of one size; made by bench/usual.py",
            "corpora": len({c["corpus"] for c in cells}),
            "models": sum(len(c["level"]) for c in cells),
            **{k: round(v, 4) for k, v in found.items()},
        }
        asked.write.write_text(json.dumps(kept, indent=1) + "\n")


def cells_of(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return levels, noise and which set each model has, for each corpus and size."""
    cells = []
    for name, size in sorted({(row["corpus"], row["sentences"]) for row in rows}):
        mine = [r for r in rows if (r["corpus"], r["sentences"]) == (name, size)]
        table = np.array([counts(row) for row in mine], dtype=float)
        if len(mine) < LEAST_MODELS or table[..., 0].sum(axis=1).mean() < LEAST_CORRECT:
            continue
        _, level, effect = levels(table)
        sets = np.array([r["set"] for r in mine])
        squares = ((effect[:, None] - effect) ** 2).sum(axis=2) / 2
        same = sets[:, None] == sets
        noise = float(squares[~same].mean())
        again = same & ~np.eye(len(sets), dtype=bool)
        cells.append(
            {
                "corpus": name,
                "sentences": float(np.mean([r["trained_on"] for r in mine])),
                "level": level,
                "set": sets,
                "noise": noise,
                "noise_of_seed": float(squares[again].mean()) if again.any() else noise,
                "total": float(level.var(ddof=1)) - noise,
            }
        )
    return cells


def cells_across(folder: Path) -> list[dict[str, Any]]:
    """Return levels around a smooth curve, for each corpus and some sizes of its study."""
    cells = []
    for path in sorted(folder.glob("*.json")):
        kept = json.loads(path.read_text())
        size, f1 = (np.array(kept["points"][key], dtype=float) for key in ("sentences", "f1"))
        use = (size >= LEAST_SENTENCES) & (f1 > 0.02)
        x, level = np.log(size[use]), np.log(f1[use] / (1 - f1[use]))
        curve = np.polyval(np.polyfit(x, level, 4), x)
        for rows in np.array_split(np.argsort(x), BINS):
            left = level[rows] - curve[rows]
            # the curve takes a parameter of each bin
            left *= np.sqrt(len(rows) / (len(rows) - 1))
            cells.append(
                {
                    "corpus": kept["name"],
                    "sentences": float(np.exp(x[rows].mean())),
                    "level": left + curve[rows].mean(),
                    "set": np.arange(len(rows)),
                    "noise": NOISE,
                    "noise_of_seed": NOISE,
                    "total": float(left.var(ddof=1)) - NOISE,
                }
            )
    return cells


def expected(found: dict[str, float], cell: dict[str, Any]) -> float:
    """Return the expected log variance of a cell."""
    length = np.log(cell["sentences"] / 100)
    return float(
        found["intercept"] + found["by_length"] * length + found["by_level"] * cell["level"].mean()
    )


def fit(cells: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the prior's parameters by maximum likelihood."""
    names = sorted({c["corpus"] for c in cells})
    totals = np.linspace(np.log(1e-4), np.log(3), 60)
    tables = [_likelihood(c, np.exp(totals)) for c in cells]  # each (shares, totals)

    def lost(x: Array) -> float:
        intercept, by_length, by_level, log_sd, mean, log_weight = x
        at = {"intercept": intercept, "by_length": by_length, "by_level": by_level}
        share, weight = 1 / (1 + np.exp(-mean)), np.exp(log_weight)
        beta = stats.beta.logpdf(SHARES, share * weight, (1 - share) * weight)
        beta -= logsumexp(beta)
        by_corpus = dict.fromkeys(names, beta)
        for cell, table in zip(cells, tables, strict=True):
            prior = stats.norm.logpdf(totals, expected(at, cell), np.exp(log_sd))
            by_corpus[cell["corpus"]] = by_corpus[cell["corpus"]] + logsumexp(
                table + prior - logsumexp(prior), axis=1
            )
        penalty = 0.5 * ((log_weight - np.log(4)) / 1.0) ** 2  # a share's spread is hardly seen
        return penalty - sum(float(logsumexp(height)) for height in by_corpus.values())

    start = np.array([-4.8, -0.3, -0.8, np.log(0.8), 0.4, np.log(4)])
    best = optimize.minimize(lost, start, method="Nelder-Mead", options={"maxiter": 4000})
    intercept, by_length, by_level, log_sd, mean, log_weight = (float(v) for v in best.x)
    return {
        "intercept": intercept,
        "by_length": by_length,
        "by_level": by_level,
        "sd": float(np.exp(log_sd)),
        "share": float(1 / (1 + np.exp(-mean))),
        "share_weight": float(np.exp(log_weight)),
    }


def _likelihood(cell: dict[str, Any], totals: Array) -> Array:
    """Return the restricted log-likelihood of a cell's levels, shape (shares, totals)."""
    y, of_seed = cell["level"], cell["noise_of_seed"]
    same = (cell["set"][:, None] == cell["set"]).astype(float)
    ones = np.ones((len(y), 1))
    known = max(cell["noise"] - of_seed, 0.0) * same + of_seed * np.eye(len(y))
    found = np.empty((len(SHARES), len(totals)))
    for i, share in enumerate(SHARES):
        for k, total in enumerate(totals):
            v = known + total * (share * same + (1 - share) * np.eye(len(y)))
            inverse = np.linalg.inv(v)
            information = float((inverse @ ones).sum())
            mean = float(inverse.sum(axis=0) @ y) / information
            squares = float((y - mean) @ inverse @ (y - mean))
            found[i, k] = -0.5 * (np.linalg.slogdet(v)[1] + np.log(information) + squares)
    return found


if __name__ == "__main__":
    main()
