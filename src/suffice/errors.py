"""Errors that are the user's to mend: one clear line, no traceback, exit code 2.

Everything else that goes wrong is ours, and keeps its traceback.
"""

from __future__ import annotations


class InputError(Exception):
    """Something the user gave cannot be used; the message is one line that says what to do.

    Parameters
    ----------
    problem : str
        What is wrong, without a final full stop.
    remedy : str, optional
        What to do about it.
    where : str, optional
        The file, and the line or record, as ``"notes.jsonl, line 3"``.
    """

    def __init__(self, problem: str, *, remedy: str = "", where: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        self.where = where
        super().__init__(str(self))

    def __str__(self) -> str:
        line = f"{self.where}: {self.problem}" if self.where else self.problem
        if self.remedy:
            line = f"{line}; {self.remedy}"
        return " ".join(line.split())


class CorpusError(InputError):
    """A file or record cannot be read as annotated text."""


class StudyError(InputError):
    """A study cannot be made, opened or continued."""


class TooSmallError(StudyError):
    """The corpus is too small for the question; the message says what it needs at least."""
