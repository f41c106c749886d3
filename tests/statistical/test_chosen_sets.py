"""Intervals of the density experiment cover what F1 was made with; no effect is not found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from suffice.stats.mismatch import mismatch
from suffice.stats.no_effect import thresholds_without_effect
from tests.statistical.chosen import World, design, draw_world, without_chance

WORLDS = {
    "nothing": World(),
    "mismatch": World(mismatch=-0.05),
    "level": World(level=0.04),
    "matched": World(mismatch=-0.02, level=0.02, matched=0.02),
}


def covered(sets, world, draws, seed):
    """Return, by effect, whether each draw's interval holds the truth."""
    truth = values(mismatch(without_chance(sets, world), replicates=2))
    rng = np.random.default_rng(seed)
    hits = {name: [] for name in truth}
    for _ in range(draws):
        found = values(mismatch(draw_world(sets, world, rng), replicates=100))
        for name, effect in found.items():
            hits[name].append(effect.low <= truth[name].value <= effect.high)
    return hits


def values(found):
    """Return the effects that are printed, by name."""
    out = {}
    for kind, slopes in found.slopes.items():
        for name in ("below", "above", "mismatch", "level"):
            out[f"{kind} {name}"] = getattr(slopes, name)
    out["crossed"] = found.crossed.effect
    out["bent"] = found.bent
    return out


@pytest.mark.parametrize("name", WORLDS)
def test_intervals_cover(name):
    draws = 60
    hits = covered(design(), WORLDS[name], draws, seed=3)
    least = stats.binom.ppf(0.001, draws, 0.95)
    rates = {effect: sum(h) for effect, h in hits.items()}
    assert min(rates.values()) >= least, rates
