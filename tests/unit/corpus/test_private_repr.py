"""Nothing that holds text shows it unless asked: notebooks and debuggers print values."""

from __future__ import annotations

import io
import pprint
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

import suffice
from suffice.corpus import Corpus, Document, Span
from suffice.corpus.formats.base import Draft, Source
from suffice.corpus.texts import read_texts
from suffice.models.compare import compare
from suffice.quality.joining import join
from suffice.quality.reconcile import reconcile
from suffice.study.spec import CorpusSpec

SECRET = "Zyxomma"
TEXT = f"{SECRET} was seen. Then {SECRET} left."


def annotated(*spans):
    return Corpus((Document("a", TEXT, spans), Document("b", f"{TEXT} Again.", spans)), "notes")


FIRST, SECOND = annotated(Span(0, 7, "P")), annotated(Span(23, 30, "P"))


def values(tmp_path):
    """One of everything that a user of the library comes to hold."""
    file = tmp_path / "notes.jsonl"
    suffice.write(FIRST, file)
    yield from (FIRST, FIRST.documents[0], FIRST.documents, suffice.read(file), read_texts(file))
    yield Source(Path("notes.txt"), TEXT.encode())
    yield Draft("notes.txt", TEXT, [(0, 7, "P")], fields={"text": TEXT})
    yield join([FIRST, SECOND])
    yield from (found := reconcile(FIRST, SECOND, undecided="list"), found.to_dict())
    yield suffice.inspect(FIRST)
    yield compare(FIRST, SECOND)


def test_no_representation_shows_text(tmp_path):
    for value in values(tmp_path):
        shown = [repr(value), str(value), pprint.pformat(value), pretty_repr(value), f"{value!r:s}"]
        if hasattr(value, "_repr_html_"):
            shown.append(value._repr_html_())
        for one in shown:
            assert SECRET not in one, (type(value), one)


def test_representations_say_what_it_is():
    assert repr(FIRST) == "<Corpus 'notes': 2 documents, 2 spans, 1 label>"
    assert repr(FIRST.documents[0]) == "<Document 'a': 36 characters, 1 span>"
    assert repr(Document("c", "")) == "<Document 'c': 0 characters, 0 spans>"


def test_a_traceback_with_local_values_shows_no_text():
    def fail(corpus, document):
        raise RuntimeError(f"cannot use {document!r}")

    try:
        fail(FIRST, FIRST.documents[0])
    except RuntimeError as error:
        long = traceback.TracebackException.from_exception(error, capture_locals=True)
        out = io.StringIO()
        Console(file=out, width=200).print(
            Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
        )
    assert SECRET not in "".join(line for line in long.format() if "SECRET" not in line)
    assert "2 documents" in "".join(long.format())
    assert "corpus = <Corpus 'notes'" in out.getvalue()


def test_a_validation_error_shows_no_text():
    with pytest.raises(ValidationError) as wrong:
        CorpusSpec(paths=FIRST)
    assert SECRET not in str(wrong.value)
