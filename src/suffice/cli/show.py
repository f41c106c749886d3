"""How answers look in a terminal of 80 columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from suffice.advice.result import Advice
from suffice.advice.verdicts import VERDICTS
from suffice.advice.words import duration
from suffice.corpus.corpus import Corpus
from suffice.corpus.own_split import own_split
from suffice.report.cells import Table as Shown
from suffice.stats.result import counted
from suffice.study.progress import Listener
from suffice.study.progress import Progress as Told
from suffice.study.runner import run
from suffice.study.study import Study

WIDTH = 80
_QUIET_SECONDS = 30


def console(*, stderr: bool = False) -> Console:
    """Return a console at most 80 columns wide."""
    made = Console(highlight=False, stderr=stderr)
    made.width = min(made.width, WIDTH)
    return made


def advice(found: Advice, report: Path | None) -> None:
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


def given_split(paths: Sequence[Path], corpus: Corpus) -> None:
    """Say that a corpus has a split of its own, which is not used; nothing where it has none."""
    note = own_split(paths, corpus)
    if note:
        console(stderr=True).print(f"Note: {note}", markup=False, soft_wrap=True)


def interrupted(study: Study, *, quiet: bool) -> bool:
    """Run a study and show how far it is; return whether the user stopped it."""
    return stopped(lambda listener: run(study, listener=listener), quiet=quiet)


def stopped(work: Callable[[Listener | None], object], *, quiet: bool) -> bool:
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
        "Stopped. What is finished is kept: the same command goes on from here."
    )
    return True


def table(shown: Shown) -> None:
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


def ending(caveats: Iterable[str], page: Path) -> None:
    """Print what to keep in mind, and where the page is."""
    out = console()
    out.print()
    for caveat in caveats:
        out.print(Padding(Text(f"- {caveat}"), (0, 0, 0, 2)))
    out.print(f"\nPage: {page}", markup=False, soft_wrap=True)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Listener | None]:
    """Show how far a study is: a bar in a terminal, now and then a line elsewhere, on stderr."""
    if quiet:
        yield None
        return
    err = console(stderr=True)
    short = _Short(err)
    if not err.is_terminal:
        line = _lines(err)

        def tell_lines(told: Told) -> None:
            short(told)
            line(told)

        yield tell_lines
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[left]}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=None, left="")

        def tell(told: Told) -> None:
            short(told)
            done, total = _share(told)
            bar.update(task, description=_said(told), completed=done, total=total, left=_left(told))

        yield tell


class _Short:
    """Says once that the budget is shorter than what any answer takes, as soon as that is known."""

    def __init__(self, err: Console) -> None:
        self._err = err
        self._said = False

    def __call__(self, told: Told) -> None:
        if self._said or told.least is None or told.budget is None:
            return
        over = told.spent + told.least.seconds
        if over > told.budget:
            self._said = True
            self._err.print(
                f"The budget of {duration(told.budget)} is too short for an answer, which takes at "
                f"least {told.least.runs} runs: about {duration(over)} in all. The study will take "
                "that long."
            )


def _lines(err: Console) -> Listener:
    last = [time.monotonic()]

    def tell(told: Told) -> None:
        if time.monotonic() - last[0] >= _QUIET_SECONDS:
            last[0] = time.monotonic()
            err.print(" ".join(f"{_said(told)}; {_left(told)}".split()), soft_wrap=True)

    return tell


def _said(told: Told) -> str:
    if told.phase == "encoding":
        return f"encoding {told.done:,} of {counted(told.expected, 'document')}"
    if told.least:
        return f"training: {told.least.done} of the {told.least.runs} runs that an answer takes"
    if told.expected:
        return f"training: {told.done:,} of {counted(told.expected, 'run')}"
    return f"training: {counted(told.done, 'run')}"


def _share(told: Told) -> tuple[float, float]:
    if told.phase == "training" and told.budget:
        return min(told.spent, told.budget), told.budget
    return told.done, max(1, told.expected)


def _left(told: Told) -> str:
    if told.least:
        return f"about {duration(told.least.seconds)} left for these"
    if told.budget:
        return f"at most {duration(max(0.0, told.budget - told.spent))} left"
    if told.phase == "training" and told.expected and told.done:
        each = told.spent / told.done
        return f"about {duration(each * max(0, told.expected - told.done))} left"
    return ""
