"""What word taggers on a backbone cannot do with a corpus, said before any answer is believed."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.corpus.document import Document
from suffice.learners.tags import Unlearnable, unlearnable
from suffice.learners.words import pieces_per_word
from suffice.wording.caveats import Caveat

MANY_PIECES = 1.8
"""English text of any subject has 1.1 to 1.4 pieces a word on the bundled backbone; Spanish about
2.0 and German 2.6, which it was not trained on (`bench/pieces.py`)."""

_SAMPLE = 400


def word_tagger_caveats(documents: Sequence[Document], backbone: str) -> tuple[str, ...]:
    """Say which spans are lost, and whether the backbone knows the language.

    Parameters
    ----------
    documents : sequence of Document
        The documents studied.
    backbone : str
        A name or folder that `suffice.learners.backbone.find` accepts.

    Returns
    -------
    tuple of str
        Sentences without text of documents.
    """
    said: list[str] = []
    step = max(1, len(documents) // _SAMPLE)
    pieces = pieces_per_word(documents[::step], backbone)
    if pieces > MANY_PIECES:
        said.append(Caveat("many pieces", pieces=pieces))
    return (*said, *lost_spans(unlearnable(documents)))


def lost_spans(lost: Unlearnable) -> tuple[str, ...]:
    """Say which spans a word tagger cannot find, if any."""
    said: list[str] = []
    if lost.overlapping:
        said.append(Caveat("overlapping spans", lost=lost.overlapping, spans=lost.spans))
    inside = lost.cut + lost.wordless
    if inside > 0.01 * max(1, lost.spans):
        said.append(Caveat("spans inside words", lost=inside, spans=lost.spans))
    return tuple(said)
