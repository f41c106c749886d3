"""Prints how many pieces the bundled backbone cuts a word into, for each corpus.

python bench/pieces.py [--shared ../shared]
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import suffice
from suffice.learners.words import pieces_per_word


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    arguments = parser.parse_args()
    for path in sorted((arguments.shared / "corpora").glob("*.jsonl.gz")):
        documents = suffice.read(path).documents
        print(f"{path.name:32} {pieces_per_word(documents[:400]):.2f}")


if __name__ == "__main__":
    main()
