"""Screen and confirm: a cheap learner has the whole design, an expensive one a part of its sets.

Sizes are taken in rounds. In each the cheap learner is trained on a few sets of every size, the
expensive one on one of these. Sets are taken from a frame of `FRAME` random ones of each size, in
an order that spreads over entities per sentence (systematic sampling with a random start). Where
folds rotate they take turns in that order, as they do without a screen. Every set of the frame has
a known chance to be among the first k, the same one for all of a fold, and nothing that was trained
has a say in it. So a study that goes on, after whatever interrupted it, finds the same next sets.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Iterator, Sequence

import numpy as np

from suffice.runs.job import Job
from suffice.stats import screened_curve
from suffice.study import allocate
from suffice.study.allocate import Cell, cell_of_pool
from suffice.study.designs.base import JobBatch, StudyDesign
from suffice.study.plan import Plan
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


class ScreenedDesign(StudyDesign):
    """Trains a cheap learner on the whole design, and an expensive one on a part of its sets."""

    def steps(self) -> Generator[JobBatch, None, str]:
        """Yield round after round until the runs are done, or more would say little."""
        spec, plan = self.spec, self.plan
        sizes = plan.sizes()
        order = order_frame(plan, sizes)
        each = choose_ratio(*(self.prices.nominal(learner, sizes[-1]) for learner in (0, 1)))
        wanted = count_pairs(spec)
        self.pairs_expected = wanted or 0
        chosen: list[Cell] = []
        screen_done = False
        number = 0
        while True:
            if not screen_done:
                cells = _choose_round(plan, order, range(each * number, each * (number + 1)))
                if self.clock.timed and not number:
                    # Small sizes first: they tell how fast this machine is before large ones begin.
                    yield from self.request(cells[-_NEEDED:], needed=True)
                reason = yield from self.request(cells)
                if number == 0:
                    self.raise_if_all_failed(0)
                    again = [cell._replace(repeat=1) for cell in cells[1:5]]
                    reason = reason or (yield from self.request(again))
                screen_done = reason is not None
            new = yield from self._confirm(order, number, wanted, chosen)
            chosen += [cell for cell in new if cell not in chosen]
            self._note_chances(order, chosen)
            if number == 0:
                self.raise_if_all_failed(1)
            number += 1
            if wanted is not None and len(chosen) >= wanted:
                if screen_done or self.clock.timed or spec.runs is None:
                    return "runs"
            elif self.clock.timed and (self.clock.left() <= 0 or not new):
                return "budget"
            elif self.clock.timed and len(chosen) >= LEAST_RUNS and self._is_enough():
                return "enough"

    def _confirm(
        self,
        order: dict[int, list[Cell]],
        number: int,
        wanted: int | None,
        before: Sequence[Cell],
    ) -> Generator[JobBatch, None, list[Cell]]:
        """Request the expensive learner's sets of a round; return those that are done or were."""
        cells = [_choose_cell(self.plan, order, n, number) for n in order_from_ends(list(order))]
        # The first, small ones are done whatever is left of a budget: there is no answer without.
        first = self.clock.timed and not number
        needed = _choose_least(self.plan, order, cells) if first else []
        cells = [c for c in cells if c not in needed]
        if wanted is not None:
            cells = cells[: max(0, wanted - len(before) - len(needed))]
        done: list[Cell] = []
        for part in (needed, cells):
            rates = self.prices.rates(self.table)
            jobs: list[Job] = []
            for cell in part:
                fresh = self.select_unfinished(self.plan.jobs(1, cell))
                priced = bool(fresh) and self.clock.timed and part is not needed
                if priced and not self.can_afford([*jobs, *fresh], rates):
                    continue
                jobs.extend(fresh)
                done.append(cell)
            if jobs:
                yield JobBatch(tuple(jobs))
        return done

    def _note_chances(self, order: dict[int, list[Cell]], chosen: Sequence[Cell]) -> None:
        """Note which sets were chosen, with the probability that a set of the frame had."""

        def stratum(cell: Cell) -> tuple[int, tuple[int, ...]]:
            return cell.size, self.plan.parts_of(cell)

        there = Counter(stratum(cell) for cells in order.values() for cell in cells)
        placed = Counter(map(stratum, chosen))
        chances = [min(1.0, placed[s] / there[s]) for s in map(stratum, chosen)]
        cells = [[*cell, p] for cell, p in zip(chosen, chances, strict=True)]
        self.notes.set_meta(META, {"frame": FRAME, "cells": cells})

    def _is_enough(self) -> bool:
        found = self.table.screened(self.plan.learners[1], self.plan.learners[0])
        if found is None:
            return False
        whole = self.plan.pool_size
        curve = screened_curve(*found, reach=2.0 * whole, n_resamples=300).curve
        return allocate.enough(curve, whole)


def count_pairs(spec: StudySpec) -> int | None:
    """Return the training sets asked for the expensive learner; None where the budget decides."""
    if spec.pairs is not None or (spec.runs is None and spec.budget is not None):
        return spec.pairs
    return PAIRS


def _choose_least(plan: Plan, order: dict[int, list[Cell]], cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that any answer takes: small ones, on every fold where these rotate."""
    if not plan.rotating:
        return sorted(cells)[:_NEEDED]
    small = sorted(order)[:_NEEDED]
    least: list[Cell] = []
    scored: set[tuple[int, ...]] = set()
    for cell in (_choose_cell(plan, order, n, k) for k in range(FRAME) for n in small):
        if len(least) < LEAST_ROTATING or plan.parts_of(cell) not in scored:
            least.append(cell)
            scored.add(plan.parts_of(cell))
        if len(least) >= LEAST_ROTATING and len(scored) == plan.pool_count:
            break
    return least


def _choose_round(plan: Plan, order: dict[int, list[Cell]], positions: range) -> list[Cell]:
    """Return the cheap learner's cells of a round, the largest first."""
    return [_choose_cell(plan, order, n, k) for k in positions for n in sorted(order, reverse=True)]


def _choose_cell(plan: Plan, order: dict[int, list[Cell]], size: int, position: int) -> Cell:
    """Return a size's cell in the order in which they are taken; beyond the frame, by number."""
    if position < FRAME:
        return order[size][position]
    if size == plan.pool_size:
        return cell_of_pool(size, position, plan.pool_count)
    return Cell(size, position)


def order_frame(plan: Plan, sizes: Sequence[int]) -> dict[int, list[Cell]]:
    """Return the frame's cells of each size, in the order in which they are taken.

    Folds take turns as they do in the order of the sets' numbers. Of each fold all sets are equally
    likely to be the first one, and which follow depends on that one alone.

    Parameters
    ----------
    plan : Plan
        The plan of the study.
    sizes : sequence of int
        Training-set sizes in documents.
    """
    found = {}
    for n in sizes:
        if n == plan.pool_size:
            found[n] = [cell_of_pool(n, k, plan.pool_count) for k in range(FRAME)]
            continue
        cells = [Cell(n, k) for k in range(FRAME)]
        ranked = sorted(cells, key=lambda cell: (_measure_density(plan, cell), cell))
        rng = np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(n, FRAME)))
        start = (int(rng.integers(FRAME)) + rng.random()) / FRAME
        turns = [plan.parts_of(cell) for cell in cells]
        queues: dict[tuple[int, ...], Iterator[Cell]] = {}
        for place, fold in zip(order_evenly(FRAME), turns, strict=True):
            if fold not in queues:
                mine = [cell for cell in ranked if plan.parts_of(cell) == fold]
                first = int(len(mine) * ((start + place / FRAME) % 1))
                queues[fold] = iter(
                    [mine[(first + k) % len(mine)] for k in order_evenly(len(mine))]
                )
        found[n] = [next(queues[fold]) for fold in turns]
    return found


def order_evenly(count: int) -> list[int]:
    """Return 0 to `count` - 1 so that the first k are spread out, for every k.

    Examples
    --------
    >>> order_evenly(8)
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    bits = (count - 1).bit_length()
    order = [int(f"{k:0{bits}b}"[::-1], 2) for k in range(2**bits)]
    return [k for k in order if k < count]


def order_from_ends(sizes: Sequence[int]) -> list[int]:
    """Return sizes so that any first few are spread out: ends first, then the middle of a gap.

    Examples
    --------
    >>> order_from_ends([1, 2, 3, 4, 5])
    [5, 1, 3, 4, 2]
    """
    left = list(range(len(sizes)))
    taken = [left.pop()] + ([left.pop(0)] if left else [])
    while left:
        best = max(left, key=lambda i: (min(abs(i - j) for j in taken), i))
        left.remove(best)
        taken.append(best)
    return [sorted(sizes)[i] for i in taken]


def choose_ratio(cheap: float, expensive: float) -> int:
    """Return the cheap learner's training sets for each of the expensive one's, 2 to 4.

    With correlation ρ the run part is ``(1 - ρ²)/m + ρ²/M``; for a given time it is least where
    ``M/m = √(ρ²/(1 - ρ²) · expensive/cheap)``.

    Parameters
    ----------
    cheap, expensive : float
        Nominal seconds of a run.

    Examples
    --------
    >>> choose_ratio(1.0, 30.0)
    3
    """
    square = _EXPECTED_CORRELATION**2
    best = math.sqrt(square / (1 - square) * expensive / max(cheap, 1e-9))
    return int(min(max(round(best), 2), _MOST_FOR_EACH))


def _measure_density(plan: Plan, cell: Cell) -> float:
    """Return a cell's entities per sentence, all its models together."""
    features = [plan.features(run) for run in plan.jobs(0, cell)]
    return sum(f.entities for f in features) / max(1, sum(f.sentences for f in features))
