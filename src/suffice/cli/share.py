"""Commands that pass results on: ``suffice report`` and ``suffice export``."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from suffice.analysis.rows import rows
from suffice.api.study import Study
from suffice.atomic import replace
from suffice.cli import options, show
from suffice.errors import InputError
from suffice.report.study import write_report
from suffice.runs.folder import LOCK
from suffice.runs.ledger import FILE as LEDGER
from suffice.study.spec import FILE
from suffice.wording.numbers import counted


def report(
    study: options.StudyPath,
    target: options.Target = None,
    target_f1: options.TargetF1 = None,
    seconds_per_sentence: options.Seconds = "10-30",
    hourly_rate: options.Rate = None,
) -> None:
    """Write the report of a finished or running study: one page, without text of documents."""
    answer = options.Answering(target, target_f1, seconds_per_sentence, hourly_rate)
    with Study.open(options.existing_study(study)) as opened:
        path = write_report(opened, opened.answer(**answer.arguments()))
    show.console().print(f"Report: {path}", markup=False, soft_wrap=True)


def export(
    study: options.StudyPath,
    target: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="Table to write; - for standard output.")
    ],
) -> None:
    """Write a table with one row per run, without text or document ids."""
    to_stdout = str(target) == "-"
    if target.is_dir() and not to_stdout:
        raise InputError(f"{target} is a folder", remedy="name the file to write")
    options.writable(target)
    if target.is_file() and target.name in (FILE, LEDGER, LOCK):
        raise InputError(f"{target} is part of a study", remedy="name another file to write")
    with Study.open(options.existing_study(study)) as opened:
        lines = rows(opened.table())
    if not lines:
        raise InputError(f"no run has finished in {study}", remedy="go on with `suffice run`")
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    if to_stdout:
        typer.echo(text.getvalue(), nl=False)
        return
    replace(target, text.getvalue().encode())
    show.console().print(f"{target}: {counted(len(lines), 'run')}", markup=False, soft_wrap=True)
