"""Krippendorff's alpha: any number of raters, missing ratings, four levels of measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Alpha(Result):
    """Krippendorff's alpha.

    Parameters
    ----------
    value : float
        1 for full agreement, 0 for what chance would give, negative for less; NaN where undefined.
    level : {"nominal", "ordinal", "interval", "ratio"}
        How ratings are compared.
    units : int
        Units with at least two ratings; the others say nothing of agreement.
    ratings : int
        Ratings of these.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    level: Level
    units: int
    ratings: int
    caveats: tuple[str, ...] = ()


def coincidences(counts: ArrayLike) -> Array:
    """Return the table of coincidences of one corpus of units.

    Parameters
    ----------
    counts : array_like, shape (units, values)
        How many raters gave each unit each value.

    Returns
    -------
    ndarray of float, shape (values, values)
        Symmetric; its sum is the number of ratings of units with two or more.
    """
    table = np.asarray(counts, dtype=float)
    raters = table.sum(axis=1)
    table, raters = table[raters >= 2], raters[raters >= 2]
    weighted = table / (raters - 1)[:, None]
    return weighted.T @ table - np.diag(weighted.sum(axis=0))


def distances(values: Array, totals: Array, scale: Level) -> Array:
    """Return the squared distance of each two values (Krippendorff 2011, section D).

    Parameters
    ----------
    values : ndarray, shape (values,)
        The values, in rising order; their size matters for interval and ratio only.
    totals : ndarray, shape (..., values)
        How many ratings have each; for ordinal.
    scale : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement.

    Returns
    -------
    ndarray, shape (..., values, values)
    """
    gap = np.subtract.outer(values, values)
    if scale == "nominal":
        return (gap != 0).astype(float)
    if scale == "interval":
        return gap**2
    if scale == "ratio":
        both = np.add.outer(values, values)
        return np.divide(gap, both, out=np.zeros_like(gap), where=both != 0) ** 2
    middle = np.cumsum(totals, axis=-1) - totals / 2
    return (middle[..., :, None] - middle[..., None, :]) ** 2


def alpha_of(table: ArrayLike, values: ArrayLike | None = None, scale: Level = "nominal") -> Array:
    """Return alpha of one or many tables of coincidences.

    Parameters
    ----------
    table : array_like, shape (..., values, values)
        As `coincidences` gives, or sums of such.
    values : array_like, shape (values,), optional
        0, 1, 2 ... unless given.
    scale : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement.

    Returns
    -------
    ndarray of float, shape (...)
        NaN where there is nothing to compare, or only one value.
    """
    seen = np.asarray(table, dtype=float)
    known = np.arange(seen.shape[-1]) if values is None else np.asarray(values)
    totals = seen.sum(axis=-1)
    n = totals.sum(axis=-1)
    gaps = distances(known.astype(float), totals, scale)
    observed = (seen * gaps).sum(axis=(-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * gaps).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def krippendorff_alpha(ratings: ArrayLike, scale: Level = "nominal") -> Alpha:
    """Return Krippendorff's alpha of a table of ratings.

    Parameters
    ----------
    ratings : array_like of float, shape (units, raters)
        NaN where a rater did not rate a unit. Nominal categories may be any numbers.
    scale : {"nominal", "ordinal", "interval", "ratio"}
        How ratings are compared.

    Returns
    -------
    Alpha
        NaN with a caveat where no unit has two ratings, or all ratings are the same.

    Raises
    ------
    ValueError
        Not a table, infinities, an unknown scale, or negative ratings with ``ratio``.

    Notes
    -----
    Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011. As R's ``irr::kripp.alpha``
    (which has raters in rows) with two raters or with missing ratings. Without any missing rating
    and with m > 2 raters ``irr`` 0.84.1 does not divide a unit's pairs by m - 1, so that its
    correction for small samples is too weak: its 1 - alpha is ``(n - 1/(m - 1)) / (n - 1)`` times
    the right one, for n ratings. Here the formula holds for all.

    Examples
    --------
    >>> krippendorff_alpha([[1, 1], [2, 2], [1, 2]]).value
    0.4444444444444444
    """
    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"ratings must be a table of two dimensions, not {table.ndim}")
    if np.isinf(table).any():
        raise ValueError("ratings hold infinities")
    if scale not in LEVELS:
        raise ValueError(f"scale must be one of {', '.join(LEVELS)}, not {scale!r}")
    given = ~np.isnan(table)
    if scale == "ratio" and (table[given] < 0).any():
        raise ValueError("ratings on a ratio scale cannot be negative")
    usable = given.sum(axis=1) >= 2
    table, given = table[usable], given[usable]
    if not len(table):
        return Alpha(float("nan"), scale, 0, 0, ("no unit has ratings by two raters",))
    values, codes = np.unique(table[given], return_inverse=True)
    counts = np.zeros((len(table), len(values)))
    np.add.at(counts, (np.nonzero(given)[0], codes.reshape(-1)), 1)
    value = float(alpha_of(coincidences(counts), values, scale))
    caveats = ("all ratings are the same: undefined",) if len(values) < 2 else ()
    return Alpha(value, scale, len(table), int(given.sum()), caveats)
