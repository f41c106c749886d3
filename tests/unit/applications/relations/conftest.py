"""Documents whose names are marked in the text, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from suffice.applications.relations.relate import relations
from suffice.corpus.document import Document, Span

_MARK = re.compile(r"\{([PO])\|([^{}|]+)\}")


def _document(marked: str) -> Document:
    """Return a document whose names are marked: {P|a person}, {O|an organisation}."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        label = {"P": "PERSON", "O": "ORG"}[match[1]]
        spans.append(Span(len(text), len(text) + len(match[2]), label))
        text += match[2]
        at = match.end()
    return Document("d", text + marked[at:], tuple(spans))


@pytest.fixture(scope="session")
def document() -> Callable[[str], Document]:
    """Return what makes a document of text with marks."""
    return _document


@pytest.fixture(scope="session")
def rows() -> Callable[..., set[tuple]]:
    """Return what reads the rows of text with marks, given the authors where there is a list."""

    def found(marked: str, authors: list[str] | None = None) -> set[tuple]:
        lists = None if authors is None else {"d": authors}
        return {(r.person, r.organisation, r.kind) for r in relations([_document(marked)], lists)}

    return found
