"""Exports of whole WebAnno and INCEpTION projects: a folder for each document, in any format.

::

    exportedproject.json                   the states of documents
    source/report.txt                      what was imported; never read
    annotation/report.txt/ann.xmi          what an annotator marked in the document report.txt
    annotation/report.txt/INITIAL_CAS.xmi  the document as it was imported
    curation/report.txt/CURATION_USER.xmi  what the curator decided

The files of one document are read as one document with several annotators; the curator's spans
count where there are any, else those that more than half of the annotators marked. What an
annotator has not finished is left out and counted. A file may be a zip archive of its own, which
old versions call as ``webanno123export.zip``: the annotator is then named by the file inside.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from suffice.corpus.files import Tree
from suffice.corpus.formats.base import MAJORITY, Draft, FolderFormat, Format, Item, Note, Source
from suffice.corpus.formats.filenames import AREAS
from suffice.corpus.formats.jsontext import parse
from suffice.corpus.formats.registry import formats
from suffice.errors import CorpusError

_INITIAL, _CURATOR = "INITIAL_CAS", "CURATION_USER"
_UNFINISHED = {"NEW": "new", "INPROGRESS": "in progress", "IGNORE": "ignored"}
_SEVERAL = "files of one document by several annotators, read as one document"
_PASSED = Note("files of no known format in a project's folders, passed over")
_OWN = ("webanno", "xmi", "casjson")  # the tools' own formats
_ASIDE = ("source", "annotation_ser", "curation_ser", "guideline", "log")
_TEMPORARY = re.compile(r"webanno\d+export", re.IGNORECASE)


@dataclass(frozen=True)
class ProjectDocument:
    """The files of one document of an exported project.

    Parameters
    ----------
    root : Path
        The project's folder, which holds ``annotation`` or ``curation``.
    name : str
        The document's name, which is its id.
    files : tuple of (str, Path)
        Each file, with the area it lies in: ``"annotation"`` or ``"curation"``.
    settings : tuple of str
        The names of the files with the project's settings.
    sure : bool
        Whether something besides the folders' names says that it is an exported project.
    outside : bool
        Whether some of the files lie outside of the folder that was named.
    """

    root: Path
    name: str
    files: tuple[tuple[str, Path], ...]
    settings: tuple[str, ...] = ()
    sure: bool = True
    outside: bool = False

    @property
    def folder(self) -> Path:
        """Return the folder of its first file."""
        return self.files[0][1].parent


def units(tree: Tree, chosen: Format | None) -> list[Path | ProjectDocument]:
    """Return what is read of a path: its files, and the documents of exported projects.

    Files that belong to another file, as a text beside its annotations, are left out, and so is
    what an exported project holds beside its annotations.

    Parameters
    ----------
    tree : Tree
        What the path holds.
    chosen : Format, optional
        The format that was named.
    """
    if not tree.whole:
        return list(tree.files)
    forms = [chosen] if chosen else list(formats().values())
    found: dict[object, Path | ProjectDocument] = {}
    for file in tree.files:
        document = _document_of(file, tree, forms)
        if document is not None:
            found.setdefault((document.root, document.name), document)
        elif not (_is_aside(file, tree) or _is_companion(file, tree, forms)):
            found[file] = file
    return list(found.values())


def files_of(content: Iterable[Path | ProjectDocument]) -> Iterator[Path]:
    """Yield every file of what `units` returns."""
    for unit in content:
        if isinstance(unit, ProjectDocument):
            yield from (file for _, file in unit.files)
        else:
            yield unit


def _is_companion(file: Path, tree: Tree, forms: Sequence[Format]) -> bool:
    names = tree.names(file.parent)
    return any(form.companion(file.name, names) for form in forms)


def _document_of(file: Path, tree: Tree, forms: Sequence[Format]) -> ProjectDocument | None:
    """Return the project's document that a file belongs to, with all of its files."""
    area = file.parent.parent
    if area.name not in AREAS or file.name.endswith(".ser"):
        return None
    root, name = area.parent, file.parent.name
    # A curator's files count even where only the folder "annotation" was named.
    areas = AREAS if area.name == AREAS[0] or tree.path in (root, *root.parents) else AREAS[1:]
    files = tuple(
        (one, path)
        for one in areas
        for own in sorted(tree.names(root / one / name))
        if not own.startswith(".") and not own.endswith(".ser")
        if not _is_companion(path := root / one / name / own, tree, forms)
    )
    if not files:
        return None
    settings = tuple(sorted(filter(_is_settings, tree.names(root))))
    sure = (
        bool(settings)
        or name in tree.names(root / "source")
        or any(_user_of_name(path) in (_INITIAL, _CURATOR) for _, path in files)
    )
    outside = any(not path.is_relative_to(tree.path) for _, path in files)
    return ProjectDocument(root, name, files, settings, sure, outside)


def _is_aside(file: Path, tree: Tree) -> bool:
    """Return whether a file of a project holds no annotations, or a copy of them."""
    if _is_settings(file.name) or file.name.endswith(".ser"):
        return True
    if file.parent.name == "source":
        root, name = file.parent.parent, file.name
        exported = any(map(_is_settings, tree.names(root)))
        return exported or any(tree.names(root / area / name) for area in AREAS)
    return any(
        folder.name in _ASIDE[1:] and any(map(_is_settings, tree.names(folder.parent)))
        for folder in (file.parent, file.parent.parent)
    )


def _is_settings(name: str) -> bool:
    return name.startswith("exportedproject") and name.endswith(".json")


class Projects:
    """Reads documents of exported projects.

    Parameters
    ----------
    source_of : callable
        Returns the source of a file.
    format_of : callable
        Returns the format of a source; None for one of no known format.
    """

    def __init__(
        self, source_of: Callable[[Path], Source], format_of: Callable[[Source], Format | None]
    ) -> None:
        self._source_of = source_of
        self._format_of = format_of
        self._states: dict[Path, dict[tuple[str, str, str], str]] = {}

    def items(self, document: ProjectDocument) -> Iterator[Item]:
        """Yield what the files of one document say together."""
        sources = [(area, self._source_of(path)) for area, path in document.files]
        read = [(area, source, self._format_of(source)) for area, source in sources]
        if not document.sure and any(form and form.name not in _OWN for _, _, form in read):
            for _, source, form in read:  # a folder that happens to be called "annotation"
                yield from [_PASSED] if form is None else items_of(form, source)
            return
        if document.outside:
            yield Note(
                "documents whose curated version, outside the folder that was named, is used"
            )
        states = self._states_of(document)
        own: dict[str, list[Draft]] = {}
        curated: list[Draft] = []
        for area, source, form in read:
            user = _user_of(source)
            if (note := _left_out(user, states.get((area, document.name, user), ""))) is not None:
                yield note
                continue
            if form is None:
                yield _PASSED
                continue
            drafts: list[Draft] = []
            for item in items_of(form, source):
                if isinstance(item, Draft):
                    drafts.append(item)
                else:
                    yield item
            if not drafts:
                continue
            if user in own or (area == AREAS[1] and curated):
                yield _error(document, f"two files of one document are by {user!r}")
                return
            if area == AREAS[1]:
                curated = drafts
            else:
                own[user] = drafts
        if (count := len(own) + bool(curated)) > 1:
            yield Note(_SEVERAL, count)
        yield from _joined(document, own, curated)

    def _states_of(self, document: ProjectDocument) -> dict[tuple[str, str, str], str]:
        """Return the state of each document by area, document and user, where it is said."""
        root = document.root
        if root not in self._states:
            self._states[root] = states = {}
            for name in document.settings:
                project = _project(self._source_of(root / name))
                for one in _objects(project, "annotation_documents"):
                    key = AREAS[0], str(one.get("name")), str(one.get("user"))
                    states[key] = str(one.get("state")).replace("_", "")
                for one in _objects(project, "source_documents"):
                    if one.get("state") == "CURATION_IN_PROGRESS":
                        states[AREAS[1], str(one.get("name")), _CURATOR] = "INPROGRESS"
        return self._states[root]


def _left_out(user: str, state: str) -> Note | None:
    """Return the note for a file that is not read, or None."""
    if user == _INITIAL:
        return Note(f"documents as they were imported ({_INITIAL}), left out")
    if state in _UNFINISHED:
        what = f"has not finished ({_UNFINISHED[state]}), left out"
        return Note(f"documents that an annotator or curator {what}")
    return None


def items_of(form: Format, source: Source) -> Iterator[Item]:
    """Yield what a file holds.

    Where each file is a document, an error of the file is one of the document: it is yielded, so
    that lenient reading continues with the next.
    """
    try:
        yield from form.read(source)
    except CorpusError as error:
        if not isinstance(form, FolderFormat):
            raise
        yield error


def _user_of_name(path: Path) -> str:
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return Path(name).stem


def _user_of(source: Source) -> str:
    """Return the annotator that a file is named for, or that the file inside it is."""
    path = source.path
    stem = _user_of_name(path)
    if _TEMPORARY.fullmatch(stem) and path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
                inside = [PurePosixPath(name).stem for name in archive.namelist()
                          if name.lower().endswith(".xmi")]  # fmt: skip
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
            return stem  # its format says what is wrong with it
        return inside[0] if len(inside) == 1 else stem
    return stem


def _joined(
    document: ProjectDocument, own: dict[str, list[Draft]], curated: list[Draft]
) -> Iterator[Item]:
    """Yield the drafts of all files as one document; several where each file holds several."""
    files = [*own.values(), *([curated] if curated else [])]
    if not files:
        return
    number = len(files[0])
    if any(len(drafts) != number for drafts in files):
        yield _error(document, "the files of one document hold different numbers of documents")
        return
    for i in range(number):
        drafts = [file[i] for file in files]
        if any(draft.text != drafts[0].text for draft in drafts):
            yield _error(document, "the annotators' files of one document differ in their text")
            return
        layers = sorted({draft.layer for draft in drafts if draft.layer is not None})
        if len(layers) > 1:
            what = f"one document's files have their entities in several layers ({layers[0]}, "
            remedy = f"choose one, as `layer` {layers[0]}"
            yield _error(document, f"{what}{layers[1]})", remedy)
            return
        chosen = curated[i] if curated else drafts[0]
        spans: Any = chosen.spans
        if not curated and len(own) > 1:
            yield Note(MAJORITY)
            spans = None
        annotators = {user: o[i].spans for user, o in own.items()} if len(drafts) > 1 else None
        yield replace(
            chosen,
            id=document.name if number == 1 else f"{document.name}-{i + 1}",
            spans=spans,
            annotators=annotators,
            layer=layers[0] if layers else None,
        )


def _error(
    document: ProjectDocument, problem: str, remedy: str = "export the project again"
) -> CorpusError:
    return CorpusError(problem, remedy=remedy, where=document.folder.as_posix())


def _project(source: Source) -> Any:
    try:
        return parse(source.text)
    except ValueError as error:
        raise source.error(f"this is no JSON: {error}", "export the project again") from None


def _objects(project: Any, key: str) -> list[dict[str, Any]]:
    found = project.get(key) if isinstance(project, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
