"""Designs that do not depend on results: the paper's, or a ladder of sizes."""

from __future__ import annotations

from collections.abc import Generator

from suffice.study.designs.base import JobBatch, StudyDesign

_BATCH = 30


class FixedDesign(StudyDesign):
    """Requests the paper's sets, or equally or log-spaced sizes, in their order."""

    def steps(self) -> Generator[JobBatch, None, str]:
        """Yield cells in batches until there are none, or no room for more."""
        if self.spec.design == "paper":
            cells = self.plan.paper()
        else:
            cells = self.plan.ladder(self.spec.design, self.spec.runs or 2500)
        for start in range(0, len(cells), _BATCH):
            reason = yield from self.request(cells[start : start + _BATCH])
            if start == 0:
                self.raise_if_all_failed()
            if reason:
                return reason
        return "runs"
