"""Density, lengths and labels of synthetic text compared with those of real text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.applications.synthetic.corpora import CorpusPair
from suffice.applications.synthetic.statistics.two_samples import (
    ResampledStatistics,
    largest_gap,
    resample,
)
from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens
from suffice.results import Result
from suffice.stats._density.match import MARGIN, Verdict, judge

Floats = NDArray[np.float64]

_BINS = 200
_TOTALS = ("documents", "sentences", "tokens", "entities", "entity tokens", "empty")
_RATIOS = {
    "entities per sentence": ("entities", "sentences"),
    "sentences without entities": ("empty", "sentences"),
    "tokens per sentence": ("tokens", "sentences"),
    "sentences per document": ("sentences", "documents"),
    "tokens per document": ("tokens", "documents"),
    "tokens per entity": ("entity tokens", "entities"),
}
_SHAPES = ("tokens per sentence", "tokens per document", "tokens per entity")


@dataclass(frozen=True)
class Compared(Result):
    """One number for synthetic text and for real text.

    Parameters
    ----------
    what : str
        As ``entities per sentence``.
    real, synthetic : (float, float, float)
        The value and its 95 % interval over documents or groups.
    ratio : (float, float, float)
        Synthetic over real, likewise.
    reference : (float, float)
        Where 95 % of such ratios lie where both are real text, in samples of these sizes.
    verdict : {"match", "higher", "lower", "cannot tell"}
        The verdict on the synthetic text: match where the ratio's 90 % interval lies within a tenth
        of 1.
    """

    what: str
    real: tuple[float, float, float]
    synthetic: tuple[float, float, float]
    ratio: tuple[float, float, float]
    reference: tuple[float, float]
    verdict: Verdict


@dataclass(frozen=True)
class Distance(Result):
    """How far two distributions are from each other.

    Parameters
    ----------
    what : str
        As ``tokens per sentence``.
    value, low, high : float
        The largest difference of the distribution functions, for labels half the sum of all
        differences of shares; 0 to 1, with a 95 % interval (1.96 bootstrap errors).
    reference : (float, float)
        Where 95 % of such distances lie where both are real text, in samples of these sizes.
    """

    what: str
    value: float
    low: float
    high: float
    reference: tuple[float, float]


def compare_counts(
    both: CorpusPair, *, n_resamples: int = 1000, seed: int = 0
) -> tuple[tuple[Compared, ...], tuple[Distance, ...]]:
    """Compare density, lengths and labels.

    Parameters
    ----------
    both : CorpusPair
    n_resamples : int
        Number of resamples of the bootstrap over documents or groups.
    seed : int

    Returns
    -------
    compared : tuple of Compared
        Density and lengths, then each label's share of the entities.
    distances : tuple of Distance
        Distances between whole distributions: lengths, labels.
    """
    labels = both.labels
    table = _CountTable(labels)
    real, synthetic = (table.of(d, both.units(d)) for d in (both.real, both.synthetic))
    found = resample(real, synthetic, table.statistic, n_resamples=n_resamples, seed=seed)
    k = len(table.names)
    compared = [_compared(name, found, i, k) for i, name in enumerate(table.names)]
    distances = [_distance(name, found, 3 * k + i) for i, name in enumerate((*_SHAPES, "labels"))]
    return tuple(compared), tuple(distances)


class _CountTable:
    """Which column of the counts is what, and the statistics of their sums."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.names = (*_RATIOS, *(f"share of {label}" for label in labels))

    def of(self, documents: Sequence[Document], units: Sequence[str]) -> Floats:
        """Return the counts, a row for each unit."""
        order = {unit: i for i, unit in enumerate(dict.fromkeys(units))}
        width = len(_TOTALS) + len(self.labels) + _BINS * len(_SHAPES)
        rows = np.zeros((len(order), width))
        for document, unit in zip(documents, units, strict=True):
            rows[order[unit]] += self._row(document)
        return rows

    def _row(self, document: Document) -> Floats:
        words = np.array([start for start, _ in tokens(document.text)])
        cut = sentences(document)
        inside = _within(words, cut)
        entity = _within(words, [(s.start, s.end) for s in document.spans])
        starts = np.array([s.start for s in document.spans])
        empty = (_within(starts, cut) == 0).sum() if len(starts) else len(cut)
        totals = [1, len(cut), len(words), len(document.spans), entity.sum(), empty]
        shares = [sum(s.label == label for s in document.spans) for label in self.labels]
        shapes = [_binned(v) for v in (inside, np.array([len(words)]), entity)]
        return np.concatenate([totals, shares, *shapes]).astype(float)

    def statistic(self, real: Floats, synthetic: Floats) -> Floats:
        """Return all values of real text, of synthetic text, their ratios, and the distances."""
        one, two = self._values(real), self._values(synthetic)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = two / one
        first = len(_TOTALS) + len(self.labels)
        gaps = []
        for k in range(len(_SHAPES)):
            columns = slice(first + k * _BINS, first + (k + 1) * _BINS)
            gaps.append(largest_gap(real[:, columns], synthetic[:, columns]))
        shares = slice(len(_RATIOS), None)
        gaps.append(np.abs(one[:, shares] - two[:, shares]).sum(axis=1) / 2)
        return np.column_stack([one, two, ratio, *gaps])

    def _values(self, sums: Floats) -> Floats:
        at = {name: sums[:, i] for i, name in enumerate(_TOTALS)}
        with np.errstate(divide="ignore", invalid="ignore"):
            found = [at[above] / at[below] for above, below in _RATIOS.values()]
            first = len(_TOTALS)
            found += [sums[:, first + i] / at["entities"] for i in range(len(self.labels))]
        return np.column_stack(found)


def _within(points: NDArray[np.int_], stretches: Sequence[tuple[int, int]]) -> NDArray[np.int_]:
    """Return how many points lie in each stretch; the points are in order."""
    return np.array(
        [np.searchsorted(points, end) - np.searchsorted(points, start) for start, end in stretches],
        dtype=int,
    )


def _binned(lengths: NDArray[np.int_]) -> NDArray[np.int_]:
    """Count lengths: one by one up to half of the bins, then by ratios, the last for all above."""
    half = _BINS // 2
    beyond = half + np.ceil(np.log(np.maximum(lengths, half) / half) / np.log(1.05)).astype(int)
    bins = np.where(lengths < half, lengths, np.minimum(beyond, _BINS - 1))
    return np.bincount(bins, minlength=_BINS)


def _compared(name: str, found: ResampledStatistics, column: int, k: int) -> Compared:
    def of(place: int) -> tuple[float, float, float]:
        return (float(found.estimate[place]), *found.interval(place))

    ratio = of(2 * k + column)
    inner = found.interval(2 * k + column, 0.9)
    verdict = judge(ratio[1], ratio[2], inner, MARGIN)
    reference = found.reference(2 * k + column)
    return Compared(name, of(column), of(k + column), ratio, reference, verdict)


def _distance(name: str, found: ResampledStatistics, column: int) -> Distance:
    value = float(found.estimate[column])
    half = 1.96 * float(np.nanstd(found.draws[:, column]))
    low, high = max(0.0, value - half), min(1.0, value + half)
    return Distance(name, value, low, high, found.reference(column))
