"""What paths hold: files, and documents of exported projects; and how each file is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from suffice.corpus.files import Tree, tree_of
from suffice.corpus.formats.base import Format, Source
from suffice.corpus.formats.registry import (
    format_by_extension,
    format_named,
    is_sure,
    sniff,
    unknown_format,
)
from suffice.corpus.projects import ProjectDocument, files_of, units
from suffice.corpus.together import Together
from suffice.errors import InputError

COLUMNS = "conll"
NO_COLUMNS = "`columns` is for column files (the format conll), and none of these is one"


@dataclass(frozen=True)
class Loading:
    """How files are loaded; the fields are those of `suffice.corpus.formats.base.Source`."""

    encoding: str
    lenient: bool
    private: bool
    columns: tuple[str, ...]
    layer: str | None
    feature: str | None

    def load(self, file: Path, tree: Tree, together: Together | None = None) -> Source:
        """Load a file of a path."""
        return Source(file, tree.data(file), tree=tree, together=together, **vars(self))


@dataclass(frozen=True)
class Content:
    """What one path holds.

    Parameters
    ----------
    tree : Tree
        The path, which may be a folder or an archive.
    units : list of Path or ProjectDocument
        What is read of it.
    source_of : callable
        Loads one of its files.
    """

    tree: Tree
    units: list[Path | ProjectDocument]
    source_of: Callable[[Path], Source]


def contents_of(paths: Sequence[Path], chosen: Format | None, loading: Loading) -> list[Content]:
    """Return what paths hold, in their order.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders or archives.
    chosen : Format, optional
        The format that the user named.
    loading : Loading
        How files are loaded.
    """
    trees = [tree_of(path) for path in paths]
    found = [(tree, units(tree, chosen)) for tree in trees]

    def list_column_files() -> list[tuple[Path, Path]]:
        files = []
        for tree, content in found:
            for file in files_of(content):
                if chosen is None:
                    source = loading.load(file, tree)
                    form = format_of(source, skip=True) if source.data else None
                    if form is None or form.name != COLUMNS:
                        continue
                files.append((tree.path, file))
        return files

    together = Together(list_column_files)
    return [
        Content(tree, content, partial(loading.load, tree=tree, together=together))
        for tree, content in found
    ]


def format_of(source: Source, skip: bool) -> Format | None:
    """Return the format of a file; None to pass over a file of a folder that is none of ours."""
    if source.columns and not skip:
        if source.head.lstrip()[:1] in (b"{", b"[", b"<") and is_sure(source, but=COLUMNS):
            raise InputError(NO_COLUMNS, remedy="leave `columns` out")
        return format_named(COLUMNS)
    if not source.data:
        named = format_by_extension(source.path)
        if (skip and named is None) or (named is not None and named.empty):
            return named
        raise source.error("the file is empty")
    found = sniff(source)
    if found is None and not skip:
        raise unknown_format(source)
    return found
