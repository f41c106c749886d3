"""Entity strings that synthetic text shares with real text, and text that it repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.applications.synthetic.corpora import CorpusPair
from suffice.applications.synthetic.statistics.rarefy import (
    jackknife,
    mentions_seen,
    types_of,
    types_shared,
    types_shared_within,
)
from suffice.corpus.document import Document
from suffice.corpus.duplicates import SHORT, folded
from suffice.corpus.sentences import sentences
from suffice.corpus.summary import Ratio, ratio
from suffice.corpus.tokens import tokens
from suffice.results import Result

Ints = NDArray[np.int_]

_PART = 0.9
"""So that leaving out a block leaves enough units to draw from."""

MENTIONS, BACK, TYPES, DISTINCT = (
    "real mentions whose string synthetic text holds",
    "synthetic mentions whose string real text holds",
    "real strings that synthetic text holds",
    "distinct strings for 100 mentions",
)


@dataclass(frozen=True)
class Overlap(Result):
    """How much entity strings of synthetic text and of real text have in common.

    Parameters
    ----------
    what : str
        What is counted.
    sentences : int
        Number of sentences in each sample.
    value, low, high : float
        Value of synthetic compared with real text, with its 95 % interval (jackknife over
        documents or groups).
    reference, reference_low, reference_high : float
        The same of two real samples of that size.
    difference, difference_low, difference_high : float
        Value less reference.
    """

    what: str
    sentences: int
    value: float
    low: float
    high: float
    reference: float
    reference_low: float
    reference_high: float
    difference: float
    difference_low: float
    difference_high: float


@dataclass(frozen=True)
class Copies(Result):
    """How much of the synthetic text is there already.

    Parameters
    ----------
    what : str
        What is counted.
    synthetic, real : Ratio
        The share in synthetic text, and that of real text, looked up in the same real text less
        the document (or group) itself.
    """

    what: str
    synthetic: Ratio
    real: Ratio


def overlaps(both: CorpusPair, *, seed: int = 0) -> tuple[Overlap, ...]:
    """Compare the entity strings, in expectation over samples of one size.

    Parameters
    ----------
    both : CorpusPair
    seed : int
        Random seed.

    Returns
    -------
    tuple of Overlap
        Strings are folded in case and white space, and count with their label. The size is nine
        tenths of half the real text, or of the synthetic text if that is less.
    """
    held: tuple[_Held, _Held] = (_Held(both, both.real), _Held(both, both.synthetic))
    strings = {s: i for i, s in enumerate(dict.fromkeys((*held[0].strings, *held[1].strings)))}
    real, synthetic = (h.table(strings) for h in held)
    lengths = [h.length for h in held]
    size = int(_PART * min(lengths[0].sum() / 2, lengths[1].sum()))
    drawn = tuple(max(1, round(size / length.mean())) for length in lengths)

    def statistic(ours: Ints, theirs: Ints) -> NDArray[np.float64]:
        return _overlap(real[ours], synthetic[theirs], drawn[0], drawn[1])

    counts = (len(lengths[0]), len(lengths[1]))
    estimate, error = jackknife(statistic, counts, seed=seed)
    half = float(scipy.special.stdtrit(max(min(counts) - 1, 1), 0.975)) * error
    names = (MENTIONS, BACK, TYPES, DISTINCT)
    # Where nothing is in common no unit shows an error: then the exact binomial end over units.
    end = 1 - 0.025 ** (1 / min(counts))
    half[:8] = np.where(estimate[:8] == 0, end, half[:8])
    half[8:] = np.maximum(half[8:], np.where(estimate[:4] == 0, end, 0.0))
    return tuple(_read(name, size, estimate[i::4], half[i::4]) for i, name in enumerate(names))


def _read(name: str, size: int, value: NDArray[np.float64], half: NDArray[np.float64]) -> Overlap:
    v, r, d = value.tolist()
    low, high = value - half, value + half
    top = np.inf if name == DISTINCT else 1.0
    return Overlap(
        name,
        size,
        v,
        max(0.0, float(low[0])),
        min(top, float(high[0])),
        r,
        max(0.0, float(low[1])),
        min(top, float(high[1])),
        d,
        float(low[2]),
        float(high[2]),
    )


class _Held:
    """The entity strings of each unit of one side."""

    def __init__(self, both: CorpusPair, documents: Sequence[Document]) -> None:
        units: dict[str, Counter[tuple[str, str]]] = {}
        length: dict[str, int] = {}
        for document, unit in zip(documents, both.units(documents), strict=True):
            units.setdefault(unit, Counter()).update(entity_strings(document))
            length[unit] = length.get(unit, 0) + both.length[document.id]
        self.units = list(units.values())
        self.length = np.array(list(length.values()))
        self.strings = [s for unit in self.units for s in unit]

    def table(self, strings: dict[tuple[str, str], int]) -> _Rows:
        return _Rows(
            [
                (np.array([strings[s] for s in u], dtype=int), np.array(list(u.values())))
                for u in self.units
            ],
            len(strings),
        )


class _Rows:
    """Sparse rows of mentions, of which some are summed."""

    def __init__(self, rows: list[tuple[Ints, Ints]], width: int) -> None:
        from scipy.sparse import csr_array

        ends = np.cumsum([0, *(len(r[0]) for r in rows)])
        flat = [np.concatenate([r[k] for r in rows] or [np.zeros(0, int)]) for k in (0, 1)]
        self.table = csr_array((flat[1], flat[0], ends), shape=(len(rows), width))

    def __getitem__(self, kept: Ints) -> tuple[NDArray[np.float64], Ints, int]:
        """Return mentions and holding units of each string, and how many units there are."""
        some = self.table[kept]
        weight = some.data.astype(float)
        mentions = np.bincount(some.indices, weight, minlength=some.shape[1]).astype(float)
        return mentions, np.bincount(some.indices, minlength=some.shape[1]), len(kept)


def _overlap(
    real: tuple[NDArray[np.float64], Ints, int],
    synthetic: tuple[NDArray[np.float64], Ints, int],
    n: int,
    m: int,
) -> NDArray[np.float64]:
    """Return the four statistics, their references, and their differences."""
    mentions, holding, units = real
    made, made_in, others = synthetic
    # A mention's own unit is no part of the other real sample.
    among_real = mentions_seen(mentions, np.maximum(holding - 1, 0), units - 1, n)
    value = [
        mentions_seen(mentions, made_in, others, m),
        mentions_seen(made, holding, units, n),
        types_shared(holding, units, n, made_in, others, m),
        100 * types_of(made_in, others, m) / max(made.sum() * m / others, 1),
    ]
    reference = [
        among_real,
        among_real,
        types_shared_within(holding, units, n),
        100 * types_of(holding, units, n) / max(mentions.sum() * n / units, 1),
    ]
    return np.array([*value, *reference, *(np.subtract(value, reference))])


def entity_strings(document: Document) -> list[tuple[str, str]]:
    """Return the label and the folded string of each span."""
    return [(s.label, folded(document.text[s.start : s.end])) for s in document.spans]


def copies(both: CorpusPair) -> tuple[Copies, ...]:
    """Return how much of the synthetic text repeats real text, and how much repeats itself."""
    return (_near_copies(both), _sentences(both), _repeats(both))


def _near_copies(both: CorpusPair) -> Copies:
    families: dict[int, set[str]] = {}
    units = dict(zip((d.id for d in both.real), both.units(both.real), strict=True))
    for d in both.real:
        if d.id in both.family:
            families.setdefault(both.family[d.id], set()).add(units[d.id])

    def copied(d: Document) -> bool:
        among = families.get(both.family.get(d.id, -1), set())
        return bool(among - {units.get(d.id, "")})

    return Copies(
        "documents that nearly repeat a real one",
        _share(both, both.synthetic, [int(copied(d)) for d in both.synthetic]),
        _share(both, both.real, [int(copied(d)) for d in both.real]),
    )


def _sentences(both: CorpusPair) -> Copies:
    holders: dict[str, set[str]] = {}
    for document, unit in zip(both.real, both.units(both.real), strict=True):
        for sentence in long_sentences(document):
            holders.setdefault(sentence, set()).add(unit)

    def share(documents: Sequence[Document]) -> Ratio:
        copied, whole = [], []
        for document, unit in zip(documents, both.units(documents), strict=True):
            said = long_sentences(document)
            whole.append(len(said))
            copied.append(sum(bool(holders.get(s, set()) - {unit}) for s in said))
        return _share(both, documents, copied, whole)

    return Copies(
        f"sentences of {SHORT} words or more that a real document has",
        share(both.synthetic),
        share(both.real),
    )


def _repeats(both: CorpusPair) -> Copies:
    """Documents with a near-twin on their own side, in samples of these sizes."""

    def share(documents: Sequence[Document]) -> Ratio:
        units = both.units(documents)
        members: dict[int, set[str]] = {}
        for d, unit in zip(documents, units, strict=True):
            if d.id in both.family:
                members.setdefault(both.family[d.id], set()).add(unit)
        twins = [len(members.get(both.family.get(d.id, -1), ())) > 1 for d in documents]
        return _share(both, documents, [int(t) for t in twins])

    return Copies(
        "documents that nearly repeat another of their own side",
        share(both.synthetic),
        share(both.real),
    )


def long_sentences(document: Document) -> list[str]:
    """Return the folded sentences that are too long to be said twice by chance."""
    cut: Iterable[str] = (document.text[start:end] for start, end in sentences(document))
    return [folded(text) for text in cut if len(tokens(text)) >= SHORT]


def _share(
    both: CorpusPair,
    documents: Sequence[Document],
    found: Sequence[int],
    of: Sequence[int] | None = None,
) -> Ratio:
    grouped = any(d.group is not None for d in documents)
    whole = [1] * len(documents) if of is None else of
    share = ratio(found, whole, both.units(documents), of="groups" if grouped else "documents")
    if sum(found) or not sum(whole):
        return share
    return replace(share, high=1 - 0.025 ** (1 / share.clusters))  # none found: exact binomial
