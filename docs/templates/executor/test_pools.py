"""The suite that every executor passes, on yours."""

from pathlib import Path

from suffice_pools import PoolExecutor

from suffice.testing import check_executor


def test_pools(tmp_path: Path) -> None:
    check_executor(PoolExecutor(), tmp_path)
