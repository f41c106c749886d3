"""Figure of a screen: how two learners' deviations on the same training sets are related."""

from __future__ import annotations

import numpy as np

from suffice.report import svg
from suffice.stats import Screening


@svg.figure("screening", 3.6, 3.9)
def screening(drawn: svg.Drawing, found: Screening, learner: str, screen: str) -> None:
    """Draw both learners' deviations from their curves, a point for each pair of runs.

    Parameters
    ----------
    found : Screening
        With deviations.
    learner, screen : str
        The learners' names.
    """
    size, x, y = found.deviations.T
    axes = drawn.axes
    axes.axhline(0, color=svg.SOFT, lw=0.8)
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    largest, smallest = float(size.max()), float(size.min())
    span = max(np.log(largest / smallest), 1e-9)
    area = 18 + 60 * np.log(size / smallest) / span
    axes.scatter(x, y, s=area, facecolors="none", edgecolors=svg.BLUE, linewidths=1)
    ends = np.array([x.min(), x.max()])
    axes.plot(ends, found.coefficient[0] * ends, color=svg.ORANGE, lw=1.4)
    axes.set_xlabel(f"{svg.text(screen, 24)}: deviation on a training set (logit)")
    axes.set_ylabel(f"{svg.text(learner, 18)} (logit)")
    axes.grid(color=svg.RULE, lw=0.6)
