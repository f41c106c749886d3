"""Spans as BIO tags on words, and back: encoding, and decoding that allows only valid sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document, Span
from suffice.learners.words import IntArray, word_offsets

FloatArray = NDArray[np.float32]
OUTSIDE = 0


def tag_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the tags' names: ``O``, then ``B-`` and ``I-`` of each label, in order."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def log_shares(tags: Sequence[IntArray], labels: Sequence[str]) -> FloatArray:
    """Return the logarithm of each tag's share of a training set's words, one word added to each.

    As the bias of a fresh output layer it says before the first step that most words are in no
    span. A network that has to learn this does so in all its layers, and the states of a pretrained
    encoder may collapse to one for all words: MiniLM with a learning rate of 3e-4 then finds
    nothing for the rest of a short training (Lin et al. 2017, "Focal loss for dense object
    detection", section 3.3, on the same fault in detectors).

    Parameters
    ----------
    tags : sequence of ndarray of int
        The tags of each document's words, as `encode` gives them.
    labels : sequence of str
        Entity types, in the order of the tags.

    Returns
    -------
    ndarray of float32, shape (n_tags,)
    """
    counts = np.ones(len(tag_names(labels)))
    for own in tags:
        counts += np.bincount(own, minlength=len(counts))
    return np.log(counts / counts.sum()).astype(np.float32)


class Unlearnable(NamedTuple):
    """How many spans a word tagger cannot learn as they are.

    Attributes
    ----------
    spans : int
        All spans.
    overlapping : int
        Dropped, because they share a word with a longer or earlier one.
    wordless : int
        Dropped, because no word lies in them.
    cut : int
        Kept, but widened to whole words, because they begin or end within one: the tagger cannot
        find their exact offsets.
    """

    spans: int = 0
    overlapping: int = 0
    wordless: int = 0
    cut: int = 0

    def __add__(self, other: Unlearnable) -> Unlearnable:  # type: ignore[override]
        """Return the sums."""
        return Unlearnable(*(a + b for a, b in zip(self, other, strict=True)))


def flatten(
    words: IntArray, spans: Sequence[Span]
) -> tuple[list[tuple[int, int, str]], Unlearnable]:
    """Lay spans on words, and of those that share a word keep the longest, then the earliest.

    Parameters
    ----------
    words : ndarray of int, shape (n_words, 2)
        The result of `word_offsets`.
    spans : sequence of Span
        They may overlap or nest.

    Returns
    -------
    kept : list of (int, int, str)
        First word, one past the last word, label; sorted and disjoint.
    counts : Unlearnable
        What was dropped or widened.
    """
    kept: list[tuple[int, int, str]] = []
    taken = np.zeros(len(words), dtype=bool)
    overlapping = wordless = cut = 0
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.label)):
        first = int(np.searchsorted(words[:, 1], span.start, side="right"))
        last = int(np.searchsorted(words[:, 0], span.end, side="left"))
        if first >= last:
            wordless += 1
        elif taken[first:last].any():
            overlapping += 1
        else:
            taken[first:last] = True
            kept.append((first, last, span.label))
            cut += int(words[first, 0]) != span.start or int(words[last - 1, 1]) != span.end
    return sorted(kept), Unlearnable(len(spans), overlapping, wordless, cut)


def unlearnable(documents: Sequence[Document]) -> Unlearnable:
    """Return how many of the documents' spans a word tagger drops or widens."""
    counts = Unlearnable()
    for document in documents:
        counts += flatten(word_offsets(document.text), document.spans)[1]
    return counts


def encode(document: Document, labels: Sequence[str]) -> IntArray:
    """Return the tag of each of a document's words.

    Parameters
    ----------
    document : Document
        Spans whose label is not among ``labels`` are ignored.
    labels : sequence of str
        The labels, in the order of `tag_names`.

    Returns
    -------
    ndarray of int, shape (n_words,)
        0 outside, ``1 + 2 i`` where a span of label ``i`` begins, ``2 + 2 i`` inside one.
    """
    words = word_offsets(document.text)
    numbers = {label: i for i, label in enumerate(labels)}
    tags = np.full(len(words), OUTSIDE, dtype=np.int64)
    for first, last, label in flatten(words, [s for s in document.spans if s.label in numbers])[0]:
        tags[first:last] = 2 + 2 * numbers[label]
        tags[first] -= 1
    return tags


def decode(words: IntArray, tags: IntArray, labels: Sequence[str]) -> list[Span]:
    """Return the spans of a valid tag sequence, in character offsets, sorted.

    Parameters
    ----------
    words : ndarray of int, shape (n_words, 2)
        The result of `word_offsets`.
    tags : ndarray of int, shape (n_words,)
        As `encode` or `best_tags` return them.
    labels : sequence of str
        The labels, in the order of `tag_names`.
    """
    begins = np.flatnonzero(tags % 2 == 1)
    spans = []
    for begin in begins:
        end = int(begin) + 1
        while end < len(tags) and tags[end] == tags[begin] + 1:
            end += 1
        label = labels[(int(tags[begin]) - 1) // 2]
        spans.append(Span(int(words[begin, 0]), int(words[end - 1, 1]), label))
    return spans


def best_tags(scores: Sequence[FloatArray]) -> list[IntArray]:
    """Return the valid tag sequence with the greatest sum of scores, for each document.

    Valid means: an inside tag follows the begin tag or the inside tag of its own label. The search
    is exact (Viterbi 1967); since a begin tag or ``O`` may follow anything, one step costs time
    proportional to the number of tags, not to its square.

    Parameters
    ----------
    scores : sequence of ndarray, shape (n_words, n_tags)
        One array a document; log-probabilities or logits. NaN counts as minus infinity.

    Returns
    -------
    list of ndarray of int, shape (n_words,)
        In the order given. Of equal sequences, one is chosen the same way every time.
    """
    results: list[IntArray] = [np.zeros(0, dtype=np.int64)] * len(scores)
    order = sorted(range(len(scores)), key=lambda i: len(scores[i]))
    for begin in range(0, len(order), 64):
        batch = order[begin : begin + 64]
        paths = _viterbi([scores[i] for i in batch])
        for i, path in zip(batch, paths, strict=True):
            results[i] = path[: len(scores[i])]
    return results


_NEVER = -1e9


def _viterbi(batch: Sequence[FloatArray]) -> IntArray:
    longest = max(len(s) for s in batch)
    n_tags = max(s.shape[1] for s in batch)
    # Beyond a document's end only O scores, and it may follow anything: lengths need no other care.
    padded = np.full((longest, len(batch), n_tags), _NEVER, dtype=np.float32)
    padded[:, :, OUTSIDE] = 0
    for i, s in enumerate(batch):
        padded[: len(s), i] = np.nan_to_num(s, nan=_NEVER, posinf=-_NEVER, neginf=_NEVER)
    if longest == 0:
        return np.zeros((len(batch), 0), dtype=np.int64)
    total = padded[0].astype(np.float64)
    total[:, 2::2] = _NEVER  # nothing begins inside
    back = np.zeros((longest, len(batch), n_tags), dtype=np.int32)
    inside = np.arange(2, n_tags, 2)
    for t in range(1, longest):
        best = total.argmax(axis=1)
        step = np.repeat(total.max(axis=1)[:, None], n_tags, axis=1)
        back[t] = best[:, None]
        if len(inside):
            stays = total[:, inside] >= total[:, inside - 1]
            step[:, inside] = np.where(stays, total[:, inside], total[:, inside - 1])
            back[t][:, inside] = np.where(stays, inside, inside - 1)
        total = step + padded[t]
    path = np.zeros((len(batch), longest), dtype=np.int64)
    path[:, -1] = total.argmax(axis=1)
    rows = np.arange(len(batch))
    for t in range(longest - 1, 0, -1):
        path[:, t - 1] = back[t, rows, path[:, t]]
    return path
