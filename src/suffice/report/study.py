"""Writes a study's report into its folder."""

from __future__ import annotations

from pathlib import Path

from suffice import __version__
from suffice.advice.result import Advice
from suffice.report.page import render, write
from suffice.study.study import StoredStudy

FILE = "report.html"


def write_report(study: StoredStudy, advice: Advice) -> Path:
    """Write the report of a study next to its ledger.

    Parameters
    ----------
    study : Study
        Opened or created.
    advice : Advice
        The answer that the report explains.

    Returns
    -------
    Path
        Of the page.
    """
    path = study.folder / FILE
    write(path, render(advice, study.table(), __version__, spec=study.spec))
    return path
