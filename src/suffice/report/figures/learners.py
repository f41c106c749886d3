"""Figures of several learners side by side: all differences at once, and the margin of a test."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from suffice.report import svg
from suffice.report.figures.axes import row_axis
from suffice.report.svg import Width
from suffice.stats.pairs import Equivalence
from suffice.stats.ranking import Ranking

MOST_PAIRS = 21
"""More pairs than those of seven learners are not drawn: the least sure ones are kept."""


def ranking(found: Ranking, width: Width, label: str, *, measure: str = "F1") -> str:
    """Draw all differences between learners with their simultaneous intervals.

    Parameters
    ----------
    found : Ranking
        Of two or more learners.
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.
    measure : str
        What the learners are compared in.

    Returns
    -------
    str
        SVG. An interval that does not hold 0 is dark.
    """
    rows = sorted(found.differences.items(), key=lambda row: abs(row[1][0]))[:MOST_PAIRS]
    rows.sort(key=lambda row: -row[1][0])
    with svg.drawing("ranking", width, 0.9 + 0.31 * len(rows), label) as drawn:
        axes = drawn.axes
        gap, low, high = 100 * np.array([values for _, values in rows]).T
        axes.axvline(0, color=svg.SOFT, lw=0.8)
        sure = (low > 0) | (high < 0)
        y = np.arange(len(rows))
        for place, dark in zip(y, sure, strict=True):
            colour = svg.BLUE if dark else svg.EDGE
            axes.hlines(place, low[place], high[place], color=colour, lw=2)
            axes.plot(gap[place], place, "o", ms=5.5, color=colour, mec="white", mew=0.8)
        most = 30 if width == "wide" else 20
        row_axis(axes, [_apart(name, most) for name, _ in rows])
        many = f"{100 * found.level:g} % intervals, all at once"
        axes.set_xlabel(f"difference in points of {svg.text(measure, 24)}" + _second(width, many))
    return drawn.svg


def equivalence(
    found: Mapping[str, Equivalence],
    best: str,
    width: Width,
    label: str,
    *,
    measure: str = "F1",
) -> str:
    """Draw each learner's difference from the best one, and the margin.

    Parameters
    ----------
    found : mapping of str to Equivalence
        Of each other learner, all with the same margin.
    best : str
        What they are compared with.
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.
    measure : str
        What the learners are compared in.

    Returns
    -------
    str
        SVG. Thick lines are the intervals that the two one-sided tests look at, thin ones those of
        95 %; a learner whose thick line lies within the band is as good as the best one.
    """
    with svg.drawing("equivalence", width, 0.9 + 0.36 * len(found), label) as drawn:
        axes = drawn.axes
        margin = 100 * next(iter(found.values())).margin
        axes.axvspan(-margin, margin, color=svg.PALE, lw=0)
        axes.axvline(0, color=svg.SOFT, lw=0.8)
        for place, test in enumerate(found.values()):
            gap, ends = test.difference, 100 * np.array(test.ends)
            axes.hlines(place, 100 * gap.low, 100 * gap.high, color=svg.BLUE, lw=1)
            axes.hlines(place, *ends, color=svg.BLUE, lw=3.2)
            axes.plot(100 * gap.mean, place, "o", ms=6, color=svg.BLUE, mec="white", mew=0.8)
        row_axis(axes, [svg.text(name, 22 if width == "wide" else 14) for name in found])
        what = f"points of {svg.text(measure, 24)} above {svg.text(best, 20)}"
        axes.set_xlabel(what + _second(width, f"band: ±{margin:g}"))
    return drawn.svg


def _apart(pair: str, most: int) -> str:
    """Write ``A - B`` with a true minus, each name cut to its half."""
    first, _, second = pair.partition(" - ")
    return f"{svg.text(first, most // 2)} − {svg.text(second, most // 2)}"


def _second(width: Width, text: str) -> str:
    """Put what belongs to an axis beside it, or below where there is no room."""
    return f"; {text}" if width == "wide" else f"\n{text}"
