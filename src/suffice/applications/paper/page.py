"""The page of a reproduction: one HTML file that loads nothing and holds no text of documents."""

from __future__ import annotations

import re
from collections.abc import Callable

from suffice.applications.paper import tables
from suffice.applications.paper.inconsistencies import INCONSISTENCIES
from suffice.applications.paper.published import CITATION
from suffice.applications.paper.result import Reproduction
from suffice.report import figures
from suffice.report.page import Drawing, environment
from suffice.report.svg import Width

FILE = "reproduction.html"


def render(found: Reproduction, version: str) -> str:
    """Render the page.

    Parameters
    ----------
    found : Reproduction
    version : str
        Of suffice.

    Returns
    -------
    str
        The same input gives the same page.
    """
    drawn = _figures(found)
    by_id = {f.id: f for f in found.findings}
    return environment("suffice.applications.paper").get_template("reproduction.html").render(
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
        figures=drawn,
        number={name: k for k, name in enumerate(drawn, 1)},
        items=[(item, by_id[item.id]) for item in INCONSISTENCIES],
        not_fitted=tuple(f"{k} could not be fitted: {why}" for k, why in found.not_fitted.items()),
        citation=CITATION,
        version=version,
    )  # fmt: skip


def _figures(found: Reproduction) -> dict[str, Drawing]:
    """Draw every figure that the results allow."""
    f1 = found.points["f1"]
    drawn: dict[str, Drawing] = {}

    def add(name: str, label: str, draw: Callable[[Width, str], str]) -> None:
        from markupsafe import Markup

        wide, narrow = (_named(draw(w, label), name) for w in ("wide", "narrow"))
        drawn[name] = Drawing(name, Markup(wide), Markup(narrow), "")

    for name, curve in found.smooths.items():
        x = found.points[name]
        add(
            f"smooth-of-{name}",
            f"Smooth curve of F1 on {name}, with the runs",
            lambda w, label, curve=curve, x=x: figures.smooth(curve, w, label, x=x, y=f1),  # type: ignore[misc]
        )
    for name, form in (("sentences", "upperhinge"), ("EPS", "segmented")):
        fitted = found.thresholds.get(name, {}).get(form)
        if fitted is not None:
            x = found.points[name]
            add(
                f"threshold-of-{name}",
                f"Threshold of {name}, {form}, with the runs",
                lambda w, label, fitted=fitted, x=x: figures.threshold(fitted, x, f1, w, label),  # type: ignore[misc]
            )
    sensitivity, composed = found.sensitivity, found.composition
    if sensitivity is not None:
        add(
            "sensitivity",
            sensitivity.sentence,
            lambda w, label: figures.sensitivity(sensitivity, w, label),
        )
    if composed is not None:
        add(
            "composition",
            composed.sentence,
            lambda w, label: figures.composition(composed, w, label),
        )
    return drawn


def _named(svg: str, name: str) -> str:
    """Give the ids of a drawing another prefix: a page holds two of some kinds."""
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
