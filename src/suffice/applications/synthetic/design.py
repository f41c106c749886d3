"""Which mixed training sets are trained: a factorial over real and synthetic sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suffice.applications.synthetic.corpora import CorpusPair
from suffice.corpus.document import Document
from suffice.design.split import EVALUATION, split
from suffice.errors import InputError, TooSmallError

RUNS = 48
LEAST_RUNS = 32
SHARE = 0.3
"""Real documents held out to score on."""
MULTIPLES = (1, 2, 4)
"""Synthetic sentences mixed in, for each real one."""

_REAL_SIZES = 6
_SMALL, _LARGE = 1 / 16, 1 / 4
_LEAST_SENTENCES = 20
_LEAST_POOL = 160


@dataclass(frozen=True)
class MixtureCell:
    """What a training set is to hold, in sentences.

    Parameters
    ----------
    real, synthetic : int
        At least so many of each, in whole documents.
    base : {"real", "small", "large", "alone"}
        Real sentences only; a small or a large number of real sentences with synthetic ones;
        synthetic ones only.
    """

    real: int
    synthetic: int
    base: str


@dataclass(frozen=True)
class Mixture:
    """A training set.

    Parameters
    ----------
    cell : MixtureCell
        What was asked for.
    replicate : int
        Its number among those of the cell. Sets of one replicate begin with the same documents.
    documents : tuple of str
        Ids of real and synthetic documents.
    real, synthetic : int
        Sentences it has of each.
    """

    cell: MixtureCell
    replicate: int
    documents: tuple[str, ...]
    real: int
    synthetic: int


@dataclass(frozen=True)
class MixtureDesign:
    """Documents to draw from and to score on, and the training sets.

    Parameters
    ----------
    pool, synthetic, evaluation : tuple of str
        Ids.
    units : mapping of str to str
        What each document is kept together with.
    left_out : int
        Synthetic documents that nearly repeat an evaluation document, or belong with one.
    mixtures : tuple of Mixture
        The mixtures, in the order they are to be trained in.
    caveats : tuple of str
    """

    pool: tuple[str, ...]
    synthetic: tuple[str, ...]
    evaluation: tuple[str, ...]
    units: dict[str, str]
    left_out: int
    mixtures: tuple[Mixture, ...]
    caveats: tuple[str, ...] = ()


def design(
    both: CorpusPair, *, runs: int = RUNS, at_most: int | None = None, seed: int = 0
) -> MixtureDesign:
    """Divide the real documents and draw the training sets.

    Parameters
    ----------
    both : CorpusPair
    runs : int
        Training sets; whole replicates first, then the first cells of one more.
    at_most : int, optional
        Real documents that are used, drawn at random; all by default.
    seed : int
        Random seed.

    Raises
    ------
    InputError
        `runs` are fewer than `LEAST_RUNS`.
    TooSmallError
        Too few real sentences to draw from, or too few synthetic ones.
    """
    if runs < LEAST_RUNS:
        raise InputError(
            f"`runs` {runs}: {LEAST_RUNS} are the fewest from which rates can be estimated",
            remedy=f"leave it out for {RUNS}",
        )
    documents = _used(both, at_most, seed)
    present = {d.id for d in documents}
    twins = [ids for f in both.families if len(ids := [i for i in f if i in present]) > 1]
    division = split(documents, twins, salt=f"synthetic {seed}", share=SHARE, exact=True, folds=0)
    evaluation = tuple(id for id, side in division.sides.items() if side == EVALUATION)
    pool = tuple(division.pool())
    repeated = {both.family[id] for id in evaluation if id in both.family}
    kept = tuple(d.id for d in both.synthetic if both.family.get(d.id) not in repeated)
    length = both.length
    listed = [both.documents[d] for d in kept]
    cells = _cells(sum(length[d] for d in pool), sum(length[d] for d in kept))
    mixtures = []
    for number in range(runs):
        replicate, place = divmod(number, len(cells))
        mixtures.append(_mix(both, cells[place], replicate, pool, kept, seed))
    caveats = []
    if len(evaluation) < 60:
        caveats.append(
            f"only {len(evaluation)} evaluation documents: their part of the interval is rough"
        )
    return MixtureDesign(
        pool,
        kept,
        evaluation,
        {**division.units, **dict(zip(kept, both.units(listed), strict=True))},
        len(both.synthetic) - len(kept),
        tuple(mixtures),
        tuple(caveats),
    )


def _used(both: CorpusPair, at_most: int | None, seed: int) -> Sequence[Document]:
    if at_most is None or at_most >= len(both.real):
        return both.real
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(9,)))
    return [both.real[i] for i in sorted(rng.permutation(len(both.real))[:at_most].tolist())]


def _cells(real: int, synthetic: int) -> list[MixtureCell]:
    """Return the cells of one replicate for so many sentences to draw from."""
    if real < _LEAST_POOL:
        raise TooSmallError(
            f"too small: {real} real sentences are left to train on; needs at least {_LEAST_POOL}",
            remedy="annotate more real text; without training: --closeness-only",
        )
    small = max(_LEAST_SENTENCES, round(real * _SMALL))
    large = max(2 * small, round(real * _LARGE))
    if synthetic < 2 * small:
        raise TooSmallError(
            f"too small: {synthetic} synthetic sentences; needs at least {2 * small} in addition "
            "to "
            f"{real} real ones",
            remedy="make more synthetic text; without training: --closeness-only",
        )
    sizes = np.unique(
        np.rint(np.geomspace(max(_LEAST_SENTENCES, real / 32), real, _REAL_SIZES)).astype(int)
    )
    sizes = np.unique([*sizes, small, large])
    mixed = []
    for base, size in (("small", small), ("large", large)):
        wanted = [m * size for m in MULTIPLES if m * size <= synthetic]
        mixed += [MixtureCell(size, s, base) for s in wanted]
    most = min(real, synthetic)
    alone = sorted({s for s in (small, large, most) if s <= synthetic})
    # The dearest last: what an interrupted experiment has is then spread over all kinds.
    return [
        *(MixtureCell(int(n), 0, "real") for n in sizes),
        *mixed,
        *(MixtureCell(0, s, "alone") for s in alone),
        MixtureCell(real, most, "large"),
    ]


def _mix(
    both: CorpusPair,
    cell: MixtureCell,
    replicate: int,
    pool: Sequence[str],
    synthetic: Sequence[str],
    seed: int,
) -> Mixture:
    seeds = np.random.SeedSequence(seed, spawn_key=(replicate,)).spawn(2)
    chosen: list[str] = []
    counts = []
    for ids, wanted, own in zip((pool, synthetic), (cell.real, cell.synthetic), seeds, strict=True):
        taken = _prefix(both, ids, wanted, np.random.default_rng(own))
        counts.append(sum(both.length[d] for d in taken))
        chosen += taken
    return Mixture(cell, replicate, tuple(chosen), *counts)


def _prefix(
    both: CorpusPair, ids: Sequence[str], wanted: int, rng: np.random.Generator
) -> list[str]:
    """Return documents in a random order, whole groups, until the sentences suffice."""
    members: dict[str, list[str]] = {}
    listed = [both.documents[id] for id in ids]
    for document, unit in zip(listed, both.units(listed), strict=True):
        members.setdefault(unit, []).append(document.id)
    units = list(members.values())
    taken: list[str] = []
    total = 0
    for place in rng.permutation(len(units)):
        if total >= wanted:
            break
        taken += units[place]
        total += sum(both.length[d] for d in units[place])
    return taken
