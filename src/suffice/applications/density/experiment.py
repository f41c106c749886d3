"""The density experiment on anybody's documents, end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path

from suffice.applications.density import analysis
from suffice.applications.density.design import DesignedSet, cells, draw, sizes
from suffice.applications.density.material import ExperimentMaterial, gather
from suffice.applications.density.result import DensityExperiment
from suffice.applications.density.statistics.mismatch import Mismatch
from suffice.applications.density.statistics.no_effect import NoEffect
from suffice.corpus.corpus import Corpus
from suffice.errors import InputError, StudyError
from suffice.runs.executors.base import Executor
from suffice.runs.progress import Listener
from suffice.runs.store import RunRow
from suffice.study.spec import LearnerSpec
from suffice.study.trainings import Setting, finished, train
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import counted

RUNS = 216
"""Four rounds of the design without synthetic text."""

LEAST_RUNS = 54
"""One round: fewer leave cells empty."""

COPIES = 499
PROBE = LearnerSpec(name="probe")


@dataclass(frozen=True)
class Prepared:
    """An experiment that is ready to be run.

    Parameters
    ----------
    folder : Path
        Holds its ledger.
    material : ExperimentMaterial
    drawn : tuple of DesignedSet
        Its training sets, in the order of work.
    missing : tuple of str
        What the design lacks on this corpus.
    learner : LearnerSpec
    seed : int
    """

    folder: Path
    material: ExperimentMaterial
    drawn: tuple[DesignedSet, ...]
    missing: tuple[str, ...]
    learner: LearnerSpec
    seed: int

    @cached_property
    def setting(self) -> Setting:
        """Return learner, documents and labels."""
        m = self.material
        return Setting(self.learner, m.documents, m.evaluation, m.corpus.labels)

    def run(self, listener: Listener | None = None, executor: Executor | str | None = None) -> None:
        """Train on every set that is not done yet; arguments as for `suffice.study.trainings`."""
        trainings = [d.training for d in self.drawn]
        train(self.folder, self.setting, trainings, listener=listener, executor=executor)

    def results(self) -> DensityExperiment:
        """Compute what the finished trainings say.

        Raises
        ------
        StudyError
            Too few have finished.
        """
        trainings = [d.training for d in self.drawn]
        done = finished(self.folder, self.setting, trainings)
        pairs = [
            (d, f)
            for d, f in zip(self.drawn, done, strict=True)
            if f is not None and f.status == "ok"
        ]
        if len(pairs) < LEAST_RUNS // 2:
            raise StudyError(
                f"too few runs have finished: {len(pairs)}; an answer needs {LEAST_RUNS // 2}",
                remedy="continue with the same command",
            )
        m = self.material
        sets = analysis.gathered(m, pairs)
        not_fitted: dict[str, str] = {}
        effects, thresholds = analysis.effects_of(
            m, sets, pairs, not_fitted, n_simulations=COPIES, seed=self.seed
        )
        failed = sum(f is not None and f.status != "ok" for f in done)
        return DensityExperiment(
            name=m.corpus.name,
            synthetic=m.corpus.synthetic,
            learner=self.learner.name,
            seed=self.seed,
            documents=len(m.corpus),
            pool=sum(len(unit) for unit in m.pool.units),
            evaluation=len(m.evaluation),
            synthetic_documents=0 if m.synthetic is None else len(m.synthetic.units),
            pool_eps=m.pool.eps,
            evaluation_eps=sets.centre,
            asked=len(self.drawn),
            runs=len(pairs),
            failed=failed,
            sizes=sizes(m),
            correlation=analysis.correlations(sets),
            arms=analysis.arms(sets, pairs),
            mismatch=effects,
            thresholds=thresholds,
            not_fitted=not_fitted,
            caveats=_caveats(self, done, _collect_caveats(effects, thresholds)),
            _points=analysis.points(sets, pairs),
        )


def prepare(
    folder: str | PathLike[str],
    corpus: Corpus,
    *,
    synthetic: Corpus | None = None,
    learner: LearnerSpec = PROBE,
    runs: int = RUNS,
    seed: int = 0,
) -> Prepared:
    """Divide the corpus and draw the training sets; train nothing.

    Parameters
    ----------
    folder : path
        For the ledger; made when it is run.
    corpus : Corpus
        Annotated.
    synthetic : Corpus, optional
        Made-up text with the same labels, to replace half of some sets.
    learner : LearnerSpec
        Any.
    runs : int
        Training sets. The first ones are the same for any number.
    seed : int
        Random seed.

    Raises
    ------
    InputError
        The corpus, the synthetic text or the settings cannot be used.
    """
    if runs < LEAST_RUNS:
        raise InputError(
            f"`runs` {runs} leaves cells of the design empty", remedy=f"use {LEAST_RUNS} or more"
        )
    material = gather(corpus, synthetic, seed=seed)
    _, missing = cells(material)
    drawn = draw(material, runs, seed=seed)
    return Prepared(Path(folder), material, tuple(drawn), tuple(missing), learner, seed)


def density_experiment(
    folder: str | PathLike[str],
    corpus: Corpus,
    *,
    synthetic: Corpus | None = None,
    learner: LearnerSpec = PROBE,
    runs: int = RUNS,
    seed: int = 0,
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> DensityExperiment:
    """Make the experiment, or continue it; arguments are those of `prepare`.

    Parameters
    ----------
    folder, corpus, synthetic, learner, runs, seed
        As for `prepare`.
    listener : callable, optional
        Told of progress.
    executor : Executor or str, optional
        Where models are trained: as for `suffice.Study.run`.
    """
    made = prepare(folder, corpus, synthetic=synthetic, learner=learner, runs=runs, seed=seed)
    made.run(listener, executor)
    return made.results()


def _collect_caveats(*results: Mismatch | NoEffect | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for r in results if r is not None for c in r.caveats))


def _caveats(
    made: Prepared, done: Sequence[RunRow | None], errors: tuple[str, ...]
) -> tuple[str, ...]:
    m = made.material
    said: list[str] = []
    if m.corpus.synthetic:
        said.append(Caveat("synthetic"))
    there = sum(f is not None for f in done)
    if there < len(done):
        said.append(f"only {there:,} of {counted(len(done), 'training')} are there")
    failed = sum(f is not None and f.status != "ok" for f in done)
    if failed:
        said.append(f"left out because they failed twice: {counted(failed, 'training')}")
    said += made.missing
    if m.twins:
        said.append(
            f"left out as repeats of evaluation documents: {counted(m.twins, 'synthetic document')}"
        )
    if m.synthetic is None:
        said.append(
            "no synthetic text was given: density is varied by choosing documents and cutting "
            "sentences only"
        )
    said.append(
        "denser sets contain more entities in the same number of sentences and take longer to "
        "annotate: a higher level is not free"
    )
    said.append(
        "a learning curve that bends looks like mismatch too; the halves of the evaluation "
        "documents, and the level as a logarithm, separate the two"
    )
    said += made.setting.made.learner.caveats(list(m.corpus))
    return (*said, *errors)
