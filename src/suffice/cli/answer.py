"""The command that answers: ``suffice advise``."""

from __future__ import annotations

import typer

from suffice.api.study import Study
from suffice.cli import options, show


def advise(
    study: options.StudyPath,
    target: options.Target = None,
    target_f1: options.TargetF1 = None,
    seconds_per_sentence: options.Seconds = "10-30",
    hourly_rate: options.Rate = None,
    as_json: options.AsJson = False,
) -> None:
    """Answer from the finished runs, without training anything."""
    answer = options.Answering(target, target_f1, seconds_per_sentence, hourly_rate)
    with Study.open(options.existing_study(study)) as opened:
        found = opened.answer(**answer.arguments())
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        show.print_advice(found, None)
