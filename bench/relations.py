"""Score `suffice.applications.relations` on the hand-written test set, with names marked by hand.

``python bench/relations.py --part open --errors`` prints precision, recall and F1 of rows, by kind
and by style, the statements that come out exactly right, and every row that is wrong or missed.
A part whose errors were looked at is spent: what it says from then on flatters. ``--model FOLDER``
takes the names that a kept model finds in place of those marked by hand, and scores these, too.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from suffice.applications.relations.relate import relations
from suffice.applications.relations.result import KINDS, Relation
from suffice.corpus.document import Document, Span
from suffice.models.tag import tag

ROOT = Path(__file__).resolve().parent.parent
_SPEC = importlib.util.spec_from_file_location(
    "relations_data", ROOT / "tests/unit/applications/relations/data.py"
)
data = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = data
_SPEC.loader.exec_module(data)

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
    statements = data.read(data.FOLDER / f"{part}.jsonl")
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


def _document(statement: data.Statement) -> Document:
    spans = tuple(Span(s.start, s.end, s.label) for s in statement.spans)
    return Document(statement.id, statement.text, spans)


def _key(row: data.Row | Relation) -> Key:
    return tuple(" ".join((x or "").split()) for x in (row.person, row.organisation, row.kind))


def _line(name: str, c: Counts) -> str:
    return f"{name:22}{c.precision:>9.3f}{c.recall:>8.3f}{c.f1:>7.3f}{c.found:>7}{c.expected:>9}"


def main() -> None:
    """Score a part and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=data.PARTS, default="open")
    parser.add_argument("--model", type=Path, help="take the names that this kept model finds")
    parser.add_argument("--errors", action="store_true", help="list rows that are wrong or missed")
    asked = parser.parse_args()
    found = score(asked.part, asked.model)
    print(f"{'':22}precision  recall     F1  found expected")
    if asked.model is not None:
        print(_line("names", found.names))
    print(_line("all rows", found.rows))
    for title, parts in (("kind", found.kinds), ("style", found.styles)):
        print(f"by {title}")
        for name, counts in parts.items():
            print(_line(f"  {name}", counts))
    print("precision by rule")
    for name, counts in sorted(found.rules.items()):
        print(f"  {name:20}{counts.precision:>9.3f}{counts.right:>14} of {counts.found}")
    mean = [sum(x) / len(x) for x in (found.macro_precision, found.macro_recall)]
    print(f"mean over statements: precision {mean[0]:.3f}, recall {mean[1]:.3f}")
    print(f"statements exactly right: {found.exact} of {found.statements}")
    kinds = Counter(k[2] for _, wrong, _ in found.errors for k, _ in wrong)
    if asked.errors:
        for statement, wrong, missed in found.errors:
            print(f"\n{statement.id} {statement.style}\n  {statement.text}")
            for key, rule in wrong:
                print(f"    wrong  {key[2]} | {key[0]} | {key[1]}   ({rule})")
            for key in missed:
                print(f"    missed {key[2]} | {key[0]} | {key[1]}")
        print("\nwrong rows by kind:", dict(kinds))


if __name__ == "__main__":
    main()
