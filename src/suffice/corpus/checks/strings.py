"""Entity strings, as they stand, case and all: labelled in several ways, or not everywhere.

Every check is two passes over the documents: one counts what is labelled, one finds the places.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from suffice.corpus.checks.base import Case, Place, at_least, tally
from suffice.corpus.document import Document, Span
from suffice.corpus.gazetteer import Gazetteer
from suffice.corpus.tokens import forms_words

LEAST_LABELLED = 3
"""How often a string has to be labelled (so) before its other places are doubted."""
LEAST_SHARE = 0.75
"""The least share of a string's places that have to be labelled (so) for the same."""
LEAST_STOPPED = 4
"""The fewest different strings without a label at the end of a document that seems cut short."""
CHANCE = 0.01
"""The greatest probability that any document of the corpus seems cut short by chance."""

_JOINS = frozenset("-‐‑_@#")
_JOINS_BETWEEN = frozenset(".,:/'’&+")


@dataclass
class Occurrence:
    """A known string that stands in a document by itself.

    Parameters
    ----------
    start, end : int
        Character offsets.
    labelled : bool
        Whether a span stands exactly there; otherwise no span touches it.
    """

    start: int
    end: int
    labelled: bool


@dataclass
class Strings:
    """What is labelled where.

    Parameters
    ----------
    documents : sequence of Document
        All of the corpus.
    """

    documents: Sequence[Document]
    labels: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sets: dict[str, set[frozenset[str]]] = defaultdict(set)
        for document in self.documents:
            for text, marked in _by_place(document):
                counts = self.labels.setdefault(text, Counter())
                counts.update(span.label for span in marked)
                self._sets[text].add(frozenset(span.label for span in marked))
        self._ambiguous = {t for t, sets in self._sets.items() if len(sets) > 1 and _is_name(t)}
        self._sets.clear()
        self._known = Gazetteer(
            text for text in self.labels if _is_name(text) and text == text.strip()
        )
        self._free: dict[str, list[Place]] = defaultdict(list)
        self._stretches: list[tuple[str, list[Occurrence]]] = []

    def visit(self, document: Document, words: Sequence[tuple[int, int]]) -> None:
        """Find the known strings of a document."""
        found = list(_occurrences(document, self._known.find(document.text, words)))
        for one in found:
            if not one.labelled:
                text = document.text[one.start : one.end]
                self._free[text].append(Place(document.id, one.start, one.end))
        if sum(not one.labelled for one in found) >= LEAST_STOPPED:
            self._stretches.append((document.id, found))

    def unlabelled(self) -> dict[str, list[Place]]:
        """Return the places without a label of strings that are mostly labelled."""
        return {
            text: places
            for text, places in self._free.items()
            if _mostly(self.labels[text].total(), len(places))
        }

    def repeats(self) -> Iterator[Case]:
        """Yield the strings that are mostly labelled, with the places where they are not."""
        for text, places in self.unlabelled().items():
            labelled = self.labels[text].total()
            yield Case(
                tuple(places),
                len(places),
                f"labelled {tally(self.labels[text])}; not labelled {len(places):,}",
                text,
                at_least(labelled, labelled + len(places)),
            )

    def several_labels(self) -> Iterator[tuple[str, Case]]:
        """Yield the strings that have different labels in different places, with their check.

        The doubtful places are those without the string's most frequent label. They are probably
        mistakes where that one has most of the places, and the string is ambiguous otherwise. Two
        spans at one place count as one way of labelling: layers of labels are no inconsistency.
        """
        if not self._ambiguous:
            return
        places: dict[str, list[Place]] = defaultdict(list)
        for document in self.documents:
            for text, marked in _by_place(document):
                if text in self._ambiguous:
                    places[text].extend(Place(document.id, s.start, s.end, s.label) for s in marked)
        for text, all_of_it in places.items():
            counts = self.labels[text]
            most = min(counts, key=lambda label: (-counts[label], label))
            odd = [place for place in all_of_it if place.label != most]
            usual = [place for place in all_of_it if place.label == most]
            if odd:
                check = "several labels" if _mostly(counts[most], len(odd)) else "ambiguous strings"
                rank = at_least(counts[most], counts.total())
                yield check, Case((*odd, *usual[:1]), len(odd), tally(counts), text, rank)

    def several_forms(self) -> Iterator[Case]:
        """Yield strings that are another one's but for how Unicode writes them (NFC)."""
        forms: dict[str, list[str]] = defaultdict(list)
        for text in self.labels:
            if not text.isascii():
                forms[unicodedata.normalize("NFC", text)].append(text)
        rare: dict[str, str] = {}
        for same in forms.values():
            same.sort(key=lambda text: (-self.labels[text].total(), text))
            rare.update((other, same[0]) for other in same[1:])
        if not rare:
            return
        places: dict[str, list[Place]] = defaultdict(list)
        for document in self.documents:
            for span in document.spans:
                text = document.text[span.start : span.end]
                if text in rare:
                    places[text].append(Place(document.id, span.start, span.end, span.label))
        for text, found in places.items():
            usual = self.labels[rare[text]].total()
            detail = f"coded otherwise {usual:,} times"
            yield Case(tuple(found), len(found), detail, text, at_least(usual, usual + len(found)))

    def stops_early(self) -> Iterator[Case]:
        """Yield the documents that end with more unlabelled repeats than chance explains.

        With the corpus's own rate m of missing a string that is mostly labelled, the last k
        different ones of a document are all missed with probability m to the power of k; a
        document is named if that, times the number of documents, is below `CHANCE`.
        """
        known = self.unlabelled()
        missed = sum(map(len, known.values()))
        if not missed:
            return
        usual = {t for t, c in self.labels.items() if c.total() >= LEAST_LABELLED}
        usual -= self._free.keys() - known.keys()
        labelled = sum(self.labels[text].total() for text in usual)
        rate = missed / (missed + labelled)
        texts = {d.id: d.text for d in self.documents}
        for name, found in self._stretches:
            last: dict[str, Occurrence] = {}
            for one in reversed(found):
                text = texts[name][one.start : one.end]
                if text not in usual:
                    continue
                if one.labelled:
                    break
                last[text] = one
            chance = rate ** len(last) * len(texts)
            if len(last) >= LEAST_STOPPED and chance < CHANCE:
                first = min(one.start for one in last.values())
                yield Case(
                    (Place(name, first, len(texts[name])),),
                    detail=f"different strings that are mostly labelled, but not here: {len(last)}",
                    weight=len(last),
                )


def _occurrences(document: Document, places: Iterable[tuple[int, int]]) -> Iterator[Occurrence]:
    """Yield the places that are labelled, or that no span touches, in order."""
    text, spans = document.text, document.spans
    exact = {(span.start, span.end) for span in spans}
    at = covered = 0
    for start, stop in places:
        if (start, stop) in exact:
            yield Occurrence(start, stop, labelled=True)
            continue
        while at < len(spans) and spans[at].start < stop:
            covered = max(covered, spans[at].end)
            at += 1
        if covered <= start and not _joined(text, start, stop):
            yield Occurrence(start, stop, labelled=False)


def _is_name(text: str) -> bool:
    """Return whether a string can be expected to mean the same again: no number, no lone letter."""
    return any(map(str.isalpha, text)) and sum(map(str.isalnum, text)) > 1


def _mostly(usual: int, odd: int) -> bool:
    return usual >= LEAST_LABELLED and usual >= LEAST_SHARE * (usual + odd)


def _joined(text: str, start: int, end: int) -> bool:
    """Return whether a string is only part of a compound, a number or an address."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (
        before in _JOINS
        or after in _JOINS
        or (before in _JOINS_BETWEEN and forms_words(text[max(0, start - 2) : start - 1]))
        # An apostrophe behind a name begins an ending: Acme's.
        or (after in _JOINS_BETWEEN - {"'", "’"} and forms_words(text[end + 1 : end + 2]))
    )


def _by_place(document: Document) -> Iterator[tuple[str, list[Span]]]:
    """Yield the string of each place that has spans, with its spans."""
    spans = document.spans
    first = 0
    while first < len(spans):
        last = first + 1
        start, end = spans[first].start, spans[first].end
        while last < len(spans) and (spans[last].start, spans[last].end) == (start, end):
            last += 1
        yield document.text[start:end], list(spans[first:last])
        first = last
