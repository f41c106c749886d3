"""What a table of runs says: the statistics of one learner, and of all in the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.analysis.versus import Versus
from suffice.results import Result
from suffice.stats import (
    AverageLearningCurve,
    Composition,
    MarginalReturn,
    ModelComparison,
    PredictorRanking,
    RangeSensitivity,
    Regression,
    Shapes,
    ShareRegression,
    Smooth,
    TargetSize,
    Threshold,
    ThresholdTest,
    Variants,
)
from suffice.wording.numbers import counted

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LearnerAnalysis(Result):
    """The statistics of one learner's runs; a part that could not be fitted is None.

    Parameters
    ----------
    learner : str
        Its name, or "" where the table names none.
    rows : int
        Runs.
    response, predictor : str
        Names of columns.
    covariates : tuple of str
        Covariates of the thresholds and the smooth curve.
    regression : Regression, optional
        On all predictors, linear.
    variants : Variants, optional
        With log size and an interaction.
    fractional : ShareRegression, optional
        Logit; only for responses from 0 to 1.
    entities : ModelComparison, optional
        Entities instead of sentences.
    ranking : PredictorRanking, optional
        What further columns add.
    thresholds : mapping of str to Threshold
        The thresholds by form.
    tests : mapping of str to ThresholdTest
        Each form against no threshold.
    shapes : Shapes, optional
        Threshold, line, power law and spline side by side.
    sensitivity : RangeSensitivity, optional
    composition : Composition, optional
        Whether the ratio's effect is one of size.
    smooth : Smooth, optional
    marginal : tuple of MarginalReturn
        For several rates.
    curves : AverageLearningCurve, optional
    target : TargetSize, optional
        What the target takes, where one was given.
    not_fitted : mapping of str to str
        Why a part is absent.
    caveats : tuple of str
    """

    learner: str
    rows: int
    response: str
    predictor: str
    covariates: tuple[str, ...]
    regression: Regression | None
    variants: Variants | None
    fractional: ShareRegression | None
    entities: ModelComparison | None
    ranking: PredictorRanking | None
    thresholds: Mapping[str, Threshold]
    tests: Mapping[str, ThresholdTest]
    shapes: Shapes | None
    sensitivity: RangeSensitivity | None
    composition: Composition | None
    smooth: Smooth | None
    marginal: tuple[MarginalReturn, ...]
    curves: AverageLearningCurve | None
    target: TargetSize | None
    not_fitted: Mapping[str, str]
    caveats: tuple[str, ...] = ()
    _points: tuple[Floats, Floats] = field(repr=False, default=(np.empty(0), np.empty(0)))

    @property
    def points(self) -> tuple[Floats, Floats]:
        """Return predictor and response of every run."""
        return self._points

    def _title(self) -> str:
        who = f"{self.learner}: " if self.learner else ""
        return f"{who}{self.response} on {self.predictor}, {counted(self.rows, 'run')}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (f"threshold ({form})", found.estimate, *found.interval)
            for form, found in self.thresholds.items()
        ]
        rows += [
            (f"below {m.points:g} points for {m.per:g}", m.estimate, *m.interval)
            for m in self.marginal
        ]
        return ("", "estimate", "95 % from", "to"), rows


@dataclass(frozen=True, eq=False)
class TableAnalysis(Result):
    """Everything that a table of runs says.

    Parameters
    ----------
    table : str
        The file.
    rows, failed : int
        Runs that were used, and that had failed.
    learners : tuple of LearnerAnalysis
        One for each learner in the table, in alphabetical order.
    versus : Versus, optional
        The learners on the training sets that they share; None where no two share enough.
    caveats : tuple of str
    """

    table: str
    rows: int
    failed: int
    learners: tuple[LearnerAnalysis, ...]
    versus: Versus | None = None
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.table}: {counted(self.rows, 'run')}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("learner", "runs"), [(part.learner, part.rows) for part in self.learners]
