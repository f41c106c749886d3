"""What makes runs on mixed training sets err: evaluation documents, training documents, seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.stats._arrays import Array

_SHARES = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
_EXPONENTS = np.array([0.0, -0.5, -1.0])
_NEGLIGIBLE = 1e-5
_TOTALS = np.geomspace(0.003, 2.0, 80) ** 2
_JITTER = 1e-6
_MIDDLES = (_SHARES[1:] + _SHARES[:-1]) / 2
_WIDTHS = np.diff(np.concatenate([[0.0], _MIDDLES, [1.0]]))


@dataclass(frozen=True, eq=False)
class ExchangeErrors:
    """The covariance of the runs' logits and what it is made of.

    Parameters
    ----------
    evaluation, real, synthetic, own : ndarray, shape (runs, runs)
        The parts of evaluation documents, of real and of synthetic training documents, and what is
        each run's own.
    """

    evaluation: Array
    real: Array
    synthetic: Array
    own: Array

    @property
    def total(self) -> Array:
        """Return the sum of the parts."""
        return self.evaluation + self.real + self.synthetic + self.own

    @property
    def parts(self) -> dict[str, Array]:
        """Return the parts by name."""
        return {
            "evaluation documents": self.evaluation,
            "real training documents": self.real,
            "synthetic training documents": self.synthetic,
            "runs": self.own,
        }


def logits(counts: NDArray[np.number]) -> tuple[Array, Array]:
    """Return the logits of micro-F1 and their covariance over evaluation units.

    Parameters
    ----------
    counts : ndarray, shape (runs, units, 3)
        Correct, spurious and missed spans.

    Returns
    -------
    y : ndarray, shape (runs,)
        With half a span's worth added on either side, so that F1 of 0 or 1 has one too.
    covariance : ndarray, shape (runs, runs)
        Infinitesimal jackknife: that of new evaluation units from the same source.
    """
    table = np.asarray(counts, dtype=float)
    twice = 2 * table[..., 0]
    wrong = table[..., 1] + table[..., 2]
    up, down = twice.sum(axis=1) + 1, wrong.sum(axis=1) + 1
    y = np.log(up / down)
    influence = twice / up[:, None] - wrong / down[:, None]
    influence -= influence.mean(axis=1, keepdims=True)
    units = table.shape[1]
    return y, influence @ influence.T * units / max(units - 1, 1)


def errors(
    residual: Array,
    tangent: Array,
    evaluation: Array,
    size: Array,
    real: Array,
    synthetic: Array,
) -> ExchangeErrors:
    """Divide the residuals' variance among its sources.

    Parameters
    ----------
    residual : ndarray, shape (runs,)
        The residual of the logits.
    tangent : ndarray, shape (runs, parameters)
        Derivatives of what was fitted; the likelihood is restricted to what they leave.
    evaluation : ndarray, shape (runs, runs)
        The result of `logits`; taken as known.
    size : ndarray, shape (runs,)
        Effective sizes.
    real, synthetic : ndarray, shape (runs, documents)
        What each document counts in each training set.

    Returns
    -------
    ExchangeErrors
        Their mean over the posterior: documents' share with Jeffreys' prior, Beta(½, ½), a flat
        one for the standard deviation, and (size)^e with e normal, -.5 ± .5 (docs/uncertainty.md).

    Notes
    -----
    Documents act linearly: ``Σ_i z_ri u_i / √Σ_i z_ri²``, so that two runs' errors correlate as far
    as their sets overlap, as in `suffice.stats.overlap`; documents are taken as drawn from a source
    without end, which carries the pool's error too.
    """
    norm = np.sqrt((real**2).sum(axis=1) + (synthetic**2).sum(axis=1))
    kernels = [(z @ z.T) / np.outer(norm, norm) for z in (real, synthetic)]
    shared = kernels[0] + kernels[1]
    full, _ = np.linalg.qr(tangent, mode="complete")
    free = full[:, np.linalg.matrix_rank(tangent) :]
    known = free.T @ evaluation @ free
    known += _JITTER * max(float(np.trace(known)) / len(known), 1e-6) * np.eye(len(known))
    inverse = np.linalg.inv(np.linalg.cholesky(known)) @ free.T
    weights, parts = [], []
    centre = float(np.exp(np.log(size).mean()))
    for exponent in _EXPONENTS:
        root = (size / centre) ** (exponent / 2)
        scaled = inverse * root
        alike, alone = scaled @ shared @ scaled.T, scaled @ scaled.T
        for share, width in zip(_SHARES, _WIDTHS, strict=True):
            values, vectors = np.linalg.eigh(share * alike + (1 - share) * alone)
            squares = (vectors.T @ (inverse @ residual)) ** 2
            scale = 1 + _TOTALS[:, None] * np.maximum(values, 0.0)
            likelihood = -0.5 * (np.log(scale) + squares / scale).sum(axis=1)
            prior = -0.5 * np.log(share * (1 - share)) - 2 * (exponent + 0.5) ** 2 + np.log(width)
            weights += (likelihood + prior + np.log(_TOTALS) / 2).tolist()
            parts += [(root, total * share, total * (1 - share)) for total in _TOTALS.tolist()]
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    likely = [(w, *part) for w, part in zip(weight.tolist(), parts, strict=True) if w > _NEGLIGIBLE]
    documents = sum(w * d * np.outer(root, root) for w, root, d, _ in likely)
    seeds = np.diag(sum(w * o * root**2 for w, root, _, o in likely))
    return ExchangeErrors(evaluation, documents * kernels[0], documents * kernels[1], seeds)
