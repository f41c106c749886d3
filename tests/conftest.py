"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# First calls import heavy libraries, so that no deadline holds; in CI the same cases every time.
settings.register_profile("suffice", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suffice")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real corpora and reference values; skip where it is absent."""
    folder = Path(os.environ.get("SUFFICE_SHARED", ROOT.parent / "shared"))
    if not (folder / "corpora").is_dir() or not (folder / "reference").is_dir():
        pytest.skip("the shared folder of corpora and reference values is not here")
    return folder
