"""spaCy's sentencizer: a sentence ends after a token that is a full stop or the like.

Abbreviations that spaCy's tokenizer knows (``Dr.``) are one token, and so end no sentence. No model
is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from suffice.errors import InputError

if TYPE_CHECKING:
    from spacy.language import Language


def split(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the character offsets of a text's sentences.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        A language of spaCy's, as ``"en"``, ``"de"``, or ``"xx"`` for any.

    Raises
    ------
    InputError
        spaCy does not know the language.
    """
    for sentence in _pipeline(language)(text).sents:
        yield sentence.start_char, sentence.end_char


@cache
def _pipeline(language: str) -> Language:
    import spacy

    try:
        made = spacy.blank(language)
    except ImportError:
        raise InputError(
            f"spaCy does not know the language {language!r}, or needs a package for it",
            remedy="write for example spacy:en, or spacy:xx for any language",
        ) from None
    made.add_pipe("sentencizer")
    made.max_length = 10**9  # the limit is for parsers, which need memory
    return made
