"""Another target than F1: from the table of runs to the words of the page."""

from __future__ import annotations

import dataclasses
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup

from suffice.analysis.analyse import check_label
from suffice.errors import InputError
from suffice.report.page import PageFigure, PageFigures, render
from suffice.report.svg import Draw
from suffice.scoring import F1, Measure
from suffice.stats import Runs
from suffice.study.table import RunTable

MEASURES = ("precision", "recall", "macro-f1", "recall:PERSON", "f1:ORG", "precision:ORG")


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("folds", [0, 4])
def test_a_tables_measure_is_that_of_its_counts(sample: ModuleType, name: str, folds: int) -> None:
    table, measure = sample.table(folds), Measure.parse(name)
    found = table.runs("L1", measure=measure)
    assert isinstance(found, Runs)
    places = table.places("L1")
    for score, place in zip(found.score(), places, strict=True):
        cell = place.cell
        total = sum(
            r.counts.sum(axis=0)
            for r in table.of_learner("L1")
            if (r.asked, r.replicate, r.repeat) == tuple(cell)
        )
        per_label = dict(zip(sample.LABELS, total, strict=True))
        kept = [measure.label] if measure.label else list(sample.LABELS)
        correct, spurious, missed = (sum(per_label[k][i] for k in kept) for i in range(3))
        expected = {
            "precision": correct / (correct + spurious),
            "recall": correct / (correct + missed),
            "f1": 2 * correct / (2 * correct + spurious + missed),
            "macro-f1": np.mean([2 * c / (2 * c + s + m) for c, s, m in per_label.values()]),
        }
        assert score == pytest.approx(expected[measure.metric], abs=1e-12)


def test_a_label_that_the_evaluation_set_lacks_is_told(sample: ModuleType) -> None:
    table: RunTable = sample.table()
    held = {d.key for d in table.evaluation}
    documents = tuple(
        dataclasses.replace(d, entities={"PERSON": 2}) if d.key in held else d
        for d in table.documents
    )
    lacking = dataclasses.replace(table, documents=documents)
    check_label(lacking, Measure("recall", "PERSON"))
    check_label(lacking, F1)
    with pytest.raises(InputError, match=r"'ORG' never occurs in the evaluation set.*are PERSON$"):
        check_label(lacking, Measure("recall", "ORG"))
    with pytest.raises(InputError, match=r"the corpus has no label 'CITY'.* are ORG, PERSON$"):
        check_label(table, Measure("f1", "CITY"))


def test_macro_f1_is_over_labels_with_gold_spans(sample: ModuleType) -> None:
    table: RunTable = sample.table()
    rows = []
    for r in table.rows:
        counts = r.counts.copy()
        counts[:, 1, 0] = counts[:, 1, 2] = 0  # spurious ORG only
        rows.append(dataclasses.replace(r, counts=counts))
    lacking = dataclasses.replace(table, rows=tuple(rows))
    macro = lacking.runs("L1", measure=Measure("macro-f1"))
    person = lacking.runs("L1", measure=Measure("f1", "PERSON"))
    assert macro is not None
    assert person is not None
    np.testing.assert_allclose(macro.score(), person.score())


def test_the_page_speaks_of_the_measure(
    sample: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, str] = {}

    def add(
        pages: PageFigures, name: str, label: str, draw: Draw[...], *a: Any, **k: Any
    ) -> PageFigure:
        drawn[name] = draw("wide", label, *a, **k)
        return pages.setdefault(name, PageFigure(name, Markup(drawn[name]), Markup("")))

    monkeypatch.setattr(PageFigures, "add", add)
    table = sample.table()
    advice = sample.advice(table, 0.8, measure=Measure("recall", "PERSON"))
    html = render(advice, table, "0.1.0")
    lines = dict(advice.lines)
    assert "the probe's recall of PERSON is ." in lines["Now"]
    assert "points of recall of PERSON" in lines["Doubling"]
    assert lines["Target"].startswith("recall of PERSON .80")
    assert "exact recall of PERSON" in drawn["curve"]
    assert "Recall of PERSON against the number of training sentences" in html
    assert "What recall of PERSON .80 takes" in html
    assert "Exact recall of each label" in html
    assert "recall(n) of PERSON by the number of training documents" in html
    assert "F1(n)" not in html
    told = advice.to_dict()["analysis"]["measure"]
    assert told == {"metric": "recall", "label": "PERSON"}
