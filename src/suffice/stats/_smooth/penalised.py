"""Penalised least squares with the smoothing parameters chosen by REML or GCV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suffice.stats._arrays import Array

METHODS = ("REML", "GCV")

_RANGE = 20.0  # of the log of a smoothing parameter whose penalty has the size of its columns


@dataclass(frozen=True)
class Penalised:
    """A penalised least squares fit.

    Attributes
    ----------
    coefficients : (q,) array
    inverse : (q, q) array
        ``(X'WX + S)^-1``.
    scale : float
        Residual variance: weighted sum of squares over n less `edf`.
    edf : float
        Effective degrees of freedom.
    term_edf : tuple of float
        Effective degrees of freedom of each smooth term.
    score : float
        The criterion that was minimised.
    """

    coefficients: Array
    inverse: Array
    scale: float
    edf: float
    term_edf: tuple[float, ...]
    score: float

    @property
    def covariance(self) -> Array:
        """Bayesian covariance of the coefficients."""
        return self.scale * self.inverse


class _SmoothProblem:
    """One data set, reduced to its triangular factor so that a trial costs no pass over it."""

    def __init__(
        self, x: Array, y: Array, w: Array, penalties: Sequence[Array], ranks: Sequence[int]
    ) -> None:
        root = np.sqrt(w)
        q, self.r = np.linalg.qr(x * root[:, None])
        self.rotated = q.T @ (y * root)
        self.beyond = float(((y * root - q @ self.rotated) ** 2).sum())
        self.n, self.q = x.shape
        self.ranks = ranks
        self.spans: list[slice] = []
        self.penalties = []
        start = self.q - sum(len(p) for p in penalties)
        for p in penalties:
            self.spans.append(slice(start, start + len(p)))
            full = np.zeros((self.q, self.q))
            full[start : start + len(p), start : start + len(p)] = p
            self.penalties.append(full)
            start += len(p)
        self.cross = self.r.T @ self.r

    def solve(self, log_sp: Array) -> tuple[Array, Array, Array, float]:
        """Coefficients, Cholesky factor, penalty and residual sum of squares."""
        penalty = sum(np.exp(v) * p for v, p in zip(log_sp, self.penalties, strict=True))
        factor = np.linalg.cholesky(self.cross + penalty)
        half = np.linalg.solve(factor, self.r.T @ self.rotated)
        beta = np.linalg.solve(factor.T, half)
        rest = self.rotated - self.r @ beta
        return beta, factor, np.asarray(penalty), self.beyond + float(rest @ rest)

    def edf(self, factor: Array) -> Array:
        """Diagonal of the influence of the data on the coefficients."""
        inverse = np.linalg.inv(factor)
        return np.asarray(np.einsum("ij,ji->i", inverse.T @ inverse, self.cross))

    def gcv(self, log_sp: Array) -> float:
        """Generalised cross-validation: n D / (n - edf)^2."""
        _, factor, _, deviance = self.solve(log_sp)
        spare = self.n - float(self.edf(factor).sum())
        return self.n * deviance / spare**2 if spare > 0.5 else np.inf

    def reml(self, log_sp: Array) -> float:
        """Negative restricted log likelihood, the variance profiled out; constants left out."""
        beta, factor, penalty, deviance = self.solve(log_sp)
        free = self.n - (self.q - sum(self.ranks))  # less what no penalty touches
        energy = max(deviance + float(beta @ penalty @ beta), 1e-300)
        volume = float(np.log(np.diag(factor)).sum())
        shrunk = 0.5 * sum(r * v for r, v in zip(self.ranks, log_sp, strict=True))
        return 0.5 * free * (np.log(energy / free) + 1) + volume - shrunk


def fit_penalised(
    x: Array,
    y: Array,
    w: Array,
    penalties: Sequence[Array],
    ranks: Sequence[int],
    method: str,
) -> Penalised:
    """Fit, choosing one smoothing parameter for each penalty.

    Parameters
    ----------
    x : (n, q) array
        Unpenalised columns first, then those of each penalty in turn.
    y, w : (n,) arrays
        Response of about unit spread, and weights.
    penalties : sequence of square arrays
        Each about as large as its columns' cross-products.
    ranks : sequence of int
        Their ranks.
    method : {"REML", "GCV"}

    Returns
    -------
    Penalised
    """
    from scipy.optimize import minimize  # slow to import

    problem = _SmoothProblem(x, y, w, penalties, ranks)
    loss = problem.reml if method == "REML" else problem.gcv
    terms = len(penalties)
    # a coarse search along the diagonal, then each term in turn, then all together
    trials = np.linspace(-_RANGE, _RANGE, 41)
    best = np.full(terms, trials[np.argmin([loss(np.full(terms, t)) for t in trials])])
    for _ in range(0 if terms == 1 else 2):
        for term in range(terms):
            tried = [np.where(np.arange(terms) == term, t, best) for t in trials]
            best = tried[int(np.argmin([loss(t) for t in tried]))]
    found = minimize(
        loss,
        best,
        method="L-BFGS-B",
        bounds=[(-_RANGE, _RANGE)] * terms,
        options={"ftol": 1e-13, "gtol": 1e-9, "maxiter": 200},
    )
    chosen = found.x if found.fun <= loss(best) else best
    beta, factor, _, deviance = problem.solve(chosen)
    edf = problem.edf(factor)
    inverse = np.linalg.inv(factor)
    total = float(edf.sum())
    return Penalised(
        coefficients=beta,
        inverse=inverse.T @ inverse,
        scale=deviance / (problem.n - total),
        edf=total,
        term_edf=tuple(float(edf[span].sum()) for span in problem.spans),
        score=float(loss(chosen)),
    )
