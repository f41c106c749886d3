"""Every kind of bad input is one clear line: the place, the problem, what to do."""

import gzip
import json
import os
import time

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.errors import CorpusError, InputError

GOOD = {"id": "a", "text": "Bo works at Acme.", "spans": [{"start": 0, "end": 2, "label": "P"}]}


def lines(*records) -> bytes:
    return b"".join(
        (r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records
    )


def with_span(**changes) -> dict:
    span = {**GOOD["spans"][0], **changes}
    return {**GOOD, "id": "b", "spans": [span]}


def error(path, **options) -> str:
    with pytest.raises(CorpusError) as caught:
        read(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(path.as_posix())
    return message.removeprefix(path.as_posix())


RECORDS = [
    (b"not json", ", line 2: not a JSON object: Expecting value at column 1"),
    (b'{"id": "b", "text": "x"', ", line 2: not a JSON object: Expecting ',' delimiter"),
    (b"[1, 2]", ", line 2: a JSON array, where an object is wanted"),
    (b"3", ", line 2: a JSON number, where"),
    (b"null", ", line 2: a JSON null, where"),
    (b'{"text": "x", "spans": [], "n": NaN}', "NaN is not a JSON value"),
    (b'{"text": "x", "spans": [], "n": -Infinity}', "-Infinity is not a JSON value"),
    (b'{"text": "x", "spans": [], "n": ' + b"[" * 99_999 + b"]" * 99_999 + b"}", "nested too deep"),
    (b'{"text": "x", "spans": [], "n": ' + b"9" * 9_999 + b"}", "a number has too many digits"),
    (b'{"text": "a\\u0000b", "spans": []}', "the text holds a NUL character at 1"),
    (b'{"text": "a\\ud800b", "spans": []}', "the text holds half of a surrogate pair at charac"),
    (b'{"text": "ab", "spans": [], "id": "\\udfff"}', '"id" holds half of a surrogate pair'),
    (b'{"text": "a\xffb", "spans": []}', ", line 2: byte "),
    ({"spans": []}, 'the record has no "text"'),
    ({"text": "x"}, 'the record has no "spans"; write "spans": [] where a text has no entities'),
    ({"text": 3, "spans": []}, '"text" is a number, not a string'),
    ({"text": None, "spans": []}, '"text" is null, not a string'),
    ({"text": "", "spans": []}, "the text is empty"),
    ({"text": " \n", "spans": []}, "the text is empty"),
    ({"text": "x", "spans": {}}, '"spans" is an object, not a list'),
    ({"text": "x", "spans": None}, '"spans" is null, not a list'),
    ({"text": "x", "spans": [[0, 1, "P"]]}, 'span 1 is a list, not an object with "start"'),
    ({"text": "x", "spans": [{"start": 0, "end": 1}]}, 'span 1 has no "label"'),
    ({**GOOD, "id": 2.5}, '"id" is a number with a fraction, not a string or whole number'),
    ({**GOOD, "id": True}, '"id" is true or false, not a string'),
    ({**GOOD, "id": " "}, '"id" is empty'),
    ({**GOOD, "id": "a\nb"}, '"id" holds a control character'),
    ({**GOOD, "id": "b", "group": []}, '"group" is a list, not a string'),
    (GOOD, "the id 'a' is already that of"),
    (with_span(start=0.0), "span 1: start is a number with a fraction, not a whole number"),
    (with_span(start=True), "span 1: start is true or false, not a whole number"),
    (with_span(start="0"), "span 1: start is a string, not a whole number"),
    (with_span(start=-1), "span 1: start is negative"),
    (with_span(end=18), "span 1: end 18 lies beyond the text, which has 17 characters; offsets"),
    (with_span(end=10**30), "span 1: end (a number of more than 15 digits) lies beyond"),
    (with_span(start=2), "span 1: start 2 is not before end 2"),
    (with_span(label=7), "span 1: the label is a number, not a string"),
    (with_span(label=" "), "span 1: the label is empty"),
    (with_span(text="Bi"), "the text at 0 to 2 is not the span's own text ('Bo' against 'Bi')"),
    ({**GOOD, "id": "b", "sentences": [[0, 5], [4, 9]]}, "sentence 2 begins at 4, before the end"),
    ({**GOOD, "id": "b", "sentences": [[0]]}, "sentence 1 is not a pair of offsets"),
    ({**GOOD, "id": "b", "sentences": [[0, 99]]}, "sentence 1: end 99 lies beyond the text"),
    ({**GOOD, "id": "b", "annotators": []}, '"annotators" is not an object of lists of spans'),
    ({**GOOD, "id": "b", "annotators": {"x": [{"start": 0}]}}, 'span 1 has no "end"'),
]


@pytest.mark.parametrize(("record", "message"), RECORDS, ids=range(len(RECORDS)))
def test_bad_record_is_refused_and_skipped_in_lenient_reading(tmp_path, record, message):
    path = tmp_path / "notes.jsonl"
    path.write_bytes(lines(GOOD, record, {**GOOD, "id": "z"}))
    found = error(path)
    assert found.startswith(", line 2: ")
    assert message in found
    corpus = read(path, lenient=True)
    assert [d.id for d in corpus] == ["a", "z"]
    assert [str(p).removeprefix(path.as_posix()) for p in corpus.problems] == [found]


@pytest.mark.parametrize(
    ("text", "declared", "start", "end", "remedy"),
    [
        ("über Acme", "Acme", 6, 10, "the offsets count bytes"),
        ("😀😀 Acme Inc", "Acme", 5, 9, "the offsets count UTF-16 units (as JavaScript does)"),
        ("a\r\nb\r\nAcme Inc", "Acme", 4, 8, r"count \r\n as one character"),
        ("at Acme now", "Acme", 4, 8, "the span's text stands 1 earlier"),
        ("at Acme now", "Acme", 0, 4, "the span's text stands 3 later"),
        ("at Acme now", "Umbra", 3, 7, "check the offsets"),
    ],
)
def test_offsets_that_are_off_are_explained(tmp_path, text, declared, start, end, remedy):
    span = {"start": start, "end": end, "label": "O", "text": declared}
    path = tmp_path / "n.jsonl"
    path.write_bytes(lines({"text": text + " and more.", "spans": [span]}))
    assert remedy in error(path)


def test_at_most_forty_characters_of_text_are_shown_and_none_when_private(tmp_path):
    text = "abcdefghij" * 20
    span = {"start": 0, "end": 150, "label": "O", "text": "Z" * 150}
    path = tmp_path / "n.jsonl"
    path.write_bytes(lines({"text": text, "spans": [span]}))
    message = error(path)
    assert message.count("Z") == 19 and sum(map(message.count, ["abcdefghij"])) == 1
    private = error(path, private=True)
    assert "abc" not in private and "ZZ" not in private
    assert "span 1: the text at 0 to 150 is not the span's own text" in private


FILES = [
    ("empty.jsonl", b"", ": the file is empty"),
    ("empty.bin", b"", ": the file is empty"),
    ("blank.jsonl", b"\n \n\n", ": the file holds no records"),
    ("cut.jsonl.gz", gzip.compress(lines(GOOD) * 99)[:-20], ": the compressed file is cut short"),
    (
        "bad.jsonl.gz",
        gzip.compress(lines(GOOD) * 99)[:40] + b"x" * 99,
        ": the compressed file is damaged",
    ),
    ("array.json", json.dumps([GOOD]).encode(), ": is a JSON array, of no known format"),
    ("array.jsonl", json.dumps([GOOD]).encode(), ": the file is one JSON array, not JSON Lines"),
    ("tall.jsonl", json.dumps(GOOD, indent=1).encode(), ": a JSON object stretches over several"),
    ("a.bin", bytes(range(256)) * 9, ": is a binary file of no known format"),
    ("a.jsonl", bytes(range(256)) * 9, ": is a binary file, not text"),
    ("a.zip", b"PK\x03\x04" + b"x" * 99, ": the zip archive is cut short or damaged"),
    ("a.pdf", b"%PDF-1.7 x", ": is a PDF document"),
    ("a.xml", b"<doc>x</doc>", ": is XML or HTML of a kind that is not read; suffice reads "),
    ("a.txt", b"T1\tPER 0 2\tBo\n", ": the format of this file is not known; suffice reads "),
    ("a.txt", b"Just some words.\nMore of them.\n", ": the format of this file is not known"),
    ("a.spacy", b"nonsense", ": this is no DocBin, or a damaged one"),
    ("a.conll", b"one\ntwo\n", ": no column of this file holds tags"),
]


@pytest.mark.parametrize(("name", "data", "message"), FILES, ids=[f[0] for f in FILES])
def test_bad_file_is_refused_even_in_lenient_reading(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    assert error(path).startswith(message)
    assert error(path, lenient=True).startswith(message)


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * (70 << 20)))
    assert error(path).startswith(": the compressed file expands to more than 64 MiB")


def test_missing_closed_and_empty_places(tmp_path):
    assert error(tmp_path / "none.jsonl").startswith(": there is no such file or folder; check")
    (tmp_path / "folder").mkdir()
    assert error(tmp_path / "folder").startswith(": the folder holds no files")
    (tmp_path / "folder" / "a.txt").write_text("words")
    assert error(tmp_path / "folder").startswith(": no file in it has a known format")
    with pytest.raises(InputError, match="no file was named"):
        read([])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_closed_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(GOOD))
    path.chmod(0)
    assert error(path).startswith(": this may not be read")


def test_encodings(tmp_path):
    path = tmp_path / "n.jsonl"
    text = "Zoë at Acmé"
    record = json.dumps({"text": text, "spans": []}, ensure_ascii=False)
    path.write_bytes(lines(GOOD) + record.encode("cp1252") + b"\n")
    found = error(path)
    assert ", line 2: byte 102 of the file is not valid UTF-8; name the encoding, as" in found
    assert path.read_bytes()[102] == 0xEB
    for codec in ("utf-8-sig", "utf-16"):
        path.write_bytes((lines(GOOD).decode() + record).encode(codec))
        assert read(path).documents[1].text == text
    path.write_bytes(record.encode("cp1252"))
    assert read(path, encoding="cp1252").documents[0].text == text
    for unknown in ("utf-9", "base64"):
        with pytest.raises(InputError, match=f"no text encoding called '{unknown}'"):
            read(path, encoding=unknown)
    with pytest.raises(InputError, match="no format called 'nonsense'; choose one of "):
        read(path, format="nonsense")


def test_nothing_left(tmp_path):
    path = tmp_path / "n.jsonl"
    path.write_bytes(lines({**GOOD, "spans": 3}, {**GOOD, "text": ""}))
    with pytest.raises(
        CorpusError, match=r"none of the 2 records can be used; the first: .*line 1"
    ):
        read(path, lenient=True)


def test_failed_writing_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text("old")
    from suffice.corpus.document import Span

    bad = Corpus((Document("a", "Bo came", (Span(0, 2, "a\tb"),)),))
    with pytest.raises(CorpusError, match="a label with a tab"):
        write(bad, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(CorpusError, match="it cannot be written: No such file or directory"):
        write(bad, tmp_path / "none" / "a.jsonl")
    with pytest.raises(InputError, match=r"no format is known for the name 'a\.xyz'; name one of"):
        write(bad, tmp_path / "a.xyz")


def test_long_lines_take_linear_time(tmp_path):
    path = tmp_path / "n.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * (8 << 20) + b'", "spans": []}')
    start = time.perf_counter()
    assert len(read(path).documents[0].text) == 8 << 20
    assert time.perf_counter() - start < 3
