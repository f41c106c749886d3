"""The suite that every store passes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from suffice.corpus.document import Span
from suffice.runs.store import RunRow, Store

_LABELS = ("ORG", "Ä b")
_SPANS = [[Span(0, 3, "ORG"), Span(2, 9, "Ä b")], []]


def check_store(open_store: Callable[[], Store], *, lasting: bool = True) -> None:
    """Keep some runs and check what `suffice.runs.store` asks of a store.

    Parameters
    ----------
    open_store : callable
        Returns the store, which is empty the first time.
    lasting : bool
        Whether it is called again, to see that the runs are still there: not so for a store in
        memory.

    Raises
    ------
    AssertionError
        It is not a store; the message says what it lacks.

    Examples
    --------
    >>> from suffice.runs.store import MemoryStore
    >>> check_store(MemoryStore, lasting=False)
    """
    store = open_store()
    assert store.run_ids() == set(), "a new store is not empty"
    assert store.runs() == [], "a new store is not empty"
    assert store.spent() == 0, "nothing is spent in the beginning"
    learner = store.add_learner("lookup", {"version": 1, "options": {}})
    same = store.add_learner("lookup", {"options": {}, "version": 1})
    assert learner == same, "a learner has two ids"
    assert learner != store.add_learner("lookup", {"version": 2}), "two learners have one id"
    keys = ("k1", "k2")
    evaluation = store.add_evaluation_set(keys)
    assert store.add_evaluation_set(keys) == evaluation, "an evaluation set has two ids"
    assert store.add_evaluation_set(keys[::-1]) != evaluation, "the order of a set is lost"
    assert store.evaluation_sets()[evaluation] == keys, "an evaluation set is not kept"

    rows = [
        _make_run(learner, evaluation, size, replicate, repeat)
        for size in (3, 20)
        for replicate in (0, 1, 10)
        for repeat in (0, 1)
    ]
    rows.append(replace(rows[0], id="failed", asked=99, status="failed", counts=None, error="X"))
    order = list(enumerate(rows))
    random.Random(1).shuffle(order)
    for number, row in order:
        store.add_run(row, 1.5 + number, _SPANS if row.repeat else None)
    _check_kept(store, rows, 1.5 + order[-1][0])
    if lasting:
        _check_kept(open_store(), rows, 1.5 + order[-1][0])

    again = replace(rows[1], status="diverged", seed=7)
    store.add_run(again, 99.0)
    assert store.spent() == 99, "the seconds spent are not those of the last run"
    found = next(row for row in store.runs() if row.id == again.id)
    assert (found.status, found.seed) == ("diverged", 7), "adding a run again does not replace it"
    assert len(store.run_ids()) == len(rows), "a run that was replaced is still there"
    assert store.spans(again.id) is None, "the spans of a run that was replaced are still there"


def _make_run(learner: str, evaluation: str, size: int, replicate: int, repeat: int) -> RunRow:
    counts = np.arange(12, dtype=np.int32).reshape(2, 2, 3) + size
    return RunRow(
        id=f"run {size} {replicate} {repeat}",
        learner=learner,
        evaluation_set=evaluation,
        pool="pool",
        asked=size,
        replicate=replicate,
        part=-1,
        repeat=repeat,
        seed=2**32 - 1,
        training_keys=("a", "b"),
        features={"documents": size, "seen": 0.25, "labels": {"ORG": 3}},
        labels=_LABELS,
        status="ok",
        counts=counts,
        train_seconds=0.125,
        tag_seconds=2.5,
        finished_at="2026-12-01T00:00:00+00:00",
    )


def _check_kept(store: Store, rows: list[RunRow], spent: float) -> None:
    assert store.run_ids() == {row.id for row in rows}, "a run is not kept"
    assert [row.id for row in store.runs()] == [row.id for row in rows], "runs are not in order"
    for found, row in zip(store.runs(), rows, strict=True):
        for field in fields(RunRow):
            values = (getattr(found, field.name), getattr(row, field.name))
            assert _are_equal(*values), f"the field {field.name!r} of a run is not kept"
        wanted = _SPANS if row.repeat else None
        assert store.spans(row.id) == wanted, "spans are not kept"
    assert store.spent() == spent, "the seconds spent are not kept"


def _are_equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(type(one) is type(other) and one == other)
