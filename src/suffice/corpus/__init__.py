"""Annotated text: documents with spans, read from many formats, verified, split into sentences."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.read import read
from suffice.corpus.write import write

if TYPE_CHECKING:
    from suffice.corpus.check import Inspection, inspect
    from suffice.corpus.duplicates import exact_duplicates, near_duplicates
    from suffice.corpus.mend import Change, fix
    from suffice.corpus.splitters.compare import compare_splitters

__all__ = [
    "Change",
    "Corpus",
    "Document",
    "Inspection",
    "Span",
    "compare_splitters",
    "exact_duplicates",
    "fix",
    "inspect",
    "near_duplicates",
    "read",
    "write",
]

# What needs numpy comes when asked for. `sentences` and `tokens` are modules of this package too,
# and are left to be modules here.
_LATER = {
    "Change": "mend",
    "Inspection": "check",
    "compare_splitters": "splitters.compare",
    "fix": "mend",
    "inspect": "check",
    "exact_duplicates": "duplicates",
    "near_duplicates": "duplicates",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"suffice.corpus.{_LATER[name]}"), name)
