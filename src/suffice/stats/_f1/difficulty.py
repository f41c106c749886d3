"""Whether documents that are hard to tag are useful or useless to train on.

Where folds rotate the same documents evaluate and train, and what they do to F1 in both ways need
not be independent: where hard documents are useless, too, a sample with many of them lowers the
score twice. With e_i what unit i does to the score when it evaluates, and u_i what it does in a
training set (`suffice.stats._f1.run_variance`), the errors of evaluation and pool have the
correlation ρ of e and u. Each run tells it a little: for run r of n documents,

``y_r = trend(n_r) + fold + ρ·√A(n_r)·Σ_i (z_ri - n_r/N_k)·t_i/√n_r + rest``

with A the variance between training sets, N_k the documents that are not in the run's fold k, and
t_i the effect e_i, scaled to the variance of u.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._f1.run_variance import RunVariance
from suffice.stats._f1.run_variance_by_size import trend
from suffice.stats._f1.scores import Scores
from suffice.stats._runs import Runs

_USUAL = 0.4
"""The prior's standard deviation of the correlation, around 0."""

_MOST = 0.95


def draw_link(
    runs: Runs,
    found: Scores,
    of_unit: Array,
    spread: RunVariance,
    use: NDArray[np.int_],
    rng: np.random.Generator,
) -> Array:
    """Draw the correlation of what units do as evaluation and as training documents.

    Parameters
    ----------
    runs : Runs
        The runs of any design; without rotating folds, or without `inclusion`, the correlation is
        0.
    found : Scores
        The scores of these runs.
    of_unit : ndarray, shape (units,)
        What each evaluation unit does to the logit score; they add up to 0.
    spread : RunVariance
        The variance between runs.
    use : ndarray of int
        The runs whose scatter means something.
    rng : numpy.random.Generator
        For the draws.

    Returns
    -------
    ndarray, shape (n_resamples,)
    """
    n_resamples = len(spread.sets)
    if runs.scored is None or runs.inclusion is None:
        return np.zeros(n_resamples)
    few = runs.take(use)
    assert few.fold is not None
    moved = _moved(few, of_unit) * np.sqrt(np.median(spread.of_set(few.size), axis=0))
    scale = np.median(spread.scale(few.size), axis=0)
    of_sets = few.shared_documents() * np.sqrt(np.median(spread.sets) * scale)[:, None]
    own = found.noise[use] + np.median(spread.seeds) * scale
    whiten = np.linalg.inv(np.linalg.cholesky(of_sets @ of_sets.T + np.diag(own)))
    member = (few.fold[:, None] == np.unique(few.fold)).astype(float)
    basis = np.linalg.qr(whiten @ np.column_stack([trend(few.size, 3), member[:, 1:]]))[0]
    x, y = (v - basis @ (basis.T @ v) for v in (whiten @ moved, whiten @ found.level[use]))
    known = float(x @ x) + 1 / _USUAL**2
    drawn = float(x @ y) / known + rng.standard_normal(n_resamples) / np.sqrt(known)
    return np.clip(drawn, -_MOST, _MOST)


def _moved(runs: Runs, of_unit: Array) -> Array:
    """Return how hard each training set is beside others of its fold, in SD of a set's worth."""
    assert runs.scored is not None
    inside = np.asarray(runs.inclusion, dtype=float)
    documents = np.ones(len(of_unit)) if runs.unit_documents is None else runs.unit_documents
    documents = np.asarray(documents, dtype=float)
    squares = float(documents @ documents)
    each = of_unit / documents * np.sqrt(squares / max(float(of_unit @ of_unit), 1e-12))
    usable = np.where(runs.scored, 0.0, documents)
    usual = usable @ each / usable.sum(axis=1)
    return (inside @ each - runs.size * usual) / np.sqrt(runs.size * squares / documents.sum())
