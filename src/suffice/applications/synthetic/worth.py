"""What synthetic sentences are worth: mixed training sets, trained and put into real sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.applications.synthetic.arrays import averages, by_unit, mixed
from suffice.applications.synthetic.corpora import CorpusPair
from suffice.applications.synthetic.design import (
    LEAST_RUNS,
    RUNS,
    Mixture,
    MixtureCell,
    MixtureDesign,
    design,
)
from suffice.applications.synthetic.statistics.exchange import Exchange, exchange
from suffice.design.sampling import TrainingSet, run_seed
from suffice.errors import StudyError
from suffice.learners.registry import get
from suffice.results import Result
from suffice.runs.executors.base import Executor
from suffice.runs.progress import Listener
from suffice.runs.store import RunRow
from suffice.study.spec import LearnerSpec
from suffice.study.trainings import Setting, Training, finished, train
from suffice.wording.numbers import counted, p_sign

Floats = NDArray[np.float64]

PROBE = LearnerSpec(name="probe")

_NEEDED = 0.75


@dataclass(frozen=True)
class Point(Result):
    """The runs of one cell.

    Parameters
    ----------
    base : {"real", "small", "large", "alone"}
        As in `suffice.applications.synthetic.design.MixtureCell`.
    real, synthetic : float
        Mean sentences.
    f1 : tuple of float
        The F1 of each run.
    """

    base: str
    real: float
    synthetic: float
    f1: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Worth(Result):
    """How many synthetic sentences one real sentence is worth.

    Parameters
    ----------
    learner : str
        The learner that was trained.
    pool, synthetic, evaluation : int
        Documents to draw from, and real documents to score on.
    pool_sentences, synthetic_sentences : int
        Sentences of the first two.
    left_out : int
        Synthetic documents left out, since they nearly repeat an evaluation document.
    failed : int
        Trainings that failed and are not counted.
    small, large : float
        Real sentences of the mixed sets with few and with many of them.
    exchange : Exchange
        The rates.
    points : tuple of Point
        The runs, cell by cell.
    seconds : float
        Seconds that all trainings took.
    caveats : tuple of str
        What to keep in mind.
    """

    learner: str
    pool: int
    synthetic: int
    evaluation: int
    pool_sentences: int
    synthetic_sentences: int
    left_out: int
    failed: int
    small: float
    large: float
    exchange: Exchange
    points: tuple[Point, ...]
    seconds: float
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Worth of synthetic sentences to the learner {self.learner}"

    def _summary(self) -> tuple[str, ...]:
        return self.sentences

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return self.exchange._table()

    def _caveats(self) -> tuple[str, ...]:
        return (*self.caveats, *self.exchange.caveats)

    @property
    def steady(self) -> bool:
        """Return whether nothing speaks against one rate for all."""
        return not self.exchange.constant_p < 0.05

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the answer: the rate, whether it is constant, and what more runs would bring."""
        found = self.exchange
        said = [_capital(found.constant.sentence) + "."]
        if not self.steady:
            said[0] = (
                "There is no one rate: "
                + "; ".join(f"{r.name}: {r.sentence}" for r in found.average)
                + "."
            )
        p = found.constant_p
        if self.steady and p == p:
            said.append(
                "No evidence that the rate depends on how much synthetic text is added (P "
                f"{p_sign(p)}), though these runs would detect only a large change."
            )
        elif p == p:
            said.append(f"The rate depends on how much synthetic text is added (P {p_sign(p)}).")
        if found.alone is not None:
            said.append(f"Without any real text: {found.alone.sentence}.")
        said.append(self.more)
        return tuple(said)

    @property
    def more(self) -> str:
        """Return what more would bring."""
        parts = sorted(self.exchange.parts.items(), key=lambda item: -item[1])
        made = ", ".join(f"{share:.0%} {name}" for name, share in parts)
        less = 1 - self.exchange.doubled / self.exchange.half_width
        return (
            f"Near the estimate the one rate's variance is made of {made}; twice the runs would "
            f"narrow its interval by some {less:.0%}, more documents narrow the rest."
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class WorthSettings:
    """What `worth` is asked for with."""

    learner: LearnerSpec = PROBE
    runs: int = RUNS
    at_most: int | None = None
    seed: int = 0

    def design(self, both: CorpusPair) -> MixtureDesign:
        """Return the training sets."""
        return design(both, runs=self.runs, at_most=self.at_most, seed=self.seed)


def worth(
    folder: str | PathLike[str],
    both: CorpusPair,
    *,
    learner: LearnerSpec = PROBE,
    runs: int = RUNS,
    at_most: int | None = None,
    seed: int = 0,
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> Worth:
    """Train on mixed sets, or continue it, and estimate what synthetic sentences are worth.

    Parameters
    ----------
    folder : path
        Holds the runs; made where it is absent.
    both : CorpusPair
        Real and synthetic documents.
    learner : LearnerSpec
        The learner to train.
    runs : int
        Trainings, `LEAST_RUNS` or more.
    at_most : int, optional
        Real documents that are used; all by default.
    seed : int
        Random seed.
    listener : callable, optional
        Told of progress.
    executor : Executor or str, optional
        Where models are trained: as for `suffice.Study.run`.

    Returns
    -------
    Worth

    Raises
    ------
    InputError
        The settings cannot be used, or too many trainings failed.
    TooSmallError
        There is too little text.
    """
    settings = WorthSettings(learner, runs, at_most, seed)
    train_sets(folder, both, settings, listener=listener, executor=executor)
    return estimate_worth(folder, both, settings)


def train_sets(
    folder: str | PathLike[str],
    both: CorpusPair,
    settings: WorthSettings,
    *,
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> None:
    """Train on mixed sets, or continue it; arguments and errors as for `worth`."""
    plan = settings.design(both)
    setting, trainings = _plan_trainings(both, plan, settings)
    train(Path(folder), setting, trainings, listener=listener, executor=executor)


def estimate_worth(folder: str | PathLike[str], both: CorpusPair, settings: WorthSettings) -> Worth:
    """Return what the finished runs say; arguments as for `worth`.

    Raises
    ------
    StudyError
        They are too few.
    """
    plan = settings.design(both)
    setting, trainings = _plan_trainings(both, plan, settings)
    return _read(both, plan, setting, finished(Path(folder), setting, trainings))


def _plan_trainings(
    both: CorpusPair, plan: MixtureDesign, settings: WorthSettings
) -> tuple[Setting, list[Training]]:
    used = {*plan.pool, *plan.synthetic, *plan.evaluation}
    documents = {id: d for id, d in both.documents.items() if id in used}
    setting = Setting(settings.learner, documents, plan.evaluation, both.labels)
    trainings = []
    for m in plan.mixtures:
        drawn = TrainingSet(m.documents, len(m.documents), m.replicate)
        trainings.append(Training(m.documents, run_seed(settings.seed, drawn, m.replicate)))
    return setting, trainings


def _read(
    both: CorpusPair, plan: MixtureDesign, setting: Setting, done: Sequence[RunRow | None]
) -> Worth:
    """Analyse what is done."""
    there = [(m, d) for m, d in zip(plan.mixtures, done, strict=True) if d is not None]
    rows = [(m, d) for m, d in there if d.counts is not None and d.status == "ok"]
    failed = len(there) - len(rows)
    if len(rows) < min(LEAST_RUNS, len(plan.mixtures)) * _NEEDED:
        raise StudyError(
            f"only {len(rows)} of {counted(len(plan.mixtures), 'training')} are done"
            + (f", {failed} failed" if failed else ""),
            remedy="continue with the same command",
        )
    mixtures = [m for m, _ in rows]
    counts = np.stack([d.counts.sum(axis=1) for _, d in rows if d.counts is not None])
    found = exchange(mixed(plan, mixtures, by_unit(plan, counts)), averages(mixtures))
    missing = len(plan.mixtures) - len(rows) - failed
    return Worth(
        learner=setting.learner.name,
        pool=len(plan.pool),
        synthetic=len(plan.synthetic),
        evaluation=len(plan.evaluation),
        pool_sentences=sum(both.length[d] for d in plan.pool),
        synthetic_sentences=sum(both.length[d] for d in plan.synthetic),
        left_out=plan.left_out,
        failed=failed,
        small=_mean_real(mixtures, "small"),
        large=_mean_real(mixtures, "large"),
        exchange=found,
        points=_points(mixtures, found.f1),
        seconds=sum(d.seconds for _, d in rows),
        caveats=_caveats(both, plan, setting, failed, missing),
    )


def _points(mixtures: Sequence[Mixture], f1: Floats) -> tuple[Point, ...]:
    cells: dict[MixtureCell, list[int]] = {}
    for row, m in enumerate(mixtures):
        cells.setdefault(m.cell, []).append(row)
    return tuple(
        Point(
            cell.base,
            float(np.mean([mixtures[i].real for i in rows])),
            float(np.mean([mixtures[i].synthetic for i in rows])),
            tuple(f1[rows].tolist()),
        )
        for cell, rows in cells.items()
    )


def _mean_real(mixtures: Sequence[Mixture], base: str) -> float:
    sizes = {m.cell: m.real for m in mixtures if m.cell.base == base}
    cells = [cell.real for cell in sizes]
    usual = min(cells) if cells else 0
    return float(
        np.mean([m.real for m in mixtures if m.cell.base == base and m.cell.real == usual])
    )


def _caveats(
    both: CorpusPair, plan: MixtureDesign, setting: Setting, failed: int, missing: int
) -> tuple[str, ...]:
    said = [*both.caveats, *plan.caveats]
    if missing:
        said.append(f"not done yet: {missing} of {counted(len(plan.mixtures), 'training')}")
    if failed:
        said.append(
            f"failed and not counted: {counted(failed, 'training')}; rates hold for those that "
            f"worked"
        )
    if plan.left_out:
        said.append(
            "left out as near-duplicates of evaluation documents, or of texts similar to them: "
            f"{counted(plan.left_out, 'synthetic document')}"
        )
    said.append(
        "if synthetic text was generated from some of these real documents (as examples in a "
        "prompt), it may contain what the evaluation documents say, and its worth is overestimated"
    )
    said.append(
        f"this holds for the learner {setting.learner.name} and at most "
        f"{sum(both.length[d] for d in plan.pool):,} real sentences: with another learner, or more "
        "real text, the rate may differ"
    )
    if get(setting.learner.name, setting.learner.options).looks_at_evaluation:
        said.append("the learner chooses its model on the evaluation documents: F1 is optimistic")
    return tuple(said)
