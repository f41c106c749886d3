"""Spans with stray punctuation at an edge: what is stray, and what belongs to the name.

* Commas, semicolons, colons and closing brackets at the start, and commas, semicolons, colons and
  opening brackets at the end, are stray always.
* An opening bracket at the start or a closing one at the end is stray if its partner is not in the
  span: ``Acme (UK)`` and ``(IL-2)`` are well, ``Acme)`` is not. A typographic quotation mark at
  an edge is stray if it is the only one, since which ones open differs between languages.
* A full stop, exclamation or question mark at the end is stray only if the corpus shows that the
  word before it is no abbreviation: elsewhere it stands without the mark at least as often as with
  it (the criterion of Kiss and Strunk's Punkt, Computational Linguistics 2006, in its simplest
  form). ``Inc.`` and ``Yahoo!`` are well where they are always written so. Initials and words with
  full stops inside (``U.S.``) are always well.
* Hyphens, dashes, apostrophes, plain quotation marks, slashes and symbols are never stray.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from suffice.corpus.document import Document, Span
from suffice.corpus.tokens import forms_words, tokens

_PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」"}
_PARTNERS = {closing: opening for opening, closing in _PAIRS.items()}
_QUOTES = re.compile("[“”„«»]")
_START = frozenset(",;:，；：、。")
_END = frozenset(",;:，；：、。")
_MARKS = frozenset(".!?")


def stray(text: str) -> bool:
    """Return whether a span's text has punctuation at an edge that is stray whatever the corpus."""
    first, last = text[0], text[-1]
    if first in _START or last in _END:
        return True
    if first in _PARTNERS or last in _PAIRS:
        return True
    if (_QUOTES.match(first) or _QUOTES.match(last)) and len(_QUOTES.findall(text)) == 1:
        return True
    if first in _PAIRS and _PAIRS[first] not in text:
        return True
    return last in _PARTNERS and text.count(_PARTNERS[last]) < text.count(last)


def doubtful_word(text: str) -> str | None:
    """Return the word before a mark at the end of a span, if the corpus has to say what it is."""
    if text[-1] not in _MARKS:
        return None
    words = tokens(text[:-1])
    if not words or words[-1][1] != len(text) - 1:
        return None
    start, end = words[-1]
    word = text[start:end]
    if end - start == 1 or not forms_words(word[0]) or word.isdigit():
        return None
    return None if text[:start].endswith(".") else word


class Words:
    """Counts how often some words stand with a mark behind them, and how often without.

    Parameters
    ----------
    documents : iterable of Document
        Whose spans say which words matter.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self.wanted: set[str] = set()
        for document in documents:
            for span in document.spans:
                if document.text[span.end - 1] in _MARKS:
                    word = doubtful_word(document.text[span.start : span.end])
                    if word is not None:
                        self.wanted.add(word)
        self.marked: Counter[str] = Counter()
        self.bare: Counter[str] = Counter()

    def count(self, text: str, words: Iterable[tuple[int, int]]) -> None:
        """Count the words of a document."""
        if not self.wanted:
            return
        for start, end in words:
            word = text[start:end]
            if word in self.wanted:
                (self.marked if text[end : end + 1] in _MARKS else self.bare)[word] += 1

    def are_stray(self, document: Document, span: Span) -> bool:
        """Return whether the mark at the end of a span belongs to the sentence, not to the span."""
        word = doubtful_word(document.text[span.start : span.end])
        return word is not None and 0 < self.bare[word] >= self.marked[word]
