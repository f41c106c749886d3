"""What small corpora are told: 30, 60 and 100 documents drawn from a large one, and the truth.

Each small corpus is studied as a user would study it. The truth is the mean F1 of models trained on
other random documents of the large corpus, as many as the small one has, and twice as many, scored
on documents that no model saw. Resumable: FOLDER keeps studies and true values, and each call
analyses the studies anew.

    python bench/small.py FOLDER [--names grobid_funding_ack ncbi_disease] [--runs 20] [--show]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

import suffice
from suffice.advice.advise import advise
from suffice.analysis.analyse import analyse
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.corpus.write import write
from suffice.learners import registry
from suffice.scoring import count
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

NAMES = ("grobid_funding_ack", "ncbi_disease", "crossner_politics")
SIZES = (30, 60, 100)
MODELS = 5
"""Models for the truth, for each size."""

SCORED = 600
"""Sentences that the truth is measured on, about."""


def main() -> None:
    """Study what is not studied yet, then print a line for each small corpus."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where studies and true values are kept")
    parser.add_argument("--names", nargs="*", default=NAMES)
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--runs", type=int, help="trainings; by default a budget of ten minutes")
    parser.add_argument("--show", action="store_true", help="train nothing")
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    asked.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for size in asked.sizes:
        for name in asked.names:
            for draw in range(asked.draws):
                place = asked.folder / f"{name}-{size}-{draw}"
                if not asked.show and not (place / "row.json").exists():
                    study(name, size, draw, place, asked)
                if (place / "row.json").exists():
                    rows.append(answer(place))
                    _print(rows[-1])
    _summarise(rows)


def study(name: str, size: int, draw: int, place: Path, asked: argparse.Namespace) -> None:
    """Draw a small corpus, study it, and train models for the truth."""
    path = next(p for p in (asked.shared / "corpora").rglob(f"{name}.jsonl.gz"))
    found = suffice.read(path)
    order = np.random.default_rng([20261130, size, draw]).permutation(len(found))
    documents = [found.documents[i] for i in order]
    length = np.cumsum([len(sentences(d)) for d in documents])
    held = int(np.searchsorted(length, min(SCORED, 0.3 * length[-1]))) + 1
    evaluation, rest = documents[:held], documents[held:]
    small, others = rest[:size], rest[size:]
    place.mkdir(exist_ok=True)
    write(Corpus(tuple(small), name), place / "small.jsonl")
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(place / "small.jsonl"),)),
        learner=LearnerSpec(name=asked.learner),
        confirm=None if asked.runs else LearnerSpec(name="finetune"),
        runs=asked.runs,
        budget=None if asked.runs else 600.0,
    )
    began, cpu = time.monotonic(), _cpu()
    with suffice.Study.create(place / "study", spec) as made:
        run(made)
    row: dict[str, Any] = {
        "name": name,
        "size": size,
        "seconds": round(time.monotonic() - began),
        "cpu": round(_cpu() - cpu),
    }
    for key, n in (("true", size), ("true_doubled", 2 * size)):
        if len(others) >= n:
            row[key] = truth(others, n, evaluation, asked.learner, place, list(found.labels))
    (place / "row.json").write_text(json.dumps(row))


def answer(place: Path) -> dict[str, Any]:
    """Analyse a study, and add what it says to what is kept of it."""
    row: dict[str, Any] = json.loads((place / "row.json").read_text())
    with suffice.Study.open(place / "study") as made:
        analysis = analyse(made)
    curve, size = analysis.curve, row["size"]
    return row | {
        "trainings": analysis.studied.runs,
        "now": curve.at(size),
        "doubled": curve.at(2 * size),
        "parts": {k: 1.96 * curve.part_at(k, size) for k in curve.parts},
        "verdict": advise(analysis).verdict,
    }


def truth(
    others: list[Document],
    n: int,
    evaluation: list[Document],
    learner: str,
    folder: Path,
    labels: list[str],
) -> list[float]:
    """Return F1 of models on other random training sets of n documents."""
    chosen = registry.get(learner, {})
    chosen.prepare(evaluation, folder)
    scores = []
    for number in range(MODELS):
        order = np.random.default_rng([7, n, number]).permutation(len(others))[:n]
        training = [others[i] for i in order]
        chosen.prepare(training, folder)
        tagger = chosen.train(training, labels, number)
        a, b, c = count(evaluation, tagger.tag(evaluation), labels).table.sum(axis=(0, 1))
        scores.append(float(2 * a / max(2 * a + b + c, 1)))
    return scores


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _print(row: dict[str, Any]) -> None:
    cells = []
    for key, of in (("now", "true"), ("doubled", "true_doubled")):
        middle, low, high = row[key]
        cell = f"{key} {middle:.2f} ({low:.2f} to {high:.2f})"
        if of in row:
            true = float(np.mean(row[of]))
            cell += f", true {true:.2f} {'inside' if low <= true <= high else 'OUTSIDE'}"
        cells.append(cell)
    parts = " ".join(f"{k} {100 * v:.1f}" for k, v in row["parts"].items())
    print(
        f"{row['name']:<20}{row['size']:>4} {'; '.join(cells)}; {row['verdict']}; "
        f"{row['trainings']} trainings, {row['cpu']} CPU s; {parts}",
        flush=True,
    )


def _summarise(rows: list[dict[str, Any]]) -> None:
    for size in sorted({row["size"] for row in rows}):
        mine = [row for row in rows if row["size"] == size]
        for key, of in (("now", "true"), ("doubled", "true_doubled")):
            ends = [(*row[key][1:], float(np.mean(row[of]))) for row in mine if of in row]
            if not ends:
                continue
            inside = [low <= true <= high for low, high, true in ends]
            half = float(np.median([(high - low) / 2 for low, high, _ in ends]))
            print(f"{size} documents, {key}: {sum(inside)} of {len(inside)} true values inside; "
                  f"median half-width {100 * half:.1f} points")  # fmt: skip


if __name__ == "__main__":
    main()
