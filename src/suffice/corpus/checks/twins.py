"""Twins: in several splits, or annotated differently."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from suffice.corpus.checks.base import Case, Place, tally
from suffice.corpus.document import Document, Span
from suffice.corpus.duplicates import SHINGLE
from suffice.corpus.tokens import tokens

Groups = Sequence[tuple[str, ...]]


def split_cases(
    documents: Sequence[Document], exact: Groups, near: Groups
) -> Iterator[tuple[str, Case]]:
    """Yield the twins, and the groups, that stand in several of the splits that the file names.

    Of twins those outside the split that has most of them are doubtful. Near twins are named where
    no exact ones explain them.
    """
    split = {d.id: d.split for d in documents}
    leaked: set[str] = set()
    for ids in exact:
        for case in _across(ids, split):
            leaked.update(ids)
            yield "exact twins across splits", case
    for ids in near:
        if not leaked.issuperset(ids):
            for case in _across(ids, split, leaked):
                yield "near twins across splits", case
    groups: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        if document.group is not None:
            groups[document.group].append(document.id)
    for ids_of_group in groups.values():
        for case in _across(ids_of_group, split):
            yield "groups across splits", Case(case.places, 1, case.detail, weight=case.weight)


def _across(
    ids: Sequence[str], split: Mapping[str, str | None], known: Iterable[str] = ()
) -> Iterator[Case]:
    """Yield the case of documents that stand in several splits: all but the commonest one's."""
    named = [(name, s) for name in ids if (s := split[name]) is not None]
    counts = Counter(s for _, s in named)
    if len(counts) < 2:
        return
    most = counts.most_common(1)[0][0]  # of several, the first document's
    seen = set(known)
    odd = [Place(name) for name, s in named if s != most and name not in seen]
    usual = [Place(name) for name, s in named if s == most]
    if odd:
        yield Case((*odd, *usual), len(odd), tally(counts), weight=len(named))


def twin_cases(
    documents: Sequence[Document], exact: Groups, near: Groups
) -> Iterator[tuple[str, Case]]:
    """Yield twins, and the spans that a twin lacks where its text is the same."""
    by_id = {d.id: d for d in documents}
    found_exact = {name for ids in exact for name in ids}
    for ids in exact:
        yield "exact twins", _twins(ids)
    for ids in near:
        if not found_exact.issuperset(ids):
            yield "near twins", _twins(ids)
    for ids in near:
        first = by_id[ids[0]]
        for name in ids[1:]:
            case = _difference(first, by_id[name])
            if case is not None:
                yield "twins annotated differently", case


def _twins(ids: Sequence[str]) -> Case:
    return Case((*map(Place, ids[1:]), Place(ids[0])), len(ids) - 1, weight=len(ids))


def _difference(first: Document, second: Document) -> Case | None:
    """Return the spans of either twin, on text that both have, that the other one lacks."""
    if first.text == second.text:
        missing = set(first.spans) ^ set(second.spans)
        lacking = [(d, s) for d in (first, second) for s in d.spans if s in missing]
    else:
        lacking = _lacking(first, second)
    if not lacking:
        return None
    places = tuple(Place(d.id, s.start, s.end, s.label) for d, s in lacking)
    other = tuple(Place(d.id) for d in (first, second))
    return Case((*places, *other), len(places), weight=len(places))


def _lacking(first: Document, second: Document) -> list[tuple[Document, Span]]:
    """Return the spans that only one twin has, within stretches of three or more equal words."""
    a, b = ([d.text[i:j].casefold() for i, j in tokens(d.text)] for d in (first, second))
    blocks = [
        block
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        if block.size >= min(SHINGLE, len(a), len(b)) and block.size
    ]
    ours, theirs = _by_words(first), _by_words(second)
    there = [(block.a, block.b - block.a, block.size) for block in blocks]
    back = [(block.b, block.a - block.b, block.size) for block in blocks]
    return [
        *((first, span) for span in _only(ours, theirs, there)),
        *((second, span) for span in _only(theirs, ours, back)),
    ]


_ByWords = dict[tuple[int, int, str], Span]


def _by_words(document: Document) -> _ByWords:
    """Return spans by their first word, the word after their last one, and their label."""
    words = tokens(document.text)
    starts, ends = [start for start, _ in words], [end for _, end in words]
    return {
        (bisect_right(ends, s.start), bisect_left(starts, s.end), s.label): s
        for s in document.spans
    }


def _only(ours: _ByWords, theirs: _ByWords, blocks: list[tuple[int, int, int]]) -> list[Span]:
    """Return our spans that lie in a block and are not at the same words of theirs."""
    found = []
    for (first, last, label), span in ours.items():
        for start, shift, size in blocks:
            if start <= first and last <= start + size:
                if (first + shift, last + shift, label) not in theirs:
                    found.append(span)
                break
    return found
