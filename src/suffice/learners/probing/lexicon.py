"""What a word looks like: hashes of its form, prefix, suffix and shape, and flags.

The bundled backbone is uncased and cuts rare words into pieces; these features give casing,
shape and identity back.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from suffice.learners.words import word_offsets

KINDS = ("form", "prefix", "suffix", "shape")
N_FLAGS = 12


def _hash(text: str) -> int:
    # Python's own hash() differs from process to process.
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def shape(word: str) -> str:
    """Return the shape of a word: ``X`` upper, ``x`` lower, ``d`` digit, others as they are.

    Runs are cut to two signs: ``Roberta`` is ``Xxx``, ``HLA`` is ``XX``.
    """
    signs: list[str] = []
    for sign in word:
        kind = "d" if sign.isdigit() else "X" if sign.isupper() else "x" if sign.isalpha() else sign
        if signs[-2:] != [kind, kind]:
            signs.append(kind)
    return "".join(signs)


@lru_cache(maxsize=200_000)
def _of_word(word: str) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    lower = word.lower()
    hashes = (
        _hash(lower),
        _hash(lower[:3]),
        _hash(lower[-3:]),
        _hash(shape(word)),
    )
    letters = [c for c in word if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    digits = sum(c.isdigit() for c in word)
    flags = (
        bool(letters) and letters[0].isupper(),
        bool(letters) and upper == len(letters),
        bool(letters) and upper == 0,
        any(c.isupper() for c in word[1:]) and upper < len(letters),
        0 < digits < len(word),
        digits == len(word),
        not letters and digits == 0,
        len(word) == 1,
        len(word) > 8,
    )
    return hashes, flags


@lru_cache(maxsize=8192)
def lexical(text: str) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Return the lexical features of the words of a document's text.

    Returns
    -------
    hashes : ndarray of uint32, shape (n_words, len(KINDS))
        The same on every machine.
    flags : ndarray of bool, shape (n_words, N_FLAGS)
        Casing, digits, punctuation, length, and whether white space or a line's edge
        stands beside the word.
    """
    words = word_offsets(text)
    n = len(words)
    hashes = np.zeros((n, len(KINDS)), dtype=np.uint32)
    flags = np.zeros((n, N_FLAGS), dtype=np.bool_)
    if n == 0:
        return hashes, flags
    for i, (start, end) in enumerate(words.tolist()):
        own_hashes, own_flags = _of_word(text[start:end])
        hashes[i] = own_hashes
        flags[i, : len(own_flags)] = own_flags
    gap = words[1:, 0] > words[:-1, 1]
    flags[1:, 9] = gap
    flags[:-1, 10] = gap
    flags[0, 9] = flags[-1, 10] = flags[0, 11] = True
    for i in np.flatnonzero(gap).tolist():
        flags[i + 1, 11] = "\n" in text[words[i, 1] : words[i + 1, 0]]
    for array in (hashes, flags):
        array.flags.writeable = False
    return hashes, flags
