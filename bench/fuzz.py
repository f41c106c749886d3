"""Mutated files for each reader: nothing may come but documents, notes and `CorpusError`.

python bench/fuzz.py --times 200000 --real ../shared/corpora/raw pubtator bioc
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft, Source
from suffice.corpus.formats.registry import formats, sniff
from suffice.corpus.verify import verified
from suffice.errors import CorpusError

_LARGEST = 8 << 10
_PIECES = [
    b'"', b"{", b"}", b"[", b"]", b"null", b"-1", b"1e999", b"\\u0000", b"\\ud83d", b"\0", b"\xff",
    b"\n", b"\r", b"\t", b"<", b"/>", b"&#0;", b"&a;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<a><a>",
    b"99999999999999999999", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"|", b"[1]", b"\\", b"*", b"|t|",
    b"#Text=", b"1-1\t0-3\t", b"B-", b"O\t", b"\x1f\x8b", b"PK\x03\x04",
]  # fmt: skip


def seeds(form: str, real: Path | None) -> list[bytes]:
    """Return files to mutate: one that we write, and small real ones that look like the format."""
    text = "Ann 1 saw Acme, Bonn.\nBo — did 😀 not."
    spans = (Span(0, 3, "PER"), Span(10, 14, "ORG"), Span(16, 20, "LOC"))
    documents = [Document(f"d{i}", text, spans, ((0, 21), (22, 37))) for i in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        write(Corpus(tuple(documents)), out, form)
        files = sorted(out.rglob("*")) if out.is_dir() else [out]
        found = [file.read_bytes() for file in files if file.is_file()]
    for path in sorted(real.rglob("*")) if real else ():
        if path.is_file() and path.stat().st_size <= _LARGEST:
            source = Source(path, path.read_bytes())
            if sniff(source) is formats()[form]:
                found.append(source.data)
    return found


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to four changes: bytes cut, put in, changed, doubled; or cut off."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        place, other = rng.randrange(len(out) + 1), rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0:
                out[place : place + rng.randint(1, 8)] = b""
            case 1 | 2:
                out[place:place] = rng.choice(_PIECES)
            case 3:
                out[place : place + 1] = bytes([rng.randrange(256)])
            case 4:
                out[place:place] = out[min(place, other) : max(place, other)][:200]
            case 5:
                out = out[:place] or out
    return bytes(out)


def main() -> None:
    """Mutate and read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("formats", nargs="*", default=list(formats()))
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print("format      times  documents  refused  slowest, s")
    for name in given.formats:
        form = formats()[name]
        files = seeds(name, given.real)
        rng = random.Random(f"{name} {given.seed}")
        read = refused = 0
        slowest = 0.0
        for i in range(given.times):
            source = Source(Path("file"), mutated(rng.choice(files), rng), lenient=i % 2 == 1)
            start = time.process_time()
            try:
                form.sniff(source.head, source.path)
                for item in form.read(source):
                    if isinstance(item, CorpusError):
                        refused += 1
                    elif isinstance(item, Draft):
                        verified(item, lambda text: "id")
                        read += 1
            except CorpusError:
                refused += 1
            slowest = max(slowest, time.process_time() - start)
        print(f"{name:10} {given.times:6} {read:10} {refused:8} {slowest:11.2f}", flush=True)


if __name__ == "__main__":
    main()
