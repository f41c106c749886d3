"""Figure of a regression: standardised coefficients with their intervals."""

from __future__ import annotations

import numpy as np

from suffice.report import svg
from suffice.report.figures.axes import draw_interval, row_axis
from suffice.stats import Regression
from suffice.stats._regression.fit import INTERCEPT


@svg.figure("regression")
def regression(drawn: svg.Drawing, found: Regression) -> None:
    """Draw standardised coefficients, which there must be, with their intervals."""
    rows = [(name, c) for name, c in found.standardized.items() if name != INTERCEPT]
    axes = drawn.axes
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    ends = np.array([c.interval for _, c in rows]).T
    draw_interval(axes, np.arange(len(rows)), [c.estimate for _, c in rows], ends)
    row_axis(drawn, [svg.text(name, 22 if drawn.wide else 14) for name, _ in rows], 0.34)
    axes.set_xlabel(f"standardised coefficient, {100 * found.level:g} % interval")
