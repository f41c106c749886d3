"""The commands ``suffice experiment ...``: trainings that answer one question."""

from __future__ import annotations

import typer

from suffice.cli import experiment_density, experiment_synthetic
from suffice.cli.commands import Command, Group

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Experiments with purpose-built training sets."
)
app.command(cls=Command)(experiment_density.density)
app.command(cls=Command)(experiment_synthetic.synthetic)
