"""The suite that every format passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import FolderFormat, Format
from suffice.corpus.read import read
from suffice.corpus.write import write
from suffice.errors import CorpusError

_CORPUS = Corpus(
    (
        Document("a", "Bo Ek works at Acme.", (Span(0, 5, "PERSON"), Span(15, 19, "ORG"))),
        Document("b", "Nobody is named here."),
        Document("c", "Zoë Å. met 𝒳-Lab in Łódź.", (Span(0, 6, "PERSON"), Span(11, 16, "ORG"))),
    )
)
_EDGES = Corpus(
    (
        Document("a", "Bo Ek works at Acme .", (Span(0, 6, "PERSON"), Span(14, 19, "ORG"))),
        Document("b", "So does\u00a0Ada .", (Span(7, 11, "PERSON"),)),
    )
)
_WHOLE = ("Ned ran", [("Ned", "PERSON")])
_Marked = list[tuple[str, str]]
Sample = Mapping[str, bytes]
"""Files by their names, as a user would keep them in a folder."""


def check_format(
    form: Format, folder: Path, *, left_out: Sequence[Sample] = (), words: Sequence[Sample] = ()
) -> None:
    """Write small corpora in a format and read them again, damage one, and read what is given.

    The rules are those of `suffice.corpus.formats.words`.

    Parameters
    ----------
    form : Format
        An installed format (entry point ``suffice.formats``).
    folder : Path
        An empty folder.
    left_out : sequence of Sample
        Files with the text "Ned ran", in which "Ned" is a PERSON, and with other texts that nobody
        annotated, or only in part. The others must be left out and counted, or refused.
    words : sequence of Sample
        Files in which words that make an entity are empty, or have white space at their edges. No
        entity may begin or end with white space; a file may be refused.

    Raises
    ------
    AssertionError
        It is not a format; the message says what it lacks.
    """
    ending = ".zip" if isinstance(form, FolderFormat) else form.extensions[0]
    path = folder / f"corpus{ending}"
    _check_kept(form, path)
    _check_edges(form, folder / f"edges{ending}")
    _check_damage(form, path)
    for corpus in _read_all(form, folder / "left_out", left_out):
        found = [(d.text, _marked(d)) for d in corpus]
        assert found == [_WHOLE], "a text that is not annotated, or in part, is read as a document"
        assert any("left out" in note for note in corpus.notes), "what is left out is not counted"
    for corpus in _read_all(form, folder / "words", words):
        for text, _ in (mark for document in corpus for mark in _marked(document)):
            assert text == text.strip(), "an entity of words begins or ends with white space"


def _marked(document: Document) -> _Marked:
    return [(document.text[s.start : s.end], s.label) for s in document.spans]


def _check_kept(form: Format, path: Path) -> None:
    """Check that entities come back, and that text does or is counted."""
    notes = write(_CORPUS, path, form.name)
    assert isinstance(notes, list), "writing returns what the format cannot express"
    found = read(path)
    marked = [_marked(d) for d in found if d.spans]
    assert marked == [_marked(d) for d in _CORPUS if d.spans], "entities are not kept"
    assert notes or [d.text for d in found] == [d.text for d in _CORPUS], "text is lost silently"


def _check_edges(form: Format, path: Path) -> None:
    """Check that spans with white space at an edge come back, or trimmed and counted."""
    notes = write(_EDGES, path, form.name)
    found = [mark for d in read(path) for mark in _marked(d)]
    wanted = [mark for d in _EDGES for mark in _marked(d)]
    if found != wanted:
        trimmed = [(text.strip(), label) for text, label in wanted]
        assert found == trimmed, "spans with white space at an edge are not kept"
        assert notes, "the white space at the edges of spans is lost silently"


def _check_damage(form: Format, path: Path) -> None:
    """Check that a file that is cut anywhere is read or refused, in one line."""
    data = path.read_bytes()
    for cut in range(1, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:cut])
        try:
            read(path, format=form.name)
        except CorpusError as error:
            assert "\n" not in str(error), "an error is one line"


def _read_all(form: Format, folder: Path, samples: Sequence[Sample]) -> Iterator[Corpus]:
    """Yield the corpora of samples that are not refused."""
    for number, files in enumerate(samples, start=1):
        place = folder / str(number)
        place.mkdir(parents=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        try:
            corpus = read(place, format=form.name)
        except CorpusError as error:
            assert "\n" not in str(error), "an error is one line"
        else:
            yield corpus
