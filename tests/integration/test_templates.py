"""The templates of third-party plug-ins are installed, pass their suites and are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "docs" / "templates"


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    pytest.importorskip("hatchling", reason="building the templates needs hatchling")
    target = tmp_path_factory.mktemp("installed")
    copy = tmp_path_factory.mktemp("source")
    for file in TEMPLATES.rglob("*"):
        if file.is_file() and file.suffix in (".py", ".toml"):
            place = copy / file.relative_to(TEMPLATES)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    install = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([*pip, *install, *map(str, copy.iterdir())], check=True)

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(target), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("test", sorted(TEMPLATES.glob("*/test_*.py")), ids=lambda t: t.stem)
def test_each_passes_the_suite_as_its_own_test_says(call, tmp_path, test):
    done = call("-m", "pytest", "-q", str(test), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_learner_is_studied_by_its_name(call, tmp_path):
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


def test_the_format_is_written_and_recognised(call, tmp_path):
    cli = ("-m", "suffice.cli")
    call(*cli, "example", "made.jsonl", cwd=tmp_path)
    there = call(*cli, "convert", "made.jsonl", "made.brackets", cwd=tmp_path)
    assert there.returncode == 0, there.stderr
    back = call(*cli, "convert", "made.brackets", "back.jsonl", cwd=tmp_path)
    assert back.returncode == 0, back.stderr
    made, found = ((tmp_path / n).read_text().splitlines() for n in ("made.jsonl", "back.jsonl"))
    assert len(made) == len(found) == 490
    (tmp_path / "made.brackets").write_text("[Ann|PERSON met [Acme|ORG]\n")
    wrong = call(*cli, "inspect", "made.brackets", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "line 1: has a '[' at character 17" in wrong.stderr


_STUDY = """
import suffice
corpus = suffice.load_example(n=60)
tables = []
for executor in ("pools", None):
    with suffice.create_study(corpus, "lookup", confirm=None) as study:
        found = study.run(n_runs=12, executor=executor).runs_dataframe()
        tables.append(found.drop(columns="seconds"))
assert tables[0].equals(tables[1]), tables
print(len(tables[0]))
"""
_EXPERIMENT = """
import suffice
from suffice.applications.density.experiment import density_experiment
from suffice.study.spec import LearnerSpec

found = [
    density_experiment(
        str(executor),
        suffice.load_example(n=200),
        learner=LearnerSpec(name="lookup"),
        runs=54,
        executor=executor,
    ).to_dict()
    for executor in ("pools", None)
]
assert found[0] == found[1]
print(found[0]["runs"])
"""


def test_the_executor_gives_a_study_the_same_runs(call, tmp_path):
    done = call("-c", _STUDY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "12\n"


def test_the_executor_gives_an_experiment_the_same_results(call, tmp_path):
    done = call("-c", _EXPERIMENT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "54\n"
