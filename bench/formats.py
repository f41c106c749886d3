"""Prints the time and memory that reading takes, for each format and several sizes.

python bench/formats.py [--documents 1000 4000] [--formats doccano brat]

Each document has ten sentences and ten entities. Memory is the peak of a process of its own, less
what it had after loading the formats; input is the size of the file, or of a folder's files.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import suffice
from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import FolderFormat
from suffice.corpus.formats.registry import formats

_READ = """
import sys, time
import suffice
from suffice.corpus.formats.registry import formats
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
formats()
before, start = peak(), time.process_time()
corpus = suffice.read(sys.argv[1], format=sys.argv[2])
print(time.process_time() - start, peak() - before, len(corpus))
"""


def documents(count: int) -> Corpus:
    """Return made-up documents of ten sentences."""
    made = []
    for number in range(count):
        text, spans, sentences = "", [], []
        for i in range(10):
            start = len(text)
            text += (
                f"On day {i} of study {number} Ann Lee was seen at Acme in Bonn, then she left. "
            )
            person = text.index("Ann Lee", start)
            spans.append(Span(person, person + 7, "PERSON"))
            sentences.append((start, len(text) - 1))
        made.append(Document(f"d{number}", text, tuple(spans), tuple(sentences)))
    return Corpus(tuple(made))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--formats", nargs="+", default=sorted(formats()))
    arguments = parser.parse_args()
    print(f"suffice {getattr(suffice, '__version__', '')}".strip())
    print(f"{'format':14}{'documents':>10}{'MiB':>8}{'CPU s':>8}{'peak MiB':>10}{'× input':>9}")
    for name in arguments.formats:
        for count in arguments.documents:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / ("c" if isinstance(formats()[name], FolderFormat) else "c.x")
                write(documents(count), path, name)
                files = [path] if path.is_file() else list(path.rglob("*"))
                size = sum(file.stat().st_size for file in files) / 2**20
                command = [sys.executable, "-c", _READ, str(path), name]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, peak, found = (float(value) for value in done.stdout.split())
            assert found == count
            print(f"{name:14}{count:10,}{size:8.1f}{seconds:8.2f}{peak:10.0f}{peak / size:9.1f}")


if __name__ == "__main__":
    main()
