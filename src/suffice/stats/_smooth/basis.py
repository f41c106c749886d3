"""The two bases of penalised splines: cubic regression splines and thin plate regression splines.

Both are low-rank, with the integral of the squared second derivative as their penalty; both span
the same spaces as those of R's mgcv, so that fits agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from suffice.stats._arrays import Array

_MOST_KNOTS = 2000  # of a thin plate spline, as in mgcv; more are thinned evenly


class Basis(Protocol):
    """Columns and their derivatives at any x, and the penalty on their coefficients."""

    penalty: Array

    def columns(self, x: Array) -> Array:
        """Return the basis at x (m,), shape (m, k)."""

    def slopes(self, x: Array) -> Array:
        """Return its derivative by x, shape (m, k)."""


class CubicRegression:
    """Natural cubic spline through values at k knots: the coefficients are those values.

    Knots lie at evenly spaced quantiles of the distinct x, as in mgcv's ``bs="cr"``.
    """

    def __init__(self, x: Array, k: int) -> None:
        from scipy.interpolate import CubicSpline  # slow to import

        knots = np.quantile(np.unique(x), np.linspace(0, 1, k))
        self._spline: Any = CubicSpline(knots, np.eye(k), bc_type="natural")
        bends = self._spline(knots, 2)
        gaps = np.diff(knots)
        mass = np.zeros((k, k))  # of the second derivative, which is linear between knots
        inner = np.arange(k - 1)
        mass[inner, inner] += gaps / 3
        mass[inner + 1, inner + 1] += gaps / 3
        mass[inner, inner + 1] = mass[inner + 1, inner] = gaps / 6
        self.penalty: Array = bends.T @ mass @ bends

    def columns(self, x: Array) -> Array:
        """Return the basis at x (m,), shape (m, k)."""
        return np.asarray(self._spline(x))

    def slopes(self, x: Array) -> Array:
        """Return its derivative by x, shape (m, k)."""
        return np.asarray(self._spline(x, 1))


class ThinPlate:
    """Thin plate regression spline: the k leading eigenvectors of the full spline's penalty.

    Source: Wood SN. Thin plate regression splines. JRSS B 2003;65:95-114.
    """

    def __init__(self, x: Array, k: int) -> None:
        from scipy.sparse.linalg import eigsh  # slow to import

        knots = np.unique(x)
        if len(knots) > _MOST_KNOTS:
            knots = knots[np.linspace(0, len(knots) - 1, _MOST_KNOTS).round().astype(int)]
        self._knots = knots
        distances = self._radial(knots)
        if k < len(knots) // 4:
            values, vectors = eigsh(distances, k=k, which="LM", v0=np.ones(len(knots)))
        else:
            values, vectors = np.linalg.eigh(distances)
            leading = np.argsort(-np.abs(values), kind="stable")[:k]
            values, vectors = values[leading], vectors[:, leading]
        flat = np.column_stack([np.ones(len(knots)), knots])  # what the penalty does not see
        full, _ = np.linalg.qr(vectors.T @ flat, mode="complete")
        free = full[:, 2:]
        self._weights = vectors @ free
        wiggly = free.T @ (values[:, None] * free)
        self.penalty: Array = np.zeros((k, k))
        self.penalty[: k - 2, : k - 2] = wiggly
        height = np.abs(self._radial(knots) @ self._weights).max()
        self._weights = self._weights / height
        self.penalty /= height**2

    def _radial(self, x: Array) -> Array:
        return np.abs(np.subtract.outer(x, self._knots)) ** 3

    def columns(self, x: Array) -> Array:
        """Return the basis at x (m,), shape (m, k)."""
        return np.column_stack([self._radial(x) @ self._weights, np.ones(len(x)), x])

    def slopes(self, x: Array) -> Array:
        """Return its derivative by x, shape (m, k)."""
        apart = np.subtract.outer(x, self._knots)
        bent = 3 * apart * np.abs(apart) @ self._weights
        return np.column_stack([bent, np.zeros(len(x)), np.ones(len(x))])


BASES: dict[str, type[ThinPlate] | type[CubicRegression]] = {
    "tp": ThinPlate,
    "cr": CubicRegression,
}


@dataclass(frozen=True)
class Centred:
    """A smooth term on the scaled predictor, constrained to add up to 0 over the data.

    Attributes
    ----------
    basis : Basis
    constraint : (k, k - 1) array
        Its columns span the coefficients that obey the constraint.
    penalty : (k - 1, k - 1) array
        Scaled to the size of the columns.
    rank : int
        The rank of the penalty.
    middle, scale : float
        The basis is built on ``(x - middle) / scale``.
    """

    basis: Basis
    constraint: Array
    penalty: Array
    rank: int
    middle: float
    scale: float

    def columns(self, x: Array) -> Array:
        """Return the constrained columns at x, shape (m, k - 1)."""
        return self.basis.columns((x - self.middle) / self.scale) @ self.constraint

    def slopes(self, x: Array) -> Array:
        """Return their derivative by x."""
        return self.basis.slopes((x - self.middle) / self.scale) @ self.constraint / self.scale


def make_basis(x: Array, kind: str, k: int) -> Centred:
    """Build a centred smooth term of dimension k (one less after centring)."""
    middle, scale = float(x.mean()), float(np.ptp(x))
    scaled = (x - middle) / scale
    basis: Basis = BASES[kind](scaled, k)
    columns = basis.columns(scaled)
    full, _ = np.linalg.qr(columns.sum(axis=0)[:, None], mode="complete")
    constraint = full[:, 1:]
    kept = columns @ constraint
    penalty = constraint.T @ basis.penalty @ constraint
    penalty = (penalty + penalty.T) / 2
    penalty *= float((kept**2).sum()) / float(np.trace(penalty))
    return Centred(basis, constraint, penalty, k - 2, middle, scale)
