"""Which columns of a table of runs are analysed, and as what."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from suffice.analysis.csv_table import CsvTable
from suffice.analysis.run_columns import RunColumns
from suffice.errors import InputError
from suffice.scoring import micro_f1
from suffice.stats import expected_overlap, overlap
from suffice.wording.caveats import Caveat

_FURTHER = ("distinct", "seen", "balance", "tokens")
_SET = ("size", "replicate", "fold")

Floats = NDArray[np.float64]


def chosen_columns(
    table: CsvTable, rows: list[int], response: str, predictor: str, covariates: tuple[str, ...]
) -> RunColumns:
    """Take the columns that were named; raise `InputError` where they cannot be used."""
    names = [table.need(name) for name in (response, predictor, *covariates)]
    if len(set(names)) < len(names):
        raise InputError("response, predictor and covariates must be different columns")
    columns = {name: table.numbers(name, rows) for name in names}
    _not_constant(table, columns)
    size = table.find("sentences")
    ratio = None
    if names[1].casefold() == "eps" and size is not None and size not in names:
        columns[size] = table.numbers(size, rows)
        ratio = (names[1], size)
    return RunColumns(
        response=names[0],
        predictor=names[1],
        columns=columns,
        regressors=tuple(names[1:]),
        covariates=tuple(names[2:]),
        ratio=ratio,
        shared=False,
        notes=(Caveat("rows independent"),),
    )


def standard_columns(table: CsvTable, rows: list[int], pool: int | None) -> RunColumns:
    """Take F1, sentences, EPS and what else a table of runs holds."""
    columns = {"f1": f1_column(table, rows), "sentences": table.numbers("sentences", rows)}
    has_entities = table.find("entities") is not None
    if has_entities:
        columns["entities"] = table.numbers("entities", rows)
    _above_zero(table, rows, columns["sentences"])
    if table.find("eps"):
        columns["EPS"] = table.numbers("eps", rows)
    elif has_entities:
        columns["EPS"] = columns["entities"] / columns["sentences"]
    notes: list[str] = []
    further = []
    if "EPS" in columns and _constant(columns["EPS"]):
        del columns["EPS"]
        notes.append(Caveat("EPS constant"))
    elif "EPS" not in columns:
        notes.append(Caveat("no EPS"))
    for name in _FURTHER:
        column = table.find(name)
        if column is None:
            continue
        empty = sum(not cell for cell in table.text(column, rows))
        if empty:
            # as balance is where a corpus has one label: nothing to rank by, no mistake
            if empty < len(rows):
                notes.append(Caveat("column with gaps", column=column, empty=empty, rows=len(rows)))
            continue
        values = table.numbers(column, rows)
        if np.ptp(values) > 0:
            columns[name] = values
            further.append(name)
    _not_constant(table, {k: columns[k] for k in ("f1", "sentences")})
    held = table.inclusion(rows)
    similarity = None
    if held is not None:
        similarity = overlap(held)
    elif pool is not None:
        documents = table.numbers("documents", rows)
        try:
            similarity = expected_overlap(documents, pool)
        except ValueError as error:
            raise InputError(f"`pool` {pool}: {error}", where=table.name) from error
    else:
        notes.append(Caveat("overlap unknown"))
    if table.find("fold") and len(set(table.text("fold", rows))) > 1:
        notes.append(Caveat("several folds"))
    return RunColumns(
        response="f1",
        predictor="sentences",
        columns=columns,
        regressors=("sentences", "EPS") if "EPS" in columns else ("sentences",),
        ratio=("EPS", "sentences") if "EPS" in columns else None,
        entities="entities" if has_entities else None,
        further=tuple(further),
        groups=_shared_sets(table, rows),
        similarity=similarity,
        notes=tuple(notes),
    )


def f1_column(table: CsvTable, rows: list[int]) -> Floats:
    """Return F1 of each run, from its column or from counts.

    Raises
    ------
    InputError
        It is not between 0 and 1.
    """
    counts = [table.find(name) for name in ("correct", "spurious", "missed")]
    if table.find("f1") is None and None not in counts:
        values = micro_f1(np.column_stack([table.numbers(c, rows) for c in counts if c]))
        return np.nan_to_num(values)
    found = table.numbers("f1", rows)
    out = np.flatnonzero((found < 0) | (found > 1))
    if len(out):
        raise InputError(
            f"F1 is {found[out[0]]:g}",
            where=f"{table.name}, line {table.lines[rows[int(out[0])]]}",
            remedy="write it between 0 and 1, as 0.85",
        )
    return found


def _above_zero(table: CsvTable, rows: list[int], values: Floats) -> None:
    low = np.flatnonzero(values <= 0)
    if len(low):
        raise InputError(
            f"a training set of {values[low[0]]:g} sentences",
            where=f"{table.name}, line {table.lines[rows[int(low[0])]]}",
            remedy="leave the row out",
        )


def _constant(values: Floats) -> bool:
    return bool(np.ptp(values) <= 1e-12 * max(float(np.abs(values).max()), 1e-300))


def _not_constant(table: CsvTable, columns: Mapping[str, Floats]) -> None:
    for name, values in columns.items():
        if _constant(values):
            raise InputError(
                f"column {name!r} holds {values[0]:g} in every row",
                where=table.name,
                remedy="a predictor or response must vary",
            )


def _shared_sets(table: CsvTable, rows: list[int]) -> NDArray[np.int64] | None:
    """Return which rows share a training set; None where none do, or too few differ."""
    names = [name for name in _SET if table.find(name)]
    if not {"size", "replicate"} <= set(names):
        return None
    keys = list(zip(*(table.text(name, rows) for name in names), strict=True))
    numbers = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    if len(numbers) == len(rows) or len(numbers) < 8:
        return None
    return np.array([numbers[key] for key in keys], dtype=np.int64)
