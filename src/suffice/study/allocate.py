"""Where the next runs go: a spread over sizes first, then where the curve is uncertain.

Decided from finished runs only, and from nominal costs rather than measured times, so that the same
finished runs always lead to the same next ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.stats import F1Curve

BATCH = 6
"""Cells decided on at a time."""

ENOUGH = 0.05
"""Runs stop when they make less than this share of the variance of F1 at the whole pool."""


class Cell(NamedTuple):
    """One place in the design: one model, or one for each fold where folds do not rotate.

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


def cell_of_pool(size: int, number: int, folds: int = 1) -> Cell:
    """Return the cell of the number-th model that is trained on a whole pool.

    Parameters
    ----------
    size : int
        Documents in the pool.
    number : int
        The number, counted from 0.
    folds : int
        Pools that there are, each with the documents of all folds but one: another fold comes
        first, then another seed.
    """
    return Cell(size, number % folds, number // folds)


def spread(sizes: Sequence[int], folds: int = 1) -> list[list[Cell]]:
    """Return the first batches: every size twice, then other seeds on some of the same sets.

    Parameters
    ----------
    sizes : sequence of int
        Increasing; the last may be the whole pool.
    folds : int
        Pools that there are: the number of folds where these rotate.

    Returns
    -------
    list of list of Cell
        Large sizes first within each batch, so that workers finish together.
    """
    down = sorted(sizes, reverse=True)
    whole = down[0]
    first = [Cell(n, 0) for n in down]
    second = [cell_of_pool(n, 1, folds) if n == whole else Cell(n, 1) for n in down]
    again = [Cell(n, 0, 1) for n in down[1:5]]
    return [first, second, again]


def following(
    curve: F1Curve,
    done: Iterable[Cell],
    sizes: Sequence[int],
    cost: Callable[[int], float],
    batch: int = BATCH,
    folds: int = 1,
) -> list[Cell]:
    """Return the next batch: the cells that narrow the forecast most for what they cost.

    The runs' part of the variance of F1 at the whole pool and at twice the pool, by a power law
    linearised at its present fit, is lowered greedily (c-optimal design).

    Parameters
    ----------
    curve : F1Curve
        The curve of the finished runs.
    done : iterable of Cell
        Finished, failed ones included.
    sizes : sequence of int
        To choose from; the last is the whole pool.
    cost : callable
        Nominal seconds of a run of so many documents.
    batch : int
        Number of cells to return.
    folds : int
        See `spread`.

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
        again = pairs < len(used) // 4
        cell = _next_cell(int(sizes[best]), whole, used, again=again, folds=folds)
        pairs += cell.repeat > 0
        used.add(cell)
        cells.append(cell)
        information += np.outer(rows[best], rows[best])
    return sorted(cells, reverse=True)


def enough(curve: F1Curve, pool: int) -> bool:
    """Return whether more runs would hardly narrow the interval: documents dominate it."""
    parts = {name: curve.part_at(name, pool) ** 2 for name in ("evaluation", "pool", "runs")}
    return parts["runs"] < ENOUGH * sum(parts.values())


def _gradient(curve: F1Curve, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the power law's derivatives by a, b and c, shape (sizes, 3)."""
    _, b, c = curve.power_law
    if not np.isfinite(c):
        b, c = 1.0, 0.5
    shape = n**-c
    return np.column_stack([np.ones_like(n), -shape, max(b, 0.05) * np.log(n) * shape])


def _next_cell(size: int, whole: int, used: set[Cell], *, again: bool, folds: int) -> Cell:
    """Return an unused cell of this size: a new set, or another seed on one that has only one."""
    if size == whole:
        numbers = (cell_of_pool(size, number, folds) for number in count())
        return next(cell for cell in numbers if cell not in used)
    mine = sorted(c for c in used if c.size == size)
    if again:
        for cell in mine:
            if cell.repeat == 0 and cell._replace(repeat=1) not in used:
                return cell._replace(repeat=1)
    return Cell(size, 1 + max((c.replicate for c in mine), default=-1))
