"""The text of a sentence in columns, as it was written: CoNLL-U's words are not always in it.

A line ``3-4  al`` says that the text has "al" where words 3 and 4 are "a" and "el";
``SpaceAfter=No`` says that no space follows a word, and ``# text = ...`` has the whole sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suffice.corpus.formats.words import find, placed

_GLUED = ("SpaceAfter=No", "NoSpaceAfter")  # CoNLL-U, HIPE


def is_glued(fields: Sequence[str]) -> bool:
    """Return whether a row says that no space follows its word."""
    return any(mark in field.split("|") for field in fields for mark in _GLUED if mark in field)


@dataclass(frozen=True)
class Joined:
    """A token of the text that stands for several words.

    Parameters
    ----------
    first, end : int
        The words, as positions in the sentence; ``end`` is exclusive.
    form : str
        As it stands in the text.
    glued : bool
        Whether no space follows.
    """

    first: int
    end: int
    form: str
    glued: bool


@dataclass(frozen=True)
class Surface:
    """A sentence's text, and where its words stand in it.

    Parameters
    ----------
    text : str
        The sentence.
    places : list of (int, int)
        Offsets of each word; those of words without a place of their own are those of the token
        that stands for them.
    whole : tuple of Joined
        Tokens whose words have no places of their own.
    given : bool
        Whether a text that was given holds the words, or none was given.
    """

    text: str
    places: list[tuple[int, int]]
    whole: tuple[Joined, ...]
    given: bool

    def widened(self, entities: Sequence[tuple[int, int, str]]) -> int:
        """Return how many entities, as ranges of words, hold a part of such a token."""
        return sum(
            any(j.first < edge < j.end for j in self.whole for edge in (first, end))
            for first, end, _ in entities
        )


def surface_of(
    words: Sequence[str], joined: Sequence[Joined], glued: frozenset[int], given: str | None
) -> Surface:
    """Return the text of a sentence.

    Parameters
    ----------
    words : sequence of str
        The words, in order, as the rows have them.
    joined : sequence of Joined
        Tokens that stand for several of them, in order.
    glued : frozenset of int
        Positions of words that no space follows.
    given : str, optional
        The sentence's text.
    """
    if not joined and not glued:
        text, places = placed(words, given)
        return Surface(text, places, (), given in (None, text))
    covers: list[Joined] = []
    place = 0
    for own in [*joined, None]:
        stop = len(words) if own is None else own.first
        for i in range(place, stop):
            covers.append(Joined(i, i + 1, words[i], i in glued))
        if own is not None:
            covers.append(own)
            place = own.end
    tokens = [cover.form for cover in covers]
    found = None if given is None else find(tokens, given)
    if given is None or found is None:
        text, found = _join(covers)
    else:
        text = given
    places = []
    whole = []
    for cover, (start, end) in zip(covers, found, strict=True):
        inside = words[cover.first : cover.end]
        if len(inside) == 1 or "".join(inside) != cover.form:
            places += [(start, end)] * len(inside)
            whole += [cover] if len(inside) > 1 else []
            continue
        for word in inside:
            places.append((start, start + len(word)))
            start += len(word)
    return Surface(text, places, tuple(whole), given in (None, text))


def _join(covers: Sequence[Joined]) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    found = []
    length = 0
    for cover in covers:
        found.append((length, length + len(cover.form)))
        parts.append(cover.form if cover.glued else f"{cover.form} ")
        length += len(parts[-1])
    text = "".join(parts)
    return (text if not covers or covers[-1].glued else text[:-1]), found
