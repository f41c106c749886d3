"""brat's standoff files: a text in ``NAME.txt``, its annotation in ``NAME.ann``.

A document's id is its path below the folder that is read, without the ending. An empty ``.ann``
says that a text has no entities; a ``.txt`` without one is not annotated. Of the annotation the
text-bound ones (T) are read, the triggers of events among them; relations, events, attributes and
notes are counted. A span in several pieces is treated as `suffice.corpus.fragments` says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import (
    Draft,
    FolderFormat,
    Item,
    Likeness,
    Note,
    Source,
    not_written,
)
from suffice.corpus.formats.filenames import id_of, is_kept, stem_of
from suffice.corpus.formats.offsets import PLAIN, Rule, best_rule, same
from suffice.errors import CorpusError

_TEXT, _ANN, _GZIP = ".txt", ".ann", ".gz"
_SETTINGS = ("annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf", ".stats_cache")
_BOUND = re.compile(r"(.+?) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)")
_MARK = re.compile(rb"[TREAMN#*]\d*\t\S")
_KINDS = {
    "R": "relations",
    "E": "events (their triggers are read as spans)",
    "A": "attributes",
    "M": "attributes",
    "N": "references to other sources",
    "#": "notes",
    "*": "equivalences",
}
_BOM = "\ufeff"


class Brat(FolderFormat):
    """brat's standoff files."""

    name = "brat"
    extensions = (_ANN,)
    title = "brat's standoff files"
    empty = True

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like brat's annotation."""
        if path.name.lower().removesuffix(_GZIP).endswith(_ANN):
            return Likeness.FIELDS if _MARK.match(head) else Likeness.POSSIBLE
        return Likeness.NONE

    def companion(self, name: str, names: Collection[str]) -> bool:
        """Return whether a file is the text of an annotation, or one of brat's settings."""
        if name.removesuffix(_GZIP).endswith(_TEXT) or name in _SETTINGS:
            return _has_annotation(frozenset(names))
        return False

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the document that a file annotates."""
        stem = source.path.name.removesuffix(_GZIP)
        if stem.endswith(_TEXT):
            # The format was named, and so was a text, or a folder without any annotation.
            beside = source.sibling(stem.removesuffix(_TEXT) + _ANN)
            if beside is None:
                yield Note("texts without an .ann file, not annotated, left out")
                return
            source, stem = beside, beside.path.name
        stem = stem.removesuffix(_ANN)
        if source.tree is not None and source.tree.whole:
            yield from _not_annotated(source)
        text = source.sibling(stem + _TEXT) or source.sibling(stem + _TEXT + _GZIP)
        if text is None:
            yield source.error(
                f"there is no {stem + _TEXT} next to it", "brat keeps the text in a file of its own"
            )
            return
        try:
            content = text.text
        except CorpusError as error:
            yield error
            return
        yield from _document(source, stem, content)

    def write(self, documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
        """Write documents, and a configuration that has their labels."""
        for document in documents:
            stem = stem_of(document.id)
            lead = _BOM if document.text.startswith(_BOM) else ""
            put(stem + _TEXT, (lead + document.text).encode())
            lines = [
                f"T{number}\t{_label(span)} {span.start} {span.end}\t"
                f"{_one_line(document.text[span.start : span.end])}\n"
                for number, span in enumerate(document.spans, start=1)
            ]
            put(stem + _ANN, "".join(lines).encode())
        labels = sorted({span.label for d in documents for span in d.spans})
        lines = ["[entities]", *labels, "[relations]", "[events]", "[attributes]"]
        put("annotation.conf", "".join(f"{line}\n" for line in lines).encode())
        notes = not_written(documents, "sentences", "group", "split", "annotators")
        if count := sum(not is_kept(d.id) for d in documents):
            notes.append(f"documents whose id is too long for a file's name and is cut: {count}")
        if count := sum(" " in s.label for d in documents for s in d.spans):
            notes.append(
                f"spans whose label holds a space, which suffice reads and brat does not: {count}"
            )
        return notes


@lru_cache(maxsize=64)
def _has_annotation(names: frozenset[str]) -> bool:
    return any(name.removesuffix(_GZIP).endswith(_ANN) for name in names)


@lru_cache(maxsize=4)
def _unannotated(names: frozenset[str]) -> tuple[str, int]:
    """Return the first annotation of a folder, and how many of its texts have none."""
    plain = {name.removesuffix(_GZIP) for name in names}
    first = min(name for name in names if name.removesuffix(_GZIP).endswith(_ANN))
    texts = [name for name in plain if name.endswith(_TEXT)]
    return first, sum(name.removesuffix(_TEXT) + _ANN not in plain for name in texts)


def _not_annotated(source: Source) -> Iterator[Note]:
    """Yield, once for a folder, how many of its texts have no annotation."""
    assert source.tree is not None
    names = source.tree.names(source.path.parent)
    if _has_annotation(names):
        first, count = _unannotated(names)
        if count and source.path.name == first:
            yield Note("texts without an .ann file, not annotated, left out", count)


@dataclass(frozen=True)
class _Bound:
    """A text-bound annotation: its label, its pieces, and its text as the file has it."""

    label: str
    pieces: list[tuple[int, int]]
    text: str

    def marked(self) -> list[tuple[int, int, str | None]]:
        """Return the pieces, with the text where there is one only."""
        if len(self.pieces) == 1:
            return [(*self.pieces[0], self.text)]
        return [(start, end, None) for start, end in self.pieces]


def _document(source: Source, stem: str, text: str) -> Iterator[Item]:
    bound: list[_Bound] = []
    others: Counter[str] = Counter()
    for number, line in source.lines():
        if isinstance(line, CorpusError):
            yield line
            return
        if not line.strip():
            continue
        kind = line[0]
        if kind in _KINDS:
            others[_KINDS[kind]] += 1
        elif kind == "T" and (found := _parsed(line)) is not None:
            bound.append(found)
        else:
            yield source.error(
                "this is no line of brat's", "as T1, a tab, PERSON 0 5, a tab, Bo Ek", number
            )
            return
    marked = [m for b in bound for m in b.marked()]
    rule = best_rule(lambda: [(text, marked)])
    moved = _MovedAnnotations(text, rule)
    spans = [moved.span(b) for b in bound]
    for what, count in others.items():
        yield Note(f"{what}, passed over", count)
    if moved.count:
        yield Note(f"spans whose offsets {rule.said}, set right", moved.count)
    yield Draft(where=source.name, text=text, spans=spans, id=_id(source, stem))


def _parsed(line: str) -> _Bound | None:
    fields = line.split("\t", 2)
    match = _BOUND.fullmatch(fields[1]) if len(fields) > 1 else None
    if match is None:
        return None
    pairs = [pair.split(" ") for pair in match[2].split(";")]
    pieces = [(int(start), int(end)) for start, end in pairs]
    return _Bound(match[1], pieces, fields[2] if len(fields) > 2 else "")


class _MovedAnnotations:
    """Turns what the file says of spans into what is verified, by one rule for all offsets."""

    def __init__(self, text: str, rule: Rule) -> None:
        self.text = text
        self.rule = rule
        self.place = rule.places(text)
        self.count = 0

    def span(self, bound: _Bound) -> dict[str, Any]:
        """Return a span; one whose text is another keeps it, and is refused later."""
        found = [self.place(*piece) or piece for piece in bound.pieces]
        if self.rule is not PLAIN:
            self.count += found != bound.pieces
        if len(found) > 1:
            pieces = [list(piece) for piece in found]
            said = {"text": bound.text} if bound.text else {}
            return {"fragments": pieces, "label": bound.label, **said}
        (start, end) = found[0]
        span = {"start": start, "end": end, "label": bound.label}
        # Editors cut white space at the end of lines.
        if bound.text and not same(bound.text.rstrip(), self.text[start:end].rstrip()):
            span["text"] = bound.text
        return span


def _id(source: Source, stem: str) -> str:
    """Return the document's id: its path below what is read, without the ending."""
    folders: Sequence[str] = ()
    if source.tree is not None and source.tree.whole:
        folders = source.path.parent.relative_to(source.tree.path).parts
    return "/".join(map(id_of, (*folders, stem)))


def _label(span: Span) -> str:
    if span.label != " ".join(span.label.split()):
        raise CorpusError(
            "a label with white space other than single spaces cannot be written",
            remedy="rename it with `labels`",
        )
    return span.label


def _one_line(text: str) -> str:
    return re.sub(r"[\n\r\t]", " ", text)
