"""Workers on this machine: every task is done once, whatever happens to its process."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from suffice.errors import InputError
from suffice.runs.executors import process
from suffice.runs.executors.base import Task
from suffice.runs.executors.local import LocalExecutor


def local(workers, context, **settings):
    executor = LocalExecutor(workers, **settings)
    executor.start(context)
    return executor


def named(contents, limit=None):
    return [Task(str(i), content, limit) for i, content in enumerate(contents)]


def square(context, task):
    return context + task * task


def add_up(context, task):
    return context.sum() + task


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
    with local(workers, 100) as executor:
        outcomes = list(executor.map(square, named(range(20))))
        assert sorted(o.result for o in outcomes) == [100 + i * i for i in range(20)]
        assert all(o.result == 100 + int(o.id) ** 2 and not o.error for o in outcomes)
        # The same processes take more work.
        assert [o.result for o in executor.map(square, named([7]))] == [149]


def test_an_interrupt_does_not_reach_a_process_that_is_just_starting():
    worker, connection = process.start(None, {})
    for _ in range(20):
        os.kill(worker.pid, signal.SIGINT)
        time.sleep(0.005)
    connection.send(100)
    connection.send((square, 7))
    assert [connection.recv(), connection.recv()] == [process.READY, (149, "")]
    connection.close()
    worker.join(30)
    assert worker.exitcode == 0


def test_a_killed_process_is_replaced_and_its_task_done_again(tmp_path):
    tasks = [("a", 4, signal.SIGKILL), ("b", 0, 0), ("c", 1, signal.SIGSEGV)]
    with local(2, str(tmp_path)) as executor:
        outcomes = {tasks[int(o.id)][0]: o for o in executor.map(crash, named(tasks))}
    assert {name: o.result for name, o in outcomes.items()} == {"a": "a", "b": "b", "c": "c"}


def test_a_process_that_is_killed_while_it_starts_is_replaced_even_with_a_large_context():
    """Python itself would wait for ever for a process that dies with its arguments unread."""
    context = np.zeros(10_000_000)
    executor = local(1, context)
    killed = []

    def tasks():
        killed.append(threading.Timer(0.2, lambda: executor._workers[0].process.kill()))
        killed[0].start()
        yield from named([7])

    with executor:
        (outcome,) = executor.map(add_up, tasks())
    assert killed
    assert outcome.result == 7


def test_a_task_that_keeps_crashing_fails_and_the_others_do_not(tmp_path):
    tasks = [("a", 9, signal.SIGSEGV), ("b", 0, 0), ("c", 0, 0)]
    with local(2, str(tmp_path)) as executor:
        outcomes = {tasks[int(o.id)][0]: o for o in executor.map(crash, named(tasks))}
    assert "exit code -11" in outcomes["a"].error
    assert outcomes["b"].result == "b"
    assert outcomes["c"].result == "c"


def test_errors_tell_the_place_and_never_a_message_that_could_hold_text():
    with local(1, None) as executor:
        outcomes = {
            o.id: o.error for o in executor.map(fail, [Task(t, t) for t in ("ours", "theirs")])
        }
    assert "a setting is wrong; mend it" in outcomes["ours"]
    assert outcomes["theirs"].startswith("KeyError")
    assert "test_executor.py" in outcomes["theirs"]
    assert "patient" not in outcomes["theirs"]


def test_at_the_deadline_what_is_not_finished_is_given_up():
    with local(2, None) as executor:
        list(executor.map(slow, named([0, 0])))  # the processes are there
        outcomes = list(executor.map(slow, named([0.1, 60]), seconds=1.0))
        assert [o.result for o in outcomes] == [0.1]
        assert [o.result for o in executor.map(slow, named([0.2]))] == [0.2]


def test_at_least_one_worker():
    with pytest.raises(ValueError, match="at least one"):
        LocalExecutor(0)


def fill(context, task):
    """Take memory, a piece at a time, as a learner would that holds on to everything."""
    held = []
    for _ in range(task):
        held.append(bytearray(64 * 1024 * 1024))
    return len(held)


def start_a_program(context, task):
    with subprocess.Popen(["sleep", "300"]) as program:
        Path(task).write_text(str(program.pid))
    return


def test_a_task_that_hangs_fails_and_the_others_do_not():
    contents = [60, 0.1, 0.2, 0]
    with local(2, None) as executor:
        outcomes = {contents[int(o.id)]: o for o in executor.map(slow, named(contents, 3))}
    assert "longer than 3 s" in outcomes[60].error
    assert [outcomes[t].result for t in (0.1, 0.2, 0)] == [0.1, 0.2, 0]


def test_a_hanging_task_takes_the_programs_it_started_with_it(tmp_path):
    file = tmp_path / "pid"
    with local(1, None) as executor:
        (outcome,) = executor.map(start_a_program, named([str(file)], 3))
    assert outcome.error
    status = Path(f"/proc/{file.read_text()}/status")
    for _ in range(50):  # whoever adopts it reaps it a little later
        if not status.exists() or "State:\tZ" in status.read_text():
            return
        time.sleep(0.1)
    raise AssertionError("the program outlived its task")


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="limits are Linux's")
def test_a_task_that_fills_the_memory_fails_and_the_others_do_not(monkeypatch):
    monkeypatch.setattr(process, "memory", lambda: 2**30)
    with local(1, None) as executor:
        outcomes = {int(o.id): o for o in executor.map(fill, [Task(str(n), n) for n in (100, 2)])}
    assert outcomes[100].error.startswith("MemoryError")
    assert outcomes[2].result == 2


def own_device(context, task):
    time.sleep(0.3)
    return os.environ.get("SUFFICE_DEVICE")


def test_each_worker_has_a_gpu_of_its_own_and_a_new_one_takes_its_place():
    from suffice.learners.device import VARIABLE

    with local(2, None, environment=lambda i: {VARIABLE: f"cuda:{i}"}) as executor:
        found = [o.result for o in executor.map(own_device, named(range(4)))]
        assert sorted(set(found)) == ["cuda:0", "cuda:1"]
        executor._workers[0].process.kill()
        assert sorted({o.result for o in executor.map(own_device, named(range(4)))}) == [
            "cuda:0",
            "cuda:1",
        ]
    assert VARIABLE not in os.environ


def test_one_worker_uses_the_device_that_the_user_names(monkeypatch):
    from suffice.learners.device import VARIABLE
    from suffice.runs.executors.devices import assign_devices

    assert assign_devices("cpu", 3) is None
    assert assign_devices("mps", 1)(0) == {VARIABLE: "mps"}
    monkeypatch.setenv(VARIABLE, "cuda:3")
    assert assign_devices("cuda", 1)(0) == {}
    assert assign_devices("mps", 2)(1) == {VARIABLE: "mps"}
