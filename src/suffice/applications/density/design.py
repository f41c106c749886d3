"""The experiment's training sets: size crossed with density, document length and source of text.

Chosen sets: three sizes in sentences, each with five tilts of density and three of document length
(`suffice.design.tilting`). Mixed sets, of the same sizes: half the sentences as they come, half
replaced by text that was cut to be sparser, denser or neither
(`suffice.applications.density.cutting`), or by synthetic text tilted to be sparser, denser or
neither. Sets of one round are put in random order, so that an experiment that is interrupted has a
fair part of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.cutting import Kind
from suffice.applications.density.material import ExperimentMaterial, TextSource
from suffice.design.tilting import tilted
from suffice.study.trainings import Training

DENSITY = (-1.5, -0.75, 0.0, 0.75, 1.5)
LENGTH = (-1.0, 0.0, 1.0)
LARGEST = 0.3
"""The largest sets' share of the pool's sentences: more would leave little to choose."""

STEPS = 3
SMALLEST_SENTENCES = 20

REPLACED = 0.5
LEAST_REPLACED = 0.1
_USABLE = 0.7
"""Of the sentences that there are to replace with: the rest leaves chance a choice."""

Array = NDArray[np.float64]
From = Literal["chosen", "cut", "synthetic"]


_KINDS: dict[float, Kind] = {-1.0: "sparse", 0.0: "random", 1.0: "dense"}


@dataclass(frozen=True)
class DensityCell:
    """A kind of training set.

    Parameters
    ----------
    size : int
        Sentences wanted.
    source : {"chosen", "cut", "synthetic"}
        Where density comes from: documents chosen from the pool, or text that replaces half.
    density, length : float
        Tilts, in SD of documents; for cut text density is -1, 0 or 1 for its kind.
    """

    size: int
    source: From
    density: float
    length: float = 0.0


@dataclass(frozen=True)
class DesignedSet:
    """A training set of the design.

    Parameters
    ----------
    cell : DensityCell
    training : Training
    replaced : float
        The share of its sentences, 0 to 1, that is cut or synthetic.
    parents : tuple of int
        The pool's unit behind each of its units (`Source.parents`).
    """

    cell: DensityCell
    training: Training
    replaced: float
    parents: tuple[int, ...]


def sizes(material: ExperimentMaterial) -> tuple[int, ...]:
    """Return the sizes in sentences, each three times the one before."""
    largest = LARGEST * float(material.pool.sentences.sum())
    smallest = max(SMALLEST_SENTENCES, largest / 3 ** (STEPS - 1))
    return tuple(round(float(s)) for s in np.geomspace(smallest, largest, STEPS))


def cells(material: ExperimentMaterial) -> tuple[list[DensityCell], list[str]]:
    """Return the cells of one round, and what cannot be made, in words."""
    found: list[DensityCell] = []
    missing: dict[str, list[str]] = {}
    for size in sizes(material):
        found += [DensityCell(size, "chosen", d, n) for d in DENSITY for n in LENGTH]
        if len(material.cuts) == 3 and share(material, DensityCell(size, "cut", 0.0)) > 0:
            found += [DensityCell(size, "cut", kind) for kind in _KINDS]
        else:
            missing.setdefault("cut", []).append(f"{size:,}")
        if material.synthetic is not None:
            if share(material, DensityCell(size, "synthetic", 0.0)) > 0:
                found += [DensityCell(size, "synthetic", d) for d in (DENSITY[0], 0.0, DENSITY[-1])]
            else:
                missing.setdefault("synthetic", []).append(f"{size:,}")
    return found, [
        f"no sets with {source} text at {', '.join(at)} sentences: there is too little of it"
        for source, at in missing.items()
    ]


def share(material: ExperimentMaterial, cell: DensityCell) -> float:
    """Return the share of a cell's sentences that is replaced; 0 where there is too little text.

    All kinds of one size get the same share: that of which there is least decides.
    """
    if cell.source == "chosen":
        return 0.0
    if cell.source == "cut":
        # Text whose original is in the set already is not used.
        left = 1 - LARGEST
        there = left * min(float(s.sentences.sum()) for s in material.cuts.values())
    else:
        there = float(_synthetic(material).sentences.sum())
    possible = min(REPLACED, _USABLE * there / cell.size)
    return possible if possible >= LEAST_REPLACED else 0.0


def draw(material: ExperimentMaterial, runs: int, *, seed: int = 0) -> list[DesignedSet]:
    """Draw so many training sets, round after round; the first ones are the same for any number.

    Parameters
    ----------
    material : ExperimentMaterial
    runs : int
        Number of runs.
    seed : int
        Random seed.
    """
    round_, _ = cells(material)
    found: list[DesignedSet] = []
    number = 0
    while len(found) < runs:
        order = _rng(seed, 2, number).permutation(len(round_))
        for place in order[: runs - len(found)].tolist():
            found.append(_drawn(material, round_[place], (seed, 3, number, place)))
        number += 1
    return found


def _rng(seed: int, *key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _drawn(material: ExperimentMaterial, cell: DensityCell, key: tuple[int, ...]) -> DesignedSet:
    rng = _rng(*key)
    pool = material.pool
    density, length = pool.scores
    part = share(material, cell)
    tilt = cell.density * density + cell.length * length if not part else np.zeros(len(density))
    own = tilted(pool.sentences, tilt, (1 - part) * cell.size, rng)
    ids = [d for u in own for d in pool.units[u]]
    parents = [int(u) for u in own]
    replaced = 0.0
    if part:
        source, tilt = _replacing(material, cell)
        free = np.flatnonzero(~np.isin(source.parents, own))
        kept = float(pool.sentences[own].sum())
        if len(free):
            drawn = tilted(source.sentences[free], tilt[free], cell.size - kept, rng)
            ids += [d for u in free[drawn] for d in source.units[u]]
            parents += [int(p) for p in source.parents[free[drawn]]]
            more = float(source.sentences[free[drawn]].sum())
            replaced = more / (kept + more)
    seed = int(rng.integers(2**32))
    return DesignedSet(cell, Training(tuple(sorted(ids)), seed), replaced, tuple(parents))


def _replacing(material: ExperimentMaterial, cell: DensityCell) -> tuple[TextSource, Array]:
    if cell.source == "cut":
        source = material.cuts[_KINDS[cell.density]]
        return source, np.zeros(len(source.units))
    source = _synthetic(material)
    return source, cell.density * source.scores[0]


def _synthetic(material: ExperimentMaterial) -> TextSource:
    if material.synthetic is None:
        raise ValueError("there is no synthetic text")
    return material.synthetic


def inclusion(drawn: Sequence[DesignedSet]) -> Array:
    """Return how many pieces of each unit each set holds, shape (sets, units)."""
    places = {u: i for i, u in enumerate(sorted({u for d in drawn for u in d.parents}))}
    held = np.zeros((len(drawn), len(places)))
    for row, d in zip(held, drawn, strict=True):
        np.add.at(row, [places[u] for u in d.parents], 1.0)
    return held
