"""The page of a density experiment: one HTML file that loads nothing and holds no document text."""

from __future__ import annotations

from collections.abc import Callable

from suffice.applications.density import figures, tables
from suffice.applications.density.result import DensityExperiment, sentences
from suffice.report.page import Drawing, environment
from suffice.report.svg import Width

FILE = "density.html"


def render(found: DensityExperiment, version: str) -> str:
    """Render the page.

    Parameters
    ----------
    found : DensityExperiment
    version : str
        Of suffice.

    Returns
    -------
    str
        The same input gives the same page.
    """
    drawn = _figures(found)
    return environment("suffice.applications.density").get_template("density.html").render(
        r=found,
        said=sentences(found),
        t={
            "sets": tables.sets(found),
            "arms": tables.every_arm(found.arms),
            "effects": tables.effects(found),
            "checks": tables.checks(found),
            "controls": tables.controls(found),
            "thresholds": tables.thresholds(found),
        },
        step=tables.STEP_SHOWN,
        figures=drawn,
        number={name: k for k, name in enumerate(drawn, 1)},
        not_fitted=not_fitted(found),
        version=version,
    )  # fmt: skip


def not_fitted(found: DensityExperiment) -> tuple[str, ...]:
    """Return what could not be estimated, in words."""
    parts = [found.not_fitted]
    if found.mismatch is not None:
        parts.append(found.mismatch.not_fitted)
    if found.thresholds is not None:
        parts.append(found.thresholds.not_fitted)
    return tuple(
        f"{name} could not be estimated: {why}" for part in parts for name, why in part.items()
    )


def _figures(found: DensityExperiment) -> dict[str, Drawing]:
    """Draw every figure that the results allow."""
    drawn: dict[str, Drawing] = {}

    def add(name: str, label: str, draw: Callable[[DensityExperiment, Width, str], str]) -> None:
        from markupsafe import Markup

        wide, narrow = (Markup(draw(found, w, label)) for w in ("wide", "narrow"))
        drawn[name] = Drawing(name, wide, narrow, "")

    add("reached", "Density of every training set over its sentences", figures.reached)
    if found.mismatch is not None:
        add("slopes", "F1 at equal size over density, with the fitted slopes", figures.slopes)
        add("effects", " ".join(sentences(found)), figures.effects)
    return drawn
