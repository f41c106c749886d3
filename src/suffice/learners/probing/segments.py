"""Documents cut into short segments with context, so that a recurrent head trains fast on them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.learners.words import word_offsets


class Segment(NamedTuple):
    """A stretch of a document's words.

    Attributes
    ----------
    document : int
        Number of the document.
    begin, end : int
        The words that are read.
    core_begin, core_end : int
        The words that are learnt from and tagged; the cores of a document cover every word once.
    """

    document: int
    begin: int
    end: int
    core_begin: int
    core_end: int


def segments(documents: Sequence[Document], core: int, halo: int) -> list[Segment]:
    """Cut documents into segments.

    Cores end where a sentence does, if one ends near enough; nothing relies on that being right,
    since ICU also ends sentences after "Dr." and initials.

    Parameters
    ----------
    documents : sequence of Document
        Their spans are not looked at.
    core : int
        The wanted number of words of a core; they have between half and three halves of it, or
        fewer in short documents.
    halo : int
        How many words of context stand on each side.

    Returns
    -------
    list of Segment
        In order. None for a document without words.
    """
    found = []
    for number, document in enumerate(documents):
        words = word_offsets(document.text)
        n = len(words)
        if n == 0:
            continue
        borders = [0]
        if n > core + core // 2:
            ends = np.searchsorted(words[:, 0], [end for _, end in sentences(document)])
            while n - borders[-1] > core + core // 2:
                wanted = borders[-1] + core
                near = ends[(ends >= wanted - core // 2) & (ends <= wanted + core // 2)]
                border = int(near[np.abs(near - wanted).argmin()]) if len(near) else wanted
                borders.append(border)
        borders.append(n)
        found += [
            Segment(number, max(0, a - halo), min(n, b + halo), a, b)
            for a, b in itertools.pairwise(borders)
        ]
    return found
