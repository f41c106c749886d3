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
from suffice.errors import InputError
from suffice.stats._runs import METRICS, Metric

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


def sum_by_unit(values: NDArray[np.number], units: Sequence[str]) -> NDArray[np.float64]:
    """Return the sums of each unit's rows.

    Parameters
    ----------
    values : ndarray, shape (documents, ...)
        A row for each document.
    units : sequence of str
        What each document is resampled with.

    Returns
    -------
    ndarray, shape (units, ...)
        Units in the order of their first document.
    """
    order = {unit: i for i, unit in enumerate(dict.fromkeys(units))}
    sums = np.zeros((len(order), *values.shape[1:]))
    np.add.at(sums, [order[unit] for unit in units], values)
    return sums


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


_NAMES: dict[Metric, str] = {
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "macro-f1": "macro-F1",
}

_PARTIAL = ("partial", "relaxed", "overlap")


@dataclass(frozen=True)
class Measure:
    """What models are judged by, on exact spans: ``F1``, ``recall of PERSON``.

    Parameters
    ----------
    metric : {"f1", "precision", "recall", "macro-f1"}
        Micro-averaged over evaluation documents and labels; macro-F1 is the mean of F1 over the
        labels that the evaluation set holds.
    label : str, optional
        The one label that counts; all of them by default.
    """

    metric: Metric = "f1"
    label: str | None = None

    @classmethod
    def parse(cls, text: str) -> Measure:
        """Read a measure as it is written: ``f1``, ``recall:PERSON``.

        Raises
        ------
        InputError
            There is no such measure.
        """
        name, colon, label = text.partition(":")
        name, label = name.strip().lower(), label.strip()
        if name in _PARTIAL:
            raise InputError(
                f"{name!r}: partial matches are no target, since runs keep counts of exact spans "
                "only",
                remedy=f"choose one of {', '.join(METRICS)}",
            )
        if name not in METRICS:
            raise InputError(
                f"there is no measure {name!r}",
                remedy=f"choose one of {', '.join(METRICS)}, or of one label, as recall:PERSON",
            )
        if name == "macro-f1" and colon:
            raise InputError("macro-f1 is a mean over labels", remedy=f"write f1:{label or 'NAME'}")
        if colon and not label:
            raise InputError(f"{text!r} names no label", remedy=f"write for example {name}:PERSON")
        return cls(name, label or None)

    def of(self, label: str) -> Measure:
        """Return the same of one label; F1 for macro-F1, which averages that."""
        return Measure("f1" if self.metric == "macro-f1" else self.metric, label)

    @property
    def labels(self) -> tuple[str, ...] | None:
        """Return the labels that count; None for all of them."""
        return None if self.label is None else (self.label,)

    @property
    def plain(self) -> bool:
        """Return whether this is what suffice measures unless told otherwise."""
        return self == F1

    @property
    def name(self) -> str:
        """Return what it is called within a sentence: ``recall of PERSON``."""
        return _NAMES[self.metric] + (f" of {self.label}" if self.label else "")

    @property
    def at_n(self) -> str:
        """Return the name of the measure as a function of training documents: ``F1(n)``."""
        return f"{_NAMES[self.metric]}(n)" + (f" of {self.label}" if self.label else "")

    @property
    def full(self) -> str:
        """Return the name for an axis: ``exact micro-F1``, ``exact recall of PERSON``."""
        micro = "" if self.label or self.metric == "macro-f1" else "micro-"
        return f"exact {micro}{self.name}"

    def __str__(self) -> str:
        return self.metric + (f":{self.label}" if self.label else "")


F1 = Measure()
"""Exact micro-F1."""


@dataclass(frozen=True)
class Target:
    """What models are to reach: ``recall:PERSON=.95``.

    Parameters
    ----------
    measure : Measure
        What is measured.
    value : float
        The least wanted, in (0, 1).

    Raises
    ------
    InputError
        The value lies outside.
    """

    measure: Measure
    value: float

    def __post_init__(self) -> None:
        if not 0 < self.value < 1:
            raise InputError(
                f"the target {self.measure.name} must lie between 0 and 1, not {self.value:g}",
                remedy=f"write for example `target` {self.measure}=0.85",
            )

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read a target as it is written: ``precision=.9``, ``recall:PERSON=.95``.

        Raises
        ------
        InputError
            It is none.
        """
        measure, equals, value = text.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise InputError(
                f"{text!r} is no target",
                remedy="write a measure and a value, as f1=0.85 or recall:PERSON=0.95",
            )
        return cls(Measure.parse(measure), number)
