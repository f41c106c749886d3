"""Two annotators' spans of one document, set side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from suffice.corpus.document import Document, Span
from suffice.corpus.tokens import tokens_between

Kind = Literal["same", "type", "boundary", "boundary and type", "missing"]

KINDS: dict[str, str] = {
    "type": "same boundaries, another label",
    "boundary": "same label, overlapping, different boundaries",
    "boundary and type": "overlapping, different boundaries and label",
    "missing": "marked by one only",
}
"""Each kind of disagreement in words."""


@dataclass(frozen=True)
class Unit:
    """What two annotators made of one stretch of text.

    Parameters
    ----------
    kind : str
        ``same``, or one of `KINDS`.
    first, second : Span, optional
        Each one's span; one of them may be None.
    """

    kind: Kind
    first: Span | None
    second: Span | None


def align(first: Sequence[Span], second: Sequence[Span]) -> list[Unit]:
    """Pair two annotators' spans one to one.

    Equal spans go together first, then those of the same boundaries, then those of the same label
    that overlap, then others that overlap; of several, those that share the most characters.

    Parameters
    ----------
    first, second : sequence of Span
        Two annotations of one document.

    Returns
    -------
    list of Unit
        In the order of the text. Exchanging the two annotators exchanges the spans in the units
        and nothing else.
    """
    mine, theirs = set(first), set(second)
    units = [Unit("same", span, span) for span in mine & theirs]
    left, right = mine - theirs, theirs - mine
    pairs = sorted(
        (_rank(a, b), a, b) for a in left for b in right if a.start < b.end and b.start < a.end
    )
    for (order, *_), a, b in pairs:
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            units.append(Unit(_ORDER[order], a, b))
    units += [Unit("missing", span, None) for span in left]
    units += [Unit("missing", None, span) for span in right]
    return sorted(units, key=lambda u: sorted(s for s in (u.first, u.second) if s is not None))


_ORDER: tuple[Kind, ...] = ("type", "boundary", "boundary and type")


def _rank(a: Span, b: Span) -> tuple[int, int, int, list[Span]]:
    """Return what decides which spans go together; the same for (a, b) and (b, a)."""
    same = (a.start, a.end) == (b.start, b.end)
    order = 0 if same else 1 if a.label == b.label else 2
    shared = min(a.end, b.end) - max(a.start, b.start)
    return order, -shared, (a.end - a.start) + (b.end - b.start), sorted((a, b))


def token_spans(document: Document) -> list[tuple[int, int]]:
    """Return the document's word tokens, cut at the edges of every annotator's spans."""
    spans = [s for own in document.annotators.values() for s in own]
    edges = {edge for s in (*spans, *document.spans) for edge in (s.start, s.end)}
    return tokens_between(document.text, edges)


def token_codes(
    words: Sequence[tuple[int, int]], spans: Sequence[Span], labels: Sequence[str]
) -> tuple[list[int], int]:
    """Return the label of every token as one annotator has it.

    Parameters
    ----------
    words : sequence of (int, int)
        The result of `token_spans`.
    spans : sequence of Span
        One annotator's spans. Where they overlap, the longest one counts.
    labels : sequence of str
        All labels.

    Returns
    -------
    (list of int, int)
        0 outside of spans, else 1 + the label's place; and the number of tokens that lie in
        several spans.
    """
    codes = [0] * len(words)
    covered = 0
    place = {label: i for i, label in enumerate(labels, start=1)}
    starts = {start: i for i, (start, _) in enumerate(words)}
    # The longest last, so that it is the one that stays.
    for span in sorted(spans, key=lambda s: (s.end - s.start, s.start, s.label)):
        at = next((starts[i] for i in range(span.start, span.end) if i in starts), len(words))
        while at < len(words) and words[at][0] < span.end:
            covered += codes[at] != 0
            codes[at] = place[span.label]
            at += 1
    return codes, covered
