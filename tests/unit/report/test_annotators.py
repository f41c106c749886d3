"""How far annotators agree, beside the curve and in the page."""

from __future__ import annotations

from math import nan

from suffice.advice import phrases
from suffice.analysis.result import Annotators
from suffice.report import figures
from suffice.report.page import render

TWO = Annotators(
    annotators=2,
    documents=150,
    between=(0.913, 0.887, 0.934),
    gold=((0.951, 0.93, 0.97), (0.944, 0.92, 0.96)),
)


def test_the_lines_are_drawn_and_told(sample, runs):
    advice = sample.advice(runs, annotators=TWO)
    assert [name for name, _ in advice.lines] == ["Studied", "Now", "Doubling", "Target", "Caveat"]
    line = phrases.describe_annotators(TWO)
    assert "F1 .91 (.89–.93) on 150 documents" in line
    assert ".95 (.93–.97) and .94 (.92–.96)" in line
    assert "no bound on a model" in line
    drawn = figures.curve("wide", "x", advice)
    assert "annotators with each other" in drawn
    assert drawn.count("annotators with the gold spans") == 1
    page = render(advice, runs, "0.1.0")
    assert "The green lines show the human annotators" in page
    assert line in page


def test_many_annotators_are_told_by_their_median(sample, runs):
    gold = tuple((value, nan, nan) for value in (0.5, 0.7, 0.8, 0.82, 0.9))
    many = Annotators(annotators=5, documents=40, between=(0.6, 0.5, 0.7), gold=gold)
    advice = sample.advice(runs, annotators=many)
    assert "a median F1 of .80 (.50 to .90)" in phrases.describe_annotators(many)
    assert "annotators with the gold spans, median" in figures.curve("narrow", "x", advice)


def test_without_gold_there_is_one_line(sample, runs):
    alone = Annotators(annotators=3, documents=40, between=(0.6, 0.5, 0.7), gold=())
    advice = sample.advice(runs, annotators=alone)
    assert "annotators with the gold spans" not in figures.curve("wide", "x", advice)
    assert "The green line shows the human annotators" in render(advice, runs, "0.1.0")


def test_without_annotators_nothing_is_said(advice, page):
    assert len(advice.lines) == 5
    assert "annotators with each other" not in page
