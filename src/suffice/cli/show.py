"""How answers look in a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.advice.result import Advice
from suffice.api.progress import console as console
from suffice.api.progress import progress
from suffice.corpus.corpus import Corpus
from suffice.corpus.own_split import own_split
from suffice.report.table import Table as Shown
from suffice.runs.progress import Listener
from suffice.study.runner import run
from suffice.study.study import StoredStudy
from suffice.wording.verdict import VERDICTS


def print_advice(found: Advice, report: Path | None) -> None:
    """Print the verdict and the five lines."""
    out = console()
    colour = VERDICTS[found.verdict].colour
    out.print()
    out.print(Text(found.headline, style=f"bold {colour}"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, line in found.lines:
        table.add_row(name, Text(line))
    out.print(Padding(table, (1, 0)))
    if report is not None:
        out.print(f"Report: {report}", markup=False, soft_wrap=True)


def print_own_split(paths: Sequence[Path], corpus: Corpus) -> None:
    """Say that a corpus has a split of its own, which is not used; nothing where it has none."""
    note = own_split(paths, corpus)
    if note:
        console(stderr=True).print(f"Note: {note}", markup=False, soft_wrap=True)


def run_study(study: StoredStudy, *, quiet: bool) -> bool:
    """Run a study and show how far it is; return whether the user stopped it."""
    return run_interruptibly(lambda listener: run(study, listener=listener), quiet=quiet)


def run_interruptibly(work: Callable[[Listener | None], object], *, quiet: bool) -> bool:
    """Do work that keeps what is finished, and show how far it is; return whether it was stopped.

    Parameters
    ----------
    work : callable
        Takes what is to be told of progress.
    quiet : bool
        Show nothing.
    """
    with progress(quiet=quiet) as listener:
        try:
            work(listener)
        except KeyboardInterrupt:
            pass
        else:
            return False
    console(stderr=True).print(
        "Stopped. Finished work is kept: the same command continues from here."
    )
    return True


def print_table(shown: Shown) -> None:
    """Print one of a page's tables."""
    out = console()
    out.print()
    out.print(Text(shown.caption, style="bold"))
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for k, (name, right) in enumerate(zip(shown.columns, shown.right, strict=True)):
        grid.add_column(
            name,
            justify="right" if right else "left",
            overflow="fold",
            min_width=12 if k == 0 else None,
        )
    for row in shown.rows:
        grid.add_row(*(Text(cell) for cell in row))
    out.print(Padding(grid, (0, 0, 0, 2)))
    if shown.note:
        out.print(Padding(Text(shown.note, style="dim"), (0, 0, 0, 2)))


def print_ending(caveats: Iterable[str], page: Path) -> None:
    """Print what to keep in mind, and where the page is."""
    out = console()
    out.print()
    for caveat in caveats:
        out.print(Padding(Text(f"- {caveat}"), (0, 0, 0, 2)))
    out.print(f"\nPage: {page}", markup=False, soft_wrap=True)


def make_table(*columns: str) -> Table:
    """Return a table with these heads; what is not in the first column stands right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", overflow="fold")
    return table
