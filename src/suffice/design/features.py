"""What a training set is made of: the predictors of the paper's regression, and a few more."""

from __future__ import annotations

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
        How many of each.
    distinct : int
        Distinct entity strings, case folded.
    labels : mapping of str to int
        Entities of each label.
    """

    documents: int
    sentences: int
    tokens: int
    entities: int
    distinct: int
    labels: dict[str, int]

    @property
    def eps(self) -> float:
        """Return entities per sentence; NaN without sentences."""
        return self.entities / self.sentences if self.sentences else float("nan")


class Measure:
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

    def __call__(self, ids: Sequence[str]) -> Features:
        """Return the features of the training set made of these documents."""
        labels: Counter[str] = Counter()
        strings: set[str] = set()
        for d in ids:
            labels.update(self._labels[d])
            strings |= self._strings[d]
        return Features(
            documents=len(ids),
            sentences=sum(self._sentences[d] for d in ids),
            tokens=sum(self._tokens[d] for d in ids),
            entities=labels.total(),
            distinct=len(strings),
            labels=dict(sorted(labels.items())),
        )
