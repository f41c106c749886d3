"""Public names that are imported when they are first used.

A package lists them once, in the stub beside its ``__init__.py``: type checkers read it as it is,
`attach` reads the same lines (SPEC 1, https://scientific-python.org/specs/spec-0001).
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # `typing` takes time to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def attach(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package with a stub.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    file : str
        Its ``__file__``. The stub has the same name with the ending ``.pyi``, and names a line:
        ``from module import name as public_name``.
    """
    places: dict[str, tuple[str, str]] = {}
    with open(file + "i", encoding="utf-8") as stub:  # noqa: PTH123 (pathlib takes time to import)
        for line in stub:
            if line.startswith("from "):
                _, module, _, name, _, public = line.split()
                places[public] = module, name

    def __getattr__(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, attribute = places[name]
        if module == package:  # a package in it
            return import_module(f"{package}.{attribute}")
        value = getattr(import_module(module), attribute)
        setattr(sys.modules[package], name, value)
        return value

    return __getattr__, lambda: sorted(places), sorted(places)
