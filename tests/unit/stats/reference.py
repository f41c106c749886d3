"""The cases that were computed in R, from the shared folder."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

NAMES = (
    "D01_hinge_n250_sd03",
    "D02_hinge_n250_sd08",
    "D03_hinge_n500_sd03_z",
    "D04_hinge_n2500_sd08",
    "D05_powerlaw_n250",
    "D06_linear_n250",
    "D07_ties_n240",
    "D08_eps_n250",
    "D09_tiny_n20",
    "D10_nearconst_n100",
    "D11_twopred_n250",
    "D12_collinear_n120",
)


@cache
def load(shared: Path, name: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the columns of a case and what R makes of them."""
    folder = shared / "reference"
    with (folder / f"{name}.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    return columns, json.loads((folder / f"{name}.json").read_text())
