"""Labels that are probably one: equal but for case and white space, or one letter apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from suffice.corpus.checks.base import Case, Place
from suffice.corpus.document import Document

DOMINANT = 0.95
"""The least share that the most frequent of several variants has for the others to be merged."""
RARE = 0.05
"""The greatest share, of the other label's count, of a label that may be a typo."""
_SHORTEST = 3


def same_but_for_case(label: str) -> str:
    """Return what all variants of a label have in common: case folded, white space collapsed."""
    return " ".join(label.casefold().split())


def variants(counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the most frequent label of each set of variants, and the others.

    Parameters
    ----------
    counts : mapping of str to int
        How often each label is used.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for label in sorted(counts, key=lambda label: (-counts[label], label)):
        families[same_but_for_case(label)].append(label)
    return {family[0]: family[1:] for family in families.values() if len(family) > 1}


def is_dominant(label: str, others: Iterable[str], counts: Mapping[str, int]) -> bool:
    """Return whether a label is so frequent among its variants that these can only mean it."""
    return counts[label] >= DOMINANT * (counts[label] + sum(counts[other] for other in others))


def typos(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the labels that may be typos, each with the label that is probably meant.

    A label of three or more letters is doubted if another one is at an edit distance of one (a
    letter more, less or other, or two changed over) and at least 20 times as frequent. Digits tell
    labels apart (``TYPE1``, ``TYPE2``), and so do variants in case and white space, which are
    another check's.
    """
    order = sorted(counts, key=lambda label: (-counts[label], label))
    # Labels one letter apart have a string in common: themselves, or what is left of them without
    # one letter. Only such are compared, of hundreds of labels as of ten.
    alike: dict[str, list[str]] = defaultdict(list)
    for label in order:
        for key in _without_one_letter(label):
            alike[key].append(label)
    place = {label: number for number, label in enumerate(order)}
    found = {}
    for rare in counts:
        close = {label for key in _without_one_letter(rare) for label in alike[key]}
        for common in sorted(close, key=place.__getitem__):
            if counts[rare] > RARE * counts[common]:
                break
            if _one_letter(same_but_for_case(rare), same_but_for_case(common)):
                found[rare] = common
                break
    return found


def _without_one_letter(label: str) -> set[str]:
    """Return a label and what is left of it without each of its letters; none if it is short."""
    if len(label) < _SHORTEST:
        return set()
    folded = same_but_for_case(label)
    return {folded, *(folded[:i] + folded[i + 1 :] for i in range(len(folded)))}


def label_cases(
    documents: Sequence[Document], counts: Mapping[str, int]
) -> Iterator[tuple[str, Case]]:
    """Yield the variants and the typos among labels, each with the name of its check."""
    meant = {
        other: (label, "label variants")
        for label, some in variants(counts).items()
        for other in some
    }
    meant |= {
        rare: (common, "label typos") for rare, common in typos(counts).items() if rare not in meant
    }
    if not meant:
        return
    places: dict[str, list[Place]] = defaultdict(list)
    for document in documents:
        for span in document.spans:
            if span.label in meant:
                place = Place(document.id, span.start, span.end, span.label)
                places[span.label].append(place)
    for label, found in places.items():
        common, check = meant[label]
        detail = f"{label!r} {len(found):,}, {common!r} {counts[common]:,}"
        yield check, Case(tuple(found), len(found), detail, weight=counts[common] / len(found))


def label_counts(documents: Iterable[Document]) -> Counter[str]:
    """Return how often each label is used, annotators' own spans included."""
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(span.label for span in document.spans)
        for spans in document.annotators.values():
            counts.update(span.label for span in spans)
    return counts


def _one_letter(a: str, b: str) -> bool:
    """Return whether one letter more, less, other, or two changed over, turn one into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, letter in enumerate(a) if letter != b[i]), len(a))
    if b[at].isdigit() or (at < len(a) and a[at].isdigit()):
        return False
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return a[at + 1 :] == b[at + 1 :] or swapped
