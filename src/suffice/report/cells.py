"""A table of cells in words, and numbers in words."""

from __future__ import annotations

import math
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


def number(value: float, digits: int = 2) -> str:
    """Write a number with so many decimals, a true minus, and ``n/a`` where there is none."""
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "no bound"
    written = f"{value:,.{digits}f}"
    return written.replace("-", "−") if float(written.replace(",", "")) else written.lstrip("-")


def size(value: float) -> str:
    """Write a size in full: ``1,047``, or with one decimal below 10 where it is not whole."""
    if not math.isfinite(value):
        return number(value)
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def ends(low: float, high: float, digits: int = 2) -> str:
    """Write the ends of an interval: ``−0.10 to 0.31``."""
    if math.isnan(low) or math.isnan(high):
        return "n/a"
    return f"{number(low, digits)} to {number(high, digits)}"


def half_width(value: float) -> str:
    """Write half an interval of F1 in points: ``±2.8``, or ``<0.1`` where it is less than that."""
    return f"±{100 * value:.1f}" if value >= 0.0005 else "<0.1"
