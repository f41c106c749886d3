"""Which columns of a Hugging Face table hold what, and its rows, a few at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from suffice.corpus.formats.base import Source
from suffice.corpus.formats.columnroles import CHUNKS
from suffice.corpus.formats.tagging import is_tag, parts, read_names
from suffice.errors import CorpusError
from suffice.optional import needs

OURS = b"suffice"
"""The key of the schema's metadata that says suffice wrote the file."""

_TIMES, _FLOOR = 20, 64 << 20
_MOST_ROWS = 256
_SAMPLE = 50
_TEXT = ("text", "sentence", "document", "content", "passage")
_SPANS = ("spans", "entities", "ents", "labels", "label", "annotations", "ner")
_WORDS = ("tokens", "words", "token", "word", "text", "sentence")
_TAGS = ("ner_tags", "ner", "tags", "labels", "label", "ner_labels", "bio_tags", "iob_tags")
_START = ("start", "start_offset", "start_char", "begin")
_END = ("end", "end_offset", "end_char", "stop")
_LABEL = ("label", "type", "entity", "entity_type", "entity_group", "tag")


@dataclass(frozen=True)
class Shape:
    """Which columns hold what: a text and its spans, or words and their tags.

    Parameters
    ----------
    text, spans, words, tags : str, optional
        Names of columns; a text beside words is the one that they come from.
    names : tuple of str, optional
        What the numbers of the tags, or of the spans' labels, mean.
    keys : tuple of str
        The fields of a span that are its start, end and label.
    others : tuple of str
        Further columns of words, numbers and structures of these.
    more : tuple of str
        Columns of spans or tags that are not read.
    """

    text: str | None = None
    spans: str | None = None
    words: str | None = None
    tags: str | None = None
    names: tuple[str, ...] | None = None
    keys: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Return all columns to read."""
        own = (self.text, self.spans, self.words, self.tags, *self.others)
        return list(dict.fromkeys(name for name in own if name is not None))


def load_pyarrow() -> Any:
    """Return pyarrow, with what reads and writes Parquet.

    Raises
    ------
    InputError
        It is not installed.
    """
    with needs("a Hugging Face dataset", extra="hf"):
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet
    return pyarrow


class HfTable:
    """A Parquet or Arrow file.

    Parameters
    ----------
    source : Source
        The file.

    Raises
    ------
    CorpusError
        It is none, or a damaged one.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._arrow = load_pyarrow()
        self._most = _TIMES * len(source.data) + _FLOOR
        self._parquet = source.data.startswith(b"PAR1")
        try:
            self.schema = self._open().schema_arrow if self._parquet else self._open().schema
            self.metadata = dict(self.schema.metadata or {})
            if self._parquet:
                # Goes through all pages and keeps nothing. Damaged statistics of a column raise
                # here; where they are first asked for below, pyarrow would end the process.
                self._open().scan_contents()
        except Exception as error:  # whatever pyarrow says of damaged bytes
            raise self._damaged(error) from error

    def rows(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Yield the rows, with these columns only.

        Raises
        ------
        CorpusError
            The file is damaged, or grows beyond reason.
        """
        size = 0
        batches = self._batches(columns)
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                size += batch.nbytes
                if size > self._most:
                    raise self._swells()
                batch.validate(full=True)
                rows = batch.to_pylist()
            except CorpusError:
                raise
            except Exception as error:  # as above
                raise self._damaged(error) from error
            yield from rows

    def _open(self) -> Any:
        buffer = self._arrow.py_buffer(self.source.data)
        if self._parquet:
            return self._arrow.parquet.ParquetFile(buffer)
        if self.source.data.startswith(b"ARROW1"):
            return self._arrow.ipc.open_file(buffer)
        return self._arrow.ipc.open_stream(buffer)

    def _batches(self, columns: list[str]) -> Iterator[Any]:
        table = self._open()
        if self._parquet:
            rows = self._rows_at_once(table.metadata, set(columns))
            # One thread, so that no more than one batch is in memory.
            yield from table.iter_batches(rows, columns=columns, use_threads=False)
            return
        if self.source.data.startswith(b"ARROW1"):
            whole = (table.get_batch(i) for i in range(table.num_record_batches))
        else:
            whole = iter(table)
        for batch in whole:
            chosen = batch.select(columns)
            for start in range(0, chosen.num_rows, _MOST_ROWS):
                yield chosen.slice(start, _MOST_ROWS)

    def _rows_at_once(self, metadata: Any, columns: set[str]) -> int:
        """Return how many rows may be unpacked at once, from what the file says of its columns."""
        size = largest = 0
        for group in range(metadata.num_row_groups):
            for number in range(metadata.num_columns):
                column = metadata.row_group(group).column(number)
                if column.path_in_schema.split(".")[0] in columns:
                    largest = max(largest, column.total_uncompressed_size)
                    size += column.total_uncompressed_size + 4 * column.num_values
        if size > self._most:
            raise self._swells()
        # A value may be as long as its column, and be meant by every row.
        return int(max(1, min(_MOST_ROWS, self._most // max(1, largest))))

    def _swells(self) -> CorpusError:
        return self.source.error(
            f"the file expands to more than {self._most >> 20} MiB",
            "write it again with smaller texts, if the file is what you expect",
        )

    def _damaged(self, error: Exception) -> CorpusError:
        return self.source.error(
            f"this is not a complete Parquet or Arrow file ({type(error).__name__})",
            "copy or write it again",
        )


def features_of(table: HfTable) -> Mapping[str, Any]:
    """Return what `datasets` says of the columns, in the schema or in a file beside it."""
    given = table.metadata.get(b"huggingface")
    if given is None:
        beside = table.source.sibling("dataset_info.json")
        given = beside.data if beside is not None else b"{}"
    try:
        value = json.loads(given)
    except (ValueError, RecursionError):
        return {}
    for key in ("info", "features"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
    return value if isinstance(value, dict) else {}


def _names(feature: Any, depth: int = 0) -> tuple[str, ...] | None:
    """Return the names of a ClassLabel, however deep in lists it lies."""
    if isinstance(feature, list) and feature and depth < 9:
        return _names(feature[0], depth + 1)
    if not isinstance(feature, dict) or depth > 8:
        return None
    names = feature.get("names")
    if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        return tuple(names)
    return _names(feature.get("feature"), depth + 1)


def shape_of(table: HfTable, layer: str | None = None) -> Shape:
    """Return which columns of a table hold what.

    Parameters
    ----------
    table : HfTable
        The file.
    layer : str, optional
        The column of spans or tags that the user named. Otherwise it is the first column of spans
        that holds any, or the first of tags.

    Raises
    ------
    CorpusError
        None holds annotated text, or numbers of tags have no names; or the column that was named
        holds neither spans nor tags.
    """
    types = table._arrow.types
    features = features_of(table)
    fields = {f.name: f.type for f in table.schema}
    lists = {n: t.value_type for n, t in fields.items() if _is_list(types, t)}
    others = tuple(
        n for n, t in fields.items() if _is_plain(types, t) and n not in ("__index_level_0__",)
    )
    if OURS in table.metadata and "sentences" in fields:
        others += ("sentences",)
    texts = [n for n in _TEXT if n in fields and _is_text(types, fields[n])]
    keys = {n: _span_keys(types, lists.get(n, kind)) for n, kind in fields.items()} if texts else {}
    spans = sorted((n for n in keys if keys[n]), key=lambda n: _place(n, _SPANS))
    words = next((n for n in _WORDS if n in lists and _is_text(types, lists[n])), None)
    named = {n: _names(features.get(n)) for n in lists if types.is_integer(lists[n])}
    tags = [] if words is None else _tag_columns(table, lists, named, words)
    name = _chosen(table, layer, spans, tags)
    more = tuple(n for n in (*spans, *tags) if n != name)
    if name is not None and name in spans:
        label = _label_feature(features.get(name), keys[name][2])
        return Shape(texts[0], name, names=_names(label), keys=keys[name], others=others, more=more)
    if name is None and spans:
        raise table.source.error(
            "no column has a name that columns of spans or tags usually have",
            f"`layer` can be {', '.join(spans)}",
        )
    if words is None:
        raise table.source.error(
            "no column holds words with tags, or a text with spans",
            'expected columns are "tokens" and "ner_tags", or "text" and "spans"',
        )
    if name is None:
        bare = next((n for n in _TAGS if n in named and named[n] is None), None)
        if bare is not None:
            raise table.source.error(
                f"the column {bare!r} holds numbers, and the file does not say what they mean",
                "write it with datasets, whose ClassLabel keeps the names",
            )
        raise table.source.error(
            "no column holds tags (O, B-..., I-...) of the words", 'call it "ner_tags"'
        )
    return Shape(
        text=texts[0] if texts else None,
        words=words,
        tags=name,
        names=named.get(name),
        others=others,
        more=more,
    )


def _chosen(table: HfTable, layer: str | None, spans: list[str], tags: list[str]) -> str | None:
    """Return the column to read: the one that was named, or one of spans, or one of tags."""
    if layer is not None:
        if layer in spans or layer in tags:
            return layer
        known = ", ".join((*spans, *tags))
        raise table.source.error(
            f"the column {layer!r} holds neither spans of a text nor tags of words",
            f"`layer` can be {known}" if known else "",
        )
    usual = [n for n in spans if n in _SPANS]
    if len(usual) > 1:  # tools leave empty columns beside the one that is used
        return next((n for n in usual if _holds_any(table, n)), usual[0])
    return next(iter(usual or tags), None)


def _holds_any(table: HfTable, name: str) -> bool:
    for row in table.rows([name]):
        given = row[name]
        if any(given.values()) if isinstance(given, dict) else given:
            return True
    return False


def _tag_columns(
    table: HfTable, lists: Mapping[str, Any], named: Mapping[str, Any], words: str
) -> list[str]:
    """Return the columns of tags, the likeliest first."""
    types = table._arrow.types
    found = []
    for name, kind in lists.items():
        if name == words:
            continue
        names = named.get(name)
        if names is not None:
            likely = _are_tags(names)
        else:
            likely = _is_text(types, kind) and (name in _TAGS or _looks_tagged(table, name))
        if likely:
            found.append(name)
    # Strings come before numbers, whose names may be those of anything.
    return sorted(found, key=lambda n: (_rank(named.get(n)), _place(n, _TAGS), n in named))


def _looks_tagged(table: HfTable, name: str) -> bool:
    """Return whether the first rows of a column of strings are tags, some of them with labels."""
    seen = {tag for row in islice(table.rows([name]), _SAMPLE) for tag in row[name] or ()}
    return all(isinstance(t, str) and is_tag(t) for t in seen) and any(len(t) > 2 for t in seen)


def _place(name: str, known: tuple[str, ...]) -> int:
    return known.index(name) if name in known else len(known)


def _label_feature(feature: Any, key: str) -> Any:
    """Return what `datasets` says of the labels of a column of spans."""
    inner = feature.get("feature", feature) if isinstance(feature, dict) else feature
    inner = inner[0] if isinstance(inner, list) and inner else inner
    return inner.get(key) if isinstance(inner, dict) else None


def _are_tags(names: tuple[str, ...]) -> bool:
    meant = read_names(names)
    return "O" in meant.tags.values() or not meant.bare


def _rank(names: tuple[str, ...] | None) -> int:
    """Return 1 for the labels of phrases (NP, VP), which are no entities, else 0."""
    if names is None:
        return 0
    labels = {parts(name)[1] for name in names if is_tag(name)} - {""}
    return 1 if labels and labels <= CHUNKS else 0


def _is_list(types: Any, kind: Any) -> bool:
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _is_text(types: Any, kind: Any) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _is_plain(types: Any, kind: Any) -> bool:
    """Return whether a column may name a document, group or split."""
    if types.is_struct(kind):
        return all(_is_plain(types, kind.field(i).type) for i in range(kind.num_fields))
    return _is_text(types, kind) or bool(types.is_integer(kind)) or bool(types.is_boolean(kind))


def _span_keys(types: Any, kind: Any) -> tuple[str, ...]:
    """Return the names of start, end and label in a structure; empty if it is no span."""
    if kind is None or not types.is_struct(kind):
        return ()
    names = {kind.field(i).name for i in range(kind.num_fields)}
    found = [next((n for n in known if n in names), None) for known in (_START, _END, _LABEL)]
    return tuple(name for name in found if name is not None) if None not in found else ()
