"""Which field of the tasks of a Label Studio export is the text, and what is labelled."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from suffice.corpus.formats.base import Source
from suffice.corpus.formats.jsontext import json_values
from suffice.corpus.formats.labelstudio_records import MINIMAL, annotations_of, data_of
from suffice.corpus.formats.labelstudio_regions import REMEDY, UNREADABLE, is_address

_Record = dict[str, Any]


@dataclass
class Project:
    """Which field of the tasks is the text, and what is labelled.

    Parameters
    ----------
    text : str, optional
        The name of the data's field that holds the text; None if there is none.
    fields : dict of str to str
        The fields that results label, by the names that results have for them.
    addresses_only : bool
        Whether the text of every task is an address or a path.
    instead : str, optional
        What all results are, where none marks anything, as ``choices``.
    """

    text: str | None
    fields: dict[str, str]
    addresses_only: bool
    instead: str | None = None


def survey(source: Source) -> Project:
    """Look all tasks over.

    Raises
    ------
    CorpusError
        There are regions, and none of them marks text.
    """
    found = _Survey()
    for _, record in json_values(source):
        if isinstance(record, dict):
            found.add(record)
    kinds = [region for region, _ in found.other.most_common() if region[0] != "none"]
    if kinds and not found.marked:
        kind, name = kinds[0]
        if kind in UNREADABLE:
            raise source.error(UNREADABLE[kind].format(name=name), REMEDY)
        names = ", ".join(sorted({name for _, name in kinds}))
        problem = f"what is labelled is not text ({names})"
        raise source.error(problem, "only spans of text can be read")
    return found.project()


class _Survey:
    """Counts what labels which field.

    Attributes
    ----------
    marked : Counter of str
        Regions of text, by what they label.
    other : Counter of (str, str)
        All other results, by their kind and name.
    """

    def __init__(self) -> None:
        self.marked: Counter[str] = Counter()
        self.other: Counter[tuple[str, str]] = Counter()
        self._quoted: dict[str, Counter[str]] = defaultdict(Counter)
        self._length: Counter[str] = Counter()
        self._texts: set[str] = set()
        self._minimal = self._lists = False

    def add(self, record: _Record) -> None:
        """Look at one task."""
        if not isinstance(record.get("data"), dict):
            self._minimal = True
            self._lists |= any(isinstance(value, list) for value in record.values())
        strings = {
            k: v for k, v in data_of(record).items() if isinstance(v, str) and k not in MINIMAL
        }
        for key, value in strings.items():
            self._length[key] += len(value)
            if not is_address(value):
                self._texts.add(key)
        for region in (r for a in annotations_of(record) for r in a.regions):
            if any(region.spans(value) is not None for value in (*strings.values(), None)):
                self.marked[region.target or ""] += 1
                quoted = self._quoted[region.target or ""]
                for key, value in strings.items():
                    quoted[key] += region.declared is not None and region.declared in value
            else:
                self.other[region.kind, region.name] += 1

    def _field(self, target: str) -> str | None:
        """Return the field that is labelled under a name: where most of the spans' texts occur.

        Of equals the one of that name, then ``text``, then the longest; addresses come last.
        """
        quoted = self._quoted[target]
        return max(
            self._length,
            key=lambda k: (
                k in self._texts or k == target,
                quoted[k],
                k == target,
                k == "text",
                self._length[k],
            ),
            default=None,
        )

    def project(self) -> Project:
        """Return what was found."""
        fields = {name: key for name in self.marked if (key := self._field(name)) is not None}
        spans: Counter[str] = Counter()
        for name, key in fields.items():
            spans[key] += self.marked[name]
        text = max(
            spans, key=lambda k: (spans[k], k == "text", self._length[k]), default=self._field("")
        )
        instead = None
        if not self.marked:
            # JSON-MIN keeps choices like any other field; a list of spans, if empty, tells.
            bare = self._minimal and not self._lists
            names = ", ".join(sorted({name for _, name in self.other}))
            instead = names or ("none in JSON-MIN" if bare else None)
        return Project(text, fields, text is not None and text not in self._texts, instead)
