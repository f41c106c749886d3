"""A document's id as the name of a file, and back."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

# What file systems forbid or read in a way of their own.
_BAD = re.compile(r'[%/\\:*?"<>|\x00-\x1f\x7f]|^[. ]|[. ]$')
_LONGEST = 150

AREAS = ("annotation", "curation")
"""The folders in which WebAnno and INCEpTION export projects, with a folder for each document."""


def stem_of(id: str) -> str:
    """Return the name, without an ending, of the file that holds a document.

    Parameters
    ----------
    id : str
        A document's id.

    Returns
    -------
    str
        The id itself where file systems allow it; otherwise with percent signs and two
        hexadecimal digits for each byte of what they do not. One of more than 150 bytes is cut
        and ends in a hash.
    """
    name = _BAD.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), id)
    if len(name.encode()) <= _LONGEST:
        return name
    digest = hashlib.blake2b(id.encode(), digest_size=8).hexdigest()
    return name.encode()[: _LONGEST - 20].decode(errors="ignore") + "~" + digest


def id_of(stem: str) -> str:
    """Return the id that `stem_of` made a name of; other names are ids as they are."""
    try:
        id = unquote(stem, errors="strict")
    except UnicodeDecodeError:
        return stem
    return id if stem_of(id) == stem else stem


def is_kept(id: str) -> bool:
    """Return whether a file's name can hold the id whole."""
    return id_of(stem_of(id)) == id


def project_id(path: Path) -> str | None:
    """Return the id of a document of an exported project, whose files are named for annotators.

    It is the name of the document's folder; None for a file that lies elsewhere.
    """
    folder = path.parent
    if folder.suffix.lower() == ".zip":  # a document in a zip archive of its own
        folder = folder.parent
    return folder.name if folder.parent.name in AREAS else None


def file_id(path: Path) -> str:
    """Return the id of the document that a file is named for, without endings."""
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return id_of(Path(name).stem)
