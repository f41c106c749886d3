"""One session's work on a study: its documents, learners, workers, time, and the runs it keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from suffice.results import plain
from suffice.study import steps
from suffice.study.allocate import Cell
from suffice.study.executors.base import Limit
from suffice.study.executors.devices import shared_out
from suffice.study.executors.local import LocalExecutor
from suffice.study.ledger import RunRow, digest
from suffice.study.plan import Plan, Planned
from suffice.study.progress import Least, Listener, Phase, Progress
from suffice.study.spec import StudySpec
from suffice.study.study import Study
from suffice.study.worker import Context, Encode, Train, work

RESERVE = 0.1
MOST_RESERVE = 20.0
"""The part of the budget that is kept for the answer and the report at the end, and its most
seconds."""

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
    """What a walk through a study's design works with.

    Parameters
    ----------
    study : Study
        Locked by the caller.
    listener : callable, optional
        Told of progress.
    watcher : callable, optional
        Told of finished runs.
    """

    def __init__(
        self, study: Study, listener: Listener | None, watcher: Watcher | None = None
    ) -> None:
        self.study = study
        self.ledger = study.ledger
        self.listener = listener
        self.watcher = watcher
        self.started = time.monotonic() - study.made_in
        study.made_in = 0.0  # counted now, and not in the next session again
        roles = list(self.spec.roles.values())
        # With a screen the answer speaks about the second one.
        self.studied = 1 if self.spec.screen else 0
        made = [study.learner(role) for role in roles]
        self.learners = [learner for _, learner in made]
        self.ids = [
            self.ledger.add_learner(role.name, dict(learner.config))
            for role, learner in zip(roles, self.learners, strict=True)
        ]
        self.look()
        known = self.ledger.meta("state") == self.state
        self.spent_before = float(self.ledger.meta("spent") or 0.0) if known else 0.0
        self.finished = self.ledger.run_ids()
        self.walked: dict[str, None] = {}
        self.pairs_walked = False
        self.pairs_expected = 0
        self.workers, environment = shared_out(self.learners)
        self.executor = LocalExecutor(
            self.workers,
            Context(
                self.plan.documents,
                self.plan.labels,
                tuple((role.name, dict(role.options)) for role in roles),
                study.cache,
            ),
            environment,
        )

    def look(self) -> None:
        """Look at the documents that are studied."""
        looking = [i for i, made in enumerate(self.learners) if made.looks_at_evaluation]
        self.plan = Plan(self.study, self.ids, looking)
        self.state = digest([self.plan.pool_id, sorted(self.plan.evaluations.items()), self.ids])

    @property
    def spec(self) -> StudySpec:
        """Return the study's specification."""
        return self.study.spec

    # ---- time ---------------------------------------------------------------------------------

    @property
    def timed(self) -> bool:
        """Whether a budget and not a number of runs decides."""
        return self.spec.runs is None and self.spec.budget is not None

    def spent(self) -> float:
        """Return the seconds that the study has taken, all its sessions together."""
        return self.spent_before + time.monotonic() - self.started

    def left(self) -> float:
        """Return the seconds of the budget that are left for encoding and training."""
        budget = self.spec.budget or 0.0
        return budget - min(RESERVE * budget, MOST_RESERVE) - self.spent()

    def tell(self, phase: Phase, done: int, expected: int, least: Least | None = None) -> None:
        """Tell the listener."""
        if self.listener is not None:
            budget = self.spec.budget if self.timed else None
            self.listener(Progress(phase, done, expected, self.spent(), budget, least))

    def least(self, tasks: Sequence[Planned], rates: Sequence[float]) -> Least | None:
        """Return what any answer takes, of which these runs are a part; None where it is done."""
        if not self.timed or self.enough_for_an_answer():
            return None
        runs = self.study.table().least
        rows = self.study.table().of_learner(self.ids[self.studied])
        done = min(len(rows), runs - 1)
        own = [self.seconds(p, rates) for p in tasks if p.work.learner == self.studied]
        each = sum(own) / len(own) if own else 0.0
        return Least(runs, done, each * (runs - done) / min(self.workers, runs - done))

    def nominal(self, learner: int, size: int) -> float:
        """Return the nominal seconds of a cell of so many training documents."""
        sentences, tokens = self.plan.length(size)
        return self.learners[learner].cost(sentences, tokens) * self.plan.runs_per_cell

    def rates(self) -> list[float]:
        """Return each learner's real seconds for a nominal one; without runs, the first one's."""
        table = self.study.table()
        found: list[float] = []
        for identity, learner in zip(self.ids, self.learners, strict=True):
            rows = table.of_learner(identity)
            nominal = sum(learner.cost(r.features["sentences"], r.features["tokens"]) for r in rows)
            real = sum(r.train_seconds + r.tag_seconds for r in rows)
            found.append(real / nominal if nominal > 0 else (found[0] if found else 1.0))
        return found

    # ---- what is done -------------------------------------------------------------------------

    def wanted(self) -> str:
        """Return the hash of what was asked for."""
        return digest(plain([self.state, self.spec.model_dump(exclude={"corpus", "evaluation"})]))

    def encode(self) -> None:
        """Let every learner do what its runs share, a chunk of documents at a time.

        Where a budget would go on encoding alone, on a slow machine, a part of the corpus is
        studied: the random part that is encoded by then.
        """
        self.study.make_cache()
        encoded: set[str] = set()
        pace = steps.Pace(self.workers)
        for outcome in self.executor.map(work, self.chunks(pace)):
            steps.refuse_unencoded(outcome)
            pace.tick()
            if outcome.task.learner == 0:
                encoded.update(outcome.task.documents)
                self.tell("encoding", len(encoded), len(self.plan.documents))
        if len(encoded) < len(self.plan.documents) and self.study.restrict(encoded):
            self.look()

    def chunks(self, pace: steps.Pace) -> Iterator[Encode]:
        """Yield what is to be encoded, as long as there is time for it or it takes hardly any.

        What has begun is waited for: ending a process costs more than the rest of its chunk, since
        a new one imports its libraries again.

        Parameters
        ----------
        pace : Pace
            Of what is encoded so far.
        """
        room = max(0.0, self.left())
        end = time.monotonic() + MOST_ENCODING * room
        chunks = list(steps.chunks(self.plan.documents, self.study.order()))
        tasks = [Encode(i, chunk) for i in range(len(self.learners)) for chunk in chunks]
        for number, task in enumerate(tasks):
            if self.timed and time.monotonic() >= end:
                # Starting may have taken all that time, and not the encoding.
                each = pace.each
                if each is not None and each * (len(tasks) - number) > LITTLE_ENCODING * room:
                    return
            yield task

    def train_cells(self, cells: Sequence[Cell]) -> None:
        """Train the studied learner on these cells, whatever is left of the budget."""
        planned = [p for cell in cells for p in self.plan.runs(self.studied, cell)]
        self.train([p for p in planned if p.id not in self.finished], self.rates())
        if not self.studied:
            self.walked.update(dict.fromkeys(p.id for p in planned))

    def batch(
        self, cells: Sequence[Cell], pairs: Sequence[Planned], *, needed: bool = False
    ) -> str | None:
        """Do what is not done yet of these cells; return why the study must stop, or None.

        Cells that are needed for any answer at all are done whatever is left of the budget.
        """
        tasks = [p for p in pairs if p.id not in self.finished]
        before = len(self.walked)
        room = self.spec.runs - len(self.walked) if self.spec.runs is not None else None
        cut = False
        rates = self.rates()
        for cell in cells:
            group = self.plan.runs(0, cell)
            if room is not None:
                if len(group) > room:
                    cut = True
                    break
                room -= len(group)
            fresh = [p for p in group if p.id not in self.finished]
            priced = fresh and self.timed and not needed
            if priced and not self.affordable([*tasks, *fresh], rates):
                continue
            tasks.extend(fresh)
            self.walked.update(dict.fromkeys(p.id for p in group))
        self.train(tasks, rates)
        if self.spec.runs is not None:
            return "runs" if cut or len(self.walked) >= self.spec.runs else None
        spent = self.timed and (self.left() <= 0 or len(self.walked) == before)
        return "budget" if spent else None

    def affordable(self, tasks: Sequence[Planned], rates: Sequence[float]) -> bool:
        """Return whether the workers can be expected to finish these in what is left."""
        seconds = [self.seconds(p, rates) for p in tasks]
        return max(max(seconds), sum(seconds) / self.workers) <= self.left()

    def seconds(self, run: Planned, rates: Sequence[float]) -> float:
        """Return the seconds to expect of one run."""
        learner = run.work.learner
        sentences, tokens = self.plan.length(len(run.work.training))
        return self.learners[learner].cost(sentences, tokens) * rates[learner]

    # ---- training -----------------------------------------------------------------------------

    def train(self, tasks: Sequence[Planned], rates: Sequence[float]) -> None:
        """Do these runs and keep each as soon as it is done."""
        by_work = {id(p.work): p for p in tasks}
        sets = {
            part: self.ledger.add_evaluation_set(self.plan.evaluation_keys(part))
            for part in self.plan.parts
        }
        ordered = sorted(tasks, key=lambda p: -self.seconds(p, rates))
        # The first runs are waited for: without them there would be no answer at all.
        deadline = None
        if self.timed and self.enough_for_an_answer():
            deadline = time.monotonic() + self.left() + GRACE * (self.spec.budget or 0.0)
        least = self.least(ordered, rates) if ordered else None
        if least is not None:
            self.tell("training", len(self.finished), self.expected(), least)
        pace = steps.Pace(self.workers)
        for outcome in self.executor.map(
            work,
            [p.work for p in ordered],
            deadline=deadline,
            limit=self.limit(rates, by_work),
        ):
            planned = by_work[id(outcome.task)]
            row = RunRow(
                id=planned.id,
                learner=self.ids[planned.work.learner],
                evaluation_set=sets[planned.part],
                pool=self.plan.pool_id,
                asked=planned.cell.size,
                replicate=planned.cell.replicate,
                part=planned.part,
                repeat=planned.cell.repeat,
                seed=planned.work.seed,
                training_keys=planned.keys,
                features=plain(self.plan.features(planned)),
                labels=self.plan.labels,
                **steps.record(outcome),
            )
            self.ledger.add_run(row, self.spent())
            self.finished.add(planned.id)
            if planned.work.learner == self.studied:
                pace.tick()
            now = None if least is None else least.after(pace.ticks, pace.each)
            self.tell("training", len(self.finished), self.expected(), now)
            if self.watcher is not None and not self.watcher(row):
                raise Stopped

    def expected(self) -> int:
        """Return how many runs were asked for; 0 where a budget decides."""
        if self.spec.runs is None:
            return 0
        return self.spec.runs + self.pairs_expected * self.plan.runs_per_cell

    def enough_for_an_answer(self) -> bool:
        """Return whether there are runs enough for a curve."""
        walked = None if self.spec.screen else self.walked
        return self.study.table().answers(self.ids[self.studied], walked)

    def refuse_if_all_failed(self, learner: int = 0) -> None:
        """Stop at once where a learner cannot work at all."""
        table, identity = self.study.table(), self.ids[learner]
        own = [r for r in table.rows if r.learner == identity]
        steps.refuse_if_all_failed(own, table.names[identity])

    def limit(self, rates: Sequence[float], works: Mapping[int, Planned]) -> Limit:
        """Return what a run may take before it counts as hung."""
        known = {r.learner for r in self.study.table().rows if r.status == "ok"}

        def seconds(task: Train) -> float:
            if self.spec.run_limit is not None:
                return self.spec.run_limit
            tried = self.ids[task.learner] in known
            expected = self.seconds(works[id(task)], rates) if tried else 0.0
            return max(
                steps.HUNG * expected,
                HUNG_BUDGETS * (self.spec.budget or 0.0),
                steps.HUNG_LEAST,
            )

        return seconds
