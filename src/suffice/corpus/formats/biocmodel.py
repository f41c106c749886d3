"""What a BioC document says, in XML or JSON: passages at their offsets, annotations, sentences.

A document comes as the mapping that BioC JSON has for it; the XML reader makes the same of its
elements. The text is that of the passages (or of their sentences), each at its offset; a gap is
filled with a line break and spaces. The label of an annotation is its infon ``type``, or its only
infon where it has one that is no identifier.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import pairwise
from typing import Any

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, Item, Note
from suffice.errors import CorpusError

_WIDEST_GAP = 1 << 16
_IDS = ("identifier", "id", "concept", "accession", "normalized", "score", "note", "annotator")
KEPT = ("group", "split")
"""Fields of a document that are kept in infons of these names."""


class _BadPassage(Exception):
    """What is wrong with a document, and what to do."""


def items_of(record: Mapping[str, Any], where: str) -> Iterator[Item]:
    """Yield the draft of a document, with notes, or the error why there is none.

    Parameters
    ----------
    record : mapping
        The document, as in BioC JSON.
    where : str
        Its place, for messages.
    """
    try:
        yield from _items(record, where)
    except _BadPassage as bad:
        yield CorpusError(*bad.args[:1], remedy=bad.args[1], where=where)


def _items(record: Mapping[str, Any], where: str) -> Iterator[Item]:
    layout = _Layout()
    found: list[tuple[Mapping[str, Any], tuple[int, int] | None]] = []
    relations = len(_list(record, "relations"))
    for passage in _list(record, "passages"):
        ranges: list[tuple[int, int]] = []
        if _has_text(passage):
            ranges.append(layout.place(passage, "passage"))
        for sentence in _list(passage, "sentences"):
            own = layout.place(sentence, "sentence")
            layout.sentence(*own, sentence["text"])
            ranges.append(own)
            found += [(a, own) for a in _list(sentence, "annotations")]
            relations += len(_list(sentence, "relations"))
        if ranges:
            whole = min(r[0] for r in ranges), max(r[1] for r in ranges)
            found += [(a, whole) for a in _list(passage, "annotations")]
        relations += len(_list(passage, "relations"))
    found += [(a, None) for a in _list(record, "annotations")]
    text = layout.text
    spans = []
    placeless = 0
    for annotation, place in found:
        span = _span(annotation, place, text)
        if span is None:
            placeless += 1
        else:
            spans.append(span)
    if relations:
        yield Note("relations, passed over", relations)
    if placeless:
        yield Note("annotations without a place in the text, passed over", placeless)
    infons = _mapping(record, "infons")
    yield Draft(
        where=where,
        text=text,
        spans=spans,
        id=record.get("id") if record.get("id") != "" else None,
        sentences=layout.sentences or None,
        group=infons.get("group"),
        split=infons.get("split"),
        fields=infons,
    )


class _Layout:
    """The text of a document as its pieces are put where they belong."""

    def __init__(self) -> None:
        self._text = StringIO()
        self._length = 0
        self.sentences: list[tuple[int, int]] = []

    @property
    def text(self) -> str:
        """Return the text so far."""
        return self._text.getvalue()

    def place(self, piece: Mapping[str, Any], kind: str) -> tuple[int, int]:
        """Put a passage or sentence at its offset; return where it stands."""
        text = piece.get("text")
        if not isinstance(text, str):
            raise _BadPassage(f"a {kind} has no text", "write its text, or leave it out")
        start = _whole(piece.get("offset"), f"the offset of a {kind}")
        gap = start - self._length
        if gap > _WIDEST_GAP:
            raise _BadPassage(
                f"a {kind} stands {gap} characters after the text before it", "correct the offsets"
            )
        self._text.seek(start)
        known = self._text.read(len(text)) if gap < 0 else ""
        if not text.startswith(known):
            raise _BadPassage(
                f"a {kind} at offset {start} overlaps other text that ends at {self._length}",
                "offsets count characters from the beginning of the document, not bytes",
            )
        self._text.seek(self._length)
        if gap > 0:
            self._text.write("\n" + " " * (gap - 1) if self._length else " " * gap)
        self._text.write(text[len(known) :])
        self._length = max(self._length, start + len(text))
        return start, start + len(text)

    def sentence(self, start: int, end: int, text: str) -> None:
        """Remember a sentence, without the white space around it."""
        start += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        if start < end:
            self.sentences.append((start, end))


def _has_text(passage: Mapping[str, Any]) -> bool:
    """Return whether a passage has text of its own; tools write an empty one beside sentences."""
    return passage.get("text") is not None and bool(passage["text"] or not passage.get("sentences"))


def _span(
    annotation: Mapping[str, Any], place: tuple[int, int] | None, text: str
) -> dict[str, Any] | None:
    pieces = []
    for location in _list(annotation, "locations"):
        start = _whole(location.get("offset"), "the offset of an annotation")
        pieces.append([start, start + _whole(location.get("length"), "an annotation's length")])
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    if not pieces:
        return None
    pieces.sort()
    span: dict[str, Any] = {"label": _label(_mapping(annotation, "infons"))}
    own = annotation.get("text") or None
    if own is None and place is not None and not _inside(pieces, place):
        raise _BadPassage(
            f"an annotation at {pieces[0][0]} lies outside its passage or sentence, "
            f"which stands at {place[0]} to {place[1]}",
            "offsets of annotations count from the beginning of the document",
        )
    if len(pieces) == 1:
        span |= {"start": pieces[0][0], "end": pieces[0][1]}
        return span if own is None else span | {"text": _as_in(own, text, *pieces[0])}
    hull = text[pieces[0][0] : pieces[-1][1]]
    joined = "".join(text[a:b] for a, b in pieces)
    if isinstance(own, str) and _bare(own) not in (_bare(joined), _bare(hull)):
        raise _BadPassage(
            f"the text of the annotation at {pieces[0][0]} is not what stands in its places",
            "check the offsets, which count characters, not bytes",
        )
    return span | {"fragments": pieces}


def _as_in(own: Any, text: str, start: int, end: int) -> Any:
    """Return an annotation's text; with the text's own white space where only that differs."""
    there = text[start:end]
    if isinstance(own, str) and len(own) == len(there) and own.split() == there.split():
        return there
    return own


def _inside(pieces: Sequence[Sequence[int]], place: tuple[int, int]) -> bool:
    return all(place[0] <= start and end <= place[1] for start, end in pieces)


def _bare(text: str) -> str:
    return "".join(text.split())


def _label(infons: Mapping[str, Any]) -> Any:
    if "type" in infons:
        return infons["type"]
    others = [k for k in infons if not any(k.lower().startswith(i) for i in _IDS)]
    if len(others) == 1:
        return infons[others[0]]
    if not others:
        raise _BadPassage("an annotation has no type", 'give it an infon with the key "type"')
    raise _BadPassage(
        f'an annotation has no infon "type", but several others ({", ".join(sorted(others)[:5])})',
        'name the one with the label "type"',
    )


def _list(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = record.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise _BadPassage(
            f'"{key}" is not a list of objects', "write the file again with a BioC tool"
        )
    return found


def _mapping(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = record.get(key)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise _BadPassage(f'"{key}" is not an object', "write the file again with a BioC tool")
    return found


def _whole(value: Any, what: str) -> int:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:16])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**15:
        raise _BadPassage(
            f"{what} is missing or no whole number", "offsets count characters from 0"
        )
    return value


def record_of(document: Document) -> tuple[dict[str, Any], bool]:
    """Return a document as BioC JSON has it, and whether its sentences are kept.

    One passage holds the text, or the sentences where they leave out nothing but white space;
    that white space then belongs to the sentence before it.
    """
    annotations = [
        {
            "id": f"T{number}",
            "infons": {"type": span.label},
            "text": document.text[span.start : span.end],
            "locations": [{"offset": span.start, "length": span.end - span.start}],
        }
        for number, span in enumerate(document.spans, start=1)
    ]
    tiles = _tiles(document)
    passage: dict[str, Any] = {"infons": {}, "offset": 0}
    if tiles is None:
        passage |= {"text": document.text, "sentences": [], "annotations": annotations}
    else:
        passage |= {"sentences": [], "annotations": []}
        starts = [span.start for span in document.spans]
        for start, end in tiles:
            own = annotations[bisect_left(starts, start) : bisect_left(starts, end)]
            passage["sentences"].append(
                {
                    "infons": {},
                    "offset": start,
                    "text": document.text[start:end],
                    "annotations": own,
                    "relations": [],
                }
            )
    passage["relations"] = []
    infons = {key: v for key in KEPT if (v := getattr(document, key)) is not None}
    record = {"id": document.id, "infons": infons, "passages": [passage], "relations": []}
    return record, document.sentences is None or tiles is not None


def _tiles(document: Document) -> list[tuple[int, int]] | None:
    """Return stretches that cover the text, one for each sentence; None where that cannot be."""
    text = document.text
    if not document.sentences:
        return None
    edges = [0, *(start for start, _ in document.sentences[1:]), len(text)]
    tiles = list(pairwise(edges))
    for (start, end), (left, right) in zip(document.sentences, tiles, strict=True):
        piece = text[start:end]
        if text[left:start].strip() or text[end:right].strip() or piece != piece.strip():
            return None
    return tiles
