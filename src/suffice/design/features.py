"""What a training set is made of: the predictors of the paper's regression, and a few more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens


@dataclass(frozen=True)
class Features:
    """Counts over the documents of a training set.

    Parameters
    ----------
    documents, sentences, tokens, entities : int
        Number of each.
    distinct : int
        Distinct entity strings, case folded.
    labels : mapping of str to int
        Entities of each label.
    seen : float
        Share, 0 to 1, of the evaluation set's distinct entity strings that the training set holds;
        NaN where there are none.
    balance : float
        Evenness of the labels, 0 to 1: Shannon's entropy of their shares over that of equal ones
        (Pielou 1966), over all labels of the corpus; NaN with one label or no entity.
    """

    documents: int
    sentences: int
    tokens: int
    entities: int
    distinct: int
    labels: dict[str, int]
    seen: float = math.nan
    balance: float = math.nan

    @property
    def eps(self) -> float:
        """Return entities per sentence; NaN without sentences."""
        return self.entities / self.sentences if self.sentences else float("nan")


class SetFeatures:
    """Measures documents once and training sets by adding up.

    Parameters
    ----------
    documents : sequence of Document
        All documents that training sets are drawn from.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._sentences = {d.id: len(sentences(d)) for d in documents}
        self._tokens = {d.id: len(tokens(d.text)) for d in documents}
        self._labels = {d.id: Counter(s.label for s in d.spans) for d in documents}
        self._strings = {
            d.id: {d.text[s.start : s.end].casefold() for s in d.spans} for d in documents
        }
        self._kinds = len({s.label for d in documents for s in d.spans})
        self._evaluated: dict[tuple[str, ...], frozenset[str]] = {}

    def __call__(self, ids: Sequence[str], evaluation: Sequence[str] = ()) -> Features:
        """Return the features of a training set.

        Parameters
        ----------
        ids : sequence of str
            Its documents.
        evaluation : sequence of str
            The documents that its model is scored on.
        """
        labels: Counter[str] = Counter()
        strings: set[str] = set()
        for d in ids:
            labels.update(self._labels[d])
            strings |= self._strings[d]
        held = self._evaluation_strings(tuple(evaluation))
        return Features(
            documents=len(ids),
            sentences=sum(self._sentences[d] for d in ids),
            tokens=sum(self._tokens[d] for d in ids),
            entities=labels.total(),
            distinct=len(strings),
            labels=dict(sorted(labels.items())),
            seen=len(strings & held) / len(held) if held else math.nan,
            balance=_evenness(labels, self._kinds),
        )

    def _evaluation_strings(self, evaluation: tuple[str, ...]) -> frozenset[str]:
        """Return the entity strings of an evaluation set; gathered once for each."""
        if evaluation not in self._evaluated:
            self._evaluated[evaluation] = frozenset().union(*(self._strings[d] for d in evaluation))
        return self._evaluated[evaluation]


def _evenness(labels: Counter[str], kinds: int) -> float:
    total = labels.total()
    if kinds < 2 or not total:
        return math.nan
    shares = (count / total for count in labels.values())
    return -sum(share * math.log(share) for share in shares) / math.log(kinds)
