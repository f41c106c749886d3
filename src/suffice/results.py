"""What every result of `suffice.stats` can do: become JSON, print itself, show in a notebook.

A result is a frozen dataclass that inherits from `Result` and has a field ``caveats``. The base
adds no fields of its own, so that a subclass may order its fields as it likes.
"""

from __future__ import annotations

import dataclasses
import html
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath
from typing import Any

import numpy as np

from suffice.wording.numbers import counted, format_number, is_number

__all__ = ["Result", "plain"]

_MAX_ROWS = 12
_LONG = 160


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows.

    Parameters
    ----------
    value
        A number, string, numpy array or scalar, dataclass, mapping, set or sequence, nested.

    Returns
    -------
    object
        None, bool, int, float, str, list or dict with string keys. NaN and infinities become None,
        as JSON has no word for them.

    Raises
    ------
    TypeError
        If the value (or something inside it) has no plain form.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, np.random.SeedSequence):
        return [value.entropy, *value.spawn_key]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value, key=repr)]
    if isinstance(value, list | tuple | range):
        return [plain(item) for item in value]
    raise TypeError(f"no plain form for a {type(value).__name__}")


class Result:
    """Base of the frozen dataclasses that hold results.

    A subclass may override `_title` (one line), `_summary` (plain sentences shown above the table)
    and `_table` (header and rows); `__str__`, `_repr_html_` and `to_dict` follow from them and from
    the fields.
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__repr__" not in vars(cls):  # else `dataclass` makes one that shows whole arrays
            cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """Show the fields, without what is in arrays and long sequences."""
        shown = (
            f"{field.name}={_written(getattr(self, field.name))}"
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
            if field.repr
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def to_dict(self) -> dict[str, Any]:
        """Give every field in plain Python types, ready for `json.dumps`; NaN and inf are None."""
        return {
            field.name: plain(getattr(self, field.name))
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
            if not field.name.startswith("_")
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Give the result as a JSON text.

        Parameters
        ----------
        indent : int, optional
            See `json.dumps`.
        """
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)

    def _title(self) -> str:
        return type(self).__name__

    def _summary(self) -> tuple[str, ...]:
        return ()

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = []
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = _cell(getattr(self, field.name))
            if value is not None and field.name != "caveats" and not field.name.startswith("_"):
                rows.append((field.name.replace("_", " "), value))
        return ("", "value"), rows

    def _caveats(self) -> tuple[str, ...]:
        return tuple(getattr(self, "caveats", ()))

    def __str__(self) -> str:
        header, rows = self._table()
        cells = [tuple(header)] + [tuple(format_number(cell) for cell in row) for row in rows]
        lines = [self._title(), *self._summary()]
        if rows:
            widths = [max(len(row[k]) for row in cells) for k in range(len(header))]
            right = [_numeric(rows, k) for k in range(len(header))]
            for number, row in enumerate(cells):
                if number == 0 and not any(row):
                    continue
                padded = (
                    cell.rjust(width) if side else cell.ljust(width)
                    for cell, width, side in zip(row, widths, right, strict=True)
                )
                lines.append("  ".join(padded).rstrip())
        lines += [f"Caveat: {caveat}" for caveat in self._caveats()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        header, rows = self._table()
        right = [_numeric(rows, k) for k in range(len(header))]
        style = [
            'style="text-align:right"' if side else 'style="text-align:left"' for side in right
        ]
        parts = [f"<div><strong>{html.escape(self._title())}</strong>"]
        parts += [f"<p>{html.escape(sentence)}</p>" for sentence in self._summary()]
        if rows:
            parts.append("<table><thead><tr>")
            parts += [
                f"<th {css}>{html.escape(name)}</th>"
                for name, css in zip(header, style, strict=True)
            ]
            parts.append("</tr></thead><tbody>")
            for row in rows:
                cells = "".join(
                    f"<td {css}>{html.escape(format_number(cell))}</td>"
                    for cell, css in zip(row, style, strict=True)
                )
                parts.append(f"<tr>{cells}</tr>")
            parts.append("</tbody></table>")
        if self._caveats():
            items = "".join(f"<li>{html.escape(caveat)}</li>" for caveat in self._caveats())
            parts.append(f"<ul>{items}</ul>")
        parts.append("</div>")
        return "".join(parts)


def _cell(value: Any) -> Any:
    """Return what a table shows of a field; None for what is not there or does not fit a cell."""
    if isinstance(value, np.ndarray):
        return value.item() if value.size == 1 else None
    if isinstance(value, Result):
        ends = [getattr(value, name, None) for name in ("value", "low", "high")]
        if all(is_number(end) for end in ends):
            middle, low, high = map(format_number, ends)
            return f"{middle} ({low} to {high})"
        return value._title()
    if isinstance(value, Mapping):
        flat = all(_cell(v) is not None and not isinstance(v, Mapping) for v in value.values())
        if not flat or len(value) > _MAX_ROWS:
            return f"{len(value)} values" if value else None
        return ", ".join(f"{k} {format_number(_cell(v))}" for k, v in value.items()) or None
    if isinstance(value, list | tuple):
        plain_ones = all(isinstance(v, str) or is_number(v) for v in value)
        if not plain_ones or len(value) > _MAX_ROWS:
            return f"{len(value)} values"
        pair = len(value) == 2 and all(map(is_number, value))
        return value if pair else ", ".join(map(format_number, value)) or None
    return None if value == "" else value


def _written(value: Any) -> str:
    """Write a field as `repr` does, without what is in arrays and long sequences."""
    if isinstance(value, np.ndarray):
        return f"<array {value.shape}>" if value.size > 1 else repr(value.item())
    if isinstance(value, Result):
        return f"<{type(value).__name__}>" if len(Result.__repr__(value)) > _LONG else repr(value)
    if isinstance(value, list | tuple | dict) and len(repr(value)) > _LONG:
        return f"<{counted(len(value), 'value')}>"
    return repr(value)


def _numeric(rows: list[tuple[Any, ...]], column: int) -> bool:
    values = [row[column] for row in rows]
    return bool(values) and all(value is None or is_number(value) for value in values)
