"""Environments that hold less than is installed here."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent


def brought(extra: str) -> set[str]:
    """Return the distributions that ``pip install suffice[extra]`` brings, by metadata."""
    todo, seen = [("suffice", extra)], set()
    while todo:
        name, wanted = todo.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue
        for needed in map(Requirement, lines):
            if needed.marker is None or needed.marker.evaluate({"extra": wanted}):
                todo += [(canonicalize_name(needed.name), more) for more in ("", *needed.extras)]
    return {canonicalize_name(name) for name, _ in seen}


def hidden(extra: str) -> list[str]:
    """Return the top-level modules here that ``pip install suffice[extra]`` does not bring."""
    there = brought(extra)
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if module.isidentifier() and not any(canonicalize_name(o) in there for o in owners)
    )


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    """Return what makes environment variables for Python without some modules."""

    def made(*modules: str, extra: str | None = None) -> dict[str, str]:
        names = [*modules, *(() if extra is None else hidden(extra))]
        path = [str(HERE / "blocking"), os.environ.get("PYTHONPATH", "")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "SUFFICE_TEST_HIDDEN": ",".join(names),
            "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }

    return made
