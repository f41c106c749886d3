"""From draws of F1(n) to sizes: how many documents a target takes, and how many would settle it.

Everything is a function of the same draws, and each draw by itself is monotone in the target, so
that a harder target never takes fewer documents, is never more probable, and is never settled
sooner.
"""

from __future__ import annotations

import numpy as np

from suffice.stats._arrays import Array
from suffice.stats._f1.curve import F1Curve

_FACTORS = 200
"""Sizes that are tried between what is there and the limit."""


def sizes_reaching(
    grid: Array, draws: Array, target: float, present: float, limit: float = np.inf
) -> Array:
    """Return the size at which each draw of a curve reaches a target.

    Parameters
    ----------
    grid : ndarray, shape (points,)
        Sizes, increasing.
    draws : ndarray, shape (draws, points)
        F1(n) at these sizes; need not rise everywhere.
    target : float
        The F1 wanted.
    present : float
        The size that is there.
    limit : float
        Sizes beyond it are not distinguished.

    Returns
    -------
    ndarray, shape (draws,)
        The smallest such size where the draw reaches the target with `present`, and otherwise the
        smallest one beyond `present`; infinite where there is none within `limit`. So a size is at
        most `present` exactly where F1(present) is at least the target. Sizes below the smallest of
        the grid are not distinguished from it.
    """
    grid, draws, at = _with_size(grid, draws, present)
    above = draws >= target
    reached = above[:, at]
    above[~reached, : at + 1] = False
    first = above.argmax(axis=1)
    found = grid[first].astype(float)
    rows = np.flatnonzero((first > 0) & above.any(axis=1))
    upper = first[rows]
    y0, y1 = draws[rows, upper - 1], draws[rows, upper]
    rises = y1 > y0
    share = np.where(rises, (target - y0) / np.where(rises, y1 - y0, 1.0), 1.0)
    log0, log1 = np.log(grid[upper - 1]), np.log(grid[upper])
    found[rows] = np.exp(log0 + np.clip(share, 0, 1) * (log1 - log0))
    # rounding in exp and log must not carry a size over the present one
    found = np.where(reached, np.minimum(found, present), np.maximum(found, present))
    found[~reached & (found <= present)] = np.nextafter(present, np.inf)
    found[~above.any(axis=1) | (found > limit)] = np.inf
    return found


def size_settling(
    curve: F1Curve,
    target: float,
    present: float,
    *,
    narrowed: float,
    limit: float,
    sure: float,
) -> float:
    """Return the size with which a new study should find the target reached with probability.

    Parameters
    ----------
    curve : F1Curve
        The curve of the runs.
    target : float
        The F1 wanted.
    present : float
        The size that is there, in documents.
    narrowed : float
        The share of the variance of F1(present) that further documents narrow: what evaluation and
        pool documents make of it.
    limit : float
        Larger sizes are not looked at.
    sure : float
        The probability wanted.

    Returns
    -------
    float
        `present` where the target is reached with that probability already; infinite where no size
        within `limit` should settle it.

    Notes
    -----
    More documents do two things: F1 rises along the curve, and the interval narrows, because they
    are divided between evaluation and training as the present ones are. With f times as many the
    variance of F1 is taken to be that of F1(present) with the documents' share of it divided by f;
    runs and form stay, since models are trained on f times as many as well. The curve is taken to
    stay where it is.
    """
    now = float(curve.draws_at(present).var())
    for n in np.geomspace(present, max(limit, present), _FACTORS):
        draws = curve.draws_at(float(n))
        centre = float(np.median(draws))
        whole = float(draws.var())
        factor = n / present
        expected = now * (narrowed / factor + 1 - narrowed)
        scale = np.sqrt(expected / whole) if whole > 0 else 0.0
        if n == present:
            scale = 1.0
        if float(np.mean(centre + scale * (draws - centre) >= target)) >= sure:
            return float(n)
    return float("inf")


def _with_size(grid: Array, draws: Array, size: float) -> tuple[Array, Array, int]:
    """Return a grid and draws that hold a size, and its place; the ends go on level."""
    at = int(np.searchsorted(grid, size))
    if at < len(grid) and grid[at] == size:
        return grid, draws, at
    right = min(at, len(grid) - 1)
    left = max(at - 1, 0)
    span = np.log(grid[right] / grid[left])
    share = np.log(size / grid[left]) / span if span > 0 else 0.0
    column = draws[:, left] + share * (draws[:, right] - draws[:, left])
    return np.insert(grid, at, size), np.insert(draws, at, column, axis=1), at
