"""Text whose density is pushed by cutting: documents of which some sentences are kept.

Nobody has to write new text for it, and its words are those of the pool. What is cut is joined
again, so that it reads less well than before; that is why there is a third kind of cutting that
leaves density as it is: what cutting alone does can then be told from what density does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import numpy as np

from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import sentences

Kind = Literal["sparse", "random", "dense"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Piece = tuple[int, int, bool]


def pieces(document: Document) -> list[Piece]:
    """Return the parts that a document can be cut into: start, end, whether it holds an entity.

    Sentences; those that an entity connects are one part.
    """
    joined: list[list[int]] = []
    spans = sorted(document.spans)
    for start, end in sentences(document):
        if joined and any(s.start < joined[-1][1] and s.end > start for s in spans):
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return [(a, b, any(s.start < b and s.end > a for s in spans)) for a, b in joined]


def cut(document: Document, kind: Kind, rng: np.random.Generator) -> Document | None:
    """Keep a part of a document.

    Parameters
    ----------
    document : Document
    kind : {"sparse", "random", "dense"}
        Keep sentences without entities, half of them at random, or those with entities.
    rng : numpy.random.Generator
        For ``"random"``.

    Returns
    -------
    Document or None
        With another id; None where nothing, or everything, would be kept.
    """
    found = pieces(document)
    if kind == "random":
        some = rng.permutation(len(found))[: (len(found) + 1) // 2]
        kept = [found[i] for i in sorted(some.tolist())]
    else:
        kept = [piece for piece in found if piece[2] == (kind == "dense")]
    if not kept or len(kept) == len(found):
        return None
    return _joined(document, kept, f"cut-{kind}:{document.id}")


def _joined(document: Document, kept: Iterable[Piece], name: str) -> Document:
    """Join pieces with a space, and move spans and sentences with them."""
    text, spans, ends = "", [], []
    inside = sentences(document)
    for start, end, _ in kept:
        shift = len(text) + bool(text) - start
        text += " " * bool(text) + document.text[start:end]
        spans += [
            Span(s.start + shift, s.end + shift, s.label)
            for s in document.spans
            if start <= s.start and s.end <= end
        ]
        ends += [(a + shift, b + shift) for a, b in inside if start <= a and b <= end]
    return Document(
        name, text, tuple(sorted(spans)), sentences=tuple(ends), synthetic=document.synthetic
    )
