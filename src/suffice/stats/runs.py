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
    """

    size: Array
    counts: NDArray[np.number]
    training_set: NDArray[np.int_]
    pool: int
    population: int
    parts: int = 1

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
