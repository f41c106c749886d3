"""Screen and confirm: a cheap learner walks the design, the expensive one a part of its sets.

Sizes are walked in rounds. In each the cheap learner is trained on a few sets of every size, the
expensive one on one of these. Sets are taken from a frame of `FRAME` random ones of each size, in
an order that spreads over entities per sentence (systematic sampling with a random start). Where
folds rotate they take turns in that order, as they do without a screen. Every set of the frame has
a known chance to be among the first k, the same one for all of a fold, and nothing that was trained
has a say in it. So a study that goes on, after whatever interrupted it, finds the same next sets.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from suffice.stats._learners.screening import screened_curve
from suffice.study import allocate
from suffice.study.allocate import Cell, cell_of_pool
from suffice.study.plan import Plan, Planned
from suffice.study.session import Session
from suffice.study.spec import StudySpec
from suffice.study.table import LEAST_ROTATING

META = "screening"
"""The name under which the ledger keeps which sets were chosen, and with what probability."""

FRAME = 16
"""Training sets of each size that the expensive learner's are chosen from; a power of 2."""

PAIRS = 24
"""The expensive learner's training sets where neither their number nor a budget is given."""

LEAST_RUNS = 16
"""Fewer runs of the expensive learner say too little to be told that they are enough."""

_EXPECTED_CORRELATION = 0.5
_MOST_FOR_EACH = 4
_NEEDED = 4


def walk(session: Session) -> str:
    """Walk the rounds until the runs are done, the budget is spent or more would say little.

    Returns
    -------
    str
        As `suffice.study.runner.run`.
    """
    spec, plan = session.spec, session.plan
    sizes = plan.sizes()
    order = orders(plan, sizes)
    each = sets_for_each(session.nominal(0, sizes[-1]), session.nominal(1, sizes[-1]))
    wanted = asked(spec)
    session.pairs_expected = wanted or 0
    chosen: list[Cell] = []
    screen_done = False
    number = 0
    while True:
        if not screen_done:
            cells = _round(plan, order, range(each * number, each * (number + 1)))
            if session.timed and not number:
                # Small sizes first: they tell how fast this machine is before the large ones begin.
                session.batch(cells[-_NEEDED:], [], needed=True)
            reason = session.batch(cells, [])
            if number == 0:
                session.refuse_if_all_failed(0)
                again = [cell._replace(repeat=1) for cell in cells[1:5]]
                reason = reason or session.batch(again, [])
            screen_done = reason is not None
        new = _confirm(session, order, number, wanted, chosen)
        chosen += [cell for cell in new if cell not in chosen]
        _keep(session, order, chosen)
        if number == 0:
            session.refuse_if_all_failed(1)
        number += 1
        if wanted is not None and len(chosen) >= wanted:
            if screen_done or session.timed or spec.runs is None:
                return "runs"
        elif session.timed and (session.left() <= 0 or not new):
            return "budget"
        elif session.timed and len(chosen) >= LEAST_RUNS and _enough(session):
            return "enough"


def asked(spec: StudySpec) -> int | None:
    """Return the training sets asked for the expensive learner; None where the budget decides."""
    if spec.pairs is not None or (spec.runs is None and spec.budget is not None):
        return spec.pairs
    return PAIRS


def _confirm(
    session: Session,
    order: dict[int, list[Cell]],
    number: int,
    wanted: int | None,
    before: Sequence[Cell],
) -> list[Cell]:
    """Train the expensive learner on a round's sets, and return those that are done or were."""
    cells = [_cell(session.plan, order, n, number) for n in spread_out(list(order))]
    # The first ones, small, are done whatever is left of a budget: there is no answer without them.
    needed = _least(session.plan, order, cells) if session.timed and not number else []
    cells = [c for c in cells if c not in needed]
    if wanted is not None:
        cells = cells[: max(0, wanted - len(before) - len(needed))]
    done: list[Cell] = []
    for part in (needed, cells):
        rates = session.rates()
        tasks: list[Planned] = []
        for cell in part:
            fresh = [p for p in session.plan.runs(1, cell) if p.id not in session.finished]
            priced = bool(fresh) and session.timed and part is not needed
            if priced and not session.affordable([*tasks, *fresh], rates):
                continue
            tasks.extend(fresh)
            done.append(cell)
        session.train(tasks, rates)
    return done


def _least(plan: Plan, order: dict[int, list[Cell]], cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that any answer takes: small ones, on every fold where these rotate."""
    if not plan.rotating:
        return sorted(cells)[:_NEEDED]
    small = sorted(order)[:_NEEDED]
    least: list[Cell] = []
    scored: set[tuple[int, ...]] = set()
    for cell in (_cell(plan, order, n, k) for k in range(FRAME) for n in small):
        if len(least) < LEAST_ROTATING or plan.parts_of(cell) not in scored:
            least.append(cell)
            scored.add(plan.parts_of(cell))
        if len(least) >= LEAST_ROTATING and len(scored) == plan.pool_count:
            break
    return least


def _round(plan: Plan, order: dict[int, list[Cell]], positions: range) -> list[Cell]:
    """Return the cheap learner's cells of a round, the largest first."""
    return [_cell(plan, order, n, k) for k in positions for n in sorted(order, reverse=True)]


def _cell(plan: Plan, order: dict[int, list[Cell]], size: int, position: int) -> Cell:
    """Return a size's cell in the order in which they are taken; beyond the frame, by number."""
    if position < FRAME:
        return order[size][position]
    if size == plan.pool_size:
        return cell_of_pool(size, position, plan.pool_count)
    return Cell(size, position)


def orders(plan: Plan, sizes: Sequence[int]) -> dict[int, list[Cell]]:
    """Return the frame's cells of each size, in the order in which they are taken.

    Folds take turns as they do in the order of the sets' numbers. Of each fold all sets are equally
    likely to be the first one, and which follow depends on that one alone.

    Parameters
    ----------
    plan : Plan
        Of the study.
    sizes : sequence of int
        Training-set sizes in documents.
    """
    found = {}
    for n in sizes:
        if n == plan.pool_size:
            found[n] = [cell_of_pool(n, k, plan.pool_count) for k in range(FRAME)]
            continue
        cells = [Cell(n, k) for k in range(FRAME)]
        ranked = sorted(cells, key=lambda cell: (_density(plan, cell), cell))
        rng = np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(n, FRAME)))
        start = (int(rng.integers(FRAME)) + rng.random()) / FRAME
        turns = [plan.parts_of(cell) for cell in cells]
        queues: dict[tuple[int, ...], Iterator[Cell]] = {}
        for place, fold in zip(evenly(FRAME), turns, strict=True):
            if fold not in queues:
                mine = [cell for cell in ranked if plan.parts_of(cell) == fold]
                first = int(len(mine) * ((start + place / FRAME) % 1))
                queues[fold] = iter([mine[(first + k) % len(mine)] for k in evenly(len(mine))])
        found[n] = [next(queues[fold]) for fold in turns]
    return found


def evenly(count: int) -> list[int]:
    """Return 0 to `count` - 1 so that the first k are spread out, for every k.

    Examples
    --------
    >>> evenly(8)
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    bits = (count - 1).bit_length()
    order = [int(f"{k:0{bits}b}"[::-1], 2) for k in range(2**bits)]
    return [k for k in order if k < count]


def spread_out(sizes: Sequence[int]) -> list[int]:
    """Return sizes so that any first few are spread out: ends first, then the middle of a gap.

    Examples
    --------
    >>> spread_out([1, 2, 3, 4, 5])
    [5, 1, 3, 4, 2]
    """
    left = list(range(len(sizes)))
    taken = [left.pop()] + ([left.pop(0)] if left else [])
    while left:
        best = max(left, key=lambda i: (min(abs(i - j) for j in taken), i))
        left.remove(best)
        taken.append(best)
    return [sorted(sizes)[i] for i in taken]


def sets_for_each(cheap: float, expensive: float) -> int:
    """Return the cheap learner's training sets for each of the expensive one's, 2 to 4.

    With correlation ρ the run part is ``(1 - ρ²)/m + ρ²/M``; for a given time it is least where
    ``M/m = √(ρ²/(1 - ρ²) · expensive/cheap)``.

    Parameters
    ----------
    cheap, expensive : float
        Nominal seconds of a run.

    Examples
    --------
    >>> sets_for_each(1.0, 30.0)
    3
    """
    square = _EXPECTED_CORRELATION**2
    best = math.sqrt(square / (1 - square) * expensive / max(cheap, 1e-9))
    return int(min(max(round(best), 2), _MOST_FOR_EACH))


def _density(plan: Plan, cell: Cell) -> float:
    """Return a cell's entities per sentence, all its models together."""
    features = [plan.features(run) for run in plan.runs(0, cell)]
    return sum(f.entities for f in features) / max(1, sum(f.sentences for f in features))


def _keep(session: Session, order: dict[int, list[Cell]], chosen: Sequence[Cell]) -> None:
    """Keep which sets were chosen, with the probability that a set of the frame had."""

    def stratum(cell: Cell) -> tuple[int, tuple[int, ...]]:
        return cell.size, session.plan.parts_of(cell)

    there = Counter(stratum(cell) for cells in order.values() for cell in cells)
    placed = Counter(map(stratum, chosen))
    chances = [min(1.0, placed[s] / there[s]) for s in map(stratum, chosen)]
    session.ledger.set_meta(
        META,
        {
            "frame": FRAME,
            "cells": [[*cell, p] for cell, p in zip(chosen, chances, strict=True)],
        },
    )


def _enough(session: Session) -> bool:
    found = session.study.table().screened(session.ids[1], session.ids[0])
    if found is None:
        return False
    reach = 2.0 * session.plan.pool_size
    curve = screened_curve(*found, reach=reach, replicates=300).curve
    return allocate.enough(curve, session.plan.pool_size)
