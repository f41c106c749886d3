"""What both training loops share: batches by length, the step count, the learning rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def n_steps(epochs: int, n_batches: int, least: int, most: int) -> int:
    """Return the number of optimiser steps.

    A floor keeps small samples from being undertrained (Mosbach et al. 2021; Zhang et al. 2021),
    so that the number never falls with the sample's size; a cap keeps large ones affordable.

    Parameters
    ----------
    epochs : int
        Wanted passes over the training set.
    n_batches : int
        Batches in one pass.
    least, most : int
        Bounds; the floor wins.
    """
    return max(least, min(epochs * n_batches, most))


def rate(step: int, steps: int, warmup: float) -> float:
    """Return the factor of the learning rate: a linear rise, then a linear fall to almost zero.

    Parameters
    ----------
    step : int
        The step, counted from 0.
    steps : int
        Number of steps of the whole training.
    warmup : float
        The share of the steps in which it rises.
    """
    warm = max(1, round(warmup * steps))
    return min((step + 1) / warm, (steps - step) / max(1, steps - warm + 1), 1.0)


def n_batches(lengths: Sequence[int], size: int) -> int:
    """Return how many batches `epoch_batches` makes of items of these lengths, about."""
    return len(packed(sorted(range(len(lengths)), key=lengths.__getitem__), lengths, size))


def epoch_batches(
    lengths: Sequence[int], size: int, generator: np.random.Generator
) -> Iterator[list[int]]:
    """Yield batches of items of similar length, for ever; every epoch is shuffled anew.

    Parameters
    ----------
    lengths : sequence of int
        The lengths of each item; not empty.
    size : int
        The most that a batch may hold: its longest item's length times its number of items. An
        item that is longer by itself makes a batch of its own.
    generator : numpy.random.Generator
        Where the order comes from.

    Yields
    ------
    list of int
        The items of a batch. Every item comes once in each epoch.
    """
    known = np.asarray(lengths, dtype=np.float64)
    while True:
        # Noise in proportion to the spread of lengths: neighbours change, padding hardly grows.
        noisy = known + 4 * generator.random(len(known)) * np.sqrt(known)
        batches = packed(np.argsort(noisy, kind="stable").tolist(), lengths, size)
        for i in generator.permutation(len(batches)).tolist():
            yield batches[i]


def packed(order: Sequence[int], lengths: Sequence[int], size: int) -> list[list[int]]:
    """Return batches of items in the order given, as `epoch_batches` limits their size."""
    batches: list[list[int]] = []
    current: list[int] = []
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if current and longest * (len(current) + 1) > size:
            batches.append(current)
            current, longest = [], lengths[i]
        current.append(i)
    if current:
        batches.append(current)
    return batches
