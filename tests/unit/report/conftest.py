"""Simulated studies and their pages, made once."""

from __future__ import annotations

from types import ModuleType

import pytest
from markupsafe import Markup

from suffice.advice.result import Advice
from suffice.report.page import PageFigure, PageFigures, render
from suffice.study.table import RunTable
from tests.unit.report import sample as made


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    return made


@pytest.fixture(scope="session")
def runs(sample: ModuleType) -> RunTable:
    return sample.table()


@pytest.fixture(scope="session")
def advice(sample: ModuleType, runs: RunTable) -> Advice:
    return sample.advice(runs)


@pytest.fixture(scope="session")
def page(advice: Advice, runs: RunTable) -> str:
    return render(advice, runs, "0.1.0")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave figures out, which take most of the time, where a test is about something else."""

    def add(drawn: PageFigures, name: str, *_: object, **__: object) -> PageFigure:
        return drawn.setdefault(name, PageFigure(name, Markup(""), Markup("")))

    monkeypatch.setattr(PageFigures, "add", add)
