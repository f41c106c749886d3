"""A table of runs from any training system: read from a CSV file, checked, as columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from suffice.errors import InputError

INCLUSION = "in:"
"""Columns that begin like this say whether a run's training set holds a document (0 or 1)."""

_FAILED = ("failed", "diverged", "degenerate", "error", "timeout", "cancelled")
_MOST_NAMES = 12
_LEAST, _MOST = 1e-30, 1e30
"""Magnitudes of which squares and cubes of squares are still numbers."""


@dataclass(frozen=True)
class CsvTable:
    """The cells of a CSV file, as text.

    Parameters
    ----------
    name : str
        The file's, for messages.
    columns : tuple of str
        As in the first line.
    cells : tuple of tuples of str
        One tuple a row.
    lines : tuple of int
        The line of the file that each row ends on.
    """

    name: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    @classmethod
    def read(cls, path: Path) -> CsvTable:
        """Read a file; comma, semicolon or tab between cells is found out.

        Raises
        ------
        InputError
            There is no such file, it is no text, it has no header or rows, a row has another number
            of cells, or two columns have one name.
        """
        name = path.name
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            raise InputError(f"there is no file {path}") from None
        except IsADirectoryError:
            raise InputError(f"{path} is a folder", remedy="name a CSV file") from None
        except UnicodeDecodeError as error:
            raise InputError(
                "is no text in UTF-8", where=name, remedy="save the table as CSV in UTF-8"
            ) from error
        first = text.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        rows: list[tuple[str, ...]] = []
        lines: list[int] = []
        try:
            reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
            for read in reader:
                if any(cell.strip() for cell in read):
                    rows.append(tuple(cell.strip() for cell in read))
                    lines.append(reader.line_num)
        except csv.Error as error:
            raise InputError(
                f"cannot be read as CSV ({error})", where=f"{name}, line {reader.line_num}"
            ) from error
        if len(rows) < 2:
            raise InputError(
                "holds no rows" if rows else "is empty",
                where=name,
                remedy="the first line names the columns, every other is a run",
            )
        columns = rows[0]
        for row, line in zip(rows[1:], lines[1:], strict=True):
            if len(row) != len(columns):
                raise InputError(
                    f"{len(row)} cells where the first line names {len(columns)} columns",
                    where=f"{name}, line {line}",
                )
        twice = [c for c in columns if columns.count(c) > 1]
        if twice:
            raise InputError(f"two columns are named {twice[0]!r}", where=f"{name}, line 1")
        return cls(name, columns, tuple(rows[1:]), tuple(lines[1:]))

    def find(self, name: str) -> str | None:
        """Return the column of this name, in upper or lower case; None where there is none."""
        if name in self.columns:
            return name
        return next((c for c in self.columns if c.casefold() == name.casefold()), None)

    def need(self, name: str) -> str:
        """Return the column of this name.

        Raises
        ------
        InputError
            There is none.
        """
        found = self.find(name)
        if found is None:
            shown = [c for c in self.columns if not c.startswith(INCLUSION)][:_MOST_NAMES]
            raise InputError(
                f"there is no column {name!r}",
                where=self.name,
                remedy=f"its columns are {', '.join(shown)}"
                + (" ..." if len(self.columns) > len(shown) else ""),
            )
        return found

    def text(self, name: str, rows: Sequence[int]) -> list[str]:
        """Return a column as it stands."""
        place = self.columns.index(self.need(name))
        return [self.cells[row][place] for row in rows]

    def numbers(self, name: str, rows: Sequence[int]) -> NDArray[np.float64]:
        """Return a column as numbers.

        Raises
        ------
        InputError
            A cell is empty or no finite number; the message names its line.
        """
        column = self.need(name)
        place = self.columns.index(column)
        out = np.empty(len(rows))
        for k, row in enumerate(rows):
            cell = self.cells[row][place]
            try:
                out[k] = float(cell)
            except ValueError:
                out[k] = np.nan
            if not np.isfinite(out[k]):
                raise InputError(
                    f"column {column!r} holds {_quote_cell(cell)} where a number is needed",
                    where=f"{self.name}, line {self.lines[row]}",
                    remedy="correct the cell, or leave the row out",
                )
            if out[k] and not _LEAST <= abs(out[k]) <= _MOST:
                raise InputError(
                    f"column {column!r} holds {_quote_cell(cell)}, too "
                    f"{'large' if abs(out[k]) > 1 else 'small'} to calculate with",
                    where=f"{self.name}, line {self.lines[row]}",
                    remedy="write the column in other units, or leave the row out",
                )
        return out

    def usable(self, needed: Iterable[str]) -> tuple[list[int], int]:
        """Return the rows of runs that did not fail, and how many did.

        A run failed where the column ``status`` says so and one of the needed cells is empty.
        """
        status = self.find("status")
        if status is None:
            return list(range(len(self.cells))), 0
        at = self.columns.index(status)
        places = [self.columns.index(self.need(name)) for name in needed]
        kept = [
            k
            for k, row in enumerate(self.cells)
            if not (row[at].casefold() in _FAILED and any(not row[p] for p in places))
        ]
        return kept, len(self.cells) - len(kept)

    def inclusion(self, rows: Sequence[int]) -> NDArray[np.float64] | None:
        """Return which documents each run's training set holds, where columns say so."""
        names = [c for c in self.columns if c.startswith(INCLUSION)]
        if not names:
            return None
        return np.column_stack([self.numbers(name, rows) for name in names])


def _quote_cell(cell: str) -> str:
    if not cell:
        return "nothing"
    return repr(cell if len(cell) <= 30 else cell[:29] + "…")
