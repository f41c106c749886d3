"""Spans that deserve a look by themselves: at white space, across borders, overlapping."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from suffice.corpus.checks.base import Case, Place
from suffice.corpus.document import Document, Span
from suffice.corpus.tokens import is_border

# Zero-width space and joiners, word joiner, byte order mark, soft hyphen, marks of direction. The
# joiners U+200C and U+200D belong to the spelling of Persian, of Indic scripts and of emoji, and
# are faults at a span's edge only.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|^[\u200c\u200d]|\u200c$"
)


def span_cases(
    document: Document, sentences: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, Case]]:
    """Yield what is odd about the spans of a document, each with the name of its check.

    Parameters
    ----------
    document : Document
        The document.
    sentences : sequence of (int, int)
        Its sentences, in order.

    Yields
    ------
    (str, Case)
        Span by span; of a pair the later span comes first.
    """
    sentence_starts = [start for start, _ in sentences]
    reaching: list[Span] = []
    before: Span | None = None
    for span in document.spans:
        here = Place(document.id, span.start, span.end, span.label)
        for kind in _single(document, span):
            yield kind, Case((here,))
        if span == before:
            yield "repeated", Case((here,))
            continue
        before = span
        if not (is_border(document.text, span.start) and is_border(document.text, span.end)):
            yield "cuts a word", Case((here,))
        at = bisect_right(sentence_starts, span.start) - 1
        if at < 0 or sentences[at][1] < span.end:
            yield "crosses sentences", Case((here,))
        reaching = [earlier for earlier in reaching if earlier.end > span.start]
        for earlier in reaching:
            other = Place(document.id, earlier.start, earlier.end, earlier.label)
            yield _pair(earlier, span), Case((here, other))
        reaching.append(span)


def _single(document: Document, span: Span) -> Iterator[str]:
    text = document.text[span.start : span.end]
    if text[0].isspace() or text[-1].isspace():
        yield "edge white space"
    if span.label != span.label.strip():
        yield "label white space"
    if not text.isascii() and _INVISIBLE.search(text):
        yield "invisible characters"


def _pair(first: Span, second: Span) -> str:
    """Return how two overlapping spans lie, the first not later than the second."""
    if (first.start, first.end) == (second.start, second.end):
        return "same place"
    return "nested" if first.start == second.start or second.end <= first.end else "crossing"
