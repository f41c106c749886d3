"""Which column of a file holds the words and which the tags, whatever their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from suffice.corpus.formats.tagging import UNKNOWN, UNNAMED, is_tag, parts

_SAMPLE = 5000
_SHARE = 0.95
_LEAST_ROWS = 10
_BLANKS = re.compile(r"[ \t]+")
_NUMBER = re.compile(r"\d+")
_SAID = re.compile(r"# ?[\w ]+? = ")  # as CoNLL-U's "# text = ...", which may hold tabs
_EXTRA = re.compile(r"\d+[-.]\d+")

CHUNKS = frozenset(("ADJP", "ADVP", "CONJP", "INTJ", "LST", "NP", "PP", "PRT", "SBAR", "UCP", "VP"))
"""The labels of phrases (CoNLL-2000), which are no entities."""


@dataclass(frozen=True)
class Columns:
    """The shape of a column file.

    Parameters
    ----------
    tabs : bool
        Whether a tab parts the columns; otherwise any run of spaces and tabs does.
    width : int
        The usual number of columns.
    word, tag : int
        The columns of words and tags, from 0.
    number : int, optional
        The column of word numbers, where there is one.
    others : tuple of int
        Further columns that hold entity tags.
    """

    tabs: bool
    width: int
    word: int
    tag: int
    number: int | None = None
    others: tuple[int, ...] = ()

    def split(self, line: str) -> list[str]:
        """Return the columns of a line."""
        return _split(line, self.tabs)

    def is_row(self, fields: Sequence[str]) -> bool:
        """Return whether the columns are those of a word."""
        tag = fields[self.tag] if len(fields) == self.width else ""
        return is_tag(tag) or tag in UNKNOWN

    def is_comment(self, line: str) -> bool:
        """Return whether a line is a comment and not a row whose first column begins with #."""
        if not line.startswith("#"):
            return False
        return _SAID.match(line) is not None or not self.is_row(self.split(line))

    def is_extra(self, fields: Sequence[str]) -> bool:
        """Return whether a line is CoNLL-U's range of words or empty word, which has no place."""
        return (
            self.number is not None
            and len(fields) > self.number
            and _EXTRA.fullmatch(fields[self.number]) is not None
        )


def _split(line: str, tabs: bool) -> list[str]:
    if tabs:
        return [part.strip(" ") for part in line.split("\t")]
    return _BLANKS.split(line.strip(" \t"))


def shape_of(lines: Iterable[str]) -> Columns | None:
    """Return the shape of a file, from its first lines, or None if no column holds tags.

    Parameters
    ----------
    lines : iterable of str
        Lines without their ends; the first 5,000 that hold anything are looked at.

    Returns
    -------
    Columns or None
        The tag column is one in which 95 % of the lines have a tag, but for those where it is not
        known: one with entities before one
        without, one with labels of entities before one with those of phrases (NP, VP), then the
        first; the last where none has labels. The word column is, of the others, the one with the
        most different values that is no numbering; the first of equals.
    """
    filled = (line for line in lines if line.strip(" \t") and not line.startswith("-DOCSTART-"))
    sample = list(islice(filled, _SAMPLE))
    rows = [line for line in sample if not line.startswith("# ")]
    tabs = 2 * sum("\t" in line for line in rows) >= len(rows)
    if tabs:
        rows = [line for line in rows if not line.startswith("#") or "\t" in line]
    split = [_split(line, tabs) for line in rows]
    if not split:
        return None
    width = Counter(map(len, split)).most_common(1)[0][0]
    columns = list(zip(*(fields for fields in split if len(fields) == width), strict=True))
    tagged = [c for c in range(width) if _share(columns[c]) >= _SHARE]
    if width < 2 or not tagged:
        return None
    # Words may look like bare tags (an S, an O), and tags stand last where no label tells.
    ranks = {c: _rank(columns[c]) for c in tagged}
    ranked = sorted(tagged, key=lambda c: (ranks[c], -c if ranks[c] == 2 else c))
    tag = ranked[0]
    numbers = [c for c in range(width) if c != tag and all(map(_is_number, columns[c]))]
    words = [c for c in range(width) if c not in (tag, *numbers)] or numbers
    word = max(words, key=lambda c: (len(set(columns[c])), -c))
    entities = [c for c in sorted(ranked[1:]) if _rank(columns[c]) == 0 and c != word]
    return Columns(
        tabs, width, word, tag, numbers[0] if numbers and numbers[0] != word else None,
        tuple(entities) if _rank(columns[tag]) == 0 else (),
    )  # fmt: skip


def looks_tagged(lines: Sequence[str]) -> bool:
    """Return whether lines are words in columns with their tags, and not prose.

    A few lines of prose may have an "I" or "S" at the same place: without a tab it takes ten lines,
    or two where a tag names a label (a single line may hold an "M-J.").
    """
    shape = shape_of(lines)
    if shape is None or shape.tabs:
        return shape is not None
    rows = [fields for line in lines if shape.is_row(fields := shape.split(line))]
    named = any(len(fields[shape.tag]) > 2 for fields in rows)
    return len(rows) >= (2 if named else _LEAST_ROWS)


def _share(values: Sequence[str]) -> float:
    """Return the share of tags among the values that say anything."""
    said = [value for value in values if value not in UNKNOWN]
    return sum(map(is_tag, said)) / len(said) if said else 0.0


def _rank(values: Sequence[str]) -> int:
    """Return 0 for a column with entities, 1 for one with phrases, 2 for one without labels."""
    labels = {parts(value)[1] for value in set(values)} - {"", UNNAMED}
    if not labels:
        return 2
    return 1 if labels <= CHUNKS else 0


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None or _EXTRA.fullmatch(value) is not None
