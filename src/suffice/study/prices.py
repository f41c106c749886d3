"""What runs of a study are expected to cost."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.learners.base import Learner
from suffice.runs.job import Job
from suffice.study.plan import Plan
from suffice.study.table import RunTable


class Prices:
    """What runs cost: nominal seconds, and real ones by what finished runs took.

    Parameters
    ----------
    plan : Plan
        Tells how long training sets are.
    learners : sequence of Learner
        The learners, in the order of the plan's.
    """

    def __init__(self, plan: Plan, learners: Sequence[Learner]) -> None:
        self._plan = plan
        self._learners = learners

    def nominal(self, learner: int, size: int) -> float:
        """Return the nominal seconds of a cell with `size` training documents."""
        sentences, tokens = self._plan.length(size)
        return self._learners[learner].cost(sentences, tokens) * self._plan.runs_per_cell

    def rates(self, table: RunTable) -> list[float]:
        """Return each learner's real seconds for a nominal one; without runs, the first one's."""
        found: list[float] = []
        for identity, learner in zip(self._plan.learners, self._learners, strict=True):
            rows = table.of_learner(identity)
            nominal = sum(learner.cost(r.features["sentences"], r.features["tokens"]) for r in rows)
            real = sum(r.seconds for r in rows)
            found.append(real / nominal if nominal > 0 else (found[0] if found else 1.0))
        return found

    def seconds(self, job: Job, rates: Sequence[float]) -> float:
        """Return the seconds to expect of one job."""
        learner = self._plan.learners.index(job.learner)
        sentences, tokens = self._plan.length(len(job.training))
        return self._learners[learner].cost(sentences, tokens) * rates[learner]
