"""The ledger's rows as arrays: what the allocation and the analysis look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suffice.design.split import EVALUATION, POOL
from suffice.runs.ledger import DocumentRow, Ledger
from suffice.runs.store import RunRow
from suffice.scoring import CORRECT, F1, MISSED, Measure, micro_f1
from suffice.stats import Runs
from suffice.study.allocate import Cell

LEAST_PLACES, LEAST_ROTATING = 4, 8
"""Places in the design with counts that any answer takes, at two sizes or more. Where folds rotate
a place has one fold's counts; then every fold must have some, too."""


class PooledCell(NamedTuple):
    """A cell of the design, and the pool that it was drawn from.

    Parameters
    ----------
    pool : str
        Hash of the pool's documents: a corpus that grows has other training sets.
    cell : Cell
        Size, replicate, repeat.
    """

    pool: str
    cell: Cell


@dataclass(frozen=True)
class RunTable:
    """The finished runs that are valid for the corpus as it is now.

    A run is valid where all documents it was trained on are still in the pool, unchanged. Its
    counts are taken from those evaluation documents that are still there, unchanged.

    Parameters
    ----------
    documents : tuple of DocumentRow
        The documents studied.
    rows : tuple of RunRow
        The valid runs, in the order of the design, failed ones included.
    invalid : int
        Runs in the ledger that are not valid any more.
    evaluation_sets : mapping of str to tuple of str
        Keys of the documents in the order of the counts.
    names : mapping of str to str
        Learner id to name.
    rotating : bool
        Whether each run was scored on one fold, another one from run to run.
    by_hand : bool
        Whether the documents that evaluate are a test set of the user's own.
    """

    documents: tuple[DocumentRow, ...]
    rows: tuple[RunRow, ...]
    invalid: int
    evaluation_sets: dict[str, tuple[str, ...]]
    names: dict[str, str]
    rotating: bool = False
    by_hand: bool = False

    @classmethod
    def of(cls, ledger: Ledger, documents: Sequence[DocumentRow] | None = None) -> RunTable:
        """Read a ledger.

        Parameters
        ----------
        ledger : Ledger
            The ledger of a study.
        documents : sequence of DocumentRow, optional
            The documents that its runs are judged by, in place of those that it holds: what the
            table would be if these were stored.
        """
        if documents is None:
            documents = ledger.documents()
        documents = tuple(d for d in documents if d.studied)
        side = {d.key: d.side for d in documents}
        rows = ledger.runs()
        valid = tuple(r for r in rows if is_valid(r, side))
        names = {identity: name for identity, (name, _) in ledger.learners().items()}
        design = ledger.meta("design") or {}
        rotating, by_hand = bool(design.get("rotating")), bool(design.get("test"))
        sets = ledger.evaluation_sets()
        return cls(documents, valid, len(rows) - len(valid), sets, names, rotating, by_hand)

    @cached_property
    def folds(self) -> int:
        """Return the number of folds; 0 for a single split."""
        return max((d.side for d in self.documents), default=-1) + 1

    @cached_property
    def pool(self) -> tuple[DocumentRow, ...]:
        """Return the documents that training sets are drawn from."""
        return tuple(d for d in self.documents if d.side == POOL or d.side >= 0)

    @cached_property
    def evaluation(self) -> tuple[DocumentRow, ...]:
        """Return the documents that models are scored on."""
        return tuple(d for d in self.documents if d.side == EVALUATION or d.side >= 0)

    @cached_property
    def pool_size(self) -> int:
        """Return how many documents a training set can have at most (in the smallest fold)."""
        if not self.folds:
            return len(self.pool)
        inside = np.bincount([d.side for d in self.pool], minlength=self.folds)
        return len(self.pool) - int(inside.max())

    @cached_property
    def sentences_per_document(self) -> float:
        """Return the mean over the documents studied: of the pool alone beside a test set."""
        documents = self.pool if self.by_hand else self.documents
        return sum(d.sentences for d in documents) / max(1, len(documents))

    def of_learner(self, learner: str) -> list[RunRow]:
        """Return the runs of one learner (by its id) whose training worked."""
        return [r for r in self.rows if r.learner == learner and r.status == "ok"]

    def failed(self, learner: str) -> Counter[str]:
        """Return how many runs of a learner failed, by status."""
        return Counter(r.status for r in self.rows if r.learner == learner and r.status != "ok")

    def places(self, learner: str, ids: Collection[str] | None = None) -> list[PooledCell]:
        """Return the places in the design where a learner has counts, in all folds.

        Parameters
        ----------
        learner : str
            Its id.
        ids : collection of str, optional
            Only runs with these ids.
        """
        return [
            place
            for place, rows in sorted(self._by_place(learner).items())
            if ids is None or all(r.id in ids for r in rows.values())
        ]

    def answers(self, learner: str, ids: Collection[str] | None = None) -> bool:
        """Return whether a learner has runs enough for an answer; arguments as for `places`."""
        places = self.places(learner, ids)
        enough = len(places) >= self.least_places and len({p.cell.size for p in places}) >= 2
        if not enough or not self.rotating:
            return enough
        found = self._by_place(learner)
        return len({part for place in places for part in found[place]}) == self.folds

    @property
    def least_places(self) -> int:
        """Return how many places with counts any answer takes."""
        return max(LEAST_ROTATING, self.folds) if self.rotating else LEAST_PLACES

    @property
    def least(self) -> int:
        """Return how many runs any answer takes."""
        return self.least_places * (1 if self.rotating else max(1, self.folds))

    def runs(
        self,
        learner: str,
        *,
        measure: Measure = F1,
        places: Sequence[PooledCell] | None = None,
    ) -> Runs | None:
        """Return a learner's runs as arrays; None where there are none.

        Parameters
        ----------
        learner : str
            Its id.
        measure : Measure
            What the runs are judged by: recall of one label for de-identification, say.
        places : sequence of PooledCell, optional
            Only these, in this order.

        Returns
        -------
        Runs or None
            One row for each run; where folds do not rotate, for each place whose folds are all
            there.
        """
        found = self._by_place(learner)
        chosen = [p for p in (sorted(found) if places is None else places) if p in found]
        if not chosen:
            return None
        groups = [[found[p][part] for part in sorted(found[p])] for p in chosen]
        sets: dict[tuple[tuple[str, ...], ...], int] = {}
        units, documents = self._training_units
        inclusion = np.zeros((len(groups), len(documents)), dtype=np.float32)
        for line, rows in zip(inclusion, groups, strict=True):
            for r in rows:
                np.add.at(line, [units[key] for key in r.training_keys], 1 / len(rows))
        return Runs(
            size=np.array([np.mean([len(r.training_keys) for r in rows]) for rows in groups]),
            counts=np.stack([sum(self._units(r, measure.labels) for r in rows) for rows in groups]),
            training_set=np.array(
                [
                    sets.setdefault(tuple(r.training_keys for r in rows), len(sets))
                    for rows in groups
                ]
            ),
            pool=self.pool_size,
            population=len(self.pool),
            parts=1 if self.rotating else max(1, self.folds),
            inclusion=inclusion,
            unit_documents=documents,
            metric=measure.metric,
            by_label=self._by_label(groups) if measure.metric == "macro-f1" else None,
            fold=np.array([rows[0].part for rows in groups]) if self.rotating else None,
            scored=np.stack([self._scored(rows[0]) for rows in groups]) if self.rotating else None,
            length=self.sentences_per_document,
        )

    def screened(
        self, learner: str, screen: str, measure: Measure = F1
    ) -> tuple[Runs, Runs, NDArray[np.bool_]] | None:
        """Return the runs of a learner and of the one that screens, and which share their sets.

        Parameters
        ----------
        learner, screen : str
            Their ids.
        measure : Measure
            What the runs are judged by.

        Returns
        -------
        (Runs, Runs, ndarray of bool of shape (runs, screen runs)) or None
            None where either has no runs.
        """
        mine, others = self.places(learner), self.places(screen)
        runs = self.runs(learner, places=mine, measure=measure)
        of_screen = self.runs(screen, places=others, measure=measure)
        if runs is None or of_screen is None:
            return None
        sets = [[p._replace(cell=p.cell._replace(repeat=0)) for p in ps] for ps in (mine, others)]
        match = np.array([[a == b for b in sets[1]] for a in sets[0]], dtype=bool)
        return runs, of_screen, match

    def _by_label(self, groups: Sequence[Sequence[RunRow]]) -> NDArray[np.int64]:
        """Return counts by evaluation unit and label, of labels that the evaluation set holds."""
        names = sorted({name for rows in groups for r in rows for name in r.labels})
        counts = np.zeros((len(groups), self._evaluation_units, len(names), 3), dtype=np.int64)
        for own, rows in zip(counts, groups, strict=True):
            for r in rows:
                own[:, [names.index(name) for name in r.labels]] += self._tally(r)
        gold = counts[..., [CORRECT, MISSED]].sum(axis=(0, 1, 3))
        return np.asarray(counts[:, :, gold > 0])

    def _by_place(self, learner: str) -> dict[PooledCell, dict[int, RunRow]]:
        found: dict[PooledCell, dict[int, RunRow]] = defaultdict(dict)
        for r in self.of_learner(learner):
            found[PooledCell(r.pool, Cell(r.asked, r.replicate, r.repeat))][r.part] = r
        wanted = 1 if self.rotating else max(1, self.folds)
        return {place: rows for place, rows in found.items() if len(rows) == wanted}

    def f1(self, row: RunRow) -> float:
        """Return a run's exact micro-F1 on the documents it was scored on; NaN where it failed."""
        if row.counts is None:
            return float("nan")
        return float(micro_f1(self._units(row, None).sum(axis=0)))

    @cached_property
    def _unit_of(self) -> dict[str, int]:
        units = {u: i for i, u in enumerate(sorted({d.unit for d in self.evaluation}))}
        return {d.key: units[d.unit] for d in self.evaluation}

    @cached_property
    def _training_units(self) -> tuple[dict[str, int], NDArray[np.int64]]:
        """Return the number of each pool document's unit, and the documents of each unit."""
        numbers = {u: i for i, u in enumerate(sorted({d.unit for d in self.pool}))}
        units = {d.key: numbers[d.unit] for d in self.pool}
        return units, np.bincount([numbers[d.unit] for d in self.pool], minlength=len(numbers))

    @property
    def _evaluation_units(self) -> int:
        return max(self._unit_of.values(), default=-1) + 1

    @cached_property
    def _where(self) -> dict[str, NDArray[np.int64]]:
        """Return the unit of each document of each evaluation set; -1 for those that are gone."""
        return {
            name: np.array([self._unit_of.get(key, -1) for key in keys], dtype=np.int64)
            for name, keys in self.evaluation_sets.items()
        }

    def _scored(self, row: RunRow) -> NDArray[np.bool_]:
        """Return the evaluation units that a run was scored on, shape (units,)."""
        where = self._where[row.evaluation_set]
        scored = np.zeros(self._evaluation_units, dtype=bool)
        scored[where[where >= 0]] = True
        return scored

    def _units(self, row: RunRow, labels: Sequence[str] | None) -> NDArray[np.int64]:
        """Return a run's counts by evaluation unit, shape (units, 3)."""
        columns = [i for i, name in enumerate(row.labels) if labels is None or name in labels]
        return np.asarray(self._tally(row)[:, columns].sum(axis=1))

    def _tally(self, row: RunRow) -> NDArray[np.int64]:
        """Return a run's counts by evaluation unit and label, shape (units, labels, 3)."""
        assert row.counts is not None
        where = self._where[row.evaluation_set]
        total = np.zeros((self._evaluation_units, *row.counts.shape[1:]), dtype=np.int64)
        np.add.at(total, where[where >= 0], row.counts[where >= 0])
        return total


def is_valid(row: RunRow, side: Mapping[str, int]) -> bool:
    """Return whether the documents that a run was trained on are still in its pool, unchanged.

    Parameters
    ----------
    row : RunRow
        The run.
    side : mapping of str to int
        The side of every document there is now, by its key.
    """
    if any(key not in side for key in row.training_keys):
        return False
    sides = {side[key] for key in row.training_keys}
    return EVALUATION not in sides and row.part not in sides
