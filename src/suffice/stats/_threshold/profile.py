"""The exact profile of a threshold model: the sum of squares at every candidate point, in one pass.

A threshold model regresses y on base columns (a constant, covariates, for ``segmented`` also x) and
one term that depends on the threshold e. By Frisch, Waugh and Lovell the sum of squares at e is
that of the base model less ``num(e)^2 / den(e)``, where both are inner products of the term with
residuals of the base model. The terms grow by a straight line between neighbouring values of x, so
all these inner products are cumulative sums over the sorted values: O(n) for all candidates, and
for a block of resamples at once, which are nothing but integer weights on the same sorted rows.

The sums are built by adding up steps (``(e - x)_+`` grows by the gap times the weight so far), not
as differences of large moments, so that nearly constant responses lose no digits.

Source: the models and the candidate rule are those of Fong Y, Huang Y, Gilbert PB, Permar SR.
chngpt: threshold regression model estimation and inference. BMC Bioinformatics 2017;18:454. The
arrangement of the sums is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.stats._arrays import Array

FORMS = {
    "hinge": "flat, then slope",
    "upperhinge": "slope, then flat",
    "segmented": "two slopes",
    "step": "two levels",
}
"""The forms of a threshold, and what each is in words."""

_DEGENERATE = 1e-11  # a term whose square, given the base columns, is this share of it or less is 0


def candidate_positions(
    n: int | Array, low: float, high: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and one past the last sorted row (0-based) that may be a threshold.

    Rows ``round(n * low) + 1 .. round(n * high)``, counted from one, halves rounded to even, as
    chngpt does.
    """
    first = np.rint(np.multiply(n, low)).astype(np.int64)
    stop = np.rint(np.multiply(n, high)).astype(np.int64)
    return first, stop


@dataclass(frozen=True)
class ThresholdDesign:
    """Sorted, centred and scaled data of one threshold regression.

    Attributes
    ----------
    form : str
        One of `FORMS`.
    sign : int
        -1 for ``hinge``, which is fitted as ``upperhinge`` on -x; else 1.
    order : (n,) int array
        Rows in ascending order of ``sign * x``.
    x, y : (n,) arrays
        Sorted; scaled to unit range and zero middle, and to zero mean and unit sd.
    z : (n, k) array
        Covariates, sorted and standardised.
    starts : (u,) int array
        First sorted row of each distinct x.
    points : (u,) array
        Distinct values of ``sign * x`` in the user's units.
    low, high : float
        Quantiles between which candidates lie, on ``sign * x``.
    """

    form: str
    sign: int
    order: NDArray[np.int64]
    x: Array
    y: Array
    z: Array
    starts: NDArray[np.int64]
    points: Array
    low: float
    high: float
    x_middle: float
    x_scale: float
    y_middle: float
    y_scale: float
    z_middle: Array
    z_scale: Array

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.x)

    @property
    def n_coefficients(self) -> int:
        """Regression coefficients: constant, covariates, the term, and x for ``segmented``."""
        return 2 + self.z.shape[1] + (self.form == "segmented")

    def base_columns(self) -> list[Array]:
        """Return the columns that do not depend on the threshold, after the constant."""
        columns = [self.x] if self.form == "segmented" else []
        return columns + list(self.z.T)


def make_design(
    y: Array, x: Array, z: Array, form: str, quantiles: tuple[float, float]
) -> ThresholdDesign:
    """Sort, centre and scale checked data."""
    low, high = quantiles
    sign = 1
    if form == "hinge":
        sign, low, high = -1, 1 - high, 1 - low
    signed = sign * x
    order = np.argsort(signed, kind="stable")
    signed = signed[order]
    middle = (signed[0] + signed[-1]) / 2
    scale = signed[-1] - signed[0]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(signed) > 0)))
    y_scale = _spread(y)
    z_middle = z.mean(axis=0)
    z_scale = np.array([_spread(column) for column in z.T])
    return ThresholdDesign(
        form=form,
        sign=sign,
        order=order,
        x=(signed - middle) / scale,
        y=(y[order] - y.mean()) / y_scale,
        z=(z[order] - z_middle) / z_scale,
        starts=starts,
        points=signed[starts],
        low=low,
        high=high,
        x_middle=float(middle),
        x_scale=float(scale),
        y_middle=float(y.mean()),
        y_scale=y_scale,
        z_middle=z_middle,
        z_scale=z_scale,
    )


def _spread(values: Array) -> float:
    return float(np.std(values)) or 1.0


def checked(
    y: ArrayLike,
    x: ArrayLike,
    covariates: Mapping[str, ArrayLike] | None,
    form: str,
    quantiles: Sequence[float],
) -> tuple[Array, Array, Array, tuple[str, ...]]:
    """Check what a threshold regression is given, and say what is wrong with it.

    Returns
    -------
    y, x : (n,) arrays
    z : (n, k) array
    names : tuple of str
        Names of the covariates.

    Raises
    ------
    ValueError
        For an unknown form, quantiles out of order, unequal lengths, values that are not finite, a
        constant response, predictor or covariate, or fewer rows than the model needs.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}: choose one of {', '.join(FORMS)}")
    low, high = (float(q) for q in quantiles)
    if not 0 <= low < high <= 1:
        raise ValueError(f"quantiles must satisfy 0 <= low < high <= 1, not {low} and {high}")
    columns = {"y": y, "x": x, **{f"covariate {k}": v for k, v in (covariates or {}).items()}}
    arrays: dict[str, Array] = {}
    for name, values in columns.items():
        array = np.asarray(values, dtype=np.float64)
        if array.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional, not of shape {array.shape}")
        if not np.isfinite(array).all():
            bad = int((~np.isfinite(array)).sum())
            raise ValueError(f"{name} holds {bad} values that are not finite; leave them out first")
        arrays[name] = array
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns differ in length: {lengths}")
    n = lengths["y"]
    needed = 2 + (form == "segmented") + len(covariates or {}) + 1 + 3
    if n < needed:
        raise ValueError(f"{n} rows are too few: this {form} model needs at least {needed}")
    for name, array in arrays.items():
        middle = float(np.abs(array).max())
        if np.ptp(array) <= 1e-13 * middle:
            raise ValueError(f"{name} is constant, so there is nothing to estimate")
    distinct = len(np.unique(arrays["x"]))
    if distinct < (4 if form == "segmented" else 3):
        raise ValueError(
            f"x has only {distinct} distinct values: this {form} model needs at least "
            f"{4 if form == 'segmented' else 3}"
        )
    z = np.column_stack([arrays[k] for k in columns if k not in ("y", "x")] or [np.empty((n, 0))])
    scaled = (z - z.mean(axis=0)) / np.array([_spread(c) for c in z.T] or [1.0])
    base = [np.ones(n), *scaled.T]
    if form == "segmented":
        base.append((arrays["x"] - arrays["x"].mean()) / _spread(arrays["x"]))
    if np.linalg.matrix_rank(np.column_stack(base), tol=1e-9 * np.sqrt(n)) < len(base):
        raise ValueError("the covariates (with x, for the segmented form) are exactly collinear")
    return arrays["y"], arrays["x"], z, tuple(covariates or {})


@dataclass(frozen=True)
class Profile:
    """The profile of each of B weighted copies of the data (in the design's scaled units).

    Attributes
    ----------
    gain : (B, u) array
        Fall of the sum of squares against the base model; -inf where a point is no candidate.
    base : (B,) array
        Sum of squares of the base model; NaN where the base columns are collinear.
    best : (B,) int array
        The distinct x of least sum of squares.
    coefficients : (B, q) array
        At the best point, in the user's units: constant, covariates, (x), term. Empty if not asked.
    """

    gain: Array
    base: Array
    best: NDArray[np.int64]
    coefficients: Array

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Copies with a usable candidate."""
        top = np.take_along_axis(self.gain, self.best[:, None], axis=1)[:, 0]
        return np.isfinite(top) & np.isfinite(self.base)


def _grouped(rows: Array, starts: NDArray[np.int64]) -> Array:
    if len(starts) == rows.shape[1]:
        return rows
    return np.add.reduceat(rows, starts, axis=1)


def _raised(sums: Array, gaps: Array, step: bool) -> Array:
    """Inner products of ``(e - x)_+`` (or ``x <= e``) with a column given by its sums at each x."""
    total = np.cumsum(sums, axis=1)
    if step:
        return total
    out = np.empty_like(total)
    out[:, 0] = 0
    np.multiply(total[:, :-1], gaps, out=out[:, 1:])
    return np.cumsum(out, axis=1, out=out)


def profile(
    design: ThresholdDesign,
    weights: Array | None = None,
    responses: Array | None = None,
    *,
    coefficients: bool = False,
    allowed: NDArray[np.bool_] | None = None,
) -> Profile:
    """Profile B copies of the data at once.

    Parameters
    ----------
    design : ThresholdDesign
    weights : (B, n) array, optional
        How often each sorted row counts; all ones if not given.
    responses : (B, n) array, optional
        Other responses for the sorted rows, in scaled units, instead of the design's own.
    coefficients : bool
        Whether the coefficients at the best point are wanted.
    allowed : (u,) bool array, optional
        The candidates, instead of those that the quantiles give.

    Returns
    -------
    Profile
    """
    rows = np.ones((1, design.n)) if weights is None else weights
    step = design.form == "step"
    gaps = np.diff(design.x[design.starts])
    y = design.y if responses is None else responses
    weighted = rows * y
    counts = _grouped(rows, design.starts)
    reached = np.cumsum(counts, axis=1)
    size = reached[:, -1]
    n_copies = max(len(rows), len(weighted))

    # inner products of the term with itself and with every base column, at all points
    flat = reached if step else _raised(counts, gaps, step=False)
    if step:
        square = reached
    else:
        square = np.empty_like(flat)
        square[:, 0] = 0
        np.add(flat[:, :-1], flat[:, 1:], out=square[:, 1:])
        square[:, 1:] *= gaps
        np.cumsum(square, axis=1, out=square)
    along = [flat]
    columns = design.base_columns()
    for number, column in enumerate(columns):
        if number == 0 and design.form == "segmented":
            along.append(design.x[design.starts] * flat - square)
        else:
            along.append(_raised(_grouped(rows * column, design.starts), gaps, step))
    num = _raised(_grouped(weighted, design.starts), gaps, step)

    # base columns against each other and against y; their Cholesky factor
    full = [np.ones(design.n), *columns]
    q = len(full)
    root = np.zeros((q, q, len(rows)))
    scores = np.empty((q, n_copies))
    with np.errstate(invalid="ignore", divide="ignore"):
        for i in range(q):
            scores[i] = weighted @ full[i]
            for j in range(i + 1):
                inner = size if i == 0 else rows @ (full[i] * full[j])
                inner = inner - (root[i, :j] * root[j, :j]).sum(axis=0)
                if i == j:
                    root[i, i] = np.sqrt(np.where(inner > 1e-10 * size, inner, np.nan))
                else:
                    root[i, j] = inner / root[j, j]
            scores[i] = (scores[i] - (root[i, :i] * scores[:i]).sum(axis=0)) / root[i, i]
        base = (weighted * y).sum(axis=1) - (scores**2).sum(axis=0)
        den = square.copy()
        for i in range(q):
            for j in range(i):
                along[i] = along[i] - root[i, j][:, None] * along[j]
            along[i] = along[i] / root[i, i][:, None]
            den -= along[i] ** 2
            num = num - along[i] * scores[i][:, None]
        first, stop = candidate_positions(size, design.low, design.high)
        usable = den > _DEGENERATE * square
        if allowed is None:
            usable &= counts > 0
            usable &= reached > first[:, None]
            usable &= reached - counts < stop[:, None]
        else:
            usable &= allowed
        gain = np.divide(num * num, den, out=np.full(num.shape, -np.inf), where=usable)
    best = np.argmax(gain, axis=1)
    found = np.empty((n_copies, 0))
    if coefficients:
        found = _coefficients(design, root, scores, along, num, den, best)
    return Profile(gain=gain, base=base, best=best, coefficients=found)


def _coefficients(
    design: ThresholdDesign,
    root: Array,
    scores: Array,
    along: list[Array],
    num: Array,
    den: Array,
    best: NDArray[np.int64],
) -> Array:
    """Coefficients at the best point, in the user's units: constant, covariates, (x), term."""
    at = best[:, None]

    def picked(values: Array) -> Array:
        return np.take_along_axis(np.broadcast_to(values, num.shape), at, axis=1)[:, 0]

    with np.errstate(invalid="ignore", divide="ignore"):
        term = picked(num) / picked(den)
        q = len(along)
        gamma = np.empty_like(scores)
        for i in reversed(range(q)):
            rest = scores[i] - picked(along[i]) * term
            for j in range(i + 1, q):
                rest = rest - root[j, i] * gamma[j]
            gamma[i] = rest / root[i, i]
    e = design.points[best]
    unit = design.y_scale / (1.0 if design.form == "step" else design.x_scale)
    term = term * unit  # of (e - x)_+, or of x <= e, in the user's units
    constant = design.y_middle + design.y_scale * gamma[0]
    k = 1 + (design.form == "segmented")
    slopes = design.y_scale * gamma[k:] / design.z_scale[:, None]
    constant = constant - (slopes * design.z_middle[:, None]).sum(axis=0)
    out = [constant, *slopes]
    if design.form == "segmented":
        # a + b x + c (e - x)_+  =  (a + c e) + (b - c) x + c (x - e)_+
        slope = design.y_scale * gamma[1] / design.x_scale
        out[0] = out[0] - slope * design.x_middle + term * e
        out += [slope - term, term]
    elif design.form == "step":
        out[0] = out[0] + term
        out += [-term]
    else:
        out += [-term * design.sign]
    return np.column_stack(out)
