"""Mutated files give a corpus or a `CorpusError`, whatever the bytes."""

import json
import random
import re
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
    b"<", b"/>", b"&#0;", b"&a;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<a><a>", b"encoding='x'",
    b"<location offset='1' length='2'/>", b"offset", b"%ID", b"|", b"[1]", b"\\", b"*", b"|t|",
    b"|a|", b"#Text=", b"1-1\t0-3\t", b"1",
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
        ("pubtator", 500),
        ("bioc", 500),
        ("biocjson", 500),
        ("webanno", 500),
        ("xmi", 500),
        ("casjson", 500),
    ],
)
def test_mutated_files(tmp_path, form, times):
    path = tmp_path / "file"
    write(SEED, tmp_path / "out", form)
    written = tmp_path / "out"
    whole = (min(written.glob("d*")) if written.is_dir() else written).read_bytes()
    rng = random.Random(form)
    outcomes = []
    for i in range(times):
        path.write_bytes(mutated(whole, rng))
        start = time.perf_counter()
        outcomes.append(outcome(path, lenient=i % 2 == 1, format=form if i % 3 == 0 else None))
        assert time.perf_counter() - start < 5
    assert outcomes.count("refused") > times / 20
    if form not in ("docbin", "hf"):  # any changed byte breaks the checksum there
        by_line = form in ("jsonl", "prodigy", "conll", "doccano", "pubtator", "webanno")
        assert outcomes.count("read") > times / (20 if by_line else 100)  # a whole array, or none


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


ODD = [None, True, -1, 3, 10**30, 0.5, "", "x", "\ud83d", [], {}, [[]], [{}], [None]]


def places(value, found):
    """Gather every place of a JSON value, as a container and a key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        found.append((value, key))
        if isinstance(inner, dict | list):
            places(inner, found)
    return found


@pytest.mark.parametrize("form", ["casjson", "biocjson"])
def test_json_with_other_values(tmp_path, form):
    path = tmp_path / "file"
    write(SEED, tmp_path / "out", form)
    written = tmp_path / "out"
    whole = (min(written.glob("d*")) if written.is_dir() else written).read_text("utf-8")
    rng = random.Random(form)
    outcomes = []
    for i in range(250):
        value = json.loads(whole)
        for _ in range(rng.randint(1, 2)):
            container, key = rng.choice(places(value, []))
            container[key] = rng.choice(ODD)
        path.write_text(json.dumps(value), "utf-8")
        outcomes.append(outcome(path, lenient=i % 2 == 1, format=form))
    assert outcomes.count("refused") > 25 and outcomes.count("read") > 25


@pytest.mark.parametrize("form", ["xmi", "bioc"])
def test_xml_with_other_values(tmp_path, form):
    path = tmp_path / "file"
    write(SEED, tmp_path / "out", form)
    written = tmp_path / "out"
    whole = (min(written.glob("d*")) if written.is_dir() else written).read_text("utf-8")
    values = list(re.finditer(r'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)|<[^<>]+>', whole))
    rng = random.Random(form)
    outcomes = []
    for i in range(250):
        found = rng.choice(values)
        new = rng.choice(["", "x", "-1", "3", "9" * 30, "0 1 2", "٣", "<a/>", found[0] * 2])
        path.write_text(whole[: found.start()] + new + whole[found.end() :], "utf-8")
        outcomes.append(outcome(path, lenient=i % 2 == 1, format=form))
    assert outcomes.count("refused") > 25 and outcomes.count("read") > 5
