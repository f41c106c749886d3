"""The sentences of a column file: rows, comments, and where documents begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from suffice.corpus.formats.base import Source
from suffice.corpus.formats.columns import ColumnLayout
from suffice.corpus.formats.surface import Joined, is_glued
from suffice.corpus.formats.tagging import is_several
from suffice.errors import CorpusError

_DOCSTART = "-DOCSTART-"
# CoNLL-U and CoNLL-2012, and GENIA's corpora.
_NEW_DOCUMENT = re.compile(r"# ?newdoc\b|#begin document\b|###MEDLINE:")
_DOCUMENT_KEY = re.compile(r"(?:\w+:)?doc(?:ument)?_?id")  # HIPE, and others


@dataclass
class Sentence:
    """The words of a sentence, with their tags and lines, and what its comments say.

    Parameters
    ----------
    line : int
        Its first line.
    new_document : bool
        Whether a document begins with it.
    document_id : str, optional
        What the column of documents holds.
    comments : dict of str to str
    words, tags : list of str
    lines : list of int
        The line number of each word.
    joined : list of Joined
        CoNLL-U's ranges.
    glued : set of int
        Positions of words that no space follows.
    misfits : list of (int, int)
        Line and number of columns of rows that have too many or too few.
    error : CorpusError, optional
        Why it cannot be used.
    columns : int, optional
        How many columns its rows have.
    number : str, optional
        The number of its last word, where the file has one.
    """

    line: int
    new_document: bool = False
    document_id: str | None = None
    comments: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    glued: set[int] = field(default_factory=set)
    misfits: list[tuple[int, int]] = field(default_factory=list)
    error: CorpusError | None = None
    columns: int | None = None
    number: str | None = None

    @property
    def begun(self) -> bool:
        """Return whether it has words, or lines that cannot be used."""
        return bool(self.words) or self.error is not None


def sentences(source: Source, shape: ColumnLayout) -> Iterator[Sentence]:
    """Yield the sentences of a file that have words, or an error.

    Parameters
    ----------
    source : Source
        The file.
    shape : ColumnLayout
        What its columns hold.
    """
    reader = _Reader(source, shape)
    for number, line in source.lines(mixed=True):
        yield from reader.take(number, line)
    yield from reader.end(0)


class _Reader:
    """Takes line after line, and hands sentences over as they end."""

    def __init__(self, source: Source, shape: ColumnLayout) -> None:
        self._source = source
        self._shape = shape
        self._current = Sentence(1)
        self._named: dict[str, str] = {}  # of the document that is being read

    def end(self, next_line: int) -> Iterator[Sentence]:
        """Yield the sentence that ends here, if it has begun."""
        ended = self._current
        if ended.begun:
            count = len(ended.words)
            ended.joined = [j for j in ended.joined if j.end <= count]
            self._current = Sentence(next_line, document_id=ended.document_id)
            yield ended

    def take(self, number: int, line: str | CorpusError) -> Iterator[Sentence]:
        """Take a line; yield the sentence that ends with it."""
        if isinstance(line, CorpusError):
            self._current.error = self._current.error or line
            return
        line = line.removeprefix("\ufeff")  # within files that were joined
        if not line.strip(" \t"):
            yield from self.end(number + 1)
            return
        fields = self._shape.split(line)
        if line.startswith(_DOCSTART) or fields[0] == _DOCSTART:
            yield from self.end(number)
            self._current = Sentence(number, new_document=True)
        elif self._shape.is_comment(line):
            yield from self._comment(number, line)
        elif self._shape.is_header(fields):
            return
        elif self._shape.is_extra(fields):
            self._range(fields)
        else:
            yield from self._row(number, fields)

    def _comment(self, number: int, line: str) -> Iterator[Sentence]:
        key, equals, value = line[1:].partition("=")
        key, value = key.strip(), value.removeprefix(" ")
        named = equals != "" and _DOCUMENT_KEY.fullmatch(key) is not None
        changed = named and self._named.get(key) != value
        if changed or _NEW_DOCUMENT.match(line):
            yield from self.end(number)
            self._current.new_document = True
            self._current.document_id = (value or None) if changed else None
        if named:
            self._named[key] = value
        if equals:
            self._current.comments[key] = value

    def _range(self, fields: list[str]) -> None:
        """Take a line as ``3-4  al``; one as ``5.1`` is a word that was not written."""
        shape, current = self._shape, self._current
        assert shape.number is not None
        first, dash, last = fields[shape.number].partition("-")
        form = fields[shape.word] if len(fields) > shape.word else ""
        if dash and int(last) >= int(first) and form not in ("", "_"):
            begin = len(current.words)
            end = begin + int(last) - int(first) + 1
            if not current.joined or current.joined[-1].end <= begin:
                current.joined.append(Joined(begin, end, form, is_glued(fields[shape.word + 1 :])))

    def _row(self, number: int, fields: list[str]) -> Iterator[Sentence]:
        shape, source = self._shape, self._source
        yield from self._changed(number, fields)
        current = self._current
        count = None if shape.number is None else fields[shape.number : shape.number + 1]
        if count == ["1"] and current.words and current.number == str(len(current.words)):
            yield from self.end(number)  # words are numbered from 1 in each sentence
            current = self._current
        if not current.begun:
            current.line = number
        if not shape.fits(fields, current.columns):
            current.misfits.append((number, len(fields)))
            problem = shape.misfit(len(fields)), shape.remedy(len(fields))
        elif (tag := shape.tag_of(fields)) is None:
            problem = (
                f"column {shape.tag + 1} holds no tag",
                "tags are O, or B-, I-, E-, L-, S-, U- and a label",
            )
        elif is_several(fields[shape.word], fields[shape.tag]):
            problem = (
                "the row holds several words or tags",
                "write a line for each word, with one tag",
            )
        elif not fields[shape.word]:
            problem = "the word is empty", ""
        else:
            current.columns = len(fields)
            current.number = count[0] if count else None
            if is_glued(fields[shape.word + 1 :]):
                current.glued.add(len(current.words))
            current.words.append(fields[shape.word])
            current.tags.append(tag)
            current.lines.append(number)
            return
        current.error = current.error or source.error(*problem, number)

    def _changed(self, number: int, fields: list[str]) -> Iterator[Sentence]:
        """End the sentence where the columns of sentences or documents say so."""
        for column, document in ((self._shape.document, True), (self._shape.sentence, False)):
            if column is None or column >= len(fields) or not fields[column]:
                continue
            kind = "document" if document else "sentence"
            if self._named.get(kind) != fields[column]:
                self._named[kind] = fields[column]
                yield from self.end(number)
                if document:
                    self._named.pop("sentence", None)
                    self._current.new_document = True
                    self._current.document_id = fields[column]
