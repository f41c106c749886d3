"""Apply a kept model, or another that is installed, to text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.errors import InputError
from suffice.learners import kept

_AT_ONCE = 32


def tag(
    model: str | PathLike[str],
    documents: Iterable[Document],
    *,
    name: str = "tagged",
    listener: Callable[[int], None] | None = None,
) -> Corpus:
    """Return documents with the spans that a model finds; their own spans are put aside.

    Parameters
    ----------
    model : path
        A folder that `suffice keep` wrote, a Hugging Face folder for token classification, or a
        spaCy pipeline.
    documents : iterable of Document
        What to tag.
    name : str
        The name of the corpus.
    listener : callable, optional
        Told how many documents are done.

    Returns
    -------
    Corpus
        With notes of what was passed over.

    Raises
    ------
    InputError
        The folder holds no model that can be loaded.
    """
    model = Path(model)
    if not model.is_dir():
        raise InputError(f"there is no model folder {model}", remedy="make one: suffice keep STUDY")
    tagger = kept.load(model)
    given = list(documents)
    found: list[Document] = []
    for begin in range(0, len(given), _AT_ONCE):
        part = [replace(d, spans=(), annotators={}) for d in given[begin : begin + _AT_ONCE]]
        for document, spans in zip(part, tagger.tag(part), strict=True):
            found.append(replace(document, spans=tuple(sorted(set(spans)))))
        if listener is not None:
            listener(len(found))
    return Corpus(tuple(found), name, notes=tagger.notes)
