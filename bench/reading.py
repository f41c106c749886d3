"""Processor seconds and memory for reading large corpora, format by format: linear or not.

    python bench/reading.py [--documents 1000 10000 100000] [--sentences 10] [FORMAT ...]

Every reading is a process of its own; its memory is the most it held, less what an empty one holds.
Documents are made up: ten sentences of some 100 characters with 13 entities.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import FolderFormat
from suffice.corpus.formats.registry import formats

_WORDS = ("the", "of", "and", "to", "in", "that", "was", "with", "trial", "dose", "given", "after")
_NAMES = ("Ada Byron", "Max Noether", "Acme Pharma", "Borealis GmbH", "Cedar Fund", "J. Q. Roe")
_READ = """
import json, sys, time
from pathlib import Path
from suffice import read

def most():
    # The most memory held so far, in KiB, of this program alone.
    status = Path("/proc/self/status").read_text()
    return int(next(l for l in status.splitlines() if l.startswith("VmHWM")).split()[1])

before = most()
start = time.process_time()
corpus = read(sys.argv[1])
seconds = time.process_time() - start
spans = sum(len(d.spans) for d in corpus)
print(json.dumps([seconds, (most() - before) / 1024, len(corpus), spans]))
"""


def main() -> None:
    """Print a line for each format and size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--sentences", type=int, default=10)
    arguments = parser.parse_args()
    print(
        f"{'format':12}{'documents':>10}{'MiB':>8}{'seconds':>10}{'µs/doc':>8}{'memory, MiB':>14}"
    )
    for name in arguments.formats or formats():
        for documents in arguments.documents:
            with tempfile.TemporaryDirectory() as folder:
                _measure(name, documents, arguments.sentences, Path(folder))


def _measure(name: str, documents: int, sentences: int, folder: Path) -> None:
    form = formats()[name]
    path = folder / f"c{'.zip' if isinstance(form, FolderFormat) else form.extensions[0]}"
    write(Corpus(tuple(_documents(documents, sentences))), path, name)
    size = path.stat().st_size / 2**20
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], stdout=subprocess.PIPE, text=True, check=True
    )
    seconds, memory, read, spans = json.loads(done.stdout)
    each = 1e6 * seconds / documents
    print(
        f"{name:12}{read:>10,}{size:>8.1f}{seconds:>10.2f}{each:>8.0f}{memory:>10.0f}"
        f" ({memory / size:.1f} ×), {spans:,} spans",
        flush=True,
    )


def _documents(count: int, sentences: int) -> Iterator[Document]:
    rng = random.Random(0)
    for i in range(count):
        text, spans = "", []
        offsets = []
        for _ in range(sentences):
            start = len(text)
            words = [rng.choice(_WORDS) for _ in range(14)]
            for place in sorted(rng.sample(range(14), 1 + (rng.random() < 0.3))):
                words[place] = rng.choice(_NAMES)
            for word in words:
                if word in _NAMES:
                    spans.append(Span(len(text), len(text) + len(word), "NAME"))
                text += word + " "
            text = text[:-1] + "."
            offsets.append((start, len(text)))
            text += " "
        yield Document(f"d{i}", text[:-1], tuple(spans), tuple(offsets))


if __name__ == "__main__":
    main()
