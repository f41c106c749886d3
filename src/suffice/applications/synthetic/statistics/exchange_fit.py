"""Fit how training sentences of another kind count in a learning curve.

The logit of F1 is a power curve of the effective size, ``α + β((n/n₀)^λ - 1)/λ``, and the effective
size is ``n = r + Σ_k m_k x_k``: r real sentences, and x_k others at the rate m_k each. α and β are
linear given λ and the rates, and are solved for (Golub & Pereyra, SIAM J Numer Anal 1973;10:413).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.stats._arrays import Array

LEAST_RATE, MOST_RATE = -2.0, 20.0
"""Rates are sought between these; a set that reaches them has no bound on that side."""

_BEND = (-1.5, 0.5)
_FLOOR = 0.05
_STARTS = (0.05, 0.5, 1.2)


@dataclass(frozen=True, eq=False)
class ExchangeFit:
    """The best curve and rates under what was held fixed.

    Parameters
    ----------
    bend : float
        λ.
    rates : ndarray, shape (kinds,)
        m.
    level, slope : float
        α and β.
    loss : float
        Residuals weighted by the inverse of their covariance.
    """

    bend: float
    rates: Array
    level: float
    slope: float
    loss: float


class ExchangeProblem:
    """What is fitted.

    Parameters
    ----------
    y : ndarray, shape (runs,)
        Logits of F1.
    real : ndarray, shape (runs,)
        Real sentences in each training set.
    other : ndarray, shape (runs, kinds)
        Other sentences, of each kind that has a rate of its own.
    covariance : ndarray, shape (runs, runs)
        The covariance of the errors.
    sentences : ndarray, shape (runs,), optional
        All sentences of each set; real and other ones unless given.
    """

    def __init__(
        self,
        y: Array,
        real: Array,
        other: Array,
        covariance: Array,
        sentences: Array | None = None,
    ) -> None:
        self.y, self.real, self.other, self.covariance = y, real, other, covariance
        self.sentences = real + other.sum(axis=1) if sentences is None else sentences
        self.scale = float(np.exp(np.log(self.sentences).mean()))
        self._floor = _FLOOR * float(self.sentences.min())
        self._inverse = np.linalg.inv(np.linalg.cholesky(covariance))
        self._unit = self._white(np.ones(len(y)))
        self._target = self._white(y)

    def _white(self, values: Array) -> Array:
        """Return values with the errors made independent and of one variance."""
        return np.asarray(self._inverse @ values)

    def effective(self, rates: Array) -> Array:
        """Return the effective sizes, kept above 0.

        Below one twentieth of the smallest set they decline slowly, so that a search that went
        there finds back.
        """
        n = self.real + self.other @ rates
        floor = self._floor
        return np.where(n > floor, n, floor * np.exp(np.clip((n - floor) / (20 * floor), -3, 0)))

    def curve(self, bend: float, rates: Array) -> Array:
        """Return the power of the effective sizes that the logits are linear in."""
        return box_cox(self.effective(rates) / self.scale, bend)

    def solved(self, bend: float, rates: Array) -> tuple[float, float, Array]:
        """Return level, slope (at least 0) and the whitened residuals."""
        x = self._white(self.curve(bend, rates))
        one, y = self._unit, self._target
        a, b, c = one @ one, one @ x, x @ x
        u, v = one @ y, x @ y
        slope = max(float(a * v - b * u) / max(float(a * c - b * b), 1e-12), 0.0)
        level = (u - b * slope) / a
        return float(level), float(slope), y - level * one - slope * x

    def _slopes(self, bend: float, rates: Array) -> Array:
        """Return the derivatives of the whitened residuals by bend and rates.

        With level and slope solved for, in the approximation of Kaufman (BIT 1975;15:49-57).
        """
        _, slope, _ = self.solved(bend, rates)
        changes = slope * self._changes(bend, rates)
        base = np.column_stack([self._unit, self._white(self.curve(bend, rates))])
        inside, _ = np.linalg.qr(base)
        white = self._white(changes)
        return np.asarray(inside @ (inside.T @ white) - white)

    def _changes(self, bend: float, rates: Array) -> Array:
        """Return the derivatives of the curve by bend and by each rate."""
        n = self.effective(rates)
        x = n / self.scale
        logs = np.log(x)
        by_bend = (
            logs**2 / 2
            if abs(bend) < 1e-4
            else (logs * x**bend - np.expm1(bend * logs) / bend) / bend
        )
        below = self.real + self.other @ rates <= self._floor
        by_size = x ** (bend - 1) / self.scale * np.where(below, n / (20 * self._floor), 1.0)
        return np.column_stack([by_bend, by_size[:, None] * self.other])

    def fit(
        self, held: dict[int, float] | None = None, start: ExchangeFit | None = None
    ) -> ExchangeFit:
        """Return the best fit, some rates held fixed.

        Parameters
        ----------
        held : mapping of int to float, optional
            Kinds whose rates are given.
        start : ExchangeFit, optional
            Where to begin; several rates are tried unless given.
        """
        from scipy.optimize import least_squares  # slow to import

        given = held or {}
        kinds = self.other.shape[1]
        free = [k for k in range(kinds) if k not in given]

        def rates_of(theta: Array) -> Array:
            rates = np.zeros(kinds)
            rates[free] = theta[1:]
            for k, value in given.items():
                rates[k] = value
            return rates

        def residuals(theta: Array) -> Array:
            return self.solved(float(theta[0]), rates_of(theta))[2]

        def slopes(theta: Array) -> Array:
            return self._slopes(float(theta[0]), rates_of(theta))[:, [0, *(k + 1 for k in free)]]

        if start is None:
            firsts = [np.array([-0.2, *[rate] * len(free)]) for rate in _STARTS]
        else:
            firsts = [np.array([start.bend, *start.rates[free]])]
        lower = np.array([_BEND[0], *[LEAST_RATE] * len(free)])
        upper = np.array([_BEND[1], *[MOST_RATE] * len(free)])
        best: tuple[float, Array] | None = None
        for first in firsts:
            inside = np.clip(first, lower + 1e-6, upper - 1e-6)
            found = least_squares(
                residuals, inside, jac=slopes, bounds=(lower, upper), xtol=1e-7, ftol=1e-9,
                gtol=1e-9, max_nfev=60, x_scale=0.3,
            )  # fmt: skip
            if best is None or 2 * found.cost < best[0] - 1e-9:
                best = (2 * float(found.cost), found.x)
        assert best is not None
        bend, rates = float(best[1][0]), rates_of(best[1])
        level, slope, _ = self.solved(bend, rates)
        return ExchangeFit(bend, rates, level, slope, best[0])

    def tangent(self, found: ExchangeFit) -> Array:
        """Return the derivatives of the fitted logits; shape (runs, 3 + kinds).

        By level, slope, bend and each rate.
        """
        base = self.curve(found.bend, found.rates)
        changes = found.slope * self._changes(found.bend, found.rates)
        return np.column_stack([np.ones(len(self.y)), base, changes])

    def with_other(self, other: Array) -> ExchangeProblem:
        """Return the problem with other kinds of sentences, of the same sets."""
        return ExchangeProblem(self.y, self.real, other, self.covariance, self.sentences)


def box_cox(x: Array, bend: float) -> Array:
    """Return ``(x^λ - 1)/λ``, the logarithm at 0."""
    logs = np.log(x)
    return logs if abs(bend) < 1e-8 else np.expm1(bend * logs) / bend
