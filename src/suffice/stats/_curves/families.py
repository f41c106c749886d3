"""Families of learning curves: ``F1(n) = a - b·g(n)`` with g falling, or growing without end.

Given the parameters of g the rest is linear (separable least squares), so that a search over a grid
of them finds the best curve and nothing can fail to converge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from suffice.stats._arrays import Array

Axes = Callable[[float, float], tuple[Array, ...]]


@dataclass(frozen=True)
class Family:
    """A family of learning curves.

    Parameters
    ----------
    name, formula : str
        Its name, and its formula, in which b >= 0; the parameters of g come after a and b.
    shape : callable
        ``g(n, theta)`` with n of shape (sizes,) and theta of shape (parameters,).
    parameters : tuple of str
        Names of theta; all are positive.
    axes : callable
        ``axes(smallest, largest)`` gives the values of each parameter that are tried, increasing.
    top : {"free", "one", "none"}
        Whether a is estimated (at most 1), is 1, or there is none: the curve grows without end and
        is cut off at 1.
    starts_at_zero : bool
        Whether b <= a, so that the curve is not below 0 at n = 0.
    """

    name: str
    formula: str
    shape: Callable[[Array, Array], Array]
    parameters: tuple[str, ...]
    axes: Axes
    top: Literal["free", "one", "none"] = "free"
    starts_at_zero: bool = False

    @property
    def free(self) -> int:
        """Return the number of free parameters, a and b included."""
        return len(self.parameters) + 1 + (self.top != "one")

    def grid(self, smallest: float, largest: float) -> Array:
        """Return the values of theta that are tried, shape (shapes, parameters)."""
        axes = self.axes(smallest, largest)
        if not axes:
            return np.zeros((1, 0))
        return np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)

    def shapes(self, n: Array, thetas: Array) -> Array:
        """Return g at n for each row of theta, shape (rows, sizes)."""
        return np.stack([self.shape(n, theta) for theta in thetas])


def _power(n: Array, theta: Array) -> Array:
    return n ** -theta[0]


def _exponential(n: Array, theta: Array) -> Array:
    return np.exp(-n / theta[0])


def _stretched(n: Array, theta: Array) -> Array:
    return np.exp(-((n / theta[0]) ** theta[1]))


def _hill(n: Array, theta: Array) -> Array:
    return 1 / (1 + (n / theta[0]) ** theta[1])


def _exponents(count: int) -> Array:
    return np.geomspace(0.002, 5.0, count)


def _scales(low: float, high: float, count: int) -> Array:
    return np.geomspace(max(low, 0.5) / 5, 20 * high, count)


def _stretches(low: float, high: float) -> tuple[Array, Array]:
    return _scales(low, high, 40), np.geomspace(0.1, 4.0, 16)


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "pow2",
            "1 - b n^-c",
            _power,
            ("c",),
            lambda low, high: (_exponents(200),),
            top="one",
        ),
        Family("pow3", "a - b n^-c", _power, ("c",), lambda low, high: (_exponents(200),)),
        Family(
            "pow4",
            "a - b (n + d)^-c",
            lambda n, t: (n / t[1] + 1) ** -t[0],  # scaled by d^c, which b takes up
            ("c", "d"),
            lambda low, high: (
                _exponents(40),
                np.geomspace(max(low, 0.5) / 30, 10 * high, 16),
            ),
        ),
        Family(
            "exp2",
            "1 - b exp(-n/t)",
            _exponential,
            ("t",),
            lambda low, high: (_scales(low, high, 200),),
            top="one",
        ),
        Family(
            "exp3",
            "a - b exp(-n/t)",
            _exponential,
            ("t",),
            lambda low, high: (_scales(low, high, 200),),
        ),
        Family("weibull", "a - b exp(-(n/t)^k)", _stretched, ("t", "k"), _stretches),
        Family(
            "janoschek",
            "a - b exp(-(n/t)^k), b <= a",
            _stretched,
            ("t", "k"),
            _stretches,
            starts_at_zero=True,
        ),
        Family(
            "mmf",
            "a - b / (1 + (n/k)^d)",
            _hill,
            ("k", "d"),
            lambda low, high: (_scales(low, high, 40), np.geomspace(0.1, 6.0, 16)),
        ),
        Family(
            "log",
            "a + b log n",
            lambda n, t: -np.log(n),
            (),
            lambda low, high: (),
            top="none",
        ),
    )
}
"""After Viering T, Loog M. The shape of learning curves: a review. TPAMI 2023, table 1. Its exp4
and wbl4 are one curve with different parameters, ``weibull`` here; Janoschek's is the same from 0
on."""


def _coarse(low: float, high: float) -> Array:
    return np.geomspace(max(low, 0.5) / 3, 12 * high, 24)


F1_FAMILIES = (
    replace(
        FAMILIES["pow3"],
        name="power law",
        formula="a − b·n^(−c)",
        axes=lambda low, high: (np.geomspace(0.03, 2.5, 120),),
    ),
    replace(
        FAMILIES["weibull"],
        name="exponential",
        formula="a − b·exp(−(n/τ)^k)",
        axes=lambda low, high: (_coarse(low, high), np.array([0.3, 0.45, 0.65, 1.0])),
    ),
    replace(
        FAMILIES["mmf"],
        name="Hill",
        formula="a − b/(1 + (n/k)^d)",
        axes=lambda low, high: (_coarse(low, high), np.array([0.5, 0.75, 1.0, 1.5, 2.0])),
    ),
)
"""The three that F1(n) is averaged over, on grids that a thousand draws can be fitted on;
`POWER_LAW` is the first of them."""

POWER_LAW = F1_FAMILIES[0]
