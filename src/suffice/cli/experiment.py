"""The commands ``suffice experiment ...``: trainings that answer one question."""

from __future__ import annotations

import typer

from suffice.cli import experiment_density, experiment_synthetic

app = typer.Typer(no_args_is_help=True, help="Trainings that answer one question about a corpus.")
app.command()(experiment_density.density)
app.command()(experiment_synthetic.synthetic)
