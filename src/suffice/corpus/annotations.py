"""The spans of several annotators: who can be compared with whom, and on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span


def majority(
    annotators: Mapping[str, tuple[Span, ...]],
    asked: Mapping[str, Collection[str]] | None = None,
) -> tuple[Span, ...]:
    """Return the spans that more than half of those who were asked for their label marked, sorted.

    Parameters
    ----------
    annotators : mapping of str to tuple of Span
        Each annotator's spans.
    asked : mapping of str to collection of str, optional
        The labels that an annotator was asked for; who is not named was asked for all.
    """
    marked = Counter(span for spans in annotators.values() for span in spans)
    limits = [(asked or {}).get(name) for name in annotators]

    def voters(label: str) -> int:
        return sum(labels is None or label in labels for labels in limits)

    return tuple(sorted(span for span, n in marked.items() if 2 * n > voters(span.label)))


def shared_labels(document: Document, first: str, second: str) -> frozenset[str] | None:
    """Return the labels that both annotators were asked for; None where that is all."""
    asked = [document.annotator_labels.get(name) for name in (first, second)]
    given = [frozenset(labels) for labels in asked if labels is not None]
    return frozenset.intersection(*given) if given else None


def of_labels(spans: Iterable[Span], labels: frozenset[str] | None) -> tuple[Span, ...]:
    """Return the spans with one of the labels; all where these are None."""
    return tuple(s for s in spans if labels is None or s.label in labels)


def pairs(
    document: Document,
) -> Iterator[tuple[str, str, tuple[Span, ...], tuple[Span, ...]]]:
    """Yield each two annotators of a document with their spans of the labels both were asked for.

    Annotators who were asked for no common label are not compared.

    Yields
    ------
    (str, str, tuple of Span, tuple of Span)
        The names, in sorted order, and each one's spans.
    """
    for first, second in combinations(sorted(document.annotators), 2):
        labels = shared_labels(document, first, second)
        if labels is None or labels:
            mine, theirs = document.annotators[first], document.annotators[second]
            yield first, second, of_labels(mine, labels), of_labels(theirs, labels)


def separate_annotators(corpus: Corpus) -> dict[str, Corpus]:
    """Return one corpus for each annotator, of the documents and spans that are theirs."""
    names = sorted({name for d in corpus for name in d.annotators})
    return {
        name: replace(
            corpus,
            documents=tuple(
                replace(d, spans=d.annotators[name], annotators={}, annotator_labels={})
                for d in corpus
                if name in d.annotators
            ),
            name=name,
        )
        for name in names
    }


def has_own_gold(documents: Iterable[Document]) -> bool:
    """Return whether `Document.spans` say more than what most annotators marked.

    Where no file gave spans beside the annotators' own, they are the annotators' majority, and
    holding an annotator against them would hold them against themselves.
    """
    return any(
        d.annotators and d.spans != majority(d.annotators, d.annotator_labels) for d in documents
    )
