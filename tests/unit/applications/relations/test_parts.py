"""The hand-written statements, names marked: no worse than was measured."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from suffice.applications.relations.confidence import rules
from suffice.corpus.checks.base import at_least

_spec = importlib.util.spec_from_file_location(
    "bench_relations", Path(__file__).resolve().parents[4] / "bench/relations.py"
)
bench = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = bench
_spec.loader.exec_module(bench)


@pytest.fixture(scope="module")
def scores():
    """Return what each part scores."""
    return {part: bench.score(part) for part in bench.data.PARTS}


@pytest.mark.parametrize(
    ("part", "statements", "rows", "precision", "recall", "exact"),
    [
        ("open", 100, 451, 0.999, 0.999, 100),
        ("held_out", 100, 453, 0.96, 0.96, 89),
        ("second", 120, 1045, 0.99, 0.99, 118),
        ("third", 80, 543, 0.99, 0.99, 78),
    ],
)
def test_precision_and_recall_are_not_below_what_was_measured(
    scores, part, statements, rows, precision, recall, exact
):
    found = scores[part]
    assert found.statements == statements
    assert found.rows.expected == rows
    assert found.rows.precision >= precision
    assert found.rows.recall >= recall
    assert found.exact >= exact


def test_confidence_is_what_its_counts_give_and_no_rule_is_without(scores):
    for name, rule in rules().items():
        assert rule["confidence"] == round(at_least(rule["right"], rule["rows"]), 2), name
    used = {name for found in scores.values() for name in found.rules}
    assert used - set(rules()) <= {"table"}  # it occurs in the open half alone


def test_no_rule_is_right_less_often_than_when_it_was_measured(scores):
    for name, rule in rules().items():
        parts = [scores[part].rules.get(name) for part in ("held_out", "second", "third")]
        right = sum(c.right for c in parts if c is not None)
        found = sum(c.found for c in parts if c is not None)
        assert not found or right / found >= rule["right"] / rule["rows"] - 1e-12, name
