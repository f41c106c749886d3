"""From ledger rows to results: arrays, then `suffice.stats`, then results with caveats."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from suffice.analysis.caveats import find_study_caveats, reservations
from suffice.analysis.paper import paper_analysis
from suffice.analysis.result import (
    Analysis,
    Annotators,
    LabelScore,
    Studied,
    TrainingDensity,
    failures,
)
from suffice.analysis.versus import compare_in_study, expected_variance
from suffice.errors import InputError, StudyError
from suffice.runs.ledger import DocumentRow
from suffice.runs.store import RunRow
from suffice.scoring import F1, Measure
from suffice.stats import (
    F1Curve,
    PairedDifference,
    Screening,
    f1_curve,
    paired_difference,
    screened_curve,
)
from suffice.stats._resampling import resample_ratio, tails
from suffice.study.annotators import META
from suffice.study.budget import budget_for, tokens_within
from suffice.study.designs.screened import META as CHOSEN
from suffice.study.study import StoredStudy
from suffice.study.table import RunTable
from suffice.wording.caveats import Caveat

REACH = 64
"""The curve is followed to this many times the documents there; advice uses less of it."""

_MOST_LABELS = 12


def analyse(study: StoredStudy, *, measure: Measure | str = F1, seed: int = 0) -> Analysis:
    """Analyse the finished runs of a study, which may still be running.

    Parameters
    ----------
    study : Study
        Opened or created.
    measure : Measure or str
        What models are judged by, as ``"recall:PERSON"``: curve, labels and the gap between
        learners are about it. The paper's regression and threshold stay with micro-F1.
    seed : int
        Random seed: the same runs give the same numbers.

    Returns
    -------
    Analysis

    Raises
    ------
    StudyError
        There are too few finished runs.
    InputError
        There is no such measure, or no such label in the evaluation set.
    """
    table = study.table()
    if isinstance(measure, str):
        measure = Measure.parse(measure)
    check_label(table, measure)
    learner, confirm = _learners(study, table)
    places = table.places(learner)
    runs = table.runs(learner, measure=measure, places=places)
    if runs is None or not table.answers(learner) or len(np.unique(runs.size)) < 2:
        raise _too_few(study, table, learner)
    reach = float(REACH * max(len(table.documents), _annotated(study, table)))
    screening = _screening(study, table, learner, measure, reach, seed)
    curve = screening.curve if screening else f1_curve(runs, reach=reach, seed=seed)
    studied = _studied(study, table, learner, confirm, screening)
    gap = _gap(table, learner, confirm, curve, measure)
    rows = table.of_learner(learner)
    paper = paper_analysis(table, rows, seed)
    density = _density(table, rows)
    return Analysis(
        studied=studied,
        curve=curve,
        one_learner=studied.learner,
        measure=measure,
        versus=compare_in_study(table, curve, measure=measure, seed=seed),
        labels=_labels(table, learner, studied, measure, seed),
        gap=gap,
        gap_learner=table.names.get(confirm or "", "") if gap else "",
        screening=screening,
        regression=paper.regression,
        threshold=paper.threshold,
        printed_hinge=paper.printed_hinge,
        sensitivity=paper.sensitivity,
        density=density,
        not_fitted=paper.not_fitted,
        annotators=_annotators(study) if measure.plain else None,
        composition=paper.composition,
        smooth=paper.smooth,
        marginal=paper.marginal,
        caveats=(
            *(screening.caveats if screening else ()),
            *studied.caveats,
            *curve.caveats,
            *density.caveats,
            *paper.caveats,
        ),
    )


def _too_few(study: StoredStudy, table: RunTable, learner: str) -> StudyError:
    """Return what is wrong where there is no answer, and what helps: never what was done."""
    least = table.least
    worked, failed = len(table.of_learner(learner)), table.failed(learner)
    scored = {r.part for r in table.of_learner(learner)}
    if table.rotating and worked >= least and not failed and len(scored) < table.folds:
        return StudyError(
            f"only {len(scored)} of {table.folds} folds have been scored with {worked} runs; an "
            "answer needs all of them",
            remedy="continue with a larger `n_runs` or `budget`, or start a study with fewer "
            "`folds`",
        )
    if study.spec.runs is not None and study.spec.runs < least:
        return StudyError(
            f"too few runs have finished: {worked}; an answer needs at least {least} at 2 sizes",
            remedy=f"continue with `run` and `n_runs` {least} or more",
        )
    if study.ledger.meta("stopped") is None or not failed:
        return StudyError(
            f"too few runs have finished: {worked}; an answer needs at least {least} at 2 sizes",
            remedy="continue with the same `run`",
        )
    return StudyError(
        f"too few trainings worked: {worked} of {worked + failed.total()} "
        f"({failures(failed)}); an answer needs at least {least} at 2 sizes",
        remedy="try other options for the learner or another learner, or annotate more documents",
    )


def check_label(table: RunTable, measure: Measure) -> None:
    """Refuse a measure of a label that the study cannot score.

    Parameters
    ----------
    table : RunTable
        The table of the study; its documents are enough.
    measure : Measure
        What is asked for.

    Raises
    ------
    InputError
        The corpus does not hold the label, or the evaluation set does not.
    """
    if measure.label is None:
        return
    held = _entities(table.evaluation)
    remedy = f"the labels to choose from are {', '.join(sorted(held)) or 'none'}"
    if not _entities(table.documents)[measure.label]:
        raise InputError(f"the corpus has no label {measure.label!r}", remedy=remedy)
    if not held[measure.label]:
        raise InputError(
            f"the label {measure.label!r} never occurs in the evaluation set, so that it cannot be "
            "scored",
            remedy=f"annotate more documents that contain it; {remedy}",
        )


def _entities(documents: tuple[DocumentRow, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for d in documents:
        found.update(d.entities)
    return +found


def _annotators(study: StoredStudy) -> Annotators | None:
    kept = study.ledger.meta(META)
    if kept is None:
        return None
    one, *more = (tuple(ends) for ends in (kept["between"], *kept["gold"]))
    return Annotators(
        annotators=kept["annotators"],
        documents=kept["documents"],
        between=one,
        gold=tuple(more),
        marked=kept.get("marked", 0),
        dropped=kept.get("dropped", 0),
    )


def _learners(study: StoredStudy, table: RunTable) -> tuple[str, str | None]:
    """Return the ids of the studied and the confirming learner: the last ones of their names."""
    by_name = {name: identity for identity, name in table.names.items()}
    ids = study.ledger.meta("learners") or {}
    learner = ids.get("learner") or by_name.get(study.spec.learner.name)
    if learner is None:
        raise StudyError("no run has finished yet", remedy="continue with `run`")
    confirm = ids.get("confirm")
    return learner, confirm if confirm != learner else None


def _screening(
    study: StoredStudy, table: RunTable, learner: str, measure: Measure, reach: float, seed: int
) -> Screening | None:
    """Return what the cheap learner's runs add to the curve; None without a cheap learner."""
    screen = (study.ledger.meta("learners") or {}).get("screen")
    found = table.screened(learner, screen, measure) if screen else None
    return None if found is None else screened_curve(*found, reach=reach, seed=seed)


def _annotated(study: StoredStudy, table: RunTable) -> int:
    """Return how many documents a model that is put to use can be trained on."""
    design: dict[str, Any] = study.ledger.meta("design") or {}
    return int(design.get("documents", len(table.documents))) - int(design.get("left_out", 0))


def _studied(
    study: StoredStudy,
    table: RunTable,
    learner: str,
    confirm: str | None,
    screening: Screening | None,
) -> Studied:
    design: dict[str, Any] = study.ledger.meta("design") or {}
    rows = table.of_learner(learner)
    labels = _entities(table.documents)
    sets = Counter((r.part, r.training_keys) for r in rows)
    config = study.ledger.learners()[learner][1]
    found = Studied(
        name=design.get("name", study.folder.name),
        synthetic=bool(design.get("synthetic")),
        documents=int(design.get("documents", len(table.documents))),
        studied=len(table.documents),
        sentences=sum(d.sentences for d in table.documents),
        entities=labels.total(),
        labels=dict(labels.most_common()),
        pool=table.pool_size,
        evaluation=len(table.evaluation),
        evaluation_units=len({d.unit for d in table.evaluation}),
        folds=table.folds,
        rotating=table.rotating,
        sentences_per_document=table.sentences_per_document,
        learner=table.names[learner],
        backbone=str(config.get("options", {}).get("backbone", "")),
        runs=len(rows),
        failed=dict(table.failed(learner) + table.failed(confirm or "")),
        repeated=sum(n for n in sets.values() if n > 1),
        invalid=table.invalid,
        pairs=len(table.of_learner(confirm)) if confirm else 0,
        spent=float(study.ledger.meta("spent") or 0.0),
        stopped=study.ledger.meta("stopped"),
        largest=max((len(r.training_keys) for r in rows), default=0),
        left_out=int(design.get("left_out", 0)),
        test=int(design.get("test", 0)),
        budget_for_all=_budget_for_all(study, table, design),
        screen=study.spec.screen.name if screening and study.spec.screen else "",
        screen_runs=screening.screen_runs if screening else 0,
        screen_frame=(study.ledger.meta(CHOSEN) or {}).get("frame", 0) if screening else 0,
    )
    held = tuple(reservations(_annotators(study), design))
    gold = _entities(table.evaluation).total()
    noted = study.ledger.meta("learner_caveats") or ()
    caveats = (*held, *find_study_caveats(found, design, noted, gold))
    return Studied(**{**vars(found), "reservations": held, "caveats": caveats})


def _budget_for_all(study: StoredStudy, table: RunTable, design: dict[str, Any]) -> str:
    """Return the budget that takes in all annotated documents; "" where all are studied."""
    whole = int(design.get("documents", len(table.documents)))
    if whole - design.get("left_out", 0) <= len(table.documents):
        return ""
    mine = sum(d.tokens for d in table.documents)
    # A study of an earlier version does not say how long the others are.
    tokens = int(design.get("tokens", mine * whole / max(1, len(table.documents))))
    budget = study.spec.budget or 0.0
    slow = (study.spec.tokens or 0) < tokens_within(budget)
    taken = budget * tokens / max(1, mine) if slow else 0.0
    # What the least that gives an answer took beyond the budget is spent, and not there again.
    over = max(0.0, float(study.ledger.meta("spent") or 0.0) - budget)
    return budget_for(tokens, least=max(taken, budget) + over)


def _labels(
    table: RunTable, learner: str, studied: Studied, measure: Measure, seed: int
) -> tuple[LabelScore, ...]:
    """Return the score of each label with all annotated documents."""
    gold = _entities(table.evaluation)
    scores = []
    for label in list(studied.labels)[:_MOST_LABELS]:
        own = table.runs(learner, measure=measure.of(label))
        if own is None or len(studied.labels) == 1:
            continue
        if not gold[label]:
            nan = float("nan")
            caveat = Caveat("no such entity")
            scores.append(
                LabelScore(label=label, entities=0, value=nan, low=nan, high=nan, caveats=(caveat,))
            )
            continue
        n = float(studied.annotated)
        mean, low, high = f1_curve(own, reach=n, n_resamples=400, seed=seed).at(n)
        scores.append(LabelScore(label=label, entities=gold[label], value=mean, low=low, high=high))
    return tuple(scores)


def _gap(
    table: RunTable, learner: str, confirm: str | None, curve: F1Curve, measure: Measure
) -> PairedDifference | None:
    """Compare the two learners on the training sets and evaluation documents they share."""
    if confirm is None:
        return None
    other = table.runs(confirm, places=(places := table.places(confirm)))
    if other is None:
        return None
    mine = set(table.places(learner))
    shared = [place for place in places if place in mine]
    first = table.runs(learner, measure=measure, places=shared)
    second = table.runs(confirm, measure=measure, places=shared)
    if first is None or second is None:
        return None
    return paired_difference(first, second, expected_variance=expected_variance(first, curve))


def _density(table: RunTable, rows: list[RunRow], n_resamples: int = 2000) -> TrainingDensity:
    """Return the EPS of the training sets and of the evaluation set."""
    eps = np.array(
        [r.features["entities"] / r.features["sentences"] for r in rows if r.features["sentences"]]
    )
    rng = np.random.default_rng(np.random.SeedSequence(0))
    evaluation, of_evaluation = resample_ratio(_unit_totals(table.evaluation), n_resamples, rng)
    low, high = np.quantile(of_evaluation, tails())
    if table.folds:
        difference_low = difference_high = 0.0
    else:
        _, of_pool = resample_ratio(_unit_totals(table.pool), n_resamples, rng)
        difference_low, difference_high = np.quantile(of_pool - of_evaluation, tails())
    caveats: list[Caveat] = []
    if difference_low > 0 or difference_high < 0:
        caveats.append(Caveat("EPS differs"))
    return TrainingDensity(
        evaluation=evaluation,
        evaluation_low=float(low),
        evaluation_high=float(high),
        training_mean=float(eps.mean()),
        training_sd=float(eps.std(ddof=1)) if len(eps) > 1 else 0.0,
        training_least=float(eps.min()),
        training_most=float(eps.max()),
        difference_low=float(difference_low),
        difference_high=float(difference_high),
        caveats=tuple(caveats),
    )


def _unit_totals(documents: tuple[DocumentRow, ...]) -> list[list[int]]:
    """Return the entities and sentences of each unit of documents."""
    units: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for d in documents:
        units[d.unit][0] += sum(d.entities.values())
        units[d.unit][1] += d.sentences
    return list(units.values())
