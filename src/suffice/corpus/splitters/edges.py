"""White space at the edges of sentences."""

from __future__ import annotations

# Unicode's White_Space property. Python's str.isspace also has U+001C to U+001F, which ICU keeps.
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_EDGE_WHITE = WHITE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))


def stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the offsets of a piece without white space at its edges; None if nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_EDGE_WHITE))
    right = len(piece.rstrip(_EDGE_WHITE))
    return (start + left, start + right) if left < right else None
