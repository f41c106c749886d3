"""How close synthetic annotated text is to real text; nothing is trained but a text classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suffice.applications.synthetic.corpora import CorpusPair, pair_corpora
from suffice.applications.synthetic.counts import Compared, Distance, compare_counts
from suffice.applications.synthetic.entity_overlap import Copies, Overlap, copies, overlaps
from suffice.applications.synthetic.separability import Separability, classify_source
from suffice.corpus.corpus import Corpus
from suffice.results import Result
from suffice.wording.numbers import format_number

REPLICATES = 1000
_PART_TOLD = 0.1


@dataclass(frozen=True)
class Size(Result):
    """What a side holds.

    Parameters
    ----------
    name : str
    documents, sentences, entities : int
    grouped : bool
        Whether documents belong to groups, which are then what is resampled.
    """

    name: str
    documents: int
    sentences: int
    entities: int
    grouped: bool


@dataclass(frozen=True)
class Closeness(Result):
    """How close synthetic text is to real text, each number with that of real against real text.

    Parameters
    ----------
    real, synthetic : Size
        The two sides.
    compared : tuple of Compared
        Density, lengths, and each label's share of the entities.
    distances : tuple of Distance
        Distances between the distributions of lengths and labels.
    overlaps : tuple of Overlap
        Entity strings in common.
    copies : tuple of Copies
        Text that is repeated.
    told : tuple of Separability
        A classifier's AUC, on the whole text, with entities masked, and on entities alone.
    caveats : tuple of str
        What to keep in mind.
    """

    real: Size
    synthetic: Size
    compared: tuple[Compared, ...]
    distances: tuple[Distance, ...]
    overlaps: tuple[Overlap, ...]
    copies: tuple[Copies, ...]
    told: tuple[Separability, ...]
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.synthetic.name} compared with {self.real.name}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (c.what, _triple(c.ratio), format_number(c.reference, 3)) for c in self.compared
        ]
        for o in self.overlaps:
            rows.append((o.what, _triple((o.value, o.low, o.high)), format_number(o.reference, 3)))
        for t in self.told:
            a = t.synthetic
            rows.append(
                (f"AUC, {t.view}", _triple((a.value, a.low, a.high)), f"{t.reference.value:.3g}")
            )
        return ("", "synthetic (over real, or as it is)", "real against real"), rows

    @property
    def sentence(self) -> str:
        """Return in a sentence what the classifier says."""
        whole, masked, alone = (t.synthetic for t in self.told)
        if whole.high < 0.5 + _PART_TOLD:
            return (
                "A classifier can hardly distinguish synthetic from real documents: AUC "
                f"{whole.value:.2f} "
                f"({whole.low:.2f} to {whole.high:.2f}; .5 is chance)."
            )
        if whole.low <= 0.5:
            return (
                "The runs do not show whether a classifier can distinguish synthetic from real "
                "documents: AUC "
                f"{whole.value:.2f} ({whole.low:.2f} to {whole.high:.2f}; .5 is chance)."
            )
        by = {"the wording": masked.low > 0.5, "the names": alone.low > 0.5}
        said = " and ".join(name for name, tells in by.items() if tells)
        return (
            f"A classifier distinguishes synthetic from real documents: AUC {whole.value:.2f} "
            f"({whole.low:.2f} to {whole.high:.2f}; .5 is chance)"
            + (f", by {said}." if said else ".")
        )


def _triple(values: tuple[float, float, float]) -> str:
    value, low, high = values
    return f"{format_number(value, 3)} ({format_number(low, 3)} to {format_number(high, 3)})"


def closeness(real: Corpus, synthetic: Corpus, *, seed: int = 0) -> Closeness:
    """Compare synthetic with real annotated text.

    Parameters
    ----------
    real, synthetic : Corpus
        Annotated with the same labels; synthetic text may lack some.
    seed : int
        Random seed.

    Returns
    -------
    Closeness
        Intervals are over documents, or groups where a corpus has them.

    Raises
    ------
    InputError
        Labels that do not match.
    TooSmallError
        A side has fewer than 20 documents or entities.
    """
    return compare_pair(pair_corpora(real, synthetic), real, synthetic, seed=seed)


def compare_pair(both: CorpusPair, real: Corpus, synthetic: Corpus, *, seed: int = 0) -> Closeness:
    """Return the same from corpora that were made comparable."""
    compared, distances = compare_counts(both, n_resamples=REPLICATES, seed=seed)
    caveats = list(both.caveats)
    if not any(d.group is not None for d in both.real):
        caveats.append(
            "the real documents have no groups (--group): if several belong to one patient or "
            "article, intervals are too narrow"
        )
    for side in (both.real, both.synthetic):
        units = len(set(both.units(side)))
        if units < 50:
            kind = "real" if side is both.real else "synthetic"
            caveats.append(f"only {units} {kind} documents or groups: the intervals are rough")
    caveats.append(
        "that a classifier can distinguish the two does not show that training on synthetic text "
        "is useless, nor the reverse: only its worth shows that"
    )
    return Closeness(
        real=_size(real, both, "r"),
        synthetic=_size(synthetic, both, "s"),
        compared=compared,
        distances=distances,
        overlaps=overlaps(both, seed=seed),
        copies=copies(both),
        told=classify_source(both, seed=seed),
        caveats=tuple(caveats),
    )


def _size(corpus: Corpus, both: CorpusPair, side: str) -> Size:
    documents = both.real if side == "r" else both.synthetic
    return Size(
        corpus.name,
        len(documents),
        sum(both.length[d.id] for d in documents),
        sum(len(d.spans) for d in documents),
        any(d.group is not None for d in documents),
    )
