"""A table of text cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"[−+±<>=]?[\d.,]+( %)?|n/a|")


@dataclass(frozen=True)
class Table:
    """A table of text cells; the first column names the row.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : tuple of str
        Their heads.
    rows : tuple of tuples of str
        As many cells each as there are columns.
    numeric : bool
        Whether all columns but the first are numbers.
    note : str
        Below the table.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: bool = True
    note: str = ""

    @property
    def right(self) -> tuple[bool, ...]:
        """Return which columns hold single numbers, to be set flush right."""
        return tuple(
            k > 0 and all(_SINGLE.fullmatch(row[k]) for row in self.rows)
            for k in range(len(self.columns))
        )
