"""The page: one HTML file that loads nothing; text of documents only where it was asked for."""

from __future__ import annotations

from suffice.applications.synthetic import figures, tables
from suffice.applications.synthetic.result import SyntheticCheck
from suffice.report.page import PageFigures, fill

FILE = "synthetic.html"


def render(found: SyntheticCheck, version: str) -> str:
    """Render the page: the same input gives the same one."""
    c, w = found.closeness, found.worth
    shown = {
        "compared": tables.compared(c),
        "distances": tables.distances(c),
        "overlaps": tables.overlaps(c),
        "copies": tables.copies(c),
        "told": tables.tabulate_classifier(c),
    }
    drawn = PageFigures()
    if w is not None:
        said = "F1 against real and synthetic training sentences"
        drawn.add("curve", said, figures.curve, w)
        said = "Real sentences that one synthetic sentence is worth"
        drawn.add("rates", said, figures.rates, w)
        shown |= {"rates": tables.rates(w), "runs": tables.runs(w)}
    return fill(
        FILE,
        drawn,
        version,
        package="suffice.applications.synthetic",
        c=c,
        w=w,
        examples=found.examples,
        t=shown,
        caveats=found._caveats(),
    )
