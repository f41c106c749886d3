"""Predictions that another program wrote: JSON Lines of ids and spans, checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document, Span
from suffice.errors import InputError

_WHAT = "the predictions"


def read(path: Path, documents: Sequence[Document], labels: Sequence[str]) -> list[list[Span]]:
    """Read a file with one line for each document: ``{"id": "a1", "spans": [...]}``.

    Other keys are passed over. No message quotes the file, which could hold text.

    Parameters
    ----------
    path : Path
        JSON Lines in UTF-8.
    documents : sequence of Document
        Those that were to be tagged.
    labels : sequence of str
        Those that may be predicted.

    Returns
    -------
    list of list of Span
        In the documents' order, each sorted and without repetitions.

    Raises
    ------
    InputError
        The file is missing, a line cannot be read, an id is unknown, repeated or missing, an offset
        lies outside its text, or a label is none of those asked for.
    """
    texts = {document.id: len(document.text) for document in documents}
    found: dict[str, list[Span]] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    where = f"{_WHAT}, line {number}"
                    identity, spans = _record(line, where)
                    if identity not in texts:
                        raise InputError("its id is none of those to be tagged", where=where)
                    if identity in found:
                        raise InputError("its id stands on an earlier line too", where=where)
                    checked = {_span(s, texts[identity], labels, where) for s in spans}
                    found[identity] = sorted(checked)
    except FileNotFoundError:
        raise InputError(
            "the command ended well, but wrote no predictions", remedy="write {predictions}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {type(error).__name__}", where=_WHAT) from None
    missing = len(texts) - len(found)
    if missing:
        raise InputError(
            f"{missing:,} of {len(texts):,} documents have no line",
            remedy='write "spans": [] where nothing is found',
            where=_WHAT,
        )
    return [found[document.id] for document in documents]


def _record(line: str, where: str) -> tuple[str, list[Any]]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise InputError("is not a JSON object", where=where)
    identity, spans = record.get("id"), record.get("spans")
    if not isinstance(identity, str) or not isinstance(spans, list):
        raise InputError('needs an "id", a string, and "spans", a list', where=where)
    return identity, spans


def _span(span: Any, length: int, labels: Sequence[str], where: str) -> Span:
    if not isinstance(span, dict):
        raise InputError("a span is not an object", where=where)
    start, end, label = (span.get(key) for key in ("start", "end", "label"))
    if type(start) is not int or type(end) is not int:
        raise InputError('a span needs "start" and "end", whole numbers', where=where)
    if not 0 <= start < end <= length:
        raise InputError(
            f"the span {start}-{end} lies outside its text of {length} characters, or is empty",
            remedy="offsets count characters, and the end is exclusive",
            where=where,
        )
    if not isinstance(label, str) or label not in labels:
        raise InputError(
            "a span's label is none of those asked for",
            remedy=f"they are {', '.join(labels)}",
            where=where,
        )
    return Span(start, end, label)
