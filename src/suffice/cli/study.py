"""Commands about a study: ``suffice run``, ``suffice status``, ``suffice purge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suffice.advice import advise as advising
from suffice.advice.words import counted, duration
from suffice.analysis.analyse import analyse, check_label
from suffice.cli import options, show
from suffice.cli.reading import CorpusFiles, Reading, reads
from suffice.errors import InputError
from suffice.report.on_study import report_on
from suffice.study import trainings
from suffice.study.executors.local import workers
from suffice.study.spec import StudySpec, is_experiment, seconds
from suffice.study.study import Study

ENCODING_SHARE = 0.25
TOKENS_PER_SECOND = 1000
"""What a core encodes at the least; a budget leaves a quarter of its time for that."""


@reads()
def run(
    files: CorpusFiles,
    target: options.Target = None,
    target_f1: options.TargetF1 = None,
    study: Annotated[
        Path | None,
        typer.Option(
            "--study",
            metavar="DIR",
            help="The study's folder; the same folder goes on with the same study.",
            show_default="CORPUS.suffice beside the corpus",
        ),
    ] = None,
    budget: Annotated[
        str,
        typer.Option(
            "--budget", metavar="TIME", help="Time for all sessions together: 90s, 10m, 1h30m."
        ),
    ] = "10m",
    runs: Annotated[
        int | None,
        typer.Option(
            "--runs", min=1, help="Train so many models in place of a budget.", show_default=False
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
            "dozen of its training sets. Takes the place of --confirm.",
        ),
    ] = "none",
    confirm: Annotated[
        str,
        typer.Option(
            "--confirm", metavar="NAME", help="The learner to compare it with; 'none' for no other."
        ),
    ] = "finetune",
    pairs: Annotated[
        int | None,
        typer.Option(
            "--pairs",
            min=0,
            help="Training sets that both are trained on.",
            show_default="what the budget allows; with --runs none, or 24 with --screen",
        ),
    ] = None,
    run_limit: Annotated[
        str | None,
        typer.Option(
            "--run-limit",
            metavar="TIME",
            help="End a training that takes longer; it counts as failed.",
            show_default="20 times what is expected",
        ),
    ] = None,
    design: Annotated[
        str,
        typer.Option(
            "--design", metavar="NAME", help="Where runs are placed: adaptive, paper, log, equal."
        ),
    ] = "adaptive",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of split, samples and runs.")] = 0,
    evaluation_share: Annotated[
        float,
        typer.Option("--evaluation-share", metavar="SHARE", help="Documents held out to score on."),
    ] = 0.3,
    folds: Annotated[
        int | None,
        typer.Option(
            "--folds",
            min=0,
            help="Folds in place of one evaluation set; 0 for none.",
            show_default="5 below 200 documents",
        ),
    ] = None,
    seconds_per_sentence: options.Seconds = "10-30",
    hourly_rate: options.Rate = None,
    *,
    reading: Reading,
    as_json: options.AsJson = False,
) -> None:
    """Study a corpus: whether it is enough, and how many more sentences a target takes."""
    answer = options.Answering(target, target_f1, seconds_per_sentence, hourly_rate)
    folder = study or options.study_folder(files[0])
    spec = StudySpec(
        corpus=reading.spec(files),
        learner=options.learner_spec(learner, option, backbone),
        screen=options.confirming(screen, learner, backbone),
        confirm=None if screen != "none" else options.confirming(confirm, learner, backbone),
        design=_design(design),
        seed=seed,
        evaluation_share=_share(evaluation_share),
        folds=_folds(folds),
        budget=None if runs is not None else _seconds(budget),
        run_limit=None if run_limit is None else _seconds(run_limit, "--run-limit"),
        runs=runs,
        pairs=pairs,
        tokens=None if runs is not None else _tokens(_seconds(budget)),
    )
    with Study.create(folder, spec, check=lambda t: check_label(t, answer.measure)) as made:
        interrupted = show.interrupted(made, quiet=as_json)
        found = advising(analyse(made, measure=answer.measure), **answer.arguments())
        path = report_on(made, found)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        show.advice(found, path)
    if interrupted:
        raise typer.Exit(130)


def status(study: options.StudyPath) -> None:
    """Say how far a study is, and what in its folder could give text away."""
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
        size = opened.cache_size()
        held = f"{size / 1e6:,.0f} MB in {opened.cache}" if size else "none"
        out.print(f"Holds what could give text away: {held}", markup=False, soft_wrap=True)
        for model in opened.models():
            out.print(f"  and what was learnt from it: {model}", markup=False, soft_wrap=True)
        if size or opened.models():
            out.print("`suffice purge` deletes it; the ledger and the report stay.")


def purge(
    study: options.StudyPath,
    models: Annotated[
        bool, typer.Option("--models", help="Delete the models kept in the folder, too.")
    ] = False,
) -> None:
    """Delete what in a study's folder could give text away: caches of encoded documents."""
    if is_experiment(study):
        freed = trainings.purge(study)
    else:
        with Study.open(options.existing_study(study)) as opened:
            freed = opened.purge(models=models)
    show.console().print(f"Deleted {freed / 1e6:,.0f} MB; the ledger and the report stay.")


def _seconds(text: str, option: str = "--budget") -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise InputError(f"{option}: {error}") from error


def _tokens(budget: float) -> int:
    return max(20_000, round(ENCODING_SHARE * budget * workers() * TOKENS_PER_SECOND))


def _design(name: str) -> options.Design:
    if name not in options.DESIGNS:
        raise InputError(
            f"there is no design {name!r}", remedy=f"choose one of {', '.join(options.DESIGNS)}"
        )
    return options.DESIGNS[name]


def _share(value: float) -> float:
    if not 0 < value < 1:
        raise InputError(f"--evaluation-share must lie between 0 and 1, not {value}")
    return value


def _folds(value: int | None) -> int | None:
    if value == 1:
        raise InputError("--folds 1 leaves nothing to train on", remedy="use 0, or 2 and more")
    return value
