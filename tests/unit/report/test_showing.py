"""Answers and curves in a terminal, a notebook, and on axes of the user's own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from suffice.advice.advise import advise
from suffice.report import figures
from suffice.results import Result


def results(value: object) -> list[Result]:
    """Return a result and all that are in it."""
    if isinstance(value, Result):
        inside = [getattr(value, f.name) for f in dataclasses.fields(value)]
        return [value, *(found for one in inside for found in results(one))]
    if isinstance(value, dict):
        return [found for one in value.values() for found in results(one)]
    if isinstance(value, tuple | list):
        return [found for one in value for found in results(one)]
    return []


def test_no_result_shows_arrays_or_more_than_a_screen(advice):
    found = results(advice)
    assert {"Advice", "Analysis", "F1Curve", "Studied"} <= {type(r).__name__ for r in found}
    for result in found:
        assert "array" not in str(result), type(result)
        assert len(str(result).splitlines()) <= 40, type(result)
        assert "array(" not in repr(result)
        assert len(repr(result)) < 4000, type(result)
        assert result._repr_html_().count("<tr>") <= 40


def test_an_answer_is_its_headline_and_five_lines_in_eighty_columns(advice):
    shown = str(advice)
    assert repr(advice) == shown
    assert max(map(len, shown.splitlines())) <= 80
    words = shown.split()
    assert " ".join(words).startswith(advice.headline)
    assert words == [w for part in (advice.headline, *sum(advice.lines, ())) for w in part.split()]
    page = advice._repr_html_()
    assert all(f">{name}</td>" in page for name, _ in advice.lines)


def test_an_analysis_and_a_curve_show_what_they_say_of_a_size(advice):
    analysis = advice.analysis
    value, low, high = analysis.curve.at(float(analysis.studied.annotated))
    rows = analysis._table()[1]
    assert rows[0] == (f"F1 with {analysis.studied.annotated:,} documents", value, low, high)
    assert [row[0] for row in rows[2 : 2 + len(analysis.labels)]] == [
        score.label for score in analysis.labels
    ]
    sizes = [row[0] for row in analysis.curve._table()[1]]
    assert sizes == sorted(sizes)
    assert analysis.curve.largest in sizes


def test_a_plot_shows_what_the_figure_of_the_report_shows(advice):
    from matplotlib.figure import Figure

    curve = advice.analysis.curve
    scale = advice.analysis.studied.sentences_per_document
    axes = Figure().subplots()
    assert curve.plot(axes, sentences_per_document=scale, target=0.9) is axes
    report = figures.curve("wide", "the curve", advise(advice.analysis, target_f1=0.9))
    said = [text.get_text() for text in (*axes.get_legend().get_texts(), *axes.texts)]
    assert said[:4] == [
        "80 % of single models",
        "95 % interval of F1(n)",
        "F1(n), estimated",
        "the same, extrapolated",
    ]
    assert said[-1] == "target .90"
    assert all(f">{text}</text>" in report for text in (*said, axes.get_xlabel()))
    drawn = {line.get_label(): line.get_xydata() for line in axes.lines}
    sizes, middle = drawn["F1(n), estimated"].T
    np.testing.assert_allclose(middle, [curve.at(n)[0] for n in sizes / scale])
    assert sizes[-1] == pytest.approx(curve.largest * scale)
    assert drawn["the same, extrapolated"][-1, 0] == pytest.approx(4 * curve.largest * scale)
    np.testing.assert_allclose(drawn["mean of the runs"][:, 1], curve.observed)
    assert axes.get_ylim()[1] >= 0.9


def test_a_plot_of_its_own_counts_documents(advice):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    axes = advice.analysis.curve.plot(name="recall")
    try:
        assert axes.get_ylabel() == "recall"
        assert "documents" in axes.get_xlabel()
        assert axes.get_xlim()[0] < advice.analysis.curve.sizes[0] < axes.get_xlim()[1]
    finally:
        pyplot.close(axes.figure)
