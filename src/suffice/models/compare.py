"""What two taggings of the same texts have in common, document by document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import InputError


@dataclass(frozen=True)
class Piece:
    """A stretch of text in one tagging, or as one annotator sees it.

    Parameters
    ----------
    text : str
        As it stands in the document.
    label : str
        The label of its span; "" outside all spans.
    differs : bool
        Whether the others have not the same span.
    """

    text: str = field(repr=False)
    label: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Pair:
    """A document in both taggings.

    Parameters
    ----------
    id : str
        The document's.
    before, after : tuple of Piece
        The whole text in pieces.
    same, lost, new, relabelled : int
        Spans in both; in the first only; in the second only; with the same boundaries and another
        label (in neither of the two before).
    """

    id: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    same: int
    lost: int
    new: int
    relabelled: int

    @property
    def differs(self) -> bool:
        """Return whether the taggings differ."""
        return bool(self.lost or self.new or self.relabelled)


def compare(before: Corpus, after: Corpus) -> tuple[Pair, ...]:
    """Lay two taggings side by side.

    Parameters
    ----------
    before, after : Corpus
        The same texts by id; documents that only one has are left out.

    Returns
    -------
    tuple of Pair
        In the order of the first.

    Raises
    ------
    InputError
        They share no document, or a document's texts differ.
    """
    others = {d.id: d for d in after}
    pairs = []
    for document in before:
        other = others.get(document.id)
        if other is None:
            continue
        if other.text != document.text:
            raise InputError(
                "a document has one text before and another after",
                remedy="tag the same file twice",
                where=f"document {document.id}",
            )
        pairs.append(_pair(document, other))
    if not pairs:
        raise InputError("the two have no document in common", remedy="tag the same file twice")
    return tuple(pairs)


def _pair(before: Document, after: Document) -> Pair:
    one, two = set(before.spans), set(after.spans)
    places_one = {(s.start, s.end) for s in one - two}
    places_two = {(s.start, s.end) for s in two - one}
    relabelled = len(places_one & places_two)
    return Pair(
        before.id,
        pieces(before.text, before.spans, two),
        pieces(after.text, after.spans, one),
        len(one & two),
        len(one - two) - relabelled,
        len(two - one) - relabelled,
        relabelled,
    )


def pieces(text: str, spans: Sequence[Span], others: set[Span]) -> tuple[Piece, ...]:
    """Return a text cut at its spans; of spans that overlap, the first and longest are shown."""
    found = []
    place = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.start < place:
            continue
        if span.start > place:
            found.append(Piece(text[place : span.start]))
        found.append(Piece(text[span.start : span.end], span.label, span not in others))
        place = span.end
    if place < len(text):
        found.append(Piece(text[place:]))
    return tuple(found)
