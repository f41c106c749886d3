"""Prints what inspecting a corpus costs as it grows: seconds and megabytes, reading apart.

python bench/inspecting.py [--sizes 1000 10000 100000]

Documents are two of the bundled synthetic statements each, some ten sentences. Every size runs in a
process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import suffice
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span


def corpus(size: int) -> Corpus:
    """Return documents that are two statements each."""
    made = suffice.load_example(n=2 * size).documents
    return Corpus(tuple(_joined(*made[i : i + 2]) for i in range(0, 2 * size, 2)))


def _joined(first: Document, second: Document) -> Document:
    shift = len(first.text) + 1
    spans = (Span(s.start + shift, s.end + shift, s.label) for s in second.spans)
    return Document(first.id, f"{first.text} {second.text}", (*first.spans, *spans))


def megabytes() -> float:
    """Return the most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(size: int) -> None:
    """Inspect one corpus and print a row."""
    documents = corpus(size)
    before = megabytes()
    start = time.process_time()
    found = suffice.inspect(documents)
    seconds = time.process_time() - start
    print(
        f"{size:>9,} {found.sentences:>10,} {found.entities:>10,} {seconds:>8.1f} "
        f"{1e3 * seconds / size:>8.2f} {before:>10,.0f} {megabytes():>10,.0f}"
    )


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        measure(arguments.one)
        return
    print("documents  sentences   entities  CPU s  ms each  MB before   MB after")
    for size in arguments.sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)


if __name__ == "__main__":
    main()
