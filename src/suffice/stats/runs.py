"""What runs leave behind, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
    """

    size: Array
    counts: NDArray[np.number]
    training_set: NDArray[np.int_]
    pool: int
    population: int
    parts: int = 1
    inclusion: NDArray[np.number] | None = None
    unit_documents: NDArray[np.number] | None = None

    def f1(self, weights: Array | None = None) -> Array:
        """Return micro-F1, shape (runs,) or for unit weights of shape (replicates, units) theirs.

        Where there is neither a gold nor a predicted span F1 is taken as 0.
        """
        if weights is None:
            totals = self.counts.sum(axis=1, dtype=float)
        else:
            runs, units, _ = self.counts.shape
            flat = np.ascontiguousarray(self.counts.transpose(1, 0, 2), dtype=float)
            totals = (weights @ flat.reshape(units, runs * 3)).reshape(-1, runs, 3)
        twice = 2 * totals[..., 0]
        whole = twice + totals[..., 1] + totals[..., 2]
        return np.divide(twice, whole, out=np.zeros_like(twice), where=whole > 0)

    def take(self, rows: NDArray[np.int_] | NDArray[np.bool_]) -> Runs:
        """Return some of the runs, in the order of `rows`."""
        return Runs(
            self.size[rows],
            self.counts[rows],
            self.training_set[rows],
            self.pool,
            self.population,
            self.parts,
            None if self.inclusion is None else self.inclusion[rows],
            self.unit_documents,
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
            left = np.maximum(1 - self.size / self.pool, 0) / self.parts
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
