"""Three estimates of what having one pool does to the mean F1 of its training sets.

    python bench/pool_part.py [--studies 100]

For each the mean estimate of the variance at n over its true value, and the root mean square of the
error, as a part of the true value of a study in which documents make all of the variance.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from _tools import simulate
from suffice.stats import Runs
from suffice.stats._f1.run_variance import estimate_spread
from suffice.stats._f1.scores import evaluation_noise, influence, logit

ATTENUATION = 0.91
"""Micro-F1's logit moves by this part of what all documents' logits move (difficulty SD .8)."""


def main() -> None:
    """Print a line for each world, size and estimate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--studies", type=int, default=100)
    studies = parser.parse_args().studies
    print(f"{studies} studies. Mean (root mean square error), in units of the full variance")
    print(
        f"{'documents':<11}{'runs':<6}{'n/N':<6}{'truth':<8}{'scatter':<16}"
        f"{'likelihood':<16}{'jackknife':<16}"
    )
    for runs in (10, 50):
        for share in (0.0, 0.5, 1.0):
            world = simulate.World(share=share, runs=runs)
            sizes = [round(part * world.pool) for part in (0.3, 0.6, 0.9)]
            found = np.array([_estimates(world, 500_000 + k, sizes) for k in range(studies)])
            for k, n in enumerate(sizes):
                full = (ATTENUATION * simulate.model_sd(world, n)) ** 2 * n / world.pool
                cells = ""
                for method in range(3):
                    values = found[:, method, k] / full
                    rms = np.sqrt(np.mean((values - share) ** 2))
                    cells += f"{f'{values.mean():.2f} ({rms:.2f})':<16}"
                print(
                    f"{share:<11.0%}{runs:<6}{n / world.pool:<6.1f}{share:<8.1f}{cells}", flush=True
                )


def _estimates(world: Any, seed: int, sizes: list[int]) -> list[list[float]]:
    runs = simulate.study(world, seed)
    y = logit(runs.f1())
    noise = evaluation_noise(influence(runs), runs.size)
    spread = estimate_spread(runs, y, noise, 400, np.random.SeedSequence(0))
    n = np.array(sizes, dtype=float)
    likelihood = np.median(spread.of_set(n), axis=0) * n / world.pool
    return [
        [_scatter(runs, y, size) for size in sizes],
        likelihood.tolist(),
        [_jackknife(runs, y, size) for size in sizes],
    ]


def _scatter(runs: Runs, y: np.ndarray[Any, Any], n: int) -> float:
    """Return n/(N - n) times the variance between runs less that between seeds of one set."""
    rows = runs.size == n
    own, sets = y[rows], runs.training_set[rows]
    _, where, count = np.unique(sets, return_inverse=True, return_counts=True)
    within = own - (np.bincount(where, own) / count)[where]
    seeds = float(within @ within) / max(int((count - 1).sum()), 1)
    return max(float(own.var(ddof=1)) - seeds, 0.0) * n / max(runs.pool - n, 1)


def _jackknife(runs: Runs, y: np.ndarray[Any, Any], n: int) -> float:
    """Return the infinitesimal jackknife for subsamples, less its Monte-Carlo bias.

    Wager, Hastie & Efron, Journal of Machine Learning Research 2014;15:1625, with the factor for
    drawing without replacement of Wager & Athey, JASA 2018;113:1228, section 2.
    """
    rows = np.flatnonzero(runs.size == n)
    # Seeds of one set are averaged: they are no further subsamples.
    _, first, where = np.unique(runs.training_set[rows], return_index=True, return_inverse=True)
    own = np.bincount(where, y[rows]) / np.bincount(where)
    own = own - own.mean()
    inside = np.asarray(runs.inclusion, dtype=float)[rows[first]]  # type: ignore[arg-type]
    covariance = (inside - n / runs.pool).T @ own / len(own)
    size = runs.pool
    factor = (size - 1) / size * (size / (size - n)) ** 2
    bias = size * (n / size) * (1 - n / size) * float(own.var()) / len(own)
    return factor * (float(covariance @ covariance) - bias)


if __name__ == "__main__":
    main()
