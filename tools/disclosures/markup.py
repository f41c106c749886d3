"""Drafts: text in which entities are marked, and what remains when the marks are taken out.

Statements are put together from pieces, and offsets are known only at the end. Until then an
entity stands between two private-use characters, which no text contains.
"""

from __future__ import annotations

from suffice.corpus.document import Span

_OPEN = {"\ue000": "PERSON", "\ue001": "ORG"}
_CLOSE = "\ue002"


def person(text: str) -> str:
    """Mark text as an author's name."""
    return f"\ue000{text}{_CLOSE}"


def org(text: str) -> str:
    """Mark text as an organisation."""
    return f"\ue001{text}{_CLOSE}"


def plain(draft: str) -> str:
    """Return the draft without its marks."""
    return read(draft)[0]


def read(draft: str) -> tuple[str, list[Span]]:
    """Return a draft's text and its spans.

    Parameters
    ----------
    draft : str
        Text with marked entities, which do not nest.

    Returns
    -------
    text : str
        The draft without the marks.
    spans : list of Span
        In the order of the text.
    """
    kept: list[str] = []
    spans: list[Span] = []
    label, start = "", 0
    for character in draft:
        if character in _OPEN:
            label, start = _OPEN[character], len(kept)
        elif character == _CLOSE:
            spans.append(Span(start, len(kept), label))
        else:
            kept.append(character)
    return "".join(kept), spans
