"""Whether intervals for F1(n) cover on real text: many small corpora drawn from a large one.

    python bench/nested.py CORPUS.jsonl.gz --learner probe --out FOLDER --minutes 40
    python bench/nested.py CORPUS.jsonl.gz --learner lookup --out FOLDER --corpora 400
    python bench/nested.py CORPUS.jsonl.gz --learner lookup --out FOLDER --rotating

The large corpus, sentence by sentence, is the population. From it small corpora are drawn, each is
divided into a pool and an evaluation set, and studied with 20 runs. With ``--rotating`` each small
corpus is studied twice instead, with as many trainings of the same sizes: with 30 % of it held out,
and with five folds that rotate. Everything is kept in FOLDER: a run that was cut off goes on. The
truth is micro-F1 over all small corpora together, so that each study's own part in it is one in as
many; the finite population makes errors smaller by the root of the part not drawn, and intervals
are made smaller by as much before they are judged. Forecasts are judged as well: with each small
corpus one model is trained on two, and one on four times as many sentences as its pool has, from
the rest of the population.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import suffice
from _corpora import as_sentences
from _designs import both_designs, report_designs
from _nested import report
from suffice.corpus.document import Document
from suffice.learners.base import Learner
from suffice.learners.registry import get
from suffice.scoring import count

POOL, EVALUATION = 150, 300
SIZES = (10, 20, 40, 75, 150)
SETS, REPEATS = 3, 1
BEYOND = (2 * POOL, 4 * POOL)

QUICK = {
    "probe": {
        "projection": 96,
        "hidden": 64,
        "embedding": 32,
        "layers": (2, 4),
        "dropout": 0.2,
        "epochs": 8,
        "learning_rate": 0.02,
        "min_steps": 60,
        "max_steps": 60,
        "batch_words": 200,
        "core": 24,
        "halo": 4,
    }
}
"""The probe in a tenth of its time: the statistics are what is tried here, not the learner."""


def main() -> None:
    """Study what is not studied yet, then say how often intervals cover."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--rotating", action="store_true", help="folds beside a single split")
    asked = parser.parse_args()
    population = [d for d in as_sentences(suffice.read(asked.corpus).documents) if d.text.strip()]
    part = (POOL + EVALUATION) / len(population)
    print(f"{len(population):,} sentences; a small corpus is {part:.1%} of them", flush=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    learner = get(asked.learner, QUICK.get(asked.learner))
    labels = sorted({s.label for d in population for s in d.spans})
    started = time.monotonic()
    for number in range(asked.corpora):
        path = asked.out / f"{number:04}.npz"
        if path.exists():
            continue
        if time.monotonic() - started > 60 * asked.minutes:
            break
        if asked.rotating:
            save(path, both_designs(population, learner, labels, number, asked.out / "cache"))
        else:
            save(path, study(population, learner, labels, number, asked.out / "cache"))
        print(f"{number + 1} of {asked.corpora}, {time.monotonic() - started:.0f} s", flush=True)
    kept = sorted(asked.out.glob("[0-9][0-9][0-9][0-9].npz"))[: asked.corpora]
    if asked.rotating:
        report_designs(kept)
    else:
        report(kept, part, BEYOND)


def save(path: Path, made: dict[str, np.ndarray]) -> None:
    """Write under another name first."""
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **made)
    partial.rename(path)


def study(
    population: Sequence[Document], learner: Learner, labels: list[str], number: int, cache: Path
) -> dict[str, np.ndarray]:
    """Draw one small corpus and study it."""
    rng = np.random.default_rng([20261124, number])
    order = rng.permutation(len(population))
    drawn = [population[i] for i in order[: POOL + EVALUATION + BEYOND[-1]]]
    pool, held, more = np.split(np.array(drawn, dtype=object), [POOL, POOL + EVALUATION])
    learner.prepare(drawn, cache)
    size, sets, counts, inclusion = [], [], [], []
    for n in SIZES:
        for j in range(SETS):
            chosen = np.zeros(POOL, dtype=bool)
            chosen[rng.permutation(POOL)[:n]] = True
            training = [d for d, inside in zip(pool, chosen, strict=True) if inside]
            for _ in range(1 + (j < REPEATS)):
                tagger = learner.train(training, labels, int(rng.integers(2**31)))
                found = count(held, tagger.tag(held), labels)
                size.append(n)
                sets.append(1000 * n + (0 if n == POOL else j))
                counts.append(found.table.sum(axis=1))
                inclusion.append(chosen)
    beyond = []
    for n in BEYOND:
        tagger = learner.train(list(more[:n]), labels, int(rng.integers(2**31)))
        beyond.append(count(held, tagger.tag(held), labels).table.sum(axis=1))
    return {
        "size": np.array(size, dtype=float),
        "training_set": np.array(sets),
        "counts": np.array(counts, dtype=np.int16),
        "inclusion": np.array(inclusion),
        "beyond": np.array(beyond, dtype=np.int16),
    }


if __name__ == "__main__":
    main()
