"""One row for each run, for people who analyse elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from suffice.scoring import CORRECT, MISSED, SPURIOUS, micro_f1
from suffice.study.table import RunTable


def rows(table: RunTable) -> list[dict[str, Any]]:
    """Return the runs of a study as records.

    Parameters
    ----------
    table : RunTable
        The table of a study.

    Returns
    -------
    list of dict
        In the order of the design. Counts are over the documents that the run was scored on; F1 is
        exact micro-F1; failed runs have empty scores. Timing columns come last.
    """
    labels = sorted({label for r in table.rows for label in r.labels})
    return [_record(table, r, labels) for r in table.rows]


def _record(table: RunTable, r: Any, labels: list[str]) -> dict[str, Any]:
    sentences = r.features["sentences"]
    record: dict[str, Any] = {
        "run": r.id,
        "learner": table.names[r.learner],
        "size": r.asked,
        "replicate": r.replicate,
        "repeat": r.repeat,
        "fold": r.part,
        "seed": r.seed,
        "documents": r.features["documents"],
        "sentences": sentences,
        "tokens": r.features["tokens"],
        "entities": r.features["entities"],
        "eps": round(r.features["entities"] / sentences, 6) if sentences else "",
        "distinct": r.features["distinct"],
        # Studies of an earlier version have neither.
        "seen": _or_empty(r.features.get("seen")),
        "balance": _or_empty(r.features.get("balance")),
        "status": r.status,
    }
    total = np.zeros(3) if r.counts is None else r.counts.sum(axis=(0, 1))
    known = r.status == "ok"
    record |= {
        "correct": int(total[CORRECT]) if known else "",
        "spurious": int(total[SPURIOUS]) if known else "",
        "missed": int(total[MISSED]) if known else "",
        "f1": _rounded(micro_f1(total)) if known else "",
    }
    for label in labels:
        found = known and label in r.labels
        own = r.counts[:, r.labels.index(label)].sum(axis=0) if found else np.zeros(3)
        record[f"f1_{label}"] = _rounded(micro_f1(own)) if found else ""
    record |= {
        "train_seconds": round(r.train_seconds, 3),
        "tag_seconds": round(r.tag_seconds, 3),
        "finished_at": r.finished_at,
    }
    return record


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else round(value, 6)


def _rounded(value: Any) -> float | str:
    number = float(value)
    return round(number, 6) if np.isfinite(number) else ""
