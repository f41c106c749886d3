"""What each document and pair of annotators adds to the sums that agreement is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.annotations import of_labels, pairs, shared_labels
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.quality.agreement_result import Disagreement
from suffice.quality.compare import align, token_codes, token_spans
from suffice.scoring import CORRECT, MISSED, SPURIOUS
from suffice.stats._agreement.alpha import coincidences
from suffice.stats._agreement.kappa import contingency, kappa_of

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Tables:
    """One row for each document and pair of annotators who both annotated it.

    Parameters
    ----------
    labels : tuple of str
        The labels of the columns.
    names : tuple of (str, str)
        The pairs of annotators.
    document, pair : ndarray of int, shape (rows,)
        Places in the corpus and in `names`.
    exact : ndarray, shape (rows, labels, 3)
        Spans of both, of the second only, of the first only.
    halves : ndarray, shape (rows, labels)
        Overlapping spans of the same label with other boundaries.
    units : ndarray, shape (rows, 2)
        Units with identical boundaries, and all.
    types : ndarray, shape (rows, labels, labels)
        Labels of identically bounded spans.
    aligned : ndarray, shape (rows, labels + 1, labels + 1)
        Labels of all units; the last place is "not marked".
    tokens : ndarray, shape (rows, labels + 1, labels + 1)
        Labels of tokens; the first place is "outside".
    counts : ndarray, shape (rows, 2)
        Spans of each.
    disagreements : tuple of Disagreement
        All disagreements, in the corpus's order.
    """

    labels: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    document: Integers
    pair: Integers
    exact: Array
    halves: Array
    units: Array
    types: Array
    aligned: Array
    tokens: Array
    counts: Array
    disagreements: tuple[Disagreement, ...]


def tables(corpus: Corpus, labels: Sequence[str]) -> Tables:
    """Compare every two annotators of every document."""
    place = {label: i for i, label in enumerate(labels)}
    names: dict[tuple[str, str], int] = {}
    rows: list[tuple[int, int]] = []
    filled: list[list[Array]] = []
    disagreements: list[Disagreement] = []
    for number, document in enumerate(corpus):
        if len(document.annotators) < 2:
            continue
        words = token_spans(document)
        codes: dict[tuple[str, frozenset[str] | None], Integers] = {}
        for first, second, mine, theirs in pairs(document):
            shared = shared_labels(document, first, second)
            for name, spans in ((first, mine), (second, theirs)):
                if (name, shared) not in codes:
                    codes[name, shared] = np.array(token_codes(words, spans, labels)[0], dtype=int)
            rows.append((number, names.setdefault((first, second), len(names))))
            token = contingency(codes[first, shared], codes[second, shared], len(labels) + 1)
            filled.append([*_row(mine, theirs, place), token])
            disagreements += [
                Disagreement(document.id, unit.kind, first, second, unit.first, unit.second)
                for unit in align(mine, theirs)
                if unit.kind != "same"
            ]
    width = len(labels)
    shapes: tuple[tuple[int, ...], ...] = (
        (width, 3), (width,), (2,), (width, width), (width + 1, width + 1), (2,),
        (width + 1, width + 1),
    )  # fmt: skip
    stacked = [
        np.array([row[k] for row in filled]).reshape(len(rows), *shape)
        for k, shape in enumerate(shapes)
    ]
    exact, halves, units, types, aligned, counts, token_table = stacked
    # Pairs in the order of their names, whatever the order of the documents.
    ordered = sorted(names)
    renumbered = {names[pair]: i for i, pair in enumerate(ordered)}
    return Tables(
        labels=tuple(labels),
        names=tuple(ordered),
        document=np.array([d for d, _ in rows], dtype=int),
        pair=np.array([renumbered[p] for _, p in rows], dtype=int),
        exact=exact,
        halves=halves,
        units=units,
        types=types,
        aligned=aligned,
        tokens=token_table,
        counts=counts,
        disagreements=tuple(disagreements),
    )


def _row(mine: Sequence[Span], theirs: Sequence[Span], place: dict[str, int]) -> list[Array]:
    n = len(place)
    exact, halves, units = np.zeros((n, 3)), np.zeros(n), np.zeros(2)
    types, aligned = np.zeros((n, n)), np.zeros((n + 1, n + 1))
    for unit in align(mine, theirs):
        a = n if unit.first is None else place[unit.first.label]
        b = n if unit.second is None else place[unit.second.label]
        aligned[a, b] += 1
        units[1] += 1
        if unit.kind == "same":
            exact[a, CORRECT] += 1
        else:
            if unit.first is not None:
                exact[a, MISSED] += 1
            if unit.second is not None:
                exact[b, SPURIOUS] += 1
        if unit.kind == "boundary":
            halves[a] += 1
        if unit.kind in ("same", "type"):
            units[0] += 1
            types[a, b] += 1
    return [exact, halves, units, types, aligned, np.array([len(mine), len(theirs)], dtype=float)]


def exact_f1(sums: Array) -> Array:
    """Return F1 from sums of shape (..., labels, 3)."""
    return partial_f1(sums, np.zeros(sums.shape[:-1]))


def partial_f1(sums: Array, halves: Array) -> Array:
    """Return F1 in which overlapping spans of the same label count one half."""
    whole = 2 * sums[..., CORRECT] + sums[..., SPURIOUS] + sums[..., MISSED]
    matched = 2 * sums[..., CORRECT] + halves
    return share(matched.sum(axis=-1), whole.sum(axis=-1))


def share(part: Array, whole: Array) -> Array:
    """Return part/whole; NaN where the whole is 0."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def boundary_share(sums: Array) -> Array:
    """Return the share of units with identical boundaries, from sums of shape (..., 2)."""
    return share(sums[..., 0], sums[..., 1])


def type_share(sums: Array) -> Array:
    """Return the share on the diagonal, from sums of shape (..., labels, labels)."""
    return share(np.trace(sums, axis1=-2, axis2=-1), sums.sum(axis=(-2, -1)))


def token_kappa(sums: Array) -> Array:
    """Return Cohen's kappa from sums of shape (..., labels + 1, labels + 1)."""
    return kappa_of(sums)


@dataclass(frozen=True)
class JointCounts:
    """All annotators of each document at once, those who were asked for every label.

    Parameters
    ----------
    coincidences : ndarray, shape (documents, labels + 1, labels + 1)
        The coincidences of token labels.
    token_counts, type_counts : ndarray, shape (items, labels + 1) and (items, labels)
        Ratings of each token, and of each identically bounded unit, in the documents that have
        `raters` annotators.
    raters : int
        The most common number of annotators; at least 3, else 0.
    documents : int
        Documents with so many.
    covered, outside, tokens : int
        Tokens in several spans of one annotator; outside of all spans; and all, each once for
        each annotator.
    partly : int
        Documents that have annotators who were not asked for every label.
    """

    coincidences: Array
    token_counts: Array
    type_counts: Array
    raters: int
    documents: int
    covered: int
    outside: int
    tokens: int
    partly: int


def together(corpus: Corpus, labels: Sequence[str]) -> JointCounts:
    """Count what all annotators of each document made of its tokens and units."""
    full = [_asked_for_all(d, labels) for d in corpus]
    sizes = [len(names) for names in full if len(names) > 2]
    raters = max(sorted(set(sizes), reverse=True), key=sizes.count) if sizes else 0
    width = len(labels)
    matrices = np.zeros((len(full), width + 1, width + 1))
    token_counts, type_counts = [np.zeros((0, width + 1))], [np.zeros((0, width))]
    covered = outside = total = 0
    for number, (document, names) in enumerate(zip(corpus, full, strict=True)):
        if len(names) < 2:
            continue
        words = token_spans(document)
        counts = np.zeros((len(words), width + 1))
        for name in names:
            codes, several = token_codes(words, document.annotators[name], labels)
            covered += several
            outside += codes.count(0)
            total += len(codes)
            counts[np.arange(len(words)), codes] += 1
        matrices[number] = coincidences(counts)
        if len(names) == raters:
            token_counts.append(counts)
            type_counts.append(_types(document, names, labels))
    return JointCounts(
        coincidences=matrices,
        token_counts=np.concatenate(token_counts),
        type_counts=np.concatenate(type_counts),
        raters=raters,
        documents=sum(len(names) == raters for names in full),
        covered=covered,
        outside=outside,
        tokens=total,
        partly=sum(len(names) < len(d.annotators) for d, names in zip(corpus, full, strict=True)),
    )


def _asked_for_all(document: Document, labels: Sequence[str]) -> list[str]:
    everything = set(labels)
    asked = document.annotator_labels
    return sorted(a for a in document.annotators if a not in asked or everything <= set(asked[a]))


def _types(document: Document, names: Sequence[str], labels: Sequence[str]) -> Array:
    """Return the labels that all gave to the boundaries that all drew."""
    place = {label: i for i, label in enumerate(labels)}
    found: dict[tuple[int, int], list[str]] = {}
    for name in names:
        for span in of_labels(document.annotators[name], None):
            found.setdefault((span.start, span.end), []).append(span.label)
    # Two labels by one annotator on the same boundaries are no single rating.
    drawn = [{(s.start, s.end) for s in document.annotators[name]} for name in names]
    by_all = sorted(set.intersection(*drawn))
    units = [found[key] for key in by_all if len(found[key]) == len(names)]
    rows = np.zeros((len(units), len(labels)))
    for row, given in zip(rows, units, strict=True):
        for label in given:
            row[place[label]] += 1
    return rows
