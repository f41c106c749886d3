"""Workers on this machine: every task is done once, whatever happens to its process."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from suffice.errors import InputError
from suffice.study.executors.local import LocalExecutor


def square(context, task):
    return context + task * task


def crash(context, task):
    """Die the first so many times, told apart by files in the context's folder."""
    name, times, how = task
    for i in range(times):
        mark = Path(context) / f"{name}-{i}"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), how)
            time.sleep(10)
    return name


def fail(context, task):
    if task == "ours":
        raise InputError("a setting is wrong", remedy="mend it")
    raise KeyError("the text of a patient")


def slow(context, task):
    time.sleep(task)
    return task


@pytest.mark.parametrize("workers", [1, 3])
def test_every_task_once(workers):
    with LocalExecutor(workers, 100) as executor:
        outcomes = list(executor.map(square, range(20)))
        assert sorted(o.result for o in outcomes) == [100 + i * i for i in range(20)]
        assert all(o.result == 100 + o.task**2 and not o.error for o in outcomes)
        # The same processes take more work.
        assert [o.result for o in executor.map(square, [7])] == [149]


def test_a_killed_process_is_replaced_and_its_task_done_again(tmp_path):
    tasks = [("a", 4, signal.SIGKILL), ("b", 0, 0), ("c", 1, signal.SIGSEGV)]
    with LocalExecutor(2, str(tmp_path)) as executor:
        outcomes = {o.task[0]: o for o in executor.map(crash, tasks)}
    assert {name: o.result for name, o in outcomes.items()} == {"a": "a", "b": "b", "c": "c"}


def test_a_task_that_keeps_crashing_fails_and_the_others_do_not(tmp_path):
    tasks = [("a", 9, signal.SIGSEGV), ("b", 0, 0), ("c", 0, 0)]
    with LocalExecutor(2, str(tmp_path)) as executor:
        outcomes = {o.task[0]: o for o in executor.map(crash, tasks)}
    assert "exit code -11" in outcomes["a"].error
    assert outcomes["b"].result == "b"
    assert outcomes["c"].result == "c"


def test_errors_tell_the_place_and_never_a_message_that_could_hold_text():
    with LocalExecutor(1, None) as executor:
        outcomes = {o.task: o.error for o in executor.map(fail, ["ours", "theirs"])}
    assert "a setting is wrong; mend it" in outcomes["ours"]
    assert outcomes["theirs"].startswith("KeyError")
    assert "test_executor.py" in outcomes["theirs"]
    assert "patient" not in outcomes["theirs"]


def test_at_the_deadline_what_is_not_finished_is_given_up():
    with LocalExecutor(2, None) as executor:
        list(executor.map(slow, [0, 0]))  # the processes are there
        outcomes = list(executor.map(slow, [0.1, 60], deadline=time.monotonic() + 1.0))
        assert [o.result for o in outcomes] == [0.1]
        assert [o.result for o in executor.map(slow, [0.2])] == [0.2]


def test_at_least_one_worker():
    with pytest.raises(ValueError, match="at least one"):
        LocalExecutor(0, None)
