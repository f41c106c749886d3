"""Train the model that will be used, and say honestly how good it is.

Either one model on every annotated document, whose F1 nobody can measure any more (no document is
left) and is therefore what the learning curve says; or the best of several, chosen on a part of the
pool that is held out for it, never on the evaluation set, whose F1 is then measured there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np

from suffice.advice.phrases import describe_extrapolation
from suffice.analysis.analyse import analyse
from suffice.atomic import new_folder
from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.design.split import uniform
from suffice.errors import InputError, StudyError
from suffice.learners.base import Learner
from suffice.models.card import Scored, card
from suffice.results import Result, plain
from suffice.runs.engine import Engine, SharedInputs
from suffice.runs.executors.base import Executor
from suffice.runs.executors.devices import count_cores
from suffice.runs.executors.local import LocalExecutor
from suffice.runs.failures import raise_if_all_failed
from suffice.runs.job import Job, LearnerSetup, Position, identify
from suffice.runs.ledger import Ledger
from suffice.runs.scratch import SUFFIX, open_scratch
from suffice.runs.store import RunRow
from suffice.scoring import Counts, count, sum_by_unit
from suffice.stats import score_model
from suffice.study.spec import LearnerSpec
from suffice.study.study import StoredStudy
from suffice.wording.numbers import counted

How = Literal["all", "best"]

SELECTION_SHARE = 0.2
"""The part of the pool that the best of several models is chosen on."""

_TRIES = 3
"""Seeds that are tried where training on all documents fails."""


@dataclass(frozen=True)
class Kept(Result):
    """A model in a folder.

    Parameters
    ----------
    folder : Path
        Where it lies.
    learner : str
        What trained it.
    how : {"all", "best"}
        One on all documents, or the best of several.
    documents, sentences : int
        What it was trained on.
    f1, low, high : float
        Exact micro-F1 on new documents with its 95 % interval; NaN where nothing is known.
    basis : str
        Where that figure is from, in a sentence.
    caveats : tuple of str
        What to keep in mind.
    """

    folder: Path
    learner: str
    how: How
    documents: int
    sentences: int
    f1: float
    low: float
    high: float
    basis: str
    caveats: tuple[str, ...]


def keep(
    study: StoredStudy,
    folder: str | PathLike[str],
    *,
    how: How = "all",
    learner: LearnerSpec | None = None,
    tries: int = 5,
    license: str | None = None,
    data_license: str | None = None,
    listener: Callable[[str], None] | None = None,
    executor: Executor | str | None = None,
) -> Kept:
    """Train a model on a study's documents and write it into a new folder, with a model card.

    What is finished lies in a hidden folder beside the new one until all is done: a call that was
    killed is gone on with by the same call.

    Parameters
    ----------
    study : Study
        Made by `Study.create`; its runs tell how good a model of this size is.
    folder : path
        Must not be there yet, or be empty.
    how : {"all", "best"}
        One model on every document (but those of a test set of the user's own), or the best of
        several on the pool.
    learner : LearnerSpec, optional
        The study's learner unless given.
    tries : int
        How many models the best is chosen from; at least 2.
    license, data_license : str, optional
        What the card says of the model's licence and of the annotated text's.
    listener : callable, optional
        Told in words what is being done.
    executor : Executor or str, optional
        Where it is trained, on this file system; one process on this machine by default.

    Returns
    -------
    Kept

    Raises
    ------
    InputError
        The folder is in use, or the learner's models cannot be kept.
    StudyError
        No run has finished, or every training failed.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} exists already", remedy="name a new folder with `out`")
    if not folder.parent.is_dir():
        raise InputError(f"there is no folder {folder.parent}", remedy="make it first")
    if how == "best" and tries < 2:
        raise InputError("choosing the best needs at least two models", remedy="`tries` 5")
    spec = learner or study.spec.learner
    setup = LearnerSetup.of(spec.name, spec.options)
    if type(setup.learner).load.__func__ is Learner.load.__func__:  # type: ignore[attr-defined]
        raise InputError(
            f"models of the learner {spec.name!r} cannot be kept",
            remedy="name another one, as `learner` probe",
        )
    tell = listener or (lambda words: None)
    wanted = _All(study, setup) if how == "all" else _Best(study, setup, tries)
    study.make_cache()
    scratch = folder.with_name(f".{folder.name}{SUFFIX}")
    with open_scratch(scratch) as store:
        models = scratch / "models"
        inputs = SharedInputs(
            [setup],
            {d.id: d for d in study.corpus},
            study.corpus.labels,
            study.cache,
            models,
        )
        where = executor or LocalExecutor(1, threads=count_cores())
        with Engine(inputs, store, executor=where) as engine:
            row = wanted.train(engine, tell)
        scored = wanted.describe(row, store)
        with new_folder(folder) as beside:
            beside.chmod(0o700)
            shutil.copytree(models / row.id, beside, dirs_exist_ok=True)
            text = card(study, setup.learner, scored, license=license, data_license=data_license)
            (beside / "README.md").write_text(text, encoding="utf-8")
    return Kept(
        folder,
        spec.name,
        how,
        scored.documents,
        scored.sentences,
        scored.f1,
        scored.low,
        scored.high,
        scored.basis,
        scored.caveats,
    )


class _All:
    """One model on every document; its F1 is the curve's."""

    def __init__(self, study: StoredStudy, setup: LearnerSetup) -> None:
        self.study = study
        self.setup = setup
        # First what is known of it: without runs there is nothing to say, and nothing is trained.
        self.analysis = analyse(study)
        self.documents = _documents(study)

    def train(self, engine: Engine, tell: Callable[[str], None]) -> RunRow:
        """Train it, with other seeds where that fails."""
        tell(f"training {self.setup.name} on {counted(len(self.documents), 'document')}")
        rows: list[RunRow] = []
        for seed in _seeds(self.study, _TRIES):
            rows += engine.run([_job(self.setup, self.study, seed, self.documents)])
            if rows[-1].status == "ok":
                return rows[-1]
        raise_if_all_failed(rows, self.setup.name)
        raise AssertionError("unreachable: a run that worked was returned")

    def describe(self, row: RunRow, store: Ledger) -> Scored:
        """Return what the curve says of such models."""
        documents = len(self.documents)
        learners = self.study.ledger.learners()
        studied_id = (self.study.ledger.meta("learners") or {}).get("learner", "")
        config = plain(dict(self.setup.learner.config))
        # A learner of the same name with other options is another learner.
        studied = config == learners.get(studied_id, ("", None))[1]
        f1 = low = high = float("nan")
        basis = (
            "not known: the study is not about this learner and its options "
            "(study it, or keep the best of several, whose F1 is measured)"
        )
        if studied:
            curve, models = self.analysis.curve, counted(self.analysis.studied.runs, "model")
            f1, low, high = map(float, curve.at(float(documents)))
            basis = (
                f"the learning curve of {models} at "
                f"{documents:,} documents{_beyond(curve.largest, documents)}: "
                f"what such models reach on average on {self._not_scored()}"
            )
        length, caveats = _sentences(self.documents), self.analysis.caveats
        return Scored("all", documents, length, f1, low, high, basis, (), caveats)

    def _not_scored(self) -> str:
        """Say what the figure is about, and that this very model was not scored."""
        if self.study.spec.evaluation:
            return (
                "text like the test set; this one model was trained on the whole corpus without "
                "the test set, and not scored"
            )
        return (
            "new documents of this source; this one model was trained on every document, so that "
            "none is left to score it on"
        )


class _Best:
    """The best of several models, by a part of the pool; its F1 is measured on other documents."""

    def __init__(self, study: StoredStudy, setup: LearnerSetup, tries: int) -> None:
        self.study = study
        self.setup = setup
        self.tries = tries
        self.training, self.chosen_by = _divide_pool(study)
        self.evaluation = _documents(study, pool=False)

    def train(self, engine: Engine, tell: Callable[[str], None]) -> RunRow:
        """Train them and return the best."""
        jobs = [
            _job(self.setup, self.study, seed, self.training, self.chosen_by, self.evaluation)
            for seed in _seeds(self.study, self.tries)
        ]
        tell(f"training {counted(self.tries, 'model')}")
        rows: dict[str, RunRow] = {}
        for row in engine.run(jobs):
            rows[row.id] = row
            tell(f"trained: {len(rows)} of {self.tries}")
        raise_if_all_failed(list(rows.values()), self.setup.name)
        best: tuple[float, RunRow] | None = None
        for row in (rows[job.id] for job in jobs):
            if row.status != "ok" or row.counts is None:
                continue
            score = Counts(row.labels, row.counts).f1()
            if best is None or score > best[0]:
                best = score, row
        assert best is not None
        return best[1]

    def describe(self, row: RunRow, store: Ledger) -> Scored:
        """Return what it reaches on documents that neither trained nor chose it."""
        labels = self.study.corpus.labels
        spans = store.spans(row.id) or []
        counts = count(self.evaluation, spans[len(self.chosen_by) :], labels)
        units = [self.study.division.units[d.id] for d in self.evaluation]
        low, high = interval(counts, units)
        basis = (
            f"measured on {counted(len(self.evaluation), 'document')} that neither trained it nor "
            f"chose it among {self.tries} (chosen on {len(self.chosen_by):,} others)"
        )
        return Scored(
            "best",
            len(self.training),
            _sentences(self.training),
            counts.f1(),
            low,
            high,
            basis,
            tuple((name, counts.f1(name)) for name in labels),
            ("the interval is of this one model, from the evaluation documents alone",),
        )


def _divide_pool(study: StoredStudy) -> tuple[list[Document], list[Document]]:
    """Return the pool in two parts: what trains, and what chooses; a group stays on one side."""
    pool = set(study.division.pool(0))
    training: list[Document] = []
    chosen_by: list[Document] = []
    for document in study.corpus:
        if document.id in pool:
            unit = study.division.units[document.id]
            chosen = uniform(f"{study.spec.salt} keep", unit) < SELECTION_SHARE
            (chosen_by if chosen else training).append(document)
    if not chosen_by or not training:
        raise StudyError("the pool is too small to hold out part of it")
    return training, chosen_by


def _job(
    setup: LearnerSetup,
    study: StoredStudy,
    seed: int,
    training: Sequence[Document],
    chosen_by: Sequence[Document] = (),
    evaluation: Sequence[Document] = (),
) -> Job:
    """Return the job of one model, which is kept, and tags the evaluation documents."""
    groups = (training, chosen_by, evaluation)
    trains, scores, tagged = (tuple(d.id for d in group) for group in groups)
    contents = [[d.key for d in group] for group in groups]
    identity = identify(setup.id, contents, study.corpus.labels, seed, ["model"])
    place = Position(len(trains))
    return Job(identity, setup.id, trains, scores, seed, place, "model", tagged)


def interval(counts: Counts, units: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of one model's micro-F1 over the evaluation documents.

    By the same rule as the report's, over documents or their groups.

    Parameters
    ----------
    counts : Counts
        The counts of the evaluation documents.
    units : sequence of str
        What each document belongs to: its group, near-duplicates in one.

    Returns
    -------
    low, high : float
    """
    found = score_model(sum_by_unit(counts.table.sum(axis=1), units))
    return found.low, found.high


def _beyond(largest: float, documents: int) -> str:
    """Say that F1 at so many documents is extrapolated, where it is."""
    return f", {describe_extrapolation(round(largest))}" if documents > largest else ""


def _documents(study: StoredStudy, *, pool: bool = True) -> list[Document]:
    """Return the documents that evaluate, and those of the pool unless they are not wanted.

    With the pool they are what a model is trained on: a test set of the user's own stays out.
    """
    division = study.division
    wanted = set(division.pool(0)) if pool else set()
    if not pool or not study.spec.evaluation:
        wanted |= set(division.evaluation(0))
    return [d for d in study.corpus if d.id in wanted]


def _sentences(documents: Sequence[Document]) -> int:
    return sum(len(sentences(d)) for d in documents)


def _seeds(study: StoredStudy, n: int) -> list[int]:
    return np.random.SeedSequence([study.spec.seed, 20240]).generate_state(n).tolist()
