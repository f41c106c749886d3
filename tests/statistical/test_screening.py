"""With a screen intervals cover as without one, the estimate is the better for it, never wider.

A short version of ``bench/screen.py simulate``; docs/measurements.md has the long one's figures.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tools.simulations import screened

STUDIES = 30
LARGE = screened.World(
    share=0.5,
    fractions=tuple(f * 0.15 for f in screened.FRACTIONS),
    pool=2000,
    evaluation=600,
    difficulty_sd=0.3,
)
"""So many documents that the runs make most of the error, and a screen matters."""

SMALL = screened.World(share=0.5, fractions=screened.FRACTIONS)
ROTATING = replace(SMALL, pool=300, folds=5, rotating=True)
ROTATING_LARGE = replace(
    LARGE, fractions=tuple(f * 0.15 for f in screened.FRACTIONS), pool=2500, folds=5, rotating=True
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("world", "rho"),
    [
        (SMALL, 0.0),
        (SMALL, 0.9),
        (LARGE, 0.9),
        (ROTATING, 0.0),
        (ROTATING, 0.9),
        (ROTATING_LARGE, 0.9),
    ],
    ids=["none", "documents", "runs", "folds none", "folds documents", "folds runs"],
)
def test_95_percent_intervals(world, rho):
    """Counts of 30 studies below the bound come once in a thousand if 94 % are true."""
    sizes = [round(f * world.sizes[-1] / 0.9) for f in (0.15, 0.3, 0.55, 0.9)]
    truth = np.array([screened.simulate.truth(world, n) for n in sizes])
    inside, used, errors, errors_alone, told = np.zeros(4), 0, [], [], []
    for seed in range(STUDIES):
        found = screened.estimate(world, seed, rho, 24, ratio=3, n_resamples=200)
        at = np.array([found.curve.at(n) for n in sizes])
        inside += (at[:, 1] <= truth) & (truth <= at[:, 2])
        used += found.used
        errors.append(at[:, 0] - truth)
        errors_alone.append(np.array([found.alone.at(n)[0] for n in sizes]) - truth)
        told.append(found.run_ratios.mean())
        width, before = (c.high - c.low for c in (found.curve, found.alone))
        assert (width <= 1.05 * before + 1e-9).all()
    assert (inside >= stats.binom.ppf(0.001, STUDIES, 0.94)).all(), inside / STUDIES
    if not rho:
        assert used <= stats.binom.ppf(0.999, STUDIES, 0.1)
        return
    assert used > 0.8 * STUDIES
    assert np.mean(told) < 0.9
    if world in (LARGE, ROTATING_LARGE):
        # The variance of the estimates falls, and about as far as the studies say.
        ratio = np.square(errors).mean() / np.square(errors_alone).mean()
        assert ratio < 0.85
        assert ratio == pytest.approx(np.mean(told), abs=0.3)
