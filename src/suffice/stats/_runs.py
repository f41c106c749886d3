"""What runs leave behind, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array

Metric = Literal["f1", "precision", "recall", "macro-f1"]
METRICS: tuple[Metric, ...] = get_args(Metric)


def ratio(counts: NDArray[np.number], metric: Metric) -> tuple[Array, Array]:
    """Return numerator and denominator of a metric, each of the shape of `counts` less its last.

    Parameters
    ----------
    counts : ndarray, shape (..., 3)
        Correct, spurious and missed spans, or weighted sums of them.
    metric : {"f1", "precision", "recall", "macro-f1"}
        ``2·correct / (2·correct + spurious + missed)``, ``correct / (correct + spurious)``,
        ``correct / (correct + missed)``; for macro-F1 that of F1, to be averaged over labels.
    """
    correct, spurious, missed = (np.asarray(counts[..., k], dtype=float) for k in range(3))
    if metric == "precision":
        return correct, correct + spurious
    if metric == "recall":
        return correct, correct + missed
    return 2 * correct, 2 * correct + spurious + missed


@dataclass(frozen=True)
class Runs:
    """What runs leave behind, as arrays.

    Parameters
    ----------
    size : ndarray, shape (runs,)
        Training-set size in documents.
    counts : ndarray, shape (runs, units, 3)
        Correct, spurious and missed spans for each evaluation unit (a document, or a group of
        them). With folds a run is the sum over all folds, so that every document evaluates once.
    training_set : ndarray of int, shape (runs,)
        Equal where runs share their training set and differ in the seed.
    pool : int
        Documents that each training set was drawn from (of one fold).
    population : int
        Documents that could be in some training set: the pool, or with folds the whole corpus.
    parts : int
        Models behind one run: 1, or the number of folds.
    inclusion : ndarray, shape (runs, training units), optional
        How many documents of each training unit (a document, or a group that is drawn whole) the
        training set has; with folds the mean over them. Rows add up to `size`. Without it only
        equal training sets are known to share documents.
    unit_documents : ndarray, shape (training units,), optional
        Documents of each training unit; 1 each by default. They add up to `population`.
    metric : {"f1", "precision", "recall", "macro-f1"}
        What the runs are judged by.
    by_label : ndarray, shape (runs, units, labels, 3), optional
        The counts of each label that macro-F1 averages over, which only macro-F1 needs.
    fold : ndarray of int, shape (runs,), optional
        The fold that each run was scored on, where folds rotate from run to run; `scored` is given
        with it. Without it every run was scored on all units.
    scored : ndarray of bool, shape (runs, units), optional
        Which units each run was scored on. The counts of the others are 0.
    length : float
        Mean sentences of a document: what other corpora say of scatter is by sentences.
    """

    size: Array
    counts: NDArray[np.number]
    training_set: NDArray[np.int_]
    pool: int
    population: int
    parts: int = 1
    inclusion: NDArray[np.number] | None = None
    unit_documents: NDArray[np.number] | None = None
    metric: Metric = "f1"
    by_label: NDArray[np.number] | None = None
    fold: NDArray[np.int_] | None = None
    scored: NDArray[np.bool_] | None = None
    length: float = 1.0

    @property
    def drawn_from(self) -> int:
        """Return of how many documents the training sets of all runs together are samples.

        Where folds rotate two sets that are each the whole pool of their fold still differ.
        """
        return self.population if self.fold is not None else self.pool

    @property
    def distinct_share(self) -> Array:
        """Return the share of a set's variance by which sets of one size differ, shape (runs,)."""
        return np.maximum(1 - self.size / self.drawn_from, 0)

    def counted(self) -> NDArray[np.number]:
        """Return the counts that the metric is the mean of ratios of; (runs, units, ratios, 3).

        Micro-averaged metrics are one ratio, macro-F1 is the mean of as many as there are labels.

        Raises
        ------
        ValueError
            Macro-F1 without counts by label.
        """
        if self.metric != "macro-f1":
            return self.counts[:, :, None]
        if self.by_label is None:
            raise ValueError("macro-F1 needs counts by label")
        return self.by_label

    def score(self, weights: Array | None = None) -> Array:
        """Return the metric, shape (runs,), or with weights of shape (n_resamples, units) theirs.

        Micro-averaged over units (and labels, unless it is macro-F1). A ratio of which nothing
        counts (for F1 neither a gold nor a predicted span) is taken as 0.
        """
        counts = self.counted()
        if weights is None:
            totals = counts.sum(axis=1, dtype=float)
        else:
            runs, units, ratios, _ = counts.shape
            flat = np.ascontiguousarray(counts.transpose(1, 0, 2, 3), dtype=float)
            totals = (weights @ flat.reshape(units, -1)).reshape(-1, runs, ratios, 3)
        top, whole = ratio(totals, self.metric)
        each = np.divide(top, whole, out=np.zeros_like(top), where=whole > 0)
        return np.asarray(each.mean(axis=-1))

    def f1(self, weights: Array | None = None) -> Array:
        """Return micro-F1 as `score` does, whatever the metric is."""
        return replace(self, metric="f1").score(weights)

    def take(self, rows: NDArray[np.int_] | NDArray[np.bool_]) -> Runs:
        """Return some of the runs, in the order of `rows`."""
        return replace(
            self,
            size=self.size[rows],
            counts=self.counts[rows],
            training_set=self.training_set[rows],
            inclusion=None if self.inclusion is None else self.inclusion[rows],
            by_label=None if self.by_label is None else self.by_label[rows],
            fold=None if self.fold is None else self.fold[rows],
            scored=None if self.scored is None else self.scored[rows],
        )

    def shared_documents(self) -> Array:
        """Return how training sets share documents, as features; shape (runs, features).

        The product of two rows is the correlation, over pools drawn from the source, of the effects
        that two training sets have beyond their common pool's, if documents act linearly: with
        indicators z of documents and the pool's size N it is ``Σ (z_ri - n_r/N)(z_si - n_s/N) /
        √(n_r·n_s)``. A row's product with itself is ``1 - n/N``, divided by the folds that are
        averaged.
        """
        if self.inclusion is None:
            _, where = np.unique(self.training_set, return_inverse=True)
            left = self.distinct_share / self.parts
            member = np.zeros((len(where), int(where.max()) + 1))
            member[np.arange(len(where)), where] = np.sqrt(left)
            return member
        inside = np.asarray(self.inclusion, dtype=float)
        documents = (
            np.ones(inside.shape[1])
            if self.unit_documents is None
            else np.asarray(self.unit_documents, dtype=float)
        )
        total = documents.sum()
        beyond = inside - np.outer(self.size / total, documents)
        return np.asarray(beyond / np.sqrt(self.size * (documents @ documents) / total)[:, None])


def mean_by_size(values: Array, where: NDArray[np.int_]) -> Array:
    """Return the mean over the runs of each size.

    Parameters
    ----------
    values : ndarray, shape (..., runs)
        F1, or errors of F1.
    where : ndarray of int, shape (runs,)
        The number of each run's size, from 0.

    Returns
    -------
    ndarray, shape (..., sizes)
    """
    count = int(where.max()) + 1
    member = np.zeros((len(where), count))
    member[np.arange(len(where)), where] = 1.0
    return values @ (member / member.sum(axis=0))
