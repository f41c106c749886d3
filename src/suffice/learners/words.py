"""Documents as words and word pieces, and windows over the pieces of long ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.corpus.tokens import tokens
from suffice.errors import InputError
from suffice.learners.backbone import BUNDLED, find, load_tokenizer

IntArray = NDArray[np.int64]


@lru_cache(maxsize=16_384)
def word_offsets(text: str) -> IntArray:
    """Return the words of a text.

    Parameters
    ----------
    text : str
        A document's text.

    Returns
    -------
    ndarray of int, shape (n_words, 2)
        Start and end of each word in characters; read-only, since it is kept for the next call.
    """
    offsets = np.array(list(tokens(text)), dtype=np.int64).reshape(-1, 2)
    offsets.flags.writeable = False
    return offsets


@dataclass(frozen=True)
class Pieces:
    """The word pieces of one text and how they belong to its words.

    Parameters
    ----------
    ids : ndarray of int, shape (n_pieces,)
        Vocabulary numbers, without special tokens.
    first, last : ndarray of int, shape (n_words,)
        Word ``i`` overlaps the pieces ``first[i]:last[i]``; the two are equal where the tokenizer
        drops the whole word (control characters). One piece may belong to several words.
    """

    ids: IntArray
    first: IntArray
    last: IntArray


class Piecer:
    """Cuts texts into word pieces.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        The backbone's tokenizer, as `suffice.learners.backbone.load_tokenizer` returns it.

    Attributes
    ----------
    before, after : list of int
        The special tokens that stand around every window.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._backend = tokenizer
        self._backend.no_truncation()
        self._backend.no_padding()
        bare = self._backend.encode("a", add_special_tokens=False).ids
        whole = self._backend.encode("a").ids
        places = range(len(whole) - len(bare) + 1)
        start = next((i for i in places if whole[i : i + len(bare)] == bare), None)
        if not bare or start is None:
            raise InputError("the backbone's tokenizer cannot encode the letter a: it is damaged")
        self.before: list[int] = whole[:start]
        self.after: list[int] = whole[start + len(bare) :]
        # A WordPiece never holds two words, but where a rule for words is finer than its own.
        model = self._backend.model
        self._model: Any = model if type(model).__name__ in {"BPE", "Unigram"} else None
        self._parts: dict[tuple[str, tuple[int, ...]], list[list[int]]] = {}

    def __call__(
        self, texts: Sequence[str], words: Sequence[IntArray] | None = None
    ) -> list[Pieces]:
        """Return the pieces of each text, laid on its words: our own, or those given."""
        words = [word_offsets(text) for text in texts] if words is None else words
        # A lone surrogate cannot be encoded; "?" is as long.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        encodings = self._backend.encode_batch(clean, add_special_tokens=False)
        return [
            self._aligned(text, own, encoding)
            for text, own, encoding in zip(clean, words, encodings, strict=True)
        ]

    def _aligned(self, text: str, words: IntArray, encoding: Any) -> Pieces:
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        ids = np.array(encoding.ids, dtype=np.int64)
        if self._model is not None:
            ids, offsets = self._within_words(text, words, encoding.tokens, ids, offsets)
        return _aligned(words, ids, offsets)

    def _within_words(
        self, text: str, words: IntArray, names: list[str], ids: IntArray, offsets: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Part the pieces that hold several words, as ``.,`` may: each word needs its own tag."""
        begun = np.searchsorted(words[:, 0], offsets[:, 1], side="left")
        ended = np.searchsorted(words[:, 1], offsets[:, 0], side="right")
        several = np.flatnonzero(begun - ended > 1).tolist()
        if not several:
            return ids, offsets
        found_ids: list[Any] = []
        found_offsets: list[Any] = []
        done = 0
        for i in several:
            start, end = offsets[i].tolist()
            borders = [start, *words[ended[i] + 1 : begun[i], 0].tolist(), end]
            parts = self._parted(names[i], text[start:end], [b - start for b in borders[1:-1]])
            if parts is None:
                continue
            found_ids += [ids[done:i], *map(np.array, parts)]
            found_offsets.append(offsets[done:i])
            for own, part in zip(itertools.pairwise(borders), parts, strict=True):
                found_offsets.append(np.tile(np.array(own), (len(part), 1)))
            done = i + 1
        return (
            np.concatenate([*found_ids, ids[done:]]),
            np.concatenate([*found_offsets, offsets[done:]]),
        )

    def _parted(self, name: str, text: str, cuts: list[int]) -> list[list[int]] | None:
        """Return the pieces of each part of a piece that is cut at these characters of its text.

        None where the piece does not spell its text, as after normalisation, or a part is unknown.
        """
        # A space before the word may be in the piece's name and not in its text.
        lead = int(name[:1] in {"Ġ", "▁"} and not text[:1].isspace())
        if len(name) - lead == len(text.encode()):  # byte-level: one sign for each byte
            cuts = [len(text[:c].encode()) for c in cuts]
        elif len(name) - lead != len(text):
            return None
        key = (name, tuple(cuts))
        if key not in self._parts:
            borders = [0, *(c + lead for c in cuts), len(name)]
            self._parts[key] = [
                [token.id for token in self._model.tokenize(name[a:b])]
                for a, b in itertools.pairwise(borders)
            ]
        parts = self._parts[key]
        return parts if all(parts) else None


def _aligned(words: IntArray, ids: IntArray, offsets: IntArray) -> Pieces:
    # A byte-level tokenizer may give one character to several pieces, and a lone space no width:
    # ends and starts both rise, if not strictly, which is all that searchsorted needs.
    if (np.diff(offsets, axis=0) < 0).any():
        kept = offsets[:, 1] > offsets[:, 0]
        offsets, ids = offsets[kept], ids[kept]
    first = np.searchsorted(offsets[:, 1], words[:, 0], side="right")
    last = np.searchsorted(offsets[:, 0], words[:, 1], side="left")
    return Pieces(ids, first, np.maximum(first, last))


def pieces_per_word(documents: Sequence[Document], backbone: str = BUNDLED) -> float:
    """Return the mean number of pieces that the backbone cuts a word of letters into.

    Near 1.2 where the backbone knows the language and its subject, near 2 and above where it does
    not. Needs the `tokenizers` package, not torch.

    Parameters
    ----------
    documents : sequence of Document
        Some hundred are enough.
    backbone : str
        As `suffice.learners.backbone.find` takes it.

    Returns
    -------
    float
        NaN where no word has letters.
    """
    piecer = Piecer(load_tokenizer(find(backbone)))
    pieces = words = 0
    for document, cut in zip(documents, piecer([d.text for d in documents]), strict=True):
        lettered = np.array(
            [document.text[a:b].isalpha() for a, b in word_offsets(document.text)], dtype=bool
        )
        pieces += int((cut.last - cut.first)[lettered].sum())
        words += int(lettered.sum())
    return pieces / words if words else float("nan")


@dataclass(frozen=True)
class Window:
    """A stretch of a text's pieces that the encoder reads at once.

    Parameters
    ----------
    begin, end : int
        The pieces that it reads.
    own_begin, own_end : int
        The pieces whose vectors are taken from it: those that it shows more context of than its
        neighbours. Every piece of a text is owned by exactly one window.
    """

    begin: int
    end: int
    own_begin: int
    own_end: int


def windows(pieces: Pieces, size: int, overlap: int, left_to_right: bool = False) -> list[Window]:
    """Cut a text's pieces into overlapping windows.

    Parameters
    ----------
    pieces : Pieces
        The pieces of one text.
    size : int
        The most pieces that a window may hold, special tokens not counted.
    overlap : int
        How many pieces two neighbours share, at least.
    left_to_right : bool
        The model sees what stands before a piece only: of two windows the earlier one owns all
        that both read.

    Returns
    -------
    list of Window
        In order; together they own every piece once. Empty for a text without pieces. Owned
        stretches begin where a word begins, unless the word is longer than half the overlap.
    """
    n = len(pieces.ids)
    if n == 0:
        return []
    if n <= size:
        return [Window(0, n, 0, n)]
    if not 0 <= overlap < size:
        raise ValueError("overlap must be at least 0 and smaller than size")
    begins = [*range(0, n - size, size - overlap), n - size]
    if left_to_right:
        edges = itertools.pairwise([0, *(begin + size for begin in begins)])
        return [Window(b, b + size, *own) for b, own in zip(begins, edges, strict=True)]
    borders = [0]
    for left, right in itertools.pairwise(begins):
        middle = (right + left + size) // 2  # equally far from both windows' edges
        word = int(np.searchsorted(pieces.first, middle, side="right")) - 1
        start = int(pieces.first[word]) if word >= 0 else middle
        near = middle - start <= overlap // 2 and start >= max(right, borders[-1])
        borders.append(start if near else middle)
    borders.append(n)
    owned = itertools.pairwise(borders)
    return [
        Window(begin, begin + size, a, b)
        for begin, (a, b) in zip(begins, owned, strict=True)
        if a < b
    ]
