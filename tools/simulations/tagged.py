"""Simulated taggers on text of a known density."""

from __future__ import annotations

import numpy as np

from suffice.stats import Calibration, Production, quantify

EPS = 1.3
SHARES = np.array([0.6, 0.4])
LABELS = ("ORG", "PERSON")


def text(rng, units, factor, recall, false=6.0):
    """Draw documents that differ in length, density, recall and false spans, and what is found.

    False spans come with text (`false` for 1,000 tokens), missed ones with entities. One entity in
    twenty is found with the other label, and one in thirty as two spans.
    """
    sentences = rng.poisson(4, units) + 1
    tokens = rng.poisson(22 * sentences) + 3
    density = EPS * factor * rng.gamma(4, 1 / 4, units)
    true = rng.poisson(np.outer(density * sentences, SHARES))
    logit = np.log(recall / (1 - recall)) + rng.normal(0, 0.6, units)
    difficulty = rng.gamma(1.5, 1 / 1.5, units)
    found = np.zeros((units, 2, 3))
    for k in range(2):
        hits = rng.binomial(true[:, k], 1 / (1 + np.exp(-logit)))
        other = rng.binomial(hits, 0.05)
        found[:, k, k] = hits - other + rng.binomial(hits - other, 0.03)
        found[:, 1 - k, k] = other
        found[:, k, 2] = rng.poisson(false / 1000 * SHARES[k] * tokens * difficulty)
    return Calibration(*(np.asarray(a, dtype=float) for a in (found, true, tokens, sentences)))


def estimates(seed, factor, recall, *, annotated=150, unlabelled=300, n_resamples=400):
    """Return the densities that are estimated of text whose density differs by a factor."""
    rng = np.random.default_rng([seed, round(1000 * recall), round(1000 * factor)])
    calibration = text(rng, annotated, 1.0, recall)
    other = text(rng, unlabelled, factor, recall)
    production = Production(other.found.sum(axis=2), other.tokens, other.sentences)
    return quantify(calibration, production, LABELS, n_resamples=n_resamples, seed=seed)
