"""One session's work on a study: its documents, its engine, its time, and the runs it keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from suffice.results import plain
from suffice.runs.clock import Clock, Pace
from suffice.runs.engine import HUNG_LEAST, Engine, SharedInputs
from suffice.runs.executors.base import Executor
from suffice.runs.job import Job, digest
from suffice.runs.progress import Least, Listener, Phase, Progress
from suffice.runs.store import RunRow
from suffice.runs.worker import Encode
from suffice.study.designs.adaptive import AdaptiveDesign
from suffice.study.designs.base import JobBatch, Stop, StudyDesign
from suffice.study.designs.fixed import FixedDesign
from suffice.study.designs.screened import ScreenedDesign
from suffice.study.plan import Plan
from suffice.study.prices import Prices
from suffice.study.spec import StudySpec
from suffice.study.study import StoredStudy

GRACE = 0.05
"""How far runs that were expected to finish in time may go beyond the budget, as a part of it."""

MOST_ENCODING = 0.4
"""The part of the budget after which no more documents are encoded: only those are studied."""

LITTLE_ENCODING = 0.05
"""What takes no more than this part of the budget is encoded even then."""

HUNG_BUDGETS = 3
"""A run counts as hung not before so many times the budget either."""


Watcher = Callable[[RunRow], bool]
"""Called with each run as soon as it is kept; returns whether to go on."""


class Stopped(Exception):
    """The watcher wants no more runs."""


class Session:
    """Does what a study's design asks for.

    Parameters
    ----------
    study : Study
        Locked by the caller.
    listener : callable, optional
        Told of progress.
    watcher : callable, optional
        Told of finished runs.
    executor : Executor or str, optional
        Where runs are done.
    """

    def __init__(
        self,
        study: StoredStudy,
        listener: Listener | None = None,
        watcher: Watcher | None = None,
        executor: Executor | str | None = None,
    ) -> None:
        self.study = study
        self.ledger = study.ledger
        self.listener = listener
        self.watcher = watcher
        self._executor = executor
        self.learners = [study.learner(role) for role in self.spec.roles.values()]
        for setup in self.learners:
            self.ledger.add_learner(setup.name, dict(setup.learner.config))
        self.load_plan()
        known = self.ledger.meta("state") == self.plan.state
        spent = study.made_in + (self.ledger.spent() if known else 0.0)
        study.made_in = 0.0  # counted now, and not in the next session again
        timed = self.spec.runs is None and self.spec.budget is not None
        self.clock = Clock(spent, self.spec.budget if timed else None)

    def load_plan(self) -> None:
        """Make the plan of the documents that are studied now."""
        looking = [i for i, s in enumerate(self.learners) if s.learner.looks_at_evaluation]
        self.plan = Plan(self.study, [setup.id for setup in self.learners], looking)

    @property
    def spec(self) -> StudySpec:
        """Return the study's specification."""
        return self.study.spec

    @property
    def studied(self) -> int:
        """Return the number of the learner that the answer is about: the second after a screen."""
        return 1 if self.spec.screen else 0

    def hash_request(self) -> str:
        """Return the hash of what was asked for."""
        asked = self.spec.model_dump(exclude={"corpus", "evaluation"})
        return digest(plain([self.plan.state, asked]))

    def start_engine(self) -> Engine:
        """Return the engine; it is closed by the caller."""
        inputs = SharedInputs(
            self.learners,
            self.plan.documents,
            self.plan.labels,
            self.study.cache,
            run_limit=self.spec.run_limit,
            hung_least=max(HUNG_LEAST, HUNG_BUDGETS * (self.spec.budget or 0.0)),
        )
        self.engine = Engine(inputs, self.ledger, executor=self._executor, clock=self.clock)
        return self.engine

    def report_progress(
        self, phase: Phase, done: int, expected: int, least: Least | None = None
    ) -> None:
        """Tell the listener."""
        if self.listener is not None:
            spent, budget = self.clock.spent(), self.clock.budget
            self.listener(Progress(phase, done, expected, spent, budget, least))

    # ---- encoding -----------------------------------------------------------------------------

    def encode(self) -> None:
        """Let every learner do what its runs share, a chunk of documents at a time.

        Where a budget would go on encoding alone, on a slow machine, a part of the corpus is
        studied: the random part that is encoded by then.
        """
        documents = self.plan.documents
        encoded: set[str] = set()
        pace = Pace(self.clock.workers)
        for task in self.engine.encode(self._choose_chunks(pace)):
            pace.tick()
            if task.learner == self.learners[0].id:
                encoded.update(task.documents)
                self.report_progress("encoding", len(encoded), len(documents))
        if len(encoded) < len(documents) and self.study.restrict(encoded):
            self.load_plan()
        self.engine.measure = self.plan.measure

    def _choose_chunks(self, pace: Pace) -> Iterator[Encode]:
        """Yield what is to be encoded, as long as there is time for it or it takes hardly any.

        What has begun is waited for: ending a process costs more than the rest of its chunk, since
        a new one imports its libraries again.

        Parameters
        ----------
        pace : Pace
            That of the chunks encoded so far.
        """
        room = max(0.0, self.clock.left())
        end = time.monotonic() + MOST_ENCODING * room
        tasks = self.engine.divide(d for d in self.study.order() if d in self.plan.documents)
        for number, task in enumerate(tasks):
            if self.clock.timed and time.monotonic() >= end:
                # Starting may have taken all that time, and not the encoding.
                each = pace.each
                if each is not None and each * (len(tasks) - number) > LITTLE_ENCODING * room:
                    return
            yield task

    # ---- training -----------------------------------------------------------------------------

    def follow_design(self) -> str:
        """Do what the design asks for until it stops, and return why."""
        prices = Prices(self.plan, [setup.learner for setup in self.learners])
        kind: type[StudyDesign] = FixedDesign
        if self.spec.screen:
            kind = ScreenedDesign
        elif self.spec.design == "adaptive":
            kind = AdaptiveDesign
        design = kind(self.plan, self.spec, prices, self.ledger)
        while True:
            asked = design.ask(self.study.table(), self.clock)
            if isinstance(asked, Stop):
                return asked.reason
            self._train(asked, design)

    def _train(self, batch: JobBatch, design: StudyDesign) -> None:
        """Do these jobs, the longest first, and keep each run as soon as it is finished."""
        rates = design.prices.rates(design.table)
        jobs = sorted(batch.jobs, key=lambda job: -design.prices.seconds(job, rates))
        # The first runs are waited for: without them there would be no answer at all.
        seconds = None
        if self.clock.timed and design.has_answer():
            seconds = self.clock.left() + GRACE * (self.spec.budget or 0.0)
        finished = self.ledger.run_ids()
        expected = self._count_expected(design)
        least = self._expect_least(jobs, rates, design)
        if least is not None:
            self.report_progress("training", len(finished), expected, least)
        pace = Pace(self.clock.workers)
        for row in self.engine.run(jobs, seconds=seconds):
            finished.add(row.id)
            if row.learner == self.plan.learners[self.studied]:
                pace.tick()
            now = None if least is None else least.after(pace.ticks, pace.each)
            self.report_progress("training", len(finished), expected, now)
            if self.watcher is not None and not self.watcher(row):
                raise Stopped

    def _expect_least(
        self, jobs: list[Job], rates: list[float], design: StudyDesign
    ) -> Least | None:
        """Return what any answer takes, of which these jobs are a part; None where it is done."""
        if not self.clock.timed or design.has_answer():
            return None
        runs, studied = design.table.least, self.plan.learners[self.studied]
        done = min(len(design.table.of_learner(studied)), runs - 1)
        own = [design.prices.seconds(job, rates) for job in jobs if job.learner == studied]
        each = sum(own) / len(own) if own else 0.0
        left = runs - done
        return Least(runs, done, each * left / min(self.clock.workers, left))

    def _count_expected(self, design: StudyDesign) -> int:
        """Return how many runs were asked for; 0 where a budget decides."""
        if self.spec.runs is None:
            return 0
        return self.spec.runs + design.pairs_expected * self.plan.runs_per_cell
