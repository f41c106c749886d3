"""Axes that several figures share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.report import svg
from suffice.wording import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

MOST_POINTS = 1500
"""More runs than these are drawn as an evenly spaced part of them."""

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Distances between marks of F1: with .025 the marks .825 and .875 would be written .82 and .88."""


def f1_axis(axes: Axes, values: NDArray[np.float64]) -> None:
    """Show F1 from a little below the least to a little above the most, never beyond 0 and 1."""
    finite = values[np.isfinite(values)]
    room = 0.05 * max(float(finite.max() - finite.min()), 0.02)
    axes.set_ylim(max(0.0, float(finite.min()) - room), min(1.0, float(finite.max()) + room))
    f1_ticks(axes.yaxis, 10)
    axes.grid(axis="y", color=svg.RULE, lw=0.6)


def f1_ticks(axis: Axis, most: int) -> None:
    """Mark at most so many F1 that are written exactly in two decimals, at equal distances."""
    from matplotlib.ticker import MultipleLocator

    low, high = sorted(axis.get_view_interval())
    step = next(step for step in _STEPS if (high - low) / step <= most - 1 or step == _STEPS[-1])
    axis.set_major_locator(MultipleLocator(step))
    axis.set_major_formatter(lambda value, _: numbers.f1(value))


def row_axis(drawn: svg.Drawing, names: Sequence[str], each: float, room: float = 0.9) -> None:
    """Show a row for each name, the first on top, at 0, 1 and so on.

    Parameters
    ----------
    each, room : float
        Inches of a row, and around the rows.
    """
    drawn.figure.set_figheight(room + each * max(len(names), 1))
    axes = drawn.axes
    axes.set_yticks(np.arange(len(names)), names)
    axes.invert_yaxis()
    axes.margins(y=0.5 / max(len(names), 1))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=svg.RULE, lw=0.6)


def size_axes(axes: Axes, low: float, high: float, scale: float, most: int) -> None:
    """Show sentences below on a logarithmic axis, and documents above."""
    log_axis(axes, low, high, most, "training sentences (logarithmic scale)")
    if abs(scale - 1) < 0.02:  # a document is a sentence
        return
    above = axes.twiny()
    log_axis(above, low / scale, high / scale, most, "training documents")
    above.xaxis.label.set_color(svg.SOFT)
    above.tick_params(axis="x", labelcolor=svg.SOFT)
    above.spines["top"].set_visible(True)
    above.spines["top"].set_color(svg.RULE)


def log_axis(axes: Axes, low: float, high: float, most: int, label: str) -> None:
    """Show numbers below on a logarithmic axis with at most so many marks."""
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    plain_log(axes, svg.plain_ticks(low, high, most))
    axes.set_xlabel(label)


def plain_log(axes: Axes, ticks: list[float]) -> None:
    """Label a logarithmic axis at these places, in full."""
    from matplotlib.ticker import NullFormatter, NullLocator

    axes.set_xticks(ticks, [f"{t:,.0f}" if t >= 1 else f"{t:g}" for t in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def draw_runs(axes: Axes, x: ArrayLike, y: ArrayLike, colour: str = svg.INK) -> None:
    """Draw a small ring for each run."""
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    step = max(1, -(-len(xs) // MOST_POINTS))
    axes.plot(xs[::step], ys[::step], "o", ms=3, mfc="none", mec=colour, mew=0.7, label="one run")


def draw_interval(
    axes: Axes, row: ArrayLike, value: ArrayLike, ends: ArrayLike, colour: str = svg.BLUE
) -> None:
    """Draw a number, or one a row, with the ends of its interval."""
    low, high = np.asarray(ends)
    axes.hlines(row, low, high, color=colour, lw=2)
    axes.plot(value, row, "o", ms=5.5, color=colour, mec="white", mew=0.8)
