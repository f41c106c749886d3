"""Formats by name, extension or content; other packages add theirs as ``suffice.formats``."""

from __future__ import annotations

import shlex
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from suffice.corpus.formats.base import Format, Likeness, Source
from suffice.corpus.formats.foreign import explain_foreign
from suffice.corpus.formats.jsontext import first_values
from suffice.errors import CorpusError, InputError
from suffice.optional import MissingPackageError, plugin_needs

GROUP = "suffice.formats"

_ALIASES = {
    "spacy": "docbin",
    "bio": "conll",
    "iob": "conll",
    "conll2003": "conll",
    "ndjson": "jsonl",
    "label-studio": "labelstudio",
    "huggingface": "hf",
    "parquet": "hf",
}
"""What people call the formats, too."""


@cache
def _loaded() -> tuple[dict[str, Format], dict[str, MissingPackageError]]:
    """Return the formats by name, and why others of the installed ones cannot be used."""
    found, absent = {}, {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            with plugin_needs(f"the format {point.name!r}", point):
                found[point.name] = point.load()()
        except MissingPackageError as error:
            absent[point.name] = error
    return found, absent


def formats() -> dict[str, Format]:
    """Return every format that can be used by its name, in the order of the names."""
    return _loaded()[0]


def format_named(name: str) -> Format:
    """Return a format by its name, in either case, or by another name that people use for it.

    Raises
    ------
    InputError
        There is no such format, or it needs a package that is not installed.
    """
    known, absent = _loaded()
    if name in absent:
        raise absent[name]
    wanted = name if name in known else _ALIASES.get(name.lower(), name.lower())
    if wanted not in known:
        raise InputError(
            f"there is no format called {name!r}", remedy=f"choose one of {', '.join(known)}"
        )
    return known[wanted]


def plain_name(path: Path) -> str:
    """Return the file's name in lower case without ``.gz``."""
    return path.name.lower().removesuffix(".gz")


def format_by_extension(path: Path) -> Format | None:
    """Return the format with the longest ending that the file has, or None."""
    name = plain_name(path)
    fitting = [
        (len(ending), form)
        for form in formats().values()
        for ending in form.extensions
        if name.endswith(ending)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def sniff(source: Source) -> Format | None:
    """Return the format that a file's content looks like most, else that of its ending, or None.

    A file that is known as an export of another tool has none, however its name ends.
    """
    scores = {name: form.sniff(source.head, source.path) for name, form in formats().items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is not None and scores[best] >= Likeness.SHAPE:
        return formats()[best]
    if explain_foreign(source) is not None:
        return None
    if best is not None and scores[best] > Likeness.NONE:
        return formats()[best]
    return format_by_extension(source.path)


def is_sure(source: Source, but: str) -> bool:
    """Return whether a file's content is surely that of a format, of another than one of them."""
    named = formats().items()
    return any(
        f.sniff(source.head, source.path) >= Likeness.SHAPE for name, f in named if name != but
    )


def unknown_format(source: Source) -> CorpusError:
    """Return the error for a file of no known format, saying what it looks like."""
    if (foreign := explain_foreign(source)) is not None:
        return source.error(*foreign)
    looks = _looks(source)
    if looks == _ARRAY and any(
        isinstance(one, dict) and "text" in one for one in first_values(source.head)
    ):
        name = shlex.quote(source.path.name)
        lines = f"jq -c '.[]' {name} > NEW.jsonl"
        return source.error(looks, f"if it holds records, write each on a line of its own: {lines}")
    return source.error(looks, f"suffice reads {', '.join(formats())}; `format` names one")


_ARRAY = "is a JSON array, of no known format"
_MAGIC = {
    b"PK\x03\x04": "is a zip archive inside another file: unpack it first",
    b"BZh": "is compressed with bzip2: unpack it first (gzip is read as it is)",
    b"\xfd7zXZ": "is compressed with xz: unpack it first (gzip is read as it is)",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd: unpack it first (gzip is read as it is)",
    b"%PDF": "is a PDF document, not annotated text",
    b"SQLite format 3": "is an SQLite database, not an export of annotated text",
}


def packed_as(source: Source) -> str | None:
    """Return what a file is that is no text at all, as a zip archive inside another; or None."""
    return next((what for magic, what in _MAGIC.items() if source.data.startswith(magic)), None)


def _looks(source: Source) -> str:
    if (packed := packed_as(source)) is not None:
        return packed
    head = source.head.lstrip()
    if b"\0" in source.data[:4096]:
        return "is a binary file of no known format"
    if head.startswith(b"["):
        return _ARRAY
    if head.startswith(b"{"):
        return "holds JSON objects, of no known format"
    if head.startswith(b"<"):
        return "is XML or HTML of a kind that is not read"
    return "the format of this file is not known"
