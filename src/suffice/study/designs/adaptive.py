"""The adaptive design: a spread over sizes first, then what the curve is most uncertain of."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from suffice.runs.job import Job
from suffice.stats import f1_curve
from suffice.study import allocate
from suffice.study.allocate import Cell
from suffice.study.designs.base import JobBatch, Steps, StudyDesign
from suffice.study.plan import Plan
from suffice.study.table import LEAST_ROTATING

PAIR_SHARE = 0.4
"""The part of the budget that goes to paired runs."""

MOST_PAIRS = 8

LEAST_RUNS = 28
"""Fewer runs say too little of their own scatter to be told that they are enough."""


class AdaptiveDesign(StudyDesign):
    """Spreads over sizes, then follows the curve's uncertainty."""

    _pairs_requested = False

    def steps(self) -> Generator[JobBatch, None, str]:
        """Yield the spread, then batches where runs say most for their time."""
        sizes = self.plan.sizes()
        batches = _spread(self.plan, sizes)
        first = (yield from self._request_least(batches)) if self.clock.timed else []
        for number, cells in enumerate(batches):
            # With the second set of each size: late enough to know the machine's speed.
            pairs = self._choose_pairs(batches) if number == 1 else []
            fresh = [cell for cell in cells if cell not in first]
            reason = (yield from self.request(fresh, pairs)) if fresh else None
            if number == 0:
                self.raise_if_all_failed()
            if reason:
                yield from self._request_pairs(batches)
                return reason
        yield from self.substitute()
        reason = yield from self._follow(sizes)
        yield from self._request_pairs(batches)
        return reason

    def _follow(self, sizes: Sequence[int]) -> Generator[JobBatch, None, str]:
        """Yield the batches that narrow the curve most, until that is enough."""
        learner, whole = self.plan.learners[0], self.plan.pool_size
        while True:
            places = self.table.places(learner, self.requested)
            runs = self.table.runs(learner, places=places)
            if runs is None or not self.has_answer():
                return "budget" if self.clock.timed else "runs"
            curve = f1_curve(runs, reach=2.0 * whole, n_resamples=300)
            many = len(places) >= LEAST_RUNS
            if self.clock.timed and many and allocate.enough(curve, whole):
                return "enough"
            cells = allocate.following(
                curve,
                [place.cell for place in places],
                sizes,
                lambda n: self.prices.nominal(0, n),
                folds=self.plan.pool_count,
            )
            reason = yield from self.request(cells)
            if reason:
                return reason

    def _request_least(
        self, batches: Sequence[Sequence[Cell]]
    ) -> Generator[JobBatch, None, list[Cell]]:
        """Request the cells that any answer takes, and return them.

        Two small sizes come first, then the whole pool or what there is time for.

        The small ones tell how fast this machine is. Then, of the sizes that are left, the largest
        is taken that can be expected to finish in time, since what lies beyond the largest size is
        extrapolated; with it goes one between. Where there is time for none, the smallest are.
        Where folds rotate, small sets follow until every fold was scored and an answer is possible.

        Parameters
        ----------
        batches : sequence of sequence of Cell
            The result of `allocate.spread`; the first has one cell of each size, the largest first.
        """
        cells = batches[0]
        small, rest = cells[-2:], cells[:-2]
        yield from self.request(small, needed=True)
        self.raise_if_all_failed()
        pairs = [(rest[i], rest[(i + len(rest)) // 2]) for i in range(len(rest) - 1)]
        pair: Sequence[Cell]
        for pair in pairs[:-1]:
            fresh = self.select_unfinished([job for c in pair for job in self.plan.jobs(0, c)])
            if not fresh or self.can_afford(fresh, self.prices.rates(self.table)):
                break
        else:
            pair = rest[-2:]
        yield from self.request(pair, needed=True)
        done = [*small, *pair]
        if self.plan.rotating:
            # The third batch has other seeds on sets, and so on folds, of the first.
            others = [c for batch in (*batches[:2], *batches[3:]) for c in batch if c not in done]
            more = sorted(others, key=lambda c: c.size)[: LEAST_ROTATING - len(done)]
            scored = {self.plan.parts_of(cell) for cell in (*done, *more)}
            for cell in sorted(others, key=lambda c: c.size)[len(more) :]:
                if self.plan.parts_of(cell) not in scored:
                    more.append(cell)
                    scored.add(self.plan.parts_of(cell))
            yield from self.request(more, needed=True)
            done += more
        return done

    # ---- pairs --------------------------------------------------------------------------------

    def _request_pairs(self, batches: Sequence[Sequence[Cell]]) -> Steps:
        """Request the paired runs that were asked for by number and not reached yet."""
        if self.spec.pairs is None or self._pairs_requested:
            return
        if fresh := self.select_unfinished(self._choose_pairs(batches)):
            yield JobBatch(tuple(fresh))

    def _choose_pairs(self, batches: Sequence[Sequence[Cell]]) -> list[Job]:
        """Return the jobs of the confirming learner, on training sets of the first spread.

        The number is the specification's, or what its share of the budget allows; it is decided
        once and kept. Longest first.
        """
        self._pairs_requested = True
        if len(self.plan.learners) < 2:
            return []
        choice = [c for batch in batches for c in batch if c.repeat == 0]
        if self.spec.pairs is not None:
            cells = sorted(choice, key=lambda c: (c.replicate, -c.size))[: self.spec.pairs]
        elif not self.clock.timed:
            return []
        else:
            kept = self.notes.meta("pairs")
            if kept is None or kept[0] != self.plan.state:
                kept = [self.plan.state, [list(c) for c in self._choose_affordable(choice)]]
                self.notes.set_meta("pairs", kept)
            cells = [Cell(*c) for c in kept[1]]
        return [job for c in sorted(cells, reverse=True) for job in self.plan.jobs(1, c)]

    def _choose_affordable(self, choice: Sequence[Cell]) -> list[Cell]:
        """Return cells for paired runs: sizes that leave room for three, the largest first."""
        share = min(PAIR_SHARE * (self.spec.budget or 0.0), 0.6 * self.clock.left())
        purse = share * self.clock.workers
        rate = self.prices.rates(self.table)[1]
        price = {c: self.prices.nominal(1, c.size) * rate for c in choice}
        # Small sets cost about the same, since steps have a floor: none is left out for a little.
        most = max(purse / 3, 2 * min(price.values()))
        fitting = [c for c in choice if price[c] <= most]
        cells: list[Cell] = []
        for cell in sorted(fitting, key=lambda c: (c.replicate, -c.size)):
            if price[cell] <= purse and len(cells) < MOST_PAIRS:
                cells.append(cell)
                purse -= price[cell]
        return cells


def _spread(plan: Plan, sizes: Sequence[int]) -> list[list[Cell]]:
    """Return the first batches; where they leave folds unscored, with one of small sets for these.

    That is so of more folds than five and few sizes.
    """
    batches = allocate.spread(sizes, plan.pool_count)
    scored = {plan.parts_of(cell) for batch in batches for cell in batch}
    more: list[Cell] = []
    for cell in (Cell(n, k) for k in range(2, 2 + plan.pool_count) for n in sorted(sizes)[:-1]):
        if plan.parts_of(cell) not in scored:
            more.append(cell)
            scored.add(plan.parts_of(cell))
    return [*batches, more] if more else batches
