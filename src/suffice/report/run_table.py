"""The figures of an analysed table of runs."""

from __future__ import annotations

import re

from suffice.advice import phrases
from suffice.analysis.table_result import LearnerAnalysis, TableAnalysis
from suffice.report import figures


def draw_table_analysis(found: TableAnalysis) -> dict[str, str]:
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
        out.update({f"{before}{name}": svg for name, svg in _draw_learner(part).items()})
    versus = found.versus
    if versus is not None:
        out["ranking"] = figures.ranking("wide", phrases.describe_ranking(versus), versus.ranking)
        out["equivalence"] = figures.equivalence(
            "wide", f"Differences from {versus.best}", versus.equivalences, versus.best
        )
    return out


def _draw_learner(part: LearnerAnalysis) -> dict[str, str]:
    out = {}
    x, y = part.points
    regression, sensitivity, composed = part.regression, part.sensitivity, part.composition
    if regression is not None:
        said = f"Standardised coefficients of {part.response}"
        out["regression"] = figures.regression("wide", said, regression)
    for form, fitted in part.thresholds.items():
        if not part.covariates:
            said = f"Threshold of {part.predictor}, {fitted.form}"
            out[f"threshold-{form}"] = figures.threshold(
                "wide", said, fitted, x, y, response=part.response
            )
    if sensitivity is not None:
        out["range-sensitivity"] = figures.sensitivity("wide", sensitivity.sentence, sensitivity)
    if composed is not None:
        out["composition"] = figures.composition("wide", composed.sentence, composed)
    curve, families = part.smooth, part.curves
    if curve is not None:
        runs = {} if part.covariates else {"x": x, "y": y}
        said = f"Smooth curve of {part.response} on {part.predictor}"
        out["smooth"] = figures.smooth("wide", said, curve, response=part.response, **runs)
        if part.marginal:
            rate = part.marginal[len(part.marginal) // 2]
            out["slope"] = figures.slope("wide", rate.sentence, curve, marginal=rate)
    if families is not None:
        said = "Families of learning curves and their average"
        out["learning-curves"] = figures.learning_curves("wide", said, families, x=x, y=y)
    return out
