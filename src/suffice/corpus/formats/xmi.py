"""UIMA CAS XMI, as INCEpTION and WebAnno export it: a file for each document, with TypeSystem.xml.

The type system is looked for beside the file. It says which layers there are and what their
features hold; a file without one is read by what its annotations look like.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from suffice.corpus.document import Document
from suffice.corpus.formats.base import FolderFormat, Item, Likeness, Source, not_written
from suffice.corpus.formats.casmodel import INITIAL_VIEW, Cas, Mark, Types, items_of, wanted
from suffice.corpus.formats.filenames import stem_of
from suffice.corpus.formats.layers import NAMED_ENTITY, SENTENCE
from suffice.corpus.formats.utf16 import Utf16
from suffice.corpus.formats.xmltext import Attributes, XmlWriter, first_element, parse_xml
from suffice.errors import CorpusError

_XMI = "http://www.omg.org/XMI"
_CAS = "http:///uima/cas.ecore"
_NAMESPACE = re.compile(r"http:///(.*)\.ecore (.*)", re.DOTALL)
_WORD = re.compile(r"\S+")
_OWN = (f"{_XMI} id", "sofa", "begin", "end")
_TYPES_FILE = "TypeSystem.xml"
_DESCRIPTION = "http://uima.apache.org/resourceSpecifier"
_ZIP = b"PK\x03\x04"
_FLOOR, _RATIO = 64 << 20, 200
_DKPRO = "de/tudarmstadt/ukp/dkpro/core/api"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_ANNOTATION = "uima.tcas.Annotation"
WRITTEN: dict[str, tuple[str, tuple[str, ...]]] = {
    METADATA: ("uima.tcas.DocumentAnnotation", ("documentTitle", "documentId")),
    SENTENCE: (_ANNOTATION, ("id",)),
    NAMED_ENTITY: (_ANNOTATION, ("value", "identifier")),
}
"""The types that are written: what each is a kind of, and its features, all of them strings."""


class Xmi(FolderFormat):
    """UIMA CAS XMI."""

    name = "xmi"
    extensions = (".xmi",)
    title = "UIMA CAS XMI"
    choices = ("layer", "feature")
    binary = True  # often in UTF-16, or in a zip archive of its own

    def sniff(self, head: bytes, path: Path) -> Likeness:
        """Return how much the beginning of a file looks like XMI, or a zip archive of one."""
        if head.startswith(_ZIP):
            marks = (b".xmi", _TYPES_FILE.encode())
            return Likeness.FIELDS if any(mark in head[:400] for mark in marks) else Likeness.NONE
        root = first_element(head)
        return Likeness.CERTAIN if root is not None and root[0] == f"{_XMI} XMI" else Likeness.NONE

    def read(self, source: Source) -> Iterator[Item]:
        """Yield the document of a file, unverified."""
        yield from _read(source)

    def write(self, documents: Sequence[Document], put: Callable[[str, bytes], None]) -> list[str]:
        """Write a file for each document, and one with the type system."""
        escape = XmlWriter()
        for document in documents:
            put(f"{stem_of(document.id)}.xmi", _xmi(document, escape).encode())
        put(_TYPES_FILE, _type_system().encode())
        return escape.notes() + not_written(documents, "group", "split", "annotators")

    def companion(self, name: str, names: Collection[str]) -> bool:
        """Return whether a file is a type system beside files that need one."""
        return _is_type_system(name) and any(n.lower().endswith((".xmi", ".zip")) for n in names)


def _is_type_system(name: str) -> bool:
    name = name.lower().removesuffix(".gz")
    return "typesystem" in name and name.endswith(".xml")


@lru_cache(maxsize=4)  # the same for each of many documents
def _system_names(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(_is_type_system, names)))


def _read(source: Source) -> Iterator[Item]:
    systems: list[Source] = []
    if source.data.startswith(_ZIP):
        source, systems = _unpacked(source)
    elif source.tree is not None:
        names = _system_names(source.tree.names(source.path.parent))
        systems = [found for name in names if (found := source.sibling(name)) is not None]
    cas = Cas()
    builder = _CasBuilder(cas, source.layer)
    for _ in parse_xml(source, builder.start, builder.end):
        pass
    if not builder.is_xmi:
        raise source.error("this XML is no UIMA CAS XMI", "name its own `format`")
    cas.types = _best([_types(system) for system in systems], builder.seen)
    yield from items_of(cas, source)


def _unpacked(source: Source) -> tuple[Source, list[Source]]:
    """Return what a zip archive of one document holds: the XMI, and its type system."""
    documents: list[Source] = []
    systems: list[Source] = []
    most = max(_FLOOR, _RATIO * len(source.data))
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            for info in archive.infolist():
                if not (info.filename.lower().endswith(".xmi") or _is_type_system(info.filename)):
                    continue
                with archive.open(info) as member:
                    data = member.read(most + 1)
                most -= len(data)
                if most < 0:
                    raise source.error(f"the archive expands more than {_RATIO}-fold")
                inner = replace(source, data=data, tree=None)
                (systems if _is_type_system(info.filename) else documents).append(inner)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        RuntimeError,
    ):
        raise source.error("the zip archive is damaged or locked", "export it again") from None
    if len(documents) != 1:
        problem = f"the archive inside another holds {len(documents)} XMI files, where one is read"
        raise source.error(problem, "unpack it first")
    return documents[0], systems


class _CasBuilder:
    """Gathers from the elements of an XMI what is of use."""

    def __init__(self, cas: Cas, layer: str | None) -> None:
        self._layer = layer
        self.is_xmi = False
        self.seen: set[str] = set()
        self._cas = cas
        self._depth = 0

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        self._depth += 1
        if self._depth == 1:
            self.is_xmi = name == f"{_XMI} XMI"
        elif self._depth == 2 and self.is_xmi:
            if name == f"{_CAS} Sofa":
                known = attributes.get("sofaID", ""), attributes.get("sofaString")
                self._cas.sofas[attributes.get(f"{_XMI} id", "")] = known
            elif name == f"{_CAS} View":
                members = _WORD.finditer(attributes.get("members", ""))
                self._cas.members[attributes.get("sofa", "")] = (found[0] for found in members)
            elif "sofa" in attributes:
                self.seen.add(name)
                if wanted(type := _type_of(name), self._layer):
                    self._cas.marks.append(_mark(type, attributes))

    def end(self, name: str) -> None:
        self._depth -= 1


def _type_of(name: str) -> str:
    """Return the UIMA name of a type: the parts of its namespace, and its own."""
    found = _NAMESPACE.fullmatch(name)
    if found is None:
        return name
    package = found[1].replace("/", ".")
    return found[2] if package == "uima.noNamespace" else f"{package}.{found[2]}"


def _mark(type: str, attributes: Attributes) -> Mark:
    id, sofa, begin, end = (attributes.get(key) for key in _OWN)
    features = {key: value for key, value in attributes.items() if key not in _OWN}
    return Mark(type, id or "", sofa or "", begin, end, features)


def _best(systems: list[Types], seen: set[str]) -> Types:
    """Return the type system that knows most of the types, of several that lie in one folder."""
    if len(systems) == 1:
        return systems[0]
    names = {type for name in seen if not (type := _type_of(name)).startswith("uima.")}
    known = [len(names & types.kinds.keys()) for types in systems]
    return systems[known.index(max(known))] if any(known) else Types()


def _types(source: Source) -> Types:
    """Return the types that a type system describes."""
    try:
        return _parsed(source.data)
    except CorpusError as error:
        raise source.error(error.problem, error.remedy) from None


@lru_cache(maxsize=4)  # the same beside each of many documents
def _parsed(data: bytes) -> Types:
    types = Types()
    place: list[str] = []
    text: list[str] = []
    now = {"type": "", "feature": ""}
    space = f"{_DESCRIPTION} "

    def start(name: str, attributes: Attributes, line: int) -> None:
        place.append(name.removeprefix(space))
        text.clear()

    def end(name: str) -> None:
        own, value = "/".join(place[-2:]), "".join(text).strip()
        if own == "typeDescription/name":
            now["type"] = value
            types.kinds.setdefault(value, "")
        elif own == "typeDescription/supertypeName":
            types.kinds[now["type"]] = value
        elif own == "featureDescription/name":
            now["feature"] = value
        elif own == "featureDescription/rangeTypeName":
            types.features.setdefault(now["type"], {})[now["feature"]] = value
        place.pop()
        text.clear()

    for _ in parse_xml(Source(Path(_TYPES_FILE), data), start, end, text.append):
        pass
    return types


def _xmi(document: Document, escape: XmlWriter) -> str:
    units = Utf16(document.text)
    whole = units.units(len(document.text))
    id = escape(document.id)
    rows = [f'<m:DocumentMetaData {_place(2, 0, whole)} documentTitle="{id}" documentId="{id}"/>']
    for start, end in document.sentences or ():
        place = _place(len(rows) + 2, units.units(start), units.units(end))
        rows.append(f"<s:Sentence {place}/>")
    for span in document.spans:
        place = _place(len(rows) + 2, units.units(span.start), units.units(span.end))
        rows.append(f'<n:NamedEntity {place} value="{escape(span.label)}"/>')
    members = " ".join(str(i + 2) for i in range(len(rows)))
    body = "\n".join(rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xmi:XMI xmlns:xmi="{_XMI}" xmlns:cas="{_CAS}"'
        f' xmlns:m="http:///{_DKPRO}/metadata/type.ecore"'
        f' xmlns:s="http:///{_DKPRO}/segmentation/type.ecore"'
        f' xmlns:n="http:///{_DKPRO}/ner/type.ecore" xmi:version="2.0">\n'
        f'<cas:NULL xmi:id="0"/>\n{body}\n'
        f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="{INITIAL_VIEW}" mimeType="text"'
        f' sofaString="{escape(document.text)}"/>\n'
        f'<cas:View sofa="1" members="{members}"/>\n</xmi:XMI>\n'
    )


def _place(id: int, begin: int, end: int) -> str:
    return f'xmi:id="{id}" sofa="1" begin="{begin}" end="{end}"'


def _type_system() -> str:
    types = []
    for name, (kind, features) in WRITTEN.items():
        own = "".join(
            f"<featureDescription><name>{feature}</name><description/>"
            "<rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>"
            for feature in features
        )
        types.append(
            f"<typeDescription><name>{name}</name><description/>"
            f"<supertypeName>{kind}</supertypeName><features>{own}</features></typeDescription>"
        )
    body = "\n".join(types)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<typeSystemDescription xmlns="{_DESCRIPTION}"><types>\n{body}\n'
        "</types></typeSystemDescription>\n"
    )
