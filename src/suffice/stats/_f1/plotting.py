"""What is drawn of a learning curve, on axes of matplotlib: in notebooks and in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from suffice.stats._arrays import Array
    from suffice.stats._f1.curve import F1Curve

BEYOND = 4.0
"""The curve is drawn to this many times the largest size studied."""

INK, BLUE, BAND, PALE, EDGE = "#1b1f24", "#1f4e79", "#a9c1dc", "#e4ecf5", "#7f9fc4"
ORANGE = "#a6470d"


def new_axes() -> Axes:
    """Return the axes of a new figure."""
    from matplotlib import pyplot

    axes: Axes = pyplot.subplots(layout="constrained")[1]
    return axes


def draw_curve(axes: Axes, found: F1Curve, scale: float, name: str) -> tuple[Array, Array]:
    """Draw F1(n): its interval, where single models lie, and how it goes on beyond what was tried.

    Parameters
    ----------
    axes : Axes
        The matplotlib axes to draw on.
    found : F1Curve
        To draw.
    scale : float
        Sentences in a document, or 1 for an axis of documents.
    name : str
        The name of the measure as a function of the size: ``"F1(n)"``.

    Returns
    -------
    x, drawn : ndarray
        The sizes on the axis, and all values that the axes must show.
    """
    end = min(BEYOND * found.largest, float(found.grid[-1]))
    n = np.unique(np.append(found.grid[found.grid < end], [found.largest, end]))
    lines = {line: getattr(found, line) for line in ("low", "high", "one_low", "one_high")}
    lines["middle"] = np.median(found.draws, axis=0)  # as `F1Curve.at` has it
    at = {line: np.interp(np.log(n), np.log(found.grid), own) for line, own in lines.items()}
    inside, beyond = n <= found.largest, n >= found.largest
    x = n * scale
    axes.fill_between(
        x, at["one_low"], at["one_high"], color=PALE, lw=0, label="80 % of single models"
    )
    said = f"{100 * found.level:g} % interval of {name}"
    axes.fill_between(x, at["low"], at["high"], color=BAND, lw=0, label=said)
    for edge in ("one_low", "one_high"):  # the light band may lie inside the dark one
        axes.plot(x, at[edge], color=EDGE, lw=0.7)
    axes.plot(x[inside], at["middle"][inside], color=BLUE, lw=1.8, label=f"{name}, estimated")
    axes.plot(
        x[beyond],
        at["middle"][beyond],
        color=BLUE,
        lw=1.8,
        ls=(0, (4, 2.5)),
        label="the same, extrapolated",
    )
    drawn = [found.observed, at["one_low"], at["one_high"], at["high"], at["low"]]
    return x, np.concatenate(drawn)


def draw_means(axes: Axes, found: F1Curve, scale: float) -> None:
    """Draw the mean of the runs of each size."""
    axes.plot(found.sizes * scale, found.observed, "o", ms=4, color=INK, label="mean of the runs")


def draw_target(axes: Axes, target: float) -> None:
    """Draw a line at what is wanted."""
    written = f"{target:.2f}".removeprefix("0")
    axes.axhline(target, color=ORANGE, lw=1.2, ls=(0, (6, 3)))
    axes.annotate(
        f"target {written}",
        (0.015, target),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        color=ORANGE,
    )


def plot(
    found: F1Curve, axes: Axes, *, scale: float | None, target: float | None, name: str
) -> None:
    """Draw a learning curve with all that belongs to it; arguments as for `F1Curve.plot`."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    unit = 1.0 if scale is None else scale
    x, drawn = draw_curve(axes, found, unit, f"{name}(n)")
    draw_means(axes, found, unit)
    if target is not None:
        draw_target(axes, target)
        drawn = np.append(drawn, target)
    room = 0.05 * max(float(np.ptp(drawn)), 0.02)
    axes.set_ylim(max(0.0, float(drawn.min()) - room), min(1.0, float(drawn.max()) + room))
    axes.set_xscale("log")
    axes.set_xlim(x[0] * 0.88, x[-1] * 1.04)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    counted_in = "documents" if scale is None else "sentences"
    axes.set_xlabel(f"training {counted_in} (logarithmic scale)")
    axes.set_ylabel(name)
    axes.legend(frameon=False, fontsize="small")
