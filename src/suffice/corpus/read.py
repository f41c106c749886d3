"""Read annotated text from files and folders."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from os import PathLike
from pathlib import Path

from suffice.corpus.contents import COLUMNS, NO_COLUMNS, Content, Loading, contents_of, format_of
from suffice.corpus.corpus import Corpus
from suffice.corpus.files import Tree
from suffice.corpus.formats.base import Draft, FolderFormat, Format, Item, Source
from suffice.corpus.formats.columnroles import parse_columns
from suffice.corpus.formats.foreign import explain_foreign
from suffice.corpus.formats.registry import (
    format_by_extension,
    format_named,
    packed_as,
    plain_name,
)
from suffice.corpus.fragments import Rule, check_rule, joined
from suffice.corpus.labels import parse_labels
from suffice.corpus.passes import count_passes
from suffice.corpus.projects import ProjectDocument, Projects, items_of
from suffice.corpus.records import Records
from suffice.corpus.relabel import Part, label_parts, labels_of
from suffice.errors import CorpusError, InputError
from suffice.wording.numbers import counted

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]
_PASSES = (
    "texts that come again in another file, with quite other labels (if each file was annotated "
    "for some labels only, its documents lack the others: join the files by their texts first)"
)
_MOST_NOTES = 3  # of a kind; those of more files of a folder are added up
Labels = str | Iterable[str] | Mapping[str, str | None]


def read(
    paths: Paths,
    *,
    labels: Labels | None = None,
    lenient: bool = False,
    format: str | None = None,
    group: str | None = None,
    encoding: str = "utf-8",
    private: bool = False,
    hash_ids: bool = False,
    discontinuous: Rule = "refuse",
    columns: str | None = None,
    layer: str | None = None,
    feature: str | None = None,
    name: str | None = None,
) -> Corpus:
    """Read a corpus from one or several files, or from all files of a folder.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files, gzipped or not, folders, and zip archives. Of a folder or archive every file of a
        known format is read, in the order of the names, those of folders inside it too; what is
        hidden is passed over.
    labels : str, iterable of str, or mapping, optional
        Which labels to keep, and under which names: ``"individual=PERSON,funder=ORG"``; see
        `suffice.corpus.labels.parse_labels`. Default: all labels, unchanged.
    lenient : bool
        Skip records that cannot be used, and list each in `Corpus.problems`; otherwise the first
        one raises.
    format : str, optional
        The name of the format; found from each file's content and name unless given.
    group : str, optional
        The field of the records that names the group, as ``"patient"``, or ``"meta.patient"`` for
        a field inside another. The field ``group`` is used where there is one, unless given.
    encoding : str
        The text encoding of the files; a byte order mark is understood.
    private : bool
        Show no text in messages, not even around a bad span.
    hash_ids : bool
        Replace the ids of documents and groups by hashes of them, for where ids identify people.
        The same id has the same hash in every file. Who can guess an id can check the guess.
    discontinuous : {"refuse", "split", "hull"}
        What becomes of a span in several pieces, as brat has them: an error, a span for each
        piece, or one span from the first to the last; counted in `Corpus.notes`.
    columns : str, optional
        What each column of a column file (CoNLL) holds, as ``"word,_,_,tag"``; ``sentence`` and
        ``document`` may be named as well: another value begins one. Found out from a header row
        or from the content unless given.
    layer : str, optional
        Which annotations are the entities, where a file has several kinds: the name of a layer
        (WebAnno, INCEpTION), of a group of spans or ``"ents"`` (spaCy), or of the column of spans
        or tags (Hugging Face).
    feature : str, optional
        Which feature of that layer is the label, where it has several.
    name : str, optional
        The corpus's name; from the file's name unless given.

    Returns
    -------
    Corpus
        Documents in the order of the files. A document without an id gets one from its text (a
        hash, and ``-2``, ``-3`` ... if the text comes again), never from its position.

    Raises
    ------
    CorpusError
        A file or a record cannot be used; the message names the file, the line and what to do.
    InputError
        No such format, encoding, label, group field or rule for spans in several pieces.
    """
    given = [Path(paths)] if isinstance(paths, str | PathLike) else [Path(p) for p in paths]
    if not given:
        raise InputError("no file was named", remedy="name a file or a folder to read")
    _check_encoding(encoding)
    check_rule(discontinuous)
    roles = () if columns is None else parse_columns(columns)
    chosen = None if format is None else format_named(format)
    rules = None if labels is None else parse_labels(labels)
    reading = _Reading(Records(lenient, private, hash_ids, group), discontinuous)
    loading = Loading(encoding, lenient, private, roles, layer, feature)
    kinds: set[str] = set()
    starts = []
    for content in contents_of(given, chosen, loading):
        starts.append(len(reading.records.documents))
        kinds |= reading.take(content, chosen)
    if roles and COLUMNS not in kinds:
        raise InputError(NO_COLUMNS, remedy="leave `columns` out")
    corpus = reading.corpus(name or _name_of(given))
    if rules is not None:
        rules.check(labels_of(corpus))
        stops = [*starts[1:], len(corpus)]
        parts = [
            Part(path.as_posix(), corpus.documents[start:stop])
            for path, start, stop in zip(given, starts, stops, strict=True)
        ]
        notes = label_parts(parts, rules)
        corpus = replace(corpus.with_labels(rules), notes=(*corpus.notes, *notes))
    return corpus


def _check_encoding(encoding: str) -> None:
    try:
        "".encode(codecs.lookup(encoding).name)
    except LookupError:
        raise InputError(
            f"there is no text encoding called {encoding!r}", remedy="as utf-8, cp1252, latin-1"
        ) from None


def _check_text(source: Source, form: Format) -> None:
    """Refuse an empty file, and bytes where a format wants text."""
    if not source.data and not form.empty:
        raise source.error("the file is empty")
    if not form.binary and b"\0" in source.head:
        raise source.error(
            "is a binary file, not text", "name the `format` if it is annotated text"
        )


def _name_of(paths: list[Path]) -> str:
    first = paths[0].resolve()
    known = format_by_extension(first)
    stem = first.name.removesuffix(".gz")
    for extension in () if known is None else known.extensions:
        if plain_name(first).endswith(extension):
            stem = stem[: -len(extension)]
            break
    return stem if len(paths) == 1 else f"{stem}+{len(paths) - 1}"


@dataclass
class _Reading:
    """Documents, problems and notes as they come in."""

    records: Records
    discontinuous: Rule
    notes: list[str] = field(default_factory=list)
    counted: dict[str, Counter[str]] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)
    foreign: CorpusError | None = None
    ends: list[int] = field(default_factory=list)
    layers: dict[str, str] = field(default_factory=dict)
    broken: int = 0

    def take(self, content: Content, chosen: Format | None) -> set[str]:
        """Read all that a path holds; return the names of the formats."""
        tree, source_of = content.tree, content.source_of
        kinds: set[str] = set()

        def known_format(source: Source) -> Format | None:
            found = chosen or format_of(source, skip=tree.whole)
            if found is not None:
                kinds.add(found.name)
                _check_text(source, found)
            return found

        projects = Projects(source_of, known_format)
        for unit in content.units:
            if isinstance(unit, ProjectDocument):
                items, where = projects.items(unit), tree.path.as_posix()
                self._take(source_of(unit.files[0][1]), items, where)
                continue
            source = source_of(unit)
            form = known_format(source)
            if form is None:
                self.pass_over(source)
                continue
            # One line for all documents of a folder.
            where = tree.path.as_posix() if isinstance(form, FolderFormat) else source.name
            self._take(source, items_of(form, source), where)
            if not isinstance(form, FolderFormat):
                self.ends.append(len(self.records.documents))
            for option in ("layer", "feature"):
                if getattr(source, option) is not None and option not in form.choices:
                    self._count(f"--{option} does not apply to {form.title}; ignored", 1, where)
        self._tree_done(tree, kinds)
        return kinds

    def _take(self, source: Source, items: Iterable[Item], where: str) -> None:
        """Take the documents of a file, and count what its notes say."""
        for text, n in self.records.take(source, items, self._add).items():
            self._count(text, n, where)
        if self.broken:
            done = {"split": "a span for each piece", "hull": "read from first to last"}
            text = f"spans in several pieces, {done[self.discontinuous]}"
            self._count(text, self.broken, where)
            self.broken = 0

    def _count(self, text: str, number: int, where: str) -> None:
        self.counted.setdefault(text, Counter())[where] += number

    def pass_over(self, source: Source) -> None:
        """Note a file of no known format; the first that another tool wrote, with its name."""
        self.passed_over.append(source.path.name)
        if self.foreign is None:
            if (why := explain_foreign(source)) is not None:
                self.foreign = source.error(*why)
            elif (packed := packed_as(source)) is not None:
                self.foreign = source.error(packed)

    def _add(self, draft: Draft) -> None:
        draft, broken = joined(draft, self.discontinuous)
        self.records.add(draft)
        self.broken += broken
        if draft.layer is not None:
            self.layers.setdefault(draft.layer, draft.where)

    def _tree_done(self, tree: Tree, kinds: set[str]) -> None:
        """Say what was counted, and what was not read of a folder or archive."""
        path = tree.path
        for text, found in self.counted.items():
            if len(found) > _MOST_NOTES:
                where = f"{path.as_posix()} ({counted(len(found), 'file')})"
                self.notes.append(f"{where}: {text}: {found.total()}")
            else:
                self.notes.extend(f"{name}: {text}: {n}" for name, n in found.items())
        self.counted.clear()
        if not tree.whole:
            return
        if not kinds:
            if self.foreign is not None:
                raise self.foreign
            raise CorpusError(
                "no file in it has a known format",
                remedy="name the files with `format`, or the folder that holds them",
                where=path.as_posix(),
            )
        if self.passed_over:
            names = ", ".join(self.passed_over[:5]) + (", …" if len(self.passed_over) > 5 else "")
            self.notes.append(
                f"{path.as_posix()}: files of no known format passed over ({names}): "
                f"{len(self.passed_over)}"
            )
            self.passed_over.clear()
        if len(kinds) > 1:
            self.notes.append(
                f"{path.as_posix()}: files of several formats: {', '.join(sorted(kinds))}"
            )

    def corpus(self, name: str) -> Corpus:
        """Return what was read."""
        read = self.records
        if len(self.layers) > 1:
            (first, one), (second, other) = sorted(self.layers.items())[:2]
            raise CorpusError(
                f"the entities of {one} come from the layer {first}, "
                f"those of {other} from {second}",
                remedy=f"choose one for all documents, as `layer` {first}",
            )
        if not read.documents:
            if read.problems:
                raise CorpusError(
                    f"none of the {counted(len(read.problems), 'record')} can be used; the first: "
                    f"{read.problems[0]}"
                )
            raise CorpusError(
                "no document is left", remedy="; ".join(self.notes) or "the files hold none"
            )
        read.check_group()
        alone = sum(d.group is None for d in read.documents)
        if read.group is not None and alone:
            self.notes.append(
                f"documents without the field {read.group!r}, left without a group: {alone}"
            )
        files = [read.documents[start:end] for start, end in pairwise((0, *self.ends))]
        if count := count_passes(files):
            self.notes.append(f"{_PASSES}: {count}")
        return Corpus(
            tuple(read.documents), name, tuple(read.problems), tuple(self.notes), read.origins
        )
