"""The shape of a column file: what separates its columns, and what they hold."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from suffice.corpus.formats.columnroles import (
    bare_column,
    counts_words,
    header_role,
    is_label,
    is_range,
    number_columns,
    tag_columns,
    tag_rank,
    word_column,
)
from suffice.corpus.formats.tagging import UNKNOWN, is_tag
from suffice.wording.numbers import counted

_SAMPLE = 5000
_LEAST_ROWS = 10
_MOST = 0.95
_BLANKS = re.compile(r"[ \t]+")
_SAID = re.compile(r"# ?[\w:]+(?: [\w:]+)* = ")  # as CoNLL-U's "# text = ...", which may hold tabs
_DOCSTART = "-DOCSTART-"


@dataclass(frozen=True)
class ColumnLayout:
    """The shape of a column file.

    Parameters
    ----------
    separator : str
        A tab, comma or semicolon; empty where any run of spaces and tabs separates columns.
    width : int
        The usual number of columns; the least one where it changes from sentence to sentence.
    word, tag : int
        The columns of words and tags, from 0.
    number : int, optional
        The column of word numbers, where there is one.
    sentence, document : int, optional
        Columns in which another value begins a sentence or document.
    others : tuple of int
        Further columns that hold entity tags.
    rivals : tuple of int
        Columns that hold as many different values as that of the words.
    header : tuple of str
        The row that names the columns, where there is one.
    bare : bool
        Whether tags are labels alone, without B- or I-.
    ragged : bool
        Whether sentences differ in the number of columns, as where each verb has a column.
    """

    separator: str
    width: int
    word: int
    tag: int
    number: int | None = None
    sentence: int | None = None
    document: int | None = None
    others: tuple[int, ...] = ()
    rivals: tuple[int, ...] = ()
    header: tuple[str, ...] = ()
    bare: bool = False
    ragged: bool = False

    def split(self, line: str) -> list[str]:
        """Return the columns of a line; empty ones beyond the usual number are left out."""
        fields = _split(line, self.separator)
        while len(fields) > self.width and not fields[-1]:
            fields.pop()
        return fields

    def tag_of(self, fields: Sequence[str]) -> str | None:
        """Return the tag of a word, or None if its column holds none."""
        value = fields[self.tag] if len(fields) > self.tag else ""
        if value in UNKNOWN or value == "O":
            return value
        if self.bare:
            return f"I-{value}" if is_label(value) else None
        return value if is_tag(value) else None

    def is_comment(self, line: str) -> bool:
        """Return whether a line is a comment and not a row whose first column begins with #."""
        if not line.startswith("#"):
            return False
        if _SAID.match(line) is not None:
            return True
        fields = self.split(line)
        if len(fields) == self.width and self.tag_of(fields) is not None:
            return False
        # A row with a column too many is an error and not a comment.
        return not (len(fields) > self.width and len(fields[-1]) > 1 and is_tag(fields[-1]))

    def is_header(self, fields: Sequence[str]) -> bool:
        """Return whether a row names the columns; files that were joined have it several times."""
        return bool(self.header) and tuple(fields) == self.header

    def is_extra(self, fields: Sequence[str]) -> bool:
        """Return whether a line is CoNLL-U's range of words or empty word."""
        return (
            self.number is not None and len(fields) > self.number and is_range(fields[self.number])
        )

    def fits(self, fields: Sequence[str], others: int | None) -> bool:
        """Return whether a row has as many columns as it should have.

        Parameters
        ----------
        fields : sequence of str
            The row's columns.
        others : int, optional
            The number of columns of the rows before it in its sentence.
        """
        count = len(fields)
        if self.ragged:
            return count >= self.width and others in (None, count)
        if self.separator and count < self.width:  # what stands last may be left out
            return count > max(self.word, self.tag)
        return count == self.width

    def misfit(self, count: int) -> str:
        """Say what is wrong with a row of so many columns."""
        return f"{counted(count, 'column')}, where the others have {self.width}"

    def remedy(self, count: int) -> str:
        """Say what to do about a row of so many columns."""
        if count < self.width:
            return "every line needs a word and its tag"
        if self.separator:
            return "quote or replace the separator inside a word, or leave the further columns out"
        return "a space inside a word makes two columns of it: put tabs between the columns"


def _split(line: str, separator: str) -> list[str]:
    if separator == "\t":
        return [part.strip(" ") for part in line.split("\t")]
    if separator:
        try:
            return [part.strip() for part in next(csv.reader([line], delimiter=separator))]
        except (csv.Error, StopIteration):
            return [line]
    return _BLANKS.split(line.strip(" \t"))


def shape_of(lines: Iterable[str], roles: Sequence[str] = ()) -> ColumnLayout | None:
    """Return the shape of a file, from its first lines, or None if no column holds tags.

    Parameters
    ----------
    lines : iterable of str
        Lines without their ends; the first 5,000 that hold anything are looked at.
    roles : sequence of str
        What every column is (`suffice.corpus.formats.columnroles.parse_columns`); found out from a
        header row, or from what the columns hold, if empty.

    Returns
    -------
    ColumnLayout or None
        The tag column is one in which 95 % of the lines have a tag, but for those where it is not
        known (`tag_columns`); the word column as `word_column` says.
    """
    sample = list(islice((line for line in lines if not line.startswith(_DOCSTART)), 2 * _SAMPLE))
    filled = [line for line in sample if line.strip(" \t")]
    # Comments and words that begin with # look alike; both are rare.
    rows = (
        [line for line in filled if not line.startswith("#")]
        or [line for line in filled if not line.startswith("# ")]
    )[:_SAMPLE]
    separator = _separator(rows)
    split = [_split(line, separator) for line in rows]
    if not split:
        return None
    header = _header(split)
    split = [fields for fields in split if tuple(fields) != header]
    if not split:
        return None
    widths = Counter(map(len, split))
    ragged = not header and _is_ragged(sample, separator)
    width = min(widths) if ragged else len(header) or widths.most_common(1)[0][0]
    columns = list(zip(*(f[:width] for f in split if len(f) == width or ragged), strict=True))
    if width < 2 or not columns:
        return None
    named = list(roles) or [header_role(name) or "_" for name in header] or ["_"] * width
    if len(named) != width:
        return ColumnLayout(separator, width, word=named.index("word"), tag=named.index("tag"))
    return _shape(columns, named, separator, header, ragged=ragged, given=bool(roles))


def _shape(
    columns: Sequence[Sequence[str]],
    named: list[str],
    separator: str,
    header: tuple[str, ...],
    *,
    ragged: bool,
    given: bool,
) -> ColumnLayout | None:
    """Return the shape of a file whose columns' names are known, as far as they are."""
    width = len(columns)
    found = _tag_column(columns, named, given=given)
    if found is None:
        return None
    tag, bare = found
    numbers = [c for c in number_columns(columns) if c != tag]
    number = next((c for c in numbers if counts_words(columns[c])), None)
    tagged = tag_columns(columns)
    free = [c for c in range(width) if c != tag]
    candidates = [c for c in free if c not in numbers and c not in tagged] or free
    rivals: list[int] = []
    if "word" in named and named.index("word") != tag:
        word = named.index("word")
    else:
        candidates = [c for c in candidates if named[c] == "_"] or candidates
        word, rivals = word_column(columns, candidates)
    entities = [c for c in sorted(tagged) if c not in (tag, word) and tag_rank(columns[c]) == 0]
    return ColumnLayout(
        separator, width, word, tag,
        number=number if number != word else None,
        sentence=named.index("sentence") if "sentence" in named else None,
        document=named.index("document") if "document" in named else None,
        others=tuple(entities) if tag_rank(columns[tag]) == 0 and not given else (),
        rivals=tuple(sorted(rivals)),
        header=header,
        bare=bare,
        ragged=ragged,
    )  # fmt: skip


def _tag_column(
    columns: Sequence[Sequence[str]], named: Sequence[str], *, given: bool
) -> tuple[int, bool] | None:
    """Return the column of tags, and whether they are labels alone; None if there is none."""
    if given:
        tag = named.index("tag")
        return tag, bare_column([columns[tag]]) is not None
    tagged = tag_columns(columns)
    if not tagged or tag_rank(columns[tagged[0]]) == 2:
        # A few labels among many an O may pass for tags of which none names a label.
        bare = bare_column(columns)
        if bare is not None:
            return bare, True
    called = [c for c in tagged if named[c] == "tag"]
    return ((called or tagged)[0], False) if tagged else None


def _separator(rows: Sequence[str]) -> str:
    """Return what parts the columns: tabs in half of the rows, or commas in nearly all of them."""
    if 2 * sum("\t" in line for line in rows) >= len(rows):
        return "\t"
    for mark in ",;":
        if sum(mark in line for line in rows) >= _MOST * len(rows):
            split = [_split(line, mark) for line in rows]
            if len({len(fields) for fields in split}) == 1:
                return mark
    return ""


def _header(split: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the first row if it names columns: it has a known name, and no tag where others do."""
    first = split[0]
    same = [fields for fields in split[1:] if len(fields) == len(first) and fields != first]
    if not same or not any(map(header_role, first)):
        return ()
    columns = list(zip(*same, strict=True))
    tags = tag_columns(columns) or [c for c in [bare_column(columns)] if c is not None]
    if not tags or any(is_tag(first[c]) for c in tags):
        return ()
    return () if first[tags[0]] in columns[tags[0]] else tuple(first)


def _is_ragged(sample: Sequence[str], separator: str) -> bool:
    """Return whether the rows of a sentence agree in their number, and sentences do not."""
    widths: list[set[int]] = [set()]
    rows = [0]
    for line in sample:
        if not line.strip(" \t"):
            if rows[-1]:
                widths.append(set())
                rows.append(0)
        elif not line.startswith("#"):
            widths[-1].add(len(_split(line, separator)))
            rows[-1] += 1
    several = [own for own, count in zip(widths, rows, strict=True) if count > 1]
    if any(len(own) > 1 for own in several):
        return False
    counts = Counter(next(iter(own)) for own in several)
    # A single sentence that differs is more likely a mistake.
    return len(counts) > 1 and sorted(counts.values())[-2] > 1


def looks_tagged(lines: Sequence[str]) -> bool:
    """Return whether lines are words in columns with their tags, and not prose.

    A few lines of prose may have an "I" or "S" at the same place: without a tab it takes ten lines,
    or two where a tag names a label (a single line may hold an "M-J.").
    """
    shape = shape_of(lines)
    if shape is None or shape.separator == "\t":
        return shape is not None
    split = map(shape.split, lines)
    tags = [shape.tag_of(fields) for fields in split if len(fields) == shape.width]
    known = [tag for tag in tags if tag is not None]
    named = any(len(tag) > 2 for tag in known) and not shape.bare
    return len(known) >= (2 if named else _LEAST_ROWS)
