"""How numbers are written."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from suffice.wording import numbers


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.001, "0.00"), (-1.5, "−1.50"), (1234.5, "1,234.50"), (math.nan, "n/a")],
)
def test_number(value: float, written: str) -> None:
    assert numbers.number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.004, "0.00"), (-0.126, "−0.13"), (1.0, "+1.00"), (math.inf, "no bound")],
)
def test_number_with_its_sign(value: float, written: str) -> None:
    assert numbers.number(value, sign=True) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.00004, "<.001"), (0.049, ".049"), (1.0, "1.000"), (math.nan, "n/a")]
)
def test_p_value(value: float, written: str) -> None:
    assert numbers.p_value(value) == written


def test_half_width_is_never_nothing() -> None:
    assert numbers.half_width(0.0281) == "±2.8"
    assert numbers.half_width(0.0) == "<0.1"


def test_probabilities_are_never_certain() -> None:
    assert (numbers.probability(1.0), numbers.probability(0.0)) == (">.99", "<.01")
    assert numbers.probability(0.5) == ".50"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: numbers.f1(0.874), ".87"),
        (lambda: numbers.f1(1.0), "1.00"),
        (lambda: numbers.f1_interval(0.874, 0.8, 0.9), ".87 (.80–.90)"),
        (lambda: numbers.points(-0.0123), "−1.2"),
        (lambda: numbers.about(2345), "2,300"),
        (lambda: numbers.about(7), "7"),
        (lambda: numbers.about(float("inf")), "no bound"),
        (lambda: numbers.span(1234, 5678), "1,200–5,700"),
        (lambda: numbers.hours(0.5), "30 min"),
        (lambda: numbers.hours(0.002), "1 min"),
        (lambda: numbers.hours(0.0), "0 min"),
        (lambda: numbers.money(0.17), "0.17"),
        (lambda: numbers.money(0.0), "0"),
        (lambda: numbers.points(-0.0004), "0.0"),
        (lambda: numbers.probability(0.949), ".94"),
        (lambda: numbers.probability(0.95), ".95"),
        (lambda: numbers.probability(0.9466), ".94"),
        (lambda: numbers.probability(0.944), ".94"),
        (lambda: numbers.probability(0.4999), ".49"),
        (lambda: numbers.probability(0.0499), ".04"),
        (lambda: numbers.probability(0.703), ".70"),
        (lambda: numbers.hours(12.3), "12 h"),
        (lambda: numbers.duration(230), "3 min 50 s"),
        (lambda: numbers.duration(3700), "1 h 1 min"),
        (lambda: numbers.counted(1, "run"), "1 run"),
    ],
)
def test_numbers_in_words(call: Callable[[], str], said: str) -> None:
    assert call() == said
