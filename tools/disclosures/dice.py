"""Random choices that repeat on every machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def items(text: str, between: str = "|") -> tuple[str, ...]:
    """Return the items that a text lists: long lists stay readable this way."""
    return tuple(text.split(between))


class Dice:
    """Choices drawn from one seeded stream.

    Everything is derived from the uniform doubles of `numpy.random.Generator.random`, and nothing
    from numpy's other distributions, whose streams may change between numpy versions.

    Parameters
    ----------
    seed : numpy.random.SeedSequence
        The seed of this stream.
    """

    def __init__(self, seed: np.random.SeedSequence) -> None:
        self._uniform = np.random.Generator(np.random.PCG64(seed)).random

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return float(self._uniform())

    def chance(self, probability: float) -> bool:
        """Return True with this probability."""
        return self._uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._uniform() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, all equally likely."""
        return items[int(self._uniform() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, each as likely as its weight says."""
        items = list(weights)
        reached = list(accumulate(weights.values()))
        point = self._uniform() * reached[-1]
        return next((i for i, r in zip(items, reached, strict=True) if point < r), items[-1])

    def several(self, items: Sequence[T], k: int) -> list[T]:
        """Return k different items in random order (all of them where there are fewer)."""
        rest = list(items)
        return [rest.pop(int(self._uniform() * len(rest))) for _ in range(min(k, len(rest)))]

    def count(self, mean: float, most: int) -> int:
        """Return 1 or more: geometric with about this mean, cut at ``most``."""
        k = 1
        while k < most and self._uniform() < 1 - 1 / mean:
            k += 1
        return k
