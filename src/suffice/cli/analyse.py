"""The command that analyses a table of runs: ``suffice analyse FILE.csv``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from suffice.atomic import replace
from suffice.cli import options, show, show_analysis
from suffice.errors import InputError


def _column(help: str, metavar: str = "COLUMN") -> Any:
    return typer.Option(rich_help_panel="Which columns", metavar=metavar, help=help)


def analyse(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="One row per run: sentences and f1 and, if known, eps, entities, learner, "
            "counts; written by `suffice export` or by any other system.",
        ),
    ],
    response: Annotated[
        str | None, _column("Analyse this column instead of F1; needs --predictor.")
    ] = None,
    predictor: Annotated[
        str | None, _column("The column in which to look for a threshold.")
    ] = None,
    covariate: Annotated[list[str] | None, _column("A further predictor; can be repeated.")] = None,
    learner: Annotated[str | None, _column("Only this learner (column `learner`).", "NAME")] = None,
    pool: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Number of documents from which training sets were drawn: errors then account "
            "for the documents that sets share (needs a column `documents`).",
        ),
    ] = None,
    target_f1: Annotated[
        float | None,
        typer.Option(
            "--target-f1",
            metavar="F1",
            help="Estimate from the learning curves how many sentences this F1 takes.",
        ),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write the figures here, as SVG files."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Random seed for the resampling.")] = 0,
    as_json: options.AsJson = False,
) -> None:
    """Analyse a table of runs: regression, thresholds, smooth curve, learning curves."""
    from suffice.analysis.run_table import analyse_table

    if figures is not None and figures.exists() and not figures.is_dir():
        raise InputError(f"{figures} is a file", remedy="name a folder for the figures")
    found = analyse_table(
        file,
        response=response,
        predictor=predictor,
        covariates=covariate or (),
        learner=learner,
        pool=pool,
        target_f1=target_f1,
        seed=seed,
    )
    written = []
    if figures is not None:
        from suffice.report.run_table import draw_table_analysis

        figures.mkdir(parents=True, exist_ok=True)
        for name, drawing in draw_table_analysis(found).items():
            replace(figures / f"{name}.svg", drawing.encode())
            written.append(name)
    if as_json:
        typer.echo(found.to_json(indent=2))
        return
    show_analysis.print_table_analysis(found)
    if written:
        show.console().print(
            f"Figures: {figures} ({len(written)} SVG files)", markup=False, soft_wrap=True
        )
