"""The paper's analysis of a study's runs, together with what it should have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from suffice.analysis.parts import FitParts
from suffice.runs.store import RunRow
from suffice.stats import (
    Composition,
    MarginalReturn,
    RangeSensitivity,
    Regression,
    Smooth,
    Threshold,
    composition,
    overlap,
    range_sensitivity,
    regress,
    smooth,
    threshold,
)
from suffice.stats._regression.overlap import Overlap
from suffice.study.table import RunTable

RATES = (2.0, 1.0)
"""Points for a hundred sentences, of which the report says from where on they are not reached."""

_MOST_OVERLAPS = 600
"""Runs above which the overlap of training sets, a matrix of runs by runs, is not worked out."""


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
    f1 = np.array([table.f1(r) for r in rows])
    sentences = np.array([r.features["sentences"] for r in rows], dtype=float)
    entities = np.array([r.features["entities"] for r in rows], dtype=float)
    good = np.isfinite(f1) & (sentences > 0)
    shared = _overlap([r for r, usable in zip(rows, good, strict=True) if usable])
    f1, sentences, entities = f1[good], sentences[good], entities[good]
    eps = entities / sentences
    part = FitParts()

    def hinge(form: str) -> Threshold:
        return threshold(
            f1,
            sentences,
            form=form,
            predictor="sentences",
            overlap=shared,
            seed=seed,
        )

    curve = part(
        "smooth",
        lambda: smooth(
            f1,
            sentences,
            log=None,
            predictor="sentences",
            overlap=shared,
            seed=seed,
        ),
    )
    flattening = part("upperhinge", lambda: hinge("upperhinge"))
    return PaperAnalysis(
        regression=part(
            "regression",
            lambda: regress(
                f1,
                {"sentences": sentences, "EPS": eps},
                covariance="HC3" if isinstance(shared, str) else "overlap",
                overlap=shared,
            ),
        ),
        threshold=flattening,
        printed_hinge=part("hinge", lambda: hinge("hinge")),
        sensitivity=part(
            "sensitivity",
            lambda: range_sensitivity(
                f1,
                sentences,
                overlap=shared,
                whole=flattening,
                predictor="number of sentences",
                seed=seed,
            ),
        ),
        composition=part(
            "composition",
            lambda: composition(f1, eps, sentences, overlap="unknown", seed=seed),
        ),
        smooth=curve,
        marginal=tuple(curve.marginal_return(rate) for rate in RATES) if curve else (),
        not_fitted=part.not_fitted,
        caveats=part.caveats,
    )


def _overlap(rows: Sequence[RunRow]) -> Overlap:
    """Return the overlap of the training sets; "unknown" for too few or too many runs."""
    if not 4 <= len(rows) <= _MOST_OVERLAPS:
        return "unknown"
    places = {key: i for i, key in enumerate(sorted({k for r in rows for k in r.training_keys}))}
    held = np.zeros((len(rows), len(places)))
    for i, row in enumerate(rows):
        held[i, [places[key] for key in row.training_keys]] = 1.0
    return overlap(held)
