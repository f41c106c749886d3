"""The commands ``suffice experiment ...``: trainings that answer one question."""

from __future__ import annotations

import typer

from suffice.applications.density.command import density
from suffice.applications.synthetic.command import synthetic
from suffice.cli.commands import CliCommand, CliGroup
from suffice.cli.plugins import Plugin

app = typer.Typer(
    cls=CliGroup, no_args_is_help=True, help="Experiments with purpose-built training sets."
)
app.command(cls=CliCommand)(density)
app.command(cls=CliCommand)(synthetic)

PLUGIN = Plugin("Study", app)
