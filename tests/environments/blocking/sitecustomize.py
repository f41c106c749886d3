"""Hide top-level modules, and their distributions, from Python and the processes it starts.

Put this folder on ``PYTHONPATH`` and name the modules in ``SUFFICE_TEST_HIDDEN``, with commas.
"""

from __future__ import annotations

import os
import sys

HIDDEN = frozenset(filter(None, os.environ.get("SUFFICE_TEST_HIDDEN", "").split(",")))


class Hiding:
    """A finder that does not find what is hidden."""

    def __init__(self, finder):
        self._finder = finder

    def __getattr__(self, name):
        return getattr(self._finder, name)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            return None
        return self._finder.find_spec(name, path, target)

    def find_distributions(self, *args, **kwargs):
        find = getattr(self._finder, "find_distributions", lambda *args, **kwargs: ())
        for distribution in find(*args, **kwargs):
            modules = (distribution.read_text("top_level.txt") or distribution.name).split()
            if not HIDDEN.intersection(module.replace("-", "_") for module in modules):
                yield distribution


if HIDDEN:
    sys.meta_path[:] = [Hiding(finder) for finder in sys.meta_path]
