"""What comes out when the paper's study is made on somebody's documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.applications.paper.context import SizeContext
from suffice.applications.paper.published import PaperSpread
from suffice.quality.agreement_result import Agreement
from suffice.results import Result
from suffice.stats import (
    Composition,
    ModelComparison,
    RangeSensitivity,
    Regression,
    Smooth,
    Threshold,
)
from suffice.wording.numbers import counted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PaperFinding(Result):
    """What the user's data say about one of `suffice.applications.paper.inconsistencies`.

    Parameters
    ----------
    id : str
        The inconsistency's.
    tested : bool
        Whether the data could say anything.
    text : str
        What they say, or why they cannot.
    caveats : tuple of str
        What to keep in mind.
    """

    id: str
    tested: bool
    text: str
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Widths(Result):
    """Mean F1 in the stratum of the largest sets: one estimate, two intervals.

    Parameters
    ----------
    runs : int
        Number of runs in the stratum.
    documents : float
        Their mean size.
    mean : float
        Mean F1 of these runs.
    naive : (float, float)
        95 % interval that takes runs as independent and pool and evaluation set as given.
    honest : (float, float)
        95 % interval of F1 at that size on new documents, from `suffice.stats._f1.curve`.
    caveats : tuple of str
        What to keep in mind.
    """

    runs: int
    documents: float
    mean: float
    naive: tuple[float, float]
    honest: tuple[float, float]
    caveats: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """Return how many times as wide the honest interval is."""
        width = self.naive[1] - self.naive[0]
        return (self.honest[1] - self.honest[0]) / width if width > 0 else float("nan")


@dataclass(frozen=True, eq=False)
class Statistics:
    """The paper's tables of runs; a part that could not be fitted is None.

    Parameters
    ----------
    features : mapping of str to PaperSpread
        Table 2: documents, sentences, entities, tokens, EPS, F1.
    correlation_entities : float
        Correlation of entities and sentences.
    regression : Regression, optional
        Table 3, with the ordinary errors of the paper.
    overlap_regression : Regression, optional
        The same on `overlap_runs` of the runs, with errors for shared documents.
    overlap_runs : int
    entities : ModelComparison, optional
        Entities instead of sentences.
    thresholds : mapping of str to (mapping of str to Threshold)
        Table 4: by ``sentences`` and ``EPS``, then by form.
    smooths : mapping of str to Smooth
        Figure 1: by ``sentences`` and ``EPS``.
    sensitivity : RangeSensitivity, optional
    composition : Composition, optional
    """

    features: Mapping[str, PaperSpread]
    correlation_entities: float
    regression: Regression | None
    overlap_regression: Regression | None
    overlap_runs: int
    entities: ModelComparison | None
    thresholds: Mapping[str, Mapping[str, Threshold]]
    smooths: Mapping[str, Smooth]
    sensitivity: RangeSensitivity | None
    composition: Composition | None


@dataclass(frozen=True, eq=False)
class Reproduction(Statistics, Result):
    """The paper's tables on somebody's documents (`Statistics`), and what they rest on.

    Parameters
    ----------
    name, synthetic
        The corpus's, and whether it is made up.
    documents, pool, evaluation : int
        Numbers of documents in the study, in the pool and in the evaluation set.
    learner, backbone : str
        Which, and its encoder or "".
    looks : bool
        Whether the learner chooses checkpoints on the evaluation set.
    asked, runs, failed : int
        Training sets asked for, runs that worked, and those that failed.
    strata : tuple of str
        Their sizes, as ``"1–40"``.
    widths : Widths, optional
    agreement : Agreement, optional
        Where two annotators were given.
    context : tuple of SizeContext
        The pool among published training sets, in sentences and in entities.
    findings : tuple of PaperFinding
        On each of the inconsistencies.
    not_fitted : mapping of str to str
        Why a part is None.
    caveats : tuple of str
        What to keep in mind, the most important first.
    """

    name: str
    synthetic: bool
    documents: int
    pool: int
    evaluation: int
    learner: str
    backbone: str
    looks: bool
    asked: int
    runs: int
    failed: int
    strata: tuple[str, ...]
    widths: Widths | None
    agreement: Agreement | None
    context: tuple[SizeContext, ...] = ()
    findings: tuple[PaperFinding, ...] = ()
    not_fitted: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    _points: Mapping[str, Floats] = field(repr=False, default_factory=dict)

    @property
    def points(self) -> Mapping[str, Floats]:
        """Return sentences, EPS and f1 of every run."""
        return self._points

    def _title(self) -> str:
        return f"The paper's study on {self.name}: {counted(self.runs, 'run')} of {self.learner}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (name, s.mean, s.sd, s.least, s.most) for name, s in self.features.items()
        ]
        return ("", "mean", "SD", "least", "most"), rows
