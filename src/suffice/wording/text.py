"""How words are put together: capitals, full stops and lists."""

from __future__ import annotations

from collections.abc import Sequence


def capitalised(text: str) -> str:
    """Begin with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip()
    return capitalised(text) + ("" if text[-1:] in ".!?" else ".") if text else ""


def enumerated(names: Sequence[str]) -> str:
    """Join names by commas and a last "and": ``A, B and C``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
