"""Words and their borders, the same for every learner and every check, as character offsets.

A token is a run of letters, digits and their combining marks (``10mg`` stays whole), or one other
character that is not white space (``IL-2`` is three tokens; the underscore is punctuation). In
scripts that are written without spaces every character, with its marks, is a token: Han, Kana,
Thai, Lao, Khmer, Myanmar, Tibetan. So is every Hangul syllable: Korean has spaces, but writes
particles onto names, and annotators leave them out of the entity. A run of more than 40 characters
is cut.

A border lies wherever one token ends and the next one begins, but for such cuts: on either side
of every character of a script without spaces, hence also between scripts (``iPhone|を|買|う``), and
never inside a number or before a combining mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

LONGEST = 40
"""The greatest length of a token, in characters."""

# Scripts without spaces between words, or around what is annotated, by block.
_UNSPACED = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0edc-\u0eff"  # Thai and Lao, but for their digits
    "\u0f00-\u0f1f\u0f2a-\u0fff"  # Tibetan
    "\u1000-\u103f\u104a-\u108f\u109a-\u109f\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17df\u17ea-\u17ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff"  # Kana
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u3131-\u318e\uac00-\ud7a3"  # Hangul, but for the parts of decomposed syllables
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"  # Kana supplements, Han extensions
)
# What Unicode's word rules attach to the character before: soft hyphen, (non-)joiner, word
# joiner; and the Thai and Lao vowel AM, a letter that completes the cluster before it.
_ATTACHED = "\xad\u200c\u200d\u2060"
_AM = "\u0e33\u0eb3"


_WORD = rf"[^\W_{_UNSPACED}]"


@cache
def _word_character() -> re.Pattern[str]:
    return re.compile(_WORD)


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(rf"[{_marks()}{_ATTACHED}]")


@cache
def _pattern() -> re.Pattern[str]:
    word = _WORD
    marks = _marks()
    mark = rf"[{marks}{_ATTACHED}]"
    # The look-ahead spares ordinary text the search in the long list of marks.
    attached = rf"(?=[^\x00-\xac])(?:{mark})+"
    return re.compile(
        rf"{word}+(?:{attached}{word}*)*"
        rf"|\S(?:(?=[^\x00-\xac])[{marks}{_ATTACHED}{_AM}]+)?"
    )


def _marks() -> str:
    """Return the class of all combining marks, as ranges."""
    ranges: list[list[int]] = []
    for code in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def tokens(text: str) -> list[tuple[int, int]]:
    """Return the word tokens of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Character offsets, in order, end exclusive, each 1 to 40 characters long. Every character
        that is not white space (`str.isspace`) lies in exactly one token, and no token holds white
        space. What counts as a letter or mark follows the Unicode tables of the running Python.
    """
    spans = [match.span() for match in _pattern().finditer(text)]
    if any(end - start > LONGEST for start, end in spans):
        return [
            (cut, min(cut + LONGEST, end))
            for start, end in spans
            for cut in range(start, end, LONGEST)
        ]
    return spans


def tokens_between(text: str, cuts: set[int]) -> list[tuple[int, int]]:
    """Return the word tokens of a text, cut also at the given places.

    Parameters
    ----------
    text : str
        Any text.
    cuts : set of int
        Character offsets at which a token has to end, as the edges of spans.

    Returns
    -------
    list of (int, int)
        As `tokens`, with every token that holds one of the places inside cut there.
    """
    found: list[tuple[int, int]] = []
    for start, end in tokens(text):
        inside = sorted(cut for cut in range(start + 1, end) if cut in cuts)
        edges = [start, *inside, end]
        found.extend(pairwise(edges))
    return found


def forms_words(character: str) -> bool:
    """Return whether a character forms words with its neighbours.

    Letters and digits do, but not those of scripts without spaces, nor Hangul: each of these
    stands by itself.

    Parameters
    ----------
    character : str
        One character, or none.
    """
    return _word_character().fullmatch(character) is not None


def is_border(text: str, place: int) -> bool:
    """Return whether a string that begins or ends at a place of a text cuts no word there.

    Parameters
    ----------
    text : str
        Any text.
    place : int
        An offset in characters. The ends of the text are borders.

    Returns
    -------
    bool
        True where no token of `tokens`, before long ones are cut, holds the place inside.

    Examples
    --------
    >>> is_border("in 123 days", 4), is_border("iPhoneを買う", 6), is_border("王小岭今天", 3)
    (False, True, True)
    """
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if before.isspace() or after.isspace():
        return True
    if _mark().match(after):
        return False
    if not (forms_words(after) or after in _AM):
        return True
    base = place - 1
    while base >= 0 and _mark().match(text[base]):
        base -= 1
    in_word = base >= 0 and forms_words(text[base])
    return in_word if after in _AM else not in_word
