"""Wikimedia's sentencex: knows the abbreviations, initials and numbers of many languages.

Made for Wikipedia. It suits clinical text because neither the line breaks of wrapped text nor
``Dr.``, ``p.o.``, ``b.i.d.`` or ``12.5 mg`` end a sentence, while the items of a numbered list
stand apart. It does not part sentences after a number (``BP 120/80. Plan: rest.``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# Spaces of several bytes, at which sentencex may cut inside one; offsets stay as they are.
_WIDE = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000]")


def split(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        A language code, as ``"en"``; one that sentencex does not know falls back to a related one.

    Yields
    ------
    (int, int)
        Character offsets.
    """
    for boundary in get_sentence_boundaries(language, _WIDE.sub(" ", text)):
        yield boundary["start_index"], boundary["end_index"]
