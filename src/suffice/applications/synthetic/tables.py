"""The rows of the terminal and of the page, every cell in words."""

from __future__ import annotations

import math

from suffice.applications.synthetic.closeness import Closeness
from suffice.applications.synthetic.entity_overlap import DISTINCT, Overlap
from suffice.applications.synthetic.statistics.auc import Auc
from suffice.applications.synthetic.statistics.exchange import Rate
from suffice.applications.synthetic.worth import Point, Worth
from suffice.corpus.summary import Ratio
from suffice.report.table import Table
from suffice.wording.numbers import format_number, number, two_digits

_VERDICTS = {"match": "alike", "higher": "more", "lower": "less", "cannot tell": "unclear"}
_KINDS = {
    "real": "real only",
    "small": "few real",
    "large": "many real",
    "alone": "synthetic only",
}


def _short(value: float) -> str:
    return "n/a" if math.isnan(value) else format_number(float(value), 3)


def _range(low: float, high: float) -> str:
    return "n/a" if math.isnan(low) else f"{_short(low)}–{_short(high)}"


def compared(found: Closeness) -> Table:
    """Tabulate density, lengths and labels."""
    rows = tuple(
        (
            c.what,
            _short(c.real[0]),
            _short(c.synthetic[0]),
            f"{number(c.ratio[0])} ({number(c.ratio[1])}–{number(c.ratio[2])})",
            f"{number(c.reference[0])}–{number(c.reference[1])}",
            _VERDICTS[c.verdict],
        )
        for c in found.compared
    )
    columns = ("", "real", "synthetic", "ratio (95 %)", "real to real", "verdict")
    note = (
        "Real to real: where the ratio lies in 95 % of pairs of real samples of these sizes. "
        "Alike: the ratio's 90 % interval lies within a tenth of 1; more, less: its 95 % interval "
        "leaves 1 out."
    )
    return Table("Density, lengths, labels", columns, rows, note=note)


def distances(found: Closeness) -> Table:
    """Tabulate distances of whole distributions."""
    rows = tuple(
        (
            d.what,
            number(d.value),
            f"{number(d.low)}–{number(d.high)}",
            f"{number(d.reference[0])}–{number(d.reference[1])}",
        )
        for d in found.distances
    )
    note = "0: the same distribution; 1: nothing in common."
    columns = ("", "distance", "95 %", "real to real")
    return Table("Distances of distributions", columns, rows, note=note)


def overlaps(found: Closeness) -> Table:
    """Tabulate entity strings in common."""
    rows = tuple(
        (o.what, _overlap(o, "value"), _overlap(o, "reference"), _overlap(o, "difference"))
        for o in found.overlaps
    )
    size = found.overlaps[0].sentences
    return Table(
        f"Entity strings, in samples of {size:,} sentences",
        ("", "synthetic (95 %)", "real to real (95 %)", "difference (95 %)"),
        rows,
        numeric=False,
        note="Real to real: the same of two real samples of that size.",
    )


def _overlap(o: Overlap, what: str) -> str:
    first = getattr(o, what)
    ends = (
        (o.low, o.high)
        if what == "value"
        else (getattr(o, f"{what}_low"), getattr(o, f"{what}_high"))
    )
    if o.what == DISTINCT:
        return f"{number(first, 0)} ({number(ends[0], 0)} to {number(ends[1], 0)})"
    parts = [number(100 * v, 1) for v in (first, *ends)]
    return (
        f"{parts[0]} ({parts[1]} to {parts[2]})"
        if what == "difference"
        else (f"{parts[0]} % ({parts[1]}–{parts[2]})")
    )


def copies(found: Closeness) -> Table:
    """Tabulate text that is there already."""
    rows = tuple((c.what, _share(c.synthetic), _share(c.real)) for c in found.copies)
    columns = ("", "synthetic (95 %)", "real to real (95 %)")
    note = "Real to real: real documents looked up among the other real ones."
    return Table("Repeated text", columns, rows, note=note)


def _share(r: Ratio) -> str:
    if math.isnan(r.estimate):
        return "n/a"
    return f"{100 * r.estimate:.1f} % ({100 * r.low:.1f}–{100 * r.high:.1f})"


def tabulate_classifier(found: Closeness) -> Table:
    """Tabulate how well a classifier distinguishes the two."""
    rows = tuple((t.view, _auc(t.synthetic), _auc(t.reference)) for t in found.told)
    many = found.told[0].documents
    return Table(
        f"A classifier's AUC on {many:,} documents of each kind",
        ("it reads", "synthetic or real (95 %)", "real to real (95 %)"),
        rows,
        numeric=False,
        note="0.50: cannot tell; 1.00: always tells. A masked entity is its label.",
    )


def _auc(a: Auc) -> str:
    return f"{a.value:.2f} ({a.low:.2f}–{a.high:.2f})"


def rates(found: Worth) -> Table:
    """Tabulate what one synthetic sentence is worth, and how many one real one is worth."""
    e = found.exchange
    listed: list[tuple[str, Rate]] = [("one rate for all", e.constant)]
    listed += [(r.name.removesuffix(" synthetic"), r) for r in (*e.marginal, *e.average)]
    if e.alone is not None:
        listed.append(("no real text", e.alone))
    rows = tuple((name, _rate(r), _bounds(r.low, r.high), worth_of(r)) for name, r in listed)
    return Table(
        "Worth",
        ("", "one synthetic is", "95 %", "one real is, in synthetic"),
        rows,
        note=(
            f"Few real: about {found.small:,.0f} sentences; many: {found.large:,.0f} or more. "
            "First: synthetic sentences up to one for each real one; further: beyond. Sets by "
            "likelihood ratio; they may be without bound."
        ),
    )


def _rate(r: Rate) -> str:
    return "no bound" if abs(r.value) >= 19 else number(r.value)


def _bounds(low: float, high: float) -> str:
    left = "no bound" if math.isinf(low) else number(low)
    right = "no bound" if math.isinf(high) else number(high)
    return f"{left} to {right}"


def worth_of(r: Rate) -> str:
    """Write between how many synthetic sentences one real one is worth."""
    few, many = r.synthetic_for_one
    if math.isinf(few):
        return "adds nothing, or does harm"
    if math.isinf(many):
        return "cannot tell" if few == 0 else f"{two_digits(few)} or more"
    return f"{two_digits(few)} to {two_digits(many)}"


def runs(found: Worth) -> Table:
    """Tabulate the runs, cell by cell."""
    order = list(_KINDS)
    cells = sorted(found.points, key=lambda p: (order.index(p.base), p.real, p.synthetic))
    rows = tuple(
        (
            _KINDS[p.base],
            f"{p.real:,.0f}",
            f"{p.synthetic:,.0f}",
            str(len(p.f1)),
            f"{sum(p.f1) / len(p.f1):.3f}",
            _spread(p),
        )
        for p in cells
    )
    columns = ("", "real", "synthetic", "runs", "mean F1", "from–to")
    note = "Sentences; the mean over training sets."
    return Table("The runs", columns, rows, note=note)


def _spread(p: Point) -> str:
    return f"{min(p.f1):.3f}–{max(p.f1):.3f}"
