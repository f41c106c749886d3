"""Simulated studies and their pages, made once."""

from __future__ import annotations

from types import ModuleType

import pytest

from suffice.advice.result import Advice
from suffice.report.page import render
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
