"""PubTator: an abstract's title and text on a line each, then a line for each annotation.

::

    26094|t|Lithium and the heart.
    26094|a|It was given to one patient.
    26094	0	7	Lithium	Chemical	D008094

The document's text is the title, a line break, and the abstract; where the abstract is empty, the
title alone. Relations are passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source, not_written
from suffice.errors import CorpusError

_TEXT = re.compile(r"([^|\t]{1,200})\|([ta])\|(.*)", re.DOTALL)
_HEAD = re.compile(
    rb"(?:\s*\n)?( *[^\s|{}\[<\"][^|\t\n]{0,199})\|t\|[^\n]*(?:\n\1(?:\|a\||\t)|\s*$)?"
)
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_BREAKS = re.compile(r"[\t\n\r]")


@dataclass
class _Entry:
    """The lines of one document."""

    line: int
    id: str
    texts: dict[str, str] = field(default_factory=dict)
    spans: list[dict[str, Any]] = field(default_factory=list)
    relations: int = 0
    error: CorpusError | None = None

    @property
    def text(self) -> str:
        """Return the title and the abstract."""
        abstract = self.texts.get("a")
        return self.texts.get("t", "") + (f"\n{abstract}" if abstract else "")


class PubTator(FileFormat):
    """PubTator's lines."""

    name = "pubtator"
    extensions = (".pubtator",)
    title = "PubTator"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like PubTator."""
        found = _HEAD.match(head)
        if found is None:
            return Likeness.NONE
        return Likeness.CERTAIN if found[0].count(b"\n", found.start(1)) else Likeness.POSSIBLE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the documents of a file, unverified."""
        for entry in _entries(source):
            if entry.error is not None:
                yield entry.error
                continue
            if entry.relations:
                yield Note("relations, passed over", entry.relations)
            text = entry.text
            for span in entry.spans:
                _forgive(span, text)
            yield Draft(
                where=source.line(entry.line), text=text, spans=entry.spans, id=entry.id or None
            )

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents; line breaks but for the first of a text become spaces."""
        counts = {
            "line breaks beyond the first of a document, written as spaces": 0,
            "documents whose id holds '|', written as %7C": 0,
            "labels with line breaks or tabs, written as spaces": 0,
        }
        breaks, ids, labels = counts
        for document in documents:
            title, abstract, lost = _title(document.text)
            counts[breaks] += lost
            counts[ids] += "|" in document.id
            id = document.id.replace("|", "%7C")
            lines = [f"{id}|t|{title}", f"{id}|a|{abstract}"]
            for span in document.spans:
                label, changed = _BREAKS.subn(" ", span.label)
                counts[labels] += changed > 0
                mention = _BREAKS.sub(" ", document.text[span.start : span.end])
                lines.append(f"{id}\t{span.start}\t{span.end}\t{mention}\t{label}\t")
            out.write("\n".join([*lines, "", ""]).encode())
        return [f"{what}: {n}" for what, n in counts.items() if n] + not_written(
            documents, "sentences", "group", "split", "annotators"
        )


def _entries(source: Source) -> Iterator[_Entry]:
    current: _Entry | None = None
    for number, line in source.lines():
        if isinstance(line, CorpusError):
            current = current or _Entry(number, "")
            current.error = current.error or line
        elif not line.strip(" \t"):
            if current is not None:
                yield current
            current = None
        elif (found := _TEXT.fullmatch(line)) is not None:
            if found[2] == "t" or current is None:
                if current is not None:
                    yield current
                current = _Entry(number, found[1])
            _add_text(source, number, current, found)
        elif current is None:
            current = _Entry(number, "")
            current.error = source.error(
                "an annotation comes before any title",
                "a document begins with a line as 26094|t|TITLE",
                number,
            )
        else:
            _add_row(source, number, current, line.split("\t"))
    if current is not None:
        yield current


def _add_text(source: Source, number: int, entry: _Entry, found: re.Match[str]) -> None:
    problem = ""
    if found[1] != entry.id:
        problem = "the abstract has another id than the title before it"
    elif found[2] in entry.texts:
        problem = "the document has two abstracts"
    elif found[2] == "a" and "t" not in entry.texts:
        problem = "the abstract has no title before it"
    if problem and entry.error is None:
        entry.error = source.error(problem, "a blank line parts documents", number)
    entry.texts[found[2]] = found[3]


def _add_row(source: Source, number: int, entry: _Entry, fields: list[str]) -> None:
    problem = ""
    if len(fields) < 2:
        problem = "the line is neither title, abstract, annotation nor relation"
    elif fields[0] != entry.id:
        problem = "the annotation has another id than the title before it"
    elif not _NUMBER.fullmatch(fields[1]):
        if len(fields) >= 4:
            entry.relations += 1
            return
        problem = "the annotation's start is no number"
    elif len(fields) < 5 or not _NUMBER.fullmatch(fields[2]):
        problem = "the annotation lacks a column"
    if problem:
        remedy = "annotations are: id, start, end, mention, type, concept, with tabs between"
        entry.error = entry.error or source.error(problem, remedy, number)
        return
    start, end, mention, label = int(fields[1]), int(fields[2]), fields[3], fields[4]
    entry.spans.append({"start": start, "end": end, "label": label, "text": mention})


def _forgive(span: dict[str, Any], text: str) -> None:
    """Let a mention have a space where the text has a line break, which no column can hold."""
    own = text[max(span["start"], 0) : max(span["end"], 0)]
    if _BREAKS.sub(" ", own) == span["text"]:
        span["text"] = own


def _title(text: str) -> tuple[str, str, int]:
    """Return title, abstract, and how many line breaks became spaces."""
    title, first, abstract = text.partition("\n")
    if first and not abstract:  # an empty abstract is read as none
        title, first = title + " ", ""
    lost = text.count("\n") + text.count("\r") - bool(first)
    return _one_line(title), _one_line(abstract), lost


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
