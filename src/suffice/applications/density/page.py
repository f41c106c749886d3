"""The page of a density experiment: one HTML file that loads nothing and holds no document text."""

from __future__ import annotations

from suffice.applications.density import figures, tables
from suffice.applications.density.result import DensityExperiment, sentences
from suffice.report.page import PageFigures, fill

FILE = "density.html"


def render(found: DensityExperiment, version: str) -> str:
    """Render the page: the same input gives the same one."""
    return fill(
        FILE,
        _figures(found),
        version,
        package="suffice.applications.density",
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
        not_fitted=not_fitted(found),
    )


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


def _figures(found: DensityExperiment) -> PageFigures:
    """Draw every figure that the results allow."""
    drawn = PageFigures()
    drawn.add("reached", "Density of every training set over its sentences", figures.reached, found)
    if found.mismatch is not None:
        said = "F1 at equal size over density, with the fitted slopes"
        drawn.add("slopes", said, figures.slopes, found)
        drawn.add("effects", " ".join(sentences(found)), figures.effects, found)
    return drawn
