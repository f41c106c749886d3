"""The engine: it encodes what jobs share, does them on an executor, and keeps what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from suffice.corpus.document import Document
from suffice.design.features import SetFeatures
from suffice.results import plain
from suffice.runs.clock import Clock
from suffice.runs.executors.base import Executor, Outcome, Task
from suffice.runs.executors.devices import choose_device
from suffice.runs.executors.registry import find_executor
from suffice.runs.failures import raise_if_all_failed
from suffice.runs.job import Job, LearnerSetup
from suffice.runs.progress import Listener, Phase, Progress
from suffice.runs.store import RunRow, Store
from suffice.runs.worker import Encode, Trained, WorkContext, work

HUNG = 20
"""A run counts as hung after so many times what is expected of it."""

HUNG_LEAST = 3600.0
"""And not before so many seconds: the first runs tell how fast a learner is."""

_TRIED = 5
"""After so many failures and no success a learner is given up."""

_CHUNK_TOKENS = 6_000
"""Tokens encoded in one task, where there are many."""

_LEAST_CHUNKS = 40
"""Tasks that the documents are divided into at the least, so that a short budget can be held."""


@dataclass(frozen=True)
class SharedInputs:
    """What all jobs of a piece of work share.

    Parameters
    ----------
    learners : sequence of LearnerSetup
        Those that jobs name.
    documents : mapping of str to Document
        All that train, score or are tagged, by id.
    labels : tuple of str
        Labels to learn and score.
    cache : Path
        Where learners keep what runs share; made where it is absent, mode 0700.
    models : Path, optional
        Where jobs that ask for it keep their models, each in a folder named by its id.
    run_limit : float, optional
        The seconds that a run may take; by default as many as none takes that is not hung.
    hung_least : float
        A run never counts as hung before so many seconds.
    """

    learners: Sequence[LearnerSetup]
    documents: Mapping[str, Document]
    labels: tuple[str, ...]
    cache: Path
    models: Path | None = None
    run_limit: float | None = None
    hung_least: float = HUNG_LEAST


class Engine:
    """Does jobs.

    A job whose training diverges, or learns nothing where there is something to learn, is tried
    once more with another seed. One that fails then, raises, returns spans that cannot be, takes
    too long or fills its share of memory is kept as failed, and no other fails with it.

    Parameters
    ----------
    inputs : SharedInputs
        What jobs share.
    store : Store
        Keeps each run as soon as it is finished; what is there is not done again.
    executor : Executor or str, optional
        Where jobs are done; this machine's processes by default.
    clock : Clock, optional
        What tells how long all sessions took so far; the store's seconds and this session by
        default. It learns how many workers there are.
    at_most : int, optional
        The number of workers that are of any use.
    """

    def __init__(
        self,
        inputs: SharedInputs,
        store: Store,
        *,
        executor: Executor | str | None = None,
        clock: Clock | None = None,
        at_most: int | None = None,
    ) -> None:
        self.inputs = inputs
        self.store = store
        self.clock = clock or Clock(store.spent())
        self._learners = {setup.id: setup.learner for setup in inputs.learners}
        self._names = {setup.id: setup.name for setup in inputs.learners}
        for setup in inputs.learners:
            store.add_learner(setup.name, dict(setup.learner.config))
        self._executor = find_executor(executor)
        context = WorkContext(
            inputs.documents,
            inputs.labels,
            {setup.id: (setup.name, setup.options) for setup in inputs.learners},
            inputs.cache,
            inputs.models,
        )
        device = choose_device(self._learners.values())
        self._executor.start(context, device=device, at_most=at_most)
        self.clock.workers = self._executor.workers
        self._prepared: set[tuple[str, str]] = set()
        self._measure: SetFeatures | None = None
        self._sets: dict[tuple[str, ...], str] = {}
        self._speeds = {setup.id: _Speed(setup.learner.cost) for setup in inputs.learners}
        for row in store.runs():
            if row.learner in self._speeds:
                self._speeds[row.learner].add(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.close()

    @property
    def measure(self) -> SetFeatures:
        """Return what measures training sets; of all documents unless it is set."""
        if self._measure is None:
            self._measure = SetFeatures(list(self.inputs.documents.values()))
        return self._measure

    @measure.setter
    def measure(self, measure: SetFeatures) -> None:
        self._measure = measure

    def divide(self, order: Iterable[str]) -> list[Encode]:
        """Return what encodes these documents for every learner, in tasks of about equal work.

        Parameters
        ----------
        order : iterable of str
            Ids of documents, in the order wanted.
        """
        chunks = list(_chunks(self.inputs.documents, list(order)))
        return [Encode(setup.id, chunk) for setup in self.inputs.learners for chunk in chunks]

    def encode(self, tasks: Iterable[Encode]) -> Iterator[Encode]:
        """Encode documents, and yield each task when it is done.

        Parameters
        ----------
        tasks : iterable of Encode
            Taken one by one, when there is a worker for them.

        Raises
        ------
        RuntimeError
            A learner could not; the place in the code is quoted.
        """
        given: dict[str, Encode] = {}

        def named() -> Iterator[Task]:
            for number, task in enumerate(tasks):
                given[str(number)] = task
                yield Task(str(number), task)

        for outcome in self._executor.map(work, named()):
            if outcome.error:
                raise RuntimeError(f"encoding failed in a worker:\n{outcome.error}")
            done = given[outcome.id]
            self._prepared.update((done.learner, d) for d in done.documents)
            yield done

    def prepare(self, jobs: Iterable[Job]) -> Iterator[tuple[int, int]]:
        """Encode what jobs that are not done yet share and is not encoded yet.

        Parameters
        ----------
        jobs : iterable of Job
            What `run` will be given.

        Yields
        ------
        done, expected : int
            Documents that are encoded, for each learner that they are for, and all of them.
        """
        finished = self._find_finished(jobs := list(jobs))
        missing: dict[str, set[str]] = {}
        for job in jobs:
            if job.id not in finished:
                used = {*job.training, *job.evaluation, *job.unlabelled}
                fresh = {d for d in used if (job.learner, d) not in self._prepared}
                missing.setdefault(job.learner, set()).update(fresh)
        order = self.inputs.documents
        tasks = [
            Encode(learner, chunk)
            for learner, wanted in missing.items()
            for chunk in _chunks(order, [d for d in order if d in wanted])
        ]
        done, expected = 0, sum(map(len, missing.values()))
        for task in self.encode(tasks):
            done += len(task.documents)
            yield done, expected

    def run(self, jobs: Iterable[Job], *, seconds: float | None = None) -> Iterator[RunRow]:
        """Do the jobs that are not done yet, and yield each run as soon as it is kept.

        Parameters
        ----------
        jobs : iterable of Job
            One that is there twice is done once. They are begun in this order and finish in any.
        seconds : float, optional
            After so many, what is not finished is given up.

        Yields
        ------
        RunRow
            Those that the store has come first.
        """
        until = None if seconds is None else time.monotonic() + seconds
        wanted = {job.id: job for job in jobs}
        finished = self._find_finished(wanted.values())
        if finished:
            yield from (row for row in self.store.runs() if row.id in finished)
        fresh = {identity: job for identity, job in wanted.items() if identity not in finished}
        for _ in self.prepare(fresh.values()):
            pass
        tasks = (Task(job.id, job, self._limit(job)) for job in fresh.values())
        left = None if until is None else until - time.monotonic()
        for outcome in self._executor.map(work, tasks, seconds=left):
            yield self._keep(fresh[outcome.id], outcome)

    def run_all(self, jobs: Sequence[Job], listener: Listener | None = None) -> list[RunRow]:
        """Do a fixed list of jobs, and return their runs in its order.

        Parameters
        ----------
        jobs : sequence of Job
            Those that an interrupted session should have finished come first.
        listener : callable, optional
            Told of every encoded chunk and newly finished run.

        Raises
        ------
        StudyError
            All runs of a learner failed, several of them, by what the user can mend.
        RuntimeError
            They failed otherwise; the last place in the code is quoted.
        """
        before = self._find_finished(jobs)
        rows = {row.id: row for row in self.store.runs()}
        expected, done = len({job.id for job in jobs}), len(before)

        def report(phase: Phase, count: int, of: int) -> None:
            if listener is not None:
                listener(Progress(phase, count, of, self.clock.spent(), self.clock.budget))

        for encoded, of in self.prepare(jobs):
            report("encoding", encoded, of)
        for row in self.run(jobs):
            if row.id in before:
                continue
            rows[row.id] = row
            done += 1
            own = [r for r in rows.values() if r.learner == row.learner]
            if len(own) >= _TRIED or done == expected:
                raise_if_all_failed(own, self._names[row.learner])
            report("training", done, expected)
        return [rows[job.id] for job in jobs]

    def _find_finished(self, jobs: Iterable[Job]) -> set[str]:
        """Return the ids of the jobs that are done, with their models where these are wanted."""
        kept = self.store.run_ids()
        done = {job.id for job in jobs if job.id in kept and job.output != "model"}
        models = [job.id for job in jobs if job.id in kept and job.output == "model"]
        if models:
            failed = {row.id for row in self.store.runs() if row.status != "ok"}
            done.update(name for name in models if name in failed or self._has_model(name))
        return done

    def _has_model(self, name: str) -> bool:
        return self.inputs.models is not None and (self.inputs.models / name).is_dir()

    def _keep(self, job: Job, outcome: Outcome) -> RunRow:
        """Keep a finished run."""
        trained: Trained | None = outcome.result
        error = outcome.error
        wants_model = trained and trained.status == "ok" and job.output == "model"
        if wants_model and not self._has_model(job.id):
            trained, error = None, "its model did not arrive: workers need the same file system"
        position = job.position
        row = RunRow(
            id=job.id,
            learner=job.learner,
            evaluation_set=self._evaluation_set(job.evaluation),
            pool=position.pool,
            asked=position.size,
            replicate=position.replicate,
            part=position.part,
            repeat=position.repeat,
            seed=job.seed,
            training_keys=self._keys(job.training),
            features=plain(self.measure(job.training, job.evaluation)),
            labels=self.inputs.labels,
            status=trained.status if trained else "failed",
            counts=trained.counts if trained else None,
            train_seconds=trained.train_seconds if trained else 0.0,
            tag_seconds=trained.tag_seconds if trained else 0.0,
            error=error,
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self.store.add_run(row, self.clock.spent(), trained.spans if trained else None)
        self._speeds[job.learner].add(row)
        return row

    def _evaluation_set(self, evaluation: tuple[str, ...]) -> str:
        if evaluation not in self._sets:
            self._sets[evaluation] = self.store.add_evaluation_set(self._keys(evaluation))
        return self._sets[evaluation]

    def _keys(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.inputs.documents[d].key for d in ids)

    def _limit(self, job: Job) -> float:
        """Return the seconds that a run may take before it counts as hung."""
        if self.inputs.run_limit is not None:
            return self.inputs.run_limit
        features = self.measure(job.training)
        expected = self._speeds[job.learner].expect(features.sentences, features.tokens)
        return max(HUNG * expected, self.inputs.hung_least)


class _Speed:
    """A learner's real seconds for nominal ones, by the runs that worked."""

    def __init__(self, cost: Callable[[float, float], float]) -> None:
        self._cost = cost
        self._nominal = self._real = 0.0

    def add(self, row: RunRow) -> None:
        if row.status == "ok":
            self._nominal += self._cost(row.features["sentences"], row.features["tokens"])
            self._real += row.seconds

    def expect(self, sentences: float, tokens: float) -> float:
        """Return the seconds to expect of a run; 0 before any worked."""
        return self._cost(sentences, tokens) * self._real / self._nominal if self._nominal else 0.0


def _chunks(documents: Mapping[str, Document], order: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield documents in chunks of about equal work."""
    chunk: list[str] = []
    size = 0
    sizes = {name: 1 + len(documents[name].text) // 6 for name in order}
    most = min(_CHUNK_TOKENS, sum(sizes.values()) / _LEAST_CHUNKS)
    for name in order:
        chunk.append(name)
        size += sizes[name]
        if size >= most:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)
