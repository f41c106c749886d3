"""Kills commands at random moments, and compares what they make with what undisturbed ones made.

Both the command and single workers, with SIGKILL, each so many times:

    python bench/kill.py CORPUS [--what run keep density experiment] [--kills 20] [--documents 240]

A study is compared row for row, an experiment by its ledger's rows, a model by its weights and the
F1 that was measured, a density by all that it says.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import suffice
from suffice.analysis.rows import rows
from suffice.runs.ledger import FILE, Ledger

TIMING = ("train_seconds", "tag_seconds", "finished_at")


class Command(ABC):
    """A command that is killed, in a folder of its own for each round."""

    name: ClassVar[str]

    def __init__(self, folder: Path, part: Path, rest: Path, arguments: argparse.Namespace) -> None:
        self.folder = folder
        self.part = part
        self.rest = rest
        options = (word for option in arguments.option for word in ("--option", option))
        self.learner = ("--learner", arguments.learner, *options)
        self.runs = str(arguments.runs)

    @abstractmethod
    def words(self, name: str) -> list[str]:
        """Return the command's words, without ``suffice``."""

    @abstractmethod
    def result(self, name: str, output: str) -> Any:
        """Return what is compared.

        Parameters
        ----------
        name : str
            That of the round.
        output : str
            What the command printed when it finished.
        """

    def prepare(self, name: str) -> None:
        """Make what the round begins with: here no more than a place for what is cached."""
        (self.folder / f"cache-{name}").mkdir()

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start the command; what is cached for a user is cached for the round."""
        with self.output(name).open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "suffice.cli", *self.words(name)],
                stdout=file,
                env={**os.environ, "XDG_CACHE_HOME": str(self.folder / f"cache-{name}")},
            )

    def output(self, name: str) -> Path:
        """Return the file that holds what the command printed."""
        return self.folder / f"{name}.json"

    def finish(self, process: subprocess.Popen[bytes], name: str) -> Any:
        """Let the command finish, and return its result."""
        if process.wait():
            raise SystemExit(f"the command failed: {process.args!r}")
        left = list((self.folder / f"cache-{name}").glob("suffice/runs/*"))
        left += list(self.folder.rglob("*.runs"))
        if left:
            raise SystemExit(f"it leaves files: {left[:3]}")
        return self.result(name, self.output(name).read_text(encoding="utf-8"))


class Study(Command):
    """A study."""

    name = "run"

    def words(self, name: str) -> list[str]:
        """Return those of ``suffice run``."""
        study = ("--study", str(self.folder / name), "--runs", self.runs, "--confirm", "none")
        return ["run", str(self.part), *study, *self.learner, "--json"]

    def result(self, name: str, output: str) -> Any:
        """Return the table's rows, without their timing."""
        with suffice.Study.open(self.folder / name) as study:
            return [{k: v for k, v in r.items() if k not in TIMING} for r in rows(study.table())]


class Experiment(Command):
    """The density experiment."""

    name = "experiment"

    def words(self, name: str) -> list[str]:
        """Return those of ``suffice experiment density``."""
        study = ("--study", str(self.folder / name), "--runs", "54")
        return ["experiment", "density", str(self.part), *study, *self.learner, "--json"]

    def result(self, name: str, output: str) -> Any:
        """Return the ledger's rows, without their timing."""
        with Ledger(self.folder / name / FILE, read_only=True) as ledger:
            return [
                (r.id, r.status, r.error, None if r.counts is None else r.counts.tolist())
                for r in ledger.runs()
            ]


class Density(Command):
    """The density of production text."""

    name = "density"

    def words(self, name: str) -> list[str]:
        """Return those of ``suffice density``."""
        texts = (str(self.part), "--production", str(self.rest))
        return ["density", *texts, *self.learner[:2], "--json"]

    def result(self, name: str, output: str) -> Any:
        """Return what it says."""
        return json.loads(output)


class Keep(Command):
    """The best of several models."""

    name = "keep"

    def prepare(self, name: str) -> None:
        """Copy a study that is made once."""
        super().prepare(name)
        made = self.folder / "made"
        if not made.exists():
            study = ("--study", str(made), "--runs", self.runs, "--confirm", "none")
            words = ["run", str(self.part), *study, *self.learner, "--json"]
            command = [sys.executable, "-m", "suffice.cli", *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(made, self.folder / name)

    def words(self, name: str) -> list[str]:
        """Return those of ``suffice keep``."""
        return ["keep", str(self.folder / name), "--best", "--tries", "5", "--json"]

    def result(self, name: str, output: str) -> Any:
        """Return its weights, and what is known of it."""
        model = self.folder / name / "model"
        weights = {f.name: f.read_bytes() for f in sorted(model.rglob("*.safetensors"))}
        return weights, {k: v for k, v in json.loads(output).items() if k != "folder"}


COMMANDS: dict[str, type[Command]] = {c.name: c for c in (Study, Keep, Density, Experiment)}


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--what", nargs="+", default=list(COMMANDS), choices=list(COMMANDS))
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--documents", type=int, default=240)
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--option", action="append", default=[], help="NAME=VALUE; not of density")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    documents = suffice.read(arguments.corpus).documents
    equal = []
    for what in arguments.what:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            part, rest = folder / "part.jsonl", folder / "rest.jsonl"
            suffice.write(suffice.Corpus(documents[: arguments.documents]), part)
            suffice.write(suffice.Corpus(documents[-arguments.documents // 2 :]), rest)
            command = COMMANDS[what](folder, part, rest, arguments)
            equal.append(survives(command, arguments.kills, dice))
    raise SystemExit(not all(equal))


def survives(command: Command, wanted: int, dice: random.Random) -> bool:
    """Kill a command again and again; return whether it always makes the same in the end."""
    command.prepare("whole")
    start = time.monotonic()
    undisturbed = command.finish(command.start("whole"), "whole")
    whole = time.monotonic() - start
    print(f"{command.name}: undisturbed in {whole:.0f} s", flush=True)
    kills = {"parent": 0, "worker": 0}
    rounds = 1
    command.prepare("killed-1")
    process = None
    while min(kills.values()) < wanted:
        victim = min(kills, key=lambda name: (kills[name], dice.random()))
        if process is None:
            process = command.start(f"killed-{rounds}")
        try:
            process.wait(dice.uniform(0.1, 0.4 * whole))
        except subprocess.TimeoutExpired:
            if victim == "parent":
                process.kill()
                process.wait()
                process = None
                kills[victim] += 1
            elif children := worker_processes(process.pid):
                os.kill(dice.choice(children), signal.SIGKILL)
                kills[victim] += 1
            continue
        print(f"round {rounds} finished; {kills}", flush=True)
        if command.finish(process, f"killed-{rounds}") != undisturbed:
            print("IT MAKES SOMETHING ELSE")
            return False
        rounds, process = rounds + 1, None
        command.prepare(f"killed-{rounds}")
    if process is None:
        process = command.start(f"killed-{rounds}")
    same = command.finish(process, f"killed-{rounds}") == undisturbed
    print(f"killed with SIGKILL: {kills}; finished {rounds} times in spite of it")
    print("every time the same" if same else "IT MAKES SOMETHING ELSE", flush=True)
    return same


def worker_processes(parent: int) -> list[int]:
    """Return the pids of the command's workers."""
    found = subprocess.run(
        ["ps", "--ppid", str(parent), "-o", "pid=,args="], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


if __name__ == "__main__":
    main()
