"""The suite that every executor passes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from suffice.errors import InputError
from suffice.runs.executors.base import Executor, Outcome, Task

_TEXT = "what stands in a document"
_LONG = 300.0


def work(context: Any, content: tuple[str, Any]) -> Any:
    """Do what a task of the suite says, in a worker."""
    what, value = content
    if what == "add":
        return context + value
    if what == "wait":
        time.sleep(value)
    elif what == "raise":
        raise KeyError(_TEXT)
    elif what == "refuse":
        raise InputError("a setting is wrong", remedy="mend it")
    elif what == "die":
        mark = Path(value)
        if not mark.exists():
            mark.touch()
            os._exit(3)
    elif what == "always die":
        os._exit(3)
    return value


def check_executor(executor: Executor, folder: Path | None = None) -> None:
    """Do some work with an executor and check what `suffice.runs.executors.base` asks of it.

    It takes some ten seconds, since limits must be waited for.

    Parameters
    ----------
    executor : Executor
        One that is not in use.
    folder : Path, optional
        An empty folder that workers see too. Without it, it is not checked that what a worker was
        doing when it was lost is done again.

    Raises
    ------
    AssertionError
        It is not an executor; the message says what it lacks.
    """
    with executor:
        executor.start(100)
        assert executor.workers >= 1, "an executor has a worker at least"
        _check_results(executor, 100)
        _check_laziness(executor)
        _check_errors(executor)
        _check_limits(executor)
        _check_losses(executor, folder)
        executor.start(200, at_most=1)
        assert executor.workers == 1, "more workers are used than are of any use"
        _check_results(executor, 200)
        executor.close()
        executor.start(300)
        _check_results(executor, 300)


def _name(contents: Sequence[tuple[str, Any]], limit: float | None = None) -> list[Task]:
    return [Task(f"task {i}", content, limit) for i, content in enumerate(contents)]


def _collect(outcomes: Iterator[Outcome]) -> dict[str, Outcome]:
    """Return the outcomes by id, after each has come once."""
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        assert outcome.id not in found, "a task has two outcomes"
        found[outcome.id] = outcome
    return found


def _check_results(executor: Executor, context: int) -> None:
    contents = [("add", i // 2) for i in range(12)]  # equal contents are told apart by their ids
    found = _collect(executor.map(work, _name(contents)))
    results = [found[f"task {i}"].result for i in range(12) if f"task {i}" in found]
    assert len(results) == 12, "a task has no outcome"
    assert results == [context + i // 2 for i in range(12)], "an outcome is of another task"
    assert not any(o.error for o in found.values()), "work that succeeds has an error"
    assert not _collect(executor.map(work, [])), "no tasks have outcomes"


def _check_laziness(executor: Executor) -> None:
    asked = 0

    def tasks() -> Iterator[Task]:
        nonlocal asked
        for task in _name([("add", 1)] * 9):
            asked += 1
            yield task

    for done, _ in enumerate(executor.map(work, tasks()), start=1):
        assert asked <= done + executor.workers, "tasks are taken before a worker is free for them"


def _check_errors(executor: Executor) -> None:
    contents = [("raise", 0), ("refuse", 0), ("add", 1)]
    raised, refused, added = _collect(executor.map(work, _name(contents))).values()
    errors = {o.id: o.error for o in (raised, refused, added)}
    assert errors["task 0"].startswith("KeyError"), "an error does not begin with its type"
    assert "executors.py" in errors["task 0"], "an error does not say where it was raised"
    assert _TEXT not in errors["task 0"], "an error quotes a message that may hold text"
    assert "a setting is wrong; mend it" in errors["task 1"], "what the user can mend is not said"
    assert not errors["task 2"], "an error reaches another task"


def _check_limits(executor: Executor) -> None:
    begun = time.monotonic()
    contents = [("wait", _LONG), ("wait", 0.1), ("wait", 0.2)]
    found = _collect(executor.map(work, _name(contents, limit=5.0)))
    assert found["task 0"].error, "a task that takes longer than its limit does not fail"
    assert [found[f"task {i}"].result for i in (1, 2)] == [0.1, 0.2], "and others fail with it"
    found = _collect(executor.map(work, _name([("wait", _LONG)]), seconds=2.0))
    assert not found, "what is not finished when the time is over has an outcome"
    assert time.monotonic() - begun < _LONG / 2, "what takes too long is waited for"
    found = _collect(executor.map(work, _name([("add", 1)])))
    assert len(found) == 1, "no work can be done after the time was over"


def _check_losses(executor: Executor, folder: Path | None) -> None:
    contents: list[tuple[str, Any]] = [("always die", 0), *[("add", i) for i in range(4)]]
    if folder is not None:
        contents.append(("die", str(folder / "mark")))
    found = _collect(executor.map(work, _name(contents)))
    assert found["task 0"].error, "a task that keeps losing its worker does not fail"
    assert all(not found[f"task {i}"].error for i in range(1, 5)), "another task fails with it"
    if folder is not None:
        assert not found["task 5"].error, "what a lost worker was doing is not done again"
