"""Texts that were damaged on their way, or are coded in an unusual way."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from suffice.corpus.checks.base import Case, Place
from suffice.corpus.document import Document

# The replacement character, and the C1 controls: nearly always cp1252 read as Latin-1. U+0085 is
# an old line break.
_DAMAGED = re.compile("[\ufffd\x80-\x84\x86-\x9f]+")
# What one character of UTF-8 became stands together: without neighbours there is no mojibake.
_NEIGHBOURS = re.compile(r"[^\x00-\x7f]{2}")
_AROUND = 3


def text_cases(document: Document) -> Iterator[tuple[str, Case]]:
    """Yield what is odd about a document's text, each with the name of its check.

    Mojibake (``Ã©`` for ``é``) is what `ftfy` calls bad and can decode into something else.
    """
    text = document.text
    if text.isascii():
        return
    surely = [match.span() for match in _DAMAGED.finditer(text)]
    damaged = list(surely)
    for start, end in _mojibake(text):
        before = bisect_left(surely, (end,)) - 1  # the last one that begins before this one ends
        if before < 0 or surely[before][1] <= start:
            damaged.append((start, end))
    if damaged:
        places = tuple(Place(document.id, start, end) for start, end in sorted(damaged))
        yield "encoding damage", Case(places, len(places), weight=len(places))
    if not unicodedata.is_normalized("NFC", text):
        places = tuple(Place(document.id, start, end) for start, end in _decomposed(text))
        yield "not normalised", Case((*places, Place(document.id))[: max(1, len(places))])


def _mojibake(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places that ftfy finds bad, as far as decoding them again changes them."""
    if not _NEIGHBOURS.search(text):
        return
    from ftfy import fix_encoding
    from ftfy.badness import BADNESS_RE

    for match in BADNESS_RE.finditer(text):
        start, end = match.span()
        while start > 0 and start > match.start() - _AROUND and not text[start - 1].isascii():
            start -= 1
        while end < len(text) and end < match.end() + _AROUND and not text[end].isascii():
            end += 1
        if fix_encoding(text[start:end]) != text[start:end]:
            yield match.span()


def _decomposed(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that normalisation to NFC would change."""
    start = 0
    for place in range(1, len(text) + 1):
        # A character that no other one can be composed with begins a new stretch.
        if place < len(text) and (
            unicodedata.combining(text[place]) or not unicodedata.is_normalized("NFC", text[place])
        ):
            continue
        if not unicodedata.is_normalized("NFC", text[start:place]):
            yield start, place
        start = place
