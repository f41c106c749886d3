"""Simulated studies and their pages, made once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from suffice.advice.result import Advice
from suffice.report.page import render
from suffice.study.table import RunTable


def _load() -> ModuleType:
    name = "suffice_report_sample"
    if name not in sys.modules:
        path = Path(__file__).with_name("sample.py")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    return _load()


@pytest.fixture(scope="session")
def runs(sample: ModuleType) -> RunTable:
    return sample.table()


@pytest.fixture(scope="session")
def advice(sample: ModuleType, runs: RunTable) -> Advice:
    return sample.advice(runs)


@pytest.fixture(scope="session")
def page(advice: Advice, runs: RunTable) -> str:
    return render(advice, runs, "0.1.0")
