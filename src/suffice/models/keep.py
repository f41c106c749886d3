"""Train the model that will be used, and say honestly how good it is.

Either one model on every annotated document, whose F1 nobody can measure any more (no document is
left) and is therefore what the learning curve says; or the best of several, chosen on a part of the
pool that is held out for it, never on the evaluation set, whose F1 is then measured there.
"""

from __future__ import annotations

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
from suffice.learners.base import Learner, Tagger
from suffice.learners.registry import get
from suffice.models.card import Scored, card
from suffice.results import Result, plain
from suffice.scoring import Counts, count, micro_f1
from suffice.study.spec import LearnerSpec
from suffice.study.study import Study
from suffice.wording.numbers import counted

How = Literal["all", "best"]

SELECTION_SHARE = 0.2
"""The part of the pool that the best of several models is chosen on."""

_REPLICATES = 2000
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
    study: Study,
    folder: str | PathLike[str],
    *,
    how: How = "all",
    learner: LearnerSpec | None = None,
    tries: int = 5,
    license: str | None = None,
    data_license: str | None = None,
    listener: Callable[[str], None] | None = None,
) -> Kept:
    """Train a model on a study's documents and write it into a new folder, with a model card.

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
        raise InputError(f"{folder} is there already", remedy="name a new folder with `out`")
    if not folder.parent.is_dir():
        raise InputError(f"there is no folder {folder.parent}", remedy="make it first")
    if how == "best" and tries < 2:
        raise InputError("the best of fewer than two models is no choice", remedy="`tries` 5")
    spec = learner or study.spec.learner
    trainer = get(spec.name, spec.options)
    if type(trainer).load.__func__ is Learner.load.__func__:  # type: ignore[attr-defined]
        raise InputError(
            f"models of the learner {spec.name!r} cannot be kept",
            remedy="name another one, as `learner` probe",
        )
    tell = listener or (lambda words: None)
    job = _All(study, spec) if how == "all" else _Best(study, tries)
    tagger, scored = job.go(trainer, tell)
    with new_folder(folder) as beside:
        beside.chmod(0o700)
        tagger.save(beside)
        text = card(study, trainer, scored, license=license, data_license=data_license)
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

    def __init__(self, study: Study, spec: LearnerSpec) -> None:
        self.study = study
        self.spec = spec

    def go(self, trainer: Learner, tell: Callable[[str], None]) -> tuple[Tagger, Scored]:
        # First what is known of it: without runs there is nothing to say, and nothing is trained.
        analysis = analyse(self.study)
        documents = _documents(self.study)
        size = float(len(documents))
        learners = self.study.ledger.learners()
        studied_id = (self.study.ledger.meta("learners") or {}).get("learner", "")
        # A learner of the same name with other options is another learner.
        studied = plain(dict(trainer.config)) == learners.get(studied_id, ("", None))[1]
        f1 = low = high = float("nan")
        basis = (
            "not known: the study is not about this learner and its options "
            "(study it, or keep the best of several, whose F1 is measured)"
        )
        caveats: tuple[str, ...] = analysis.caveats
        if studied:
            f1, low, high = map(float, analysis.curve.at(size))
            basis = (
                f"the learning curve of {counted(analysis.studied.runs, 'model')} at "
                f"{len(documents):,} documents{_beyond(analysis.curve.largest, len(documents))}: "
                f"what such models reach on average on {self._not_scored()}"
            )
        tell(f"training {self.spec.name} on {counted(len(documents), 'document')}")
        self.study.make_cache()
        trainer.prepare(documents, self.study.cache)
        tagger = _first_that_works(trainer, documents, self.study)
        return tagger, Scored(
            "all", len(documents), _sentences(documents), f1, low, high, basis, (), caveats
        )

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

    def __init__(self, study: Study, tries: int) -> None:
        self.study = study
        self.tries = tries

    def go(self, trainer: Learner, tell: Callable[[str], None]) -> tuple[Tagger, Scored]:
        training, chosen_by = self._divided()
        labels = self.study.corpus.labels
        evaluation = _documents(self.study, pool=False)
        self.study.make_cache()
        trainer.prepare([*training, *chosen_by, *evaluation], self.study.cache)
        best: tuple[float, Tagger] | None = None
        for attempt, seed in enumerate(_seeds(self.study, self.tries)):
            tell(f"training model {attempt + 1} of {self.tries}")
            tagger = trainer.train(training, labels, seed)
            if tagger.status != "ok":
                continue
            score = count(chosen_by, tagger.tag(chosen_by), labels).f1()
            if best is None or score > best[0]:
                best = score, tagger
        if best is None:
            raise StudyError(
                f"all {counted(self.tries, 'training')} failed", remedy="try other options"
            )
        tell(f"scoring it on {counted(len(evaluation), 'document')}")
        counts = count(evaluation, best[1].tag(evaluation), labels)
        low, high = interval(counts, [self.study.division.units[d.id] for d in evaluation])
        by_label = tuple((name, counts.f1(name)) for name in labels)
        basis = (
            f"measured on {counted(len(evaluation), 'document')} that neither trained it nor "
            f"chose it among "
            f"{self.tries} (chosen on {len(chosen_by):,} others)"
        )
        return best[1], Scored(
            "best",
            len(training),
            _sentences(training),
            counts.f1(),
            low,
            high,
            basis,
            by_label,
            ("the interval is of this one model, from the evaluation documents alone",),
        )

    def _divided(self) -> tuple[list[Document], list[Document]]:
        """Return the pool in two parts; a group stays on one side."""
        pool = set(self.study.division.pool(0))
        training: list[Document] = []
        held: list[Document] = []
        for document in self.study.corpus:
            if document.id in pool:
                unit = self.study.division.units[document.id]
                chosen = uniform(f"{self.study.spec.salt} keep", unit) < SELECTION_SHARE
                (held if chosen else training).append(document)
        if not held or not training:
            raise StudyError("the pool is too small to hold a part of it out")
        return training, held


def interval(counts: Counts, units: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of one model's micro-F1 over the evaluation documents.

    The Bayesian bootstrap (Rubin 1981) over documents or their groups.

    Parameters
    ----------
    counts : Counts
        Of the evaluation documents.
    units : sequence of str
        What each document belongs to: its group, near-duplicates in one.

    Returns
    -------
    low, high : float
    """
    names = {unit: i for i, unit in enumerate(dict.fromkeys(units))}
    sums = np.zeros((len(names), 3))
    np.add.at(sums, [names[u] for u in units], counts.table.sum(axis=1))
    weights = np.random.default_rng(0).standard_exponential((_REPLICATES, len(names)))
    low, high = np.nanquantile(micro_f1(weights @ sums), [0.025, 0.975])
    return float(low), float(high)


def _beyond(largest: float, documents: int) -> str:
    """Say that F1 at so many documents is extrapolated, where it is."""
    return f", {describe_extrapolation(round(largest))}" if documents > largest else ""


def _documents(study: Study, *, pool: bool = True) -> list[Document]:
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


def _seeds(study: Study, n: int) -> list[int]:
    return np.random.SeedSequence([study.spec.seed, 20240]).generate_state(n).tolist()


def _first_that_works(trainer: Learner, documents: Sequence[Document], study: Study) -> Tagger:
    for seed in _seeds(study, _TRIES):
        tagger = trainer.train(documents, study.corpus.labels, seed)
        if tagger.status == "ok":
            return tagger
    raise StudyError(f"the training failed {_TRIES} times", remedy="try other options")
