"""The paper's analysis of a study's runs, together with what it should have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from suffice.analysis.parts import FitParts
from suffice.analysis.run_columns import set_overlap, study_columns
from suffice.runs.store import RunRow
from suffice.stats import (
    Composition,
    MarginalReturn,
    RangeSensitivity,
    Regression,
    Smooth,
    Threshold,
)
from suffice.study.table import RunTable

RATES = (2.0, 1.0)
"""Points for a hundred sentences, of which the report says from where on they are not reached."""


@dataclass(frozen=True)
class PaperAnalysis:
    """F1 on sentences and EPS; a part that could not be fitted is None.

    Parameters
    ----------
    regression : Regression, optional
    threshold, printed_hinge : Threshold, optional
        Slope, then flat; and the form that the paper prints.
    sensitivity : RangeSensitivity, optional
    composition : Composition, optional
        Whether the effect of EPS is one of sentences.
    smooth : Smooth, optional
        The smooth curve of F1 on sentences or their logarithm, whichever has less AIC.
    marginal : tuple of MarginalReturn
        One for each of `RATES`.
    not_fitted : mapping of str to str
        Why a part is None.
    caveats : tuple of str
        Limits of the arithmetic of the fits.
    """

    regression: Regression | None
    threshold: Threshold | None
    printed_hinge: Threshold | None
    sensitivity: RangeSensitivity | None
    composition: Composition | None
    smooth: Smooth | None
    marginal: tuple[MarginalReturn, ...]
    not_fitted: dict[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


def paper_analysis(table: RunTable, rows: Sequence[RunRow], seed: int) -> PaperAnalysis:
    """Fit as much as the runs allow.

    Parameters
    ----------
    table : RunTable
    rows : sequence of RunRow
        The studied learner's.
    seed : int
        Random seed.
    """
    runs = study_columns(table, rows)
    runs = replace(runs, similarity=set_overlap(runs.runs))
    part = FitParts()
    curve = part("smooth", lambda: runs.smooth(seed=seed))
    flattening = part("upperhinge", lambda: runs.threshold("upperhinge", seed=seed))
    return PaperAnalysis(
        regression=part("regression", runs.regress),
        threshold=flattening,
        printed_hinge=part("hinge", lambda: runs.threshold("hinge", seed=seed)),
        sensitivity=part(
            "sensitivity",
            lambda: runs.range_sensitivity(flattening, predictor="number of sentences", seed=seed),
        ),
        composition=part("composition", lambda: runs.composition(seed=seed)),
        smooth=curve,
        marginal=tuple(curve.marginal_return(rate) for rate in RATES) if curve else (),
        not_fitted=part.not_fitted,
        caveats=part.caveats,
    )
