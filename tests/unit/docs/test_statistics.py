"""The examples of docs/statistics.md run, assert what holds, and leave out no public function."""

from __future__ import annotations

import doctest
import re
import sys
from pathlib import Path

import pytest

from suffice import stats

PAGE = Path(__file__).resolve().parents[3] / "docs" / "statistics.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(BLOCKS) >= 7
    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, str(PAGE), "exec"), names)
    printed = capsys.readouterr().out
    for words in ("standardised", "An analysis of variance cannot", "100 more sentences add"):
        assert words in printed


@pytest.mark.parametrize("name", [name for name in dir(stats) if name.islower()])
def test_every_public_function_has_an_example_and_a_place_in_the_table(name: str) -> None:
    assert any(f"{name}(" in block for block in BLOCKS)
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")


def test_public_names_are_the_only_ones_that_are_listed() -> None:
    assert not [name for name in dir(stats) if name.startswith("_")]
    assert all(hasattr(stats, name) for name in dir(stats))


def test_examples_in_docstrings() -> None:
    modules = {getattr(stats, name).__module__ for name in dir(stats)} | {"suffice.stats"}
    found = [doctest.testmod(sys.modules[module]) for module in sorted(modules)]
    assert sum(tried for _, tried in found) > 10
    assert not any(failed for failed, _ in found)
