"""Commands of applications and of other packages, found through entry points.

An entry point in the group ``suffice.commands`` has the command's name and refers to a `Plugin`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import typer

from suffice.errors import InputError
from suffice.optional import MissingPackageError, plugin_needs

GROUP = "suffice.commands"


@dataclass(frozen=True)
class Plugin:
    """A command, or a group of commands, and where ``suffice --help`` shows it.

    Parameters
    ----------
    panel : str
        The heading that it is shown under; one of its own comes last.
    command : callable or typer.Typer
        As `typer.Typer.command` takes it, or a group of such commands.
    """

    panel: str
    command: Callable[..., None] | typer.Typer


def load_plugins() -> dict[str, Plugin]:
    """Return the installed commands by their names, sorted.

    A command whose packages are not installed is there, too: calling it says what it needs, and
    no other command is affected.
    """
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: _load(point) for point in points}


def _load(point: EntryPoint) -> Plugin:
    try:
        with plugin_needs(f"the command {point.name!r}", point):
            loaded = point.load()
    except MissingPackageError as error:
        return Plugin("Not installed", _refusal(error))
    if not isinstance(loaded, Plugin):
        return Plugin(
            "Not installed", _refusal(InputError(f"the entry point {point.name!r} is no command"))
        )
    return loaded


def _refusal(error: InputError) -> Callable[..., None]:
    def refuse() -> None:
        raise error

    refuse.__doc__ = f"Cannot be used: {error.problem}."
    return refuse
