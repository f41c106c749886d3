"""Other runs in the place of those that failed for good, where too few worked for any answer."""

from __future__ import annotations

from collections import Counter

from suffice.study.allocate import Cell
from suffice.study.session import Session

_FIRST = 1000
"""Their training sets are numbered from here: no design reaches so far."""

_TURNS = 3
"""Where so many turns were in vain, the learner does not work on this corpus."""


def train(session: Session) -> None:
    """Train on other sets until there is an answer, unless fewer runs were asked for than it takes.

    The sets do not depend on when this is called, so that a study that goes on repeats none.
    """
    identity = session.ids[session.studied]
    for turn in range(_TURNS):
        table = session.study.table()
        failed = [r for r in table.rows if r.learner == identity and r.status != "ok"]
        if table.answers(identity) or not failed or _asked_for_fewer(session):
            return
        # Where few runs failed before; of these the smallest sets, which take the least time.
        often = Counter(r.asked for r in failed)
        sizes = sorted(session.plan.sizes(), key=lambda n: (often[n], n))
        missing = max(2, table.least_places - len(table.places(identity)))
        session.train_cells([_cell(n, session.plan.pool_size, turn) for n in sizes[:missing]])


def _cell(size: int, whole: int, turn: int) -> Cell:
    return Cell(size, 0, _FIRST + turn) if size == whole else Cell(size, _FIRST + turn)


def _asked_for_fewer(session: Session) -> bool:
    runs = session.spec.runs
    few = runs is not None and runs < session.study.table().least
    return few and not session.spec.screen
