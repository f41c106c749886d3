"""Runs a study: encode once, then batch after batch of runs, each kept as soon as it is done.

Batches are walked from the first one whenever a study goes on, and each is decided from the runs of
those before it only. So a study that was killed in the middle of a batch finds the same next ones.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from suffice.errors import StudyError
from suffice.stats.result import plain
from suffice.stats.uncertainty import learning_curve
from suffice.study import allocate, screening, steps
from suffice.study.allocate import Cell
from suffice.study.executors.base import Limit
from suffice.study.executors.devices import shared_out
from suffice.study.executors.local import LocalExecutor
from suffice.study.ledger import RunRow, digest
from suffice.study.plan import Plan, Planned
from suffice.study.progress import Listener, Progress
from suffice.study.spec import StudySpec
from suffice.study.study import Study
from suffice.study.worker import Context, Encode, Train, work

PAIR_SHARE = 0.4
"""The part of the budget that goes to paired runs."""

MOST_PAIRS = 8

LEAST_RUNS = 28
"""Fewer runs say too little of their own scatter to be told that they are enough."""

GRACE = 0.05
"""How far runs that were expected to finish in time may go beyond the budget, as a part of it."""

MOST_ENCODING = 0.4
"""The part of the budget after which no more documents are encoded: only those are studied."""

HUNG_BUDGETS = 3
"""A run counts as hung not before so many times the budget either."""

_FIXED_BATCH = 30


def run(study: Study, *, listener: Listener | None = None) -> str:
    """Run a study until its budget is spent, its runs are done, or more would say little.

    What is finished is kept whatever happens; the next call goes on from there.

    Parameters
    ----------
    study : Study
        Made by `Study.create`.
    listener : callable, optional
        Told of every encoded chunk and finished run.

    Returns
    -------
    str
        Why it stopped: ``"runs"`` (as many as were asked for), ``"budget"``, or ``"enough"``
        (evaluation and pool documents dominate the variance).

    Raises
    ------
    StudyError
        Another process runs the study.
    RuntimeError
        All runs of the first batch failed; the place in the code is quoted.
    """
    with study.locked():
        return _Session(study, listener).go()


class _Session:
    """One session's work on a study."""

    def __init__(self, study: Study, listener: Listener | None) -> None:
        self.study = study
        self.ledger = study.ledger
        self.listener = listener
        self.started = time.monotonic()
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
        return self.study.spec

    # ---- time ---------------------------------------------------------------------------------

    @property
    def timed(self) -> bool:
        return self.spec.runs is None and self.spec.budget is not None

    def spent(self) -> float:
        return self.spent_before + time.monotonic() - self.started

    def left(self) -> float:
        return (self.spec.budget or 0.0) - self.spent()

    def tell(self, phase: str, done: int, expected: int) -> None:
        if self.listener is not None:
            budget = self.spec.budget if self.timed else None
            self.listener(Progress(phase, done, expected, self.spent(), budget))  # type: ignore[arg-type]

    def nominal(self, learner: int, size: int) -> float:
        """Return nominal seconds for training on so many documents, in all folds."""
        sentences, tokens = self.plan.length(size)
        return self.learners[learner].cost(sentences, tokens) * len(self.plan.parts)

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

    # ---- the walk -----------------------------------------------------------------------------

    def go(self) -> str:
        if self.ledger.meta("finished") == self.wanted():
            return str(self.ledger.meta("stopped"))
        self.ledger.set_meta("learners", dict(zip(self.spec.roles, self.ids, strict=True)))
        self.ledger.set_meta("stopped", None)
        with self.executor:
            self.encode()
            self.ledger.set_meta("state", self.state)
            documents = list(self.plan.documents.values())
            self.ledger.set_meta("learner_caveats", self.learners[self.studied].caveats(documents))
            if self.spec.screen:
                reason = screening.walk(self)
            else:
                reason = self.adaptive() if self.spec.design == "adaptive" else self.fixed()
        self.ledger.set_meta("spent", self.spent())
        self.ledger.set_meta("stopped", reason)
        self.ledger.set_meta("finished", self.wanted())
        return reason

    def wanted(self) -> str:
        """Return the hash of what was asked for."""
        return digest(plain([self.state, self.spec.model_dump(exclude={"corpus"})]))

    def encode(self) -> None:
        """Let every learner do what its runs share, a chunk of documents at a time.

        Where a budget would go on encoding alone, on a slow machine, a part of the corpus is
        studied: the random part that is encoded by then.
        """
        self.study.make_cache()
        chunks = list(steps.chunks(self.plan.documents, self.study.order()))
        tasks = [Encode(i, chunk) for i in range(len(self.learners)) for chunk in chunks]
        deadline = None
        if self.timed:
            deadline = time.monotonic() + MOST_ENCODING * max(0.0, self.left())
        encoded: set[str] = set()
        for outcome in self.executor.map(work, tasks, deadline=deadline):
            steps.refuse_unencoded(outcome)
            if outcome.task.learner == 0:
                encoded.update(outcome.task.documents)
                self.tell("encoding", len(encoded), len(self.plan.documents))
        if len(encoded) < len(self.plan.documents) and self.study.restrict(encoded):
            self.look()

    def adaptive(self) -> str:
        """Spread, then follow the curve's uncertainty."""
        sizes = self.plan.sizes()
        batches = allocate.spread(sizes)
        if self.timed:
            # Small sizes first: they tell how fast this machine is before the large ones begin.
            batches = [batches[0][3:], batches[0][:3], *batches[1:]]
        for number, cells in enumerate(batches):
            # Beside the second set of each size: late enough to know the machine's speed.
            second = number == len(batches) - 2
            reason = self.batch(cells, self.pairs(batches) if second else [], needed=number == 0)
            if number == 0:
                self.refuse_if_all_failed()
            if reason:
                return self.stop(reason, batches)
        while True:
            table = self.study.table()
            places = table.places(self.ids[0], self.walked)
            runs = table.runs(self.ids[0], places=places)
            if runs is None or len(places) < 4:
                raise StudyError("too few runs finished in all folds to go on")
            curve = learning_curve(runs, reach=2.0 * self.plan.pool_size, replicates=300)
            many = len(places) >= LEAST_RUNS
            if self.timed and many and allocate.enough(curve, self.plan.pool_size):
                return self.stop("enough", batches)
            done = [place.cell for place in places]
            cells = allocate.following(curve, done, sizes, lambda n: self.nominal(0, n))
            reason = self.batch(cells, [])
            if reason:
                return self.stop(reason, batches)

    def stop(self, reason: str, batches: Sequence[Sequence[Cell]]) -> str:
        """Do the paired runs that were asked for by number and not reached yet."""
        if self.spec.pairs is not None and not self.pairs_walked:
            fresh = [p for p in self.pairs(batches) if p.id not in self.finished]
            self.train(fresh, self.rates())
        return reason

    def fixed(self) -> str:
        """Run a design that does not depend on results: the paper's, or a ladder of sizes."""
        if self.spec.design == "paper":
            cells = self.plan.paper()
        else:
            cells = self.plan.ladder(self.spec.design, self.spec.runs or 2500)
        for start in range(0, len(cells), _FIXED_BATCH):
            reason = self.batch(cells[start : start + _FIXED_BATCH], [])
            if start == 0:
                self.refuse_if_all_failed()
            if reason:
                return reason
        return "runs"

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

    def pairs(self, batches: Sequence[Sequence[Cell]]) -> list[Planned]:
        """Return the runs of the confirming learner, on training sets of the first spread.

        The number is the specification's, or what its share of the budget allows; it is decided
        once and kept. Longest first.
        """
        self.pairs_walked = True
        if len(self.learners) < 2:
            return []
        choice = [c for batch in batches for c in batch if c.repeat == 0]
        if self.spec.pairs is not None:
            cells = sorted(choice, key=lambda c: (c.replicate, -c.size))[: self.spec.pairs]
        elif not self.timed:
            return []
        else:
            kept = self.ledger.meta("pairs")
            if kept is None or kept[0] != self.state:
                kept = [self.state, [list(c) for c in self.affordable_pairs(choice)]]
                self.ledger.set_meta("pairs", kept)
            cells = [Cell(*c) for c in kept[1]]
        return [p for c in sorted(cells, reverse=True) for p in self.plan.runs(1, c)]

    def affordable_pairs(self, choice: Sequence[Cell]) -> list[Cell]:
        """Return cells for paired runs: sizes that leave room for three, the largest first."""
        purse = min(PAIR_SHARE * (self.spec.budget or 0.0), 0.6 * self.left()) * self.workers
        rate = self.rates()[1]
        price = {c: self.nominal(1, c.size) * rate for c in choice}
        # Small sets cost about the same, since steps have a floor: none is left out for a little.
        most = max(purse / 3, 2 * min(price.values()))
        fitting = [c for c in choice if price[c] <= most]
        cells: list[Cell] = []
        for cell in sorted(fitting, key=lambda c: (c.replicate, -c.size)):
            if price[cell] <= purse and len(cells) < MOST_PAIRS:
                cells.append(cell)
                purse -= price[cell]
        return cells

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
        for outcome in self.executor.map(
            work,
            [p.work for p in ordered],
            deadline=deadline,
            limit=self.limit(rates, by_work),
        ):
            planned = by_work[id(outcome.task)]
            self.ledger.add_run(
                RunRow(
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
                ),
                self.spent(),
            )
            self.finished.add(planned.id)
            self.tell("training", len(self.finished), self.expected())

    def expected(self) -> int:
        """Return how many runs were asked for; 0 where a budget decides."""
        if self.spec.runs is None:
            return 0
        pairs = (screening.asked(self.spec) or 0) if self.spec.screen else 0
        return self.spec.runs + pairs * len(self.plan.parts)

    def enough_for_an_answer(self) -> bool:
        """Return whether there are runs enough for a curve."""
        walked = None if self.spec.screen else self.walked
        places = self.study.table().places(self.ids[self.studied], walked)
        return len(places) >= 4 and len({place.cell.size for place in places}) >= 2

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
