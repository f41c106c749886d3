"""A statement as a row of elements: names, kinds of payment, subjects, negations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from suffice.applications.relations.patterns import ORGANISATION, PERSON, Patterns
from suffice.applications.relations.people import bare
from suffice.corpus.document import Span
from suffice.corpus.splitters.edges import stripped

# Where two phrases of one length match the same text, what stands first here counts.
_PRECEDENCE = {
    "subjects": 0,
    "negation": 1,
    "again": 2,
    "kind": 2,
    "organisations": 3,
    "respectively": 4,
}

_REACH = 120


@dataclass(frozen=True)
class Element:
    """A stretch of text that means something to the linker.

    Parameters
    ----------
    start, end : int
        Offsets in the document.
    type : str
        ``person``, ``organisation``, or a `Phrase`'s type.
    value : str
        The name, a person's without title, or the `Phrase`'s value.
    role : str
        The `Phrase`'s role.
    """

    start: int
    end: int
    type: str
    value: str
    role: str = ""


def masked(text: str, persons: Sequence[Span], organisations: Sequence[Span]) -> str:
    """Return the text in lower case, character for character, with each name blanked out."""
    letters = [low if len(low := c.lower()) == 1 else c for c in text]
    for spans, letter in ((persons, PERSON), (organisations, ORGANISATION)):
        for span in spans:
            letters[span.start : span.end] = letter * (span.end - span.start)
    return "".join(letters)


def elements(
    text: str,
    mask: str,
    persons: Sequence[Span],
    organisations: Sequence[Span],
    patterns: Patterns,
) -> list[Element]:
    """Return the elements of a statement in order, none overlapping another."""
    names = [Element(s.start, s.end, "person", bare(text[s.start : s.end])) for s in persons]
    names += [Element(s.start, s.end, "organisation", text[s.start : s.end]) for s in organisations]
    found = [
        Element(*edges, phrase.type, phrase.value, phrase.role)
        for phrase, pattern in patterns.phrases
        for match in pattern.finditer(mask)
        if (edges := stripped(mask, *match.span())) is not None
    ]
    examples = [m.span() for m in patterns.lists["examples"].finditer(mask)]
    kept = [e for e in _drop_overlaps(found) if not _inside(e.start, examples)]
    return sorted([*names, *_drop_touching(kept, names)], key=lambda e: (e.start, e.end))


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(spans, place, key=lambda s: s[0])
    return at > 0 and place < spans[at - 1][1]


def behind(pattern: re.Pattern[str], mask: str, start: int, end: int) -> bool:
    """Return whether a phrase stands right before a place: within 120 characters, up to it."""
    near = mask[max(start, end - _REACH) : end]
    return any(not near[m.end() :].strip(" ,(") for m in pattern.finditer(near))


def _drop_overlaps(found: list[Element]) -> list[Element]:
    """Return matches that do not overlap: the longer of two, walking from the left."""
    order = sorted(found, key=lambda e: (e.start, e.start - e.end, _PRECEDENCE[e.type]))
    kept: list[Element] = []
    for element in order:
        if not kept or element.start >= kept[-1].end:
            kept.append(element)
        elif element.end - element.start > kept[-1].end - kept[-1].start:
            kept[-1] = element
    return kept


def _drop_touching(found: list[Element], names: list[Element]) -> list[Element]:
    """Return the matches that touch no name."""
    ordered = sorted(names, key=lambda e: e.start)
    kept, at = [], 0
    for element in found:
        while at < len(ordered) and ordered[at].end <= element.start:
            at += 1
        if at == len(ordered) or ordered[at].start >= element.end:
            kept.append(element)
    return kept
