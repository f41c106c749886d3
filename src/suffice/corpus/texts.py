"""Read text that nobody has annotated: production text, or a pool to draw the next documents from.

Plain text files (one document each), JSON Lines with ``"text"`` and without ``"spans"``, and files
of every annotated format, whose spans are passed over. What is wrong with a record is said as in
`suffice.corpus.read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

from suffice.corpus.contents import COLUMNS, NO_COLUMNS, Loading, contents_of
from suffice.corpus.document import Document
from suffice.corpus.formats.base import Draft, Format, Item, Note, Source
from suffice.corpus.formats.columnroles import parse_columns
from suffice.corpus.formats.filenames import id_of
from suffice.corpus.formats.jsontext import first_objects, json_lines
from suffice.corpus.formats.registry import format_named, formats, unknown_format
from suffice.corpus.projects import ProjectDocument, Projects, items_of
from suffice.corpus.read import Paths
from suffice.corpus.records import Records, value
from suffice.errors import CorpusError, InputError
from suffice.wording.numbers import counted

_PLAIN = (".txt", ".text")


@dataclass(frozen=True)
class Texts:
    """Documents without spans, in the order of the files.

    Parameters
    ----------
    documents : tuple of Document
        With unique ids.
    name : str
        A short name; usually the stem of the file.
    fields : mapping of str to str
        The value of the field that was asked for with ``by``, by document id; absent where a
        record has none.
    problems : tuple of CorpusError
        Records that lenient reading left out.
    notes : tuple of str
        What reading did that is no error; no document text.
    """

    documents: tuple[Document, ...]
    name: str
    fields: Mapping[str, str]
    problems: tuple[CorpusError, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # Shown by notebooks, debuggers and tracebacks, so without the text.
        return f"<Texts {self.name!r}: {counted(len(self), 'document')}>"

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)


def read_texts(
    paths: Paths,
    *,
    by: str | None = None,
    lenient: bool = False,
    format: str | None = None,
    group: str | None = None,
    encoding: str = "utf-8",
    private: bool = False,
    hash_ids: bool = False,
    columns: str | None = None,
    layer: str | None = None,
    feature: str | None = None,
) -> Texts:
    """Read documents without their spans.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files, gzipped or not, folders, and zip archives. Of a folder or archive, plain text files
        (``.txt``), JSON Lines with texts, and files of annotated formats are read.
    by : str, optional
        A field of the records to keep, as ``"journal"`` or ``"meta.journal"``.
    format : str, optional
        ``"text"``, or the name of an annotated format; found from each file's content unless given.
    lenient, group, encoding, private, hash_ids, columns, layer, feature
        As for `suffice.read`; records that are skipped are listed in `Texts.problems`.

    Returns
    -------
    Texts
        A plain text file is called by its path in its folder, without ending; a record without an
        id by a hash of its text.

    Raises
    ------
    CorpusError
        A file or record cannot be used; the message names the place and what to do.
    InputError
        No record has the field that was asked for.
    """
    given = [Path(paths)] if isinstance(paths, str | PathLike) else [Path(p) for p in paths]
    if not given:
        raise InputError("no file was named", remedy="name a file or a folder to read")
    reading = _TextReading(Records(lenient, private, hash_ids, group), by)
    roles = () if columns is None else parse_columns(columns)
    if roles and format is None:
        format = COLUMNS
    if roles and format != COLUMNS:
        raise InputError(NO_COLUMNS, remedy="leave `columns` out")
    chosen = None if format in (None, "text") else format_named(str(format))

    def format_of(source: Source) -> Format | None:
        return chosen or _annotated(source)

    loading = Loading(encoding, lenient, private, roles, layer, feature)
    for content in contents_of(given, chosen, loading):
        projects = Projects(content.source_of, format_of)
        for unit in content.units:
            if isinstance(unit, ProjectDocument):
                own = content.source_of(unit.files[0][1])
                reading.file(own, _bare(projects.items(unit)))
                continue
            source = content.source_of(unit)
            drafts = _drafts(source, chosen, plain=format == "text")
            if drafts is None:
                reading.passed_over += 1
            else:
                reading.file(source, drafts)
    return reading.texts(given)


Drafts = Iterator[Draft | Note | CorpusError]


def _drafts(source: Source, chosen: Format | None, *, plain: bool) -> Drafts | None:
    """Return the drafts of a file; None to pass over a file of a folder that is none of ours."""
    if not source.data:
        raise source.error("the file is empty", "leave it out")
    if plain:
        return _plain(source)
    if chosen is not None:
        return _bare(items_of(chosen, source))
    objects = first_objects(source.head)
    if objects and any("text" in o and "spans" not in o for o in objects) and _unmarked(objects):
        return _records(source)
    named_plain = source.path.name.lower().removesuffix(".gz").endswith(_PLAIN)
    if (form := _annotated(source)) is not None:
        return _bare(items_of(form, source))
    if named_plain:
        return _plain(source)
    if source.tree is not None and source.tree.whole:
        return None
    raise unknown_format(source)


def _unmarked(objects: list[dict[str, Any]]) -> bool:
    """Return whether records are text alone, and not an annotation tool's with other keys."""
    return not any(k in o for o in objects for k in ("label", "labels", "entities", "annotations"))


def _plain(source: Source) -> Drafts:
    if b"\0" in source.head and source.codec == source.encoding:
        raise source.error("is a binary file, not text", "leave it out")
    root = source.tree.path if source.tree is not None and source.tree.whole else None
    path = source.path.relative_to(root) if root else Path(source.path.name)
    name = path.name.removesuffix(".gz")
    stem = next((name[: -len(e)] for e in _PLAIN if name.lower().endswith(e)), name)
    yield Draft(
        where=source.name, text=source.text, spans=[], id=id_of((path.parent / stem).as_posix())
    )


def _records(source: Source) -> Drafts:
    for number, record in json_lines(source):
        if isinstance(record, CorpusError):
            yield record
        elif "text" not in record:
            yield source.error('the record has no "text"', 'every record needs "text"', number)
        else:
            yield Draft(
                where=source.line(number),
                text=record["text"],
                spans=[],
                id=record.get("id"),
                sentences=record.get("sentences"),
                group=record.get("group"),
                split=record.get("split"),
                fields=record,
            )


def _annotated(source: Source) -> Format | None:
    """Return the annotated format that a file's content looks like most, or None."""
    scores = {name: form.sniff(source.head, source.path) for name, form in formats().items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    return formats()[best] if best is not None and scores[best] > 0 else None


def _bare(items: Iterable[Item]) -> Drafts:
    """Yield drafts without their spans."""
    for item in items:
        if isinstance(item, Draft):
            yield replace(item, spans=[], annotators=None, annotator_labels=None)
        else:
            yield item


@dataclass
class _TextReading:
    """Documents, problems and notes as they come in."""

    records: Records
    by: str | None
    fields: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0

    def file(self, source: Source, drafts: Drafts) -> None:
        """Read one file."""
        counted = self.records.take(source, drafts, self._add)
        self.notes += [f"{source.name}: {text}: {n}" for text, n in counted.items()]

    def _add(self, draft: Draft) -> None:
        document = self.records.add(draft)
        if self.by is not None and (found := value(draft.fields, self.by)) is not None:
            self.fields[document.id] = str(found)

    def texts(self, given: list[Path]) -> Texts:
        """Return what was read."""
        read = self.records
        if not read.documents:
            first = f"; the first problem: {read.problems[0]}" if read.problems else ""
            raise CorpusError(
                f"no text is left{first}",
                remedy='name files of plain text (.txt), or JSON Lines with "text"',
                where=given[0].as_posix(),
            )
        if self.by is not None and not self.fields:
            raise InputError(
                f"no record has a field {self.by!r}", remedy="`by` names a field of the records"
            )
        read.check_group()
        if self.passed_over:
            self.notes.append(f"files of no known format passed over: {self.passed_over}")
        stem = given[0].resolve().name.removesuffix(".gz").rpartition(".")
        name = (stem[0] or stem[2]) + (f"+{len(given) - 1}" if len(given) > 1 else "")
        documents, problems = tuple(read.documents), tuple(read.problems)
        return Texts(documents, name, self.fields, problems, tuple(self.notes))
