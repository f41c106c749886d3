"""From trainings to what they say about density."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.design import DesignedSet, inclusion, sizes
from suffice.applications.density.material import ExperimentMaterial
from suffice.applications.density.result import Arm
from suffice.applications.density.statistics.chosen_sets import ChosenSets, null_model
from suffice.applications.density.statistics.mismatch import Mismatch, mismatch
from suffice.applications.density.statistics.no_effect import NoEffect, thresholds_without_effect
from suffice.runs.store import RunRow

Array = NDArray[np.float64]
T = TypeVar("T")
Pair = tuple[DesignedSet, RunRow]


def gathered(material: ExperimentMaterial, pairs: Sequence[Pair]) -> ChosenSets:
    """Return trainings that worked as arrays.

    Parameters
    ----------
    material : ExperimentMaterial
    pairs : sequence of (DesignedSet, RunRow)
        All with counts.
    """
    units = [material.units[d] for d in material.evaluation]
    places = {u: i for i, u in enumerate(dict.fromkeys(units))}
    where = np.array([places[u] for u in units])
    counts = np.zeros((len(pairs), len(places), 3))
    for row, (_, done) in zip(counts, pairs, strict=True):
        assert done.counts is not None
        np.add.at(row, where, done.counts.sum(axis=1))
    own = np.array([material.lengths[d] for d in material.evaluation], dtype=float)
    judged = np.zeros((len(places), 3))
    np.add.at(judged, where, own)
    made = np.array(
        [
            np.sum([material.lengths[d] for d in drawn.training.documents], axis=0)
            for drawn, _ in pairs
        ],
        dtype=float,
    )

    def replaced(source: str) -> Array:
        return np.array([d.replaced if d.cell.source == source else 0.0 for d, _ in pairs])

    return ChosenSets(
        sentences=made[:, 0],
        entities=made[:, 1],
        tokens=made[:, 2],
        documents=np.array([len(d.training.documents) for d, _ in pairs], dtype=float),
        cut=replaced("cut"),
        synthetic=replaced("synthetic"),
        inclusion=inclusion([d for d, _ in pairs]),
        counts=counts,
        unit_entities=judged[:, 1],
        unit_sentences=judged[:, 0],
    )


def arms(sets: ChosenSets, pairs: Sequence[Pair]) -> tuple[Arm, ...]:
    """Return the means of each size, source and tilt of density."""
    rows: dict[tuple[int, str, float], list[int]] = defaultdict(list)
    for k, (drawn, _) in enumerate(pairs):
        rows[(drawn.cell.size, drawn.cell.source, drawn.cell.density)].append(k)
    f1, precision, recall = (sets.outcome(kind) for kind in ("f1", "precision", "recall"))
    found = []
    for (size, source, density), own in sorted(rows.items()):
        eps = sets.eps[own]
        found.append(
            Arm(
                size=size,
                source=source,
                density=density,
                sets=len(own),
                sentences=float(sets.sentences[own].mean()),
                eps=float(sets.entities[own].sum() / sets.sentences[own].sum()),
                per_document=float(sets.sentences[own].sum() / sets.documents[own].sum()),
                eps_least=float(eps.min()),
                eps_most=float(eps.max()),
                f1=float(f1[own].mean()),
                precision=float(precision[own].mean()),
                recall=float(recall[own].mean()),
            )
        )
    return tuple(found)


def correlations(sets: ChosenSets) -> dict[str, float]:
    """Return what density has to do with size and document length over the sets."""
    others = {
        "sentences": np.log(sets.sentences),
        "sentences per document": np.log(sets.sentences / sets.documents),
        "tokens per sentence": np.log(sets.tokens / sets.sentences),
    }
    return {
        name: float(np.corrcoef(sets.eps, x)[0, 1]) if np.ptp(x) > 0 else 0.0
        for name, x in others.items()
    }


def points(sets: ChosenSets, pairs: Sequence[Pair]) -> dict[str, Array]:
    """Return columns for the figures; F1 at equal size is what the controls leave of it."""
    f1 = sets.outcome("f1")
    fitted, _ = null_model(sets, f1)
    sources = ("chosen", "cut", "synthetic")
    return {
        "sentences": sets.sentences,
        "EPS": sets.eps,
        "F1": f1,
        "rest": f1 - fitted,
        "source": np.array([float(sources.index(d.cell.source)) for d, _ in pairs]),
        "size": np.array([float(d.cell.size) for d, _ in pairs]),
    }


def effects_of(
    material: ExperimentMaterial,
    sets: ChosenSets,
    pairs: Sequence[Pair],
    not_fitted: dict[str, str],
    *,
    n_simulations: int,
    seed: int,
) -> tuple[Mismatch | None, NoEffect | None]:
    """Estimate effects and thresholds, and keep the reasons for what cannot be."""

    def fit(name: str, what: Callable[[], T]) -> T | None:
        try:
            return what()
        except ValueError as error:
            not_fitted[name] = str(error)
            return None

    wanted = np.array([d.cell.size for d, _ in pairs])
    strata = [(f"about {size:,} sentences", wanted == size) for size in sizes(material)]
    return (
        fit("effects of density", lambda: mismatch(sets, seed=seed)),
        fit(
            "thresholds of density",
            lambda: thresholds_without_effect(sets, strata, n_simulations=n_simulations, seed=seed),
        ),
    )
