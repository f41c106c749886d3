"""What every design of a study has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from suffice.runs.clock import Clock
from suffice.runs.failures import raise_if_all_failed
from suffice.runs.job import Job
from suffice.study.allocate import Cell
from suffice.study.plan import Plan
from suffice.study.prices import Prices
from suffice.study.spec import StudySpec
from suffice.study.table import RunTable

_FIRST = 1000
"""Substitutes' training sets are numbered from here: no design reaches so far."""

_TURNS = 3
"""Where so many turns of substitutes were in vain, the learner does not work on this corpus."""


class Notes(Protocol):
    """What a design remembers from one session to the next; a ledger can do it."""

    def meta(self, name: str) -> Any:
        """Return a stored value, or None."""

    def set_meta(self, name: str, value: Any) -> None:
        """Store a value under a name."""


@dataclass(frozen=True)
class JobBatch:
    """Jobs to do before the design is asked again; never none."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Stop:
    """There is no more to do.

    Parameters
    ----------
    reason : str
        As `suffice.study.runner.run` returns it.
    """

    reason: str


Steps = Generator[JobBatch, None, None]
"""Some batches."""

Request = Generator[JobBatch, None, str | None]
"""Some batches, then why the study must stop, or None."""


class StudyDesign(ABC):
    """Says which runs come next; it knows runs and time, but not where or how runs are done.

    Batches begin with the first one whenever a study goes on, without the jobs that are finished,
    and each is decided from the runs of those before it only. So a study that was killed in the
    middle of a batch finds the same next ones.

    Parameters
    ----------
    plan : Plan
        Turns cells into jobs.
    spec : StudySpec
        What was asked for.
    prices : Prices
        What jobs cost.
    notes : Notes
        What was decided once and for all.
    """

    table: RunTable
    """The runs that are finished, when the design was asked last."""

    clock: Clock
    """The time, then and now."""

    def __init__(self, plan: Plan, spec: StudySpec, prices: Prices, notes: Notes) -> None:
        self.plan = plan
        self.spec = spec
        self.prices = prices
        self.notes = notes
        self.requested: dict[str, None] = {}
        self.pairs_expected = 0
        # With a screen the answer is about the second learner.
        self.studied = 1 if spec.screen else 0
        self._steps = self._all_steps()

    def ask(self, table: RunTable, clock: Clock) -> JobBatch | Stop:
        """Return the next jobs, or why there are none.

        Parameters
        ----------
        table : RunTable
            The finished runs, those of the batch before among them.
        clock : Clock
            What is spent, and what is left.
        """
        self.table, self.clock = table, clock
        try:
            return next(self._steps)
        except StopIteration as stop:
            return Stop(stop.value)

    @abstractmethod
    def steps(self) -> Generator[JobBatch, None, str]:
        """Yield batch after batch, and return why there is no more."""

    def _all_steps(self) -> Generator[JobBatch, None, str]:
        reason = yield from self.steps()
        yield from self.substitute()
        return reason

    # ---- what steps are made of ---------------------------------------------------------------

    def request(
        self, cells: Sequence[Cell], pairs: Sequence[Job] = (), *, needed: bool = False
    ) -> Request:
        """Request what is not finished of these cells; return why the study must stop, or None.

        Parameters
        ----------
        cells : sequence of Cell
            For the first learner; as many as the number of runs or the budget allows.
        pairs : sequence of Job
            The pairs of the other learner.
        needed : bool
            Whether there is no answer without them: they are requested whatever is left of the
            budget.
        """
        jobs = self.select_unfinished(pairs)
        before = len(self.requested)
        runs = self.spec.runs
        room = None if runs is None else runs - before
        cut = False
        rates = self.prices.rates(self.table)
        for cell in cells:
            group = self.plan.jobs(0, cell)
            if room is not None:
                if len(group) > room:
                    cut = True
                    break
                room -= len(group)
            fresh = self.select_unfinished(group)
            priced = fresh and self.clock.timed and not needed
            if priced and not self.can_afford([*jobs, *fresh], rates):
                continue
            jobs.extend(fresh)
            self.requested.update(dict.fromkeys(job.id for job in group))
        if jobs:
            yield JobBatch(tuple(jobs))
        if runs is not None:
            return "runs" if cut or len(self.requested) >= runs else None
        spent = self.clock.timed and (self.clock.left() <= 0 or len(self.requested) == before)
        return "budget" if spent else None

    def select_unfinished(self, jobs: Sequence[Job]) -> list[Job]:
        """Return the jobs without those that are finished."""
        finished = {row.id for row in self.table.rows}
        return [job for job in jobs if job.id not in finished]

    def can_afford(self, jobs: Sequence[Job], rates: Sequence[float]) -> bool:
        """Return whether these jobs can be expected to finish in what is left of the budget."""
        return self.clock.can_afford([self.prices.seconds(job, rates) for job in jobs])

    def has_answer(self, table: RunTable | None = None) -> bool:
        """Return whether there are runs enough for a curve.

        Parameters
        ----------
        table : RunTable, optional
            The finished runs; those of when the design was asked last by default.
        """
        requested = None if self.spec.screen else self.requested
        return (table or self.table).answers(self.plan.learners[self.studied], requested)

    def raise_if_all_failed(self, learner: int = 0) -> None:
        """Stop at once where a learner cannot work at all."""
        identity = self.plan.learners[learner]
        own = [row for row in self.table.rows if row.learner == identity]
        raise_if_all_failed(own, self.table.names[identity])

    # ---- other runs instead of those that failed ------------------------------------------------

    def substitute(self) -> Steps:
        """Train on other sets until there is an answer, unless that takes more runs than asked for.

        The sets do not depend on when this is called, so that a study that goes on repeats none.
        """
        identity = self.plan.learners[self.studied]
        for turn in range(_TURNS):
            failed = [r for r in self.table.rows if r.learner == identity and r.status != "ok"]
            if self.table.answers(identity) or not failed or self._asked_for_fewer():
                return
            # Where few runs failed before; of these the smallest sets, which take the least time.
            often = Counter(r.asked for r in failed)
            sizes = sorted(self.plan.sizes(), key=lambda n: (often[n], n))
            missing = max(2, self.table.least_places - len(self.table.places(identity)))
            cells = [_replace_cell(n, self.plan.pool_size, turn) for n in sizes[:missing]]
            jobs = [job for cell in cells for job in self.plan.jobs(self.studied, cell)]
            if fresh := self.select_unfinished(jobs):
                yield JobBatch(tuple(fresh))
            if not self.studied:
                self.requested.update(dict.fromkeys(job.id for job in jobs))

    def _asked_for_fewer(self) -> bool:
        runs = self.spec.runs
        return runs is not None and runs < self.table.least and not self.spec.screen


def _replace_cell(size: int, whole: int, turn: int) -> Cell:
    return Cell(size, 0, _FIRST + turn) if size == whole else Cell(size, _FIRST + turn)
