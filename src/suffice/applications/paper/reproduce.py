"""The paper's study on anybody's documents, end to end."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from suffice.analysis.parts import FitParts
from suffice.analysis.run_columns import study_columns
from suffice.applications.paper.context import context
from suffice.applications.paper.findings import findings
from suffice.applications.paper.published import PROTOCOL
from suffice.applications.paper.result import Reproduction
from suffice.applications.paper.statistics import statistics, widths
from suffice.corpus.corpus import Corpus
from suffice.corpus.examples import load_example
from suffice.corpus.write import write
from suffice.design.strata import Stratum, strata_for
from suffice.errors import InputError, StudyError, TooSmallError
from suffice.quality.agreement import agreement as compare_annotators
from suffice.quality.agreement_result import Agreement
from suffice.runs.executors.base import Executor
from suffice.runs.progress import Listener
from suffice.runs.store import RunRow
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec
from suffice.study.study import StoredStudy
from suffice.study.table import RunTable
from suffice.wording.caveats import Caveat

EXAMPLE = "disclosures"
LEAST_RUNS = 20
Strata = Literal["paper", "shares"]
PROBE = LearnerSpec(name="probe")


def reproduce(
    folder: str | PathLike[str],
    corpus: CorpusSpec | None = None,
    *,
    learner: LearnerSpec = PROBE,
    scale: float = 1.0,
    strata: Strata = "paper",
    seed: int = 0,
    annotators: Sequence[Corpus] = (),
    listener: Listener | None = None,
    executor: Executor | str | None = None,
) -> Reproduction:
    """Make the paper's study, or continue it, and compute its tables.

    Parameters
    ----------
    folder : path
        The study's; made where it is absent.
    corpus : CorpusSpec, optional
        The bundled synthetic disclosures by default.
    learner : LearnerSpec
        The learner to train.
    scale : float
        The part of the 2,500 training sets, in (0, 1]: the first ones of each stratum.
    strata : {"paper", "shares"}
        Up to 200 documents, as the paper's, or up to the same share of a larger pool.
    seed : int
        Random seed.
    annotators : sequence of Corpus
        One for each annotator, for the tables of agreement.
    listener : callable, optional
        Told of progress.
    executor : Executor or str, optional
        Where models are trained: as for `suffice.Study.run`.

    Returns
    -------
    Reproduction

    Raises
    ------
    InputError
        The corpus or the settings cannot be used.

    Notes
    -----
    Majdik et al., JMIR AI 2024;3:e52095, Methods. What differs is said in ``caveats``.
    """
    with prepare(folder, corpus, learner=learner, scale=scale, strata=strata, seed=seed) as study:
        run(study, listener=listener, executor=executor)
        return results(study, annotators=annotators)


def specification(
    corpus: CorpusSpec,
    learner: LearnerSpec,
    *,
    scale: float = 1.0,
    strata: Strata = "paper",
    seed: int = 0,
) -> StudySpec:
    """Return the paper's protocol as a study's specification.

    Raises
    ------
    InputError
        `scale` is out of range, or leaves too few runs.
    """
    if not 0 < scale <= 1:
        raise InputError(f"`scale` must lie above 0 and not above 1, not {scale:g}")
    runs = PROTOCOL.strata * round(PROTOCOL.sets_per_stratum * scale)
    if runs < LEAST_RUNS:
        raise InputError(
            f"`scale` {scale:g} leaves {runs} training sets",
            remedy=f"use {LEAST_RUNS / PROTOCOL.sets:g} or more",
        )
    return StudySpec(
        corpus=corpus,
        learner=learner,
        confirm=None,
        design="paper",
        strata=strata,
        split="exact",
        evaluation_share=PROTOCOL.evaluation_share,
        folds=0,
        budget=None,
        runs=runs,
        seed=seed,
    )


def prepare(
    folder: str | PathLike[str],
    corpus: CorpusSpec | None = None,
    *,
    learner: LearnerSpec = PROBE,
    scale: float = 1.0,
    strata: Strata = "paper",
    seed: int = 0,
) -> StoredStudy:
    """Make the study, or open it to continue; train nothing. Arguments are those of `reproduce`."""
    folder, bundled = Path(folder), None
    if corpus is None:
        bundled = load_example(EXAMPLE)
        corpus = CorpusSpec(paths=(str((folder / f"{EXAMPLE}.jsonl").resolve()),))
    spec = specification(corpus, learner, scale=scale, strata=strata, seed=seed)
    study = StoredStudy.create(
        folder, spec, bundled, check=lambda table: _raise_if_small(spec, table)
    )
    if bundled is not None and not Path(corpus.paths[0]).is_file():
        write(bundled, Path(corpus.paths[0]))
    return study


def results(study: StoredStudy, *, annotators: Sequence[Corpus] = ()) -> Reproduction:
    """Compute the tables from the runs that are finished.

    Parameters
    ----------
    study : Study
        The result of `prepare`.
    annotators : sequence of Corpus
        See `reproduce`. Without them a corpus that holds the spans of several is used.

    Raises
    ------
    StudyError
        Too few runs have finished.
    """
    table = study.table()
    setup = study.learner(study.spec.learner)
    identity, learner = setup.id, setup.learner
    asked = study.spec.runs or PROTOCOL.sets
    rows = _own(table.of_learner(identity), asked)
    columns = study_columns(table, rows)
    if len(columns.y) < LEAST_RUNS:
        raise StudyError(
            f"too few runs have finished: {len(columns.y)}; the tables need {LEAST_RUNS}",
            remedy="continue with the same command",
        )
    fit = FitParts()
    seed = study.spec.seed
    strata = _strata(study.spec, table)
    found = statistics(columns, fit, seed=seed)
    last = strata[-1].smallest
    wide = fit("widths", lambda: widths(table, identity, columns, last, seed=seed))
    failed = sum(table.failed(identity).values())
    meta: dict[str, Any] = study.ledger.meta("design") or {}
    partial = Reproduction(
        name=meta["name"],
        synthetic=meta["synthetic"],
        documents=len(table.documents),
        pool=table.pool_size,
        evaluation=len(table.evaluation),
        learner=study.spec.learner.name,
        backbone=str(study.spec.learner.options.get("backbone", "")),
        looks=learner.looks_at_evaluation,
        asked=asked,
        runs=len(columns.y),
        failed=failed,
        strata=tuple(str(s) for s in strata),
        **vars(found),
        widths=wide,
        agreement=_agreement(study, annotators),
        context=(
            context(sum(d.sentences for d in table.pool), "sentences"),
            context(sum(sum(d.entities.values()) for d in table.pool), "entities"),
        ),
        not_fitted=fit.not_fitted,
        _points=columns.named(("sentences", "EPS", "f1")),
    )
    caveats = (*_caveats(study, partial), *fit.caveats)
    told = {**vars(partial), "findings": findings(partial), "caveats": caveats}
    return Reproduction(**told)


def _own(rows: list[RunRow], asked: int) -> list[RunRow]:
    """Return the runs of the pool as it is now that belong to this scale of the design."""
    if not rows:
        return []
    pool = max(rows, key=lambda r: r.finished_at).pool
    each = asked // PROTOCOL.strata
    return [r for r in rows if r.pool == pool and r.replicate % PROTOCOL.sets_per_stratum < each]


def _strata(spec: StudySpec, table: RunTable) -> tuple[Stratum, ...]:
    return strata_for(table.pool_size, shares=spec.strata == "shares")


def _raise_if_small(spec: StudySpec, table: RunTable) -> None:
    """Refuse a corpus with too small a pool before anything is trained."""
    try:
        _strata(spec, table)
    except ValueError as error:
        raise TooSmallError(
            f"too small: {error}",
            remedy="annotate more documents, or use `suffice run`, which has folds for few",
        ) from error


def _agreement(study: StoredStudy, annotators: Sequence[Corpus]) -> Agreement | None:
    if annotators:
        return compare_annotators(*annotators)
    several = sum(len(d.annotators) > 1 for d in study.corpus)
    return compare_annotators(study.corpus) if several else None


def _caveats(study: StoredStudy, found: Reproduction) -> tuple[str, ...]:
    said: list[str] = []
    if found.synthetic:
        said.append(Caveat("synthetic"))
    if (found.documents, found.evaluation) != (PROTOCOL.documents, PROTOCOL.evaluation):
        said.append(
            f"{found.documents:,} documents, of which {found.evaluation:,} evaluate; the paper has "
            f"{PROTOCOL.documents} and {PROTOCOL.evaluation}"
        )
    if found.pool < PROTOCOL.largest_set:
        said.append(
            f"the pool of {found.pool} is too small for the paper's strata, which end at "
            f"{PROTOCOL.largest_set} documents: sizes are scaled to the same share of the pool "
            f"({', '.join(found.strata)})"
        )
    elif study.spec.strata == "shares":
        pool = PROTOCOL.documents - PROTOCOL.evaluation
        said.append(
            f"sizes are at most {PROTOCOL.largest_set}/{pool} of the pool, the paper's share, not "
            f"{PROTOCOL.largest_set} documents ({', '.join(found.strata)})"
        )
    if found.asked < PROTOCOL.sets:
        said.append(
            f"{found.asked:,} training sets instead of {PROTOCOL.sets:,}, the first "
            f"{found.asked // PROTOCOL.strata} of each stratum"
        )
    if found.runs < found.asked:
        said.append(f"only {found.runs:,} of {found.asked:,} runs are there and worked")
    labels = tuple(sorted((study.ledger.meta("design") or {}).get("labels", ())))
    if labels != tuple(sorted(PROTOCOL.labels)):
        said.append(
            f"the labels are {', '.join(labels[:8])}{' …' if len(labels) > 8 else ''}, the "
            "paper's PERSON and ORG"
        )
    if not found.looks:
        said.append(
            "this learner does not choose checkpoints on the evaluation set, as the paper's did"
        )
    said.extend(study.ledger.meta("learner_caveats") or ())
    notes = (study.ledger.meta("design") or {}).get("notes", ())
    said.extend(Caveat("while reading", note=note) for note in notes)
    if found.widths is not None:
        said.extend(found.widths.caveats)
    return tuple(dict.fromkeys(said))
