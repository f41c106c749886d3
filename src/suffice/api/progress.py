"""How far a running study is, shown in a terminal or a notebook."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from suffice.runs.progress import Listener
from suffice.runs.progress import Progress as Told
from suffice.wording.numbers import counted, duration

WIDTH = 80
_QUIET_SECONDS = 30


def console(*, stderr: bool = False) -> Console:
    """Return a console at most 80 columns wide."""
    made = Console(highlight=False, stderr=stderr)
    made.width = min(made.width, WIDTH)
    return made


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
