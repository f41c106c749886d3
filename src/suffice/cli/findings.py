"""How an inspection looks in a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli import show
from suffice.corpus.check import Inspection, with_interval
from suffice.corpus.checks.base import LEVELS, Case, Finding, Place
from suffice.corpus.mend import KINDS, Change
from suffice.corpus.origin import Origin
from suffice.corpus.splitters.compare import SplitterComparison
from suffice.wording.numbers import counted, format_number

_ROWS = 12
_PLACES = 2
_CASES = 3
_ID = 24

_COLOURS = {"leak": "red", "wrong": "red", "doubtful": "yellow", "know": "cyan"}


def print_list(out: Console, title: str, lines: Sequence[str], most: int = _ROWS) -> None:
    """Print lines below a title; the first ones if they are many."""
    if lines:
        out.print(f"\n[bold]{title}[/bold]")
        for line in lines[:most]:
            out.print(Padding(Text(line), (0, 0, 0, 2)))
        if len(lines) > most:
            out.print(f"  … and {len(lines) - most:,} more (--json lists all)")


def print_corpus(out: Console, found: Inspection) -> None:
    """Print what the corpus is made of."""
    out.print(f"[bold]Corpus {escape(found.name)}[/bold]")
    out.print(_counts(found))
    out.print(_labels(found))
    out.print(_spreads(found))


def print_splitters(out: Console, found: SplitterComparison) -> None:
    """Print how much the number of sentences depends on the splitter."""
    table = show.make_table("sentences by", "sentences", "per document", "EPS", "spans crossing")
    absent = []
    for row in found.rows:
        if row.sentences is None or row.per_document is None:
            absent.append(row.unavailable)
        else:
            eps = "n/a" if row.eps is None else format_number(row.eps, 3)
            per = format_number(row.per_document, 3)
            table.add_row(row.name, f"{row.sentences:,}", per, eps, f"{row.crossed:,}")
    if table.row_count:
        out.print(table)
    if found.documents < found.of:
        out.print(f"  on {found.documents:,} of the {counted(found.of, 'document')}")
    for line in (*absent, *found.caveats):
        out.print(Padding(Text(line), (0, 0, 0, 2)))


def print_findings(out: Console, found: Inspection) -> None:
    """Print what is odd, the worst first."""
    if not found.findings:
        out.print("\nNo problems were found.")
        return
    level = None
    for one in found.findings:
        if one.level != level:
            level = one.level
            out.print(f"\n[bold {_COLOURS[level]}]{LEVELS[level].capitalize()}[/]")
        fixable = " [dim](--fix)[/dim]" if one.fixable else ""
        out.print(
            Padding(f"[bold]{one.count:,}[/bold]  {escape(one.title)}{fixable}", (0, 0, 0, 2))
        )
        for line in _some(one):
            out.print(Padding(Text(line, style="dim"), (0, 0, 0, 6)))


def print_changes(
    out: Console,
    target: Path,
    made: Sequence[Change],
    lost: Sequence[str],
    *,
    left_out: int,
    origins: Mapping[str, Origin],
) -> None:
    """Print what was mended."""
    counts = Counter(change.kind for change in made)
    lines = [f"{counts[kind]:,}  {what}" for kind, what in KINDS.items() if kind in counts]
    print_list(out, "Mended", lines or ["nothing had to be"])
    print_list(out, "Each change", [_change(change, origins) for change in made])
    print_list(out, "Not as it was", lost)
    if left_out:
        out.print(f"\nNot in it: {counted(left_out, 'record')} that reading left out.")
    out.print(f"\nWritten: {target}", markup=False, soft_wrap=True)


def _change(change: Change, origins: Mapping[str, Origin]) -> str:
    def span(start: int, end: int, label: str) -> str:
        return f"{start}–{end} {label!r}"

    before, after = change.before, change.after
    now = "taken away" if after is None else f"→ {span(after.start, after.end, after.label)}"
    whose = f" ({change.annotator})" if change.annotator else ""
    origin = origins.get(change.document)
    place = change.document if origin is None else origin.at(before.start, before.end)
    return f"{place}{whose}: {span(before.start, before.end, before.label)} {now}"


def _some(found: Finding) -> list[str]:
    """Return the worst cases in words: for strings and sets one a line, for spans all in one."""
    if any(case.detail or case.count > 1 or case.text for case in found.cases):
        lines = [_case(case) for case in found.cases[:_CASES]]
    else:
        shown = [_pair(case) for case in found.cases[: _CASES + 1]]
        lines = [", ".join(shown)]
    left = len(found.cases) - (_CASES if len(lines) > 1 else _CASES + 1)
    return [*lines, f"… and {left:,} more (--html, --json)"] if left > 0 else lines


def _pair(case: Case) -> str:
    """Return the places of a span, or of a pair of which the second needs no document's name."""
    first, *others = case.places
    own = [p for p in others if p.document == first.document and p.start is not None][:1]
    second = [p.where or f"{p.start}–{p.end}" for p in own if not p.where or p.where != first.where]
    return " and ".join([_short(first), *second])


def _case(case: Case) -> str:
    places = [_short(place) for place in case.places[: min(case.count, _PLACES)]]
    if case.count > _PLACES:
        places.append("…")
    shown = "" if case.text is None else f"{case.text!r}: "
    return f"{shown}{case.detail}{' in ' * bool(places and case.detail)}{', '.join(places)}"


def _short(place: Place) -> str:
    if place.where:
        return place.where
    name = place.document
    if len(name) > _ID:
        name = f"{name[: _ID - 1]}…"
    return name if place.start is None else f"{name}:{place.start}–{place.end}"


def _counts(found: Inspection) -> Table:
    table = show.make_table("", "")
    table.show_header = False
    rows: list[tuple[str, str]] = [
        ("documents", f"{found.documents:,}"),
        ("  without entities", f"{found.without_spans:,}"),
        ("  with the file's own sentences", f"{found.own_sentences:,}"),
        ("sentences", f"{found.sentences:,}"),
        ("word tokens", f"{found.tokens:,}"),
        ("characters", f"{found.characters:,}"),
        ("entities", f"{found.entities:,}"),
        ("  distinct strings", f"{found.distinct:,}"),
        (f"entities per sentence ({found.eps.level:.0%} interval)", with_interval(found.eps)),
        ("groups", f"{found.groups:,}" if found.grouped else "none named"),
        ("exact twins", _twins(found.exact_twins)),
        ("exact or near twins", _twins(found.near_twins)),
    ]
    if found.splits:
        named = ", ".join(f"{name} {count:,}" for name, count in found.splits.items())
        rows.append(("splits that the file names", escape(named)))
    if found.annotated_by_several:
        rows.append(("documents marked by several", f"{found.annotated_by_several:,}"))
    for row in rows:
        table.add_row(*row)
    return table


def _twins(groups: tuple[tuple[str, ...], ...]) -> str:
    if not groups:
        return "none"
    return f"{sum(map(len, groups)):,} in {len(groups):,} set" + "s" * (len(groups) > 1)


def _labels(found: Inspection) -> Table:
    table = show.make_table("label", "entities", "share")
    for label, count in list(found.labels.items())[:_ROWS]:
        table.add_row(escape(label), f"{count:,}", f"{count / found.entities:.0%}")
    rest = list(found.labels.values())[_ROWS:]
    if rest:
        table.add_row(f"… and {len(rest)} more", f"{sum(rest):,}", "")
    return table


def _spreads(found: Inspection) -> Table:
    table = show.make_table("", "least", "lower ¼", "median", "upper ¼", "most", "mean")
    for what, s in found.spreads.items():
        values = (s.least, s.lower, s.median, s.upper, s.most, s.mean)
        table.add_row(what, *(format_number(value, 3) for value in values))
    return table
