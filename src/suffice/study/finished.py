"""A finished run as people see it: where it stands in the design, and how well its model did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from suffice.runs.store import RunRow
from suffice.scoring import CORRECT, MISSED, SPURIOUS, micro_f1


@dataclass(frozen=True)
class FinishedRun:
    """One finished run: a model that was trained on one training set and scored.

    Parameters
    ----------
    learner : str
        What was trained.
    documents, sentences : int
        The size of its training set.
    fold : int
        The fold that it was scored on; -1 where there is one evaluation set.
    replicate, repeat : int
        The number of the training set among those of its size, and of the training on it.
    seed : int
        The training's own.
    f1, precision, recall : float
        Scores of exact spans, all labels together; NaN where training failed.
    seconds : float
        Seconds that training and tagging took.
    status : {"ok", "diverged", "degenerate", "failed"}
        The middle two were trained twice in vain.
    """

    learner: str
    documents: int
    sentences: int
    fold: int
    replicate: int
    repeat: int
    seed: int
    f1: float
    precision: float
    recall: float
    seconds: float
    status: str

    @classmethod
    def of(cls, row: RunRow, names: Mapping[str, str]) -> FinishedRun:
        """Return what a row of the ledger says.

        Parameters
        ----------
        row : RunRow
            The row of a study's ledger.
        names : mapping of str to str
            The name of each learner, by its id.
        """
        worked = row.status == "ok" and row.counts is not None
        total = row.counts.sum(axis=(0, 1)) if worked and row.counts is not None else np.zeros(3)
        correct = total[CORRECT]
        return cls(
            learner=names[row.learner],
            documents=row.features["documents"],
            sentences=row.features["sentences"],
            fold=row.part,
            replicate=row.replicate,
            repeat=row.repeat,
            seed=row.seed,
            f1=float(micro_f1(total)),
            precision=_share(correct, correct + total[SPURIOUS]),
            recall=_share(correct, correct + total[MISSED]),
            seconds=row.train_seconds + row.tag_seconds,
            status=row.status,
        )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
