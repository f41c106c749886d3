"""The command that makes the paper's study: ``suffice reproduce``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from suffice import __version__
from suffice.applications.paper import tables
from suffice.applications.paper.page import FILE, render
from suffice.applications.paper.reproduce import EXAMPLE, Strata, prepare, results
from suffice.applications.paper.result import Reproduction
from suffice.cli import options, show
from suffice.cli.plugins import Plugin
from suffice.cli.reading import ReadingOptions, reads
from suffice.report.page import write

_TOLD = ("hinge form", "range", "EPS threshold", "independence", "selection")
"""What the terminal says of the paper's inconsistencies; the page has them all."""


@reads()
def reproduce(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="CORPUS",
            help="Annotated text, one document per statement. Default: the bundled synthetic "
            "disclosures.",
        ),
    ] = None,
    scale: Annotated[
        float,
        typer.Option(
            "--scale", metavar="SHARE", help="Share of the 2,500 training sets, e.g. .1 for 250."
        ),
    ] = 1.0,
    strata: Annotated[
        Strata,
        typer.Option(
            "--strata",
            help="Sizes: the paper's, up to 200 documents, or the same shares of a larger pool.",
        ),
    ] = "paper",
    study: Annotated[
        Path | None,
        options.study_option(
            "Folder of the study; naming an existing one continues that study.",
            "CORPUS.paper next to the corpus",
        ),
    ] = None,
    learner: options.Learner = "probe",
    option: options.LearnerOption = None,
    backbone: options.Backbone = None,
    annotators: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--annotators",
            metavar="A B",
            help="Two annotators' files, for the tables of agreement.",
            show_default="those in the corpus",
        ),
    ] = None,
    seed: options.Seed = 0,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Repeat the paper's study on your corpus and compare its tables with the published ones."""
    if not files:
        reading.need_none()
    corpus = reading.spec(files) if files else None
    folder = study or options.study_folder(files[0] if files else Path(EXAMPLE)).with_suffix(
        ".paper"
    )
    both = [reading.corpus(path) for path in annotators or ()]
    wanted = options.learner_spec(learner, option, backbone)
    with prepare(folder, corpus, learner=wanted, scale=scale, strata=strata, seed=seed) as made:
        interrupted = show.run_study(made, quiet=as_json)
        found = results(made, annotators=both)
    path = folder / FILE
    write(path, render(found, __version__))
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _print(found, path)
    if interrupted:
        raise typer.Exit(130)


def _print(found: Reproduction, path: Path) -> None:
    out = show.console()
    out.print()
    out.print(Text(found._title(), style="bold cyan"))
    shown = [
        tables.features(found),
        tables.f1(found),
        tables.regression(found),
        tables.entities(found),
        tables.thresholds(found),
        tables.agreement(found.agreement) if found.agreement else None,
    ]
    for table in shown:
        if table is not None:
            show.print_table(table)
    for finding in found.findings:
        if finding.id in _TOLD:
            out.print()
            out.print(Text(f"{finding.id[:1].upper()}{finding.id[1:]}", style="bold"))
            out.print(Padding(Text(finding.text), (0, 0, 0, 2)))
    out.print()
    out.print(Text("Published sizes", style="bold"))
    out.print(Padding(Text(found.context[0].sentence), (0, 0, 0, 2)))
    show.print_ending(found.caveats, path)


PLUGIN = Plugin("Paper", reproduce)
