"""The records of one file after the other, to documents with ids of their own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, Item, Note, Source
from suffice.corpus.origin import Origin
from suffice.corpus.verify import verified
from suffice.errors import CorpusError, InputError


@dataclass
class Records:
    """Documents and problems as they come in.

    Parameters
    ----------
    lenient, private, hash_ids, group
        As for `suffice.read`.
    documents : list of Document
    problems : list of CorpusError
        Records left out.
    origins : dict of str to Origin
        Where documents without an id of their own, or with lines of their own, come from.
    """

    lenient: bool
    private: bool
    hash_ids: bool
    group: str | None
    documents: list[Document] = field(default_factory=list)
    problems: list[CorpusError] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _occurrences: Counter[str] = field(default_factory=Counter)

    def take(
        self, source: Source, items: Iterable[Item], add: Callable[[Draft], None]
    ) -> Counter[str]:
        """Add what a file holds, record by record, and return what its notes count.

        Parameters
        ----------
        source : Source
            The file.
        items : iterable of Draft, Note or CorpusError
            As a format yields them.
        add : callable
            What is done with a draft; it ends in `add`.

        Raises
        ------
        CorpusError
            A record cannot be used, unless reading is lenient; or the file holds nothing.
        """
        counted: Counter[str] = Counter()
        empty = True
        for item in items:
            empty = False
            if isinstance(item, Note):
                counted[item.text] += item.count
                continue
            try:
                if isinstance(item, CorpusError):
                    raise item
                add(item)
            except CorpusError as problem:
                if not self.lenient:
                    raise
                self.problems.append(problem)
        if empty:
            raise source.error("the file holds no records")
        return counted

    def add(self, draft: Draft) -> Document:
        """Add a record's document and return it; raises where it is none or its id is taken."""
        if self.group is not None:
            draft = replace(draft, group=value(draft.fields, self.group))
        document = verified(draft, self._name_for, private=self.private, hash_ids=self.hash_ids)
        if document.id in self._places:
            raise CorpusError(
                f"the id {document.id!r} is already that of {self._places[document.id]}",
                remedy="give every document an id of its own, or name one of the files only",
                where=draft.where,
            )
        self._places[document.id] = draft.where
        if draft.id is None or draft.lines is not None:
            self.origins[document.id] = Origin(draft.where, draft.lines)
        self.documents.append(document)
        return document

    def check_group(self) -> None:
        """Refuse a field to group by that no record has."""
        if self.group is not None and all(d.group is None for d in self.documents):
            raise InputError(
                f"no record has a field {self.group!r} to group by",
                remedy="`group` names a field of the records, as patient or meta.patient",
            )

    def _name_for(self, text: str) -> str:
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        self._occurrences[digest] += 1
        again = self._occurrences[digest]
        return digest if again == 1 else f"{digest}-{again}"


def value(fields: Mapping[str, Any], path: str) -> Any:
    """Return the field of a record that a dotted path names, or None."""
    found: Any = fields
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
