"""What word taggers on a backbone cannot do with a corpus, said before any answer is believed."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.corpus.document import Document
from suffice.learners.tags import Unlearnable, unlearnable
from suffice.learners.words import pieces_per_word

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
        As `suffice.learners.backbone.find` takes it.

    Returns
    -------
    tuple of str
        Sentences without text of documents.
    """
    said = []
    step = max(1, len(documents) // _SAMPLE)
    pieces = pieces_per_word(documents[::step], backbone)
    if pieces > MANY_PIECES:
        said.append(
            f"the backbone cuts a word into {pieces:.1f} pieces on average: it hardly knows this "
            "language or spelling, and a backbone for it would need fewer sentences"
        )
    return (*said, *lost_spans(unlearnable(documents)))


def lost_spans(lost: Unlearnable) -> tuple[str, ...]:
    """Say which spans a word tagger cannot find, if any."""
    said = []
    if lost.overlapping:
        said.append(
            f"{lost.overlapping:,} of {lost.spans:,} spans overlap a longer one: the learner drops "
            "them and can never find them, so that F1 has a lower ceiling"
        )
    if lost.cut + lost.wordless > 0.01 * max(1, lost.spans):
        said.append(
            f"{lost.cut + lost.wordless:,} of {lost.spans:,} spans begin or end inside a word: the "
            "learner cannot find them exactly"
        )
    return tuple(said)
