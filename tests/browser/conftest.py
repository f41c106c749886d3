"""What the browser's tests share: a browser, and simulated pages."""

from __future__ import annotations

import shutil
from types import ModuleType

import pytest

from tests.unit.report import sample as made


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
    return made
