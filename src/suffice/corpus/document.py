"""One unit of annotated text: a document and its spans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from suffice.wording.numbers import counted


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch of a document's text.

    Parameters
    ----------
    start, end : int
        Character offsets (Unicode code points) into the document's text; ``end`` is exclusive.
    label : str
        The entity type.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Document:
    """One unit of text as it is sampled and annotated: a statement, an abstract, a note.

    Parameters
    ----------
    id : str
        Unique within a corpus.
    text : str
        The text exactly as it came.
    spans : tuple of Span
        Sorted by start, then end, then label. They may overlap or nest.
    sentences : tuple of (int, int), optional
        Sentence offsets where the file gives them; None where sentences are to be found by rule.
    group : str, optional
        What belongs together (a patient, an article): the unit of split, sampling and resampling.
    split : str, optional
        The split that the file names (``train``, ``dev``, ``test``); kept, not obeyed.
    annotators : mapping of str to tuple of Span
        Each annotator's own spans, where the file holds several.
    annotator_labels : mapping of str to tuple of str
        The labels that an annotator was asked for in this document, sorted; an annotator who is
        not named was asked for all. What nobody asked for is not missing.
    synthetic : bool
        True for made-up text, so that every page and verdict about it can say so.
    """

    id: str
    text: str
    spans: tuple[Span, ...] = ()
    sentences: tuple[tuple[int, int], ...] | None = None
    group: str | None = None
    split: str | None = None
    annotators: Mapping[str, tuple[Span, ...]] = field(default_factory=dict, hash=False)
    annotator_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    synthetic: bool = False

    def __repr__(self) -> str:
        # Shown by notebooks, debuggers and tracebacks, so without the text.
        size = counted(len(self.text), "character")
        return f"<Document {self.id!r}: {size}, {counted(len(self.spans), 'span')}>"

    @cached_property
    def key(self) -> str:
        """Return the hash of all that matters for training and scoring: id, text, spans, sentences.

        Returns
        -------
        str
            32 hexadecimal digits; equal for equal documents on every machine.
        """
        spans = [[s.start, s.end, s.label] for s in self.spans]
        content = json.dumps([self.id, self.text, spans, self.sentences], ensure_ascii=True)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
