"""Training sets: which sizes, and which documents for each.

Sizes count documents (or statements, notes: whatever the corpus is made of), since documents are
what is sampled; their sentences are a consequence, and a feature of the training set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from suffice.design.strata import Stratum


@dataclass(frozen=True)
class TrainingSet:
    """Documents drawn without replacement from the pool.

    Parameters
    ----------
    documents : tuple of str
        Ids, in the order of the draw.
    asked : int
        The size asked for, in documents; with groups the set can be a little larger.
    replicate : int
        Its number among the sets of this size.
    part : int
        The fold whose pool it was drawn from; 0 for a single split.
    """

    documents: tuple[str, ...]
    asked: int
    replicate: int
    part: int = 0

    @property
    def size(self) -> int:
        """Return the number of documents."""
        return len(self.documents)


def draw(
    pool: Sequence[str],
    size: int,
    replicate: int,
    *,
    seed: int,
    part: int = 0,
    units: Mapping[str, str] | None = None,
) -> TrainingSet:
    """Draw one training set, the same one whenever it is asked for again.

    Parameters
    ----------
    pool : sequence of str
        Ids. Their order does not matter.
    size : int
        Number of documents, 1 to ``len(pool)``.
    replicate, part : int
        The number of the set among those of this size, and its fold.
    seed : int
        The study's seed.
    units : mapping of str to str, optional
        What each document is kept together with; whole units are drawn until `size` is reached.

    Returns
    -------
    TrainingSet

    Raises
    ------
    ValueError
        Where `size` is not between 1 and the size of the pool.
    """
    if not 1 <= size <= len(pool):
        raise ValueError(f"a training set of {size} cannot be drawn from a pool of {len(pool)}")
    members: dict[str, list[str]] = {}
    for document in sorted(pool):
        members.setdefault(units[document] if units else document, []).append(document)
    names = sorted(members)
    spawned = np.random.SeedSequence(seed, spawn_key=(part, size, replicate))
    chosen: list[str] = []
    for i in np.random.default_rng(spawned).permutation(len(names)):
        if len(chosen) >= size:
            break
        chosen.extend(members[names[i]])
    return TrainingSet(tuple(chosen), size, replicate, part)


def run_seed(seed: int, training_set: TrainingSet, repeat: int) -> int:
    """Return the seed of a run: the study's seed, the training set and the repeat decide it."""
    name = "\x00".join(sorted(training_set.documents))
    words = np.frombuffer(hashlib.blake2b(name.encode(), digest_size=16).digest(), dtype="<u4")
    spawned = np.random.SeedSequence([seed, *(int(w) for w in words)], spawn_key=(repeat,))
    return int(spawned.generate_state(1, dtype=np.uint32)[0])


def ladder(pool: int, *, smallest: int, steps: int, spacing: str = "log") -> tuple[int, ...]:
    """Return increasing training-set sizes from `smallest` to the whole pool.

    Parameters
    ----------
    pool : int
        Documents in the pool (in the smallest one, with folds).
    smallest : int
        The first size, at least 1.
    steps : int
        How many sizes at most; fewer where neighbours would coincide.
    spacing : {"log", "equal"}
        Equal ratios or equal differences.

    Returns
    -------
    tuple of int

    Examples
    --------
    >>> ladder(343, smallest=5, steps=5)
    (5, 14, 41, 119, 343)
    """
    if spacing not in ("log", "equal"):
        raise ValueError(f"spacing must be 'log' or 'equal', not {spacing!r}")
    first = max(1, min(smallest, pool))
    place = np.geomspace if spacing == "log" else np.linspace
    return tuple(sorted({int(size) for size in np.rint(place(first, pool, steps))}))


def stratified(
    pool: Sequence[str],
    strata: Sequence[Stratum],
    per_stratum: int,
    *,
    seed: int,
    part: int = 0,
    units: Mapping[str, str] | None = None,
) -> list[TrainingSet]:
    """Draw training sets as the paper does: N uniformly within each stratum, then N documents.

    Parameters
    ----------
    pool : sequence of str
        Ids.
    strata : sequence of Stratum
        The paper's are `suffice.design.strata.PAPER`. A stratum beyond the pool is cut or left out.
    per_stratum : int
        Training sets in each stratum (paper: 500).
    seed, part, units
        As in `draw`.

    Returns
    -------
    list of TrainingSet
        Stratum by stratum.

    Notes
    -----
    Majdik et al., JMIR AI 2024;3:e52095, Methods: 2,500 sets, 500 in each of five strata.
    """
    sets: list[TrainingSet] = []
    for number, stratum in enumerate(strata):
        if stratum.smallest > len(pool):
            continue
        spawned = np.random.SeedSequence(seed, spawn_key=(part, 0, number))
        largest = min(stratum.largest, len(pool))
        rng = np.random.default_rng(spawned)
        sizes = rng.integers(stratum.smallest, largest, size=per_stratum, endpoint=True)
        sets.extend(
            draw(pool, int(n), number * per_stratum + i, seed=seed, part=part, units=units)
            for i, n in enumerate(sizes)
        )
    return sets
