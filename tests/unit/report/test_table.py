"""Tables of text cells."""

from __future__ import annotations

from suffice.report.table import Table


def test_columns_of_numbers_are_set_right() -> None:
    rows = (("a 1", "1,000", ".5–.6", "n/a"), ("b", "−3.5", ".1–.2", ""))
    assert Table("c", ("", "n", "i", "m"), rows).right == (False, True, False, True)
