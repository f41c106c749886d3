"""How much text a budget of time takes in, and how much time some text takes."""

from __future__ import annotations

import math

from suffice.runs.executors.devices import count_cores

ENCODING_SHARE = 0.25
"""The part of a budget that encoding is expected to take."""

TOKENS_PER_SECOND = 1000
"""What a core encodes at the least."""

LEAST_TOKENS = 20_000
"""No budget takes in less text than this."""

_ROUND = (60, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600)
"""Seconds that are easy to say; beyond them, whole hours."""


def tokens_within(budget: float) -> int:
    """Return the tokens of text that are studied within a budget of so many seconds."""
    return max(LEAST_TOKENS, round(ENCODING_SHARE * budget * count_cores() * TOKENS_PER_SECOND))


def budget_for(tokens: int, least: float = 0.0) -> str:
    """Return the budget that takes in so much text, as ``--budget`` takes it: ``"5m"``.

    Parameters
    ----------
    tokens : int
        Number of tokens in the whole corpus.
    least : float
        Seconds that it must be longer than: what a study has had, or what encoding has taken.

    Examples
    --------
    >>> budget_for(1)
    '1m'
    """
    needed = max(least + 1, tokens / (ENCODING_SHARE * count_cores() * TOKENS_PER_SECOND))
    seconds = next((s for s in _ROUND if s >= needed), 3600 * math.ceil(needed / 3600))
    return f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds // 60}m"
