"""The suite that every format passes."""

from __future__ import annotations

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


def check_format(form: Format, folder: Path) -> None:
    """Write a small corpus in a format, read it again, and damage it.

    Parameters
    ----------
    form : Format
        An installed format (entry point ``suffice.formats``).
    folder : Path
        An empty folder.

    Raises
    ------
    AssertionError
        It is not a format; the message says what it lacks.
    """
    ending = ".zip" if isinstance(form, FolderFormat) else form.extensions[0]
    path = folder / f"corpus{ending}"
    notes = write(_CORPUS, path, form.name)
    assert isinstance(notes, list), "writing returns what the format cannot express"
    found = read(path)
    marked = [[(d.text[s.start : s.end], s.label) for s in d.spans] for d in found]
    wanted = [[(d.text[s.start : s.end], s.label) for s in d.spans] for d in _CORPUS]
    assert [m for m in marked if m] == [w for w in wanted if w], "entities are not kept"
    assert notes or [d.text for d in found] == [d.text for d in _CORPUS], "text is lost silently"

    data = path.read_bytes()
    for cut in range(1, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:cut])
        try:
            read(path, format=form.name)
        except CorpusError as error:
            assert "\n" not in str(error), "an error is one line"
