"""Column files: one word a line, its tag in a column, a blank line after each sentence.

The text is made from the words, joined by single spaces, one sentence a line; a comment
``# text = ...`` gives a sentence's text where the words are found in it. Documents are what
``-DOCSTART-`` or ``# newdoc`` begins; in a file without either every sentence is one. A tag ``-``
or ``_`` says that the word is not annotated (`suffice.corpus.formats.words`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Note, Source
from suffice.corpus.formats.columns import Columns as Shape
from suffice.corpus.formats.columns import looks_tagged, shape_of
from suffice.corpus.formats.columnwriter import Writer
from suffice.corpus.formats.tagging import SCHEMES, UNKNOWN, detect, is_tag
from suffice.corpus.formats.words import Built, not_annotated
from suffice.errors import CorpusError, InputError

_DOCSTART = "-DOCSTART-"
_NEWDOC = re.compile(r"# ?newdoc\b")


@dataclass
class _Sentence:
    """The words of a sentence, with their tags, and what its comments say."""

    line: int
    new_document: bool = False
    comments: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    error: CorpusError | None = None


class Columns(FileFormat):
    """Words and tags in columns, as in CoNLL-2003.

    Parameters
    ----------
    scheme : str
        The scheme to write: BIO (IOB2), IOB1, BILOU or IOBES. What is read is detected.
    """

    name = "conll"
    extensions = (".conll", ".iob", ".iob2", ".iob1", ".bio", ".bilou", ".iobes", ".conllu", ".tsv")
    title = "words and tags in columns"

    def __init__(self, scheme: str = "BIO") -> None:
        if scheme not in SCHEMES:
            raise InputError(
                f"there is no tag scheme called {scheme!r}",
                remedy=f"choose one of {', '.join(SCHEMES)}",
            )
        self.scheme = scheme

    def sniff(self, head: bytes, path: Path) -> float:
        """Return how much the beginning of a file looks like words and tags in columns."""
        if b"\0" in head or head.lstrip()[:1] in (b"{", b"<"):
            return 0.0
        lines = head.decode("utf-8", errors="replace").split("\n")
        if len(lines) > 1:
            lines = lines[:-1]
        return 0.6 if looks_tagged([line.removesuffix("\r") for line in lines]) else 0.0

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        shape = shape_of(line for _, line in source.lines() if isinstance(line, str))
        if shape is None:
            raise source.error(
                "no column of this file holds tags (O, B-..., I-...) beside a column of words",
                "every line needs a word and its tag, with a tab or spaces between them",
            )
        if shape.others:
            columns = ", ".join(str(c + 1) for c in shape.others)
            yield Note(f"columns that hold tags too and are not read ({columns})")
        # The words of a whole file take much memory, so that it is gone through twice.
        looked = _Looked()
        scheme = detect(looked.tags(_sentences(source, shape)))
        yield Note(f"sentences, with tags of the scheme {scheme}", looked.sentences)
        for block in _blocks(_sentences(source, shape), looked.documents):
            yield from _document(source, block, scheme)

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents; spans that overlap a longer one, and most layout, cannot be kept."""
        writer = Writer(self.scheme)
        for document in documents:
            out.write(writer.lines(document).encode())
        return writer.notes()


@dataclass
class _Looked:
    """What the first look at a file's sentences finds."""

    sentences: int = 0
    documents: bool = False

    def tags(self, sentences: Iterable[_Sentence]) -> Iterator[list[str]]:
        """Yield the tags of each sentence."""
        for sentence in sentences:
            self.sentences += 1
            self.documents |= sentence.new_document
            yield ["O" if tag in UNKNOWN else tag for tag in sentence.tags]


def _blocks(sentences: Iterable[_Sentence], documents: bool) -> Iterator[list[_Sentence]]:
    """Yield the sentences of each document; each is one where the file names no documents."""
    block: list[_Sentence] = []
    for sentence in sentences:
        if block and (sentence.new_document or not documents):
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _sentences(source: Source, shape: Shape) -> Iterator[_Sentence]:
    """Yield the sentences that have words, or an error."""
    current = _Sentence(1)
    for number, line in source.lines():
        if isinstance(line, CorpusError):
            current.error = current.error or line
            continue
        if not line.strip(" \t"):
            if current.words or current.error:
                yield current
                current = _Sentence(number + 1)
            continue
        fields = shape.split(line)
        if fields[0] == _DOCSTART or line.startswith(_DOCSTART):
            if current.words or current.error:
                yield current
            current = _Sentence(number, new_document=True)
        elif shape.is_comment(line):
            if current.words and _NEWDOC.match(line):
                yield current
                current = _Sentence(number)
            _comment(line, current)
        elif shape.is_extra(fields):
            continue
        elif len(fields) <= max(shape.word, shape.tag):
            current.error = current.error or source.error(
                f"{len(fields)} column(s), where the others have {shape.width}",
                "every line needs a word and its tag",
                number,
            )
        elif not is_tag(fields[shape.tag]) and fields[shape.tag] not in UNKNOWN:
            current.error = current.error or source.error(
                f"column {shape.tag + 1} holds no tag",
                "tags are O, or B-, I-, E-, L-, S-, U- and a label",
                number,
            )
        elif not fields[shape.word]:
            current.error = current.error or source.error("the word is empty", "", number)
        else:
            if not current.words:
                current.line = number
            current.words.append(fields[shape.word])
            current.tags.append(fields[shape.tag])
    if current.words or current.error:
        yield current


def _comment(line: str, sentence: _Sentence) -> None:
    key, equals, value = line[1:].partition("=")
    if _NEWDOC.match(line):
        sentence.new_document = True
    if equals:
        sentence.comments[key.strip()] = value.removeprefix(" ")


def _document(source: Source, block: list[_Sentence], scheme: str) -> Iterator[Item]:
    for sentence in block:
        if sentence.error is not None:
            yield sentence.error
            return
    known = (tag not in UNKNOWN for sentence in block for tag in sentence.tags)
    if (left_out := not_annotated(known)) is not None:
        yield left_out
        return
    built = Built(scheme)
    for sentence in block:
        built.add(sentence.words, sentence.tags, sentence.comments.get("text"))
    yield from built.notes()
    said = block[0].comments
    given = said.get("newdoc id") or (said.get("sent_id") if len(block) == 1 else None)
    yield Draft(
        where=source.line(block[0].line),
        text=built.text,
        spans=built.spans,
        id=given or None,
        sentences=built.sentences,
        fields=said,
    )
