"""The text of sentences that a file keeps as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from suffice.corpus.formats.tagging import decode


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
        found = self._decode(tags, [(start + a, start + b) for a, b in places])
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
                self._decode(own, inside)
                self.sentences.append([inside[0][0], inside[-1][1]])
                used += len(own)
        self._parts = [text]
        self._length = len(text)

    def _decode(
        self, tags: Sequence[str], places: Sequence[tuple[int, int]]
    ) -> Sequence[tuple[int, int, str]]:
        decoded = decode(tags, self.scheme)
        self.violations += decoded.violations
        for first, last, label in decoded.spans:
            begin, end = places[first][0], places[last - 1][1]
            self.spans.append({"start": begin, "end": end, "label": label})
        return decoded.spans


def placed(words: Sequence[str], given: str | None) -> tuple[str, list[tuple[int, int]]]:
    """Return a text, and where the words stand in it.

    Parameters
    ----------
    words : sequence of str
        In order.
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
