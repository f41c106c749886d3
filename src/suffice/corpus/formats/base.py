"""What a format has to do, and what it hands over: drafts of documents, not yet verified.

A format knows the shape of its files and nothing else. `suffice.corpus.read` finds the files,
decompresses and decodes them, verifies every draft (`suffice.corpus.verify`), gives ids where
there are none, and renames labels; so all formats obey the same rules.
"""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from suffice.corpus.document import Document
from suffice.corpus.files import Tree
from suffice.corpus.formats.line_ends import split_lines
from suffice.corpus.origin import Lines
from suffice.corpus.together import Together
from suffice.errors import CorpusError

_HEAD, _LONGEST_LINE = 1 << 16, 4 << 20
_BYTES_END = re.compile(rb"\r*\n|\r")


@dataclass(frozen=True)
class Draft:
    """A document as a file has it, with nothing verified yet.

    Parameters
    ----------
    where : str
        The file and the line or record, as ``"notes.jsonl, line 3"``.
    text : Any
        Should be a str.
    spans : Any
        Should be a list of mappings with ``start``, ``end``, ``label`` and perhaps ``text``; None
        where only annotators' own spans are known: those that more than half of them marked. A
        span in several pieces has ``fragments``, a list of pairs of offsets, instead of ``start``
        and ``end`` (`suffice.corpus.fragments`).
    id : Any
        A str or an int; None where the file gives none.
    sentences : Any
        A list of pairs of offsets, or None.
    group, split : Any
        A str, an int or None.
    annotators : Any
        A mapping of names to lists of spans, or None.
    annotator_labels : Any
        A mapping of names to lists of the labels that they were asked for, or None.
    fields : mapping
        The whole record, where ``--group FIELD`` looks.
    lines : Lines, optional
        The line of each word, where a file has its words on lines of their own.
    layer : str, optional
        Which of several kinds of annotations the spans are, where the file did not say: all
        documents of a corpus have to agree in it.
    """

    where: str
    text: Any = field(repr=False)
    spans: Any = field(repr=False)
    id: Any = None
    sentences: Any = None
    group: Any = None
    split: Any = None
    annotators: Any = field(default=None, repr=False)
    annotator_labels: Any = None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    lines: Lines | None = None
    layer: str | None = None


@dataclass(frozen=True)
class Note:
    """Something that is no error but must be counted, as a record that its annotator rejected.

    Parameters
    ----------
    text : str
        What it is, the same for all of its kind, so that equal notes of a file can be counted.
    count : int
        How often.
    """

    text: str
    count: int = 1


@dataclass(frozen=True)
class Source:
    """One file to read, decompressed.

    Parameters
    ----------
    path : Path
        The file, as the user named it.
    data : bytes
        Its content, decompressed.
    encoding : str
        The name of a text encoding that Python knows.
    lenient : bool
        Whether a bad record is skipped.
    private : bool
        Whether messages must hold no text.
    tree : Tree, optional
        Where the file was found, for formats that keep a document in several files.
    columns : tuple of str
        The role of each column of a column file (``--columns``); found out if empty.
    together : Together, optional
        The files of this format that are read with it.
    layer : str, optional
        Which annotations to read, where a file has several kinds: see `suffice.read`.
    feature : str, optional
        What of an annotation is its label, where it has several features.
    """

    path: Path
    data: bytes = field(repr=False)
    encoding: str = "utf-8"
    lenient: bool = False
    private: bool = False
    tree: Tree | None = field(default=None, repr=False)
    columns: tuple[str, ...] = ()
    together: Together | None = field(default=None, repr=False)
    layer: str | None = None
    feature: str | None = None

    @property
    def name(self) -> str:
        """Return the file's name for messages."""
        return self.path.as_posix()

    def line(self, number: int) -> str:
        """Return ``"FILE, line NUMBER"``."""
        return f"{self.name}, line {number}"

    def record(self, number: int) -> str:
        """Return ``"FILE, record NUMBER"``."""
        return f"{self.name}, record {number}"

    def error(self, problem: str, remedy: str = "", line: int | None = None) -> CorpusError:
        """Return the error that names this file, and the line where there is one."""
        where = self.name if line is None else self.line(line)
        return CorpusError(problem, remedy=remedy, where=where)

    def sibling(self, name: str) -> Source | None:
        """Return the file of this name in the same folder or archive; None if there is none."""
        if self.tree is None or name not in self.tree.names(self.path.parent):
            return None
        path = self.path.with_name(name)
        return replace(self, path=path, data=self.tree.data(path))

    @cached_property
    def codec(self) -> str:
        """Return the encoding to use: UTF-16 where its byte order mark says so, else as given."""
        if self.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        return self.encoding

    @cached_property
    def head(self) -> bytes:
        r"""Return the beginning of the file, in UTF-8 whatever its encoding, without a BOM.

        It is 64 KiB long, or as long as the line that goes beyond, if that is at most 4 MiB. Lines
        that end in ``\r`` alone end in ``\n`` here.
        """
        end = self.data.find(b"\n", _HEAD, _LONGEST_LINE)
        if end < 0:
            end = _HEAD if len(self.data) > _LONGEST_LINE else len(self.data)
        head = self.data[:end]
        if codecs.lookup(self.codec).name != "utf-8":
            head = head.decode(self.codec, errors="replace").encode("utf-8", errors="replace")
        if b"\n" not in head:
            head = head.replace(b"\r", b"\n")
        return head.removeprefix(codecs.BOM_UTF8)

    @cached_property
    def text(self) -> str:
        """Return the whole file as text, without a byte order mark, line ends as they are.

        Raises
        ------
        CorpusError
            The bytes are not text in this encoding.
        """
        try:
            return self.data.decode(self.codec).removeprefix("\ufeff")
        except UnicodeError as error:
            raise self._undecodable(getattr(error, "start", 0)) from None

    def lines(self, *, mixed: bool = False) -> Iterator[tuple[int, str | CorpusError]]:
        r"""Yield the lines with their numbers, from 1, without their ends.

        Parameters
        ----------
        mixed : bool
            Whether ``\r`` ends a line in a file with ``\n`` as well; see `split_lines`.

        Raises
        ------
        CorpusError
            The bytes are not text in this encoding. In lenient reading the bad line is yielded as
            an error instead, where the encoding lets lines be told apart.
        """
        try:
            text = self.data.decode(self.codec)
        except UnicodeError as error:
            if not (self.lenient and "\n".encode(self.codec) == b"\n"):
                raise self._undecodable(getattr(error, "start", 0)) from None
            yield from self._lines_apart()
            return
        yield from enumerate(split_lines(text.removeprefix("\ufeff"), mixed=mixed), start=1)

    def _lines_apart(self) -> Iterator[tuple[int, str | CorpusError]]:
        offset = 0
        for number, raw in enumerate(_BYTES_END.split(self.data), start=1):
            try:
                yield number, raw.decode(self.codec).removeprefix("\ufeff")
            except UnicodeDecodeError as error:
                yield number, self._undecodable(offset + error.start, number)
            end = _BYTES_END.match(self.data, offset + len(raw))
            offset = offset + len(raw) if end is None else end.end()

    def _undecodable(self, offset: int, line: int | None = None) -> CorpusError:
        if line is None:
            line = len(_BYTES_END.findall(self.data[:offset])) + 1
        return self.error(
            f"byte {offset} of the file is not valid {self.codec.upper()}",
            "name the encoding, as `encoding` cp1252 or `encoding` latin-1",
            line,
        )


MAJORITY = "annotated by several; the spans that more than half of them marked are used"
"""The note for a draft that leaves the spans to the majority of its annotators."""

Item = Draft | Note | CorpusError
"""What `Format.read` yields: a draft, something to count, or a record that cannot be used."""


class Likeness(IntEnum):
    """How much the beginning of a file looks like a format: the one scale of all formats.

    Below `SHAPE` a file that looks like an export of some tool that is not read is refused, rather
    than taken for this format.
    """

    NONE = 0
    """It is something else."""

    POSSIBLE = 1
    """It may be: the name or the first bytes fit, and too little is there to see more."""

    SHAPE = 2
    """It has this format's shape, which other tools' files may have as well."""

    FIELDS = 3
    """It has fields or a file name that only this format has."""

    CERTAIN = 4
    """It says so itself, in a mark at its beginning."""


class Format(ABC):
    """One way of keeping annotated text in a file.

    Found by name through the entry points ``suffice.formats``; made without arguments.

    Attributes
    ----------
    name : str
        The name on the command line.
    extensions : tuple of str
        Endings of file names, with the dot, lower-case, without ``.gz``; the first is the usual.
    title : str
        What the format is, in a few words, for messages.
    binary : bool
        Whether files are something else than text.
    empty : bool
        Whether an empty file says something, as that a text has no entities.
    choices : tuple of {"layer", "feature"}
        What of a `Source` chooses among several kinds of annotations that a file may hold.
    """

    name: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]]
    title: ClassVar[str]
    binary: ClassVar[bool] = False
    empty: ClassVar[bool] = False
    choices: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like this format.

        Parameters
        ----------
        head : bytes
            The beginning (`Source.head`), decompressed; text in UTF-8 without a byte order mark.
        path : Path
            The file; its ending may break a tie.

        Returns
        -------
        Likeness
            The format with the highest is taken, the first by name among equals.
        """

    @abstractmethod
    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified.

        A record that cannot be used is *yielded* as a `CorpusError`, so that lenient reading can
        go on after it; a file that cannot be used at all *raises* one. Nothing else is raised,
        whatever the bytes.
        """

    def companion(self, name: str, names: Collection[str]) -> bool:
        """Return whether a file of a folder belongs to another one and is not read by itself.

        Parameters
        ----------
        name : str
            The file's name.
        names : collection of str
            The names of all files of its folder.
        """
        return False


class FileFormat(Format):
    """A format that keeps a whole corpus in one file."""

    @abstractmethod
    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents.

        Returns
        -------
        list of str
            What the format cannot express, each with its count; empty if reading the file gives
            the same documents.

        Raises
        ------
        CorpusError
            A document cannot be written at all.
        """


class FolderFormat(Format):
    """A format that keeps each document in a file of its own, or in several."""

    @abstractmethod
    def write(self, documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
        """Write documents, as `FileFormat.write` does.

        Parameters
        ----------
        documents : sequence of Document
            What to write.
        put : callable
            Takes the name of a file inside the folder and its content.
        """


_KEPT = {
    "sentences": "documents whose sentences are not written",
    "group": "documents whose group is not written",
    "split": "documents whose split is not written",
    "annotators": "documents whose annotators' own spans are not written",
}


def not_written(documents: Sequence[Document], *fields: str) -> list[str]:
    """Return, with counts, what is lost where a format keeps no place for these fields.

    Parameters
    ----------
    documents : sequence of Document
        What is written.
    *fields : {"sentences", "group", "split", "annotators"}
        What the format cannot keep.
    """
    counts = {f: sum(getattr(d, f) not in (None, {}) for d in documents) for f in fields}
    return [f"{_KEPT[name]}: {count}" for name, count in counts.items() if count]
