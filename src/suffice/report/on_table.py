"""The figures of an analysed table of runs."""

from __future__ import annotations

import re
from collections.abc import Callable

from suffice.advice import words
from suffice.analysis.table_result import LearnerAnalysis, TableAnalysis
from suffice.report import figures

Drawers = dict[str, Callable[[], str]]


def drawings(found: TableAnalysis) -> dict[str, str]:
    """Draw every figure that the results allow.

    Parameters
    ----------
    found : TableAnalysis

    Returns
    -------
    dict of str to str
        File name without ending to SVG.
    """
    out = {}
    for number, part in enumerate(found.learners):
        safe = re.sub(r"[^A-Za-z0-9_-]+", "-", part.learner)[:40].strip("-")
        before = f"{safe or number + 1}-" if len(found.learners) > 1 else ""
        out.update({f"{before}{name}": draw() for name, draw in _drawers(part).items()})
    versus = found.versus
    if versus is not None:
        out["ranking"] = figures.ranking(versus.ranking, "wide", words.ranking_sentence(versus))
        out["equivalence"] = figures.equivalence(
            versus.equivalences, versus.best, "wide", f"Differences from {versus.best}"
        )
    return out


def _drawers(part: LearnerAnalysis) -> Drawers:
    out: Drawers = {}
    x, y = part.points
    regression, sensitivity, composed = part.regression, part.sensitivity, part.composition
    if regression is not None:
        out["regression"] = lambda: figures.regression(
            regression, "wide", f"Standardised coefficients of {part.response}"
        )
    for form, fitted in part.thresholds.items():
        if not part.covariates:
            out[f"threshold-{form}"] = lambda fitted=fitted: figures.threshold(  # type: ignore[misc]
                fitted,
                x,
                y,
                "wide",
                f"Threshold of {part.predictor}, {fitted.form}",
                response=part.response,
            )
    if sensitivity is not None:
        out["range-sensitivity"] = lambda: figures.sensitivity(
            sensitivity, "wide", sensitivity.sentence
        )
    if composed is not None:
        out["composition"] = lambda: figures.composition(composed, "wide", composed.sentence)
    curve, families = part.smooth, part.curves
    if curve is not None:
        out["smooth"] = lambda: figures.smooth(
            curve,
            "wide",
            f"Smooth curve of {part.response} on {part.predictor}",
            x=None if part.covariates else x,
            y=None if part.covariates else y,
            response=part.response,
        )
        if part.marginal:
            rate = part.marginal[len(part.marginal) // 2]
            out["slope"] = lambda: figures.slope(curve, "wide", rate.sentence, marginal=rate)
    if families is not None:
        out["learning-curves"] = lambda: figures.learning_curves(
            families, "wide", "Families of learning curves and their average", x=x, y=y
        )
    return out
