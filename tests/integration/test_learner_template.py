"""The template of a third-party learner is installed, passes the suite and is studied."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).resolve().parents[2] / "docs" / "templates" / "learner"


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    pytest.importorskip("hatchling", reason="building the template needs hatchling")
    target = tmp_path_factory.mktemp("installed")
    copy = tmp_path_factory.mktemp("source")
    for file in TEMPLATE.rglob("*"):
        if file.is_file() and file.suffix in (".py", ".toml"):
            place = copy / file.relative_to(TEMPLATE)
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    install = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([*pip, *install, str(copy)], check=True)

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(target)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_it_passes_the_suite_as_its_own_test_says(call, tmp_path):
    done = call("-m", "pytest", "-q", str(TEMPLATE / "test_surnames.py"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_it_is_studied_by_its_name(call, tmp_path):
    example = call("-m", "suffice.cli", "example", "made.jsonl", cwd=tmp_path)
    assert example.returncode == 0, example.stderr
    study = ("-m", "suffice.cli", "run", "made.jsonl", "--learner", "surnames", "--confirm", "none")
    wrong = call(*study, "--option", "least=0", "--runs", "5", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "has one option, least" in wrong.stderr
    done = call(*study, "--option", "least=2", "--runs", "10", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Studied" in done.stdout
    assert (tmp_path / "made.suffice" / "report.html").is_file()
