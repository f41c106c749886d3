"""Where annotators differ: stretches of text, each to be decided by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from suffice.corpus.annotations import of_labels
from suffice.corpus.document import Document, Span
from suffice.quality.compare import align
from suffice.results import Result

Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Dispute(Result):
    """A stretch of text that annotators did not mark alike.

    Parameters
    ----------
    document : str
        Its id.
    start, end : int
        From the first to the last character of all spans that overlap one another.
    spans : mapping of str to tuple of Span
        What each annotator who was asked marked there; empty for nothing.
    judged : tuple of Span, optional
        What the judge marked there; None without one.
    label : str, optional
        The label that it is about, where annotators were not all asked for the same ones.
    """

    document: str
    start: int
    end: int
    spans: Mapping[str, Spans]
    judged: Spans | None = None
    label: str | None = None

    @property
    def key(self) -> tuple[str, int, int, str]:
        """Return what tells it from all others: document, start, end, and label or ""."""
        return self.document, self.start, self.end, self.label or ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return how the annotators differ, sorted; see `suffice.quality.compare.KINDS`."""
        found = {
            unit.kind
            for first, second in combinations(self.spans.values(), 2)
            for unit in align(first, second)
        }
        return tuple(sorted(found - {"same"}))

    def winner(self) -> Spans | None:
        """Return what more than half of the annotators marked, as a whole; None for a tie."""
        variant, votes = Counter(self.spans.values()).most_common(1)[0]
        return variant if 2 * votes > len(self.spans) else None

    def suggestion(self) -> Spans:
        """Return what most annotators marked; of several, what the first of them by name did."""
        votes = Counter(self.spans.values())
        most = max(votes.values())
        return next(s for _, s in sorted(self.spans.items()) if votes[s] == most)


@dataclass(frozen=True)
class Division:
    """A document's spans, divided into what is agreed and what is not.

    Parameters
    ----------
    agreed : tuple of Span
        Marked alike by all who were asked, or by the only one.
    disputes : tuple of Dispute
        The disputes, in the order of the text.
    overruled : int
        Agreed stretches of text in which the judge marked something else.
    """

    agreed: Spans
    disputes: tuple[Dispute, ...]
    overruled: int = 0


def divide(document: Document, judge: Iterable[Span] | None = None) -> Division:
    """Divide a document's spans into agreed ones and disputes.

    Parameters
    ----------
    document : Document
        With the spans of its annotators.
    judge : iterable of Span, optional
        A judge's spans of the same document.

    Returns
    -------
    Division
        Where some annotators were asked for some labels only, each label is taken by itself, and
        only those vote on it who were asked.
    """
    judged = None if judge is None else tuple(judge)
    agreed: list[Span] = []
    disputes: list[Dispute] = []
    overruled = 0
    for labels, voters in _ballots(document, judged or ()):
        own = {name: of_labels(document.annotators[name], labels) for name in voters}
        theirs = of_labels(judged or (), labels)
        for start, end in stretches([*(s for spans in own.values() for s in spans), *theirs]):
            there = {name: _within(spans, start, end) for name, spans in own.items()}
            verdict = _within(theirs, start, end)
            variants = set(there.values())
            if len(variants) > 1:
                label = None if labels is None else next(iter(labels))
                given = None if judged is None else verdict
                disputes.append(Dispute(document.id, start, end, there, given, label))
            else:
                agreed.extend(*variants)
                overruled += judged is not None and verdict not in variants
    disputes.sort(key=lambda d: d.key)
    return Division(tuple(sorted(set(agreed))), tuple(disputes), overruled)


def _ballots(
    document: Document, judged: Sequence[Span]
) -> Iterator[tuple[frozenset[str] | None, list[str]]]:
    """Yield what is voted on together (None for all labels), and who votes."""
    names = sorted(document.annotators)
    asked = document.annotator_labels
    if not asked:
        yield None, names
        return
    labels = {s.label for spans in document.annotators.values() for s in spans}
    labels |= {s.label for s in judged}
    for label in sorted(labels):
        voters = [a for a in names if a not in asked or label in asked[a]]
        if voters:
            yield frozenset((label,)), voters


def stretches(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the stretches that spans cover, joined where they overlap, in order."""
    found: list[tuple[int, int]] = []
    for span in sorted(spans):
        if found and span.start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    return found


def _within(spans: Sequence[Span], start: int, end: int) -> Spans:
    return tuple(sorted(s for s in spans if start <= s.start and s.end <= end))
