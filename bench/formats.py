"""Processor time and memory of reading a corpus in each format, beside the size of its files.

python bench/formats.py --documents 10000 xmi bioc
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.registry import formats

_SENTENCES, _WORDS = 10, 14
_LABELS = ("PERSON", "PLACE", "ORG")


def corpus(documents: int, seed: int = 0) -> Corpus:
    """Return made-up documents of ten sentences with two spans each."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list("abcdefghéü"), rng.integers(2, 10))) for _ in range(5000)]
    made = []
    for i in range(documents):
        text, spans, sentences = "", [], []
        for _ in range(_SENTENCES):
            start = len(text)
            for j, k in enumerate(rng.integers(0, len(words), _WORDS)):
                if j in (3, 9):
                    spans.append(Span(len(text), len(text) + len(words[k]), _LABELS[k % 3]))
                text += words[k] + (" " if j < _WORDS - 1 else ". ")
            sentences.append((start, len(text) - 1))
        made.append(Document(f"d{i}", text[:-1], tuple(spans), tuple(sentences)))
    return Corpus(tuple(made))


def peak() -> float:
    """Return the most memory that this process has held, in MiB (Linux)."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def measure(path: str) -> None:
    """Read a file or folder in this process; print its processor seconds and MiB."""
    formats()
    before = peak()
    start = time.process_time()
    found = len(read(path))
    print(found, f"{time.process_time() - start:.2f}", f"{peak() - before:.1f}")


def main() -> None:
    """Write a made-up corpus in each format and read it in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("formats", nargs="*", default=list(formats()))
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--zip", action="store_true", help="formats of folders as a zip archive")
    parser.add_argument("--measure")
    given = parser.parse_args()
    if given.measure:
        measure(given.measure)
        return
    made = corpus(given.documents)
    print("format       MiB  seconds  MiB in memory  memory / size")
    for name in given.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("out.zip" if given.zip else "out")
            write(made, path, name)
            files = path.rglob("*") if path.is_dir() else [path]
            size = sum(file.stat().st_size for file in files if file.is_file()) / 2**20
            command = [sys.executable, __file__, "--measure", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found, seconds, memory = done.stdout.split()
            assert int(found) == given.documents, name
            ratio = float(memory) / size
            print(f"{name:10} {size:6.1f} {seconds:>8} {memory:>14} {ratio:14.1f}", flush=True)


if __name__ == "__main__":
    main()
