"""Which device a model is trained on: the processor, a CUDA GPU, or Apple's.

A run belongs to one device. Where a machine has several GPUs, each worker process gets one, by the
environment variable `VARIABLE`; what a run is (its id) names the kind of device only.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from suffice.errors import InputError

if TYPE_CHECKING:
    import torch

Kind = Literal["cpu", "cuda", "mps"]

VARIABLE = "SUFFICE_DEVICE"
"""Names the device of this process: ``cpu``, ``cuda``, ``cuda:1`` or ``mps``."""

_DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")


@lru_cache(maxsize=1)
def best_kind() -> Kind:
    """Return the best kind of device that torch can use here.

    Torch is not imported where a look at the machine shows that there is only the processor.

    Returns
    -------
    {"cpu", "cuda", "mps"}
        ROCm's devices go by the name ``cuda``, too.
    """
    if not _may_have_gpu():
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _may_have_gpu() -> bool:
    try:
        if version("torch").endswith("+cpu"):
            return False
    except PackageNotFoundError:
        return False
    if sys.platform.startswith("linux"):
        return any(Path(driver).exists() for driver in _DRIVERS)
    return True


def kind_here() -> Kind:
    """Return the kind that `VARIABLE` names, else the best one.

    Raises
    ------
    InputError
        The variable names no device.
    """
    named = os.environ.get(VARIABLE, "").strip()
    return _parsed(named)[0] if named else best_kind()


def _parsed(named: str) -> tuple[Kind, int | None]:
    kind, colon, number = named.partition(":")
    if kind == "cuda" and (not colon or number.isdecimal()):
        return "cuda", int(number) if colon else None
    if named == "cpu":
        return "cpu", None
    if named == "mps":
        return "mps", None
    raise InputError(
        f"the environment variable {VARIABLE} names no device: {named!r}",
        remedy="it may be cpu, cuda, cuda:0, cuda:1 and so on, or mps",
    )


def run_device(kind: Kind) -> torch.device:
    """Return the device on which a run that asks for this kind shall be in this process.

    Raises
    ------
    InputError
        There is no such device, or the one named by `VARIABLE` is of another kind.
    """
    import torch

    named = os.environ.get(VARIABLE, "").strip()
    number = None
    if named and kind != "cpu":
        given, number = _parsed(named)
        if given != kind:
            raise InputError(
                f"the learner is set to the device {kind!r}, but {VARIABLE} is {named!r}",
                remedy=f"unset it, or give the learner the option device={given}",
            )
    if kind == "cuda" and not torch.cuda.is_available():
        raise InputError("torch sees no CUDA GPU here", remedy="use the option device=auto")
    if kind == "mps" and not torch.backends.mps.is_available():
        raise InputError("torch sees no Apple GPU here", remedy="use the option device=auto")
    count = torch.cuda.device_count()
    if number is not None and number >= count:
        raise InputError(f"{VARIABLE} is {named!r}, but torch sees {count} GPUs")
    return torch.device(kind) if number is None else torch.device(kind, number)


def slots(kind: Kind) -> int | None:
    """Return how many runs fit beside each other: one for each GPU.

    Returns
    -------
    int or None
        None for the processor, where the number of cores decides.
    """
    if kind == "cpu":
        return None
    if kind == "mps":
        return 1
    import torch

    return max(1, torch.cuda.device_count())


def worker_environment(number: int, kind: Kind) -> dict[str, str]:
    """Return what the environment of a worker process must say, so that GPUs are shared out.

    Parameters
    ----------
    number : int
        The number of the worker, from 0.
    kind : {"cpu", "cuda", "mps"}
        What the study's learner runs on.

    Returns
    -------
    dict
        The environment variable and its value; empty for the processor.

    Examples
    --------
    >>> of_worker(0, "cpu"), of_worker(0, "mps")
    ({}, {'SUFFICE_DEVICE': 'mps'})
    """
    if kind == "cpu":
        return {}
    if kind == "mps":
        return {VARIABLE: "mps"}
    return {VARIABLE: f"cuda:{number % (slots(kind) or 1)}"}


def gpu_number_format() -> Literal["bfloat16", "float16"]:
    """Return the number format for mixed precision on this machine's CUDA GPU."""
    import torch

    if not torch.cuda.is_available():
        return "bfloat16"  # Only planned here: every GPU since 2020 has it.
    return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
