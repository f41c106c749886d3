"""Sentences of a document, as character offsets, by the file or by rule.

The default rule is the one of the paper (R ``tokenizers::tokenize_sentences``, which is ICU's
sentence breaking): white space of every kind becomes a space, ICU splits, pieces are stripped and
empty ones dropped. R's ICU 72 follows Unicode 15, in which a semicolon is an ordinary character;
Unicode 16 lets it continue a sentence. It is masked before splitting, so that newer ICU releases
give the pieces of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from icu4py.breakers import SentenceBreaker

from suffice.corpus.document import Document
from suffice.corpus.splitters.edges import WHITE, stripped
from suffice.corpus.splitters.registry import Offsets, splitter_named
from suffice.errors import CorpusError

_LAYOUT = re.compile(f"[{WHITE.replace(' ', '')}]")
# SContinue since Unicode 16 (UAX #29 revision 45), Other before.
_SEMICOLONS = re.compile("[;\u037e\ufe14\ufe54\uff1b]")
_LOCALE = "en_US"


def boundaries(text: str) -> list[tuple[int, int]]:
    """Return ICU's sentence pieces of a text as they are, white space included.

    Parameters
    ----------
    text : str
        Any text without lone surrogates.

    Returns
    -------
    list of (int, int)
        Adjacent character offsets that cover the text; what
        ``stringi::stri_split_boundaries(type = "sentence")`` gives.
    """
    pieces = []
    start = 0
    for piece in SentenceBreaker(_SEMICOLONS.sub("*", text), _LOCALE):
        end = start + len(piece)
        pieces.append((start, end))
        start = end
    return pieces


def icu(text: str) -> Offsets:
    """Return the sentences of a text by ICU's rules, as R's ``tokenize_sentences`` finds them.

    They come in order and without the white space around them; every other character lies in one.
    The text must not hold lone surrogates.
    """
    pieces = (stripped(text, *piece) for piece in boundaries(_LAYOUT.sub(" ", text)))
    return tuple(piece for piece in pieces if piece is not None)


def _auto(document: Document) -> Offsets:
    return icu(document.text) if document.sentences is None else document.sentences


def _icu(document: Document) -> Offsets:
    return icu(document.text)


def _file(document: Document) -> Offsets:
    if document.sentences is None:
        raise CorpusError(
            f"the document {document.id!r} comes without sentences",
            remedy="choose the splitter 'icu', or 'auto' to use rules where the file has none",
        )
    return document.sentences


BUILT_IN: dict[str, Callable[[Document], Offsets]] = {"auto": _auto, "file": _file, "icu": _icu}
"""Splitters that need no other library, by name; each takes a document."""


def sentences(document: Document, splitter: str = "auto") -> Offsets:
    """Return the sentences of a document.

    Parameters
    ----------
    document : Document
        The document; its text is not changed.
    splitter : str
        ``"auto"``: the file's own sentences where it has them, else ICU's rules; ``"icu"``: the
        rules always; ``"file"``: the file's own only; or one of
        `suffice.corpus.splitters.registry.names`, with a language where it is not English:
        ``"spacy:de"``.

    Returns
    -------
    tuple of (int, int)
        Character offsets, in order, end exclusive.

    Raises
    ------
    InputError
        There is no splitter of this name, or its library is not installed.
    CorpusError
        ``"file"`` was asked for and the document has no sentences of its own.
    """
    if splitter in BUILT_IN:
        return BUILT_IN[splitter](document)
    return splitter_named(splitter, BUILT_IN)(document.text)


def count_sentences(documents: Iterable[Document], splitter: str = "auto") -> int:
    """Return the number of sentences of several documents."""
    return sum(len(sentences(document, splitter)) for document in documents)
