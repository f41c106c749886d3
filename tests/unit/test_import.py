"""Importing suffice takes nothing heavy with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "spacy", "pandas", "matplotlib", "statsmodels", "scipy")


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import suffice", HEAVY),
        ("import suffice.corpus; suffice.read", HEAVY),
        ("from suffice.stats import threshold, regress", ("torch", "statsmodels")),
        ("import suffice.cli.app", ("torch", "transformers", "spacy")),
        ("import suffice; suffice.analyse, suffice.advise, suffice.Study", ("torch", "spacy")),
    ],
)
def test_nothing_heavy(statement, absent):
    code = f"import sys; {statement}; print(*[m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_public_name_is_there():
    code = "import suffice; [getattr(suffice, name) for name in suffice.__all__]"
    subprocess.run([sys.executable, "-c", code], check=True)
