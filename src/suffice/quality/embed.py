"""One vector a document: the mean of its words' last hidden states, at length 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document
from suffice.errors import StudyError
from suffice.learners.backbone import BUNDLED, find, number_format
from suffice.runs.executors.base import Task
from suffice.runs.executors.local import LocalExecutor

if TYPE_CHECKING:
    from suffice.learners.probing.encoder import FrozenEncoder

Array = NDArray[np.float64]

_CHUNK = 40


@lru_cache(maxsize=1)
def _encoder(backbone: str) -> FrozenEncoder:
    from suffice.learners.probing.encoder import FrozenEncoder

    return FrozenEncoder(find(backbone), (-1,), number_format=number_format())


def work(backbone: str, texts: Sequence[str]) -> Array:
    """Embed some texts, in a worker process."""
    encoder = _encoder(backbone)
    rows = np.zeros((len(texts), encoder.width))
    for row, (_, words) in zip(rows, encoder(texts), strict=True):
        if len(words):
            mean = words.astype(float).mean(axis=0)
            row[:] = mean / (np.linalg.norm(mean) or 1.0)
    return rows


def embed(
    documents: Sequence[Document],
    backbone: str = BUNDLED,
    tell: Callable[[int, int], None] | None = None,
) -> Array:
    """Return the documents' embeddings, computed in worker processes of one thread each.

    Parameters
    ----------
    documents : sequence of Document
        One at least.
    backbone : str
        As `suffice.learners.backbone.find` takes it.
    tell : callable, optional
        Called with how many are done, of how many.

    Returns
    -------
    ndarray, shape (documents, hidden size)
        Of Euclidean length 1, but for texts without words: zero.

    Raises
    ------
    InputError
        There is no such backbone.
    StudyError
        Embedding failed.
    """
    find(backbone)  # an error of the user's is raised here, not in a worker
    texts = [d.text for d in documents]
    tasks = [Task(str(i), texts[i : i + _CHUNK]) for i in range(0, len(texts), _CHUNK)]
    parts: dict[str, Array] = {}
    with LocalExecutor() as executor:
        executor.start(backbone, at_most=len(tasks))
        for outcome in executor.map(work, tasks):
            if outcome.error:
                raise StudyError(f"the backbone failed: {outcome.error}")
            parts[outcome.id] = outcome.result
            if tell is not None:
                tell(sum(map(len, parts.values())), len(texts))
    return np.concatenate([parts[task.id] for task in tasks])
