"""What a result of a Label Studio annotation marks: text, and where, or something else.

Label Studio labels text, web pages, dialogues, sound, images and series of numbers, and keeps all
of these in results of one shape. Only marks on text with offsets into it are spans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "markup", "paragraphs", "other", "media", "none"]

_TEXT = ("labels", "hypertextlabels", "htmllabels")
_PLACE = ("start", "end", "text", "startOffset", "endOffset", "globalOffsets")
_MARKUP = re.compile(r"<[A-Za-z/!]|&#?\w+;")
_ONE_NODE = re.compile(r".*text\(\)\[1\]$")
_MEDIA = r"png|jpe?g|gif|tiff?|bmp|webp|svg|wav|mp3|flac|ogg|m4a|aac|mp4|webm|mov|avi|pdf"
_ADDRESS = re.compile(
    r"/data/(?:upload|local-files)/[^\n]+|[A-Za-z][A-Za-z0-9+.-]*://\S+|data:\S+|(?:\.{0,2}/|[A-Za-z]:[\\/])\S+"
    rf"|\S+\.(?:txt|text|html?|xml|json|csv|tsv|md|docx?|{_MEDIA})"
)

_MEDIUM = re.compile(rf".*\.(?:{_MEDIA})(?:\?.*)?|data:(?:image|audio|video)/.*", re.IGNORECASE)

UNREADABLE = {
    "markup": 'spans under "{name}" are placed by the elements of a web page, not by characters of '
    "its source",
    "paragraphs": 'spans under "{name}" count within the paragraphs of a list, not in one text',
    "other": 'spans under "{name}" are not read, only those under "labels"',
}
"""Why spans of a kind cannot be read."""

REMEDY = (
    "import the texts into Label Studio as plain text and label them with <Labels> on <Text>, or "
    "convert the export to JSON Lines with offsets"
)
"""What to do with spans that cannot be read."""


@dataclass(frozen=True)
class Region:
    """What one result says.

    Parameters
    ----------
    kind : str
        ``text`` (spans with offsets), ``markup`` (places in a web page), ``paragraphs``, ``other``
        (spans that something else than labels names, as a taxonomy), ``media`` (a part of an
        image, a sound, a series), or ``none`` (a choice, a relation, a comment).
    name : str
        The key that holds its labels, or its type.
    target : str, optional
        What it labels, by its name in the project (``to_name``).
    value : Any
        What the file says of it.
    """

    kind: Kind
    name: str
    target: str | None
    value: Any

    @property
    def declared(self) -> str | None:
        """Return its own text."""
        found = self.value.get("text") if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else None

    def spans(self, text: Any) -> list[Any] | None:
        """Return a span for each label, not verified; None if it has no offsets into the text."""
        if self.kind == "text":
            return self._labelled(self.value.get("start"), self.value.get("end"))
        if self.kind != "markup" or not isinstance(text, str):
            return None
        start, end = self.value.get("start"), self.value.get("end")
        over = self.value.get("globalOffsets")
        plain = _MARKUP.search(text) is None
        if isinstance(over, dict):
            first, last = over.get("start"), over.get("end")
            # These count in the page as it is shown, which is its source only without markup.
            fits = type(first) is int and type(last) is int and text[first:last] == self.declared
            return self._labelled(first, last) if plain or fits else None
        if plain and start == end and isinstance(start, str) and _ONE_NODE.fullmatch(start):
            return self._labelled(self.value.get("startOffset"), self.value.get("endOffset"))
        return None

    def _labelled(self, start: Any, end: Any) -> list[Any]:
        given = self.value.get(self.name)
        labels = given if isinstance(given, list) and given else [None]
        more = {} if self.declared is None else {"text": self.declared}
        return [{"start": start, "end": end, "label": label, **more} for label in labels]


def region_of(value: Any, type: Any = None, target: Any = None, *, attached: bool = True) -> Region:
    """Return what a result marks.

    Parameters
    ----------
    value : Any
        Its ``value``; of JSON-MIN the object itself.
    type, target : Any
        Its ``type`` and ``to_name``, where the file has them.
    attached : bool
        Whether it says more about a region that another result labels.
    """
    target = target if isinstance(target, str) else None
    named = type if isinstance(type, str) else _first_key(value)
    name = _labels_key(value)
    if name is None:
        if type in _TEXT and isinstance(value, dict):  # a span without a label, to be refused
            return Region("text", named, target, value)
        if named.endswith("labels"):
            return Region("media", named, target, value)
        marks = not attached and _has_offsets(value)
        return Region("other" if marks else "none", named, target, value)
    return Region(_kind(name, value), name, target, value)


def _first_key(value: Any) -> str:
    keys = [key for key in value if key not in _PLACE] if isinstance(value, dict) else []
    return keys[0] if keys else "of no type"


def _has_offsets(value: Any) -> bool:
    return isinstance(value, dict) and all(type(value.get(k)) is int for k in ("start", "end"))


def _labels_key(value: Any) -> str | None:
    """Return the key that holds a region's labels, as ``labels`` or ``rectanglelabels``."""
    if not isinstance(value, dict):
        return None
    found = (k for k, v in value.items() if k.endswith("labels") and isinstance(v, list))
    return next(found, None)


def _kind(name: str, value: dict[str, Any]) -> Kind:
    start, end = value.get("start"), value.get("end")
    if name == "paragraphlabels":
        return "paragraphs"
    if (
        name in _TEXT
        and type(start) is not int
        and ("startOffset" in value or "globalOffsets" in value)
    ):
        return "markup"
    sound = "channel" in value or ("text" not in value and float in (type(start), type(end)))
    return "text" if name in _TEXT and not sound else "media"


def is_address(text: str) -> bool:
    """Return whether a text is nothing but the address or path of something."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def is_medium(value: Any) -> bool:
    """Return whether a field of a task is the address of an image, a sound or a film."""
    return isinstance(value, str) and is_address(value) and bool(_MEDIUM.fullmatch(value.strip()))
