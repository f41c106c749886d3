"""From a matplotlib figure to an SVG that sits in a page: no ids that clash, no fonts, no date."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec

from suffice.stats._f1 import plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
Width = Literal["wide", "narrow"]
Draw = Callable[Concatenate[Width, str, P], str]
"""Draws for a width class of the screen what the words say, from results, and returns an SVG."""

INCHES: dict[Width, float] = {"wide": 8.4, "narrow": 3.75}
"""Width of a figure; at 96 px an inch and full size its text is 12 px high."""

INK, SOFT, RULE = plotting.INK, "#57606a", "#d0d7de"
BLUE, BAND, PALE, EDGE = plotting.BLUE, plotting.BAND, plotting.PALE, plotting.EDGE
ORANGE, PURPLE, GREEN = plotting.ORANGE, "#7a2673", "#1a6b35"

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "legend.frameon": False,
}


@contextmanager
def style(name: str) -> Iterator[None]:
    """Set what all figures share while one is drawn; `name` makes its ids repeatable."""
    import matplotlib

    # Newer versions of matplotlib type the keys as literals, older ones not at all.
    settings: Any = {**_STYLE, "svg.hashsalt": f"suffice {name}"}
    with (
        matplotlib.rc_context(settings),
        warnings.catch_warnings(),
    ):
        # The reader's browser has the glyphs that the font used for measuring lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


@dataclass
class Drawing:
    """A figure while it is drawn, with one set of axes, and its SVG when it is done."""

    figure: Figure
    axes: Axes
    wide: bool
    svg: str = ""

    def legend(self, columns: int) -> None:
        """Put the legend below the axes, in so many columns."""
        self.figure.legend(loc="outside lower center", ncols=columns, handlelength=1.6)


@contextmanager
def drawing(name: str, width: Width, height: float, label: str) -> Iterator[Drawing]:
    """Draw a figure of a width class; behind the block its SVG is there.

    Parameters
    ----------
    name : str
        Prefix of every id, different for every figure of a page.
    width : {"wide", "narrow"}
        The width of the screen.
    height : float
        Inches.
    label : str
        What the figure shows, in words, for those who do not see it.
    """
    from matplotlib.figure import Figure

    name = f"{name}-{width}"
    with style(name):
        made = Figure(figsize=(INCHES[width], height), layout="constrained")
        drawn = Drawing(made, made.add_subplot(), width == "wide")
        yield drawn
        drawn.svg = to_svg(made, name, label)


def figure(
    name: str, wide: float = 1.0, narrow: float | None = None
) -> Callable[[Callable[Concatenate[Drawing, P], None]], Draw[P]]:
    """Make a figure of a function that draws on what it is given first.

    Parameters
    ----------
    name : str
        Prefix of every id, different for every figure of a page.
    wide, narrow : float
        Heights in inches, the second as the first unless given. A function whose height depends on
        the results sets it itself.
    """

    def made(draw: Callable[Concatenate[Drawing, P], None]) -> Draw[P]:
        @wraps(draw)
        def figure(width: Width, label: str, /, *args: P.args, **kwargs: P.kwargs) -> str:
            height = wide if width == "wide" or narrow is None else narrow
            with drawing(name, width, height, label) as drawn:
                draw(drawn, *args, **kwargs)
            return drawn.svg

        return figure

    return made


def text(value: str, most: int = 60) -> str:
    """Make a user's string fit for a figure: no control characters, not too long."""
    clean = "".join(c if c.isprintable() else "�" for c in value)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def to_svg(made: Figure, name: str, label: str) -> str:
    """Render a figure for inlining.

    Parameters
    ----------
    made : Figure
        Drawn within `style`.
    name : str
        Prefix of every id, different for every figure of a page.
    label : str
        What the figure shows, for those who do not see it.

    Returns
    -------
    str
        An ``<svg>`` element that scales with its box.
    """
    buffer = io.StringIO()
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    made.savefig(buffer, format="svg", metadata=metadata)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].rstrip()
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # A style element inside the SVG would reach the whole page.
    svg = re.sub(r"\s*<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"\bid=\"", f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r"xlink:href=\"#", f'href="#{name}-', svg)
    box = re.search(r"viewBox=\"([^\"]+)\"", svg)
    assert box is not None  # matplotlib writes one
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}" role="img" '
        f'aria-label="{escape(text(label, 2000))}" font-family="{_FONT}" '
        'style="stroke-linejoin: round; stroke-linecap: butt">'
    )
    return start + svg[svg.index(">") + 1 :]


def plain_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers for a logarithmic axis, at most so many, between two ends.

    Parameters
    ----------
    low, high : float
        Positive ends of the axis.
    most : int
        At least 2.
    """
    import math

    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    found: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        found = [
            step * 10.0**power
            for power in range(first, last + 1)
            for step in steps
            if low <= step * 10.0**power <= high
        ]
        if len(found) <= most:
            break
    if len(found) < 2:  # less than a decade
        step = 10.0 ** math.floor(math.log10(high - low))
        for factor in (1, 2, 5):
            width = factor * step
            found = [width * i for i in range(math.ceil(low / width), math.floor(high / width) + 1)]
            if len(found) <= most:
                break
    return found[:: max(1, math.ceil(len(found) / most))]
