"""The run ledger: every run that was finished, in an SQLite file with one writer.

It holds counts and hashes, never text, entity strings or document ids, and everything that the
analysis needs, so that results can be analysed where the corpus is not. A run's id is a hash of all
that determines what its model learns; runs outlive changes of the corpus as far as their documents
do, since each carries the documents it was trained and scored on.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from suffice.corpus.document import Span
from suffice.errors import StudyError
from suffice.runs.job import digest
from suffice.runs.store import RunRow, Spans, Store

FILE = "ledger.sqlite"
SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, key TEXT NOT NULL, unit TEXT NOT NULL, side INTEGER NOT NULL,
    sentences INTEGER NOT NULL, tokens INTEGER NOT NULL, entities TEXT NOT NULL,
    studied INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS learners (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, config TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS evaluation_sets (id TEXT PRIMARY KEY, keys TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, learner TEXT NOT NULL, evaluation_set TEXT NOT NULL,
    pool TEXT NOT NULL, asked INTEGER NOT NULL, replicate INTEGER NOT NULL, part INTEGER NOT NULL,
    repeat INTEGER NOT NULL, seed INTEGER NOT NULL, training_keys TEXT NOT NULL,
    features TEXT NOT NULL, labels TEXT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL,
    counts BLOB, train_seconds REAL NOT NULL, tag_seconds REAL NOT NULL, finished_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spans (run TEXT PRIMARY KEY, spans BLOB NOT NULL);
"""


@dataclass(frozen=True)
class DocumentRow:
    """What the ledger knows of a document: hashes and counts.

    Parameters
    ----------
    name, unit : str
        Hashes of the document's id, and of what it is kept together with.
    key : str
        Hash of its content (`Document.key`).
    side : int
        As in `suffice.design.split`.
    sentences, tokens : int
        Its length.
    entities : mapping of str to int
        Spans of each label.
    studied : bool
        False for the part of a large corpus that the budget leaves out.
    """

    name: str
    key: str
    unit: str
    side: int
    sentences: int
    tokens: int
    entities: Mapping[str, int]
    studied: bool = True


class Ledger(Store):
    """A store in a file: the ledger of one study or experiment.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it is absent, unless `read_only`.
    read_only : bool
        For looking at a study while another process runs it.

    Raises
    ------
    StudyError
        The file is not a ledger, or a newer version of suffice wrote it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        if read_only and not path.is_file():
            raise StudyError(
                f"{path.parent} has no ledger yet", remedy="start the study with `run`"
            )
        self._connection = sqlite3.connect(path, timeout=30)
        try:
            if not read_only:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=NORMAL")
                self._connection.executescript(_SCHEMA)
            version = self.meta("schema")
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise StudyError(
                f"is not a ledger of suffice: {error}",
                where=str(path),
                remedy="move it away or name another folder with `folder`",
            ) from error
        if version is None and not read_only:
            self.set_meta("schema", SCHEMA_VERSION)
        elif version != SCHEMA_VERSION:
            self._connection.close()
            raise StudyError(
                f"was written by another version of suffice (schema {version}, "
                f"this one reads {SCHEMA_VERSION})",
                where=str(path),
                remedy="use that version, or start a new study",
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def meta(self, name: str) -> Any:
        """Return a stored value, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def set_meta(self, name: str, value: Any) -> None:
        """Store a value under a name."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value))
            )

    def documents(self) -> list[DocumentRow]:
        """Return the documents of the corpus as it is now, as far as they are studied."""
        rows = self._connection.execute(
            "SELECT name, key, unit, side, sentences, tokens, entities FROM documents "
            "WHERE studied = 1 ORDER BY name"
        )
        return [
            DocumentRow(name, key, unit, side, sentences, tokens, json.loads(entities))
            for name, key, unit, side, sentences, tokens, entities in rows
        ]

    def stored_sides(self) -> dict[str, int]:
        """Return the side of every document there ever was, by the hash of its id."""
        return dict(self._connection.execute("SELECT name, side FROM documents"))

    def set_documents(self, rows: Iterable[DocumentRow]) -> None:
        """Store the corpus's documents; sides given earlier must be the same, and are kept."""
        with self._connection:
            self._connection.execute("UPDATE documents SET studied = 0")
            self._connection.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET key = excluded.key, unit = excluded.unit, "
                "sentences = excluded.sentences, tokens = excluded.tokens, "
                "entities = excluded.entities, studied = excluded.studied",
                [
                    (
                        d.name,
                        d.key,
                        d.unit,
                        d.side,
                        d.sentences,
                        d.tokens,
                        json.dumps(d.entities),
                        d.studied,
                    )
                    for d in rows
                ],
            )

    def add_learner(self, name: str, config: Mapping[str, Any]) -> str:
        """Store a learner and return its id."""
        identity = digest([name, config])
        with self._connection:
            self._connection.execute(
                "INSERT OR IGNORE INTO learners VALUES (?, ?, ?)",
                (identity, name, json.dumps(config, sort_keys=True)),
            )
        return identity

    def learners(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return name and configuration of every learner by its id."""
        rows = self._connection.execute("SELECT id, name, config FROM learners ORDER BY rowid")
        return {identity: (name, json.loads(config)) for identity, name, config in rows}

    def add_evaluation_set(self, keys: Sequence[str]) -> str:
        """Store an evaluation set by its documents' keys and return its id."""
        identity = digest(list(keys))
        with self._connection:
            self._connection.execute(
                "INSERT OR IGNORE INTO evaluation_sets VALUES (?, ?)",
                (identity, json.dumps(list(keys))),
            )
        return identity

    def evaluation_sets(self) -> dict[str, tuple[str, ...]]:
        """Return the documents' keys of every evaluation set, in the order of the counts."""
        rows = self._connection.execute("SELECT id, keys FROM evaluation_sets")
        return {identity: tuple(json.loads(keys)) for identity, keys in rows}

    def add_run(self, run: RunRow, spent: float, spans: Spans | None = None) -> None:
        """Store a finished run, its spans, and the seconds spent on all so far, at once."""
        blob = None
        if run.counts is not None:
            blob = zlib.compress(np.ascontiguousarray(run.counts, dtype="<i4").tobytes())
        marks = ", ".join(f":{name}" for name in _COLUMNS)
        values = {
            **{name: getattr(run, name) for name in _COLUMNS},
            **{name: json.dumps(getattr(run, name)) for name in _AS_JSON},
            "counts": blob,
        }
        with self._connection:
            self._connection.execute(
                f"INSERT OR REPLACE INTO runs ({', '.join(_COLUMNS)}) VALUES ({marks})", values
            )
            self._connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('spent', ?)", (json.dumps(spent),)
            )
            self._connection.execute("DELETE FROM spans WHERE run = ?", (run.id,))
            if spans is not None:
                listed = [[[s.start, s.end, s.label] for s in found] for found in spans]
                self._connection.execute(
                    "INSERT INTO spans VALUES (?, ?)",
                    (run.id, zlib.compress(json.dumps(listed).encode())),
                )

    def run_ids(self) -> set[str]:
        """Return the id of every finished run."""
        return {row[0] for row in self._connection.execute("SELECT id FROM runs")}

    def runs(self) -> list[RunRow]:
        """Return every finished run, in the order of the design."""
        rows = self._connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM runs "
            "ORDER BY learner, asked, replicate, repeat, part, id"
        )
        return [_run(dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def spans(self, run: str) -> list[list[Span]] | None:
        """Return the spans stored with a run; None where there are none."""
        row = self._connection.execute("SELECT spans FROM spans WHERE run = ?", (run,)).fetchone()
        if row is None:
            return None
        return [[Span(*span) for span in found] for found in json.loads(zlib.decompress(row[0]))]

    def spent(self) -> float:
        """Return the seconds stored with the last run; 0 where there is none."""
        return float(self.meta("spent") or 0.0)


_COLUMNS = tuple(f.name for f in fields(RunRow))
_AS_JSON = ("training_keys", "features", "labels")


def _run(values: dict[str, Any]) -> RunRow:
    """Turn a row of the file into what it stands for."""
    values |= {name: json.loads(values[name]) for name in _AS_JSON}
    values["training_keys"] = tuple(values["training_keys"])
    values["labels"] = tuple(values["labels"])
    if values["counts"] is not None:
        flat = np.frombuffer(zlib.decompress(values["counts"]), dtype="<i4").astype(np.int32)
        values["counts"] = flat.reshape(-1, len(values["labels"]), 3)
    return RunRow(**values)
