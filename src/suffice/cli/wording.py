"""What the library's messages are on the command line: arguments become options.

The library names an argument in backquotes; whoever typed the command wrote an option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_OTHERS = {
    "n_runs": "--runs",
    "folder": "--study",
    "options": "--option",
    "run": "`suffice run`",
    "create_study": "`suffice run CORPUS`",
    "load_study": "`suffice status`",
}
"""What has another name here than in Python."""


def as_options(message: str) -> str:
    """Write a message of the library as the command line says it.

    Examples
    --------
    >>> as_options("leave `evaluation_share` as it was, or start another study with `folder`")
    'leave --evaluation-share as it was, or start another study with --study'
    >>> as_options("use it in a `with` statement")
    'use it in a `with` statement'
    """
    return re.sub(r"`([a-z_0-9]+)`", _written, message)


def _written(match: re.Match[str]) -> str:
    name = match[1]
    if name in _OTHERS:
        return _OTHERS[name]
    option = f"--{name.replace('_', '-')}"
    return option if option in _options() else match[0]


@cache
def _options() -> frozenset[str]:
    """Return every option that any command has."""
    from typer.main import get_command

    from suffice.cli.app import app

    return frozenset(_of(get_command(app)))


def _of(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
    for inner in getattr(command, "commands", {}).values():
        yield from _of(inner)
