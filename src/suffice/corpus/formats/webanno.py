"""WebAnno TSV 3, as WebAnno and INCEpTION write it: a file for each document.

::

    #FORMAT=WebAnno TSV 3.3
    #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value


    #Text=Ann Lee sings .
    1-1	0-3	Ann	PER[1]
    1-2	4-7	Lee	PER[1]
    1-3	8-13	sings	_
    1-4	14-15	.	_

Offsets count UTF-16 units. The text is made of the sentences, each at the offset of its first
token; what stands between sentences is not in the file, and white space is put there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document
from suffice.corpus.formats import layers
from suffice.corpus.formats.base import Draft, FolderFormat, Item, Likeness, Note, Source
from suffice.corpus.formats.filenames import file_id, project_id
from suffice.corpus.formats.line_ends import split_lines
from suffice.corpus.formats.utf16 import Utf16
from suffice.corpus.formats.webannowriter import write_folder
from suffice.corpus.formats.words import trimmed

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (\d+)(?:\.(\d+))?\s*")
_OLD = re.compile(rb"[ \t]*# [A-Za-z0-9_.]+ \| [A-Za-z0-9_]+")
_ROW = re.compile(r"(\d{1,9})-(\d{1,9})(?:\.(\d{1,9}))?\t(\d{1,12})-(\d{1,12})\t(.*)", re.DOTALL)
_TEXT, _ID, _SPAN_LAYER = "#Text=", "#Sentence.id=", "#T_SP="
_STACKED = re.compile(r"((?:\\.|[^|\\]|\\$)*)(?:\||$)", re.DOTALL)
_VALUE = re.compile(r"((?:\\.|[^\\])*?)(?:\[(\d{1,12})\])?", re.DOTALL)
_ESCAPED = re.compile(r"\\(->|[\\\[\]|_;tn*])")
_TEXT_ESCAPED = re.compile("\\\\([tnfrb\\\\\x00-\x07\x0e-\x1f])")
_OLD_ESCAPED = re.compile(r"\\(u+[0-9A-Fa-f]{4}|[tnfrb\\\"'/])")
_READABLE = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}
_MOST_STACKED = 1000
_WIDEST_GAP = 1 << 16


@dataclass
class _TsvFile:
    """What has been read of a file; offsets in UTF-16 units."""

    text: list[str] = field(default_factory=list)
    units: int = 0
    sentences: list[tuple[int, int]] = field(default_factory=list)
    counted: Utf16 = field(default_factory=lambda: Utf16(""))
    spans: list[tuple[int, int, str | None]] = field(default_factory=list)
    several: dict[int, tuple[int, int, str | None]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    others: dict[str, set[str]] = field(default_factory=dict)

    def has(self, start: int, end: int, token: str) -> bool:
        """Return whether a token stands at its offsets in the sentence read last."""
        first, last = (self.counted.characters(p - self.sentences[-1][0]) for p in (start, end))
        whole = first is not None and last is not None and 0 <= first <= last
        return whole and self.text[-2][first:last] == token


class WebAnno(FolderFormat):
    """WebAnno TSV 3."""

    name = "webanno"
    extensions = (".webanno.tsv",)
    title = "WebAnno TSV 3"
    choices = ("layer", "feature")

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like WebAnno TSV."""
        if head.startswith(b"#FORMAT=WebAnno TSV"):
            return Likeness.CERTAIN
        return Likeness.CERTAIN if _OLD.match(head) and b"\n#text=" in head else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the document of a file, unverified."""
        yield from _read(source)

    def write(self, documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
        """Write each document as words cut at the edges of spans, with stacked values."""
        return write_folder(documents, put)


def _read(source: Source) -> Iterator[Item]:
    lines = split_lines(source.text)
    version = _FORMAT.fullmatch(lines[0])
    if version is None or version[1] != "3":
        raise source.error(
            "only WebAnno TSV 3 is read, and this is another version of it",
            "export it again as WebAnno TSV 3.3, or as UIMA CAS XMI",
            1,
        )
    header = _header(lines)
    try:
        chosen = _chosen(header, source)
    except layers.NoLayer as problem:
        raise source.error(problem.problem, problem.remedy) from None
    if chosen is None:
        yield Note(layers.absent(source.layer, header.spans))
        return
    layer, feature = chosen
    file = _body(source, lines, header, _Wanted.of(header, layer, feature))
    text = "".join(file.text).removesuffix("\n")
    counted = Utf16(text)
    spans, notes = _spans(source, file, counted)
    if (note := layers.chosen_note(layer, feature, source.layer is not None)) is not None:
        yield note
    counts = {own: len(ids) for own, ids in file.others.items() if own in header.spans}
    yield from layers.not_read(counts, sum(map(len, file.others.values())) - sum(counts.values()))
    yield from notes
    sentences = []
    for sentence in file.sentences:
        start, end = (counted.characters(place) for place in sentence)
        assert start is not None and end is not None
        if (edges := trimmed(text, start, end)) is not None:
            sentences.append(edges)
    yield Draft(
        source.name,
        text,
        spans,
        id=project_id(source.path) or file_id(source.path),
        sentences=sentences,
        layer=layers.short(layer) if spans and source.layer is None else None,
    )


def _is_old(line: str) -> bool:
    """Return whether a file is of a version that escapes text in another way."""
    version = _FORMAT.fullmatch(line)
    return version is not None and version[2] is not None and int(version[2][:4]) <= 1


@dataclass
class _Header:
    """The columns that a file declares.

    Parameters
    ----------
    spans : dict of str to dict of str to int
        The features of each span layer, with their columns; a layer without features, and a slot,
        have one under an empty name.
    links : dict of str to int
        The first column of each layer of relations or chains.
    width : int
        The number of all columns.
    begin : int
        Where the body begins.
    """

    spans: dict[str, dict[str, int]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    width: int = 0
    begin: int = 1


@dataclass(frozen=True)
class _Wanted:
    """What of a row is read.

    Parameters
    ----------
    column : int
        The column of the annotations.
    label : str, optional
        The label of all of them; None where it is in the column.
    typed : bool
        Whether the column holds types.
    others : dict of int to str
        The columns by which annotations of other layers are counted.
    """

    column: int
    label: str | None
    typed: bool
    others: dict[int, str]

    @classmethod
    def of(cls, header: _Header, layer: str, feature: str | None) -> _Wanted:
        own = header.spans[layer]
        column = own[feature] if feature in own else min(own.values())
        label = layers.short(layer) if feature is None else None
        first = {name: min(found.values()) for name, found in header.spans.items()}
        others = {place: name for name, place in (first | header.links).items() if name != layer}
        return cls(column, label, feature in own, others)


def _chosen(header: _Header, source: Source) -> tuple[str, str | None] | None:
    """Return the layer that holds the entities, and the feature that holds their type."""
    if source.layer is None:
        found = {name: _named(own) for name, own in header.spans.items()}
        layer = layers.entity_layer(found, source.feature)
    else:
        layer = layers.layer_named(header.spans, source.layer)
    if layer is None:
        return None
    return layer, layers.type_feature(layer, _named(header.spans[layer]), source.feature)


def _named(features: dict[str, int]) -> list[str]:
    return [feature for feature in features if feature]


def _header(lines: list[str]) -> _Header:
    header = _Header()
    for number in range(1, len(lines)):
        line = lines[number]
        if not line.startswith(("#T_SP=", "#T_CH=", "#T_RL=")):
            break
        layer, *features = line[len(_SPAN_LAYER) :].split("|")
        if not line.startswith(_SPAN_LAYER):
            header.links.setdefault(layer, header.width)
        for feature in features or [""]:
            if line.startswith(_SPAN_LAYER):
                # A slot's role and its target are links to other annotations, not types.
                plain = "" if feature.startswith("ROLE_") or "." in feature else feature
                header.spans.setdefault(layer, {}).setdefault(plain, header.width)
            header.width += 1
        header.begin = number + 1
    return header


def _body(source: Source, lines: list[str], header: _Header, wanted: _Wanted) -> _TsvFile:
    old = _is_old(lines[0])
    file = _TsvFile()
    said: list[str] = []
    for number, line in enumerate(lines[header.begin :], start=header.begin + 1):
        if not line:
            continue
        if line.startswith(_TEXT):
            said.append(_unescaped_text(line[len(_TEXT) :], old))
            continue
        if line.startswith(_ID):
            continue
        found = _ROW.fullmatch(line)
        if found is None:
            raise source.error(
                "the line is neither a sentence's text nor a token with its offsets",
                "export it again",
                number,
            )
        start, end = int(found[4]), int(found[5])
        if said:
            _sentence(source, file, "\n".join(said), start, number)
            said = []
        elif not file.sentences:
            raise source.error("a token comes before any #Text", "export it again", number)
        fields = found[6].split("\t")
        if len(fields) < 1 + header.width:
            raise source.error(
                f"{len(fields) + 2} columns, where the header declares {3 + header.width}",
                "the file is damaged; export it again",
                number,
            )
        if found[3] is None and not file.has(start, end, fields[0]):
            raise source.error(
                f"the token's text is not what #Text has at {start} to {end}",
                "offsets count UTF-16 units, as Java does; the file is damaged or was edited",
                number,
            )
        if (values := fields[1 + wanted.column]) not in ("", "_"):
            _mark(source, file, values, wanted, (start, end), number)
        for column, layer in wanted.others.items():
            if (values := fields[1 + column]) not in ("", "_"):
                for place, (_, id) in enumerate(_stacked(source, values, number)):
                    file.others.setdefault(layer, set()).add(id or f"{number} {place}")
    if said:
        raise source.error("a sentence has no tokens", "export it again", len(lines))
    return file


def _sentence(source: Source, file: _TsvFile, text: str, start: int, number: int) -> None:
    """Put a sentence at the offset of its first token."""
    if file.units == start + 1 and file.text:
        file.text.pop()
        file.units -= 1
    gap = start - file.units
    if gap < 0 or gap > _WIDEST_GAP:
        raise source.error(
            f"the sentence begins at {start}, where the one before it ends at {file.units}",
            "offsets count UTF-16 units from the beginning of the document",
            number,
        )
    file.text += [" " * gap, text, "\n"]
    file.counted = Utf16(text)
    end = start + file.counted.units(len(text))
    file.units = end + 1
    file.sentences.append((start, end))


def _stacked(source: Source, values: str, number: int) -> Iterator[tuple[str, str | None]]:
    """Yield the values of the annotations on one token, with the ids of those on several."""
    place = 0
    if values.count("|") > _MOST_STACKED:
        raise source.error(
            f"more than {_MOST_STACKED:,} annotations are stacked on one token",
            "do not trust this file",
            number,
        )
    while place <= len(values):
        found = _STACKED.match(values, place)
        assert found is not None
        value = _VALUE.fullmatch(found[1])
        if value is None:
            raise source.error("a value ends in a backslash", "export it again", number)
        yield value[1], value[2]
        if found.end() == len(values) and not found[0].endswith("|"):
            break
        place = found.end()


def _mark(
    source: Source,
    file: _TsvFile,
    values: str,
    wanted: _Wanted,
    place: tuple[int, int],
    number: int,
) -> None:
    """Note the annotations of one token or part of one."""
    start, end = place
    for value, given in _stacked(source, values, number):
        label = wanted.label
        if wanted.typed and value != "*":
            label = _ESCAPED.sub(_plain, value)
        if label is not None:
            label = file.labels.setdefault(label, label)
        if given is None:
            file.spans.append((start, end, label))
        else:
            id = int(given)
            known = file.several.get(id, (start, end, label))
            if known[2] != label:
                problem = f"the annotation [{id}] has another value than before"
                raise source.error(problem, "export it again", number)
            file.several[id] = min(known[0], start), max(known[1], end), label


def _plain(found: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n"}.get(found[1], found[1])


def _unescaped_text(text: str, old: bool) -> str:
    if not old:
        return _TEXT_ESCAPED.sub(lambda found: _READABLE.get(found[1], found[1]), text)
    return _OLD_ESCAPED.sub(
        lambda found: (
            chr(int(found[1].lstrip("u"), 16))
            if found[1][0] == "u"
            else _READABLE.get(found[1], found[1])
        ),
        text,
    )


def _spans(
    source: Source, file: _TsvFile, counted: Utf16
) -> tuple[list[dict[str, Any]], list[Note]]:
    spans = []
    untyped = empty = 0
    for start, end, label in (*file.spans, *file.several.values()):
        if label is None:
            untyped += 1
        elif start == end:
            empty += 1
        else:
            # Inside of a character there is none; verification says so.
            first, last = counted.characters(start), counted.characters(end)
            spans.append({"start": first, "end": last, "label": label})
    if untyped and not spans:
        raise source.error(
            f"none of its {untyped} annotations has a type", "give them one, or leave the file out"
        )
    counts = ((layers.UNTYPED, untyped), (layers.EMPTY, empty))
    return spans, [Note(text, n) for text, n in counts if n]
