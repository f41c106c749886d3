"""Simulated studies with a known truth."""

from __future__ import annotations

from functools import cache

import numpy as np

from suffice.stats.runs import Runs

SIZES = (5, 10, 20, 40, 80, 150, 240, 300)
POOL, EVALUATION = 300, 130
DIFFICULTY_SD = 0.8


def mean_logit(n):
    """Return the logit of F1 of an average run on an average document."""
    f1 = 0.9 - 1.2 * np.asarray(n, dtype=float) ** -0.5
    return 1.08 * np.log(f1 / (1 - f1))


def run_sd(n):
    """Return the SD between runs of one size, on the logit scale."""
    return 0.12 * (n / 20) ** -0.3


def scores(logits, entities, rng):
    """Draw correct, spurious and missed spans of each document."""
    p = 1 / (1 + np.exp(-logits))
    correct = rng.binomial(entities, p)
    return np.stack([correct, rng.binomial(entities, 0.9 * (1 - p)), entities - correct], axis=-1)


def study(seed, share_of_sets, *, sets=6):
    """Simulate a study in which documents make a share of the variance between runs of one size.

    Documents of the pool differ in their usefulness and act linearly; evaluation documents differ
    in their difficulty and in their number of entities.
    """
    rng = np.random.default_rng(seed)
    usefulness = rng.normal(size=POOL)
    difficulty = rng.normal(0, DIFFICULTY_SD, EVALUATION)
    entities = rng.poisson(6, EVALUATION) + 1
    size, training_set, counts = [], [], []
    for n in SIZES:
        for j in range(sets):
            drawn = rng.permutation(POOL)[:n]
            of_set = np.sqrt(share_of_sets) * usefulness[drawn].sum() / np.sqrt(n)
            for _ in range(2 if j < 2 else 1):
                noise = of_set + np.sqrt(1 - share_of_sets) * rng.normal()
                logits = mean_logit(n) + run_sd(n) * noise + difficulty
                counts.append(scores(logits, entities, rng))
                size.append(n)
                training_set.append(len(size) if n == POOL else n * 100 + j)
    return Runs(np.array(size, float), np.stack(counts), np.array(training_set), POOL, POOL)


@cache
def truth(n):
    """Return F1(n): expected micro-F1 over new training sets, on all documents there are."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(300, 1)) * run_sd(n)
    logits = mean_logit(n) + noise + rng.normal(0, DIFFICULTY_SD, (1, 6000))
    entities = rng.poisson(6, 6000) + 1
    p = 1 / (1 + np.exp(-logits))
    correct = (p * entities).sum(axis=1)
    spurious = (0.9 * (1 - p) * entities).sum(axis=1)
    missed = entities.sum() - correct
    return float((2 * correct / (2 * correct + spurious + missed)).mean())
