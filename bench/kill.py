"""Kills a study at random moments and compares its table with an undisturbed one, row for row.

Real corpus, real probe, both the parent and single workers with SIGKILL:

    python bench/kill.py CORPUS [--runs 12] [--kills 20] [--documents 240]
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
                *("--confirm", "none", "--json"),
            ]

        start = time.monotonic()
        subprocess.run(command("whole"), check=True, stdout=subprocess.DEVNULL)
        whole = time.monotonic() - start
        print(f"undisturbed: {arguments.runs} runs in {whole:.0f} s", flush=True)

        parents = workers = 0
        while parents + workers < arguments.kills:
            process = subprocess.Popen(command("killed"), stdout=subprocess.DEVNULL)
            time.sleep(dice.uniform(1, 0.15 * whole))
            children = worker_processes(process.pid)
            if children:
                os.kill(dice.choice(children), signal.SIGKILL)
                workers += 1
            time.sleep(dice.uniform(0, 0.15 * whole))
            if process.poll() is not None:
                print("finished before it was killed", flush=True)
                break
            process.kill()
            process.wait()
            parents += 1
            done = runs_of(folder / "killed")
            print(f"killed: parent {parents}, workers {workers}; {done} runs kept", flush=True)
        subprocess.run(command("killed"), check=True, stdout=subprocess.DEVNULL)
        first, second = table(folder / "whole"), table(folder / "killed")
        print(f"parent killed {parents} times, workers {workers} times")
        print("tables equal row for row" if first == second else "TABLES DIFFER")
        raise SystemExit(first != second)


def worker_processes(parent: int) -> list[int]:
    """Return the pids of the study's workers."""
    found = subprocess.run(
        ["ps", "--ppid", str(parent), "-o", "pid=,args="], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


def runs_of(folder: Path) -> int:
    """Return how many runs a study has kept."""
    try:
        with suffice.Study.open(folder) as study:
            return len(study.table().rows)
    except suffice.StudyError:
        return 0


def table(folder: Path) -> list[dict[str, object]]:
    """Return a study's rows without their timing."""
    with suffice.Study.open(folder) as study:
        return [{k: v for k, v in r.items() if k not in TIMING} for r in rows(study.table())]


if __name__ == "__main__":
    main()
