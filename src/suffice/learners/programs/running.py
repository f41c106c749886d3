"""Run a program that may hang, and leave nothing of it behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from suffice.errors import InputError

_WATCH = "import os,sys; sys.stdin.read(); os.killpg(int(sys.argv[1]), 9)"
"""Ends a group of processes when this process is gone, however it went: its pipe closes then."""


def run(arguments: Sequence[str], timeout: float) -> None:
    """Run a program to its end.

    What it prints is thrown away, since it could be text of documents. It runs in a group of
    processes of its own, which is killed when the time is up, when the program has ended, and when
    this process is killed.

    Parameters
    ----------
    arguments : sequence of str
        The program and its arguments; no shell reads them.
    timeout : float
        The timeout, in seconds.

    Raises
    ------
    InputError
        It cannot be started, takes too long, or ends with another exit code than 0.
    """
    name = os.path.basename(arguments[0])  # noqa: PTH119 - a name for people, not a path
    try:
        program = subprocess.Popen(
            list(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise InputError(
            f"the command {name!r} cannot be started: {error.strerror or 'unknown reason'}",
            remedy="check its name and that it may be run",
        ) from None
    watch = subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", _WATCH, str(program.pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = program.wait(timeout)
    except subprocess.TimeoutExpired:
        raise InputError(
            f"the command {name!r} took longer than its {timeout:g} seconds and was killed",
            remedy="give it more with `options` timeout=SECONDS",
        ) from None
    finally:
        watch.kill()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        watch.wait()
        if watch.stdin is not None:
            watch.stdin.close()
    if code:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        raise InputError(
            f"the command {name!r} {how}",
            remedy="its messages are not kept, since they could hold text: let it write them to a "
            "file, as sh -c 'program ... 2>>messages'",
        )
