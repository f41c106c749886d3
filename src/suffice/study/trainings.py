"""Trainings on sets that the caller chose: for experiments, whose training sets no pool decides.

A study draws its training sets at random from its pool. An experiment wants others: denser ones,
ones mixed with synthetic text. It hands over each set, and gets counts for each evaluation document
back. Whatever is finished is kept in the folder's ledger: a call that was killed anywhere, or one
with more sets, trains only what is not there yet.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.design.features import Measure
from suffice.errors import StudyError
from suffice.learners.base import Learner
from suffice.learners.registry import get
from suffice.results import plain
from suffice.study import ledger as ledger_file
from suffice.study import spec, steps
from suffice.study.executors.base import Executor
from suffice.study.executors.devices import shared_out
from suffice.study.executors.local import LocalExecutor
from suffice.study.folder import CACHE, LOCK, delete, held, make_private
from suffice.study.ledger import Ledger, RunRow, digest
from suffice.study.progress import Listener, Progress
from suffice.study.spec import LearnerSpec
from suffice.study.worker import Context, Encode, Train, work

_TRIED = 5
"""After so many failures and no success a learner is given up."""


@dataclass(frozen=True)
class Training:
    """A training set and a seed.

    Parameters
    ----------
    documents : tuple of str
        Ids, each once. Their order does not matter.
    seed : int
        Of the run.
    """

    documents: tuple[str, ...]
    seed: int = 0


@dataclass(frozen=True)
class Done:
    """What became of a training.

    Parameters
    ----------
    training : Training
        What was asked for.
    status : {"ok", "diverged", "degenerate", "failed"}
        The middle two were trained twice in vain; a failed run has no counts.
    counts : ndarray of int32, shape (evaluation documents, labels, 3), optional
        Correct, spurious and missed spans (`suffice.scoring`), documents in the order given.
    train_seconds, tag_seconds : float
        Wall-clock time.
    error : str
        Where a failed run failed; never document text.
    """

    training: Training
    status: str
    counts: NDArray[np.int32] | None
    train_seconds: float
    tag_seconds: float
    error: str = ""


@dataclass(frozen=True)
class Setting:
    """What all trainings of an experiment share.

    Parameters
    ----------
    learner : LearnerSpec
        Which is trained.
    documents : mapping of str to Document
        All that train or evaluate, by id. Some may do neither.
    evaluation : tuple of str
        Ids of the documents that every model is scored on.
    labels : tuple of str
        Labels to learn and score.

    Raises
    ------
    ValueError
        There is nothing to evaluate on, an id is not among the documents, or a document has a label
        that is not among those to learn.
    InputError
        There is no such learner, or an option is wrong.
    """

    learner: LearnerSpec
    documents: Mapping[str, Document]
    evaluation: tuple[str, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.evaluation:
            raise ValueError("there is nothing to evaluate on")
        unknown = [d for d in self.evaluation if d not in self.documents]
        if unknown:
            raise ValueError(f"{len(unknown)} evaluation documents are not among the documents")
        if any(s.label not in self.labels for d in self.documents.values() for s in d.spans):
            raise ValueError("a document has a label that is not among those to learn")

    @cached_property
    def made(self) -> Learner:
        """Return the learner itself."""
        return get(self.learner.name, self.learner.options)

    @cached_property
    def learner_id(self) -> str:
        """Return the learner's id in the ledger."""
        return digest([self.learner.name, dict(self.made.config)])

    @cached_property
    def measure(self) -> Measure:
        """Return what measures training sets."""
        return Measure(list(self.documents.values()))

    def keys(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the content hashes of documents."""
        return tuple(self.documents[d].key for d in ids)

    def task(self, training: Training) -> Train:
        """Return what the worker is told.

        Raises
        ------
        ValueError
            The set is empty, holds a document twice, one that is not there, or one that evaluates.
        """
        ids = tuple(sorted(training.documents))
        if not ids or len(set(ids)) < len(ids):
            raise ValueError("a training set is empty or holds a document twice")
        if any(d not in self.documents for d in ids):
            raise ValueError("a training set holds a document that is not among the documents")
        if not self._evaluates.isdisjoint(ids):
            raise ValueError("a training set holds an evaluation document")
        return Train(0, ids, self.evaluation, training.seed)

    def id(self, training: Training) -> str:
        """Return the run's id: a hash of all that determines its counts."""
        task = self.task(training)
        keys = [self.keys(task.training), self.keys(self.evaluation)]
        return digest([self.learner_id, *keys, list(self.labels), training.seed])

    @cached_property
    def _evaluates(self) -> frozenset[str]:
        return frozenset(self.evaluation)


def train(
    folder: Path,
    setting: Setting,
    trainings: Sequence[Training],
    *,
    listener: Listener | None = None,
) -> list[Done]:
    """Train on every set that is not done yet, in the order given, and return all.

    Parameters
    ----------
    folder : Path
        Holds the ledger; made where it is absent. What could give text away lies in its part
        ``cache``, mode 0700, which is deleted when all is done.
    setting : Setting
        Learner, documents, labels.
    trainings : sequence of Training
        One that is there twice is trained once. Put those first that an interrupted experiment
        should have.
    listener : callable, optional
        Told of every encoded chunk and finished run.

    Returns
    -------
    list of Done
        In the order of `trainings`.

    Raises
    ------
    StudyError
        The folder holds something else, or another process works in it; all runs failed by what
        the user can mend.
    RuntimeError
        All runs failed otherwise; the place in the code is quoted.
    """
    wanted = {setting.id(t): setting.task(t) for t in trainings}
    _claim(folder)
    with held(folder), Ledger(folder / ledger_file.FILE) as ledger:
        ledger.add_learner(setting.learner.name, dict(setting.made.config))
        finished = ledger.run_ids()
        fresh = {identity: task for identity, task in wanted.items() if identity not in finished}
        if fresh:
            _Session(folder / CACHE, setting, ledger, listener).go(fresh, len(wanted))
        delete([folder / CACHE])
        return [done for t, done in _found(ledger, setting, trainings) if done is not None]


def finished(folder: Path, setting: Setting, trainings: Sequence[Training]) -> list[Done | None]:
    """Return what is done of these trainings; None for what is not.

    Raises
    ------
    StudyError
        The folder has no ledger.
    """
    with Ledger(folder / ledger_file.FILE, read_only=True) as ledger:
        return [done for _, done in _found(ledger, setting, trainings)]


def purge(folder: Path) -> int:
    """Delete what could give text away after an interrupt, and return how many bytes that was.

    Raises
    ------
    StudyError
        The experiment is running.
    """
    with held(folder):
        return delete([folder / CACHE])


def _found(
    ledger: Ledger, setting: Setting, trainings: Sequence[Training]
) -> list[tuple[Training, Done | None]]:
    rows = {row.id: row for row in ledger.runs()}
    return [(t, _done(t, rows.get(setting.id(t)))) for t in trainings]


def _done(training: Training, row: RunRow | None) -> Done | None:
    if row is None:
        return None
    return Done(
        training, row.status, row.counts, row.train_seconds, row.tag_seconds, error=row.error
    )


def _claim(folder: Path) -> None:
    """Make the folder, or refuse one that holds something else."""
    if folder.is_dir():
        names = [path.name for path in folder.iterdir()]
        ours = any(n.startswith(ledger_file.FILE) for n in names) or names in ([], [LOCK])
        if not ours or spec.FILE in names:
            raise StudyError(
                f"{folder} is not empty and not the folder of an experiment",
                remedy="name another folder with `folder`",
            )
    folder.mkdir(parents=True, exist_ok=True)


class _Session:
    """One session's trainings."""

    def __init__(
        self, cache: Path, setting: Setting, ledger: Ledger, listener: Listener | None
    ) -> None:
        self.cache = cache
        self.setting = setting
        self.ledger = ledger
        self.listener = listener
        self.started = time.monotonic() - float(ledger.meta("spent") or 0.0)
        self.rows = [r for r in ledger.runs() if r.learner == setting.learner_id]

    def go(self, fresh: Mapping[str, Train], expected: int) -> None:
        make_private(self.cache)
        learner = self.setting.learner
        used = {d for task in fresh.values() for d in task.training} | set(self.setting.evaluation)
        documents = {d: doc for d, doc in self.setting.documents.items() if d in used}
        workers, environment = shared_out([self.setting.made])
        context = Context(
            documents, self.setting.labels, ((learner.name, dict(learner.options)),), self.cache
        )
        with LocalExecutor(workers, context, environment) as executor:
            self.encode(executor, documents)
            self.do(executor, fresh, expected)

    def encode(self, executor: Executor, documents: Mapping[str, Document]) -> None:
        """Do what runs share, a chunk of documents at a time."""
        tasks = [Encode(0, chunk) for chunk in steps.chunks(documents, sorted(documents))]
        encoded = 0
        for outcome in executor.map(work, tasks):
            steps.refuse_unencoded(outcome)
            encoded += len(outcome.task.documents)
            self.tell("encoding", encoded, len(documents))

    def do(self, executor: Executor, fresh: Mapping[str, Train], expected: int) -> None:
        """Do these runs and keep each as soon as it is done."""
        identities = {id(task): identity for identity, task in fresh.items()}
        evaluation_set = self.ledger.add_evaluation_set(self.setting.keys(self.setting.evaluation))
        left = len(fresh)
        for outcome in executor.map(work, list(fresh.values()), limit=self.limit):
            task: Train = outcome.task
            row = RunRow(
                id=identities[id(task)],
                learner=self.setting.learner_id,
                evaluation_set=evaluation_set,
                pool="",
                asked=len(task.training),
                replicate=0,
                part=-1,
                repeat=0,
                seed=task.seed,
                training_keys=self.setting.keys(task.training),
                features=plain(self.setting.measure(task.training, task.evaluation)),
                labels=self.setting.labels,
                **steps.record(outcome),
            )
            self.ledger.add_run(row, time.monotonic() - self.started)
            self.rows.append(row)
            left -= 1
            if len(self.rows) >= _TRIED or not left:
                steps.refuse_if_all_failed(self.rows, self.setting.learner.name)
            self.tell("training", expected - left, expected)

    def limit(self, task: Train) -> float:
        """Return what a run may take before it counts as hung."""
        worked = [r for r in self.rows if r.status == "ok"]
        spent = sum(r.train_seconds + r.tag_seconds for r in worked)
        nominal = sum(self.cost(r.features["sentences"], r.features["tokens"]) for r in worked)
        measured = self.setting.measure(task.training)
        own = self.cost(measured.sentences, measured.tokens)
        expected = own * spent / nominal if nominal > 0 else 0.0
        return max(steps.HUNG * expected, steps.HUNG_LEAST)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return the learner's nominal seconds."""
        return self.setting.made.cost(sentences, tokens)

    def tell(self, phase: Literal["encoding", "training"], done: int, expected: int) -> None:
        """Tell the listener."""
        if self.listener is not None:
            spent = time.monotonic() - self.started
            self.listener(Progress(phase, done, expected, spent, None))
