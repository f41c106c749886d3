"""Runs that fail: when work is given up, and what the user is told."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.errors import StudyError
from suffice.runs.store import RunRow


def find_user_error(error: str) -> str:
    """Return the line about what the user can mend, in a run's error; empty where it is ours."""
    kind, _, line = error.partition("\n")[0].partition(": ")
    return line if kind == "InputError" else ""


def raise_if_all_failed(rows: Sequence[RunRow], name: str) -> None:
    """Stop where a learner cannot work at all.

    Parameters
    ----------
    rows : sequence of RunRow
        The learner's runs so far.
    name : str
        What the learner is called.

    Raises
    ------
    StudyError
        All failed by what the user can mend.
    RuntimeError
        All failed otherwise; the last place in the code is quoted.
    """
    if not rows or any(r.status == "ok" for r in rows):
        return
    errors = [r.error for r in rows if r.error]
    if errors:
        if line := find_user_error(errors[-1]):
            raise StudyError(f"all runs failed; the last one: {line}")
        raise RuntimeError(f"all runs failed; the last one:\n{errors[-1]}")
    raise StudyError(
        f"all trainings of the learner {name!r} diverged or learnt nothing",
        remedy="try other options for it, above all a lower learning rate",
    )
