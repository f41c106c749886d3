"""Intervals for the density of unlabelled text cover; naive counts do not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tools.simulations import tagged

STUDIES = 300


@pytest.mark.slow
@pytest.mark.parametrize("recall", [0.5, 0.95])
@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_95_percent_intervals(factor, recall):
    """All labels together and each of two; with 300 studies .95 has a standard error of 1.3 points.

    `bench/density.py` does the same with more studies and other sizes.
    """
    truth = tagged.EPS * factor * np.array([1.0, *tagged.SHARES])
    inside, ratios = np.zeros(3), np.zeros(3)
    errors = []
    for seed in range(STUDIES):
        found = tagged.estimates(seed, factor, recall)
        inside += [q.low <= t <= q.high for q, t in zip(found, truth, strict=True)]
        ratios += [q.ratio_low <= 1 / factor <= q.ratio_high for q in found]
        every = found[0]
        errors.append([every.corrected, every.found, every.scaled, every.high - every.low])
    low, high = stats.binom.ppf([0.001, 0.9995], STUDIES, 0.95)
    for covered in (inside, ratios):
        assert (covered >= low).all(), covered / STUDIES
        assert (covered <= high).all(), covered / STUDIES
    corrected, naive, scaled, width = np.mean(errors, axis=0)
    assert corrected == pytest.approx(truth[0], rel=0.01)
    assert width < 1.15 * 3.92 * np.std([e[0] for e in errors])
    # Counting misses half where half is missed; scaling is drawn to the annotated text's density.
    assert recall > 0.5 or naive < 0.75 * truth[0]
    if factor != 1:
        assert abs(scaled - truth[0]) > 5 * abs(corrected - truth[0])
