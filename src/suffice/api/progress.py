"""How far a running study is, shown in a terminal or a notebook."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from suffice.runs.progress import Listener
from suffice.runs.progress import Progress as StudyProgress
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

        def print_state(state: StudyProgress) -> None:
            short(state)
            line(state)

        yield print_state
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

        def update(state: StudyProgress) -> None:
            short(state)
            done, total = _share(state)
            bar.update(
                task, description=_describe(state), completed=done, total=total, left=_left(state)
            )

        yield update


class _Short:
    """Says once that the budget is shorter than what any answer takes, as soon as that is known."""

    def __init__(self, err: Console) -> None:
        self._err = err
        self._said = False

    def __call__(self, state: StudyProgress) -> None:
        if self._said or state.least is None or state.budget is None:
            return
        over = state.spent + state.least.seconds
        if over > state.budget:
            self._said = True
            self._err.print(
                f"The budget of {duration(state.budget)} is too short for an answer, which takes "
                f"at least {state.least.runs} runs: about {duration(over)} in all. The study will "
                "take that long."
            )


def _lines(err: Console) -> Listener:
    last = [time.monotonic()]

    def update(state: StudyProgress) -> None:
        if time.monotonic() - last[0] >= _QUIET_SECONDS:
            last[0] = time.monotonic()
            err.print(" ".join(f"{_describe(state)}; {_left(state)}".split()), soft_wrap=True)

    return update


def _describe(state: StudyProgress) -> str:
    if state.phase == "encoding":
        return f"encoding {state.done:,} of {counted(state.expected, 'document')}"
    if state.least:
        return f"training: {state.least.done} of the {state.least.runs} runs that an answer takes"
    if state.expected:
        return f"training: {state.done:,} of {counted(state.expected, 'run')}"
    return f"training: {counted(state.done, 'run')}"


def _share(state: StudyProgress) -> tuple[float, float]:
    if state.phase == "training" and state.budget:
        return min(state.spent, state.budget), state.budget
    return state.done, max(1, state.expected)


def _left(state: StudyProgress) -> str:
    if state.least:
        return f"about {duration(state.least.seconds)} left for these"
    if state.budget:
        return f"at most {duration(max(0.0, state.budget - state.spent))} left"
    if state.phase == "training" and state.expected and state.done:
        each = state.spent / state.done
        return f"about {duration(each * max(0, state.expected - state.done))} left"
    return ""
