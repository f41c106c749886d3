r"""What the offsets of a file count, found out from the spans that say their own text.

Tools count UTF-16 units (as JavaScript does), bytes, ``\r\n`` as one character, leave out leading
white space, or name the last character instead of the one after it. One rule is taken for a whole
file, never one for each span: a span that it does not explain stays an error.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from suffice.corpus.tokens import is_border

_WHITE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NONE = 2**32 - 1

Marked = tuple[Any, Any, Any]
"""Start, end and the span's own text, as a file has them."""


@dataclass(frozen=True)
class Rule:
    r"""What offsets count.

    Parameters
    ----------
    said : str
        The rule in words, after "offsets".
    units : {"characters", "utf-16", "bytes", "graphemes"}
        What is counted.
    line_ends : bool
        Whether ``\r\n`` counts as one.
    stripped : bool
        Whether white space at the beginning of the text is left out.
    inclusive : bool
        Whether the end is that of the last character, not of the one after it.
    """

    said: str
    units: str = "characters"
    line_ends: bool = False
    stripped: bool = False
    inclusive: bool = False

    def differs(self, text: str) -> bool:
        """Return whether offsets into this text are others than plain ones, by start or end."""
        return (
            self.inclusive
            or (self.line_ends and "\r\n" in text)
            or (self.stripped and text[:1].isspace())
            or (self.units == "utf-16" and not text.isascii() and max(text) > "\uffff")
            or (self.units in ("bytes", "graphemes") and not text.isascii())
            or (self.units == "graphemes" and "\r\n" in text)  # one cluster, as Unicode has it
        )

    def places(self, text: str) -> Callable[[Any, Any], tuple[int, int] | None]:
        """Return a function from start and end to offsets in characters; to None if there are none.

        The function takes whatever a file may hold.
        """
        last = 1 if self.inclusive else 0
        table = self._table(text) if self.differs(text) else None
        limit = len(text) if table is None else len(table) - 1

        def place(start: Any, end: Any) -> tuple[int, int] | None:
            if type(start) is not int or type(end) is not int:
                return None
            if not 0 <= start < end + last <= limit:
                return None
            if table is None:
                return start, end + last
            begin, stop = table[start], table[end + last]
            return None if _NONE in (begin, stop) else (begin, stop)

        return place

    def _table(self, text: str) -> array[int]:
        """Return the character that stands at each offset; none in the middle of one."""
        first = len(text) - len(text.lstrip()) if self.stripped else 0
        if self.units == "graphemes":
            starts = _clusters(text)
            return array("L", starts)
        found = array("L")
        for place in range(first, len(text)):
            char = text[place]
            if self.line_ends and char == "\n" and place and text[place - 1] == "\r":
                continue
            found.append(place)
            if self.units == "utf-16" and char > "\uffff":
                found.append(_NONE)
            elif self.units == "bytes" and char > "\x7f":
                found.extend([_NONE] * (len(char.encode("utf-8", "surrogatepass")) - 1))
        found.append(len(text))
        return found


PLAIN = Rule("count characters")
GRAPHEMES = Rule(r"count grapheme clusters (\r\n as one)", units="graphemes")
UTF16 = Rule("count UTF-16 units (as JavaScript does)", units="utf-16")
LINE_ENDS = Rule(r"count \r\n as one character (as grapheme clusters do)", line_ends=True)
UTF16_LINE_ENDS = Rule(r"count UTF-16 units, and \r\n as one", units="utf-16", line_ends=True)
RULES = (
    PLAIN,
    UTF16,
    LINE_ENDS,
    UTF16_LINE_ENDS,
    Rule("leave out white space at the beginning", stripped=True),
    Rule(
        r"leave out white space at the beginning, and count \r\n as one",
        line_ends=True,
        stripped=True,
    ),
    Rule(
        "count UTF-16 units, and leave out white space at the beginning",
        units="utf-16",
        stripped=True,
    ),
    Rule("name the last character, not the one after it", inclusive=True),
    Rule("count bytes", units="bytes"),
)
"""What offsets are known to count, the likeliest first."""


def best_rule(texts: Callable[[], Iterable[tuple[str, Sequence[Marked]]]]) -> Rule:
    """Return the rule by which the spans of most texts hold what they say.

    Parameters
    ----------
    texts : callable
        Returns the texts of a file with their spans, each time anew.

    Returns
    -------
    Rule
        `PLAIN` unless another one explains more texts; of equals the first of `RULES`.
    """
    if all(_fits(PLAIN, text, spans) for text, spans in texts()):
        return PLAIN
    fits = [0] * len(RULES)
    for text, spans in texts():
        plain = _fits(PLAIN, text, spans)
        for number, rule in enumerate(RULES):
            fits[number] += _fits(rule, text, spans) if rule.differs(text) else plain
    return RULES[fits.index(max(fits))]


def _fits(rule: Rule, text: str, spans: Sequence[Marked]) -> bool:
    place = rule.places(text)
    for start, end, declared in spans:
        if isinstance(declared, str):
            found = place(start, end)
            if found is None or not same(declared, text[found[0] : found[1]]):
                return False
    return True


def same(declared: str, piece: str) -> bool:
    r"""Return whether a span's own text is a piece of text, but for the kind of white space.

    Tools write a line break inside a span as a space, or as a backslash and an n.
    """
    if declared == piece:
        return True
    return _WHITE.sub(" ", declared.replace("\\n", "\n")) == _WHITE.sub(" ", piece)


def cut_words(
    rules: Sequence[Rule], text: str, spans: Sequence[tuple[Any, Any]]
) -> list[int] | None:
    """Return how many edges of spans cut a word or an emoji, or lie nowhere, by each rule.

    None where all rules give the same offsets.
    """
    if not any(rule.differs(text) for rule in rules):
        return None
    clusters = None if text.isascii() else frozenset(_clusters(text))
    counts = []
    for rule in rules:
        place = rule.places(text)
        found = [place(start, end) for start, end in spans]
        edges = [edge for pair in found if pair is not None for edge in pair]
        cut = sum(
            not is_border(text, edge) or (clusters is not None and edge not in clusters)
            for edge in edges
        )
        counts.append(cut + 2 * found.count(None))
    return counts


def _clusters(text: str) -> list[int]:
    from icu4py.breakers import CharacterBreaker

    # Half of a surrogate pair, which JSON can hold, is nothing that ICU takes.
    whole = text.encode("utf-8", "replace").decode() if _SURROGATE.search(text) else text
    return [0, *accumulate(len(cluster) for cluster in CharacterBreaker(whole, "en"))]
