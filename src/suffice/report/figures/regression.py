"""Figure of a regression: standardised coefficients with their intervals."""

from __future__ import annotations

import numpy as np

from suffice.report import svg
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
    with svg.style(f"regression-{width}"):
        made, axes = svg.figure(width, 0.9 + 0.34 * len(rows))
        y = np.arange(len(rows))
        low, high = np.array([c.interval for _, c in rows]).T
        axes.axvline(0, color=svg.SOFT, lw=0.8)
        axes.hlines(y, low, high, color=svg.BLUE, lw=2)
        axes.plot([c.estimate for _, c in rows], y, "o", ms=5.5, color=svg.BLUE, mec="white")
        axes.set_yticks(y, [svg.text(name, 22 if width == "wide" else 14) for name, _ in rows])
        axes.invert_yaxis()
        axes.margins(y=0.5 / max(len(rows), 1))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=svg.RULE, lw=0.6)
        axes.set_xlabel(f"standardised coefficient, {100 * found.level:g} % interval")
        return svg.to_svg(made, f"regression-{width}", label)
