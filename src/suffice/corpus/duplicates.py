"""Documents that say the same: twins, which must not stand on both sides of a split."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.corpus.tokens import tokens

SIMILAR = 0.8
"""The least Jaccard similarity of near-duplicates."""
SHINGLE = 3
"""Words in a shingle. With five, one changed word parts texts of up to 44 words; with three, 28."""
SHORT = 8
"""Documents of fewer words are twins only if equal."""
_CROWD = 64


def folded(text: str) -> str:
    """Return a text with case and white space folded; equal for exact duplicates."""
    return " ".join(text.casefold().split())


def exact_duplicates(documents: Iterable[Document]) -> list[tuple[str, ...]]:
    """Return groups of documents with the same text but for case and white space.

    Parameters
    ----------
    documents : iterable of Document
        With unique ids.

    Returns
    -------
    list of tuple of str
        The ids of each group of two or more, in the order of the documents.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        groups[folded(document.text)].append(document.id)
    return [tuple(ids) for ids in groups.values() if len(ids) > 1]


def near_duplicates(
    documents: Iterable[Document], similar: float = SIMILAR
) -> list[tuple[str, ...]]:
    """Return groups of documents that are the same or nearly so.

    Two documents are twins if their texts are equal after folding case and white space, or if
    both have at least eight words and the Jaccard similarity of their sets of word trigrams is at
    least ``similar``. Groups are the connected components of this relation.

    Parameters
    ----------
    documents : iterable of Document
        With unique ids.
    similar : float
        Between 0 (exclusive) and 1.

    Returns
    -------
    list of tuple of str
        The ids of each group of two or more; ids and groups in the order of the documents. The
        same documents in another order give the same groups, but for the limit below.

    Notes
    -----
    Candidates come from prefix filtering (Bayardo, Ma & Srikant, WWW 2007), which loses no pair:
    with shingles ordered from rare to frequent, two sets as similar as that share one of the first
    few. To stay near-linear where thousands of texts share all their rare shingles and are no
    twins, a text is compared with at most 64 others for each.
    """
    listed = list(documents)
    by_text: dict[str, list[int]] = defaultdict(list)
    for index, document in enumerate(listed):
        by_text[folded(document.text)].append(index)
    parent = list(range(len(listed)))
    firsts = []
    for same in by_text.values():
        firsts.append(same[0])
        for index in same[1:]:
            _unite(parent, same[0], index)
    sets = _shingles(list(by_text))
    for a, b in _similar(sets, similar, parent, firsts):
        _unite(parent, a, b)
    groups: dict[int, list[str]] = defaultdict(list)
    for index, document in enumerate(listed):
        groups[_root(parent, index)].append(document.id)
    return [tuple(ids) for ids in groups.values() if len(ids) > 1]


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _unite(parent: list[int], a: int, b: int) -> None:
    first, second = sorted((_root(parent, a), _root(parent, b)))
    parent[second] = first


def _shingles(texts: Sequence[str]) -> list[NDArray[np.int64]]:
    """Return each text's set of shingles, numbered from rare to frequent, sorted; none if short."""
    words: dict[str, int] = {}
    hashed = []
    for text in texts:
        row = []
        for start, end in tokens(text):
            word = text[start:end]
            if word not in words:
                words[word] = _hash(word)
            row.append(words[word])
        array = np.array(row, dtype=np.uint64)
        hashed.append(_rolled(array) if len(array) >= SHORT else array[:0])
    if not hashed:
        return []
    _, inverse, counts = np.unique(np.concatenate(hashed), return_inverse=True, return_counts=True)
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    numbered = rank[inverse]
    edges = np.cumsum([0, *map(len, hashed)])
    return [np.sort(numbered[a:b]) for a, b in pairwise(edges)]


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest())


def _rolled(row: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the set of hashes of all runs of `SHINGLE` words; unsigned arithmetic wraps."""
    wide = len(row) - SHINGLE + 1
    total = np.zeros(wide, dtype=np.uint64)
    for offset in range(SHINGLE):
        total = total * np.uint64(0x9E3779B97F4A7C15) + row[offset : offset + wide]
    return np.unique(total)


def _similar(
    sets: Sequence[NDArray[np.int64]],
    similar: float,
    parent: list[int],
    firsts: Sequence[int],
) -> Iterable[tuple[int, int]]:
    """Yield twins by their documents' indices, but for pairs that are united already."""
    index: dict[int, list[int]] = defaultdict(list)
    whole: dict[int, frozenset[int]] = {}
    for current in sorted(range(len(sets)), key=lambda i: (len(sets[i]), i)):
        shingles = sets[current]
        size = len(shingles)
        if not size:
            continue
        prefix = shingles[: size - _ceil(similar * size) + 1].tolist()
        seen: set[int] = set()
        for shingle in prefix:
            for other in index[shingle][-_CROWD:]:
                if other in seen or len(sets[other]) < similar * size - 1e-9:
                    continue
                seen.add(other)
                a, b = firsts[current], firsts[other]
                if _root(parent, a) != _root(parent, b) and (
                    _jaccard(current, other, sets, whole) >= similar - 1e-12
                ):
                    yield a, b
            index[shingle].append(current)


def _ceil(value: float) -> int:
    return int(np.ceil(value - 1e-9))


def _jaccard(
    a: int, b: int, sets: Sequence[NDArray[np.int64]], whole: dict[int, frozenset[int]]
) -> float:
    for one in (a, b):
        if one not in whole:
            whole[one] = frozenset(sets[one].tolist())
    common = len(whole[a] & whole[b])
    return common / (len(whole[a]) + len(whole[b]) - common)
