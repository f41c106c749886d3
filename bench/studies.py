"""Runs `suffice run` on real corpora as a user would, and prints what each verdict says.

python bench/studies.py [--shared ../shared] [--budget 5m] [--out DIR] [NAME ...]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

NAMES = ("grobid_funding_ack", "ncbi_disease", "crossner_politics", "nubes_es")
TARGETS = {"grobid_funding_ack": "0.85", "ncbi_disease": "0.85", "crossner_politics": "0.8"}


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=NAMES)
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--budget", default="5m")
    parser.add_argument("--out", type=Path, default=Path("bench-studies"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names:
        start = time.monotonic()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "suffice.cli", "run"),
                str(arguments.shared / "corpora" / f"{name}.jsonl.gz"),
                *("--study", str(arguments.out / f"{name}.suffice")),
                *("--budget", arguments.budget, "--json"),
                *("--target-f1", TARGETS.get(name, "0.8")),
            ],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        print(f"\n{name}: {found['verdict']} ({time.monotonic() - start:.0f} s)")
        print(found["headline"])
        for about, line in found["lines"]:
            print(f"  {about:9} {line}")
        parts = {k: round(100 * v, 1) for k, v in found["parts"].items()}
        print(f"  half-widths in points: {parts}", flush=True)


if __name__ == "__main__":
    main()
