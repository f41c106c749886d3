"""Column files: one word a line, its tag in a column, a blank line after each sentence.

The text is made from the words, joined by single spaces, one sentence a line; a comment
``# text = ...`` gives a sentence's text where the words are found in it, and CoNLL-U's ranges and
``SpaceAfter=No`` say how words were written. Documents are what ``-DOCSTART-`` or ``# newdoc``
begins. A file without either is one document among several files, and otherwise every sentence is
one (`suffice.corpus.together`). A tag ``-`` or ``_`` says that the word is not annotated
(`suffice.corpus.formats.words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source
from suffice.corpus.formats.columns import ColumnLayout, looks_tagged, shape_of
from suffice.corpus.formats.columnsentences import Sentence, sentences
from suffice.corpus.formats.columnwriter import Writer
from suffice.corpus.formats.foreign import explain_foreign
from suffice.corpus.formats.surface import surface_of
from suffice.corpus.formats.tagging import SCHEMES, UNKNOWN, detect
from suffice.corpus.formats.words import Built, not_annotated
from suffice.corpus.origin import Lines
from suffice.errors import CorpusError, InputError

_SHOWN_LINES = 5
_SEVERAL = 20  # sentences, which one text may have, and which a corpus needs as documents


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

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like words and tags in columns."""
        if b"\0" in head or head.lstrip()[:1] in (b"{", b"<"):
            return Likeness.NONE
        lines = head.decode("utf-8", errors="replace").split("\n")
        if len(lines) > 1:
            lines = lines[:-1]
        tagged = looks_tagged([line.removesuffix("\r") for line in lines])
        return Likeness.SHAPE if tagged else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        shape = _shape(source)
        # The words of a whole file take much memory, so that it is gone through twice.
        looked = _Looked()
        scheme = detect(looked.tags(sentences(source, shape)))
        if looked.misfits and not source.lenient:
            raise _misfits(source, shape, looked.misfits)
        yield from _notes(shape, looked)
        kind = "IO" if shape.bare else scheme
        yield Note(f"sentences, with tags of the scheme {kind}", looked.sentences)
        together, group = source.together, None
        whole = False
        if (
            looked.only_start
            and looked.sentences >= _SEVERAL
            and (together is None or together.is_alone)
        ):
            yield Note(
                "files with one -DOCSTART-, at the beginning, read as one document (without that "
                "line, each sentence is a document)"
            )
        if together is not None and not looked.documents:
            whole = together.is_document(source.path, looked.sentences)
            if whole:
                yield Note("files that mark no documents, each read as one document")
            elif together.are_many:
                group = together.name(source.path)
        each = not (looked.documents or whole)
        for block in _blocks(sentences(source, shape), each=each):
            given = together.name(source.path) if whole and together is not None else None
            yield from _document(source, block, scheme, given, group)

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
    only_start: bool = False  # a single -DOCSTART-, before the first sentence
    bare: int = 0
    misfits: list[tuple[int, int]] = field(default_factory=list)

    def tags(self, found: Iterable[Sentence]) -> Iterator[list[str]]:
        """Yield the tags of each sentence."""
        for sentence in found:
            self.sentences += 1
            if sentence.new_document:
                self.only_start = self.sentences == 1 and not sentence.comments
            self.documents |= sentence.new_document
            self.misfits += sentence.misfits
            self.bare += sum(tag != "O" and tag not in UNKNOWN for tag in sentence.tags)
            yield ["O" if tag in UNKNOWN else tag for tag in sentence.tags]


def _shape(source: Source) -> ColumnLayout:
    lines = (line for _, line in source.lines(mixed=True) if isinstance(line, str))
    shape = shape_of(lines, source.columns)
    if shape is None:
        if (foreign := explain_foreign(source)) is not None:
            raise source.error(*foreign)
        raise source.error(
            "no column of this file holds tags (O, B-..., I-...) next to a column of words",
            "every line needs a word and its tag, with a tab or spaces between them; `columns` "
            "names the columns, as word,_,_,tag",
        )
    if source.columns and len(source.columns) != shape.width:
        raise source.error(
            f"`columns` names {len(source.columns)} columns, and the file has {shape.width}",
            "name every column, with _ for those that are not read",
        )
    return shape


def _misfits(source: Source, shape: ColumnLayout, found: Sequence[tuple[int, int]]) -> CorpusError:
    """Return the error for rows with too many columns or too few."""
    line, count = found[0]
    others = [number for number, _ in found[1:]]
    also = ""
    if others:
        shown = ", ".join(map(str, others[:_SHOWN_LINES]))
        more = f" and {len(others) - _SHOWN_LINES:,} more" if len(others) > _SHOWN_LINES else ""
        also = f"; lines that do not fit either: {shown}{more}"
    return source.error(shape.misfit(count) + also, shape.remedy(count), line)


def _notes(shape: ColumnLayout, looked: _Looked) -> Iterator[Note]:
    if shape.header:
        yield Note(f"header rows ({', '.join(shape.header)})")
    if shape.rivals:
        rivals = " and ".join(str(c + 1) for c in shape.rivals)
        yield Note(
            f"files whose words were read from column {shape.word + 1} of {shape.width}, though "
            f"column {rivals} varies as much (--columns sets what each column is)"
        )
    if shape.others:
        columns = ", ".join(str(c + 1) for c in shape.others)
        yield Note(f"columns that hold tags too and are not read ({columns})")
    if shape.bare:
        yield Note(
            "words whose tag is a label without B- or I-: those of one label that touch are read "
            "as one entity",
            looked.bare,
        )


def _blocks(found: Iterable[Sentence], *, each: bool) -> Iterator[list[Sentence]]:
    """Yield the sentences of each document, or each of them as one."""
    block: list[Sentence] = []
    for sentence in found:
        if block and (sentence.new_document or each):
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _document(
    source: Source, block: list[Sentence], scheme: str, given: str | None, group: str | None
) -> Iterator[Item]:
    for sentence in block:
        if sentence.error is not None:
            yield sentence.error
            return
    known = (tag not in UNKNOWN for sentence in block for tag in sentence.tags)
    if (left_out := not_annotated(known)) is not None:
        yield left_out
        return
    built = Built(scheme)
    starts: list[tuple[int, int]] = []
    foreign = widened = 0
    for sentence in block:
        surface = surface_of(
            sentence.words,
            sentence.joined,
            frozenset(sentence.glued),
            sentence.comments.get("text"),
        )
        entities = built.add_placed(surface.text, surface.places, sentence.tags)
        begin = built.sentences[-1][0]
        starts += [(begin + a, n) for (a, _), n in zip(surface.places, sentence.lines, strict=True)]
        foreign += not surface.given
        widened += surface.widened(entities)
    yield from built.notes()
    if foreign:
        yield Note("sentences whose words do not stand in their # text, which is not used", foreign)
    if widened:
        yield Note("entities with a part of a multiword token, widened to all of it", widened)
    said = block[0].comments
    own = block[0].document_id or said.get("newdoc id")
    if own is None and given is None and len(block) == 1:
        own = said.get("sent_id")
    yield Draft(
        where=source.line(block[0].line),
        text=built.text,
        spans=built.spans,
        id=own or given,
        sentences=built.sentences,
        group=group,
        fields=said,
        lines=Lines(source.name, starts),
    )
