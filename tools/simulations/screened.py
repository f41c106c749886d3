"""Simulated studies with an expensive and a cheap learner on the same training sets.

As in `simulate`, but both learners' worth of a training set correlates by `rho`, in what single
documents do as in what the set does as a whole; seeds are part of the latter. Folds rotate where
the world's do: a training set has one fold, whichever learner it is for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from suffice.stats import screened_curve
from tools.simulations import simulate

World = simulate.World
FRACTIONS = (0.04, 0.08, 0.15, 0.3, 0.55, 0.9)
CHEAPER = 0.3
"""In logits: how far the cheap learner lies below."""


def study(world, seed, rho, expensive, *, ratio=2):
    """Simulate runs of both learners: so many expensive ones, and `ratio` times as many cheap ones.

    Returns the expensive learner's runs, the cheap one's, and which share their training set.
    """
    rng = np.random.default_rng([seed, 77])
    each = expensive // len(world.sizes)
    world = replace(world, runs=each * ratio, repeated=0.0)
    unit = np.arange(world.pool)
    held = unit if world.rotating else np.arange(world.evaluation)
    own = rng.normal(size=len(held))
    entities = rng.poisson(rng.gamma(3, 2, len(held))) + 1
    unusual = [rng.normal(size=world.pool) for _ in range(2)]
    if world.rotating:
        own = world.link * unusual[0] + np.sqrt(1 - world.link**2) * own
    difficulty = world.difficulty_sd * own
    worths = [simulate._worth(world, of_pool, rng) for of_pool in unusual]
    fold = simulate._folds(world, unit, rng)
    draws = [simulate._sets(world, n, unit, fold, rng) for n in world.sizes]
    inside = np.concatenate([d[0] for d in draws])
    name = np.concatenate([1000 * i + d[1] for i, d in enumerate(draws)])
    scored_on = None
    if world.rotating:
        scored_on = simulate._rotate(name, world.folds, rng)
        inside = inside[np.arange(len(name)), scored_on][:, None]
    size = inside[:, 0].sum(axis=1)
    lucks = [
        np.sqrt(world.share) * worth(inside[:, 0])
        + np.sqrt(1 - world.share) * rng.normal(size=len(size))
        for worth in worths
    ]
    own = lucks[0]
    shared = rho * lucks[0] + np.sqrt(1 - rho**2) * lucks[1]
    made = []
    for luck, below in ((own, 0.0), (shared, CHEAPER)):
        logits = simulate.mean_logit(world, size) + simulate.model_sd(world, size) * luck - below
        counts = simulate._scores(logits[:, None] - difficulty, entities, rng)
        if scored_on is not None:
            counts = counts * (fold == scored_on[:, None])[..., None]
        made.append(simulate._runs(world, inside, name, counts, unit, held, fold, scored_on))
    chosen = np.flatnonzero(np.arange(len(size)) % (each * ratio) < each)
    match = name[chosen][:, None] == name[None]
    return made[0].take(chosen), made[1], match


def estimate(world, seed, rho, expensive, *, ratio=2, n_resamples=300):
    """Return the screening of one simulated study."""
    runs, screen, match = study(world, seed, rho, expensive, ratio=ratio)
    return screened_curve(runs, screen, match, reach=2.2 * world.pool, n_resamples=n_resamples)
