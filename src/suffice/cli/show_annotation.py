"""How agreement and reconciling look in a terminal of 80 columns."""

from __future__ import annotations

import math
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli import show
from suffice.quality.agreement_result import REPORTED, WHY, Agreement, reasons_in_words
from suffice.quality.compare import KINDS
from suffice.quality.reconcile import Reconciled
from suffice.wording.numbers import counted

_ROWS = 12
_PLACES = 3


def _number(value: float) -> str:
    """Write a coefficient with three decimals; a dash where it is undefined."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def _ends(low: float, high: float) -> str:
    """Write an interval; a dash where there is none, or only a point."""
    if math.isnan(low) or math.isnan(high) or low == high:
        return "–"
    return f"{_number(low)} to {_number(high)}"


def agreement(found: Agreement) -> None:
    """Print how far annotators agree: no text."""
    console = show.console()
    who = ", ".join(found.annotators[:6]) + (" …" if len(found.annotators) > 6 else "")
    console.print(
        f"[bold]Agreement of {counted(len(found.annotators), 'annotator')}[/bold] "
        f"({escape(who)}) on "
        f"{found.compared:,} of {counted(found.documents, 'document')}"
    )
    table = show.make_table("", "value", "95 % interval")
    for name, value, interval in found.rows():
        table.add_row(name, _number(value), _ends(*interval))
    console.print(table)
    reasons = reasons_in_words(found)
    _list(console, "Why there is a dash", reasons)
    if reasons:
        console.print()
    console.print(Padding(Text(f"{WHY}."), (0, 0, 1, 0)), style="dim")
    parts = [_labels(found)]
    if len(found.pairs) > 1:
        parts.append(_pairs(found))
    if found.gold:
        parts.append(_gold(found))
    for part in (*parts, _disagreements(found)):
        console.print(Padding(part, (0, 0, 1, 0)))
    _list(console, "Matching", found.notes)
    _list(console, "Keep in mind", [*found.caveats, *found.on_coefficients()])


def _labels(found: Agreement) -> Table:
    table = show.make_table("label", "spans", "F1 exact", "95 % interval", "F1 partial")
    for row in found.by_label[:_ROWS]:
        table.add_row(
            escape(row.label),
            f"{row.spans:,}",
            _number(row.exact.value),
            _ends(row.exact.low, row.exact.high),
            _number(row.partial.value),
        )
    if len(found.by_label) > _ROWS:
        table.add_row(f"… and {len(found.by_label) - _ROWS} more (--json lists all)")
    return table


def _pairs(found: Agreement) -> Table:
    table = show.make_table(
        "pair", "documents", "F1 exact", "95 % interval", "boundaries", REPORTED
    )
    most = sorted(found.pairs, key=lambda p: (-p.documents, p.first, p.second))
    for pair in most[:_ROWS]:
        table.add_row(
            escape(f"{pair.first}, {pair.second}"),
            f"{pair.documents:,}",
            _number(pair.exact.value),
            _ends(pair.exact.low, pair.exact.high),
            _number(pair.boundaries.value),
            _number(pair.icc[REPORTED].value),
        )
    if len(most) > _ROWS:
        table.add_row(f"… and {len(most) - _ROWS} more (--json lists all)")
    return table


def _gold(found: Agreement) -> Table:
    table = show.make_table(
        "against the corpus's own spans", "documents", "F1 exact", "95 % interval"
    )
    for row in found.gold[:_ROWS]:
        exact = row.exact
        cells = (f"{row.documents:,}", _number(exact.value), _ends(exact.low, exact.high))
        table.add_row(escape(row.name), *cells)
    if len(found.gold) > _ROWS:
        table.add_row(f"… and {len(found.gold) - _ROWS} more (--json lists all)")
    return table


def _disagreements(found: Agreement) -> Table:
    table = show.make_table("disagreements", "how many", "as in")
    for kind, count in found.kinds().items():
        some = [d for d in found.disagreements if d.kind == kind][:_PLACES]
        places = []
        for d in some:
            span = d.first_span or d.second_span
            assert span is not None  # one of them marked it
            places.append(f"{d.document}:{span.start}–{span.end}")
        table.add_row(KINDS[kind], f"{count:,}", escape("\n".join(places)))
    if not found.disagreements:
        table.add_row("none", "0", "")
    return table


def reconciled(found: Reconciled, worklist: Path | None, out: Path | None, lost: list[str]) -> None:
    """Print what was decided, what was not, and what was written."""
    console = show.console()
    table = show.make_table("", "")
    table.show_header = False
    table.add_row("documents", f"{len(found.joined):,}")
    table.add_row("spans that all marked alike", f"{found.agreed:,}")
    for who, count in found.by.items():
        table.add_row(f"disagreements decided by {who}", f"{count:,}")
    table.add_row("disagreements undecided", f"{len(found.undecided):,}")
    console.print(table)
    _list(console, "What was done", found.notes)
    _list(console, "Not as it was", lost)
    if found.undecided and worklist is None:
        places = [f"{d.document}:{d.start}–{d.end}" for d in found.undecided]
        _list(console, "Undecided", places)
    if worklist is not None:
        said = f"\nWork list: {worklist} (holds text; readable by you only)"
        console.print(said, markup=False, soft_wrap=True)
    if out is not None and found.corpus is not None:
        spans = sum(len(d.spans) for d in found.corpus)
        said = f"\nGold: {out}, {counted(len(found.corpus), 'document')}, {counted(spans, 'span')}"
        console.print(said, markup=False, soft_wrap=True)


def _list(console: Console, title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/bold]")
        for line in lines[:_ROWS]:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
        if len(lines) > _ROWS:
            console.print(f"  … and {len(lines) - _ROWS:,} more (--json lists all)")
