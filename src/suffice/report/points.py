"""The runs as the report shows them: points of the curve's figure, and a summary by size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.analysis.result import Analysis
from suffice.scoring import Measure
from suffice.study.table import RunTable

Array = NDArray[np.float64]

_MOST_BINS = 12


@dataclass(frozen=True)
class Points:
    """One point a run (with folds: a run in all folds).

    Parameters
    ----------
    size : ndarray, shape (runs,)
        Documents in the training set.
    score : ndarray, shape (runs,)
        F1, or what else the analysis measures, on the evaluation set.
    seconds : ndarray, shape (runs,)
        Wall-clock time of training, all folds together.
    """

    size: Array
    score: Array
    seconds: Array


@dataclass(frozen=True)
class SizeSummary:
    """The runs of one size, or of a range of sizes.

    Parameters
    ----------
    smallest, largest : float
        Documents.
    runs : int
        Number of runs.
    mean, sd : float
        The mean and SD of the score; the deviation is NaN for one run.
    seconds : float
        Mean time of training.
    """

    smallest: float
    largest: float
    runs: int
    mean: float
    sd: float
    seconds: float


def studied_points(analysis: Analysis, runs: RunTable | None) -> Points | None:
    """Return the runs behind the curve; None where no table is given or none fits."""
    if runs is None:
        return None
    return _points(runs, analysis.studied.learner, analysis.studied.runs, analysis.measure)


def confirming_points(analysis: Analysis, runs: RunTable | None) -> Points | None:
    """Return the runs of the learner that the studied one was compared with."""
    if runs is None or not analysis.gap_learner:
        return None
    return _points(runs, analysis.gap_learner, analysis.studied.pairs, analysis.measure)


def _points(table: RunTable, name: str, expected: int, measure: Measure) -> Points | None:
    """Take the learner of that name with the number of runs that the analysis counted."""
    ids = sorted(i for i, own in table.names.items() if own == name and table.of_learner(i))
    if not ids:
        return None
    learner = min(ids, key=lambda i: abs(len(table.of_learner(i)) - expected))
    places = table.places(learner)
    found = table.runs(learner, measure=measure, places=places)
    if found is None:
        return None
    spent: dict[tuple[str, int, int, int], float] = {}
    for row in table.of_learner(learner):
        key = (row.pool, row.asked, row.replicate, row.repeat)
        spent[key] = spent.get(key, 0.0) + row.train_seconds
    seconds = [spent[(p.pool, *p.cell)] for p in places]
    return Points(found.size, found.score(), np.array(seconds))


def by_size(points: Points) -> tuple[SizeSummary, ...]:
    """Summarise the runs of each size, or of a few ranges where there are many sizes."""
    sizes = np.unique(points.size)
    groups = np.array_split(sizes, min(len(sizes), _MOST_BINS))
    rows = []
    for group in groups:
        inside = (points.size >= group[0]) & (points.size <= group[-1])
        score = points.score[inside]
        rows.append(
            SizeSummary(
                smallest=float(group[0]),
                largest=float(group[-1]),
                runs=len(score),
                mean=float(score.mean()),
                sd=float(score.std(ddof=1)) if len(score) > 1 else float("nan"),
                seconds=float(points.seconds[inside].mean()),
            )
        )
    return tuple(rows)
