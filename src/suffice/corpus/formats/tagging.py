"""Tags of words, as ``B-PER``, to spans of words and back: BIO, IOB1, BILOU, IOBES."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

TAG = re.compile(r"O|([BIELSUMW])(?:[-_](.+))?", re.DOTALL)
"""A tag: O, or what the word is to its entity (begin, inside, end or last, single or unit; M and W
are other letters for I and U), and the label."""

UNKNOWN = ("-", "_")
"""What stands instead of the tag of a word that is not annotated."""

UNNAMED = "ENTITY"
"""The label of tags that name none, as a bare ``B``."""

SCHEMES = ("BIO", "IOB1", "BILOU", "IOBES")
"""Schemes that can be written; BIO is also called IOB2."""

_ALIKE = {"M": "I", "W": "U"}

_LETTER = "[BIELSUMW]"
_STYLES = (
    re.compile(rf"(?P<letter>{_LETTER})(?:[-_](?P<label>.+))?", re.DOTALL),
    re.compile(rf"(?P<letter>{_LETTER})(?:[-_](?P<label>.+))?", re.DOTALL | re.IGNORECASE),
    re.compile(rf"(?P<label>.+)[-_](?P<letter>{_LETTER})", re.DOTALL),
    re.compile(rf"(?P<label>.+)[-_](?P<letter>{_LETTER})", re.DOTALL | re.IGNORECASE),
)
_OUTSIDE = ({"O", "OUTSIDE"}, {"0", "NONE", "NULL", "OUT"})
# What stands for pieces that are no words: special tokens and padding, and X, which BERT's own
# code for entities gives to every piece of a word but its first.
_SPECIAL = re.compile(
    r"\[.*\]|<.*>|(CLS|SEP|PAD|UNK|MASK|BOS|EOS|START|STOP|IGNORE|SPECIAL)(_TOKEN)?",
    re.DOTALL | re.IGNORECASE,
)
_LATER_PIECE = "X"


@dataclass(frozen=True)
class Decoded:
    """The spans of one sentence.

    Parameters
    ----------
    spans : tuple of (int, int, str)
        First word, one past the last word, label.
    violations : int
        Tags that broke the scheme and were repaired.
    """

    spans: tuple[tuple[int, int, str], ...]
    violations: int


def is_tag(value: str) -> bool:
    """Return whether a value looks like a tag."""
    return TAG.fullmatch(value) is not None


def is_several(word: str, tag: str) -> bool:
    """Return whether what stands for a tag is several: of nested entities, or of several words.

    Examples
    --------
    >>> is_several("Ada", "B-PER|B-ORG"), is_several("Ada ran", "B-PER O")
    (True, True)
    >>> is_several("B negative", "B-type B"), is_several("New York", "B-PER")
    (False, False)
    """
    for pieces in (tag.split("|"), tag.split()):
        if len(pieces) > 1 and all(p == "O" or (len(p) > 2 and is_tag(p)) for p in pieces):
            return "|" in tag or len(pieces) == len(word.split())
    return False


def parts(tag: str) -> tuple[str, str]:
    """Return the letter and the label of a tag; ``("O", "")`` outside."""
    match = TAG.fullmatch(tag)
    if match is None or match[1] is None:
        return "O", ""
    return _ALIKE.get(match[1], match[1]), match[2] or UNNAMED


class TagNames(NamedTuple):
    """What a list of names of tags means.

    Attributes
    ----------
    tags : dict of str to str
        The tag of each name as `decode` takes it, ``"O"`` or ``"B-PER"``. A name that is not there
        means nothing for entities, as ``"[CLS]"``.
    bare : bool
        Whether labels stand alone, without a letter.
    """

    tags: dict[str, str]
    bare: bool


def read_names(names: Iterable[str]) -> TagNames:
    """Find out what names of tags mean, from all of them together.

    ``B-PER``, ``B_PER``, ``b-per`` and ``PER-B`` are told from labels that merely look so
    (``e-mail``, ``B-cell``): a letter of lower case, or behind the label, counts as one only where
    some label has two of them, as ``per-b`` and ``per-i``.

    Parameters
    ----------
    names : iterable of str
        All names that a model or a table has, or all tags that occur.

    Examples
    --------
    >>> read_names(["O", "PER-B", "PER-I", "[CLS]"])
    TagNames(tags={'O': 'O', 'PER-B': 'B-PER', 'PER-I': 'I-PER'}, bare=False)
    >>> read_names(["O", "person", "e-mail"]).tags["e-mail"]
    'I-e-mail'
    """
    listed = list(dict.fromkeys(names))
    known = [[name for name in listed if name.upper() in words] for words in _OUTSIDE]
    outside = known[0] or known[1]
    others = [name for name in listed if name not in outside]
    tags = dict.fromkeys(outside, "O")
    styles = [_read(style, others) for style in _STYLES]
    found = next(filter(_is_scheme, styles), None)
    if found is None and _are_all(styles[0], others):
        found = styles[0]
    if found is not None:
        return TagNames(tags | {n: f"{letter}-{x}" for n, (letter, x) in found.items()}, False)
    bare = {name: f"I-{name}" for name in others if not _SPECIAL.fullmatch(name)}
    return TagNames(tags | bare, True)


def _read(style: re.Pattern[str], names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the letter and label of the names that are of a style."""
    read = {name: match for name in names if (match := style.fullmatch(name))}
    named = any(match["label"] for match in read.values())
    return {
        name: (_ALIKE.get(letter := match["letter"].upper(), letter), match["label"] or UNNAMED)
        for name, match in read.items()
        if match["label"] or not named  # where labels are named, a lone letter is none of them
    }


def _is_scheme(found: Mapping[str, tuple[str, str]]) -> bool:
    """Return whether some label has two letters, B or I among them."""
    letters: dict[str, set[str]] = {}
    for letter, label in found.values():
        letters.setdefault(label, set()).add(letter)
    return any(len(own) > 1 and own & {"B", "I"} for own in letters.values())


def _are_all(found: Mapping[str, tuple[str, str]], names: Iterable[str]) -> bool:
    """Return whether all names that can mean an entity are among those found."""
    return bool(found) and all(
        name in found or name.upper() == _LATER_PIECE or _SPECIAL.fullmatch(name) for name in names
    )


def detect(sentences: Iterable[Sequence[str]]) -> str:
    """Return the scheme of the tags of many sentences.

    Parameters
    ----------
    sentences : iterable of sequence of str
        The tags of each sentence.

    Returns
    -------
    str
        ``"BILOU"`` or ``"IOBES"`` where tags for ends or single words occur; else ``"IOB1"`` if
        entities begin with I, and B stands only between entities of one label that touch; else
        ``"BIO"``.
    """
    letters = set()
    begins_inside = needless = 0
    for tags in sentences:
        before = "O", ""
        for tag in tags:
            letter, label = parts(tag)
            letters.add(letter)
            joins = before[0] != "O" and before[1] == label
            begins_inside += letter == "I" and not joins
            needless += letter == "B" and not joins
            before = letter, label
    if letters & set("LU"):
        return "BILOU"
    if letters & set("ES"):
        return "IOBES"
    return "IOB1" if begins_inside and not needless else "BIO"


def decode(tags: Sequence[str], scheme: str) -> Decoded:
    """Return the spans of one sentence, repairing what breaks the scheme.

    An inside or last tag that has no entity of its label to continue begins one (as in conlleval);
    an entity that the scheme wants closed ends before the next tag that does not continue it.

    Parameters
    ----------
    tags : sequence of str
        The tag of every word.
    scheme : str
        As `detect` returns; it decides only what counts as a violation.

    Returns
    -------
    Decoded
        The spans, in order.
    """
    spans: list[tuple[int, int, str]] = []
    violations = 0
    closes = scheme in ("BILOU", "IOBES")
    start: int | None = None
    current = ""
    for place, tag in enumerate([*tags, "O"]):
        letter, label = parts(tag)
        continues = start is not None and letter in "IEL" and label == current
        if start is not None and not continues:
            spans.append((start, place, current))
            violations += closes
            start = None
        if letter in "IEL" and not continues:
            violations += scheme != "IOB1"
        if letter != "O" and not continues:
            start, current = place, label
        if letter in "ELSU" and start is not None:
            spans.append((start, place + 1, current))
            start = None
    return Decoded(tuple(spans), violations)


def encode(length: int, spans: Iterable[tuple[int, int, str]], scheme: str = "BIO") -> list[str]:
    """Return the tags of a sentence.

    Parameters
    ----------
    length : int
        The number of words.
    spans : iterable of (int, int, str)
        First word, one past the last word, label; in order, without overlap.
    scheme : str
        One of `SCHEMES`.

    Returns
    -------
    list of str
        One tag a word.
    """
    tags = ["O"] * length
    last, unit = {"BILOU": ("L", "U"), "IOBES": ("E", "S")}.get(scheme, ("I", "B"))
    for start, end, label in spans:
        touches = start > 0 and parts(tags[start - 1])[1] == label
        first = "I" if scheme == "IOB1" and not touches else "B"
        tags[start] = f"{first}-{label}"
        for place in range(start + 1, end):
            tags[place] = f"I-{label}"
        if scheme in ("BILOU", "IOBES"):
            if end - start == 1:
                tags[start] = f"{unit}-{label}"
            else:
                tags[end - 1] = f"{last}-{label}"
    return tags
