"""Figures of several learners side by side: all differences at once, and the margin of a test."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from suffice.report import svg
from suffice.report.figures.axes import draw_interval, row_axis
from suffice.stats import Equivalence, LearnerRanking

MOST_PAIRS = 21
"""More pairs than those of seven learners are not drawn: the least sure ones are kept."""


@svg.figure("ranking")
def ranking(drawn: svg.Drawing, found: LearnerRanking, *, measure: str = "F1") -> None:
    """Draw all differences between learners with their simultaneous intervals, dark without 0.

    Parameters
    ----------
    found : LearnerRanking
        The ranking of two or more learners.
    measure : str
        What the learners are compared in.
    """
    rows = sorted(found.differences.items(), key=lambda row: abs(row[1][0]))[:MOST_PAIRS]
    rows.sort(key=lambda row: -row[1][0])
    axes = drawn.axes
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    for place, (_, values) in enumerate(rows):
        gap, low, high = 100 * np.array(values)
        dark = low > 0 or high < 0
        draw_interval(axes, place, gap, (low, high), svg.BLUE if dark else svg.EDGE)
    most = 30 if drawn.wide else 20
    row_axis(drawn, [_write_difference(name, most) for name, _ in rows], 0.31)
    many = f"{100 * found.level:g} % intervals, all at once"
    axes.set_xlabel(f"difference in points of {svg.text(measure, 24)}" + _second(drawn, many))


@svg.figure("equivalence")
def equivalence(
    drawn: svg.Drawing, found: Mapping[str, Equivalence], best: str, *, measure: str = "F1"
) -> None:
    """Draw each learner's difference from the best one, and the margin.

    Thick lines are the intervals that the two one-sided tests look at, thin ones those of 95 %; a
    learner whose thick line lies within the band is as good as the best one.

    Parameters
    ----------
    found : mapping of str to Equivalence
        The test of each other learner, all with the same margin.
    best : str
        What they are compared with.
    measure : str
        What the learners are compared in.
    """
    axes = drawn.axes
    margin = 100 * next(iter(found.values())).margin
    axes.axvspan(-margin, margin, color=svg.PALE, lw=0)
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    for place, test in enumerate(found.values()):
        gap, ends = test.difference, 100 * np.array(test.ends)
        axes.hlines(place, 100 * gap.low, 100 * gap.high, color=svg.BLUE, lw=1)
        axes.hlines(place, *ends, color=svg.BLUE, lw=3.2)
        axes.plot(100 * gap.mean, place, "o", ms=6, color=svg.BLUE, mec="white", mew=0.8)
    row_axis(drawn, [svg.text(name, 22 if drawn.wide else 14) for name in found], 0.36)
    what = f"points of {svg.text(measure, 24)} above {svg.text(best, 20)}"
    axes.set_xlabel(what + _second(drawn, f"band: ±{margin:g}"))


def _write_difference(pair: str, most: int) -> str:
    """Write ``A - B`` with a true minus, each name cut to its half."""
    first, _, second = pair.partition(" - ")
    return f"{svg.text(first, most // 2)} − {svg.text(second, most // 2)}"


def _second(drawn: svg.Drawing, text: str) -> str:
    """Put what belongs to an axis beside it, or below where there is no room."""
    return f"; {text}" if drawn.wide else f"\n{text}"
