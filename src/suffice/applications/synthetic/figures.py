"""Figures: F1 against sentences of all kinds, and the rates."""

from __future__ import annotations

import numpy as np

from suffice.applications.synthetic.statistics.exchange import Rate
from suffice.applications.synthetic.worth import Point, Worth
from suffice.report import svg
from suffice.report.figures.axes import f1_axis, log_axis, row_axis

_LOOKS = {
    "real": ("o", svg.BLUE, "real only"),
    "small": ("^", svg.ORANGE, "few real, synthetic added"),
    "large": ("s", svg.PURPLE, "many real, synthetic added"),
    "alone": ("D", svg.GREEN, "synthetic only"),
}
_LEAST, _MOST = -1.0, 2.0


@svg.figure("synthetic-curve", 4.3, 4.9)
def curve(drawn: svg.Drawing, found: Worth) -> None:
    """Draw F1 against all sentences, real and synthetic, and the line on which they are equal."""
    from matplotlib.ticker import MaxNLocator

    axes = drawn.axes
    totals = np.array([p.real + p.synthetic for p in found.points])
    low, high = float(totals.min()) / 1.12, float(totals.max()) * 1.12
    x = np.geomspace(low, high, 120)
    real = [p.real for p in found.points if p.base == "real"]
    inside = (x >= min(real)) & (x <= max(real))
    line = found.exchange.at(x)
    axes.plot(x, line, color=svg.BLUE, lw=1, ls=(0, (4, 2.5)))
    axes.plot(x[inside], line[inside], color=svg.BLUE, lw=1.8)
    scores = [line]
    for base, (marker, colour, name) in _LOOKS.items():
        cells = [p for p in found.points if p.base == base]
        if not cells:
            continue
        each = np.array([(p.real + p.synthetic, f1) for p in cells for f1 in p.f1])
        axes.plot(each[:, 0], each[:, 1], marker, color=colour, ms=3.5, alpha=0.45, mew=0)
        means = [(p.real + p.synthetic, float(np.mean(p.f1))) for p in cells]
        axes.plot(*np.transpose(means), marker, color=colour, ms=6.5, mec="white", label=name)
        for chain in _chains(cells, found.points):
            axes.plot(*np.transpose(chain), color=colour, lw=0.9, zorder=1)
        scores.append(each[:, 1])
    gap = " " if drawn.wide else "\n"
    label = f"training sentences, real and synthetic{gap}(logarithmic scale)"
    log_axis(axes, low, high, 7 if drawn.wide else 4, label)
    axes.set_ylabel("exact micro-F1")
    f1_axis(axes, np.concatenate(scores))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if drawn.wide:
        axes.legend(loc="lower right")
    else:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))


def _chains(cells: list[Point], every: tuple[Point, ...]) -> list[list[tuple[float, float]]]:
    """Return the means of cells with the same real text, from where nothing is added."""
    if cells[0].base not in ("small", "large"):
        return []
    chains = []
    for size in {round(p.real, -1) for p in cells}:
        chain = [p for p in cells if round(p.real, -1) == size]
        start = [p for p in every if p.base == "real" and abs(p.real / chain[0].real - 1) < 0.1]
        listed = sorted([*start[:1], *chain], key=lambda p: p.synthetic)
        chains.append([(p.real + p.synthetic, float(np.mean(p.f1))) for p in listed])
    return [chain for chain in chains if len(chain) > 1]


@svg.figure("synthetic-rates")
def rates(drawn: svg.Drawing, found: Worth) -> None:
    """Draw what one synthetic sentence is worth, with confidence sets; arrows have no end."""
    e = found.exchange
    rows: list[tuple[str, Rate]] = [("one rate for all", e.constant)]
    rows += [(r.name.removesuffix(" synthetic"), r) for r in (*e.marginal, *e.average)]
    rows += [] if e.alone is None else [("no real text", e.alone)]
    finite = [v for _, r in rows for v in (r.low, r.high, r.value) if abs(v) < 19]
    low = max(_LEAST, min([*finite, -0.1]) - 0.08)
    high = min(_MOST, max([*finite, 1.1]) + 0.08)
    axes = drawn.axes
    axes.axvline(0, color=svg.SOFT, lw=0.8)
    axes.axvline(1, color=svg.SOFT, lw=0.8, ls=(0, (4, 2.5)))
    for place, (_, rate) in enumerate(rows):
        _row(axes, place, rate, low, high, svg.BLUE if place == 0 else svg.EDGE)
    row_axis(drawn, [svg.text(name, 40) for name, _ in rows], 0.33, 1.0)
    axes.set_xlim(low, high)
    axes.set_xlabel(
        "real sentences that one synthetic sentence is worth"
        if drawn.wide
        else "real sentences that\none synthetic sentence is worth"
    )


def _row(axes, place: int, rate: Rate, low: float, high: float, colour: str) -> None:
    ends = float(np.clip(rate.low, low, high)), float(np.clip(rate.high, low, high))
    axes.hlines(place, *ends, color=colour, lw=2.2)
    for end, edge, marker in ((rate.low, low, "<"), (rate.high, high, ">")):
        if (end < edge) if marker == "<" else (end > edge):
            axes.plot(edge, place, marker, color=colour, ms=6, clip_on=False)
    if low <= rate.value <= high:
        axes.plot(rate.value, place, "o", ms=5.5, color=colour, mec="white", mew=0.8)
