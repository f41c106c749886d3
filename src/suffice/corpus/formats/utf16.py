"""Offsets in UTF-16 units, as Java counts, and in characters."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16:
    """The two ways to count the characters of a text.

    Parameters
    ----------
    text : str
        Any text.
    """

    def __init__(self, text: str) -> None:
        self._long = [found.start() for found in _ASTRAL.finditer(text)]
        # Where the second unit of each long character lies, counted in units.
        self._second = [place + i + 1 for i, place in enumerate(self._long)]

    def characters(self, units: int) -> int | None:
        """Return the offset in characters; None inside of a character."""
        before = bisect_left(self._second, units)
        if before < len(self._second) and self._second[before] == units:
            return None
        return units - before

    def units(self, characters: int) -> int:
        """Return the offset in UTF-16 units."""
        return characters + bisect_left(self._long, characters)
