"""How numbers are written."""

from __future__ import annotations

import math

import pytest

from suffice.advice import words
from suffice.report import cells
from suffice.results import p_value


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.001, "0.00"), (-1.5, "−1.50"), (1234.5, "1,234.50"), (math.nan, "n/a")],
)
def test_number(value: float, written: str) -> None:
    assert cells.number(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.00004, "<.001"), (0.049, ".049"), (1.0, "1.000"), (math.nan, "n/a")]
)
def test_p_value(value: float, written: str) -> None:
    assert p_value(value) == written


def test_half_width_is_never_nothing() -> None:
    assert cells.half_width(0.0281) == "±2.8"
    assert cells.half_width(0.0) == "<0.1"


def test_probabilities_are_never_certain() -> None:
    assert (words.probability(1.0), words.probability(0.0)) == (">.99", "<.01")
    assert words.probability(0.5) == ".50"


def test_columns_of_numbers_are_set_right() -> None:
    rows = (("a 1", "1,000", ".5–.6", "n/a"), ("b", "−3.5", ".1–.2", ""))
    assert cells.Table("c", ("", "n", "i", "m"), rows).right == (False, True, False, True)
