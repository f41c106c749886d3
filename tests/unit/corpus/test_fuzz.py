"""Mutated files give a corpus or a `CorpusError`, whatever the bytes."""

import random
import time

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError

SEED = Corpus(
    tuple(
        Document(
            f"d{i}", f"Ann {i} saw Acme, Bonn.\nBo — did 😀 not.",
            (Span(0, 5, "PER"), Span(10, 14, "ORG"), Span(16, 20, "LOC")),
            ((0, 21), (22, 37)), group="g", annotators={"x": (Span(0, 3, "PER"),)},
        )
        for i in range(3)
    )
)  # fmt: skip
PIECES = [
    b'"', b"{", b"}", b"[", b"]", b"null", b"-1", b"1e999", b"NaN", b"\\u0000", b"\\ud83d", b"\0",
    b"\xff", b"\n", b"\r", b"\t", b"true", b'"spans"', b'"text":', b"O\t", b"B-", b"# newdoc\n",
    b"-DOCSTART-\n", b"\x1f\x8b", b"99999999999999999999", b"\xef\xbb\xbf", b"\xed\xa0\x80",
]  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(out) + 1)
        match rng.randrange(5):
            case 0:
                out[place : place + rng.randint(1, 8)] = b""
            case 1:
                out[place:place] = rng.choice(PIECES)
            case 2:
                out[place : place + 1] = bytes([rng.randrange(256)])
            case 3:
                other = rng.randrange(len(out) + 1)
                out[place:place] = out[min(place, other) : max(place, other)][:200]
            case 4:
                out = out[:place] or out
    return bytes(out)


def outcome(path, **options) -> str:
    try:
        corpus = read(path, **options)
    except CorpusError as error:
        assert "\n" not in str(error)
        return "refused"
    for document in corpus:
        document.text.encode()
        for span in document.spans:
            assert 0 <= span.start < span.end <= len(document.text) and span.label
    return "read"


@pytest.mark.parametrize(
    ("form", "times"),
    [
        ("jsonl", 1000),
        ("prodigy", 800),
        ("conll", 1000),
        ("docbin", 300),
        ("doccano", 500),
        ("labelstudio", 500),
        ("spacyjson", 500),
        ("hf", 400),
    ],
)
def test_mutated_files(tmp_path, form, times):
    path = tmp_path / "file"
    write(SEED, path, form)
    whole = path.read_bytes()
    rng = random.Random(form)
    outcomes = []
    for i in range(times):
        path.write_bytes(mutated(whole, rng))
        start = time.perf_counter()
        outcomes.append(outcome(path, lenient=i % 2 == 1, format=form if i % 3 == 0 else None))
        assert time.perf_counter() - start < 5
    assert outcomes.count("refused") > times / 20
    if form not in ("docbin", "hf"):  # any changed byte breaks the checksum there
        assert outcomes.count("read") > times / 40  # a damaged array is refused whole


def test_mutated_folders_of_brat(tmp_path):
    write(SEED, tmp_path / "corpus", "brat")
    files = sorted((tmp_path / "corpus").glob("d*"))
    whole = [file.read_bytes() for file in files]
    rng = random.Random("brat")
    outcomes = []
    for i in range(400):
        which = rng.randrange(len(files))
        files[which].write_bytes(mutated(whole[which], rng))
        outcomes.append(outcome(tmp_path / "corpus", lenient=i % 2 == 1, discontinuous="split"))
        files[which].write_bytes(whole[which])
    assert outcomes.count("refused") > 20 and outcomes.count("read") > 20


def test_mutated_docbins_that_unpack(tmp_path):
    import zlib

    path = tmp_path / "file.spacy"
    write(SEED, path, "docbin")
    whole = zlib.decompress(path.read_bytes())
    rng = random.Random(5)
    outcomes = []
    for i in range(700):
        path.write_bytes(zlib.compress(mutated(whole, rng), 1))
        outcomes.append(outcome(path, lenient=i % 2 == 1))
    assert outcomes.count("refused") > 100 and outcomes.count("read") >= 10
