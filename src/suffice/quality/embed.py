"""One vector a document: the mean of its words' last hidden states, at length 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.learners.backbone import BUNDLED, find, number_format

_CHUNK = 64


def embed(
    documents: Sequence[Document],
    backbone: str = BUNDLED,
    tell: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """Return the documents' embeddings.

    Parameters
    ----------
    documents : sequence of Document
        Any.
    backbone : str
        As `suffice.learners.backbone.find` takes it.
    tell : callable, optional
        Called with how many are done, of how many.

    Returns
    -------
    ndarray, shape (documents, hidden size)
        Of Euclidean length 1, but for texts without words: zero.
    """
    from suffice.learners.encoder import FrozenEncoder

    encoder = FrozenEncoder(find(backbone), (-1,), number_format=number_format())
    texts = [d.text for d in documents]
    rows: list[NDArray[np.float64]] = []
    for begin in range(0, len(texts), _CHUNK):
        for _, words in encoder(texts[begin : begin + _CHUNK]):
            wide = words.astype(float)
            mean = wide.mean(axis=0) if len(wide) else np.zeros(encoder.width)
            rows.append(mean / (np.linalg.norm(mean) or 1.0))
        if tell is not None:
            tell(len(rows), len(texts))
    return np.stack(rows) if rows else np.zeros((0, encoder.width))
