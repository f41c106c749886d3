"""The text of sentences that a file keeps as words, and the rules that all its readers follow.

Words
    A word is a string of at least one character. A record with an empty word, or with something
    else where a word should be, is an error. A word of white space is part of the text.
Edges
    An entity of words begins and ends with a character that is not white space, whatever its
    words begin and end with; one without any such character is left out and counted. Offsets that
    a file states are its own: they are kept, and `suffice inspect` lists spans with white space at
    an edge.
Annotation in part
    A document with a word whose tag is not known, or without any annotation, is left out and
    counted. It is never read as a text without entities.

`suffice.testing.check_format` holds every format to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from suffice.corpus.formats.base import Note
from suffice.corpus.formats.tagging import decode

PARTLY = Note("documents annotated only in part, left out")
"""The note for a document some of whose words have no known tag."""

NOT = Note("documents that nobody annotated, left out")
"""The note for a document without any annotation, not even that it has no entities."""

BLANK = "entities of nothing but white space, left out"


def not_annotated(known: Iterable[bool]) -> Note | None:
    """Return the note for a document that must be left out, or None for one to read.

    Parameters
    ----------
    known : iterable of bool
        For each word, whether its tag is known (outside of entities counts as known).
    """
    found = list(known)
    if all(found):
        return None
    return PARTLY if any(found) else NOT


def problem_of(words: Iterable[Any]) -> str | None:
    """Return what is wrong with the words of a record, or None."""
    for number, word in enumerate(words, start=1):
        if not isinstance(word, str):
            return f"word {number} is missing" if word is None else f"word {number} is not a string"
        if not word:
            return f"word {number} is empty"
    return None


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return a stretch of text without the white space at its edges; None if nothing is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return (left, right) if left < right else None


@dataclass
class Built:
    """A text that is built sentence by sentence, one a line, with its spans.

    Parameters
    ----------
    scheme : str
        The tag scheme, as `suffice.corpus.formats.tagging.detect` returns it.
    """

    scheme: str
    spans: list[dict[str, object]] = field(default_factory=list)
    sentences: list[list[int]] = field(default_factory=list)
    violations: int = 0
    blank: int = 0
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        """Return the text so far."""
        return "\n".join(self._parts)

    def add(self, words: Sequence[str], tags: Sequence[str], given: str | None = None) -> None:
        """Add a sentence.

        Parameters
        ----------
        words, tags : sequence of str
            As many of one as of the other.
        given : str, optional
            The sentence's own text; used where the words are found in it.
        """
        self.add_placed(*placed(words, given), tags)

    def add_placed(
        self, text: str, places: Sequence[tuple[int, int]], tags: Sequence[str]
    ) -> Sequence[tuple[int, int, str]]:
        """Add a sentence whose words' places in its text are known; return its entities.

        Parameters
        ----------
        text : str
            The sentence.
        places : sequence of (int, int)
            Offsets of each word in it.
        tags : sequence of str
            The tag of each word.

        Returns
        -------
        sequence of (int, int, str)
            First word, one past the last word, label.
        """
        start = self._length + 1 if self._parts else 0
        found = self._decode(tags, text, places, start)
        self.sentences.append([start, start + len(text)])
        self._parts.append(text)
        self._length = start + len(text)
        return found

    def place(
        self, text: str, places: Sequence[tuple[int, int]], tags: Iterable[Sequence[str]]
    ) -> None:
        """Take the whole text as it is, where all its words are known.

        Parameters
        ----------
        text : str
            The text.
        places : sequence of (int, int)
            Offsets of every word.
        tags : iterable of sequence of str
            The tags of each sentence.
        """
        used = 0
        for own in tags:
            if own:
                inside = places[used : used + len(own)]
                self._decode(own, text, inside)
                self.sentences.append([inside[0][0], inside[-1][1]])
                used += len(own)
        self._parts = [text]
        self._length = len(text)

    def notes(self) -> Iterator[Note]:
        """Yield what was repaired or left out."""
        if self.violations:
            yield Note(f"tags that break the scheme ({self.scheme}), repaired", self.violations)
        if self.blank:
            yield Note(BLANK, self.blank)

    def _decode(
        self, tags: Sequence[str], text: str, places: Sequence[tuple[int, int]], shift: int = 0
    ) -> Sequence[tuple[int, int, str]]:
        """Add the entities of words that stand at these places of a text, and return them."""
        decoded = decode(tags, self.scheme)
        self.violations += decoded.violations
        for first, last, label in decoded.spans:
            edges = trimmed(text, places[first][0], places[last - 1][1])
            if edges is None:
                self.blank += 1
                continue
            begin, end = edges
            self.spans.append({"start": shift + begin, "end": shift + end, "label": label})
        return decoded.spans


def placed(words: Sequence[str], given: str | None) -> tuple[str, list[tuple[int, int]]]:
    """Return a text, and where the words stand in it.

    Parameters
    ----------
    words : sequence of str
        The words, in order.
    given : str, optional
        The text that they come from.

    Returns
    -------
    text : str
        The given one if the words are found in it, else the words with single spaces between.
    places : list of (int, int)
        Offsets of each word.
    """
    if given is not None and (found := find(words, given)) is not None:
        return given, found
    places = []
    place = 0
    for word in words:
        places.append((place, place + len(word)))
        place += len(word) + 1
    return " ".join(words), places


def find(words: Iterable[str], text: str) -> list[tuple[int, int]] | None:
    """Return where words stand in a text that holds them, white space and nothing else."""
    found = []
    place = 0
    for word in words:
        while not text.startswith(word, place):
            if not text[place : place + 1].isspace():
                return None
            place += 1
        found.append((place, place + len(word)))
        place += len(word)
    return None if text[place:].strip() else found
