"""The figures of the density experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.result import DensityExperiment
from suffice.applications.density.statistics.mismatch import STEP
from suffice.report import svg
from suffice.report.figures.axes import draw_interval, plain_log, row_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

_SOURCES = (("chosen", svg.BLUE, "o"), ("cut", svg.ORANGE, "s"), ("synthetic", svg.PURPLE, "^"))


@svg.figure("reached", 3.1)
def reached(drawn: svg.Drawing, found: DensityExperiment) -> None:
    """Draw the density of every training set over its size."""
    axes = drawn.axes
    x, y = found.points["sentences"], found.points["EPS"]
    # Sets of one size would lie on one another.
    place = x * np.exp(0.18 * (np.linspace(0, 7, len(x)) % 1 - 0.5))
    axes.set_xscale("log")
    _dots(axes, found, place, y)
    axes.axhline(found.evaluation_eps, color=svg.INK, lw=0.9, ls="--")
    axes.annotate(
        "evaluation set",
        (0.31, found.evaluation_eps),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
    )
    low, high = x.min() / 1.25, x.max() * 1.25
    axes.set_xlim(low, high)
    plain_log(axes, [float(s) for s in found.sizes])
    axes.set_xlabel("training sentences (logarithmic scale)")
    axes.set_ylabel("entities per sentence")
    axes.grid(axis="y", color=svg.RULE, lw=0.6)
    axes.legend(loc="upper left", ncols=3, handletextpad=0.2, columnspacing=1)
    axes.set_ylim(0, float(y.max()) * 1.2)


@svg.figure("slopes", 3.3)
def slopes(drawn: svg.Drawing, found: DensityExperiment) -> None:
    """Draw F1 at equal size over density, with one slope on either side."""
    assert found.mismatch is not None
    axes = drawn.axes
    x, y = found.points["EPS"], found.points["rest"]
    _dots(axes, found, x, y)
    centre, parts = found.evaluation_eps, found.mismatch.slopes["f1"]
    line = np.array([float(x.min()), centre, float(x.max())])
    fit = np.array(
        [
            parts.below.value * (centre - line[0]) / STEP,
            0.0,
            parts.above.value * (line[2] - centre) / STEP,
        ]
    )
    sides = np.interp(x, line, fit)
    axes.plot(line, fit + (y - sides).mean(), color=svg.INK, lw=2)
    axes.axvline(centre, color=svg.INK, lw=0.9, ls="--")
    axes.set_xlabel("entities per sentence of the training set (dashed: evaluation set)")
    if not drawn.wide:
        axes.set_xlabel("entities per sentence (dashed: evaluation set)")
    axes.set_ylabel("F1 beyond that of its size, points")
    axes.grid(axis="y", color=svg.RULE, lw=0.6)
    axes.legend(loc="lower right", handletextpad=0.2)


@svg.figure("effects")
def effects(drawn: svg.Drawing, found: DensityExperiment) -> None:
    """Draw mismatch and level of F1, precision and recall with their intervals."""
    assert found.mismatch is not None
    rows = [
        (f"{part}, {name}", getattr(found.mismatch.slopes[kind], part))
        for part in ("mismatch", "level")
        for kind, name in (("f1", "F1"), ("precision", "precision"), ("recall", "recall"))
    ]
    if found.mismatch.crossed is not None:
        rows.append(("denser less sparser half", found.mismatch.crossed.effect))
    axes = drawn.axes
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    for place, (_, effect) in enumerate(rows):
        colour = svg.BLUE if effect.excludes_zero else svg.EDGE
        draw_interval(axes, place, effect.value, (effect.low, effect.high), colour)
    row_axis(drawn, [name for name, _ in rows], 0.31)
    axes.set_xlabel(
        f"points for each {STEP:g} entities per sentence"
        + (", 95 % intervals" if drawn.wide else "")
    )


def _dots(axes: Axes, found: DensityExperiment, x: Array, y: Array) -> None:
    for number, (name, colour, marker) in enumerate(_SOURCES):
        own = found.points["source"] == number
        if own.any():
            axes.plot(x[own], y[own], marker, ms=4, color=colour, alpha=0.6, mec="none", label=name)
