"""Figure of a regression: standardised coefficients with their intervals."""

from __future__ import annotations

import numpy as np

from suffice.report import svg
from suffice.report.figures.axes import row_axis
from suffice.report.svg import Width
from suffice.stats.regression import INTERCEPT, Regression


def regression(found: Regression, width: Width, label: str) -> str:
    """Draw standardised coefficients with their intervals.

    Parameters
    ----------
    found : Regression
        With standardised coefficients.
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.

    Returns
    -------
    str
        SVG.
    """
    rows = [(name, c) for name, c in found.standardized.items() if name != INTERCEPT]
    with svg.drawing("regression", width, 0.9 + 0.34 * len(rows), label) as drawn:
        axes = drawn.axes
        y = np.arange(len(rows))
        low, high = np.array([c.interval for _, c in rows]).T
        axes.axvline(0, color=svg.SOFT, lw=0.8)
        axes.hlines(y, low, high, color=svg.BLUE, lw=2)
        axes.plot([c.estimate for _, c in rows], y, "o", ms=5.5, color=svg.BLUE, mec="white")
        row_axis(axes, [svg.text(name, 22 if width == "wide" else 14) for name, _ in rows])
        axes.set_xlabel(f"standardised coefficient, {100 * found.level:g} % interval")
    return drawn.svg
