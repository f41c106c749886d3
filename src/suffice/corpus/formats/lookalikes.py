"""What looks like annotations under a key that a format does not read.

A file may keep its entities under another name than its format has for them, and then every text
would be read as one without entities. So what stands under unknown keys is looked at: a list of
things that have a kind and a place in the text, in any of the shapes that tools and scripts write.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from suffice.corpus.formats.base import Note
from suffice.corpus.formats.jsontext import parse
from suffice.errors import CorpusError

_STARTS = {
    "start", "begin", "startoffset", "beginoffset", "offset", "startchar", "charstart", "startpos",
    "startindex", "startposition", "beginposition", "regionoffset", "tokenstart", "starttoken",
}  # fmt: skip
_PLACES = {
    "span", "spans", "offsets", "location", "locations", "points", "indices", "position",
    "positions", "range", "ranges", "textsegment", "textextraction", "fragments",
}  # fmt: skip
_KINDS = {
    "label", "labels", "entity", "entitylabel", "entitytype", "entitygroup", "enttype", "ner",
    "nertag", "netag", "tag", "tags", "type", "class", "classid", "category", "categories", "obj",
    "displayname", "infons", "kind",
}  # fmt: skip
_TOKEN_KINDS = {"label", "entity", "entitylabel", "entitytype", "enttype", "ner", "nertag", "netag"}
_STRINGS = {"text", "word", "value", "surface", "mention", "span", "content", "entity", "name"}
# Parts of a text that have places and kinds and are no entities.
_STRUCTURE = {"tokens", "words", "sents", "sentences", "paragraphs", "sections", "lines"}
_TAG = re.compile(r"[BIESLUMW][-_].")
_HINT = re.compile(r"entit|ner\b|annot|span|label|mention|mark|tag", re.IGNORECASE)
# What is enough to tell, however much a record holds.
_DEEPEST, _MOST, _LONGEST = 4, 10_000, 100_000


def lookalikes(record: Mapping[str, Any], read: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield the keys of a record under which annotations seem to stand, and how many.

    Parameters
    ----------
    record : mapping
        A JSON object.
    read : collection of str
        The keys that the format reads itself.
    """
    text = record.get("text")
    for key, value in record.items():
        if key in read:
            continue
        if isinstance(value, str):
            value = _written_out(value)
        if isinstance(value, list | dict):
            seen = _Seen(text if isinstance(text, str) else "")
            if count := seen.count(key, value):
                yield ".".join((key, *seen.path)), count


def _written_out(value: str) -> Any:
    """Return the list that a string holds as JSON or as Python writes it; None if it holds none.

    Tables keep lists so.
    """
    if value[:1] != "[" or len(value) > _LONGEST:
        return None
    try:
        return parse(value)
    except ValueError:
        pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes, which say nothing to a reader
            return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


class _Seen:
    """Counts what looks like annotations under one key, and keeps the path to the first of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.path: tuple[str, ...] = ()

    def count(self, key: str, value: Any, depth: int = 0, hinted: bool = False) -> int:
        """Return how many marks a value holds.

        A single object with a kind and a place, as the meta data of a text that was cut out of a
        longer one, is a mark only below a key that says so.
        """
        hinted = hinted or _HINT.search(key) is not None
        if depth > _DEEPEST or not isinstance(value, list | dict) or not value:
            return 0
        if _plain(key) in _STRUCTURE:
            return sum(map(_is_tagged_word, value)) if isinstance(value, list) else 0
        if isinstance(value, list):
            items = value[:_MOST]
            if found := sum(map(self._is_mark, items)):
                return found
            if _is_tags(key, items):
                return sum(tag not in ("O", 0, "") for tag in items)
            return sum(self.count(key, item, depth + 1, hinted) for item in items)
        if hinted and self._is_mark(value):
            return 1
        if hinted and (found := self._under_kinds(value)):
            return found
        total = 0
        for name, item in value.items():
            found = self.count(name, item, depth + 1, hinted)
            if found and not total and not self._quotes(name):  # names may be text
                self.path = (name, *self.path)
            total += found
        return total

    def _is_mark(self, item: Any) -> bool:
        if isinstance(item, dict):
            names = {_plain(key): value for key, value in item.items()}
            if not any(_is_kind(value) for key, value in names.items() if key in _KINDS):
                return False
            quotes = any(self._quotes(value) for key, value in names.items() if key in _STRINGS)
            return quotes or _has_place(item)
        if isinstance(item, list | tuple) and 2 <= len(item) <= 6:
            numbers = sum(map(_is_number, item))
            nested = any(isinstance(part, list | tuple) and _has_number(part, 2) for part in item)
            return (numbers >= 2 or nested) and any(isinstance(part, str) for part in item)
        return False

    def _quotes(self, value: Any) -> bool:
        """Return whether a string stands in the record's text."""
        return isinstance(value, str) and len(value) > 1 and value in self.text

    def _under_kinds(self, value: Mapping[str, Any]) -> int:
        """Return how many marks stand in lists by their kinds, or are keys with a kind each."""
        total = 0
        for name, own in value.items():
            if isinstance(own, str):
                total += self._quotes(name)
            elif isinstance(own, list):
                total += sum(self._quotes(item) or _has_place(item) for item in own[:_MOST])
        return total


def _plain(key: str) -> str:
    return re.sub(r"[\W_]", "", key).lower()


def _is_number(value: Any) -> bool:
    """Return whether a value is a whole number, perhaps written as a string."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int) and not isinstance(value, bool)


def _has_number(value: Any, depth: int) -> bool:
    if _is_number(value):
        return True
    if not depth or not isinstance(value, list | dict):
        return False
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
    return any(_has_number(item, depth - 1) for item in inner)


def _has_place(item: Any) -> bool:
    """Return whether an item says where it stands, in itself or in a part of it."""
    if isinstance(item, list):
        return len(item) == 2 and all(map(_is_number, item))
    if not isinstance(item, dict):
        return False
    names = {_plain(key): value for key, value in item.items()}
    return any(_is_number(value) for key, value in names.items() if key in _STARTS) or any(
        _has_number(value, 3) for key, value in names.items() if key in _PLACES
    )


def _is_kind(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, list | dict) and bool(value)


def _is_tagged_word(item: Any) -> bool:
    """Return whether an item is a word that says which entity it belongs to."""
    if not isinstance(item, dict):
        return False
    kinds = [value for key, value in item.items() if _plain(key) in _TOKEN_KINDS]
    return any(isinstance(kind, str) and kind not in ("", "O", "-", "_") for kind in kinds)


def _is_tags(key: str, value: list[Any]) -> bool:
    """Return whether a list holds a tag for each word."""
    if all(isinstance(tag, str) for tag in value):
        return any(_TAG.match(tag) for tag in value)
    return "ner" in key.lower() and all(type(tag) is int for tag in value)


def is_refused(items: Sequence[object]) -> bool:
    """Return whether what is said of a record holds an error."""
    return any(isinstance(item, CorpusError) for item in items)


class Unread:
    """Judges records that hold annotations under keys which their format does not read.

    Beside spans under the format's own key they are another layer, which is counted. Where the
    format's own key holds nothing they may be the annotations themselves, and the record is
    refused, unless other records of the file show that the key is another layer.

    Parameters
    ----------
    own : str
        The key under which the format keeps spans, for messages.
    read : collection of str
        The keys that the format reads.
    marked : callable
        Takes a record; returns whether it has spans under the format's own key.
    records : callable
        Returns the records of the file, anew each time.
    remedy : str
        What to do with a record that is refused; ``{key}`` stands for the other key.
    """

    def __init__(
        self,
        own: str,
        read: Collection[str],
        marked: Callable[[Mapping[str, Any]], bool],
        records: Callable[[], Iterable[Any]],
        remedy: str,
    ) -> None:
        self.own = own
        self.read = frozenset(read)
        self.marked = marked
        self.records = records
        self.remedy = remedy

    def items(self, where: str, record: Mapping[str, Any]) -> list[Note | CorpusError]:
        """Return what is to be said of a record; a single error if it cannot be used."""
        found = dict(lookalikes(record, self.read))
        if found and not self.marked(record):
            strange = [key for key in found if key not in self._beside]
            if strange:
                problem = (
                    f'"{self.own}" is empty, but "{strange[0]}" holds what looks like annotations'
                )
                remedy = self.remedy.format(key=strange[0])
                return [CorpusError(problem, remedy=remedy, where=where)]
        return [
            Note(f'what looks like annotations under "{key}", not read', count)
            for key, count in found.items()
        ]

    @cached_property
    def _beside(self) -> frozenset[str]:
        """Return the keys that some record has beside spans under the format's own key."""
        return frozenset(
            key
            for record in self.records()
            if isinstance(record, dict) and self.marked(record)
            for key, _ in lookalikes(record, self.read)
        )
