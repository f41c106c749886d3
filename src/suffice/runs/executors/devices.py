"""How many workers this machine has, and which device is whose."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from suffice.learners import device
from suffice.learners.base import Learner


def count_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def choose_device(learners: Iterable[Learner]) -> device.Kind:
    """Return the kind of device that all workers get: a GPU where any learner uses one.

    Learners that need none share it: a second model at the same time would take its memory.
    """
    kinds = {learner.device for learner in learners}
    if "cuda" in kinds:
        return "cuda"
    return "mps" if "mps" in kinds else "cpu"


def count_workers(kind: device.Kind) -> int:
    """Return the number of workers for a kind of device: one for each core, or for each GPU."""
    if kind == "cpu":
        return count_cores()
    return device.slots(kind) or 1


def assign_devices(kind: device.Kind, workers: int) -> Callable[[int], Mapping[str, str]] | None:
    """Return what gives each worker, by its number, the environment that names its own GPU.

    Parameters
    ----------
    kind : {"cpu", "cuda", "mps"}
        What the work runs on.
    workers : int
        How many there are. One alone uses the GPU that the user's environment names.

    Returns
    -------
    callable or None
        None where there is none to be assigned.
    """
    if kind == "cpu":
        return None
    if workers == 1 and os.environ.get(device.VARIABLE):
        return lambda number: {}
    return partial(device.worker_environment, kind=kind)
