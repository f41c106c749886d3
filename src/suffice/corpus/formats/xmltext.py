"""XML, parsed so that no input expands, fetches anything, or goes too deep; and XML written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from xml.parsers import expat

from suffice.corpus.formats.base import Source

_DEEPEST = 50
_STEP = 1 << 18
_LONGEST_NAME = 40
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)[\"']")
_BUILT_IN = ("utf-8", "utf-16", "ascii", "iso8859-1")
_OTHERS = ("utf", "iso8859", "cp", "koi8", "mac", "big5", "gb", "shift_jis", "euc")
# What XML 1.0 cannot hold, not even as a reference.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ESCAPES |= {c: f"&#{ord(c)};" for c in "\t\n\r\x85\u2028"}
_SPECIAL = re.compile(f"[{''.join(_ESCAPES)}]")

Attributes = Mapping[str, str]


def parse_xml(
    source: Source,
    start: Callable[[str, Attributes, int], None],
    end: Callable[[str], None],
    characters: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a file in steps, calling back; whoever iterates may use what came in between steps.

    Parameters
    ----------
    source : Source
        The file. What it declares to be its encoding counts, unless another one than UTF-8 was
        asked for.
    start : callable
        Takes an element's name, as ``"NAMESPACE NAME"`` where it has a namespace, its attributes
        (names alike), and its line.
    end : callable
        Takes an element's name.
    characters : callable, optional
        Takes a piece of text.

    Raises
    ------
    CorpusError
        It is no whole XML, declares or uses entities of its own, or is nested too deeply.
    """
    data, encoding = _encoded(source)
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def refuse(*_: object) -> int:
        raise source.error(
            "the XML declares or uses entities of its own, which are not read",
            "do not trust this file, or write it again without them",
            parser.CurrentLineNumber,
        )

    def started(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise source.error("elements are nested too deeply", "", parser.CurrentLineNumber)
        start(name, attributes, parser.CurrentLineNumber)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if characters is not None:
        parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse
    parser.SkippedEntityHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    for at in range(0, max(len(data), 1), _STEP):
        try:
            parser.Parse(data[at : at + _STEP], at + _STEP >= len(data))
        except expat.ExpatError as error:
            raise source.error(
                f"this is no whole XML ({expat.ErrorString(error.code)})",
                "export it again",
                error.lineno,
            ) from None
        yield


def _encoded(source: Source) -> tuple[bytes, str | None]:
    """Return the bytes for expat, and the encoding to use where it is not what they declare."""
    if codecs.lookup(source.encoding).name != "utf-8":
        return source.text.encode("utf-8", "surrogatepass"), "utf-8"
    declared = _DECLARED.match(source.data.removeprefix(codecs.BOM_UTF8))
    if declared is None:
        return source.data, None
    name = declared[1].decode(errors="replace")
    if len(name) > _LONGEST_NAME:  # expat would ask Python for it, in vain
        name = f"{name[:_LONGEST_NAME]}…"
    try:
        known = codecs.lookup(name).name
        if known in _BUILT_IN:
            return source.data, None
        if not known.startswith(_OTHERS):
            raise LookupError
        return source.data.decode(known).encode("utf-8", "surrogatepass"), "utf-8"
    except UnicodeError:
        problem = f"the file is not in the encoding that it declares ({name})"
    except (LookupError, ValueError):  # a name with a NUL is no value
        problem = f"the file declares the encoding {name!r}, which is not known"
    raise source.error(problem, "name the encoding with `encoding`") from None


def first_element(head: bytes) -> tuple[str, Attributes] | None:
    """Return the name and attributes of the root element of a file, for sniffing."""
    if head.lstrip()[:1] != b"<":
        return None
    found: list[tuple[str, Attributes]] = []
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def started(name: str, attributes: Attributes) -> None:
        found.append((name, attributes))
        raise _Found

    def stop(*_: object) -> None:
        raise _Found

    parser.StartElementHandler = started
    parser.EntityDeclHandler = stop
    with suppress(_Found, expat.ExpatError):
        parser.Parse(head.lstrip(), False)
    return found[0] if found else None


class _Found(Exception):
    """The root element has come."""


class XmlWriter:
    """Escapes text, counting what XML cannot hold."""

    def __init__(self) -> None:
        self.impossible = 0

    def __call__(self, text: str) -> str:
        """Return text for an element or a quoted attribute, line ends and tabs as references."""
        text, found = _IMPOSSIBLE.subn(_instead, text)
        self.impossible += found
        return _SPECIAL.sub(lambda special: _ESCAPES[special[0]], text)

    def notes(self) -> list[str]:
        """Return what could not be expressed, with its count."""
        if not self.impossible:
            return []
        return [
            "characters that XML cannot hold (control characters), written as spaces or U+FFFD: "
            f"{self.impossible}"
        ]


def _instead(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else "\ufffd"
