"""Documents as spaCy's `Doc`: words cut at the edges of spans, so that all text is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import not_written
from suffice.corpus.formats.spangroups import KEY
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens_between
from suffice.optional import needs

OWN = ("id", "group", "split")
"""What of a document has no place in spaCy's, and is kept beside it."""

BY_RULE = "suffice_sentences_by_rule"
"""A mark on documents without sentences: spaCy takes those of one word to have them in any case."""


def load_spacy() -> Any:
    """Return spaCy.

    Raises
    ------
    InputError
        It is not installed.
    """
    with needs("this format", extra="spacy"):
        import spacy.tokens
        import spacy.vocab
    return spacy


def _any_overlap(documents: Sequence[Document]) -> bool:
    return any(_overlap(document.spans) for document in documents)


def _overlap(spans: Sequence[Span]) -> bool:
    """Return whether any two spans, in order, overlap."""
    reached = 0
    for span in spans:
        if span.start < reached:
            return True
        reached = max(reached, span.end)
    return False


def _pieces(document: Document) -> list[tuple[int, int]]:
    """Return stretches that cover the text: words, cut at spans' edges, and what is between."""
    edges = {edge for span in document.spans for edge in (span.start, span.end)}
    cuts = {0, len(document.text)} | edges
    for start, end in tokens_between(document.text, edges):
        cuts |= {start, end}
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def spacy_docs(documents: Sequence[Document]) -> Iterator[Any]:
    """Yield spaCy's documents; spans are in ``doc.spans["sc"]`` where any two of all overlap."""
    spacy = load_spacy()
    vocab = spacy.vocab.Vocab()
    overlapping = _any_overlap(documents)
    for document in documents:
        yield _doc(spacy, vocab, document, overlapping)


def _doc(spacy: Any, vocab: Any, document: Document, overlapping: bool) -> Any:
    """Return spaCy's document: a single space after a word is the word's, other gaps are words."""
    text = document.text
    first = {span.start for span in document.spans}
    last = {span.end for span in document.spans}
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    for start, end in _pieces(document):
        piece = text[start:end]
        # spaCy's own rule, but a space that begins or ends a span stays a word of its own.
        follows = piece[0] == " " and words and not spaces[-1]
        if follows and start not in first and start + 1 not in last:
            spaces[-1] = True
            start, piece = start + 1, piece[1:]
        if piece:
            words.append(piece)
            spaces.append(False)
            starts.append(start)
    begins = {start for start, _ in document.sentences or ()}
    doc = spacy.tokens.Doc(
        vocab,
        words=words,
        spaces=spaces,
        sent_starts=[s in begins for s in starts] if begins else None,
    )
    made = [doc.char_span(s.start, s.end, label=s.label) for s in document.spans]
    if overlapping:
        doc.spans[KEY] = made
    else:
        doc.set_ents(made)
    doc.user_data.update(
        {f"suffice_{key}": v for key in OWN if (v := getattr(document, key)) is not None}
    )
    if document.sentences is None:
        doc.user_data[BY_RULE] = True
    return doc


def _kept_sentences(document: Document) -> bool:
    """Return whether the sentences are told by the words they begin with."""
    if document.sentences is None:
        return True
    starts = {start for start, _ in _pieces(document)}
    covered = sentences(document)
    text = document.text
    gaps = zip((0, *(e for _, e in covered)), (*(s for s, _ in covered), len(text)), strict=True)
    return (
        all(start in starts for start, _ in covered)
        and not any(text[a:b].strip() for a, b in gaps)
        and all(text[a:b] == text[a:b].strip() for a, b in covered)
        and bool(covered)
    )


def lost(documents: Sequence[Document]) -> list[str]:
    """Return, with counts, what spaCy's documents cannot express."""
    notes = []
    if _any_overlap(documents):
        notes.append(
            "spans overlap, so all are in doc.spans['sc'] (train spancat, not ner): "
            f"{sum(len(d.spans) for d in documents)}"
        )
    if count := sum(not _kept_sentences(d) for d in documents):
        what = "documents whose sentences do not begin where words do, or leave words out"
        notes.append(f"{what}: {count}")
    return notes + not_written(documents, "annotators")
