"""Which stretches of words two texts have in common, in time that grows with their length.

`difflib.SequenceMatcher` looks at every pair of equal words, and their number grows with the square
of the length. Here it gets short stretches only. Longer ones are first cut at runs of words that
stand once in either text (Cohen's patience diff, 2002, with runs of words for lines).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from suffice.corpus.duplicates import SHINGLE

_PAIRS = 50_000
_WORDS = 4_000
"""Stretches with at most so many pairs of equal words, and words, are compared pair by pair."""
_RUNS = (SHINGLE, 2 * SHINGLE, 4 * SHINGLE, 8 * SHINGLE, 16 * SHINGLE)
"""Lengths of runs, in words. The longer, the sooner a run stands but once in a repetitive text."""
_PASSES = 100
"""How often each word may be looked at for such runs, on average."""
_WINDOW = 100
"""Words in which two repetitive texts are looked for in each other after a difference."""


class Block(NamedTuple):
    """A stretch of words that both texts have.

    Attributes
    ----------
    a, b : int
        Its first word in either text.
    size : int
        Number of words.
    """

    a: int
    b: int
    size: int


class Alignment(NamedTuple):
    """What two texts have in common.

    Attributes
    ----------
    blocks : list of Block
        The blocks, in the order of both texts, without overlap.
    skipped : int
        Words of the first text that were not compared: in long stretches without any run that
        stands once in either text, what follows a difference of more than 100 words.
    """

    blocks: list[Block]
    skipped: int


def align(a: Sequence[str], b: Sequence[str]) -> Alignment:
    """Find the stretches of equal words of two texts.

    Parameters
    ----------
    a, b : sequence of str
        The words of the texts.

    Returns
    -------
    Alignment
        Of texts of some hundred words what `difflib.SequenceMatcher` finds. Of longer ones,
        stretches of fewer than three words may be missing.

    Notes
    -----
    Stretches in which no run stands once, as of a line repeated a thousand times, are walked along
    from their beginning, and after each difference the next 100 words of both are compared.
    """
    blocks: list[Block] = []
    skipped = 0
    left = _PASSES * (len(a) + len(b))
    stack = [(0, len(a), 0, len(b))]
    while stack:
        a_start, a_end, b_start, b_end = stack.pop()
        ours, theirs = a[a_start:a_end], b[b_start:b_end]
        if not ours or not theirs:
            continue
        left -= len(ours) + len(theirs)
        if len(ours) + len(theirs) <= _WORDS and _equal_pairs(ours, theirs) <= _PAIRS:
            found = _compared(ours, theirs)
        elif left < 0 or (anchored := _anchored(ours, theirs)) is None:
            found, missed = _walked(ours, theirs)
            skipped += missed
        else:
            found = anchored
            ends = [*((m.a, m.b) for m in found), (len(ours), len(theirs))]
            starts = [(0, 0), *((m.a + m.size, m.b + m.size) for m in found)]
            stack += [
                (a_start + i, a_start + k, b_start + j, b_start + m)
                for (i, j), (k, m) in zip(starts, ends, strict=True)
                if found
            ]
        blocks += [Block(a_start + m.a, b_start + m.b, m.size) for m in found]
    return Alignment(sorted(blocks), skipped)


def _compared(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    matches = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [Block(*match) for match in matches if match.size]


def _walked(a: Sequence[str], b: Sequence[str]) -> tuple[list[Block], int]:
    """Return the stretches found on the way along both texts, and how many words were not."""
    found: list[Block] = []
    i = j = skipped = 0
    while i < len(a) and j < len(b):
        here = i, j
        while i < len(a) and j < len(b) and a[i] == b[j]:
            i, j = i + 1, j + 1
        if (i, j) != here:
            found.append(Block(*here, i - here[0]))
            continue
        near = [m for m in _compared(a[i : i + _WINDOW], b[j : j + _WINDOW]) if m.size >= SHINGLE]
        found += [Block(i + m.a, j + m.b, m.size) for m in near]
        if near:
            i, j = i + near[-1].a + near[-1].size, j + near[-1].b + near[-1].size
        else:
            skipped += len(a[i : i + _WINDOW])
            i, j = i + _WINDOW, j + _WINDOW
    return found, skipped


def _equal_pairs(a: Sequence[str], b: Sequence[str]) -> int:
    ours, theirs = Counter(a), Counter(b)
    return sum(count * theirs[word] for word, count in ours.items())


def _anchored(a: Sequence[str], b: Sequence[str]) -> list[Block] | None:
    """Return the stretches around runs that stand once in either text.

    None where there are no such runs, though the texts have runs in common.
    """
    for length in _RUNS:
        ours, theirs = _places(a, length), _places(b, length)
        common = ours.keys() & theirs.keys()
        if not common:
            return [] if length == SHINGLE else None
        both = ((ours[run], theirs[run]) for run in common)
        once = sorted((i, j) for i, j in both if i is not None and j is not None)
        if once:
            return list(_grown(a, b, _rising(once)))
    return None


def _places(words: Sequence[str], length: int) -> dict[tuple[str, ...], int | None]:
    """Return where each run of words stands; None where it stands more than once."""
    places: dict[tuple[str, ...], int | None] = {}
    for i, run in enumerate(zip(*(words[k:] for k in range(length)), strict=False)):
        places[run] = None if run in places else i
    return places


def _rising(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of places, in the order of one text, that is in order in both."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(places):
        at = bisect_left(tops, j)
        tops[at : at + 1] = [j]
        last[at : at + 1] = [number]
        before.append(last[at - 1] if at else -1)
    found = []
    number = last[-1]
    while number >= 0:
        found.append(places[number])
        number = before[number]
    return found[::-1]


def _grown(
    a: Sequence[str], b: Sequence[str], anchors: Sequence[tuple[int, int]]
) -> Iterator[Block]:
    """Yield the stretches of equal words around anchors."""
    a_end = b_end = 0
    for i, j in anchors:
        if i < a_end or j < b_end:
            continue
        start, other = i, j
        while start > a_end and other > b_end and a[start - 1] == b[other - 1]:
            start, other = start - 1, other - 1
        a_end, b_end = i, j
        while a_end < len(a) and b_end < len(b) and a[a_end] == b[b_end]:
            a_end, b_end = a_end + 1, b_end + 1
        yield Block(start, other, a_end - start)
