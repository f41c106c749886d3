"""Score `suffice.applications.relations` on the hand-written statements, names marked by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from suffice.applications.relations.relate import relations
from suffice.applications.relations.result import KINDS, Relation
from suffice.corpus.document import Document, Span
from suffice.models.tag import tag
from tools.statements.read import FOLDER, Row, Statement, read

Key = tuple[str, str, str]


@dataclass
class Counts:
    """Right, found and expected rows."""

    right: int = 0
    found: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        """Return the share of found rows that are right."""
        return self.right / self.found if self.found else float("nan")

    @property
    def recall(self) -> float:
        """Return the share of expected rows that are found."""
        return self.right / self.expected if self.expected else float("nan")

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.found + self.expected
        return 2 * self.right / both if both else float("nan")

    def add(self, found: set, expected: set) -> None:
        """Count a statement's rows."""
        self.right += len(found & expected)
        self.found += len(found)
        self.expected += len(expected)


@dataclass
class Score:
    """Of a part: rows, names, rows by kind, style and rule, statements exactly right, errors."""

    rows: Counts = field(default_factory=Counts)
    names: Counts = field(default_factory=Counts)
    kinds: dict[str, Counts] = field(default_factory=dict)
    styles: dict[str, Counts] = field(default_factory=dict)
    rules: dict[str, Counts] = field(default_factory=dict)
    exact: int = 0
    statements: int = 0
    macro_precision: list[float] = field(default_factory=list)
    macro_recall: list[float] = field(default_factory=list)
    errors: list[tuple] = field(default_factory=list)


def score(part: str, model: Path | None = None) -> Score:
    """Return the score of a part of the test set, with names marked by hand or a model's."""
    result = Score()
    statements = read(FOLDER / f"{part}.jsonl")
    documents = [_document(s) for s in statements]
    if model is not None:
        found_names = tag(model, documents).documents
        for a, b in zip(found_names, documents, strict=True):
            result.names.add(set(a.spans), set(b.spans))
        documents = list(found_names)
    for statement, document in zip(statements, documents, strict=True):
        rows = related(document, statement.authors)
        found = {_key(r): r for r in rows}
        expected = {_key(r) for r in statement.rows}
        keys = set(found)
        result.rows.add(keys, expected)
        result.styles.setdefault(statement.style, Counts()).add(keys, expected)
        for kind in KINDS:
            result.kinds.setdefault(kind, Counts()).add(
                {k for k in keys if k[2] == kind}, {k for k in expected if k[2] == kind}
            )
        for key, row in found.items():
            counts = result.rules.setdefault(row.rule, Counts())
            counts.found += 1
            counts.right += key in expected
        result.statements += 1
        result.exact += keys == expected
        if keys:
            result.macro_precision.append(len(keys & expected) / len(keys))
        if expected:
            result.macro_recall.append(len(keys & expected) / len(expected))
        if keys != expected:
            wrong = [(k, found[k].rule) for k in sorted(keys - expected)]
            result.errors.append((statement, wrong, sorted(expected - keys)))
    return result


def related(document: Document, authors: tuple[str, ...] | None) -> tuple[Relation, ...]:
    """Return the rows that are found, given the statement's spans."""
    return relations([document], None if authors is None else {document.id: authors})


def _document(statement: Statement) -> Document:
    spans = tuple(Span(s.start, s.end, s.label) for s in statement.spans)
    return Document(statement.id, statement.text, spans)


def _key(row: Row | Relation) -> Key:
    return tuple(" ".join((x or "").split()) for x in (row.person, row.organisation, row.kind))
