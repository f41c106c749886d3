"""The hand-written statements, names marked: no worse than was measured."""

from __future__ import annotations

import pytest

from suffice.applications.relations.confidence import rules
from suffice.corpus.checks.base import at_least
from tools.statements.read import PARTS
from tools.statements.score import score


@pytest.fixture(scope="module")
def scores():
    """Return what each part scores."""
    return {part: score(part) for part in PARTS}


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
