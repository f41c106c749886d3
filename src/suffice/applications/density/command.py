"""The command of the density experiment: ``suffice experiment density``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from suffice import __version__
from suffice.applications.density import tables
from suffice.applications.density.experiment import LEAST_RUNS, RUNS, prepare
from suffice.applications.density.page import FILE, not_fitted, render
from suffice.applications.density.result import DensityExperiment, sentences
from suffice.cli import options, show
from suffice.cli.reading import ReadingOptions, SyntheticFormat, SyntheticLabels, reads
from suffice.corpus.examples import load_example
from suffice.report.page import write

_EXAMPLE = "disclosures"
_FORMS = ("upperhinge", "segmented")
"""What the terminal shows of the forms of a threshold; the page has them all."""


@reads()
def density(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="CORPUS",
            help="Annotated text. Default: the bundled synthetic disclosures.",
        ),
    ] = None,
    synthetic: Annotated[
        Path | None,
        typer.Option(
            "--synthetic",
            metavar="FILE",
            help="Synthetic annotated text with the same labels, which replaces half of some "
            "training sets.",
        ),
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", min=LEAST_RUNS, help="Training sets, each trained once.")
    ] = RUNS,
    study: Annotated[
        Path | None,
        options.study_option(
            "Folder of the experiment; naming an existing one continues it.",
            "CORPUS.density next to the corpus",
        ),
    ] = None,
    learner: options.Learner = "probe",
    option: options.LearnerOption = None,
    backbone: options.Backbone = None,
    seed: Annotated[
        int,
        typer.Option(
            "--seed", min=0, help="Random seed for the split, the training sets and training."
        ),
    ] = 0,
    synthetic_labels: SyntheticLabels = None,
    synthetic_format: SyntheticFormat = None,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Measure the effect of sparser or denser training text, at equal size."""
    if files:
        corpus = reading.corpus(*files).with_sentences(reading.sentences)
    else:
        reading.need_none()
        corpus = load_example(_EXAMPLE)
    made_up = None
    if synthetic is not None:
        own = reading.of_synthetic(synthetic_labels, synthetic_format)
        made_up = own.corpus(synthetic).with_sentences(own.sentences)
    made = prepare(
        study
        or options.study_folder(files[0] if files else Path(_EXAMPLE)).with_suffix(".density"),
        corpus,
        synthetic=made_up,
        learner=options.learner_spec(learner, option, backbone),
        runs=runs,
        seed=seed,
    )
    stopped = show.run_interruptibly(made.run, quiet=as_json)
    found = made.results()
    path = made.folder / FILE
    write(path, render(found, __version__))
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _print(found, path)
    if stopped:
        raise typer.Exit(130)


def _print(found: DensityExperiment, path: Path) -> None:
    out = show.console()
    out.print()
    out.print(Text(found._title(), style="bold cyan"))
    for line in sentences(found):
        out.print(Text(line))
    for table in (
        tables.effects(found),
        tables.checks(found),
        tables.sets(found),
        tables.thresholds(found, _FORMS),
    ):
        if table is not None:
            show.print_table(table)
    show.print_ending((*found.caveats, *not_fitted(found)), path)
