"""Reads many damaged files of every format: nothing but a corpus or a `CorpusError` may come out.

    python bench/fuzz.py [--inputs 200000] [--seconds 5] [--real FOLDER] [FORMAT ...]

Every input is made from a file that suffice wrote, or a small one of FOLDER that looks like the
format, by a few changes of bytes, pieces or records; where it is compressed, often inside it. An
input is named by its format and number, and made again with --only NUMBER. Watched: anything raised
but `CorpusError`, errors of more than one line, spans outside the text, inputs that take longer
than --seconds, and the memory of the process.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import FolderFormat, Format, Source
from suffice.corpus.formats.registry import formats, sniff
from suffice.errors import CorpusError

SEED = Corpus(
    tuple(
        Document(
            f"d{i}",
            f"Ann {i} saw Acme, Bonn.\nBo — did 😀 not.",
            (Span(0, 5, "PER"), Span(10, 14, "ORG"), Span(16, 20, "LOC")),
            ((0, 21), (22, 37)),
        )
        for i in range(3)
    )
)
_LARGEST = 8 << 10
PIECES = [
    *(b'"', b"{", b"}", b"[", b"]", b"null", b"-1", b"1e999", b"NaN", b"\\u0000", b"\\ud83d"),
    *(b"\0", b"\xff", b"\n", b"\r", b"\t", b"|", b";", b"#", b"true", b'"spans"', b'"text":'),
    *(b"O\t", b"B-", b"# newdoc\n", b"-DOCSTART-\n", b"\x1f\x8b", b"PK\x03\x04", b"&#0;", b"<a>"),
    *(b"99999999999999999999", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"<!DOCTYPE a>", b"&lol;", b"../"),
    *(b"0", b"7", b"10", b" ", b"[" * 3000, b"{" * 3000, b"<a>" * 3000, b"9" * 5000),
]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return the bytes with one to four changes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(out) + 1)
        other = rng.randrange(len(out) + 1)
        first, last = min(place, other), max(place, other)
        match rng.randrange(7):
            case 0:
                out[place : place + rng.randint(1, 8)] = b""
            case 1:
                out[place:place] = rng.choice(PIECES)
            case 2:
                out[place : place + 1] = bytes([rng.randrange(256)])
            case 3:
                out[place:place] = out[first:last][:400]
            case 4:
                out[first : first + rng.randint(0, 200)] = b""
            case 5:
                lines = out.split(b"\n")
                rng.shuffle(lines)
                out = bytearray(b"\n".join(lines))
            case 6:
                digits = [i for i, b in enumerate(out) if 48 <= b <= 57]
                if digits:
                    out[rng.choice(digits)] = rng.randrange(48, 58)
        if not out:
            out = bytearray(b"x")
    return bytes(out) if rng.random() < 0.95 else bytes(out[: rng.randrange(1, len(out) + 1)])


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Return a damaged file, damaged inside where it is compressed."""
    if rng.random() < 0.15:
        return mutated(data, rng)
    if data[:2] == b"PK":
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            victim = rng.choice(names)
            for name in names:
                inside = old.read(name)
                new.writestr(name, mutated(inside, rng) if name == victim else inside)
        return out.getvalue()
    if data[:1] == b"\x78":
        return zlib.compress(mutated(zlib.decompress(data), rng), 1)
    return mutated(data, rng)


def whole_files(form: Format, folder: Path, real: Path | None) -> tuple[str, list[bytes]]:
    """Return a name for files of this format, and whole ones: ours, twice, and small real ones."""
    name = f"whole{'.zip' if isinstance(form, FolderFormat) else form.extensions[0]}"
    write(SEED, folder / name, form.name)
    found = [(folder / name).read_bytes()] * 2
    for path in sorted(real.rglob("*")) if real else ():
        if path.is_file() and path.stat().st_size <= _LARGEST:
            source = Source(path, path.read_bytes())
            if sniff(source) is form:
                found.append(source.data)
    return name, found


def check(path: Path, **options: object) -> str:
    """Read a file and return what came of it."""
    try:
        corpus = read(path, **options)  # type: ignore[arg-type]
    except CorpusError as error:
        assert "\n" not in str(error), "an error of several lines"
        return "refused"
    for document in corpus:
        document.text.encode()
        for span in document.spans:
            assert 0 <= span.start < span.end <= len(document.text), "a span outside the text"
            assert span.label, "an empty label"
    return "read"


def _too_long(*_: object) -> None:
    raise TimeoutError


def fuzz(form: Format, inputs: range, seconds: float, folder: Path, real: Path | None) -> int:
    """Read damaged files of one format, print what came of them, and return the failures."""
    name, whole = whole_files(form, folder, real)
    path = folder / f"input-{name}"
    found: Counter[str] = Counter()
    longest, largest = 0.0, 0
    signal.signal(signal.SIGALRM, _too_long)
    check(folder / name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in inputs:
        rng = random.Random(f"{form.name} {number}")
        data = damaged(rng.choice(whole), rng)
        largest = max(largest, len(data))
        path.write_bytes(data)
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            format_name = form.name if number % 3 == 0 else None
            found[check(path, lenient=number % 2 == 1, format=format_name)] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            signal.setitimer(signal.ITIMER_REAL, 0)
            found["FAILED"] += 1
            if found["FAILED"] <= 3:
                print(f"{form.name} {number}: {type(error).__name__}: {str(error)[:200]}")
                traceback.print_exc(limit=-4)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        longest = max(longest, time.perf_counter() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{form.name:12} {len(inputs):>8,} inputs: {found['read']:,} read, "
        f"{found['refused']:,} refused, {found['FAILED']} failed; longest {longest:.2f} s; "
        f"memory grew by {grown:.0f} MiB (largest input {largest / 1024:.0f} KiB)",
        flush=True,
    )
    return found["FAILED"] + (grown > 64 + 20 * largest / 2**20)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--real", type=Path)
    arguments = parser.parse_args()
    inputs = range(arguments.inputs)
    if arguments.only is not None:
        inputs = range(arguments.only, arguments.only + 1)
    names = arguments.formats or list(formats())
    if len(names) > 1:  # a process for each, so that one's memory is not taken for another's
        options = [a for a in sys.argv[1:] if a not in names]
        sys.exit(max(subprocess.call([sys.executable, __file__, *options, n]) for n in names))
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        form = formats()[names[0]]
        sys.exit(fuzz(form, inputs, arguments.seconds, Path(folder), arguments.real) > 0)


if __name__ == "__main__":
    main()
