"""What every format keeps, by trying; the table in docs/formats.md is what came out.

SUFFICE_WRITE_DOCS=1 writes the table anew; otherwise the test fails where the page says otherwise.
"""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import FolderFormat
from suffice.corpus.formats.registry import formats
from suffice.errors import CorpusError

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"

# One sentence a line, words apart by single spaces: what every format can hold.
PLAIN = Corpus(
    (
        Document(
            "d0",
            "Ann Lee works at Acme .\nShe met Bo there .",
            (Span(0, 7, "PER"), Span(17, 21, "ORG"), Span(32, 34, "PER")),
            ((0, 23), (24, 42)),
        ),
        Document(
            "d1", "Cyd left Bonn .", (Span(0, 3, "PER"), Span(9, 13, "two words")), ((0, 15),)
        ),
        Document("d2", "Nothing here .", (), ((0, 14),)),
    )
)


def _with(**changes):
    return Corpus(tuple(replace(d, **changes) for d in PLAIN))


def _texts(change):
    first = PLAIN.documents[0]
    text, spans = change(first.text, first.spans)
    return Corpus((replace(first, text=text, spans=spans, sentences=None), *PLAIN.documents[1:]))


FEATURES = {
    "layout": _texts(lambda t, s: (t + "\n\n  Odd\u00a0 \t layout, 😀 done.\r\n", s)),
    "words cut": _texts(lambda t, s: (t, (*s, Span(38, 40, "PER")))),
    "overlap": _texts(lambda t, s: (t, tuple(sorted((*s, Span(0, 21, "ORG"), Span(4, 16, "X")))))),
    "same place": _texts(lambda t, s: (t, tuple(sorted((*s, Span(0, 7, "ORG")))))),
    "sentences": PLAIN,
    "ids": Corpus(
        tuple(replace(d, id=i) for d, i in zip(PLAIN, ("a/b c", "ü%41", "x" * 40), strict=True))
    ),
    "group": _with(group="p1"),
    "split": _with(split="dev"),
    "annotators": _with(annotators={"ann": (Span(0, 3, "PER"),), "bo": ()}),
}
"""Corpora that put one thing each to the test."""


def there_and_back(corpus, name, folder):
    form = formats()[name]
    path = folder / f"whole{'.zip' if isinstance(form, FolderFormat) else form.extensions[0]}"
    path.unlink(missing_ok=True)
    notes = write(corpus, path, name)
    return notes, read(path)


def comparable(corpus, feature):
    """Return what has to be equal: text and spans, or the field that the feature is about.

    Sorted by id, since the files of a folder come back in the order of their names.
    """
    corpus = sorted(corpus, key=lambda d: d.id)
    fields = {"sentences": "sentences", "group": "group", "split": "split"}
    if feature == "ids":
        return [d.id for d in corpus]
    if feature == "annotators":
        return [dict(d.annotators) for d in corpus]
    if feature in fields:
        return [getattr(d, fields[feature]) for d in corpus]
    return [(d.text, d.spans) for d in corpus]


@pytest.mark.parametrize("name", list(formats()))
def test_plain_text_and_spans_are_kept_exactly(name, tmp_path):
    _, back = there_and_back(PLAIN, name, tmp_path)
    assert comparable(back, "") == comparable(PLAIN, "")
    assert [d.id for d in back] == [d.id for d in PLAIN]


@pytest.mark.parametrize(("first", "second"), list(product(formats(), repeat=2)))
def test_every_pair_of_formats(first, second, tmp_path):
    """Through one format and then another: plain text, spans and labels are what they were."""
    _, between = there_and_back(PLAIN, first, tmp_path)
    _, back = there_and_back(between, second, tmp_path)
    assert comparable(back, "") == comparable(PLAIN, "")


def kept(name, feature, folder):
    """Return "yes" where a feature comes back exactly; else a note must say so."""
    corpus = FEATURES[feature]
    try:
        notes, back = there_and_back(corpus, name, folder)
    except CorpusError:
        return "refused"
    if comparable(back, feature) == comparable(corpus, feature):
        return "yes"
    assert notes, f"{name} loses {feature} silently"
    return "no, counted"


def sniffed(name, folder):
    """Return whether a file is recognised under a name that says nothing."""
    form = formats()[name]
    path = folder / ("nameless.zip" if isinstance(form, FolderFormat) else "nameless")
    write(PLAIN, path, name)
    try:
        return "yes" if comparable(read(path), "") == comparable(PLAIN, "") else "no"
    except CorpusError:
        return "no"


def offsets_checked(name, folder):
    """Return whether a text that grew by a letter at its beginning is told from the right one."""
    form = formats()[name]
    path = folder / f"moved{'.zip' if isinstance(form, FolderFormat) else form.extensions[0]}"
    write(PLAIN, path, name)
    path.write_bytes(_grown(path.read_bytes()))
    try:
        back = read(path, format=name)
    except CorpusError:
        return "yes"
    marked = [d.text[s.start : s.end] for d in back for s in d.spans]
    return "no offsets" if any(m.endswith("Ann Lee") for m in marked) else "nothing to check by"


def _grown(data):
    if data[:2] != b"PK":
        return data.replace(b"Ann Lee", b"AAnn Lee", 1).replace(b"Ann\t", b"AAnn\t", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            inside = old.read(member)
            new.writestr(member, inside if member.endswith(".ann") else _grown(inside))
    return out.getvalue()


def test_the_table_in_the_docs_is_true(tmp_path):
    header = ("format", "read", "write", *FEATURES, "sniffed", "offset check")
    lines = [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]
    for name in formats():
        cells = [kept(name, feature, tmp_path) for feature in FEATURES]
        row = (f"`{name}`", "yes", "yes", *cells, sniffed(name, tmp_path))
        lines.append(f"| {' | '.join((*row, offsets_checked(name, tmp_path)))} |")
    table = "\n".join(lines) + "\n"
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    said, after = rest.split(END)
    if os.environ.get("SUFFICE_WRITE_DOCS"):
        PAGE.write_text(before + BEGIN + table + END + after, encoding="utf-8")
    else:
        assert said == table, "docs/formats.md says otherwise: run with SUFFICE_WRITE_DOCS=1"
