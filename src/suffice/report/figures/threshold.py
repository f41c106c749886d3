"""Figures of thresholds: the fit, its range sensitivity, composition."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from suffice.report import svg
from suffice.report.figures.axes import draw_runs
from suffice.stats import Composition, RangeSensitivity, Threshold
from suffice.stats._threshold.profile import FORMS
from suffice.wording.numbers import format_number


@svg.figure("sensitivity", 3.2, 3.5)
def sensitivity(drawn: svg.Drawing, found: RangeSensitivity) -> None:
    """Draw the threshold re-estimated with the largest training sets left out.

    Parameters
    ----------
    found : RangeSensitivity
        Ranges without an estimate are left out.
    """
    good = np.isfinite(found.thresholds)
    x, y = found.largest[good], found.thresholds[good]
    low = np.where(np.isfinite(found.lower[good]), found.lower[good], y)
    high = np.where(np.isfinite(found.upper[good]), found.upper[good], y)
    axes = drawn.axes
    top = 1.06 * float(found.largest.max())
    axes.plot([0, top], [0, top], color=svg.SOFT, lw=1, ls=":", label="largest set itself")
    axes.axhline(
        float(y[-1]), color=svg.ORANGE, lw=1, ls=(0, (6, 3)), label="threshold on all runs"
    )
    axes.vlines(x, low, high, color=svg.BLUE, lw=2, label="95 % interval")
    axes.plot(x, y, "o", ms=5.5, color=svg.BLUE, mec="white", mew=0.8, label="threshold")
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.locator_params(nbins=6 if drawn.wide else 4)
    axes.set_xlabel(f"largest training set kept, {svg.text(found.predictor, 24)}")
    axes.set_ylabel(f"threshold, {svg.text(found.predictor, 24)}")
    drawn.legend(4 if drawn.wide else 2)


@svg.figure("threshold", 3.4, 3.5)
def threshold(
    drawn: svg.Drawing, found: Threshold, x: ArrayLike, y: ArrayLike, *, response: str = "F1"
) -> None:
    """Draw runs, the fitted threshold model, and the threshold with its interval.

    Parameters
    ----------
    found : Threshold
        Without covariates.
    x, y : (n,) array_like
        The runs.
    response : str
        Name of y.
    """
    xs = np.asarray(x, dtype=float)
    axes = drawn.axes
    low, high = found.interval
    if np.isfinite(low) and np.isfinite(high):
        axes.axvspan(low, high, color=svg.PALE, lw=0, label="95 % interval")
    draw_runs(axes, xs, y, svg.SOFT)
    e, reach = found.estimate, float(np.ptp(xs))
    near = [np.nextafter(e, -np.inf), e, np.nextafter(e, np.inf)]
    at = np.sort(np.concatenate([np.linspace(xs.min(), xs.max(), 200), near]))
    axes.plot(at, found.predict(at), color=svg.BLUE, lw=1.8, label=FORMS[found.form])
    axes.axvline(e, color=svg.ORANGE, lw=1.2, ls=(0, (6, 3)), label="threshold")
    axes.set_xlim(xs.min() - 0.02 * reach, xs.max() + 0.02 * reach)
    axes.set_xlabel(svg.text(found.predictor, 30))
    axes.set_ylabel(svg.text(response, 24))
    axes.locator_params(nbins=6 if drawn.wide else 4)
    drawn.legend(4 if drawn.wide else 2)


@svg.figure("composition", 3.0, 3.4)
def composition(drawn: svg.Drawing, found: Composition) -> None:
    """Draw the thresholds of a ratio simulated without any effect of it, and the one found."""
    axes = drawn.axes
    axes.hist(
        found.simulated,
        bins=30,
        color=svg.BAND,
        label="simulated without effect",
    )
    axes.axvline(
        found.alone.estimate, color=svg.ORANGE, lw=1.6, label=f"found, {_short(found)} alone"
    )
    axes.axvline(
        found.given_size.estimate,
        color=svg.PURPLE,
        lw=1.4,
        ls=(0, (6, 3)),
        label=f"found, given {svg.text(found.size, 16)}",
    )
    axes.set_xlabel(f"threshold of {_short(found)}")
    axes.set_ylabel("simulations")
    axes.locator_params(axis="x", nbins=6 if drawn.wide else 4)
    axes.xaxis.set_major_formatter(lambda value, _: format_number(float(value), 3))
    drawn.legend(3 if drawn.wide else 1)


def _short(found: Composition) -> str:
    return svg.text(found.predictor, 16)
