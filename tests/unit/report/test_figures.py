"""The figures: well-formed, repeatable, with nothing cut off."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from suffice.advice.advise import advise
from suffice.advice.result import Advice
from suffice.analysis.result import LabelScore
from suffice.report import figures, svg
from suffice.report.points import Points, by_size, confirming_points, studied_points
from suffice.stats import average_learning_curves
from suffice.study.table import RunTable

WIDTHS = ("wide", "narrow")
SVG = "{http://www.w3.org/2000/svg}"


def draw(name: str, advice: Advice, runs: RunTable, width: svg.Width) -> str:
    a = advice.analysis
    if name == "curve":
        own, other = studied_points(a, runs), confirming_points(a, runs)
        return figures.curve(width, "a < b", advice, points=own, confirming=other)
    if name == "parts":
        return figures.parts(width, "a < b", advice)
    if name == "labels":
        return figures.labels(width, "a < b", a.labels)
    if name == "regression":
        assert a.regression is not None
        return figures.regression(width, "a < b", a.regression)
    if name in ("ranking", "equivalence"):
        assert a.versus is not None
        if name == "ranking":
            return figures.ranking(width, "a < b", a.versus.ranking)
        return figures.equivalence(width, "a < b", a.versus.equivalences, a.versus.best)
    if name in ("smooth", "slope"):
        assert a.smooth is not None
        if name == "smooth":
            return figures.smooth(width, "a < b", a.smooth, x=[30, 400], y=[0.5, 0.8])
        return figures.slope(width, "a < b", a.smooth, marginal=a.marginal[-1])
    if name == "threshold":
        assert a.threshold is not None
        return figures.threshold(width, "a < b", a.threshold, [20, 500, 1000], [0.5, 0.8, 0.9])
    if name == "composition":
        assert a.composition is not None
        return figures.composition(width, "a < b", a.composition)
    if name == "learning_curves":
        own = studied_points(a, runs)
        assert own is not None
        found = average_learning_curves(own.score, own.size, n_resamples=100)
        return figures.learning_curves(width, "a < b", found, x=own.size, y=own.score)
    assert a.sensitivity is not None
    return figures.sensitivity(width, "a < b", a.sensitivity)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "name",
    [
        "curve",
        "parts",
        "labels",
        "sensitivity",
        "ranking",
        "equivalence",
        "regression",
        "smooth",
        "slope",
        "threshold",
        "composition",
        "learning_curves",
    ],
)
def test_a_figure(name: str, width: svg.Width, advice: Advice, runs: RunTable) -> None:
    drawn = draw(name, advice, runs, width)
    root = ElementTree.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "a < b"
    assert root.find(f".//{SVG}style") is None
    assert "metadata" not in drawn
    assert not re.search(r"20\d\d-\d\d-\d\d", drawn)
    assert drawn == draw(name, advice, runs, width)
    assert list(root.iter(f"{SVG}text")), "text stays text"
    _nothing_cut(root)


def _nothing_cut(root: ElementTree.Element) -> None:
    """Every text begins inside the picture and, at 0.56 em a letter, ends there."""
    left, top, wide, high = map(float, root.attrib["viewBox"].split())
    for node in root.iter(f"{SVG}text"):
        style = node.attrib.get("style", "")
        size = float(re.findall(r"font-size: ([\d.]+)px", style)[0])
        transform = node.attrib.get("transform", "")
        x, y = float(node.get("x", 0)), float(node.get("y", 0))
        moved = re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", transform)
        if moved:
            x, y = x + float(moved[0][0]), y + float(moved[0][1])
        length = 0.56 * size * len("".join(node.itertext()))
        anchor = re.findall(r"text-anchor: (\w+)", style)
        shift = {"middle": 0.5, "end": 1.0}.get(anchor[0] if anchor else "start", 0.0)
        assert top <= y <= top + high
        if "rotate(-90" in transform:
            continue
        assert x - shift * length >= left - 4, "".join(node.itertext())
        assert x + (1 - shift) * length <= left + wide + 4, "".join(node.itertext())


def test_the_curve_shows_every_run(advice: Advice, runs: RunTable) -> None:
    root = ElementTree.fromstring(draw("curve", advice, runs, "wide"))
    marks = [n for n in root.iter(f"{SVG}use") if "stroke: #1b1f24" in n.get("style", "")]
    assert len(marks) >= len(runs.of_learner("L1"))
    text = " ".join("".join(n.itertext()) for n in root.iter(f"{SVG}text"))
    assert "target .87" in text
    assert "one finetune run" in text
    assert "training documents" in text
    assert "10^" not in text


def test_many_runs_are_thinned(advice: Advice) -> None:
    many = Points(np.linspace(6, 200, 9000), np.full(9000, 0.7), np.ones(9000))
    drawn = figures.curve("wide", "x", advice, points=many)
    assert drawn.count("<use") < figures.MOST_POINTS + 100
    assert len(by_size(many)) <= 12


def test_a_document_that_is_a_sentence_has_one_axis(advice: Advice) -> None:
    a = advice.analysis
    one = dataclasses.replace(a, studied=dataclasses.replace(a.studied, sentences_per_document=1.0))
    assert "training documents" not in figures.curve("wide", "x", advise(one))


def test_dollars_and_long_labels_are_text() -> None:
    scores = [
        LabelScore(label="$x^2$", entities=3, value=0.5, low=0.4, high=0.6),
        LabelScore(label="L" * 80, entities=3, value=0.5, low=0.4, high=0.6),
    ]
    text = "".join(ElementTree.fromstring(figures.labels("narrow", "x", scores)).itertext())
    assert "$x^2$" in text
    assert "L" * 20 not in text


@pytest.mark.parametrize(
    ("low", "high", "most"), [(30, 5000, 10), (30, 5000, 5), (3, 8, 5), (19, 13000, 4), (1, 1e6, 5)]
)
def test_ticks_are_round_few_and_inside(low: float, high: float, most: int) -> None:
    ticks = svg.plain_ticks(low, high, most)
    assert 2 <= len(ticks) <= most
    assert all(low <= t <= high for t in ticks)
    assert all(float(f"{t:.1g}") == t or t == round(t) for t in ticks)


def test_runs_of_another_study_are_not_invented(advice: Advice, runs: RunTable) -> None:
    other = dataclasses.replace(runs, names={"L1": "else", "L2": "other"})
    assert studied_points(advice.analysis, other) is None
    assert confirming_points(advice.analysis, other) is None
    assert studied_points(advice.analysis, None) is None


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("low", [0.02, 0.47, 0.83, 0.96])
def test_marks_of_f1_are_at_equal_distances_as_they_are_written(low: float, width: str) -> None:
    """With marks at .825, .85 and .875 the axis would read .82 (or .83), .85, .88."""
    scores = [
        LabelScore(label=name, entities=9, value=low + 0.01, low=low, high=low + 0.03)
        for name in "AB"
    ]
    root = ElementTree.fromstring(figures.labels(width, "x", scores))  # type: ignore[arg-type]
    written = ["".join(n.itertext()) for n in root.iter(f"{SVG}text")]
    marks = [float(text) for text in written if re.fullmatch(r"1?\.\d\d", text)]
    assert len(marks) >= 3
    steps = {round(b - a, 6) for a, b in pairwise(marks)}
    assert len(steps) == 1
