"""The hand-written disclosure statements: markup to text and spans, and checks of every row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = ("open", "held_out", "second", "third")
FOLDER = Path(__file__).resolve().with_name("data")
KINDS = (
    "honoraria", "consulting", "research funding", "employment", "shares", "speaker", "travel",
    "patents", "other", "none",
)  # fmt: skip
PHRASES = ("all authors", "the authors", "the other authors")
LABELS = {"P": "PERSON", "O": "ORG"}
FIELDS = {"id", "style", "text", "authors", "rows"}
_MARK = re.compile(r"\{([PO])\|([^{}|]+)\}")


@dataclass(frozen=True)
class Span:
    """A marked mention; `start` and `end` are offsets into the text without markup."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Row:
    """What a statement says of a person; person or organisation None as the guideline rules."""

    person: str | None
    organisation: str | None
    kind: str


@dataclass(frozen=True)
class Statement:
    """A statement, its mentions and the rows expected of it."""

    id: str
    style: str
    text: str
    spans: tuple[Span, ...]
    authors: tuple[str, ...] | None
    rows: tuple[Row, ...]

    def mentions(self, label: str) -> list[str]:
        """Return the text of each span with this label, in order."""
        return [self.text[s.start : s.end] for s in self.spans if s.label == label]


def parse(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text without markup, and its spans."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), LABELS[match[1]]))
        text += match[2]
        at = match.end()
    text += marked[at:]
    if set(text) & set("{|}"):
        raise ValueError("broken markup")
    return text, tuple(spans)


def mark(text: str, spans: tuple[Span, ...]) -> str:
    """Return the text with its spans marked: the inverse of `parse`."""
    letters = {label: letter for letter, label in LABELS.items()}
    for s in reversed(spans):
        text = f"{text[: s.start]}{{{letters[s.label]}|{text[s.start : s.end]}}}{text[s.end :]}"
    return text


def problems(record: dict) -> Iterator[str]:
    """Yield what is wrong with a line of the file, without any of its text."""
    if set(record) != FIELDS:
        yield "fields"
        return
    if not re.fullmatch(r"d\d{3}", record["id"]) or not re.fullmatch(r"[a-z-]+", record["style"]):
        yield "id or style"
    try:
        text, spans = parse(record["text"])
    except ValueError as error:
        yield str(error)
        return
    if text != text.strip() or not text:
        yield "empty text, or space around it"
    mentions: dict[str, list[str]] = {"PERSON": [], "ORG": []}
    for span in spans:
        mentions[span.label].append(text[span.start : span.end])
    for mention in mentions["PERSON"] + mentions["ORG"]:
        if mention != mention.strip(" ,;:"):
            yield "space or punctuation at the edge of a span"
    for mention in mentions["ORG"]:
        if mention.endswith("."):
            yield "organisation's span with a full stop"
    authors = record["authors"]
    if authors is not None and (
        not authors
        or len(set(authors)) != len(authors)
        or not all(isinstance(author, str) and author.strip() == author for author in authors)
    ):
        yield "authors"
    persons = {*mentions["PERSON"], *(authors or ()), *(PHRASES if authors is None else ())}
    seen, interests, none = set(), set(), set()
    for row in record["rows"]:
        if set(row) != {"person", "organisation", "kind"}:
            yield "fields of a row"
            continue
        person, organisation, kind = row["person"], row["organisation"], row["kind"]
        if kind not in KINDS:
            yield "kind"
        if person is None and (organisation is None or kind not in ("research funding", "other")):
            yield "row of nobody's"
        if person is not None and person not in persons:
            yield "person who is neither marked, an author nor a phrase"
        if organisation is not None and organisation not in mentions["ORG"]:
            yield "organisation that is not marked"
        if kind == "none" and organisation is not None:
            yield "none with an organisation"
        if (person, organisation, kind) in seen:
            yield "row twice"
        seen.add((person, organisation, kind))
        (none if kind == "none" else interests).add(person)
    if none & interests:
        yield "none beside an interest of the same person's"


def read(path: Path) -> list[Statement]:
    """Return the statements of a file; ValueError names the line and the fault of a bad one."""
    statements = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        for problem in problems(record):
            raise ValueError(f"{path.name}, line {number}: {problem}")
        text, spans = parse(record["text"])
        statements.append(
            Statement(
                record["id"],
                record["style"],
                text,
                spans,
                None if record["authors"] is None else tuple(record["authors"]),
                tuple(Row(**row) for row in record["rows"]),
            )
        )
    return statements
