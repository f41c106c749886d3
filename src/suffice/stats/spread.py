"""How much F1 varies between runs of one size: training sets, seeds, and what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.stats.averaging import by_size, families
from suffice.stats.result import Result
from suffice.stats.runs import Runs

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Spread(Result):
    """How much F1 varies between runs of one size, and why.

    ``Var(F1 of a run of size n) = (sets·(1 - n/N) + seeds)·n^exponent``

    Parameters
    ----------
    sets, seeds : ndarray, shape (replicates,)
        Draws from what is known of the two components.
    total : ndarray, shape (replicates,)
        Draws from what is known of their sum, on average over the runs.
    exponent : float
        How the variance changes with n; about -.5 is common.
    sets_known : bool
        False where the sets' part could not be told from noise, so that its upper bound is used.
    caveats : tuple of str
        What to keep in mind.
    """

    sets: Array
    seeds: Array
    total: Array
    exponent: float
    sets_known: bool
    caveats: tuple[str, ...] = ()

    def of_set(self, n: Array) -> Array:
        """Return draws of the variance of one random training set, shape (replicates, sizes)."""
        return self.sets[:, None] * np.asarray(n, dtype=float) ** self.exponent

    def of_runs(self, n: Array, pool: int) -> tuple[Array, Array]:
        """Return draws of the variance between sets of one pool, and between seeds.

        Both have the shape (replicates, sizes). Where the two could not be told apart all scatter
        counts as the seeds', which do not vanish at the whole pool.
        """
        sizes = np.asarray(n, dtype=float)
        scale = sizes**self.exponent
        if not self.sets_known:
            return np.zeros((len(self.total), len(sizes))), self.total[:, None] * scale
        left = np.maximum(1 - sizes / pool, 0)
        return self.sets[:, None] * left * scale, self.seeds[:, None] * scale

    def of_one(self, n: Array) -> Array:
        """Return draws of the variance of one model on a random training set from the source."""
        return (self.sets + self.seeds)[:, None] * np.asarray(n, dtype=float) ** self.exponent


def estimate_spread(
    runs: Runs,
    f1: Array,
    sizes: Array,
    where: NDArray[np.int_],
    replicates: int,
    seed: np.random.SeedSequence,
) -> Spread:
    """Return what the runs' scatter around their fitted curve says of sets and seeds."""
    weights = np.bincount(where).astype(float)
    fitted = f1
    for _ in range(2):
        models, share = families(sizes, by_size(f1[None], where), weights)
        fitted = (share @ np.concatenate([m.at(sizes) for m in models]))[where]
        exponent = _exponent(runs, f1 - fitted)
        weights = np.bincount(where) / sizes**exponent

    parameters = min(3, len(sizes))
    scaled = (f1 - fitted) ** 2 / runs.size**exponent
    df = max(1, len(f1) - parameters)
    total = scaled.sum() / df
    seeds, df_seeds = _within_sets(runs, f1, exponent)
    rng = np.random.default_rng(seed)
    total_draws = np.maximum(total, 1e-12) * df / rng.chisquare(df, replicates)
    free = max(float(np.mean(1 - runs.size / runs.pool)), 0.05)
    if df_seeds < 3:
        caveat = (
            "training sets and seeds could not be told apart: all scatter between runs is taken "
            "as the training sets', which is an upper bound for the pool's part"
        )
        nothing = np.zeros(replicates)
        return Spread(total_draws / free, nothing, total_draws, exponent, False, (caveat,))
    seed_draws = seeds * df_seeds / rng.chisquare(df_seeds, replicates)
    seed_draws = np.minimum(seed_draws, total_draws)
    set_draws = (total_draws - seed_draws) / free
    if np.mean(set_draws <= 0) <= 0.05:
        return Spread(set_draws, seed_draws, total_draws, exponent, True)
    bound = np.full(replicates, np.quantile(set_draws, 0.8))
    caveat = (
        "the training sets' part of the scatter cannot be told from the seeds': "
        "its upper bound (80 %) is used for the pool's part"
    )
    return Spread(bound, seed_draws, total_draws, exponent, False, (caveat,))


def _exponent(runs: Runs, residual: Array) -> float:
    """Return how the variance between runs changes with n, drawn towards -.5 when runs are few."""
    x = np.log(runs.size) - np.log(runs.size).mean()
    half = np.maximum(1 - 0.5 * np.minimum(runs.size / runs.pool, 1), 0.25)
    y = np.log(np.maximum(residual**2, 1e-8) / half)
    noise, prior, prior_sd = np.pi**2 / 2, -0.5, 0.5
    precision = (x @ x) / noise + 1 / prior_sd**2
    return float(np.clip(((x @ y) / noise + prior / prior_sd**2) / precision, -2.0, 0.5))


def _within_sets(runs: Runs, f1: Array, exponent: float) -> tuple[float, int]:
    """Return the scaled variance between seeds of one training set, and its degrees of freedom."""
    _, where, count = np.unique(runs.training_set, return_inverse=True, return_counts=True)
    df = int((count - 1).sum())
    if not df:
        return 0.0, 0
    mean = np.bincount(where, f1) / count
    scaled = (f1 - mean[where]) ** 2 / runs.size**exponent
    return float(scaled.sum() / df), df
