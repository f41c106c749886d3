"""Twins: in several splits, or annotated differently."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from suffice.corpus.checks.alignment import Block, align
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
        first = _Laid(by_id[ids[0]])
        for name in ids[1:]:
            yield from _differences(first, by_id[name])


def _twins(ids: Sequence[str]) -> Case:
    return Case((*map(Place, ids[1:]), Place(ids[0])), len(ids) - 1, weight=len(ids))


class _Laid:
    """A document as words, with its spans laid on them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        places = tokens(document.text)
        starts, ends = [start for start, _ in places], [end for _, end in places]
        self.words = [document.text[start:end].casefold() for start, end in places]
        # By the first word, the word after the last one, and the label.
        self.spans = {
            (bisect_right(ends, s.start), bisect_left(starts, s.end), s.label): s
            for s in document.spans
        }


def _differences(one: _Laid, second: Document) -> Iterator[tuple[str, Case]]:
    """Yield the spans of either twin, on text that both have, that the other one lacks."""
    first, skipped = one.document, 0
    if first.text == second.text:
        missing = set(first.spans) ^ set(second.spans)
        lacking = [(d, s) for d in (first, second) for s in d.spans if s in missing]
    else:
        lacking, skipped = _lacking(one, _Laid(second))
    other = tuple(Place(d.id) for d in (first, second))
    if lacking:
        places = tuple(Place(d.id, s.start, s.end, s.label) for d, s in lacking)
        case = Case((*places, *other), len(places), weight=len(places))
        yield "twins annotated differently", case
    if skipped:
        detail = f"words not compared: {skipped:,}"
        yield "twins not compared", Case(other[::-1], 1, detail, weight=skipped)


def _lacking(one: _Laid, two: _Laid) -> tuple[list[tuple[Document, Span]], int]:
    """Return the spans that only one twin has, within stretches of three or more equal words.

    And the number of words that were not compared.
    """
    least = max(1, min(SHINGLE, len(one.words), len(two.words)))
    blocks, skipped = align(one.words, two.words)
    there = [block for block in blocks if block.size >= least]
    back = [Block(block.b, block.a, block.size) for block in there]
    return [
        *((one.document, span) for span in _only(one, two, there)),
        *((two.document, span) for span in _only(two, one, back)),
    ], skipped


def _only(ours: _Laid, theirs: _Laid, blocks: Sequence[Block]) -> Iterator[Span]:
    """Yield our spans that lie in a block and are not at the same words of theirs."""
    starts = [block.a for block in blocks]
    for (first, last, label), span in ours.spans.items():
        at = bisect_right(starts, first) - 1
        if at >= 0 and last <= blocks[at].a + blocks[at].size:
            shift = blocks[at].b - blocks[at].a
            if (first + shift, last + shift, label) not in theirs.spans:
                yield span
