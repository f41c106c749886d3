"""What the browser's tests share: a browser, and simulated pages."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

SAMPLE = Path(__file__).parent.parent / "unit" / "report" / "sample.py"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's path; skip where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium or Chrome is installed")


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("suffice_report_sample_browser", SAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
