"""How many workers a study has, and which device is whose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from suffice.learners import device
from suffice.learners.base import Learner
from suffice.study.executors.local import workers


def shared_out(
    learners: Iterable[Learner],
) -> tuple[int, Callable[[int], Mapping[str, str]] | None]:
    """Return the number of workers, and what tells each of them its GPU.

    Without a GPU there is one for each core. With GPUs there is one for each of them, for the
    learners that need none, too: a second model beside the first would take its memory.

    Returns
    -------
    workers : int
    environment : callable or None
        As `LocalExecutor` takes it.
    """
    kinds = sorted({learner.device for learner in learners} - {"cpu"})
    if not kinds:
        return workers(), None
    kind: device.Kind = "cuda" if "cuda" in kinds else "mps"
    return device.slots(kind) or 1, partial(device.of_worker, kind=kind)
