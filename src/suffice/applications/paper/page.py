"""The page of a reproduction: one HTML file that loads nothing and holds no text of documents."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from suffice.applications.paper import tables
from suffice.applications.paper.inconsistencies import INCONSISTENCIES
from suffice.applications.paper.published import CITATION
from suffice.applications.paper.result import Reproduction
from suffice.report import figures
from suffice.report.page import PageFigures, fill

if TYPE_CHECKING:
    from markupsafe import Markup

FILE = "reproduction.html"


def render(found: Reproduction, version: str) -> str:
    """Render the page: the same input gives the same one."""
    by_id = {f.id: f for f in found.findings}
    return fill(
        FILE,
        _figures(found),
        version,
        package="suffice.applications.paper",
        r=found,
        t={
            "features": tables.features(found),
            "f1": tables.f1(found),
            "regression": tables.regression(found),
            "collinearity": tables.collinearity(found),
            "entities": tables.entities(found),
            "thresholds": tables.thresholds(found),
            "sizes": tables.sample_sizes(),
            "agreement": tables.agreement(found.agreement) if found.agreement else None,
        },
        items=[(item, by_id[item.id]) for item in INCONSISTENCIES],
        not_fitted=tuple(f"{k} could not be fitted: {why}" for k, why in found.not_fitted.items()),
        citation=CITATION,
    )


def _figures(found: Reproduction) -> PageFigures:
    """Draw every figure that the results allow."""
    f1 = found.points["f1"]
    drawn = PageFigures()
    for name, curve in found.smooths.items():
        said, x = f"Smooth curve of F1 on {name}, with the runs", found.points[name]
        drawn.add(f"smooth-of-{name}", said, figures.smooth, curve, x=x, y=f1)
    for name, form in (("sentences", "upperhinge"), ("EPS", "segmented")):
        fitted = found.thresholds.get(name, {}).get(form)
        if fitted is not None:
            said, x = f"Threshold of {name}, {form}, with the runs", found.points[name]
            drawn.add(f"threshold-of-{name}", said, figures.threshold, fitted, x, f1)
    sensitivity, composed = found.sensitivity, found.composition
    if sensitivity is not None:
        drawn.add("sensitivity", sensitivity.sentence, figures.sensitivity, sensitivity)
    if composed is not None:
        drawn.add("composition", composed.sentence, figures.composition, composed)
    for name, both in drawn.items():
        wide, narrow = _named(both.wide, name), _named(both.narrow, name)
        drawn[name] = replace(both, wide=wide, narrow=narrow)
    return drawn


def _named(svg: Markup, name: str) -> Markup:
    """Give the ids of a drawing another prefix: a page holds two of some kinds."""
    from markupsafe import Markup

    return Markup(re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg))
