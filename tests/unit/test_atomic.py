"""Files appear whole or not at all, and what a killed process left is tidied away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from suffice import atomic

fcntl = pytest.importorskip("fcntl")

_WRITING = """
import sys
from pathlib import Path
from suffice import atomic

target = Path(sys.argv[2])
if sys.argv[1] == "file":
    atomic.os.fsync = lambda number: print("written", flush=True) or sys.stdin.read()
    atomic.replace(target, b"half of it")
else:
    with atomic.new_folder(target) as folder:
        (folder / "weights").write_bytes(b"half of it")
        print("written", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def writing():
    """Start processes that are in the middle of writing, and end them."""
    started = []

    def start(kind, target):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITING, kind, str(target)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        started.append(process)
        assert process.stdout.readline() == b"written\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _age(folder):
    """Let a minute pass for what lies in the folder."""
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime - 60, path.stat().st_mtime - 60))


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    monkeypatch.setattr(atomic, "_tidied", set())


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_goes_with_the_next_write(kind, tmp_path, writing):
    process = writing(kind, tmp_path / "other")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(_names(tmp_path)) == 1
    _age(tmp_path)
    atomic.replace(tmp_path / "page.html", b"whole")
    assert _names(tmp_path) == ["page.html"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_another_process_is_writing_stays_and_arrives(kind, tmp_path, writing):
    process = writing(kind, tmp_path / "other")
    _age(tmp_path)
    atomic.replace(tmp_path / "page.html", b"whole")
    assert len(_names(tmp_path)) == 2
    process.communicate(b"")
    assert process.returncode == 0
    assert _names(tmp_path) == ["other", "page.html"]
    held = tmp_path / "other" if kind == "file" else tmp_path / "other" / "weights"
    assert held.read_bytes() == b"half of it"


def test_files_of_others_stay_whatever_their_names(tmp_path):
    names = [".page.html.0123456789abcdef", ".suffice-0123456789abcdef", "a.suffice-00", ".x.swp"]
    for name in names:
        (tmp_path / name).write_text("mine")
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / ".link.suffice-0123456789abcdef").symlink_to(outside)
    _age(tmp_path)
    before = _names(tmp_path)
    with atomic.new_folder(tmp_path / "model"):
        pass
    assert _names(tmp_path) == sorted([*before, "model"])


def test_what_fails_leaves_nothing(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    with pytest.raises(OSError, match="there"):
        atomic.replace(tmp_path / "there", b"")
    with pytest.raises(RuntimeError, match="no"), atomic.new_folder(tmp_path / "model"):
        raise RuntimeError("no")
    assert _names(tmp_path) == ["there"]
