"""The hand-written statements, names marked: no worse than was measured."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from suffice.relations.confidence import rules

_spec = importlib.util.spec_from_file_location(
    "bench_relations", Path(__file__).resolve().parents[2] / "bench/relations.py"
)
bench = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = bench
_spec.loader.exec_module(bench)


def test_the_held_out_half_was_measured_once_and_is_not_worse_since():
    found = bench.score("held_out")
    assert found.statements == 100
    assert found.rows.expected == 453
    assert found.rows.precision >= 0.905
    assert found.rows.recall >= 0.893


def test_precision_and_recall_are_not_below_what_was_measured():
    found = bench.score("open")
    assert found.statements == 100
    assert found.rows.expected == 451
    assert found.rows.precision >= 0.999
    assert found.rows.recall >= 0.999
    assert found.exact == 100


def test_confidence_is_what_was_measured():
    found = bench.score("held_out")
    assert set(rules()) == set(found.rules)
    for name, rule in rules().items():
        counts = found.rules[name]
        assert (rule["rows"], rule["right"]) == (counts.found, counts.right)
        assert rule["confidence"] == round(bench.at_least(counts.right, counts.found), 2)
