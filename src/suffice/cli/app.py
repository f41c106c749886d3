"""The command line: parse, call the API, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from suffice.cli import (
    analyse,
    annotation,
    answer,
    corpus,
    density,
    models,
    share,
    study,
)
from suffice.cli.commands import CliCommand, CliGroup
from suffice.cli.plugins import load_plugins
from suffice.cli.wording import as_options
from suffice.errors import InputError
from suffice.optional import explain

app = typer.Typer(
    name="suffice",
    no_args_is_help=True,
    add_completion=False,
    cls=CliGroup,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="How many annotated sentences suffice? Point it at a corpus with annotated entities: it "
    "trains many models on many samples of it and says, with honest uncertainty, whether this is "
    "enough and how many more sentences a target takes.",
    epilog="Begin with: suffice run CORPUS --target-f1 0.85",
)

_COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    "Corpus": (corpus.inspect, corpus.convert, corpus.example),
    "Annotation": (annotation.agreement, annotation.reconcile, density.density, density.sample),
    "Study": (study.run, study.status, study.purge),
    "Answer": (answer.advise, analyse.analyse),
    "Paper": (),
    "Model": (models.keep, models.tag, models.compare),
    "Share": (share.report, share.export),
}
"""Our own commands, in the panels and the order that ``suffice --help`` shows."""


def _add_commands() -> None:
    """Add our own commands and those of plug-ins, panel by panel."""
    plugins = load_plugins()
    for panel in dict.fromkeys([*_COMMANDS, *(plugin.panel for plugin in plugins.values())]):
        for command in _COMMANDS.get(panel, ()):
            app.command(rich_help_panel=panel, cls=CliCommand)(command)
        for name, plugin in plugins.items():
            if plugin.panel != panel:
                continue
            if isinstance(plugin.command, typer.Typer):
                app.add_typer(plugin.command, name=name, rich_help_panel=panel)
            else:
                app.command(name, rich_help_panel=panel, cls=CliCommand)(plugin.command)


_add_commands()


def _version(asked: bool) -> None:
    if asked:
        from suffice import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    pass


def main() -> None:
    """Run the command line: bad input is one line and exit code 2, our own errors a traceback."""
    try:
        app()
    except InputError as error:
        _refuse(error)
    except ImportError as error:
        told = explain(error)
        if told is None:
            raise
        _refuse(told)


def _refuse(error: InputError) -> NoReturn:
    print(f"suffice: {as_options(str(error))}", file=sys.stderr)  # noqa: T201
    raise SystemExit(2) from None
