"""Mends what can be mended safely, and says what was changed; the text is never touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from suffice.corpus.checks.labels import is_dominant, label_counts, variants
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.results import Result

KINDS = {
    "trimmed": "white space at a span's edge left out",
    "nothing but white space": "spans of nothing but white space taken away",
    "label trimmed": "white space at a label's edge left out",
    "label merged": "labels merged with one that differs in case or white space",
    "repeat dropped": "spans that were there twice dropped",
}
"""Each kind of change."""


@dataclass(frozen=True)
class Change(Result):
    """One span that was changed or taken away.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    document : str
        The document's id.
    before : Span
        As it was before this change.
    after : Span, optional
        As it is after it; None where it was taken away.
    annotator : str, optional
        Whose span it is, where the document keeps each annotator's own.
    """

    kind: str
    document: str
    before: Span
    after: Span | None
    annotator: str | None = None


def fix(corpus: Corpus) -> tuple[Corpus, tuple[Change, ...]]:
    """Mend what is certainly wrong.

    White space at the edges of spans and labels is left out, spans of white space alone and exact
    repeats are dropped, and labels that differ in case or white space alone are merged where the
    most frequent one has at least 95 % of them. Nothing is guessed: typos, stray punctuation and
    unlabelled repeats are left to people.

    Parameters
    ----------
    corpus : Corpus
        Is not changed.

    Returns
    -------
    corpus : Corpus
        Text, ids, sentences, groups and splits are what they were. Mending it again changes
        nothing.
    changes : tuple of Change
        The changes, in the order of the documents.
    """
    changes: list[Change] = []
    trimmed = [_changed(d, _TRIMMING, changes) for d in corpus.documents]
    # Counted after trimming, so that mending again finds the same counts.
    counts = label_counts(trimmed)
    merged = {
        other: label
        for label, others in variants(counts).items()
        if is_dominant(label, others, counts)
        for other in others
    }
    merging: _Rules = {
        "label merged": lambda _, span: replace(span, label=merged.get(span.label, span.label))
    }
    documents = [_changed(d, merging, changes) for d in trimmed] if merged else trimmed
    order = {document.id: number for number, document in enumerate(corpus.documents)}
    changes.sort(key=lambda change: order[change.document])
    return replace(corpus, documents=tuple(documents)), tuple(changes)


_Rules = dict[str, Callable[[Document, Span], Span | None]]


def _trim(document: Document, span: Span) -> Span:
    text = document.text[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    return replace(span, start=start, end=start + len(text.strip()))


_TRIMMING: _Rules = {
    "nothing but white space": lambda document, span: (
        None if document.text[span.start : span.end].isspace() else span
    ),
    "trimmed": _trim,
    "label trimmed": lambda _, span: replace(span, label=span.label.strip() or span.label),
}


def _changed(document: Document, rules: _Rules, changes: list[Change]) -> Document:
    """Return a document with rules applied to all its spans, and note every change."""
    spans = _mended(document, document.spans, None, rules, changes)
    annotators = {
        name: _mended(document, own, name, rules, changes)
        for name, own in document.annotators.items()
    }
    if spans == document.spans and annotators == document.annotators:
        return document
    return replace(document, spans=spans, annotators=annotators)


def _mended(
    document: Document,
    spans: Iterable[Span],
    annotator: str | None,
    rules: _Rules,
    changes: list[Change],
) -> tuple[Span, ...]:
    kept: set[Span] = set()
    for span in spans:
        now = span
        for kind, rule in rules.items():
            after = rule(document, now)
            if after != now:
                changes.append(Change(kind, document.id, now, after, annotator))
            if after is None:
                break
            now = after
        else:
            if now in kept:
                changes.append(Change("repeat dropped", document.id, now, None, annotator))
            kept.add(now)
    return tuple(sorted(kept))
