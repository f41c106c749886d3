"""suffice where not everything is installed: the main commands work, or name the extra."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import suffice
from suffice.optional import EXTRAS

HERE = Path(__file__).parent
SOURCE = Path(suffice.__file__).parent

_IMPORT_ALL = """
import importlib, pkgutil, suffice
for module in pkgutil.walk_packages(suffice.__path__, "suffice."):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            print(module.name, error.name.partition(".")[0])
"""

_MAY_NEED = {
    "torch": ("suffice.learners.",),
    "transformers": ("suffice.learners.",),
    "tokenizers": ("suffice.learners.spacy.",),
    "safetensors": ("suffice.learners.",),
    "thinc": ("suffice.learners.spacy.",),
    "srsly": ("suffice.learners.spacy.",),
    "sentencex": ("suffice.corpus.splitters.sentencex",),
}
"""Modules that may import an optional package when they are imported; others do it when called."""

_NOT_FOR_USERS = ("test", "lint", "bench")


def modules_without(env):
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL], env=env, capture_output=True, text=True, check=True
    )
    return [tuple(line.split()) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("with_train", [True, False])
def test_every_module_without_optional_packages(environment, with_train):
    """Only the modules of a learner or splitter itself cannot be imported, for no other reason."""
    absent = [module for module, extra in EXTRAS.items() if (extra == "train") != with_train]
    for module, needed in modules_without(environment(*absent)):
        assert needed in absent, (module, needed)
        assert module.startswith(_MAY_NEED.get(needed, ())), (module, needed)


@pytest.mark.parametrize("extra", ["", "train"], ids=["core", "train"])
def test_main_commands(environment, extra):
    """In one process for all of them; on any traceback, and on a wrong exit code, it fails."""
    done = subprocess.run(
        [sys.executable, str(HERE / "main_commands.py"), extra or "core"],
        env=environment(extra=extra), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def test_extras_are_those_of_the_metadata():
    """Each requirement of an extra is known by its module, and each module's extra exists."""
    names = {"protobuf": "google", "scikit-learn": "sklearn"}
    wanted = {}
    for line in requires("suffice") or ():
        needed = Requirement(line)
        if needed.marker is None or needed.name == "suffice":
            continue
        extra = str(needed.marker).rpartition("==")[2].strip(" \"'")
        if extra not in _NOT_FOR_USERS:
            wanted[names.get(needed.name, needed.name.replace("-", "_"))] = extra
    assert wanted.items() <= EXTRAS.items()
    assert set(EXTRAS.values()) == set(wanted.values())


def test_every_import_is_of_a_dependency_or_of_an_optional_package():
    """A package that is imported anywhere is one that suffice requires, or that `EXTRAS` names."""
    required = {
        Requirement(line).name.replace("-", "_")
        for line in requires("suffice") or ()
        if Requirement(line).marker is None
    }
    # markupsafe is how jinja2 writes HTML, and comes with it.
    known = required | set(EXTRAS) | sys.stdlib_module_names | {"suffice", "markupsafe"}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found = {(node.module or "").partition(".")[0]}
            else:
                continue
            assert found <= known, (file.name, node.lineno, found - known)
