"""How numbers are written: in sentences, tables, figures and results."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from suffice.wording.verdict import SURE

_EDGES = (round(1 - SURE, 2), 0.5, SURE)
"""Probabilities at which verdicts change."""

_NEGLIGIBLE = 0.0005
"""Half a tenth of a point of F1: what rounds to 0.0 points."""


def format_number(value: Any, digits: int = 4) -> str:
    """Write a number with a few significant digits; anything else as text.

    Parameters
    ----------
    value
        What to write.
    digits : int
        Significant digits for floats.

    Returns
    -------
    str
        Integers in full, floats to `digits` significant digits, NaN as "n/a", pairs of numbers as
        "low to high".
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "n/a"
        if math.isinf(value):
            return "unbounded" if value > 0 else "-unbounded"
        whole = abs(value) >= 10**digits and abs(value) < 1e12
        return f"{value:.0f}" if whole else f"{value:.{digits}g}"
    if isinstance(value, tuple) and len(value) == 2 and all(is_number(v) for v in value):
        return f"{format_number(value[0], digits)} to {format_number(value[1], digits)}"
    return str(value)


def is_number(value: Any) -> bool:
    """Return whether a value is a number; a bool is none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def counted(number: int, noun: str) -> str:
    """Write a number and its noun: ``1 run``, ``12 runs``, ``3 entities``.

    Parameters
    ----------
    number : int
        The number.
    noun : str
        The noun in the singular, with an adjective before it where there is one.
    """
    if number == 1:
        return f"1 {noun}"
    by_rule = noun[-1:] == "y" and noun[-2:-1] not in "aeiou"
    return f"{number:,} {noun[:-1]}ies" if by_rule else f"{number:,} {noun}s"


def signed(value: float, digits: int = 2) -> str:
    """Write a number of a few significant digits with its sign: ``+0.13``, ``−2.1``."""
    return ("" if value < 0 else "+") + format_number(value, digits).replace("-", "−")


def number(value: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number with a fixed number of decimals and a true minus: ``−1.50``.

    Parameters
    ----------
    value : float
        NaN is ``n/a`` and an infinity ``no bound``.
    digits : int
        Decimals.
    sign : bool
        Whether positive numbers have a plus. What rounds to zero has no sign.
    """
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "no bound"
    written = f"{value:{'+' if sign else ''},.{digits}f}"
    return written.replace("-", "−") if float(written.replace(",", "")) else written.lstrip("+-")


def ends(low: float, high: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write the ends of an interval: ``−0.10 to 0.31``."""
    if math.isnan(low) or math.isnan(high):
        return "n/a"
    return f"{number(low, digits, sign=sign)} to {number(high, digits, sign=sign)}"


def f1(value: float) -> str:
    """Write F1 with two decimals and no leading zero: ``.87``."""
    return number(value).removeprefix("0")


def f1_interval(value: float, low: float, high: float) -> str:
    """Write F1 with its interval: ``.87 (.84–.90)``; alone where there is no interval."""
    return f1(value) if math.isnan(low) else f"{f1(value)} ({f1(low)}–{f1(high)})"


def points(value: float) -> str:
    """Write a difference in F1 in points, with its sign unless it is 0.0: ``+1.3``."""
    return number(100 * value, 1, sign=True)


def short_points(value: float) -> str:
    """Write points with one decimal and no leading zero: ``2.8``, ``.3``."""
    return f"{100 * value:.1f}".removeprefix("0") if value >= _NEGLIGIBLE else "0"


def half_width(value: float) -> str:
    """Write half an interval of F1 in points: ``±2.8``, or ``<0.1`` where it is less than that."""
    return f"±{100 * value:.1f}" if value >= _NEGLIGIBLE else "<0.1"


def p_value(value: float) -> str:
    """Write P as the paper does: ``<.001``, or three decimals."""
    if math.isnan(value):
        return "n/a"
    return "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def p_sign(value: float) -> str:
    """Write P with its sign of relation: ``<.001`` or ``= .012``."""
    written = p_value(value)
    return written if written.startswith("<") else f"= {written}"


def probability(value: float) -> str:
    """Write a probability; never 0 and never 1, which draws cannot show.

    Nor is one that has not crossed an edge where verdicts change rounded onto that edge: .949 is
    ``.94``, not the ``.95`` that makes a sure answer.
    """
    if value > 0.99 or value < 0.01:
        return ">.99" if value > 0.99 else "<.01"
    written = round(value, 2)
    if any(value < edge <= written for edge in _EDGES):
        written -= 0.01
    return f1(written)


def size(value: float) -> str:
    """Write a size in full: ``1,047``, or with one decimal below 10 where it is not whole."""
    if not math.isfinite(value):
        return number(value)
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def about(value: float) -> str:
    """Write a size with two significant digits: ``2,300``; ``no bound`` where infinite."""
    if not math.isfinite(value):
        return "no bound"
    if value < 10:
        return f"{value:.0f}"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.0f}"


def span(low: float, high: float) -> str:
    """Write a range of sizes: ``1,900–3,400``."""
    return about(low) if about(low) == about(high) else f"{about(low)}–{about(high)}"


def two_digits(value: float) -> str:
    """Write a ratio with two significant digits and no exponent: ``0.13``, ``4.2``, ``1,300``."""
    return f"{value:.2g}" if value < 99.5 else f"{float(f'{value:.2g}'):,.0f}"


def money(value: float) -> str:
    """Write a cost: two significant digits, and hundredths below 1."""
    return f"{value:.2f}" if 0 < value < 1 else about(value)


def hours(value: float) -> str:
    """Write a time in hours, or minutes where it is short."""
    if not math.isfinite(value):
        return "no bound"
    if value < 1.5:
        return f"{about(max(60 * value, 1.0) if value > 0 else 0.0)} min"
    return f"{about(value)} h"


def duration(seconds: float) -> str:
    """Write seconds as people say them: ``3 min 50 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
