"""How far a corpus's annotators agree, as the study keeps it: numbers only, no names.

`suffice.quality.agreement` says much more; here is only what can stand beside a model's F1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.annotations import has_own_gold, majority, of_labels, pairs
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.scoring import micro_f1
from suffice.stats import bootstrap

META = "annotators"
"""The name under which the ledger keeps it."""


def annotator_f1(corpus: Corpus) -> dict[str, Any] | None:
    """Return exact span F1 between annotators, and of each against the corpus's own spans.

    Parameters
    ----------
    corpus : Corpus
        Whose documents may hold several annotators' spans.

    Returns
    -------
    dict, optional
        ``annotators``, ``documents`` (that two or more annotated), ``between`` (value and ends of
        the 95 % interval over documents or groups, all pairs together), and ``gold`` (the same for
        each annotator; empty where the corpus's spans are no more than the annotators' majority),
        and where it is empty ``marked`` and ``dropped``: the spans that somebody marked in these
        documents, and those of them that are left out since no majority did.
        None where no document was annotated by two.
    """
    compared = [d for d in corpus if len(d.annotators) > 1]
    between = [
        (document, _counts(mine, theirs))
        for document in compared
        for _, _, mine, theirs in pairs(document)
    ]
    if not between:
        return None
    names = sorted({name for d in corpus for name in d.annotators})
    gold, marked, dropped = [], 0, 0
    if has_own_gold(corpus):
        for name in names:
            own = [(d, _against_gold(d, name)) for d in corpus if name in d.annotators]
            gold.append(_interval(own))
    else:
        marked, dropped = _voted_away(compared)
    return {
        "annotators": len(names),
        "documents": len(compared),
        "between": _interval(between),
        "gold": gold,
        "marked": marked,
        "dropped": dropped,
    }


def _voted_away(documents: Sequence[Document]) -> tuple[int, int]:
    """Return how many spans somebody marked, and how many of these no majority did."""
    every = [{s for spans in d.annotators.values() for s in spans} for d in documents]
    kept = [len(set(majority(d.annotators))) for d in documents]
    marked = sum(map(len, every))
    return marked, marked - sum(kept)


def _counts(one: Iterable[Span], other: Iterable[Span]) -> tuple[int, int, int]:
    a, b = set(one), set(other)
    return len(a & b), len(b - a), len(a - b)


def _against_gold(document: Document, name: str) -> tuple[int, int, int]:
    asked = document.annotator_labels.get(name)
    gold = of_labels(document.spans, None if asked is None else frozenset(asked))
    return _counts(document.annotators[name], gold)


def _interval(rows: Sequence[tuple[Document, tuple[int, int, int]]]) -> list[float]:
    keys = [f"d{d.id}" if d.group is None else f"g{d.group}" for d, _ in rows]
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    counts: NDArray[np.int64] = np.array([c for _, c in rows])
    found = bootstrap(counts, micro_f1, groups=np.array([place[key] for key in keys]))
    return [found.value, found.low, found.high]
