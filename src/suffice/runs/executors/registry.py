"""Executors by name, found through the entry points ``suffice.executors``."""

from __future__ import annotations

from importlib.metadata import entry_points

from suffice.errors import InputError
from suffice.optional import plugin_needs
from suffice.runs.executors.base import Executor
from suffice.runs.executors.local import LocalExecutor

GROUP = "suffice.executors"
DEFAULT = "local"


def list_executors() -> tuple[str, ...]:
    """Return the names of all installed executors, sorted."""
    return tuple(sorted({DEFAULT, *(entry.name for entry in entry_points(group=GROUP))}))


def find_executor(executor: Executor | str | None = None) -> Executor:
    """Return an executor: the one given, the one of this name, or this machine's processes.

    Parameters
    ----------
    executor : Executor or str, optional
        A name is that of an entry point in the group ``suffice.executors``, which is called
        without arguments.

    Raises
    ------
    InputError
        No executor has the name, or it needs something that is not installed.
    """
    if isinstance(executor, Executor):
        return executor
    if executor is None or executor == DEFAULT:
        return LocalExecutor()
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if executor not in found:
        raise InputError(
            f"there is no executor named {executor!r}",
            remedy=f"the installed ones are: {', '.join(list_executors())}",
        )
    with plugin_needs(f"the executor {executor!r}", found[executor]):
        made = found[executor].load()()
    if not isinstance(made, Executor):
        raise InputError(f"the entry point {executor!r} of {GROUP} is not an Executor")
    return made
