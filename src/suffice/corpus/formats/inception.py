"""How WebAnno and INCEpTION lay out an exported project: a folder for each document.

::

    exportedproject.json                   the states of documents
    source/report.txt                      what was imported; never read
    annotation/report.txt/ann.xmi          what an annotator marked in the document report.txt
    annotation/report.txt/INITIAL_CAS.xmi  the document as it was imported
    curation/report.txt/CURATION_USER.xmi  what the curator decided

The files of one document are read as one document with several annotators; the curator's spans
count where there are any, else those that more than half of the annotators marked. What an
annotator has not finished is left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from suffice.corpus.files import Tree
from suffice.corpus.formats.base import MAJORITY, Draft, Item, Note, Source
from suffice.corpus.formats.filenames import id_of
from suffice.corpus.formats.jsontext import parse
from suffice.errors import CorpusError

_AREAS = ("annotation", "curation")
_INITIAL, _CURATOR = "INITIAL_CAS", "CURATION_USER"
_UNFINISHED = {"NEW": "new", "INPROGRESS": "in progress", "IGNORE": "ignored"}
_SEVERAL = "files of one document by several annotators, read as one document"
Read = Callable[[Source], Iterator[Item]]


def documents_of(source: Source, endings: tuple[str, ...], read: Read) -> Iterator[Item]:
    """Yield the document of a file, or that of all files of its document.

    Parameters
    ----------
    source : Source
        The file.
    endings : tuple of str
        The endings of file names of its format, lower-case.
    read : callable
        Yields a draft of a file, at most one, with notes.
    """
    path = source.path
    area = path.parent.parent
    if source.tree is None or not source.tree.whole or area.name not in _AREAS:
        for item in _items(source, read):
            yield _named(item, id_of(_stem(path))) if isinstance(item, Draft) else item
        return
    found = {
        name: [
            area.parent / name / path.parent.name / file
            for file in sorted(source.tree.names(area.parent / name / path.parent.name))
            if file.lower().endswith(endings)
        ]
        for name in _AREAS
    }
    if path == [*found[_AREAS[0]], *found[_AREAS[1]]][0]:
        yield from _together(source, found, read)
    else:
        yield Note(_SEVERAL)


def _items(source: Source, read: Read) -> Iterator[Item]:
    """Yield what a file holds, or its error, so that lenient reading goes on with the next."""
    try:
        yield from read(source)
    except CorpusError as error:
        yield error


def is_source(path: Path, tree: Tree) -> bool:
    """Return whether a file is what a project's documents were imported from."""
    return path.parent.name == "source" and any(map(_is_project, tree.names(path.parent.parent)))


def _is_project(name: str) -> bool:
    return name.startswith("exportedproject") and name.endswith(".json")


def _stem(path: Path) -> str:
    """Return a file's name without its ending and that of its compression."""
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return Path(name).stem


def _named(draft: Draft, id: str) -> Draft:
    return draft if draft.id is not None else replace(draft, id=id)


def _together(source: Source, found: dict[str, list[Path]], read: Read) -> Iterator[Item]:
    """Yield what the files of one document say together."""
    document = source.path.parent.name
    states = _states(source)
    own: dict[str, Draft] = {}
    curated: Draft | None = None
    for area, paths in found.items():
        for path in paths:
            user = path.stem
            state = states.get((area, document, user), "")
            if user == _INITIAL:
                yield Note(f"documents as they were imported ({_INITIAL}), left out")
                continue
            if state in _UNFINISHED:
                what = f"has not finished ({_UNFINISHED[state]}), left out"
                yield Note(f"documents that an annotator or curator {what}")
                continue
            for item in _items(_at(source, path), read):
                if not isinstance(item, Draft):
                    yield item
                elif area == _AREAS[1]:
                    curated = item
                else:
                    own[user] = item
    drafts = [*own.values(), *([curated] if curated else [])]
    if not drafts:
        return
    if any(draft.text != drafts[0].text for draft in drafts):
        yield CorpusError(
            "the annotators' files of one document differ in their text",
            remedy="export the project again",
            where=source.path.parent.as_posix(),
        )
        return
    chosen = curated or drafts[0]
    spans: Any = chosen.spans
    if curated is None and len(own) > 1:
        yield Note(MAJORITY)
        spans = None
    annotators = {user: draft.spans for user, draft in own.items()} if len(drafts) > 1 else None
    yield replace(chosen, id=document, spans=spans, annotators=annotators)


def _at(source: Source, path: Path) -> Source:
    assert source.tree is not None
    if path == source.path:
        return source
    return replace(source, path=path, data=source.tree.data(path))


def _states(source: Source) -> dict[tuple[str, str, str], str]:
    """Return the state of each document by area, document and user, where the export says it."""
    root = source.path.parent.parent.parent
    states: dict[tuple[str, str, str], str] = {}
    assert source.tree is not None
    for name in sorted(source.tree.names(root)):
        if not _is_project(name):
            continue
        project = _project(_at(source, root / name))
        for one in _objects(project, "annotation_documents"):
            key = _AREAS[0], str(one.get("name")), str(one.get("user"))
            states[key] = str(one.get("state")).replace("_", "")
        for one in _objects(project, "source_documents"):
            if one.get("state") == "CURATION_IN_PROGRESS":
                states[_AREAS[1], str(one.get("name")), _CURATOR] = "INPROGRESS"
    return states


def _project(source: Source) -> Any:
    try:
        return parse(source.text)
    except ValueError as error:
        raise source.error(f"this is no JSON: {error}", "export the project again") from None


def _objects(project: Any, key: str) -> list[dict[str, Any]]:
    found = project.get(key) if isinstance(project, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
