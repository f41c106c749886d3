"""The commands ``suffice experiment ...``: trainings that answer one question."""

from __future__ import annotations

import typer

from suffice.applications.density.command import density
from suffice.applications.synthetic.command import synthetic
from suffice.cli.commands import Command, Group
from suffice.cli.plugins import Plugin

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Experiments with purpose-built training sets."
)
app.command(cls=Command)(density)
app.command(cls=Command)(synthetic)

PLUGIN = Plugin("Study", app)
