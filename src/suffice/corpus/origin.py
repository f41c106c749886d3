"""Where a document comes from: its file and line, for people who have to find it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


class Lines:
    """The line of each word of a document whose file has a line for each.

    Parameters
    ----------
    file : str
        The file's name.
    words : iterable of (int, int)
        The offset of each word in the document's text, and its line; in order.
    """

    def __init__(self, file: str, words: Iterable[tuple[int, int]]) -> None:
        self._file = file
        self._offsets, self._numbers = array("L"), array("L")
        for offset, number in words:
            self._offsets.append(offset)
            self._numbers.append(number)

    def at(self, offset: int) -> str:
        """Return ``"FILE:LINE"`` of the word at, or before, an offset."""
        place = max(0, bisect_right(self._offsets, offset) - 1)
        return f"{self._file}:{self._numbers[place]}"


@dataclass(frozen=True)
class Origin:
    """Where a document comes from.

    Parameters
    ----------
    where : str
        As messages name it: ``"notes.jsonl, line 3"``.
    lines : Lines, optional
        The lines of its words.
    """

    where: str
    lines: Lines | None = None

    def at(self, start: int | None, end: int | None) -> str:
        """Return the place of a stretch of the document, or that of the whole document."""
        if self.lines is not None:
            return self.lines.at(start or 0)
        return self.where if start is None else f"{self.where}: {start}–{end}"
