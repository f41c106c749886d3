r"""A format for suffice: a text on each line, with entities in brackets.

    [Bo Ek|PERSON] works at [Acme|ORG].
    ?Nobody has annotated this line yet.

A backslash stands before a bracket, a bar, a question mark or a backslash that is part of the
text, and `\n` and `\r` are line breaks within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from suffice.corpus.document import Document
from suffice.corpus.formats.base import (
    Draft,
    FileFormat,
    Item,
    Likeness,
    Note,
    Source,
    not_written,
)

_TOKEN = re.compile(r"\\(.)|([\[\]|])|([^\\\[\]|]+)")
_ENTITY = re.compile(rb"\[[^\[\]|\n]+\|[^\[\]|\n]+\]")
_BREAKS = {"n": "\n", "r": "\r"}


class Bracketed(FileFormat):
    """A text on each line, with entities in brackets."""

    name = "bracketed"
    extensions = (".brackets",)
    title = "text with entities in brackets"

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like text with entities in brackets."""
        if not _ENTITY.search(head):
            return Likeness.NONE
        return Likeness.FIELDS if path.name.endswith(self.extensions) else Likeness.POSSIBLE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield a document for each line, unverified."""
        for number, line in source.lines():
            if not isinstance(line, str):
                yield line  # lenient reading: this line cannot be decoded, and the next may be
            elif line.startswith("?"):
                yield Note("lines that nobody annotated, left out")
            elif line:
                yield _parse(line, source, number)

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write each document on a line."""
        for document in documents:
            parts, end = [], 0
            for span in sorted(document.spans):
                parts.append(_escape(document.text[end : span.start]))
                inside = _escape(document.text[span.start : span.end])
                parts.append(f"[{inside}|{_escape(span.label)}]")
                end = span.end
            line = "".join([*parts, _escape(document.text[end:])])
            out.write(f"{line}\n".encode())
        return not_written(documents, "sentences", "group", "split", "annotators")


def _parse(line: str, source: Source, number: int) -> Item:
    """Return the document of a line, or the error that says what is wrong with it."""
    text, spans, start, label = "", [], None, None
    position = 0
    while position < len(line):
        token = _TOKEN.match(line, position)
        if token is None:
            return source.error("ends in a backslash", "write it twice", number)
        escaped, mark, plain = token.groups()
        if mark == "[" and start is None:
            start, label = len(text), None
        elif mark == "|" and start is not None and label is None:
            label = ""
        elif mark == "]" and label is not None:
            spans.append({"start": start, "end": len(text), "label": label})
            start = label = None
        elif mark:
            return source.error(
                f"has a {mark!r} at character {position + 1} where none can be",
                "write an entity as [text|LABEL], and a backslash before a mark of the text",
                number,
            )
        else:
            piece = _BREAKS.get(escaped, escaped) if escaped else plain
            if label is None:
                text += piece
            else:
                label += piece
        position = token.end()
    if start is not None:
        return source.error("has a bracket that is not closed", "write [text|LABEL]", number)
    return Draft(where=source.line(number), text=text, spans=spans)


def _escape(text: str) -> str:
    marked = re.sub(r"([\\\[\]|?])", r"\\\1", text)
    return marked.replace("\n", r"\n").replace("\r", r"\r")
