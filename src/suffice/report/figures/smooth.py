"""Figures of smooth curves, their slope, and families of learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from suffice.report import svg
from suffice.report.figures.axes import plain_log
from suffice.report.svg import Width
from suffice.stats.learning_curves import LearningCurves
from suffice.stats.smooth import Smooth
from suffice.stats.smooth_marginal import MarginalReturn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 1500
"""More runs than these are drawn as an evenly spaced part of them."""


def smooth(
    found: Smooth,
    width: Width,
    label: str,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    response: str = "F1",
) -> str:
    """Draw a smooth curve with its pointwise and simultaneous bands.

    Parameters
    ----------
    found : Smooth
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.
    x, y : (n,) array_like, optional
        The runs.
    response : str
        Name of y.

    Returns
    -------
    str
        SVG.
    """
    with svg.drawing("smooth", width, 3.6 if width == "wide" else 3.9, label) as drawn:
        axes = drawn.axes
        share = f"{100 * found.level:g} %"
        axes.fill_between(
            found.grid,
            found.band_low,
            found.band_high,
            color=svg.PALE,
            lw=0,
            label=f"{share}, whole curve",
        )
        axes.fill_between(
            found.grid,
            found.low,
            found.high,
            color=svg.BAND,
            lw=0,
            label=f"{share}, pointwise",
        )
        axes.plot(found.grid, found.fit, color=svg.BLUE, lw=1.8, label="smooth curve")
        if x is not None and y is not None:
            xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
            step = max(1, -(-len(xs) // MOST_POINTS))
            axes.plot(
                xs[::step],
                ys[::step],
                "o",
                ms=3,
                mfc="none",
                mec=svg.INK,
                mew=0.7,
                label="one run",
            )
        _sizes(axes, found, width)
        axes.set_ylabel(svg.text(response, 24))
        axes.grid(axis="y", color=svg.RULE, lw=0.6)
        drawn.legend(4 if width == "wide" else 2)
    return drawn.svg


def slope(
    found: Smooth,
    width: Width,
    label: str,
    *,
    marginal: MarginalReturn | None = None,
    per: float = 100.0,
) -> str:
    """Draw how many points of F1 a further `per` units bring, with bands.

    Parameters
    ----------
    found : Smooth
        Of a response between 0 and 1.
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.
    marginal : MarginalReturn, optional
        A rate to mark, with the place from which on it is not reached.
    per : float
        Units of x.

    Returns
    -------
    str
        SVG.
    """
    points = 100 * per
    with svg.drawing("slope", width, 3.2 if width == "wide" else 3.5, label) as drawn:
        axes = drawn.axes
        share = f"{100 * found.level:g} %"
        axes.fill_between(
            found.grid,
            points * found.slope_band_low,
            points * found.slope_band_high,
            color=svg.PALE,
            lw=0,
            label=f"{share}, whole curve",
        )
        axes.fill_between(
            found.grid,
            points * found.slope_low,
            points * found.slope_high,
            color=svg.BAND,
            lw=0,
            label=f"{share}, pointwise",
        )
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
        _sizes(axes, found, width)
        axes.set_ylabel(f"points for {per:g} more")
        drawn.legend(4 if width == "wide" else 2)
    return drawn.svg


def _sizes(axes: Axes, found: Smooth, width: Width) -> None:
    low, high = float(found.grid[0]), float(found.grid[-1])
    if found.log:
        axes.set_xscale("log")
        axes.set_xlim(low * 0.95, high * 1.05)
        plain_log(axes, svg.plain_ticks(low * 0.95, high * 1.05, 10 if width == "wide" else 5))
        axes.set_xlabel(f"{svg.text(found.predictor, 24)} (logarithmic scale)")
    else:
        axes.set_xlim(low, high)
        axes.locator_params(axis="x", nbins=6 if width == "wide" else 4)
        axes.set_xlabel(svg.text(found.predictor, 30))


def learning_curves(
    found: LearningCurves,
    width: Width,
    label: str,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
) -> str:
    """Draw each family, their average and its interval, beyond the largest size too.

    Parameters
    ----------
    found : LearningCurves
    width : {"wide", "narrow"}
        Of the screen.
    label : str
        What the figure shows, in words.
    x, y : (n,) array_like, optional
        The runs.

    Returns
    -------
    str
        SVG.
    """
    with svg.drawing("families", width, 3.8 if width == "wide" else 4.1, label) as drawn:
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
            xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
            step = max(1, -(-len(xs) // MOST_POINTS))
            axes.plot(
                xs[::step], ys[::step], "o", ms=3, mfc="none", mec=svg.INK, mew=0.7, label="one run"
            )
            shown.append(ys)
        values = np.concatenate(shown)
        axes.set_ylim(max(0, float(values.min()) - 0.03), min(1.01, float(values.max()) + 0.03))
        low, high = float(found.grid[0]) * 0.95, float(found.grid[-1]) * 1.05
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        plain_log(axes, svg.plain_ticks(low, high, 10 if width == "wide" else 5))
        axes.set_xlabel(f"{svg.text(found.predictor, 24)} (logarithmic scale)")
        axes.set_ylabel("F1")
        axes.grid(axis="y", color=svg.RULE, lw=0.6)
        drawn.legend(3 if width == "wide" else 2)
    return drawn.svg
