"""Exact-span scoring, kept as counts per evaluation document and label.

Counts, and not F1 values, are what a run leaves behind: precision, recall, F1, micro or by label,
and every interval over resampled evaluation documents can be computed from them later without
training anything again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Document, Span

CORRECT, SPURIOUS, MISSED = 0, 1, 2


@dataclass(frozen=True)
class Counts:
    """Correct, spurious and missed spans per document and label.

    Parameters
    ----------
    labels : tuple of str
        The label of each column.
    table : ndarray of int32, shape (documents, labels, 3)
        Correct (true positive), spurious (false positive), missed (false negative).
    """

    labels: tuple[str, ...]
    table: NDArray[np.int32]

    def f1(self, label: str | None = None) -> float:
        """Return micro-F1 over all documents, of all labels or of one; NaN where undefined."""
        columns = slice(None) if label is None else [self.labels.index(label)]
        return float(micro_f1(self.table[:, columns].sum(axis=(0, 1))))


def count(
    documents: Sequence[Document],
    predicted: Sequence[Sequence[Span]],
    labels: Sequence[str],
) -> Counts:
    """Count exact matches: same start, same end, same label.

    Parameters
    ----------
    documents : sequence of Document
        With their gold spans. All of them count, also those that overlap.
    predicted : sequence of sequences of Span
        One sequence for each document. A span that is predicted twice counts once.
    labels : sequence of str
        Every label of `documents` must be among them.

    Returns
    -------
    Counts

    Raises
    ------
    ValueError
        Where the lengths differ, or a label is not among `labels`.

    Examples
    --------
    >>> statement = Document("1", "AB reports fees from Orlex.", (Span(0, 2, "PERSON"),))
    >>> count([statement], [[Span(0, 2, "PERSON"), Span(21, 26, "ORG")]], ["ORG", "PERSON"]).f1()
    0.6666666666666666
    """
    if len(documents) != len(predicted):
        raise ValueError(f"{len(documents)} documents but {len(predicted)} lists of spans")
    column = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(documents), len(column), 3), dtype=np.int32)
    for row, (document, spans) in enumerate(zip(documents, predicted, strict=True)):
        gold, found = set(document.spans), set(spans)
        for kind, members in (
            (CORRECT, gold & found),
            (SPURIOUS, found - gold),
            (MISSED, gold - found),
        ):
            for span in members:
                if span.label not in column:
                    raise ValueError(f"the label {span.label!r} is not among those scored")
                table[row, column[span.label], kind] += 1
    return Counts(tuple(labels), table)


def micro_f1(table: NDArray[np.number]) -> NDArray[np.float64]:
    """Return F1 from counts whose last axis is (correct, spurious, missed).

    Parameters
    ----------
    table : ndarray, shape (..., 3)
        Counts, or weighted sums of counts.

    Returns
    -------
    ndarray of float, shape (...)
        2·correct / (2·correct + spurious + missed), in [0, 1]; NaN where there is neither a gold
        nor a predicted span.
    """
    counts = np.asarray(table, dtype=float)
    twice = 2.0 * counts[..., CORRECT]
    whole = twice + counts[..., SPURIOUS] + counts[..., MISSED]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, twice / whole, np.nan)
