"""The page: one HTML file that loads nothing; text of documents only where it was asked for."""

from __future__ import annotations

from collections.abc import Callable

from suffice.applications.synthetic import figures, tables
from suffice.applications.synthetic.result import SyntheticCheck
from suffice.applications.synthetic.worth import Worth
from suffice.report.page import Drawing, environment
from suffice.report.svg import Width

FILE = "synthetic.html"


def render(found: SyntheticCheck, version: str) -> str:
    """Render the page.

    Parameters
    ----------
    found : SyntheticCheck
    version : str
        Of suffice.

    Returns
    -------
    str
        The same input gives the same page.
    """
    c, w = found.closeness, found.worth
    drawn = {} if w is None else _figures(w)
    shown = {
        "compared": tables.compared(c),
        "distances": tables.distances(c),
        "overlaps": tables.overlaps(c),
        "copies": tables.copies(c),
        "told": tables.told(c),
    }
    if w is not None:
        shown |= {"rates": tables.rates(w), "runs": tables.runs(w)}
    return environment("suffice.applications.synthetic").get_template("synthetic.html").render(
        c=c,
        w=w,
        examples=found.examples,
        t=shown,
        figures=drawn,
        number={name: k for k, name in enumerate(drawn, 1)},
        caveats=found._caveats(),
        version=version,
    )  # fmt: skip


def _figures(found: Worth) -> dict[str, Drawing]:
    from markupsafe import Markup

    drawn: dict[str, Drawing] = {}

    def add(name: str, label: str, draw: Callable[[Worth, Width, str], str]) -> None:
        wide, narrow = (Markup(draw(found, width, label)) for width in ("wide", "narrow"))
        drawn[name] = Drawing(name, wide, narrow, "")

    add("curve", "F1 against real and synthetic training sentences", figures.curve)
    add("rates", "Real sentences that one synthetic sentence counts as", figures.rates)
    return drawn
