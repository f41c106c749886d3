"""Prints what inspecting a corpus costs as it grows: seconds and megabytes, reading apart.

python bench/inspecting.py [--sizes 1000 10000 100000]

Documents are two of the bundled synthetic statements each, some ten sentences. Every size runs in a
process of its own, so that its memory is its own. Then two versions of one long document, of which
1 % of the words differ: with many different words, and with twelve only.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time

import suffice
from _tools import disclosures
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span


def corpus(size: int) -> Corpus:
    """Return documents that are two statements each."""
    made = disclosures(2 * size).documents
    return Corpus(tuple(_joined(*made[i : i + 2]) for i in range(0, 2 * size, 2)))


def _joined(first: Document, second: Document) -> Document:
    shift = len(first.text) + 1
    spans = (Span(s.start + shift, s.end + shift, s.label) for s in second.spans)
    return Document(first.id, f"{first.text} {second.text}", (*first.spans, *spans))


def twins(size: int, vocabulary: int) -> Corpus:
    """Return two documents of so many words, of which one in a hundred differs."""
    dice = random.Random(1)
    words = [f"w{int(dice.paretovariate(1)) % vocabulary}" for _ in range(size)]
    other = list(words)
    for place in dice.sample(range(size), size // 100):
        other[place] = f"w{dice.randrange(vocabulary)}"
    return Corpus((Document("a", " ".join(words), ()), Document("b", " ".join(other), ())))


def measure_twins(size: int, vocabulary: int) -> None:
    """Inspect two versions of one document and print a row."""
    documents = twins(size, vocabulary)
    start = time.process_time()
    suffice.inspect(documents)
    print(f"{size:>9,} {vocabulary:>15,} {time.process_time() - start:>8.1f}")


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
    print("words each  different words   CPU s")
    for vocabulary in (8000, 12):
        for size in (10_000, 20_000, 40_000):
            measure_twins(size, vocabulary)


if __name__ == "__main__":
    main()
