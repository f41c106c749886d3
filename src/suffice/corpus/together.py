"""The files that are read together, and what their number says about each of them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from suffice.corpus.formats.filenames import id_of

_SPLITS = frozenset(
    (
        "train", "training", "dev", "devel", "development", "valid", "validation", "val",
        "test", "testa", "testb", "eval", "heldout",
    )
)  # fmt: skip
_MANY = 20
_LONG = 500


class Together:
    """The files of one format that are read at once.

    Parameters
    ----------
    list_files : callable
        Returns the files, each with the path that the user named; called at most once.

    Notes
    -----
    A file that marks no documents is one document, or holds many. Among several files it is one
    document, unless they are called after splits (train, dev, test), or it is longer than one text
    is likely to be.
    """

    def __init__(self, list_files: Callable[[], Sequence[tuple[Path, Path]]]) -> None:
        self._list = list_files

    @cached_property
    def _files(self) -> dict[Path, Path]:
        return {file: root for root, file in self._list()}

    @cached_property
    def _splits(self) -> dict[Path, frozenset[str]]:
        return {f: _SPLITS & set(re.split(r"[\W\d_]+", f.name.lower())) for f in self._files}

    @cached_property
    def _stems(self) -> Counter[str]:
        return Counter(_stem(file.name) for file in self._files)

    @property
    def is_alone(self) -> bool:
        """Return whether a single file is read."""
        return len(self._files) == 1

    @property
    def are_many(self) -> bool:
        """Return whether there are enough files to be groups that a corpus can be divided by."""
        return len(self._files) >= _MANY

    def is_document(self, file: Path, sentences: int) -> bool:
        """Return whether a file of so many sentences, which marks no documents, is one document."""
        if len(self._files) < 2 or sentences > _LONG:
            return False
        several = len(frozenset().union(*self._splits.values())) > 1
        return self.are_many or not (several and self._splits[file])

    def name(self, file: Path) -> str:
        """Return the id of the document that a file is: its path below what was read."""
        root = self._files[file]
        if root != file:
            parts = file.relative_to(root).parts
        elif self._stems[_stem(file.name)] > 1:
            common = os.path.commonpath([f.resolve().parent for f in self._files])
            parts = file.resolve().relative_to(common).parts
        else:
            parts = (file.name,)
        return "/".join(map(id_of, (*parts[:-1], _stem(parts[-1]))))


def _stem(name: str) -> str:
    plain = name.removesuffix(".gz")
    return plain.rpartition(".")[0] or plain
