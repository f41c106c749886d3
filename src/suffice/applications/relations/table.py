"""Rows as CSV and JSON."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Sequence

from suffice.applications.relations.result import Relation
from suffice.results import plain

COLUMNS = tuple(f.name for f in dataclasses.fields(Relation))


def as_csv(rows: Sequence[Relation], *, with_clauses: bool = True) -> str:
    """Return rows as CSV with a header; what is not there is an empty cell.

    Parameters
    ----------
    rows : sequence of Relation
        The result of `suffice.applications.relations.relate.relations`.
    with_clauses : bool
        Have a column with the clause.
    """
    columns = [c for c in COLUMNS if with_clauses or c != "clause"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (getattr(row, column) for column in columns)
        writer.writerow("" if cell is None else cell for cell in cells)
    return out.getvalue()


def as_json(
    rows: Sequence[Relation],
    *,
    documents: int,
    caveats: Sequence[str] = (),
    with_clauses: bool = True,
) -> str:
    """Return rows as JSON: an object with ``documents``, ``rows`` and ``caveats``.

    Parameters
    ----------
    rows : sequence of Relation
        The result of `suffice.applications.relations.relate.relations`.
    documents : int
        How many were looked at.
    caveats : sequence of str
        What to know before using the rows.
    with_clauses : bool
        Have each row's clause.
    """
    records = [plain(row) for row in rows]
    if not with_clauses:
        for record in records:
            del record["clause"]
    whole = {"documents": documents, "rows": records, "caveats": list(caveats)}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False)
