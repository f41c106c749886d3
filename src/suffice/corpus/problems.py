"""Spans that are allowed and still deserve a look: at white space, across borders, overlapping."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from suffice.corpus.document import Document, Span

KINDS = {
    "edge white space": "spans that begin or end with white space",
    "label white space": "spans whose label begins or ends with white space",
    "cuts a word": "spans that begin or end inside a word",
    "crosses sentences": "spans that lie in no single sentence",
    "same place": "pairs of spans at the same place with different labels",
    "nested": "pairs of spans of which one lies in the other",
    "crossing": "pairs of spans that overlap in part",
}
"""Each kind of problem, and what is counted."""


@dataclass(frozen=True)
class SpanProblem:
    """One span, or pair of spans, and what is odd about it; no text.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    document : str
        The document's id.
    start, end : int
        The span's character offsets.
    other : (int, int), optional
        The offsets of the other span of a pair.
    """

    kind: str
    document: str
    start: int
    end: int
    other: tuple[int, int] | None = None


def span_problems(
    document: Document, sentences: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]
) -> Iterator[SpanProblem]:
    """Yield what is odd about the spans of a document.

    Parameters
    ----------
    document : Document
        The document.
    sentences, words : sequence of (int, int)
        Its sentences and word tokens, in order.

    Yields
    ------
    SpanProblem
        Span by span; a pair is yielded with its later span's offsets first.
    """
    sentence_starts = [start for start, _ in sentences]
    word_starts = [start for start, _ in words]
    reaching: list[Span] = []
    for span in document.spans:
        for kind in _single(document, span):
            yield SpanProblem(kind, document.id, span.start, span.end)
        if _inside(span.start, words, word_starts) or _inside(span.end, words, word_starts):
            yield SpanProblem("cuts a word", document.id, span.start, span.end)
        at = bisect_right(sentence_starts, span.start) - 1
        if at < 0 or sentences[at][1] < span.end:
            yield SpanProblem("crosses sentences", document.id, span.start, span.end)
        reaching = [earlier for earlier in reaching if earlier.end > span.start]
        for earlier in reaching:
            yield SpanProblem(
                _pair(earlier, span),
                document.id,
                span.start,
                span.end,
                (earlier.start, earlier.end),
            )
        reaching.append(span)


def _single(document: Document, span: Span) -> Iterator[str]:
    text = document.text[span.start : span.end]
    if text[0].isspace() or text[-1].isspace():
        yield "edge white space"
    if span.label != span.label.strip():
        yield "label white space"


def _inside(place: int, words: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    """Return whether a place lies inside a word, not at its edge."""
    at = bisect_right(starts, place) - 1
    return at >= 0 and words[at][0] < place < words[at][1]


def _pair(first: Span, second: Span) -> str:
    """Return how two overlapping spans lie, the first not later than the second."""
    if (first.start, first.end) == (second.start, second.end):
        return "same place"
    return "nested" if first.start == second.start or second.end <= first.end else "crossing"
