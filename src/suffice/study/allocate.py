"""Where the next runs go: a spread over sizes first, then where the curve is uncertain.

Decided from finished runs only, and from nominal costs rather than measured times, so that the same
finished runs always lead to the same next ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.stats.uncertainty import LearningCurve

BATCH = 6
"""Cells decided on at a time."""

ENOUGH = 0.05
"""Runs stop when they make less than this share of the variance of F1 at the whole pool."""


class Cell(NamedTuple):
    """One place in the design: with folds, one model for each fold.

    Parameters
    ----------
    size : int
        Training documents.
    replicate : int
        The number of the training set among those of its size.
    repeat : int
        The number of the seed on that training set.
    """

    size: int
    replicate: int
    repeat: int = 0


def spread(sizes: Sequence[int]) -> list[list[Cell]]:
    """Return the first batches: every size twice, then other seeds on some of the same sets.

    Parameters
    ----------
    sizes : sequence of int
        Increasing; the last may be the whole pool.

    Returns
    -------
    list of list of Cell
        Large sizes first within each batch, so that workers finish together.
    """
    down = sorted(sizes, reverse=True)
    whole = down[0]
    first = [Cell(n, 0) for n in down]
    second = [Cell(n, 0, 1) if n == whole else Cell(n, 1) for n in down]
    again = [Cell(n, 0, 1) for n in down[1:5]]
    return [first, second, again]


def following(
    curve: LearningCurve,
    done: Iterable[Cell],
    sizes: Sequence[int],
    cost: Callable[[int], float],
    batch: int = BATCH,
) -> list[Cell]:
    """Return the next batch: the cells that narrow the forecast most for what they cost.

    The runs' part of the variance of F1 at the whole pool and at twice the pool, by a power law
    linearised at its present fit, is lowered greedily (c-optimal design).

    Parameters
    ----------
    curve : LearningCurve
        Of the finished runs.
    done : iterable of Cell
        Finished, failed ones included.
    sizes : sequence of int
        To choose from; the last is the whole pool.
    cost : callable
        Nominal seconds of a run of so many documents.
    batch : int
        How many.

    Returns
    -------
    list of Cell
    """
    done = list(done)
    placed = Counter(cell.size for cell in done)
    n = np.asarray(sizes, dtype=float)
    whole = int(n[-1])
    noise = np.interp(np.log(n), np.log(curve.grid), np.maximum(curve.one_sd, 1e-4) ** 2)
    rows = _gradient(curve, n) / np.sqrt(noise)[:, None]
    aims = _gradient(curve, np.array([whole, 2 * whole], dtype=float))
    information = np.eye(3) * 1e-6
    for i, size in enumerate(sizes):
        information += placed[size] * np.outer(rows[i], rows[i])
    price = np.array([cost(size) for size in sizes])

    cells: list[Cell] = []
    used = set(done)
    pairs = sum(cell.repeat > 0 for cell in done)
    for _ in range(batch):
        inverse = np.linalg.inv(information)
        reach = aims @ inverse @ rows.T
        own = np.einsum("ij,jk,ik->i", rows, inverse, rows)
        gain = (reach**2).sum(axis=0) / (1 + own) / price
        best = int(np.argmax(gain))
        cell = _next_cell(int(sizes[best]), whole, used, again=pairs < len(used) // 4)
        pairs += cell.repeat > 0
        used.add(cell)
        cells.append(cell)
        information += np.outer(rows[best], rows[best])
    return sorted(cells, reverse=True)


def enough(curve: LearningCurve, pool: int) -> bool:
    """Return whether more runs would hardly narrow the interval: documents dominate it."""
    parts = {name: curve.part_at(name, pool) ** 2 for name in ("evaluation", "pool", "runs")}
    return parts["runs"] < ENOUGH * sum(parts.values())


def _gradient(curve: LearningCurve, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the power law's derivatives by a, b and c, shape (sizes, 3)."""
    _, b, c = curve.power_law
    if not np.isfinite(c):
        b, c = 1.0, 0.5
    shape = n**-c
    return np.column_stack([np.ones_like(n), -shape, max(b, 0.05) * np.log(n) * shape])


def _next_cell(size: int, whole: int, used: set[Cell], *, again: bool) -> Cell:
    """Return an unused cell of this size: a new set, or another seed on one that has only one."""
    if size == whole:
        return Cell(size, 0, 1 + max((c.repeat for c in used if c.size == size), default=-1))
    mine = sorted(c for c in used if c.size == size)
    if again:
        for cell in mine:
            if cell.repeat == 0 and cell._replace(repeat=1) not in used:
                return cell._replace(repeat=1)
    return Cell(size, 1 + max((c.replicate for c in mine), default=-1))
