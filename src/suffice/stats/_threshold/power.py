"""The power family: what is smooth, and what a kink is held against."""

from __future__ import annotations

import numpy as np

from suffice.stats._arrays import Array

EXPONENTS = np.concatenate([np.linspace(-2, 1, 61), np.linspace(1.1, 3, 20)])


def power_basis(x: Array, exponent: float) -> Array:
    """Return ``-x^-c`` (for c < 0 ``x^-c``), centred and scaled to unit length; ``log x`` at 0."""
    logs = np.log(x) - np.log(x).mean()
    values = logs if abs(exponent) < 1e-9 else np.expm1(-exponent * logs) / -exponent
    values = values - values.mean()
    return values / np.linalg.norm(values)


def _residualised(columns: Array, base: Array) -> Array:
    """Part of the columns (n, k) orthogonal to the orthonormal base (n, q), to unit length."""
    rest = columns - base @ (base.T @ columns)
    rest = rest - base @ (base.T @ rest)
    return rest / np.linalg.norm(rest, axis=0)


class SmoothFamily:
    """Least squares over the power family with covariates, for many responses at once."""

    def __init__(self, x: Array, z: Array) -> None:
        self.x = x
        self.z = z
        base, _ = np.linalg.qr(np.column_stack([np.ones(len(x)), z]))
        self.base = base
        self.curves = _residualised(
            np.column_stack([power_basis(x, c) for c in EXPONENTS]), self.base
        )

    def flat_sse(self, responses: Array) -> Array:
        """Sum of squares (B,) of the constant and the covariates alone."""
        rest = responses - (responses @ self.base) @ self.base.T
        return (rest**2).sum(axis=1)

    def sse(self, responses: Array) -> Array:
        """Least sum of squares (B,) over the grid of exponents for responses (B, n)."""
        return self.flat_sse(responses) - ((responses @ self.curves) ** 2).max(axis=1)

    def fit(self, response: Array, exponent: float | None = None) -> tuple[float, float, Array]:
        """Return the best exponent (or the one asked for), its sum of squares and fitted values."""
        from scipy.optimize import minimize_scalar  # slow to import

        rest = response - self.base @ (self.base.T @ response)

        def loss(c: float) -> float:
            curve = _residualised(power_basis(self.x, c)[:, None], self.base)[:, 0]
            return float(((rest - curve * (curve @ rest)) ** 2).sum())

        if exponent is None:
            top = int(np.argmax((rest @ self.curves) ** 2))
            low = EXPONENTS[max(top - 1, 0)]
            high = EXPONENTS[min(top + 1, len(EXPONENTS) - 1)]
            found = minimize_scalar(loss, bounds=(low, high), method="bounded")
            exponent = float(EXPONENTS[top])
            if found.fun < loss(exponent):
                exponent = float(found.x)
        curve = _residualised(power_basis(self.x, exponent)[:, None], self.base)[:, 0]
        fitted = response - rest + curve * (curve @ rest)
        return exponent, float(((response - fitted) ** 2).sum()), fitted
