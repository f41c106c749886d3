"""Figures of smooth curves, their slope, and families of learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.report import svg
from suffice.report.figures.axes import draw_runs, log_axis
from suffice.stats import AverageLearningCurve, MarginalReturn, Smooth

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Band = tuple[NDArray[np.float64], NDArray[np.float64]]


@svg.figure("smooth", 3.6, 3.9)
def smooth(
    drawn: svg.Drawing,
    found: Smooth,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    response: str = "F1",
) -> None:
    """Draw a smooth curve with its pointwise and simultaneous bands.

    Parameters
    ----------
    found : Smooth
    x, y : (n,) array_like, optional
        The runs.
    response : str
        Name of y.
    """
    axes = drawn.axes
    _bands(axes, found, (found.band_low, found.band_high), (found.low, found.high))
    axes.plot(found.grid, found.fit, color=svg.BLUE, lw=1.8, label="smooth curve")
    if x is not None and y is not None:
        draw_runs(axes, x, y)
    _sizes(drawn, found)
    axes.set_ylabel(svg.text(response, 24))
    axes.grid(axis="y", color=svg.RULE, lw=0.6)
    drawn.legend(4 if drawn.wide else 2)


@svg.figure("slope", 3.2, 3.5)
def slope(
    drawn: svg.Drawing, found: Smooth, *, marginal: MarginalReturn | None = None, per: float = 100.0
) -> None:
    """Draw how many points of F1 a further `per` units bring, with bands.

    Parameters
    ----------
    found : Smooth
        The smooth curve of a response between 0 and 1.
    marginal : MarginalReturn, optional
        A rate to mark, with the place from which on it is not reached.
    per : float
        Units of x.
    """
    points = 100 * per
    axes = drawn.axes
    outer = points * found.slope_band_low, points * found.slope_band_high
    _bands(axes, found, outer, (points * found.slope_low, points * found.slope_high))
    axes.plot(found.grid, points * found.slope, color=svg.BLUE, lw=1.8, label="estimate")
    axes.axhline(0, color=svg.SOFT, lw=0.8)
    top = float(np.max(points * found.slope))
    if marginal is not None:
        rate = marginal.points * per / marginal.per
        axes.axhline(
            rate,
            color=svg.ORANGE,
            lw=1.2,
            ls=(0, (6, 3)),
            label=f"{marginal.points:g} point{chr(115) * (marginal.points != 1)}",
        )
        low, high = np.clip(marginal.interval, found.grid[0], found.grid[-1])
        axes.plot([low, high], [rate, rate], color=svg.ORANGE, lw=3, solid_capstyle="butt")
        if np.isfinite(marginal.estimate):
            axes.plot([marginal.estimate], [rate], "o", ms=6, color=svg.ORANGE, mec="white")
        top = max(min(top, 12 * rate), 2 * rate)
    axes.set_ylim(-0.12 * top, 1.08 * top)
    _sizes(drawn, found)
    axes.set_ylabel(f"points for {per:g} more")
    drawn.legend(4 if drawn.wide else 2)


def _bands(axes: Axes, found: Smooth, whole: Band, pointwise: Band) -> None:
    share = f"{100 * found.level:g} %"
    axes.fill_between(found.grid, *whole, color=svg.PALE, lw=0, label=f"{share}, whole curve")
    axes.fill_between(found.grid, *pointwise, color=svg.BAND, lw=0, label=f"{share}, pointwise")


def _sizes(drawn: svg.Drawing, found: Smooth) -> None:
    axes = drawn.axes
    low, high = float(found.grid[0]), float(found.grid[-1])
    if found.log:
        _log_sizes(drawn, found)
    else:
        axes.set_xlim(low, high)
        axes.locator_params(axis="x", nbins=6 if drawn.wide else 4)
        axes.set_xlabel(svg.text(found.predictor, 30))


def _log_sizes(drawn: svg.Drawing, found: Smooth | AverageLearningCurve) -> None:
    low, high = float(found.grid[0]) * 0.95, float(found.grid[-1]) * 1.05
    label = f"{svg.text(found.predictor, 24)} (logarithmic scale)"
    log_axis(drawn.axes, low, high, 10 if drawn.wide else 5, label)


@svg.figure("families", 3.8, 4.1)
def learning_curves(
    drawn: svg.Drawing,
    found: AverageLearningCurve,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
) -> None:
    """Draw each family, their average and its interval, beyond the largest size too.

    Parameters
    ----------
    found : AverageLearningCurve
    x, y : (n,) array_like, optional
        The runs.
    """
    axes = drawn.axes
    axes.fill_between(
        found.grid, found.low, found.high, color=svg.PALE, lw=0, label="95 % interval"
    )
    for number, (name, fit) in enumerate(found.curves.items()):
        axes.plot(
            found.grid,
            fit.at(found.grid),
            color=svg.SOFT,
            lw=0.5 + 2.5 * found.weights[name],
            alpha=0.8,
            label=None if number else "one family, by weight",
        )
    axes.plot(found.grid, found.mean, color=svg.BLUE, lw=1.8, label="average")
    axes.axvline(
        found.largest, color=svg.ORANGE, lw=1, ls=(0, (6, 3)), label="largest size studied"
    )
    shown = [found.low, found.high]
    if x is not None and y is not None:
        draw_runs(axes, x, y)
        shown.append(np.asarray(y, dtype=float))
    values = np.concatenate(shown)
    axes.set_ylim(max(0, float(values.min()) - 0.03), min(1.01, float(values.max()) + 0.03))
    _log_sizes(drawn, found)
    axes.set_ylabel("F1")
    axes.grid(axis="y", color=svg.RULE, lw=0.6)
    drawn.legend(3 if drawn.wide else 2)
