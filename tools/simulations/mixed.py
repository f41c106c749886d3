"""Runs on mixed training sets with known worth, for tests of coverage."""

from __future__ import annotations

import numpy as np

from suffice.applications.synthetic.statistics.exchange import ALONE, Mixed

POOL, MADE, UNITS = 320, 640, 200
SMALL, LARGE = 20, 80
SIZES = (10, 20, 40, 80, 160, 320)


def sets(replicates=3):
    """Give (real, synthetic) documents of each run and its replicate."""
    cells = [(n, 0) for n in SIZES]
    cells += [(r, f * r) for r in (SMALL, LARGE) for f in (1, 2, 4)]
    cells += [(POOL, POOL)]
    cells += [(0, s) for s in (SMALL, LARGE, POOL)]
    return [(r, s, k) for k in range(replicates) for r, s in cells]


def simulate(rate, rng, *, later=None, bare=None, documents=0.15, own=0.08, bend=-0.15, slope=0.75):
    """Simulate a study: F1 counts on evaluation documents, from documents' linear effects.

    ``rate`` is what one synthetic sentence counts as, ``later`` beyond as many as there are real
    ones, ``bare`` without any. Documents act as in docs/uncertainty.md; evaluation documents
    differ in size and in difficulty.
    """
    later = rate if later is None else later
    bare = later if bare is None else bare
    orders = [(rng.permutation(POOL), rng.permutation(MADE)) for _ in range(10)]
    effect_real, effect_made = rng.normal(0, 1, POOL), rng.normal(0, 1, MADE)
    listed = sets()
    real = np.array([2.0 * r for r, _, _ in listed])
    made = np.array([2.0 * s for _, s, _ in listed])
    first, beyond = np.minimum(made, real), np.maximum(made - real, 0)
    alone = real == 0
    n = real + rate * first + np.where(alone, bare, later) * beyond
    inside = np.zeros((len(listed), POOL)), np.zeros((len(listed), MADE))
    error = np.zeros(len(listed))
    for j, (r, s, k) in enumerate(listed):
        ours, theirs = orders[k][0][:r], orders[k][1][:s]
        inside[0][j, ours], inside[1][j, theirs] = 1, 1
        worth = (n[j] - real[j]) / max(made[j], 1)
        norm = np.sqrt(r + worth**2 * s)
        shift = (effect_real[ours].sum() + worth * effect_made[theirs].sum()) / norm
        error[j] = np.sqrt(documents**2) * shift * (n[j] / 200) ** -0.25
    error += rng.normal(0, own, len(listed)) * (n / 200) ** -0.25
    x = np.expm1(bend * np.log(n / 200)) / bend
    logit = 0.8 + slope * x + error
    difficulty = rng.normal(0, 0.6, UNITS)
    size = rng.poisson(6, UNITS) + 1
    noise = rng.normal(0, 0.3, (len(listed), UNITS))
    p = 1 / (1 + np.exp(-(logit[:, None] + difficulty + noise)))
    correct = rng.binomial(size, p)
    wrong = size - correct
    counts = np.stack([correct, rng.binomial(wrong, 0.9), wrong], axis=-1)
    large = real >= 2 * LARGE
    kinds = {
        "small, first": first * ~large * ~alone,
        "small, later": beyond * ~large * ~alone,
        "large, first": first * large,
        "large, later": beyond * large,
        ALONE: made * alone,
    }
    return Mixed(real, made, counts, inside[0], inside[1], kinds)


AVERAGES = {
    "small": {"small, first": 0.25, "small, later": 0.75},
    "large": {"large, first": 0.25, "large, later": 0.75},
}
