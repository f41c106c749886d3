"""Shapes of learning curves: ``F1(n) = a - b g(n)`` with g falling, or growing without end.

Given the parameters of g the rest is linear (separable least squares), so that a search over g
alone finds the best curve; `best_linear` solves the linear part for many g and data sets at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Curve = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Shape:
    """A family of learning curves.

    Attributes
    ----------
    name, formula : str
        In the formula b >= 0; the parameters of g come after a and b.
    g : callable
        ``g(n, theta)`` with n (m,) and theta (p,).
    parameters : tuple of str
        Names of theta; all are positive and searched on a log scale.
    bounds : callable
        ``bounds(smallest, largest)`` gives (low, high) for each.
    steps : tuple of int
        Grid points for each.
    top : str
        ``free`` (a is estimated), ``one`` (a = 1) or ``none`` (grows without end; cut off at 1).
    starts_at_zero : bool
        Whether b <= a, so that the curve is not below 0 at n = 0.
    """

    name: str
    formula: str
    g: Curve
    parameters: tuple[str, ...]
    bounds: Callable[[float, float], tuple[tuple[float, float], ...]]
    steps: tuple[int, ...]
    top: str = "free"
    starts_at_zero: bool = False

    @property
    def free(self) -> int:
        """Number of free parameters, a and b included."""
        return len(self.parameters) + 1 + (self.top != "one")

    def grid(self, smallest: float, largest: float) -> Floats:
        """Give the shapes to try, (shapes, p)."""
        axes = [
            np.geomspace(low, high, steps)
            for (low, high), steps in zip(self.bounds(smallest, largest), self.steps, strict=True)
        ]
        if not axes:
            return np.zeros((1, 0))
        return np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)


_POWER = (0.002, 5.0)


def _scale(low: float, high: float) -> tuple[float, float]:
    return max(low, 0.5) / 5, 20 * high


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape(
            "pow2",
            "1 - b n^-c",
            lambda n, t: n ** -t[0],
            ("c",),
            lambda low, high: (_POWER,),
            (200,),
            top="one",
        ),
        Shape(
            "pow3",
            "a - b n^-c",
            lambda n, t: n ** -t[0],
            ("c",),
            lambda low, high: (_POWER,),
            (200,),
        ),
        Shape(
            "pow4",
            "a - b (n + d)^-c",
            lambda n, t: (n / t[1] + 1) ** -t[0],  # scaled by d^c, which b takes up
            ("c", "d"),
            lambda low, high: (_POWER, (max(low, 0.5) / 30, 10 * high)),
            (40, 16),
        ),
        Shape(
            "exp2",
            "1 - b exp(-n/t)",
            lambda n, t: np.exp(-n / t[0]),
            ("t",),
            lambda low, high: (_scale(low, high),),
            (200,),
            top="one",
        ),
        Shape(
            "exp3",
            "a - b exp(-n/t)",
            lambda n, t: np.exp(-n / t[0]),
            ("t",),
            lambda low, high: (_scale(low, high),),
            (200,),
        ),
        Shape(
            "weibull",
            "a - b exp(-(n/t)^k)",
            lambda n, t: np.exp(-((n / t[0]) ** t[1])),
            ("t", "k"),
            lambda low, high: (_scale(low, high), (0.1, 4.0)),
            (40, 16),
        ),
        Shape(
            "janoschek",
            "a - b exp(-(n/t)^k), b <= a",
            lambda n, t: np.exp(-((n / t[0]) ** t[1])),
            ("t", "k"),
            lambda low, high: (_scale(low, high), (0.1, 4.0)),
            (40, 16),
            starts_at_zero=True,
        ),
        Shape(
            "mmf",
            "a - b / (1 + (n/k)^d)",
            lambda n, t: 1 / (1 + (n / t[0]) ** t[1]),
            ("k", "d"),
            lambda low, high: (_scale(low, high), (0.1, 6.0)),
            (40, 16),
        ),
        Shape(
            "log",
            "a + b log n",
            lambda n, t: -np.log(n),
            (),
            lambda low, high: (),
            (),
            top="none",
        ),
    )
}
"""After Viering T, Loog M. The shape of learning curves: a review. TPAMI 2023, table 1. Its exp4
and wbl4 are one curve with different parameters, ``weibull`` here; Janoschek's is the same from 0
on."""


class Linear(NamedTuple):
    """Solutions of the linear part: a, b and the weighted sum of squares, each (R, G)."""

    a: Floats
    b: Floats
    sse: Floats


def best_linear(y: Floats, w: Floats, g: Floats, shape: Shape, *, bounded: bool) -> Linear:
    """Solve for a and b by weighted least squares under the bounds.

    Parameters
    ----------
    y : (m,) or (R, m) array
    w : (m,) or (R, m) array
        Weights of at least 0.
    g : (G, m) array
        Shapes.
    shape : Shape
    bounded : bool
        Whether ``a <= 1`` and ``b >= 0`` (where the curve has a top); else any.

    Returns
    -------
    Linear
    """
    y, w = np.atleast_2d(y), np.atleast_2d(w)
    total = w.sum(axis=1, keepdims=True)
    weighted = w * y
    mean = weighted.sum(axis=1, keepdims=True) / total
    square = (weighted * y).sum(axis=1, keepdims=True) / total
    g1, g2, gy = w @ g.T / total, w @ (g**2).T / total, weighted @ g.T / total
    spread = g2 - g1**2
    usable = spread > 1e-13 * np.maximum(g2, 1e-300)
    safe = np.where(usable, spread, 1.0)
    squares = np.maximum(g2, 1e-300)

    def capped() -> Floats:
        least = (g1 - gy) / squares  # a = 1
        return np.maximum(least, 0.0) if bounded else least

    if shape.top == "one":
        b = capped()
        a = np.ones_like(b)
    else:
        b = np.where(usable, (mean * g1 - gy) / safe, 0.0)
        if bounded:
            b = np.maximum(b, 0.0)
        a = mean + b * g1
        if bounded and shape.top == "free":
            over = a > 1
            b = np.where(over, capped(), b)
            a = np.where(over, 1.0, a)
        if shape.starts_at_zero:
            below = b > a  # then a = b: a (1 - g)
            both = 1 - 2 * g1 + g2
            level = np.clip((mean - gy) / np.maximum(both, 1e-300), 0.0, 1.0 if bounded else None)
            a, b = np.where(below, level, a), np.where(below, level, b)
    sse = square - 2 * a * mean + 2 * b * gy + a**2 - 2 * a * b * g1 + b**2 * g2
    return Linear(a, b, np.maximum(sse, 0.0) * total)
