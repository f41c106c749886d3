"""The same small corpora studied with a single split and with folds that rotate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from suffice.corpus.document import Document
from suffice.learners.base import Learner
from suffice.scoring import count
from suffice.stats import Runs, f1_curve

Array = np.ndarray[Any, Any]

DOCUMENTS, HELD, FOLDS = 150, 45, 5
SIZES = (8, 14, 24, 40, 70, 100)
SETS = 3
OTHERS = 600
"""Documents beyond the small corpus that its models are scored on as well: the truth."""


def both_designs(
    population: Sequence[Document], learner: Learner, labels: list[str], number: int, cache: Path
) -> dict[str, Array]:
    """Draw one small corpus, and train as many models of the same sizes for both designs."""
    rng = np.random.default_rng([20261130, number])
    drawn = [population[i] for i in rng.permutation(len(population))[: DOCUMENTS + OTHERS]]
    small, others = drawn[:DOCUMENTS], drawn[DOCUMENTS:]
    learner.prepare(drawn, cache)
    made: dict[str, list[Any]] = {}
    fold = np.arange(DOCUMENTS) % FOLDS
    for rotating in (False, True):
        for place, n in enumerate(SIZES):
            for replicate in range(SETS):
                part = (place + 2 * replicate) % FOLDS
                held = fold == part if rotating else np.arange(DOCUMENTS) < HELD
                pool = np.flatnonzero(~held)
                chosen = rng.permutation(pool)[:n]
                inside = np.zeros(DOCUMENTS, dtype=bool)
                inside[chosen] = True
                tagger = learner.train(
                    [small[i] for i in np.flatnonzero(inside)], labels, int(rng.integers(2**31))
                )
                counts = np.zeros((DOCUMENTS, 3), dtype=np.int16)
                scored = [small[i] for i in np.flatnonzero(held)]
                counts[held] = count(scored, tagger.tag(scored), labels).table.sum(axis=1)
                true = count(others, tagger.tag(others), labels).table.sum(axis=(0, 1))
                row = {"rotating": rotating, "size": n, "set": 100 * n + replicate, "fold": part}
                row |= {"held": held, "counts": counts, "inside": inside, "true": true}
                for key, value in row.items():
                    made.setdefault(key, []).append(value)
    return {key: np.array(value) for key, value in made.items()}


def report_designs(paths: Sequence[Path]) -> None:
    """Print coverage and mean half-width of both designs, at each size and at all documents."""
    kept = [dict(np.load(path)) for path in paths]
    sizes = [*SIZES, DOCUMENTS]
    totals = {n: sum(k["true"][k["size"] == n].sum(axis=0) for k in kept) for n in SIZES}
    truth = [2 * t[0] / (2 * t[0] + t[1] + t[2]) for t in totals.values()]
    print(f"{len(kept)} small corpora of {DOCUMENTS} documents, {len(SIZES) * SETS} trainings each")
    print(
        f"{'':<10}" + "".join(f"{f'n = {n}':<16}" for n in sizes) + "coverage (half-width, points)"
    )
    widths = {}
    for name, rotating in (("single", False), ("rotating", True)):
        found = np.array([_ends(k, rotating, sizes, number) for number, k in enumerate(kept)])
        half = 100 * (found[..., 1] - found[..., 0]).mean(axis=0) / 2
        widths[name] = half
        cells = []
        for place, n in enumerate(sizes):
            covered = ""
            if n in SIZES:
                low, high = found[:, place].T
                inside = (low <= truth[place]) & (truth[place] <= high)
                covered = f"{inside.mean():.3f} "
            cells.append(f"{f'{covered}({half[place]:.1f})':<16}")
        print(f"{name:<10}" + "".join(cells))
    ratio = widths["rotating"] / widths["single"]
    print(f"{'ratio':<10}" + "".join(f"{r:<16.2f}" for r in ratio))


def _ends(kept: dict[str, Array], rotating: bool, sizes: Sequence[int], seed: int) -> Array:
    """Return both ends of the interval at each size."""
    rows = np.flatnonzero(kept["rotating"] == rotating)
    held = kept["held"][rows]
    if rotating:
        units, pool = np.ones(DOCUMENTS, dtype=bool), DOCUMENTS - DOCUMENTS // FOLDS
        training = units
    else:
        units, pool = held[0], DOCUMENTS - HELD
        training = ~held[0]
    _, numbers = np.unique(kept["set"][rows], return_inverse=True)
    runs = Runs(
        size=kept["size"][rows].astype(float),
        counts=kept["counts"][rows][:, units].astype(np.int64),
        training_set=numbers,
        pool=pool,
        population=int(training.sum()),
        inclusion=kept["inside"][rows][:, training].astype(float),
        fold=kept["fold"][rows] if rotating else None,
        scored=held if rotating else None,
    )
    curve = f1_curve(runs, reach=2.0 * DOCUMENTS, n_resamples=600, seed=seed)
    return np.array([curve.at(n)[1:] for n in sizes])
