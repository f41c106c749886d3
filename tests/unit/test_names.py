"""A name means one thing: no class name is defined twice."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import suffice

SOURCE = Path(suffice.__file__).parent


def defined_classes() -> dict[str, list[str]]:
    """Return the modules that define a class, by its name without leading underscores."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(str(path.relative_to(SOURCE)))
    return found


def test_class_names_are_unique() -> None:
    twice = {name: paths for name, paths in defined_classes().items() if len(paths) > 1}
    assert twice == {}
