"""Numbers that sum up a corpus: how things are spread over documents, and entities per sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suffice.corpus.document import Document
from suffice.results import Result


@dataclass(frozen=True)
class Spread(Result):
    """How a number is spread over documents.

    Parameters
    ----------
    least, lower, median, upper, most : float
        Minimum, quartiles (interpolated linearly) and maximum.
    mean : float
        The mean.
    documents : int
        Over how many documents.
    """

    least: float
    lower: float
    median: float
    upper: float
    most: float
    mean: float
    documents: int


def spread(values: Sequence[float]) -> Spread:
    """Return how numbers are spread; NaN everywhere if there are none."""
    count = len(values)
    if not values:
        values = [math.nan]
    array = np.asarray(values, dtype=float)
    least, lower, median, upper, most = np.quantile(array, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Spread(least, lower, median, upper, most, float(array.mean()), count)


@dataclass(frozen=True)
class Ratio(Result):
    """A ratio of two totals, with an interval that treats documents or groups as drawn whole.

    Parameters
    ----------
    estimate : float
        The ratio; NaN where the lower total is zero.
    low, high : float
        The interval; NaN with fewer than two clusters. ``low`` is not below zero, as no count is.
    level : float
        The interval's coverage.
    clusters : int
        Number of documents or groups.
    of : str
        ``"documents"`` or ``"groups"``.
    caveats : tuple of str
        What to keep in mind.
    """

    estimate: float
    low: float
    high: float
    level: float
    clusters: int
    of: str
    caveats: tuple[str, ...] = ()


def ratio(
    upper: Sequence[float],
    lower: Sequence[float],
    clusters: Sequence[str],
    level: float = 0.95,
    of: str = "documents",
) -> Ratio:
    """Return the ratio of two totals over clusters, with its linearised interval.

    Parameters
    ----------
    upper, lower : sequence of float
        The counts of each document, above and below the line.
    clusters : sequence of str
        What each document belongs to.
    level : float
        Coverage, between 0 and 1.
    of : str
        What a cluster is, for the result.

    Returns
    -------
    Ratio
        With the interval estimate ± t(k - 1) · s, where s² = k / (k - 1) · Σ (u - r l)² / (Σ l)²
        over the k clusters' sums u and l: the ratio estimator of Cochran (Sampling Techniques,
        3rd ed., equation 6.9), without a correction for finite populations.
    """
    sums: dict[str, list[float]] = {}
    for u, low, cluster in zip(upper, lower, clusters, strict=True):
        both = sums.setdefault(cluster, [0.0, 0.0])
        both[0] += u
        both[1] += low
    table = np.array(list(sums.values())).reshape(-1, 2)
    k = len(table)
    below = float(table[:, 1].sum())
    if below == 0:
        return Ratio(math.nan, math.nan, math.nan, level, k, of, ("nothing to divide by",))
    estimate = float(table[:, 0].sum()) / below
    if k < 2:
        caveat = f"a single {of.removesuffix('s')} gives no interval"
        return Ratio(estimate, math.nan, math.nan, level, k, of, (caveat,))
    from scipy.special import stdtrit  # here, because reading a corpus needs no scipy

    residuals = table[:, 0] - estimate * table[:, 1]
    error = math.sqrt(k / (k - 1) * float(residuals @ residuals)) / below
    half = float(stdtrit(k - 1, 0.5 + level / 2)) * error
    caveats = (f"only {k} {of}: the interval is rough",) if k < 20 else ()
    return Ratio(estimate, max(0.0, estimate - half), estimate + half, level, k, of, caveats)


def label_counts(documents: Sequence[Document]) -> dict[str, int]:
    """Return the number of spans of each label, most first, then by name."""
    counts = Counter(span.label for document in documents for span in document.spans)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def distinct_strings(documents: Sequence[Document]) -> int:
    """Return the number of distinct entity strings, case folded, whatever their labels."""
    return len({d.text[s.start : s.end].casefold() for d in documents for s in d.spans})
