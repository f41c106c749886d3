"""Trainings on sets that the caller chose: for experiments, whose training sets no pool decides.

A study draws its training sets at random from its pool. An experiment wants others: denser ones,
ones mixed with synthetic text. It hands over each set, and gets counts for each evaluation document
back. Whatever is finished is kept in the folder's ledger: a call that was killed anywhere, or one
with more sets, trains only what is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from suffice.corpus.document import Document
from suffice.design.features import SetFeatures
from suffice.errors import StudyError
from suffice.runs import ledger as ledger_file
from suffice.runs.engine import Engine, SharedInputs
from suffice.runs.executors.base import Executor
from suffice.runs.folder import CACHE, LOCK, delete, hold_folder
from suffice.runs.job import Job, LearnerSetup, Position, identify
from suffice.runs.ledger import Ledger
from suffice.runs.progress import Listener
from suffice.runs.store import RunRow
from suffice.study import spec
from suffice.study.spec import LearnerSpec


@dataclass(frozen=True)
class Training:
    """A training set and a seed.

    Parameters
    ----------
    documents : tuple of str
        Ids, each once. Their order does not matter.
    seed : int
        Random seed.
    """

    documents: tuple[str, ...]
    seed: int = 0


@dataclass(frozen=True)
class Setting:
    """What all trainings of an experiment share.

    Parameters
    ----------
    learner : LearnerSpec
        The learner to train.
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
    def made(self) -> LearnerSetup:
        """Return the learner itself, with its id."""
        return LearnerSetup.of(self.learner.name, self.learner.options)

    def keys(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the content hashes of documents."""
        return tuple(self.documents[d].key for d in ids)

    def job(self, training: Training) -> Job:
        """Return what the engine is asked to do; its id is a hash of all that determines it.

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
        contents = [self.keys(ids), self.keys(self.evaluation)]
        identity = identify(self.made.id, contents, self.labels, training.seed)
        place = Position(len(ids))
        return Job(identity, self.made.id, ids, self.evaluation, training.seed, place)

    @cached_property
    def _evaluates(self) -> frozenset[str]:
        return frozenset(self.evaluation)


def train(
    folder: Path,
    setting: Setting,
    trainings: Sequence[Training],
    *,
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> list[RunRow]:
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
    executor : Executor or str, optional
        Where models are trained; worker processes on this machine by default.

    Returns
    -------
    list of RunRow
        In the order of `trainings`.

    Raises
    ------
    StudyError
        The folder holds something else, or another process works in it; all runs failed by what
        the user can mend.
    RuntimeError
        All runs failed otherwise; the place in the code is quoted.
    """
    jobs = [setting.job(t) for t in trainings]
    _claim(folder)
    with hold_folder(folder), Ledger(folder / ledger_file.FILE) as ledger:
        if not ledger.run_ids().issuperset(job.id for job in jobs):
            used = {d for job in jobs for d in (*job.training, *job.evaluation)}
            shared = SharedInputs(
                [setting.made],
                {d: setting.documents[d] for d in sorted(used)},
                setting.labels,
                folder / CACHE,
            )
            with Engine(shared, ledger, executor=executor) as engine:
                engine.measure = SetFeatures(list(setting.documents.values()))
                engine.run_all(jobs, listener)
        delete([folder / CACHE])
        return [row for row in _read(ledger, setting, trainings) if row is not None]


def finished(folder: Path, setting: Setting, trainings: Sequence[Training]) -> list[RunRow | None]:
    """Return what is done of these trainings; None for what is not.

    Raises
    ------
    StudyError
        The folder has no ledger.
    """
    with Ledger(folder / ledger_file.FILE, read_only=True) as ledger:
        return _read(ledger, setting, trainings)


def purge(folder: Path) -> int:
    """Delete what could give text away after an interrupt, and return how many bytes that was.

    Raises
    ------
    StudyError
        The experiment is running.
    """
    with hold_folder(folder):
        return delete([folder / CACHE])


def _read(ledger: Ledger, setting: Setting, trainings: Sequence[Training]) -> list[RunRow | None]:
    rows = {row.id: row for row in ledger.runs()}
    return [rows.get(setting.job(t).id) for t in trainings]


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
