"""The command that checks synthetic annotated text: ``suffice experiment synthetic``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from suffice import __version__
from suffice.applications.synthetic import tables
from suffice.applications.synthetic.closeness import compare_pair
from suffice.applications.synthetic.corpora import pair_corpora
from suffice.applications.synthetic.design import LEAST_RUNS, RUNS
from suffice.applications.synthetic.examples import examples
from suffice.applications.synthetic.page import FILE, render
from suffice.applications.synthetic.result import SyntheticCheck
from suffice.applications.synthetic.worth import WorthSettings, estimate_worth, train_sets
from suffice.cli import options, show
from suffice.cli.reading import ReadingOptions, SyntheticFormat, SyntheticLabels, reads
from suffice.report.page import write
from suffice.wording.numbers import counted


@reads()
def synthetic(
    real: Annotated[
        Path, typer.Argument(metavar="REAL", help="Real annotated text: a file or a folder.")
    ],
    made: Annotated[
        Path,
        typer.Argument(metavar="SYNTHETIC", help="Synthetic annotated text, with the same labels."),
    ],
    closeness_only: Annotated[
        bool,
        typer.Option("--closeness-only", help="Only measure how close it is; train no models."),
    ] = False,
    runs: Annotated[
        int, typer.Option("--runs", min=LEAST_RUNS, help="Models to train on mixed training sets.")
    ] = RUNS,
    at_most: Annotated[
        int | None,
        typer.Option(
            "--at-most",
            min=20,
            metavar="DOCUMENTS",
            help="Real documents that training and scoring use, drawn at random.",
            show_default="all",
        ),
    ] = None,
    study: Annotated[
        Path | None,
        options.study_option(
            "Folder of the runs; naming an existing one continues them.",
            "REAL.synthetic next to the real text",
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="FILE",
            help="The HTML page to write.",
            show_default=f"{FILE} in the runs' folder, or REAL.closeness.html",
        ),
    ] = None,
    learner: options.Learner = "probe",
    option: options.LearnerOption = None,
    backbone: options.Backbone = None,
    with_examples: Annotated[
        bool,
        typer.Option(
            "--with-examples",
            help="Also show text: typical words, shared entity strings, ids of repeated documents.",
        ),
    ] = False,
    seed: options.Seed = 0,
    synthetic_labels: SyntheticLabels = None,
    synthetic_format: SyntheticFormat = None,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Measure how close synthetic text is to real text, and how much real text it replaces."""
    own = reading.of_synthetic(synthetic_labels, synthetic_format)
    ours = reading.corpus(real).with_sentences(reading.sentences)
    theirs = own.corpus(made).with_sentences(own.sentences)
    both = pair_corpora(ours, theirs)
    wanted = options.learner_spec(learner, option, backbone)
    folder = study or options.study_folder(real).with_suffix(".synthetic")
    interrupted, value = False, None
    if not closeness_only:
        settings = WorthSettings(wanted, runs, at_most, seed)
        interrupted = show.run_interruptibly(
            lambda listener: train_sets(folder, both, settings, listener=listener), quiet=as_json
        )
        value = estimate_worth(folder, both, settings)
    found = SyntheticCheck(compare_pair(both, ours, theirs, seed=seed), value)
    if with_examples:
        found = replace(found, examples=examples(both))
    path = page or (folder.with_suffix(".closeness.html") if closeness_only else folder / FILE)
    write(path, render(found, __version__), mode=0o600 if with_examples else None)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _print(found, path, (*ours.notes, *theirs.notes))
    if interrupted:
        raise typer.Exit(130)


def _print(found: SyntheticCheck, path: Path, notes: tuple[str, ...]) -> None:
    out = show.console()
    out.print()
    c, w = found.closeness, found.worth
    out.print(Text(c._title(), style="bold cyan"))
    for size in (c.real, c.synthetic):
        out.print(
            f"{size.name}: {counted(size.documents, 'document')}, "
            f"{counted(size.sentences, 'sentence')}, "
            f"{counted(size.entities, 'entity')}",
            markup=False,
        )
    if w is not None:
        out.print()
        out.print(Text(w.sentences[0], style="bold"))
        for sentence in w.sentences[1:]:
            out.print(Text(sentence))
        show.print_table(tables.rates(w))
    out.print()
    out.print(Text(c.sentence, style="bold" if w is None else ""))
    for table in (
        tables.tabulate_classifier(c),
        tables.compared(c),
        tables.distances(c),
        tables.overlaps(c),
        tables.copies(c),
    ):
        show.print_table(table)
    if found.examples is not None:
        e = found.examples
        _lines(out, "Words typical of real text", e.real_words)
        _lines(out, "Words typical of synthetic text", e.synthetic_words)
        _lines(out, "Entity strings of both corpora", e.shared_strings)
        _lines(out, "Repeats", tuple(f"{a} repeats {b}" for a, b in e.repeated))
    _lines(out, "Keep in mind", found._caveats())
    _lines(out, "While reading", notes)
    out.print(f"\nPage: {path}", markup=False, soft_wrap=True)


def _lines(out: Console, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        out.print(f"\n[bold]{title}[/bold]")
        for line in lines:
            out.print(Padding(Text(f"- {line}"), (0, 0, 0, 2)))
