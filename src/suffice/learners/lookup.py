"""Tags what it has seen: the entity strings of the training set, as they stand.

A baseline that needs no backbone and no torch: how far memory alone goes on this corpus, and the
floor that every other learner should clear.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from suffice.corpus.document import Document, Span
from suffice.corpus.gazetteer import Gazetteer
from suffice.corpus.tokens import is_border
from suffice.errors import InputError
from suffice.learners.base import Learner, Tagger
from suffice.learners.caveats import lost_spans
from suffice.learners.tags import Unlearnable


class LookupTagger(Tagger):
    """Finds the strings of a dictionary, longest first.

    Parameters
    ----------
    labels : mapping of str to str
        The label of each string.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = dict(labels)
        self._gazetteer = Gazetteer(self._labels)

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return the strings found in each document, none of which begins or ends in a word."""
        return [
            [
                Span(start, end, self._labels[document.text[start:end]])
                for start, end in self._gazetteer.find(document.text)
            ]
            for document in documents
        ]


class Lookup(Learner):
    """Remembers entity strings that were entities at least as often as not.

    Parameters
    ----------
    options : mapping, optional
        It has none.
    """

    name: ClassVar[str] = "lookup"
    code_version: ClassVar[int] = 2

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        if options:
            raise InputError(f"the learner 'lookup' has no options, not {', '.join(options)}")

    @property
    def config(self) -> Mapping[str, Any]:
        """Return what determines the result."""
        return {"options": {}, "version": self.code_version}

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do nothing: there is no work to share."""

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Say how many spans begin or end inside a word, where no string is looked for."""
        spans = [(d.text, span) for d in documents for span in d.spans]
        cut = sum(not (is_border(t, s.start) and is_border(t, s.end)) for t, s in spans)
        return lost_spans(Unlearnable(len(spans), cut=cut))

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Count each string's labels, and how often it stands in the texts unlabelled."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            for span in document.spans:
                if span.label in labels:
                    counts[document.text[span.start : span.end]][span.label] += 1
        best = {
            string: min(seen, key=lambda name: (-seen[name], name))
            for string, seen in counts.items()
        }
        found = LookupTagger(best).tag(documents)
        places: Counter[str] = Counter(
            document.text[span.start : span.end]
            for document, spans in zip(documents, found, strict=True)
            for span in spans
        )
        kept = {s: label for s, label in best.items() if 2 * counts[s].total() >= places[s]}
        return LookupTagger(kept)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds."""
        return 0.01 + 1e-6 * tokens
