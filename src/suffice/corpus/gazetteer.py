"""Where known strings stand in a text, at the borders of words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from suffice.corpus.tokens import is_border, tokens


class Gazetteer:
    """A set of strings to be found in texts, as they are, case and all.

    Parameters
    ----------
    strings : iterable of str
        White space at their edges counts; strings of nothing else are never found.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        self.strings = frozenset(strings)
        # By its first word or two: how far a string begins before them, and its length.
        shapes: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for string in self.strings:
            words = tokens(string)
            if words:
                start, end = words[0][0], words[:2][-1][1]
                shapes[string[start:end]].add((start, len(string)))
        self._shapes = {words: sorted(some, reverse=True) for words, some in shapes.items()}

    def find(
        self, text: str, words: Sequence[tuple[int, int]] | None = None
    ) -> Iterator[tuple[int, int]]:
        """Yield the places of strings, the longest one at each, without overlap.

        Parameters
        ----------
        text : str
            Any text.
        words : sequence of (int, int), optional
            Its tokens, where they are known already.

        Yields
        ------
        (int, int)
            Character offsets, in order. Neither of them lies inside a word
            (`suffice.corpus.tokens.is_border`).
        """
        if not self._shapes:
            return
        reach = 0
        places = tokens(text) if words is None else words
        for number, (first, end) in enumerate(places):
            if first < reach:
                continue
            both = places[number : number + 2][-1][1]
            two = self._shapes.get(text[first:both], ())
            one = self._shapes.get(text[first:end], ()) if both > end else ()
            for lead, length in sorted((*one, *two), reverse=True) if one and two else one or two:
                start = first - lead
                stop = start + length
                if (
                    start >= reach
                    and stop <= len(text)
                    and text[start:stop] in self.strings
                    and is_border(text, start)
                    and is_border(text, stop)
                ):
                    yield start, stop
                    reach = stop
                    break
