"""Errors of runs whose training sets share documents.

Two runs trained on many of the same documents err alike. If documents act linearly, the error of a
run is the mean of its documents' influences plus noise of its own (the seed), so that the errors
of two runs correlate as far as their training sets overlap:

    cov(i, j) = documents * |S_i and S_j| / sqrt(|S_i| |S_j|)  +  own * (i = j)

Both variances are estimated from residuals by restricted likelihood. Where the residuals cannot
tell them apart all of the variance is put down to documents, which gives the wider intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array

Overlap = ArrayLike | Literal["unknown"] | None
"""How far the training sets of runs share documents: a matrix of similarities, or that they do to
an extent that is not known; None where rows are independent."""

_DROP = 1.92  # half the 95 % point of chi-square with one degree of freedom


def known_overlap(overlap: Overlap) -> ArrayLike | None:
    """Return the similarities; None where they are not known, or rows are independent.

    Raises
    ------
    ValueError
        Another word than "unknown".
    """
    if not isinstance(overlap, str):
        return overlap
    if overlap != "unknown":
        raise ValueError(f"overlap must be a matrix or 'unknown', not {overlap!r}")
    return None


def overlap(inclusion: ArrayLike) -> Array:
    """Return the similarity of training sets from which documents each of them holds.

    Parameters
    ----------
    inclusion : (n, documents) array_like
        Whether (or how often) each run's training set holds each document.

    Returns
    -------
    (n, n) array
        ``|S_i and S_j| / sqrt(|S_i| |S_j|)``: 1 for the same set, 0 for sets without a common
        document.

    Raises
    ------
    ValueError
        Not a matrix of finite numbers of at least 0, or a row without documents.
    """
    held = np.asarray(inclusion, dtype=np.float64)
    if held.ndim != 2 or not np.isfinite(held).all() or held.min(initial=0) < 0:
        raise ValueError("inclusion must be a matrix of numbers of at least 0: runs by documents")
    size = np.sqrt((held**2).sum(axis=1))
    if (size == 0).any():
        raise ValueError("each training set needs at least one document")
    return np.asarray((held @ held.T) / np.outer(size, size))


def expected_overlap(documents: ArrayLike, pool: int) -> Array:
    """Return the mean similarity of sets drawn at random from one pool, where only sizes are known.

    Parameters
    ----------
    documents : (n,) array_like
        Documents in each training set, 1 to `pool`.
    pool : int
        Documents that all were drawn from.

    Returns
    -------
    (n, n) array
        ``sqrt(n_i n_j) / pool`` off the diagonal, 1 on it.

    Raises
    ------
    ValueError
        A size outside 1 .. pool.
    """
    size = np.asarray(documents, dtype=np.float64)
    if size.ndim != 1 or not np.isfinite(size).all() or size.min() < 1 or size.max() > pool:
        raise ValueError(f"sizes must lie between 1 and the pool's {pool} documents")
    out = np.sqrt(np.outer(size, size)) / pool
    np.fill_diagonal(out, 1.0)
    return np.asarray(out)


@dataclass(frozen=True)
class ErrorComponents(Result):
    """How the variance of residuals divides into documents and what is each run's own.

    Attributes
    ----------
    documents, own : float
        Variances, in squared units of the residuals.
    share : float
        The share of the documents: the value used.
    share_interval : pair of float
        Profile likelihood interval (95 %) of that share, within 0 and 1.
    identifiable : bool
        Whether residuals tell the two apart; if not, all is put down to documents.
    matrix : (n, n) array
        Covariance of the errors.
    caveats : tuple of str
    """

    documents: float
    own: float
    share: float
    share_interval: tuple[float, float]
    identifiable: bool
    matrix: Array = field(repr=False)
    caveats: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Variance of one run's error."""
        return self.documents + self.own

    def to_dict(self) -> dict[str, object]:
        """Return every field but the matrix in plain Python types."""
        fields = super().to_dict()
        fields.pop("matrix")
        return fields


def error_components(
    residuals: ArrayLike,
    similarity: ArrayLike,
    *,
    design: Array | None = None,
    weights: Array | None = None,
) -> ErrorComponents:
    """Estimate the two variances from the residuals of a fit.

    Parameters
    ----------
    residuals : (n,) array_like
    similarity : (n, n) array_like
        As from `overlap` or `expected_overlap`: symmetric, ones on the diagonal.
    design : (n, q) array, optional
        Columns that were fitted; the likelihood is restricted to what is orthogonal to them. A
        constant if not given.
    weights : (n,) array, optional
        Inverse variances up to a factor.

    Returns
    -------
    ErrorComponents

    Raises
    ------
    ValueError
        Shapes that do not fit, or a matrix that is no similarity.

    Notes
    -----
    The documents' part is the linear approximation of influence; restricted likelihood: Patterson
    HD, Thompson R. Biometrika 1971;58:545-554.
    """
    e = np.asarray(residuals, dtype=np.float64)
    n = len(e)
    kernel = _checked(similarity, n)
    root = np.ones(n) if weights is None else np.sqrt(weights)
    e = e * root
    columns = np.ones((n, 1)) if design is None else design
    columns = columns * root[:, None]
    full, _ = np.linalg.qr(columns, mode="complete")
    free = full[:, columns.shape[1] :]
    values, vectors = np.linalg.eigh(free.T @ kernel @ free)
    values = np.maximum(values, 0.0)
    squares = (vectors.T @ (free.T @ e)) ** 2
    squares = np.maximum(squares, np.finfo(np.float64).tiny)  # a fit may leave nothing over
    shares = np.concatenate([np.linspace(0, 0.99, 100), [0.995, 1.0]])
    scales = shares[:, None] * values + (1 - shares)[:, None]
    scales = np.maximum(scales, 1e-9)
    likelihood = -0.5 * (len(values) * np.log((squares / scales).mean(axis=1)))
    likelihood -= 0.5 * np.log(scales).sum(axis=1)
    top = int(np.argmax(likelihood))
    inside = np.flatnonzero(likelihood >= likelihood[top] - _DROP)
    interval = (float(shares[inside[0]]), float(shares[inside[-1]]))
    identifiable = bool(interval[1] < 1.0)
    share = float(shares[top]) if identifiable else 1.0
    caveats: tuple[str, ...] = ()
    if not identifiable:
        caveats = (
            "The residuals do not show whether runs differ because of their documents or "
            "otherwise: all variance is attributed to documents, which gives an upper bound.",
        )
    # residuals lack what overlap makes common to all runs: the fit has taken that up
    total = float(squares.sum() / (share * values + (1 - share)).sum())
    matrix = total * (share * kernel + (1 - share) * np.eye(n)) / np.outer(root, root)
    return ErrorComponents(
        documents=total * share,
        own=total * (1 - share),
        share=share,
        share_interval=interval,
        identifiable=identifiable,
        matrix=matrix,
        caveats=caveats,
    )


def _checked(similarity: ArrayLike, n: int) -> Array:
    kernel = np.asarray(similarity, dtype=np.float64)
    if kernel.shape != (n, n):
        raise ValueError(f"the overlap must be a matrix of {n} by {n} runs, not {kernel.shape}")
    if not np.isfinite(kernel).all() or not np.allclose(kernel, kernel.T, atol=1e-9):
        raise ValueError("the overlap must be a symmetric matrix of finite numbers")
    if not np.allclose(np.diag(kernel), 1.0, atol=1e-6):
        raise ValueError("the overlap of a training set with itself must be 1")
    return kernel
