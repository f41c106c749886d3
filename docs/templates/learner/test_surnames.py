"""The suite that every learner passes, on yours."""

from pathlib import Path

from suffice_surnames import Surnames

from suffice.testing import check_learner


def test_surnames(tmp_path: Path) -> None:
    check_learner(Surnames, tmp_path)
