"""How far a row is to be trusted: what its rule got right on the held-out half of the test set."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def rules() -> dict[str, dict[str, float]]:
    """Return for each rule its rows (``rows``), right ones (``right``) and ``confidence``."""
    text = (
        files("suffice.applications.relations")
        .joinpath("confidence.toml")
        .read_text(encoding="utf-8")
    )
    return tomllib.loads(text)


def confidence(rule: str) -> float:
    """Return the confidence of a rule's rows, in [0, 1]; of one never measured, 0."""
    return rules().get(rule, {}).get("confidence", 0.0)
