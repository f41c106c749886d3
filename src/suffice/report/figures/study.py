"""Figures of a study: the curve of F1(n), what makes its interval, the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from suffice.advice import phrases
from suffice.advice.result import Advice
from suffice.analysis.result import Annotators, LabelScore
from suffice.report import svg
from suffice.report.figures.axes import (
    MOST_POINTS,
    draw_interval,
    f1_axis,
    f1_ticks,
    row_axis,
    size_axes,
)
from suffice.report.points import Points
from suffice.report.svg import Width
from suffice.scoring import Measure
from suffice.stats._f1 import plotting
from suffice.wording.numbers import half_width
from suffice.wording.sources import SOURCES

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def curve(
    width: Width,
    label: str,
    advice: Advice,
    *,
    points: Points | None = None,
    confirming: Points | None = None,
) -> str:
    """Draw F1, or the measure analysed, against training sentences.

    Parameters
    ----------
    width : {"wide", "narrow"}
        The width of the screen.
    label : str
        What the figure shows, in words.
    advice : Advice
        With its analysis; a target adds a line.
    points, confirming : Points, optional
        Runs of the studied learner and of the one that it was compared with. Without the first,
        the mean F1 of each size is drawn.

    Returns
    -------
    str
        SVG.
    """
    with svg.drawing("curve", width, 4.5 if width == "wide" else 4.6, label) as drawn:
        axes = drawn.axes
        found, studied = advice.analysis.curve, advice.analysis.studied
        at_n = Measure(advice.analysis.measure.metric).at_n
        scale = studied.sentences_per_document
        x, drawn_values = plotting.draw_curve(axes, found, scale, at_n)
        shown = [drawn_values, *_scatter(axes, advice, points, confirming, scale)]
        shown += _people(axes, advice.analysis.annotators)
        if advice.required is not None:
            shown.append(np.array([advice.required.target]))
            plotting.draw_target(axes, advice.required.target)
        f1_axis(axes, np.concatenate(shown))
        size_axes(axes, x[0] * 0.88, x[-1] * 1.04, scale, 10 if width == "wide" else 5)
        axes.set_ylabel(svg.text(advice.analysis.measure.full, 40))
        drawn.figure.legend(
            loc="outside lower center",
            ncols=3 if width == "wide" else 1 if advice.analysis.annotators else 2,
            handlelength=1.6,
            columnspacing=1.4,
            fontsize=9 if width == "wide" else 8.5,
        )
    return drawn.svg


def _people(axes: Axes, found: Annotators | None) -> list[NDArray[np.float64]]:
    """Draw how far annotators agree as horizontal lines, and return their F1."""
    if found is None:
        return []
    lines: list[tuple[str, Any, list[tuple[float, float, float]]]]
    lines = [("annotators with each other", (0, (5, 1.5, 1, 1.5)), [found.between])]
    lines.append(("annotators with the gold spans", (0, (1, 1.5)), list(found.gold)))
    drawn = []
    for label, style, values in lines:
        known = [value for value, _, _ in values if np.isfinite(value)]
        if len(known) > phrases.MOST_PEOPLE:
            known, label = [float(np.median(known))], f"{label}, median"
        for number, value in enumerate(known):
            axes.axhline(value, color=svg.GREEN, lw=1.1, ls=style, label="" if number else label)
        drawn += known
    return [np.array(drawn)]


def _scatter(
    axes: Axes,
    advice: Advice,
    points: Points | None,
    confirming: Points | None,
    scale: float,
) -> list[NDArray[np.float64]]:
    """Draw runs, and return their F1."""
    found = advice.analysis.curve
    name = advice.analysis.studied.learner
    shown = []
    if points is None:
        plotting.draw_means(axes, found, scale)
    else:
        step = max(1, -(-len(points.size) // MOST_POINTS))
        axes.plot(
            points.size[::step] * scale,
            points.score[::step],
            "o",
            ms=3.4,
            mfc="none",
            mec=svg.INK,
            mew=0.8,
            label=f"one {svg.text(name, 16)} run",
        )
        shown.append(points.score)
    if confirming is not None:
        axes.plot(
            confirming.size * scale,
            confirming.score,
            "D",
            ms=5,
            color=svg.PURPLE,
            mec="white",
            mew=0.6,
            label=f"one {svg.text(advice.analysis.gap_learner, 16)} run",
        )
        shown.append(confirming.score)
    return shown


@svg.figure("parts")
def parts(drawn: svg.Drawing, advice: Advice) -> None:
    """Draw what each source contributes to the interval of F1 with all annotated documents.

    Parameters
    ----------
    advice : Advice
        Its `parts` are drawn, and the half-width of the whole interval.
    """
    rows = [(SOURCES[name].label, v) for name, v in advice.parts.items()]
    rows.append(("all together", advice.evaluation.half_width))
    drawn.figure.set_figheight(0.55 + 0.31 * len(rows))
    axes = drawn.axes
    y = np.arange(len(rows))
    values = 100 * np.array([value for _, value in rows])
    colours = [svg.BLUE] * (len(rows) - 1) + [svg.INK]
    axes.barh(y, values, height=0.62, color=colours)
    for place, value in zip(y, values, strict=True):
        axes.annotate(
            half_width(value / 100),
            (value, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
        )
    axes.set_yticks(y, [name for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15 * max(float(values.max()), 0.1))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    whole = "half-width of the interval" if drawn.wide else "half-width"
    axes.set_xlabel(f"{whole}, points of {svg.text(advice.analysis.measure.name, 24)}")


@svg.figure("labels")
def labels(drawn: svg.Drawing, scores: Sequence[LabelScore], *, measure: str = "F1") -> None:
    """Draw F1 (or another score) of each label with its interval.

    Parameters
    ----------
    scores : sequence of LabelScore
        Those without a number are left out.
    measure : str
        Name of the score.
    """
    shown = [s for s in scores if np.isfinite(s.value)]
    axes = drawn.axes
    values = np.array([s.value for s in shown])
    ends = np.array([[s.low, s.high] for s in shown]).T
    draw_interval(axes, np.arange(len(shown)), values, ends)
    row_axis(drawn, [svg.text(s.label, 22 if drawn.wide else 14) for s in shown], 0.29, 0.6)
    low = max(0.0, np.floor(10 * float(ends.min()) - 0.2) / 10)
    axes.set_xlim(low, 1)
    f1_ticks(axes.xaxis, 10 if drawn.wide else 6)
    axes.set_xlabel(f"exact {measure} of the label, 95 % interval")
