"""Sentences of a statement, and the clauses between semicolons and line ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from suffice.applications.relations.elements import Element
from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import sentences

_TITLE = re.compile(
    r"(?:^|\W)(?:drs?|profs?|mag|doz|priv|univ|dipl|ing|med|assoc|asst|mrs?|ms|messrs|st|mme|hon|rev|nos?|nr|cf|e\.g|i\.e)\.$",
    re.IGNORECASE,
)
_RUN_ON = re.compile("(?<=[a-z)\ue000\ue001])\\.(?=[A-Z\ue000\ue001])")
# A line end parts clauses where a list goes on: after a stop, before a name or a heading, or with a
# blank line.
_HARD = re.compile(
    "[;；]|[.:,]?[\n\r]+(?=\\W*\ue000)|(?<=[.:])[\n\r]+|[\n\r]\\s*[\n\r]|"
    "[\n\r]+(?=[^\n\r:;.\ue000\ue001]{2,80}:)"
)

_BRACKETS = re.compile(r"[(\[]|[)\]][,;]?")


def sentence_offsets(document: Document, mask: str, names: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the sentences of a statement.

    None ends inside a name or after a title or abbreviation ("Dr.", "No."), and a full stop without
    a space after it ends one where a capital or a name follows ("shares in A.The others").
    """
    if document.sentences is None:
        document = replace(document, spans=())
    cuts = [start for start, _ in sentences(document)]
    inside = sorted((s.start, s.end) for s in names)
    kept: list[int] = []
    at = 0
    for cut in cuts:
        while at < len(inside) and inside[at][1] <= cut:
            at += 1
        within = at < len(inside) and inside[at][0] < cut
        inner = 0 < cut < len(mask) and not mask[cut - 1].isspace()  # "no. 14.B37"
        title = _TITLE.search(document.text[max(0, cut - 12) : cut].rstrip())
        if not within and not inner and not title:
            kept.append(cut)
    mixed = "".join(
        m if m in "\ue000\ue001" else c for m, c in zip(mask, document.text, strict=True)
    )
    kept += [m.end() for m in _RUN_ON.finditer(mixed)]
    edges = [*sorted({0, *kept}), len(document.text)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _closings(mask: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[int]:
    """Yield where brackets close that a cut has opened, and the comma behind."""
    opened: list[int] = []
    for match in _BRACKETS.finditer(mask, start, end):
        if match[0][0] in "([":
            opened.append(match.start())
        elif opened and bisect_right(cuts, opened.pop()) < bisect_right(cuts, match.start()):
            yield match.end()


def clauses(
    mask: str, sentence: tuple[int, int], found: Sequence[Element]
) -> Iterator[tuple[int, int, list[Element]]]:
    """Yield the clauses of a sentence with their elements: cut at semicolons and line ends.

    A bracket that is cut ends a clause where it closes: "J.R. (fees: A; grants: B), C.L. (none)".
    Names are blanked out in `mask`, so that none is cut.
    """
    start, end = sentence
    hard = [m.end() for m in _HARD.finditer(mask, start, end)]
    cuts = [start, *sorted({*hard, *_closings(mask, start, end, hard)}), end]
    at = 0
    for a, b in pairwise(cuts):
        own = []
        while at < len(found) and found[at].start < b:
            own.append(found[at])
            at += 1
        if own:
            yield a, b, own
