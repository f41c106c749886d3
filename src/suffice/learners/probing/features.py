"""The frozen encoding: hidden states of a backbone, pooled to words, kept on disk for all workers.

A cache folder holds shards: ``NAME.npy``, the float16 rows of many texts one after another, and
``NAME.json``, which says whose rows they are. Both are written under another name and renamed, the
index last, so that an index never speaks of rows that are not there. Rows are found by a hash of a
document's text, so that other labels, ids or splits never encode anything anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.learners.words import word_offsets

FeatureArray = NDArray[np.float16]

CODE_VERSION = 2
"""Part of the cache folder's name: raise it when words, windows, pooling or layout change."""

_SHARD_BYTES = 48 * 1024 * 1024


def text_key(text: str) -> str:
    """Return the hash under which a text's rows are kept."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _RowRange(NamedTuple):
    shard: str
    start: int
    stop: int


class FeatureStore:
    """The shards of one encoding recipe.

    Parameters
    ----------
    folder : Path
        Made with mode 0700 when something is written to it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, _RowRange] = {}
        self._seen: set[str] = set()
        self._open: dict[str, FeatureArray] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take up the shards that were written, by any process, since the last look."""
        if not self.folder.is_dir():
            return
        for index in sorted(self.folder.glob("*.json")):
            if index.name in self._seen:
                continue
            rows = self.folder / f"{index.stem}.npy"
            try:
                entries = json.loads(index.read_text(encoding="utf-8"))["rows"]
                places = {k: _RowRange(index.stem, int(a), int(b)) for k, (a, b) in entries.items()}
                readable = rows.is_file() and self._shard(index.stem).ndim == 2
            except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
                continue  # Not one of ours, or damaged: what it held is encoded again.
            if readable:
                self._seen.add(index.name)
                self._places |= places

    def __contains__(self, text: str) -> bool:
        return self._place(text) is not None

    def _place(self, text: str) -> _RowRange | None:
        place = self._places.get(text_key(text))
        if place is None or not self._fits(text, place.stop - place.start):
            return None
        return place if place.stop <= len(self._shard(place.shard)) else None

    def _fits(self, text: str, rows: int) -> bool:
        """Return whether a text can have so many rows."""
        return rows == len(word_offsets(text))

    def _shard(self, name: str) -> FeatureArray:
        if name not in self._open:
            self._open[name] = np.load(
                self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False
            )
        return self._open[name]

    def get(self, text: str) -> FeatureArray | None:
        """Return a text's rows, memory-mapped, or None where they have not been encoded.

        Returns
        -------
        ndarray of float16, shape (n_words, width), or None
        """
        place = self._place(text)
        if place is None:
            return None
        return self._shard(place.shard)[place.start : place.stop]

    def add(self, encoded: Iterator[tuple[str, FeatureArray]]) -> None:
        """Write texts and their rows as they come, a shard at a time."""
        waiting: list[tuple[str, FeatureArray]] = []
        size = 0
        for text, rows in encoded:
            waiting.append((text, rows))
            size += rows.nbytes
            if size >= _SHARD_BYTES:
                self._write(waiting)
                waiting, size = [], 0
        if waiting:
            self._write(waiting)
        self.refresh()

    def _write(self, texts: Sequence[tuple[str, FeatureArray]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(OSError):
            self.folder.chmod(0o700)
        entries: dict[str, tuple[int, int]] = {}
        start = 0
        for text, rows in texts:
            entries[text_key(text)] = (start, start + len(rows))
            start += len(rows)
        name = uuid.uuid4().hex
        stacked = np.concatenate([rows for _, rows in texts]) if texts else np.empty((0,))
        half = self.folder / f".{name}.npy.{os.getpid()}"
        with half.open("wb") as stream:
            np.save(stream, stacked.astype(np.float16, copy=False), allow_pickle=False)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(self.folder / f"{name}.npy")
        index = self.folder / f".{name}.json.{os.getpid()}"
        index.write_text(json.dumps({"rows": entries}), encoding="utf-8")
        index.replace(self.folder / f"{name}.json")


def store_name(recipe: dict[str, Any]) -> str:
    """Return the name of the cache folder for an encoding recipe (a JSON-serialisable dict)."""
    content = json.dumps({**recipe, "code": CODE_VERSION}, sort_keys=True)
    return hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
