"""Commands of other packages, installed beside suffice."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from suffice.cli.plugins import GROUP

MODULE = """
import typer
from suffice.cli.plugins import Plugin

def greet(name: str) -> None:
    "Greet somebody."
    typer.echo(f"Good morning, {name}")

several = typer.Typer(help="Two ways to part.")
several.command("bye")(lambda: typer.echo("Bye"))
several.command("later")(lambda: typer.echo("See you"))

GREET = Plugin("Corpus", greet)
PART = Plugin("Manners", several)
"""
ENTRIES = """[suffice.commands]
greet = manners:GREET
part = manners:PART
wave = manners_waving:WAVE
nod = manners:greet
"""


@pytest.fixture
def call(tmp_path):
    """Return what runs `suffice` where a package with commands of its own is installed."""
    (tmp_path / "manners.py").write_text(MODULE)
    (tmp_path / "manners_waving.py").write_text("import a_package_that_nobody_has\n")
    metadata = tmp_path / "manners-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: manners\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRIES)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "suffice.cli", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "COLUMNS": "80"},
            cwd=tmp_path,
        )

    return run


def panels(text: str) -> dict[str, list[str]]:
    """Return the names of the commands under each heading of the help."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("╭─ "):
            current = found.setdefault(line.split()[1], [])
        elif line.startswith("│ ") and line[2] != " ":
            current.append(line.split()[1])
    return found


def test_help_shows_them_in_their_panels(call) -> None:
    told = panels(call("--help").stdout)
    assert told["Corpus"] == ["inspect", "convert", "example", "greet"]
    assert told["Study"] == ["run", "status", "purge", "experiment"]
    assert told["Paper"] == ["reproduce"]
    assert told["Model"] == ["keep", "tag", "compare", "relations"]
    assert told["Manners"] == ["part"]
    assert list(told)[-3:] == ["Share", "Not", "Manners"]


def test_they_run(call) -> None:
    assert call("greet", "Ada").stdout == "Good morning, Ada\n"
    assert call("part", "later").stdout == "See you\n"


def test_one_that_lacks_a_package_says_so_and_stops_no_other(call) -> None:
    done = call("wave")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "suffice: the command 'wave' needs the package a_package_that_nobody_has, which is not "
        "installed; see how manners is installed with all that it needs"
    ]
    assert call("example", "made.jsonl").returncode == 0


def test_what_is_no_plugin_is_refused_in_one_line(call) -> None:
    done = call("nod")
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["suffice: the entry point 'nod' is no command"]


def test_the_applications_are_plugins_too() -> None:
    assert {p.name for p in entry_points(group=GROUP)} >= {"experiment", "relations", "reproduce"}
