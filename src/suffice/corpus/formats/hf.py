"""Hugging Face datasets: Parquet files, and the Arrow files of a ``save_to_disk`` folder.

Needs the extra ``hf``. A row has a text and spans, or words and tags, whose names come from the
`ClassLabel` that `datasets` keeps in the schema or in ``dataset_info.json``. The split comes from
the name of the file or folder. A negative number says that the word is not annotated
(`suffice.corpus.formats.words`). ``--layer`` names the column of spans or tags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.base import Draft, FileFormat, Item, Likeness, Note, Source, not_written
from suffice.corpus.formats.hf_table import OURS, HfTable, Shape, load_pyarrow, shape_of
from suffice.corpus.formats.tagging import TagNames, detect, encode, read_names
from suffice.corpus.formats.words import NOT, Built, not_annotated, problem_of
from suffice.corpus.tokens import tokens_between
from suffice.errors import CorpusError

_SPLIT = re.compile(
    r"(?:.*-)?(train|training|validation|valid|val|dev|test)(?:-\d+-of-\d+)?", re.IGNORECASE
)
_STREAM = b"\xff\xff\xff\xff"
_OUTSIDE = "O"
_SAMPLE = 50
_Row = dict[str, Any]


class HuggingFace(FileFormat):
    """Hugging Face datasets; one Parquet file is written."""

    name = "hf"
    extensions = (".parquet", ".arrow")
    title = "a Hugging Face dataset in Parquet or Arrow"
    binary = True
    choices = ("layer",)

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like Parquet or Arrow."""
        if head.startswith((b"PAR1", b"ARROW1")):
            return Likeness.CERTAIN
        stream = head.startswith(_STREAM) and path.name.endswith(".arrow")
        return Likeness.FIELDS if stream else Likeness.NONE

    def companion(self, name: str, names: Collection[str]) -> bool:
        """Return whether a file only describes a dataset, or is a cache of `datasets`."""
        if name == "dataset_dict.json" or (name.startswith("cache-") and name.endswith(".arrow")):
            return True
        both = ("state.json", "dataset_info.json")
        return name in both and all(other in names for other in both)

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the rows of a file, unverified."""
        table = HfTable(source)
        shape = shape_of(table, source.layer)
        numbered = OURS not in table.metadata and _numbered(table)
        if numbered:
            yield Note("rows whose id is only their number, and is not used", numbered)
        if shape.more and OURS not in table.metadata:
            yield Note(
                "columns that may hold entities too and are not read, unless --layer names one "
                f"({', '.join(shape.more)})"
            )
        tags = None if shape.tags is None else _Tags.of(table, shape)
        if tags is not None and tags.meant.bare:
            yield Note(
                "labels without B- or I- before them: neighbouring words of one label are read "
                "as one entity"
            )
        split = _split(source)
        for number, row in enumerate(table.rows(shape.columns), start=1):
            for item in _items(source.record(number), row, shape, tags):
                if isinstance(item, Draft):
                    yield _named(item, row, split, keep_id=not numbered)
                else:
                    yield item

    def write(self, documents: Sequence[Document], out: BinaryIO) -> list[str]:
        """Write documents: text and spans, which are exact, and tokens with tags to train on."""
        arrow = load_pyarrow()
        labels = sorted({span.label for d in documents for span in d.spans})
        names = [_OUTSIDE, *(f"{letter}-{label}" for label in labels for letter in "BI")]
        numbers = {name: i for i, name in enumerate(names)}
        left = 0
        rows = []
        for document in documents:
            words, tags, lost = _tagged(document)
            left += lost
            rows.append(
                {
                    "id": document.id,
                    "text": document.text,
                    "spans": [
                        {"start": s.start, "end": s.end, "label": s.label} for s in document.spans
                    ],
                    "sentences": None if document.sentences is None
                    else [list(offsets) for offsets in document.sentences],
                    "group": document.group,
                    "split": document.split,
                    "tokens": words,
                    "ner_tags": [numbers[tag] for tag in tags],
                }
            )  # fmt: skip
        schema = _schema(arrow, names)
        table = arrow.Table.from_pylist(rows, schema=schema)
        sink = arrow.BufferOutputStream()
        arrow.parquet.write_table(table, sink)
        out.write(sink.getvalue().to_pybytes())
        notes = not_written(documents, "annotators")
        if left:
            notes.append(
                "spans that overlap a longer one or hold no word, in the column spans but not in "
                f"ner_tags: {left}"
            )
        return notes


@dataclass(frozen=True)
class _Tags:
    """How the tags of a table are to be understood.

    Parameters
    ----------
    scheme : str
        The tag scheme.
    meant : TagNames
        What the names mean.
    names : tuple of str, optional
        What numbers mean.
    """

    scheme: str
    meant: TagNames
    names: tuple[str, ...] | None

    @classmethod
    def of(cls, table: HfTable, shape: Shape) -> _Tags:
        """Look through all tags of a table."""
        assert shape.tags is not None
        if shape.names is None:
            seen = {t for row in table.rows([shape.tags]) for t in row[shape.tags] or ()}
            known = {t for t in seen if isinstance(t, str) and t not in ("", "-", "_")}
        else:
            known = set(shape.names)
        meant = read_names(sorted(known))
        draft = cls("IOB1", meant, shape.names)
        rows = (draft.tags(row[shape.tags] or []) for row in table.rows([shape.tags]))
        found = detect([tag or _OUTSIDE for tag in tags] for tags in rows if tags is not None)
        return cls("IOB1" if meant.bare else found, meant, shape.names)

    def tags(self, given: list[Any]) -> list[str | None] | None:
        """Return the tags of a row, with None for those not known; None if one is no tag at all."""
        found = [self._tag(value) for value in given]
        return None if False in found else found  # type: ignore[return-value]

    def _tag(self, value: Any) -> str | bool | None:
        if isinstance(value, int) and self.names is not None:
            if value < 0:
                return None
            value = self.names[value] if value < len(self.names) else False
        if value is None or value in ("", "-", "_"):
            return None
        if not isinstance(value, str):
            return False
        return self.meant.tags.get(value, False)


def _items(where: str, row: _Row, shape: Shape, tags: _Tags | None) -> Iterator[Item]:
    if shape.spans is not None:
        assert shape.text is not None
        spans = row[shape.spans]
        if spans is None:
            yield NOT
            return
        yield Draft(where, row[shape.text], _spans(spans, shape), fields=row)
        return
    assert shape.words is not None and shape.tags is not None and tags is not None
    words, given = row[shape.words], row[shape.tags]
    if not words:
        yield Note("rows without words, left out")
    elif given is None:
        yield NOT
    elif len(words) != len(given):
        yield _bad(where, f"the row has {len(words)} words and {len(given)} tags")
    elif (problem := problem_of(words)) is not None:
        yield _bad(where, problem)
    elif (found := tags.tags(given)) is None:
        yield _bad(where, "a tag is neither one of the class names nor O, B-... or I-...")
    elif (left_out := not_annotated(tag is not None for tag in found)) is not None:
        yield left_out
    else:
        built = Built(tags.scheme)
        text = row[shape.text] if shape.text is not None else None
        built.add(words, [tag for tag in found if tag], text if isinstance(text, str) else None)
        yield from built.notes()
        yield Draft(where, built.text, built.spans, fields=row)


def _spans(given: Any, shape: Shape) -> Any:
    """Return spans, given as a list of structures or as a structure of lists."""
    if isinstance(given, dict):
        columns = [given.get(key) or [] for key in shape.keys]
        if len({len(column) for column in columns}) > 1:
            return None
        given = [
            dict(zip(shape.keys, values, strict=True)) for values in zip(*columns, strict=True)
        ]
    return [_span(span, shape) for span in given]


def _span(span: Any, shape: Shape) -> Any:
    if not isinstance(span, dict):
        return span
    start, end, label = (span.get(key) for key in shape.keys)
    if isinstance(label, int) and shape.names is not None and 0 <= label < len(shape.names):
        label = shape.names[label]
    return {"start": start, "end": end, "label": label}


def _bad(where: str, problem: str) -> CorpusError:
    remedy = "write the dataset again, or read with `lenient` to leave such rows out"
    return CorpusError(problem, remedy=remedy, where=where)


def _named(draft: Draft, row: _Row, split: str | None, keep_id: bool) -> Draft:
    """Return the draft with what its row says of it."""
    given = row.get("id")
    return Draft(
        draft.where,
        draft.text,
        draft.spans,
        id=given if keep_id else None,
        sentences=row.get("sentences"),
        group=row.get("group"),
        split=row.get("split") if isinstance(row.get("split"), str) else split,
        fields=row,
    )


def _numbered(table: HfTable) -> int:
    """Return how many of the first rows have an id that only counts them; 0 if it is more."""
    if "id" not in table.schema.names:
        return 0
    ids = [row["id"] for row in islice(table.rows(["id"]), _SAMPLE)]
    digits = [str(i) for i in ids if isinstance(i, str | int)]
    if len(digits) < max(2, len(ids)) or not all(d.isdecimal() and len(d) < 16 for d in digits):
        return 0
    first = int(digits[0])
    return len(ids) if [int(d) for d in digits] == list(range(first, first + len(ids))) else 0


def _split(source: Source) -> str | None:
    """Return the split that the file's or the folder's name says."""
    folder = source.path.parent
    if source.tree is not None and "dataset_dict.json" in source.tree.names(folder.parent):
        return folder.name
    for name in (source.path.name.split(".")[0], folder.name):
        if (match := _SPLIT.fullmatch(name)) is not None:
            return match[1].lower()
    return None


def _tagged(document: Document) -> tuple[list[str], list[str], int]:
    """Return a document's words and their tags, and how many spans these leave out."""
    kept: list[Span] = []
    for span in sorted(document.spans, key=lambda s: (s.start - s.end, s)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    edges = {edge for span in kept for edge in (span.start, span.end)}
    words = tokens_between(document.text, edges)
    found = []
    for span in sorted(kept):
        inside = [i for i, (a, b) in enumerate(words) if span.start <= a and b <= span.end]
        if inside:
            found.append((inside[0], inside[-1] + 1, span.label))
    tags = encode(len(words), found)
    return [document.text[a:b] for a, b in words], tags, len(document.spans) - len(found)


def _schema(arrow: Any, names: list[str]) -> Any:
    def value(dtype: str) -> _Row:
        return {"dtype": dtype, "_type": "Value"}

    def several(feature: Any) -> _Row:
        return {"feature": feature, "_type": "Sequence"}

    text, number = arrow.string(), arrow.int64()
    span = arrow.struct([("start", number), ("end", number), ("label", text)])
    columns = {
        "id": (text, value("string")),
        "text": (text, value("string")),
        "spans": (
            arrow.list_(span),
            [{"start": value("int64"), "end": value("int64"), "label": value("string")}],
        ),
        "sentences": (arrow.list_(arrow.list_(number)), several(several(value("int64")))),
        "group": (text, value("string")),
        "split": (text, value("string")),
        "tokens": (arrow.list_(text), several(value("string"))),
        "ner_tags": (arrow.list_(number), several({"names": names, "_type": "ClassLabel"})),
    }
    features = {name: feature for name, (_, feature) in columns.items()}
    metadata = {b"huggingface": json.dumps({"info": {"features": features}}).encode(), OURS: b"1"}
    return arrow.schema([(n, kind) for n, (kind, _) in columns.items()], metadata=metadata)
