"""Kills a study at random moments and compares its table with an undisturbed one, row for row.

Both the parent and single workers, with SIGKILL, each so many times:

    python bench/kill.py CORPUS [--runs 12] [--kills 20] [--documents 240] [--learner probe]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import suffice
from suffice.analysis.rows import rows

TIMING = ("train_seconds", "tag_seconds", "finished_at")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--documents", type=int, default=240)
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        part = folder / "part.jsonl"
        documents = suffice.read(arguments.corpus).documents[: arguments.documents]
        suffice.write(suffice.Corpus(documents), part)

        def command(study: str) -> list[str]:
            return [
                *(sys.executable, "-m", "suffice.cli", "run", str(part)),
                *("--study", str(folder / study), "--runs", str(arguments.runs)),
                *("--learner", arguments.learner, "--confirm", "none", "--json"),
            ]

        start = time.monotonic()
        subprocess.run(command("whole"), check=True, stdout=subprocess.DEVNULL)
        whole = time.monotonic() - start
        print(f"undisturbed: {arguments.runs} runs in {whole:.0f} s", flush=True)

        kills = {"parent": 0, "worker": 0}
        rounds = 1
        process = None
        while min(kills.values()) < arguments.kills:
            victim = min(kills, key=lambda name: (kills[name], dice.random()))
            if process is None:
                process = subprocess.Popen(command(f"killed-{rounds}"), stdout=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.1, 0.4 * whole))
            if process.poll() is not None:
                print(f"round {rounds} finished; {kills}", flush=True)
                rounds, process = rounds + 1, None
            elif victim == "parent":
                process.kill()
                process.wait()
                process = None
                kills[victim] += 1
            elif children := worker_processes(process.pid):
                os.kill(dice.choice(children), signal.SIGKILL)
                kills[victim] += 1
        if process is not None:
            process.wait()
        subprocess.run(command(f"killed-{rounds}"), check=True, stdout=subprocess.DEVNULL)
        first = table(folder / "whole")
        equal = [first == table(folder / f"killed-{i + 1}") for i in range(rounds)]
        print(f"killed with SIGKILL: {kills}; {rounds} studies finished in spite of it")
        print("tables equal row for row" if all(equal) else f"TABLES DIFFER: {equal}")
        raise SystemExit(not all(equal))


def worker_processes(parent: int) -> list[int]:
    """Return the pids of the study's workers."""
    found = subprocess.run(
        ["ps", "--ppid", str(parent), "-o", "pid=,args="], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


def table(folder: Path) -> list[dict[str, object]]:
    """Return a study's rows without their timing."""
    with suffice.Study.open(folder) as study:
        return [{k: v for k, v in r.items() if k not in TIMING} for r in rows(study.table())]


if __name__ == "__main__":
    main()
