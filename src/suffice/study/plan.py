"""The design of a study over its documents: which run belongs to which cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cached_property

from suffice.design.features import Features, SetFeatures
from suffice.design.sampling import draw, ladder, run_seed, stratified
from suffice.design.strata import strata_for
from suffice.errors import TooSmallError
from suffice.runs.job import Job, Position, digest, identify
from suffice.study.allocate import Cell, cell_of_pool
from suffice.study.documents import name_of
from suffice.study.study import StoredStudy

ADAPTIVE_STEPS = 7
LADDER_STEPS = 20
PAPER_SETS_PER_STRATUM = 500

_SMALLEST_SENTENCES = 20


class Plan:
    """The documents of a study as the design sees them.

    Parameters
    ----------
    study : Study
        Made by `Study.create`.
    learners : sequence of str
        The learners' ids in the ledger, in the order of the study's roles.
    looking : collection of int
        Those whose training looks at the evaluation set, which is then part of what a run is.
    """

    def __init__(
        self, study: StoredStudy, learners: Sequence[str], looking: Collection[int] = ()
    ) -> None:
        self._looking = looking
        self.seed = study.spec.seed
        self._shares = study.spec.strata == "shares"
        self.learners = tuple(learners)
        rows = {row.name: row for row in study.ledger.documents()}
        self.documents = {d.id: d for d in study.corpus if name_of(d.id) in rows}
        self.labels = study.corpus.labels
        division = study.division
        self.parts = division.parts
        self.rotating = study.spec.rotate
        self.pools = {p: [d for d in division.pool(p) if d in self.documents] for p in self.parts}
        self._members = {p: frozenset(pool) for p, pool in self.pools.items()}
        self.evaluations = {
            p: tuple(sorted(d for d in division.evaluation(p) if d in self.documents))
            for p in self.parts
        }
        self.pool_size = min(len(pool) for pool in self.pools.values())
        self.pool_id = digest(
            [sorted(self.documents[d].key for d in self.pools[p]) for p in self.parts]
        )
        grouped = any(d.group is not None for d in self.documents.values())
        self._units = division.units if grouped else None
        self.measure = SetFeatures(list(self.documents.values()))
        self._per_document = sum(r.sentences for r in rows.values()) / len(rows)
        self._tokens_per_document = sum(r.tokens for r in rows.values()) / len(rows)

        self._sizes = self.sizes()

    def _fits_another(self, ids: Sequence[str], part: int) -> bool:
        """Return whether another fold than this could draw these documents, too."""
        return any(p != part and members.issuperset(ids) for p, members in self._members.items())

    def evaluation_keys(self, part: int) -> list[str]:
        """Return the content hashes of a fold's evaluation documents, in the order scored."""
        return [self.documents[d].key for d in self.evaluations[part]]

    def length(self, size: int) -> tuple[float, float]:
        """Return the sentences and tokens to expect in a training set of so many documents."""
        return size * self._per_document, size * self._tokens_per_document

    def features(self, job: Job) -> Features:
        """Return what a job's training set is made of."""
        return self.measure(job.training, job.evaluation)

    @cached_property
    def state(self) -> str:
        """Return the hash of what is studied: the pool, the evaluation sets and the learners."""
        return digest([self.pool_id, sorted(self.evaluations.items()), list(self.learners)])

    @property
    def pool_count(self) -> int:
        """Return how many pools cells choose from: the number of folds where these rotate."""
        return len(self.parts) if self.rotating else 1

    @property
    def runs_per_cell(self) -> int:
        """Return how many models a cell takes."""
        return 1 if self.rotating else len(self.parts)

    def parts_of(self, cell: Cell) -> tuple[int, ...]:
        """Return the folds that a cell's models are scored on.

        Where folds rotate it is one: the next one from size to size, and two further on for the
        next set of a size, so that folds are balanced within sizes and over them.
        """
        if not self.rotating:
            return self.parts
        step = 1 + len(self.parts) % 2  # of an even number of folds, every other one would be left
        rank = bisect_left(self._sizes, cell.size)
        return (self.parts[(rank + step * cell.replicate) % len(self.parts)],)

    def jobs(self, learner: int, cell: Cell) -> list[Job]:
        """Return a cell's jobs: one, or one for each fold where folds do not rotate.

        The id of each is a hash of learner, training documents, labels and seed; and of the fold,
        where the set could be drawn for another one as well.
        """
        jobs = []
        for part in self.parts_of(cell):
            pool = self.pools[part]
            training_set = draw(
                pool,
                min(cell.size, len(pool)),
                cell.replicate,
                seed=self.seed,
                part=part,
                units=self._units,
            )
            ids = tuple(sorted(training_set.documents))
            keys = tuple(self.documents[d].key for d in ids)
            seed = run_seed(self.seed, training_set, cell.repeat)
            seen = [self.evaluation_keys(part)] if learner in self._looking else []
            # a small set may be drawn for two folds: it is trained alike, and scored on others
            fold = [part] if self._fits_another(ids, part) else []
            name = self.learners[learner]
            identity = identify(name, [keys], self.labels, seed, [*seen, *fold])
            place = Position(*cell, part=part, pool=self.pool_id)
            jobs.append(Job(identity, name, ids, self.evaluations[part], seed, place))
        return jobs

    def sizes(self, steps: int = ADAPTIVE_STEPS, spacing: str = "log") -> tuple[int, ...]:
        """Return training-set sizes from some 20 sentences to the whole pool."""
        few = max(2, round(_SMALLEST_SENTENCES / max(self._per_document, 0.1)))
        smallest = max(1, min(few, self.pool_size // 8))
        return ladder(self.pool_size, smallest=smallest, steps=steps, spacing=spacing)

    def paper(self) -> list[Cell]:
        """Return the paper's 2,500 cells, its five strata in turn.

        The first part of them is thus the same study with fewer sets in each stratum.
        """
        pool = min(self.pools.values(), key=len)
        try:
            strata_of_sizes = strata_for(len(pool), shares=self._shares)
        except ValueError as error:
            raise TooSmallError(f"too small: {error}", remedy="annotate more documents") from error
        sets = stratified(pool, strata_of_sizes, PAPER_SETS_PER_STRATUM, seed=self.seed)
        step = PAPER_SETS_PER_STRATUM
        strata = [sets[start : start + step] for start in range(0, len(sets), step)]
        return [Cell(s.asked, s.replicate) for turn in zip(*strata, strict=True) for s in turn]

    def ladder(self, spacing: str, runs: int) -> list[Cell]:
        """Return equally or log-spaced cells, size after size and again, for so many runs."""
        sizes = self.sizes(LADDER_STEPS, spacing)
        turns = -(-runs // (len(sizes) * self.runs_per_cell))
        return [
            cell_of_pool(n, turn, self.pool_count) if n == self.pool_size else Cell(n, turn)
            for turn in range(turns)
            for n in reversed(sizes)
        ]
