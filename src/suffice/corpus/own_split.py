"""A split that a corpus has of its own: files called train and test, or a field of the records.

It is told and not obeyed: a study uses all documents unless its user names a test set.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from suffice.corpus.corpus import Corpus
from suffice.corpus.files import tree_of

Part = Literal["train", "dev", "test"]

_PARTS: dict[Part, str] = {
    "train": "train(?:ing)?",
    "dev": "dev(?:el|elopment)?|valid(?:ation)?|val|testa",
    "test": "test(?:ing)?|testb|eval(?:uation)?",
}
# At the beginning of a word, or after capitals as in NCBItrainset; to the end of the word.
_NAMES = {
    part: re.compile(rf"(?<![a-z])(?i:{names})(?i:[-_ ]?(?:set|data))?(?![a-zA-Z])")
    for part, names in _PARTS.items()
}
_FIELDS = ("subset", "partition")
_MOST_PATHS = 6


def part_of(name: str) -> Part | None:
    """Return the part of a split that a name says, or None.

    Examples
    --------
    >>> [part_of(name) for name in ("NCBItrainset_corpus.txt", "eng.testa", "latest.jsonl")]
    ['train', 'dev', None]
    """
    found: list[Part] = [part for part, form in _NAMES.items() if form.search(name)]
    return found[0] if len(found) == 1 else None


def part_in(record: Mapping[str, Any]) -> str | None:
    """Return the part that a record names in a field that is often called otherwise than split."""
    for field in _FIELDS:
        value = record.get(field)
        if isinstance(value, str) and part_of(value) is not None:
            return value
    return None


def own_split(paths: Sequence[Path], corpus: Corpus) -> str | None:
    """Say that a corpus has a split of its own, and how to score on its test set.

    Parameters
    ----------
    paths : sequence of Path
        What the corpus was read from.
    corpus : Corpus
        Its documents.

    Returns
    -------
    str or None
        None where it has no training and test parts.
    """
    return _in_names(paths) or _in_documents(corpus)


def _in_names(paths: Sequence[Path]) -> str | None:
    """Say it of the names of files, or of the folders that hold them."""
    places: dict[Path, Part] = {}
    packed = False
    for given in paths:
        tree = tree_of(given)
        packed |= tree.whole and not given.is_dir()
        for file in tree.files:
            inside = file.relative_to(given).parts if tree.whole else ()
            named = [given.joinpath(*inside[: i + 1]) for i in range(len(inside))] or [given]
            for place in named:
                if (part := part_of(place.name)) is not None:
                    places.setdefault(place, part)
                    break
    test = _test_part(set(places.values()))
    if test is None:
        return None
    how = "unpack it and run again"
    if not packed:
        sides = [
            " ".join(shlex.quote(str(p)) for p, part in places.items() if (part == test) is held)
            for held in (False, True)
        ]
        how = f"run `suffice run {sides[0]} --evaluation {sides[1]}`"
        if len(places) > _MOST_PATHS:
            how = "name its files with --evaluation, and the others as the corpus"
    there = set(places.values())
    return _said(", ".join(part for part in _PARTS if part in there), test, how)


def _in_documents(corpus: Corpus) -> str | None:
    """Say it of what the documents' records name."""
    found = Counter(d.split for d in corpus if d.split is not None)
    parts = {name: part for name in found if (part := part_of(name)) is not None}
    test = _test_part(set(parts.values()))
    if test is None:
        return None
    name = next(name for name, part in parts.items() if part == test)
    return _said(
        ", ".join(f"{name} {found[name]:,}" for name in parts),
        test,
        f"write its {name} records to one file and the others to another, and run `suffice run "
        "OTHERS --evaluation TEST`",
    )


def _test_part(parts: set[Part]) -> Part | None:
    """Return the part to score on: test, or dev where there is no test; None without training."""
    held: tuple[Part, ...] = ("test", "dev")
    return next((part for part in held if part in parts), None) if "train" in parts else None


def _said(parts: str, test: Part, how: str) -> str:
    return (
        f"this corpus has a split of its own ({parts}): the study uses all documents; to score on "
        f"its {test} set, {how}"
    )
