"""Commands about a study: ``suffice run``, ``suffice status``, ``suffice purge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from suffice.analysis.analyse import check_label
from suffice.api.study import Study
from suffice.cli import options, show
from suffice.cli.reading import CorpusFiles, ReadingOptions, reads
from suffice.report.study import write_report
from suffice.study import trainings
from suffice.study.making import limits, study_spec, time_of
from suffice.study.spec import FOLDS, is_experiment
from suffice.wording.numbers import counted, duration


@reads()
def run(
    files: CorpusFiles,
    target: options.Target = None,
    target_f1: options.TargetF1 = None,
    study: Annotated[
        Path | None,
        options.study_option(
            "Folder of the study; naming an existing one continues that study.",
            "CORPUS.suffice next to the corpus",
        ),
    ] = None,
    budget: Annotated[
        str,
        typer.Option(
            "--budget",
            metavar="TIME",
            help="Total time, over all sessions, e.g. 90s, 10m or 1h30m.",
        ),
    ] = "10m",
    runs: Annotated[
        int | None,
        typer.Option(
            "--runs",
            min=1,
            help="Number of models to train, instead of a time budget.",
        ),
    ] = None,
    learner: Annotated[
        str, typer.Option("--learner", metavar="NAME", help="The learner to study.")
    ] = "probe",
    option: options.LearnerOption = None,
    backbone: options.Backbone = None,
    screen: Annotated[
        str,
        typer.Option(
            "--screen",
            metavar="NAME",
            help="A cheaper learner for the whole design; --learner is then trained on a few "
            "dozen of its training sets. Replaces --confirm.",
        ),
    ] = "none",
    confirm: Annotated[
        str,
        typer.Option(
            "--confirm", metavar="NAME", help="Learner to compare with; 'none' for no comparison."
        ),
    ] = "finetune",
    pairs: Annotated[
        int | None,
        typer.Option(
            "--pairs",
            min=0,
            help="Number of training sets on which both learners are trained.",
            show_default="what the budget allows; with --runs none, or 24 with --screen",
        ),
    ] = None,
    run_limit: Annotated[
        str | None,
        typer.Option(
            "--run-limit",
            metavar="TIME",
            help="Stop a training that takes longer than this; it counts as failed.",
            show_default="20 times what is expected",
        ),
    ] = None,
    design: Annotated[
        str,
        typer.Option(
            "--design",
            metavar="NAME",
            help="How training-set sizes are chosen: adaptive, paper, log or equal.",
        ),
    ] = "adaptive",
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            help="Random seed for the split, the samples and training.",
            show_default="0",
        ),
    ] = None,
    evaluation: Annotated[
        list[Path] | None,
        typer.Option(
            "--evaluation",
            metavar="FILE",
            help="Your own test set, a file or folder; can be repeated. All models are scored on "
            "it and trained on documents of the corpus alone, without folds.",
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            "--folds",
            metavar="K",
            min=0,
            help="Number of folds that rotate: each model is scored on one of them and trained on "
            "the others. 0 for one evaluation set.",
            show_default=str(FOLDS),
        ),
    ] = None,
    evaluation_share: Annotated[
        float | None,
        typer.Option(
            "--evaluation-share",
            metavar="SHARE",
            help="Hold out one evaluation set with this share of the documents, without folds.",
            show_default="with --folds 0: 0.3",
        ),
    ] = None,
    seconds_per_sentence: options.Seconds = "10-30",
    hourly_rate: options.Rate = None,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Find out whether a corpus is enough, and how many more sentences a target takes."""
    answer = options.Answering(target, target_f1, seconds_per_sentence, hourly_rate)
    folder = study or options.study_folder(files[0])
    allowed = _seconds(budget)
    spec = study_spec(
        reading.spec(files),
        learner=learner,
        options=options.settings_of(learner, option),
        backbone=backbone,
        screen=screen,
        confirm=confirm,
        design=design,
        seed=seed,
        folds=folds,
        evaluation=evaluation,
        evaluation_share=evaluation_share,
        pairs=pairs,
        run_limit=None if run_limit is None else _seconds(run_limit, "run_limit"),
        **limits(allowed, runs),
    )
    with Study.create(folder, spec, check=lambda t: check_label(t, answer.measure)) as made:
        show.print_own_split(() if made.spec.evaluation else files, made.corpus)
        interrupted = show.run_study(made, quiet=as_json)
        found = made.answer(**answer.arguments())
        path = write_report(made, found)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        show.print_advice(found, path)
    if interrupted:
        raise typer.Exit(130)


def status(study: options.StudyPath) -> None:
    """Show a study's progress, and which of its files could reveal text."""
    with Study.open(options.existing_study(study)) as opened:
        table = opened.table()
        out = show.console()
        out.print(f"Study: {opened.folder}", markup=False, soft_wrap=True)
        stopped = {
            None: "running, or cut off",
            "budget": "finished: its budget is spent",
            "enough": "finished: more runs would say little",
            "runs": "finished: all runs that were asked for",
        }[opened.ledger.meta("stopped")]
        spent = float(opened.ledger.meta("spent") or 0)
        out.print(f"State: {stopped}; {duration(spent)} so far")
        for identity, name in table.names.items():
            done, failed = len(table.of_learner(identity)), table.failed(identity).total()
            line = f"{name}: {counted(done, 'run')}"
            out.print(f"  {line}, {failed} failed" if failed else f"  {line}", markup=False)
        if table.invalid:
            out.print(f"  {counted(table.invalid, 'run')} of an earlier state of the corpus")
        _tell_private(opened, out)


def _tell_private(study: Study, out: Console) -> None:
    """Say which files of a study could reveal text, and what deletes which of them."""
    size, models = study.cache_size(), study.models()
    cache = f"{size / 1e6:,.1f} MB in {study.cache} (the cache)"
    out.print(
        f"Files that could reveal text: {cache if size else 'no cache'}",
        markup=False,
        soft_wrap=True,
    )
    for model in models:
        out.print(f"  and a model that was trained on it: {model}", markup=False, soft_wrap=True)
    kept = "the ledger and the report stay."
    if size and models:
        out.print(
            f"`suffice purge` deletes the cache, `suffice purge --models` the models, too; {kept}"
        )
    elif size:
        out.print(f"`suffice purge` deletes the cache; {kept}")
    elif models:
        out.print(
            f"`suffice purge --models` deletes {'it' if len(models) == 1 else 'them'}; {kept}"
        )


def purge(
    study: options.StudyPath,
    models: Annotated[
        bool, typer.Option("--models", help="Also delete the models kept in the folder.")
    ] = False,
) -> None:
    """Delete the files of a study that could reveal text: caches of encoded documents."""
    if is_experiment(study):
        freed = trainings.purge(study)
    else:
        with Study.open(options.existing_study(study)) as opened:
            freed = opened.purge(models=models)
    show.console().print(f"Deleted {freed / 1e6:,.0f} MB; the ledger and the report stay.")


def _seconds(text: str, name: str = "budget") -> float:
    found = time_of(text, name)
    if text.strip().replace(".", "", 1).isdigit():
        show.console(stderr=True).print(
            f"Note: --{name.replace('_', '-')} {text.strip()} means {duration(found)}; write "
            f"{text.strip()}m for minutes",
            markup=False,
        )
    return found
