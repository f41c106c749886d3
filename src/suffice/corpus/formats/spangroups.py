"""Where a spaCy file keeps its entities: in ``doc.ents``, or in a group of ``doc.spans``.

One place is chosen for a whole file. Where any document has entities in both, ``doc.ents`` is
read; otherwise a document whose ``doc.ents`` are empty may have its entities in a group: the only
one that holds spans, or ``"sc"``, spaCy's own. ``--layer`` names another. Spans that are not read
are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from suffice.corpus.formats.base import Note, Source
from suffice.wording.numbers import counted

KEY = "sc"
"""The group of ``doc.spans`` that spaCy's own recipes use, where spans may overlap."""

ENTS = "ents"
"""What ``--layer`` calls ``doc.ents``."""


@dataclass(frozen=True)
class Choice:
    """The place that is read.

    Parameters
    ----------
    ents : bool
        Whether ``doc.ents`` are read.
    group : str, optional
        The group that is read where ``doc.ents`` are not, or are empty.
    told : bool
        Whether documents that are read from the group are counted in a note.
    """

    ents: bool
    group: str | None
    told: bool = False

    def spans(
        self, ents: Sequence[Any], state: Note | None, groups: Mapping[str, Sequence[Any]]
    ) -> Sequence[Any] | Note:
        """Return the spans of a document, or the note for one that is left out.

        Parameters
        ----------
        ents : sequence
            Its entities in ``doc.ents``.
        state : Note, optional
            Why ``doc.ents`` cannot be used: not set, or for some words only.
        groups : mapping of str to sequence
            Its groups of spans.
        """
        if self.group is not None and self.group in groups and not (self.ents and ents):
            return groups[self.group]
        if not self.ents:
            return Note(f"documents without the span group {self.group!r}, left out")
        return ents if state is None else state

    def note(self, spans: Sequence[Any] | Note, groups: Mapping[str, Sequence[Any]]) -> Note | None:
        """Return the note that a document's entities came from a group, or None."""
        if self.told and self.group is not None and spans is groups.get(self.group):
            return Note(f"documents whose entities come from {_named(self.group)}")
        return None


@dataclass
class Places:
    """How many spans there are in each place, over all documents of a file."""

    ents: int = 0
    groups: Counter[str] = field(default_factory=Counter)
    both: bool = False

    def add(self, ents: Sequence[Any], groups: Mapping[str, Sequence[Any]]) -> None:
        """Count the spans of a document."""
        self.ents += len(ents)
        for key, spans in groups.items():
            self.groups[key] += len(spans)
            self.both |= bool(ents) and bool(spans)

    def choose(self, source: Source) -> Choice:
        """Return the place to read.

        Raises
        ------
        CorpusError
            Several groups may be meant, or no document has the one that was named.
        """
        if source.layer == ENTS:
            return Choice(True, None)
        if source.layer is not None:
            if source.layer not in self.groups:
                known = ", ".join([ENTS, *sorted(self.groups)])
                raise source.error(
                    f"no document has a span group called {source.layer!r}",
                    f"`layer` can be {known}",
                )
            return Choice(False, source.layer)
        if self.both:
            return Choice(True, None)
        filled = [key for key, count in self.groups.items() if count]
        group = _only(filled or list(self.groups))
        if group is None and filled:
            counts = ((key, counted(self.groups[key], "span")) for key in sorted(filled))
            known = ", ".join(f"{key!r} ({count})" for key, count in counts)
            raise source.error(f"several span groups may hold the entities: {known}",
                               f"choose one, as `layer` {min(filled)}")  # fmt: skip
        told = bool(filled) and (group != KEY or self.ents > 0)
        return Choice(True, group, told)

    def passed_over(self, choice: Choice) -> list[Note]:
        """Return the notes that count the spans that are not read."""
        counts = {key: n for key, n in sorted(self.groups.items()) if key != choice.group}
        notes = [_not_read(_named(key), key, n) for key, n in counts.items() if n]
        if self.ents and not choice.ents:
            notes.insert(0, _not_read("doc.ents", ENTS, self.ents))
        return notes


def _only(keys: list[str]) -> str | None:
    """Return the only one of several groups, or spaCy's own."""
    if len(keys) == 1:
        return keys[0]
    return KEY if KEY in keys else None


def _named(key: str) -> str:
    return f"doc.spans[{key!r}]"


def _not_read(place: str, layer: str, count: int) -> Note:
    return Note(f"spans in {place}, not read (--layer {layer} reads them)", count)
