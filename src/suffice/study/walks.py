"""Walks through a design: which runs come next, and when that is enough.

Each takes a session and returns why it stopped, as `suffice.study.runner.run` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from suffice.stats._f1.curve import learning_curve
from suffice.study import allocate, substitutes
from suffice.study.allocate import Cell
from suffice.study.plan import Plan, Planned
from suffice.study.session import Session
from suffice.study.table import LEAST_ROTATING

PAIR_SHARE = 0.4
"""The part of the budget that goes to paired runs."""

MOST_PAIRS = 8

LEAST_RUNS = 28
"""Fewer runs say too little of their own scatter to be told that they are enough."""

_FIXED_BATCH = 30


def adaptive(session: Session) -> str:
    """Spread, then follow the curve's uncertainty."""
    sizes = session.plan.sizes()
    batches = _spread(session.plan, sizes)
    first = _least(session, batches) if session.timed else []
    for number, cells in enumerate(batches):
        # Beside the second set of each size: late enough to know the machine's speed.
        pairs = _pairs(session, batches) if number == 1 else []
        fresh = [cell for cell in cells if cell not in first]
        reason = session.batch(fresh, pairs) if fresh else None
        if number == 0:
            session.refuse_if_all_failed()
        if reason:
            return _stop(session, reason, batches)
    substitutes.train(session)
    while True:
        table = session.study.table()
        places = table.places(session.ids[0], session.walked)
        runs = table.runs(session.ids[0], places=places)
        if runs is None or not session.enough_for_an_answer():
            return _stop(session, "budget" if session.timed else "runs", batches)
        curve = learning_curve(runs, reach=2.0 * session.plan.pool_size, replicates=300)
        many = len(places) >= LEAST_RUNS
        if session.timed and many and allocate.enough(curve, session.plan.pool_size):
            return _stop(session, "enough", batches)
        done = [place.cell for place in places]
        cells = allocate.following(
            curve, done, sizes, lambda n: session.nominal(0, n), folds=session.plan.pool_count
        )
        reason = session.batch(cells, [])
        if reason:
            return _stop(session, reason, batches)


def _spread(plan: Plan, sizes: Sequence[int]) -> list[list[Cell]]:
    """Return the first batches; where they leave folds unscored, with one of small sets for these.

    That is so of more folds than five and few sizes.
    """
    batches = allocate.spread(sizes, plan.pool_count)
    scored = {plan.parts_of(cell) for batch in batches for cell in batch}
    more: list[Cell] = []
    for cell in (Cell(n, k) for k in range(2, 2 + plan.pool_count) for n in sorted(sizes)[:-1]):
        if plan.parts_of(cell) not in scored:
            more.append(cell)
            scored.add(plan.parts_of(cell))
    return [*batches, more] if more else batches


def _least(session: Session, batches: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Do the cells that any answer takes, and return them.

    Two small sizes come first, then the whole pool or what there is time for.

    The small ones tell how fast this machine is. Then, of the sizes that are left, the largest is
    taken that can be expected to finish in time, since what lies beyond the largest size is
    extrapolated; with it goes one between. Where there is time for none, the smallest are. Where
    folds rotate, small sets follow until every fold was scored and an answer is possible.

    Parameters
    ----------
    session : Session
        With a budget.
    batches : sequence of sequence of Cell
        From `allocate.spread`; the first has one cell of each size, the largest first.
    """
    cells = batches[0]
    small, rest = cells[-2:], cells[:-2]
    session.batch(small, [], needed=True)
    session.refuse_if_all_failed()
    pairs = [(rest[i], rest[(i + len(rest)) // 2]) for i in range(len(rest) - 1)]
    pair: Sequence[Cell]
    for pair in pairs[:-1]:
        fresh = [p for c in pair for p in session.plan.runs(0, c) if p.id not in session.finished]
        if not fresh or session.affordable(fresh, session.rates()):
            break
    else:
        pair = rest[-2:]
    session.batch(pair, [], needed=True)
    done = [*small, *pair]
    if session.plan.rotating:
        # The third batch has other seeds on sets, and so on folds, of the first.
        others = [c for batch in (*batches[:2], *batches[3:]) for c in batch if c not in done]
        more = sorted(others, key=lambda c: c.size)[: LEAST_ROTATING - len(done)]
        scored = {session.plan.parts_of(cell) for cell in (*done, *more)}
        for cell in sorted(others, key=lambda c: c.size)[len(more) :]:
            if session.plan.parts_of(cell) not in scored:
                more.append(cell)
                scored.add(session.plan.parts_of(cell))
        session.batch(more, [], needed=True)
        done += more
    return done


def fixed(session: Session) -> str:
    """Run a design that does not depend on results: the paper's, or a ladder of sizes."""
    if session.spec.design == "paper":
        cells = session.plan.paper()
    else:
        cells = session.plan.ladder(session.spec.design, session.spec.runs or 2500)
    for start in range(0, len(cells), _FIXED_BATCH):
        reason = session.batch(cells[start : start + _FIXED_BATCH], [])
        if start == 0:
            session.refuse_if_all_failed()
        if reason:
            return reason
    return "runs"


def _stop(session: Session, reason: str, batches: Sequence[Sequence[Cell]]) -> str:
    """Do the paired runs that were asked for by number and not reached yet."""
    if session.spec.pairs is not None and not session.pairs_walked:
        fresh = [p for p in _pairs(session, batches) if p.id not in session.finished]
        session.train(fresh, session.rates())
    return reason


def _pairs(session: Session, batches: Sequence[Sequence[Cell]]) -> list[Planned]:
    """Return the runs of the confirming learner, on training sets of the first spread.

    The number is the specification's, or what its share of the budget allows; it is decided
    once and kept. Longest first.
    """
    session.pairs_walked = True
    if len(session.learners) < 2:
        return []
    choice = [c for batch in batches for c in batch if c.repeat == 0]
    if session.spec.pairs is not None:
        cells = sorted(choice, key=lambda c: (c.replicate, -c.size))[: session.spec.pairs]
    elif not session.timed:
        return []
    else:
        kept = session.ledger.meta("pairs")
        if kept is None or kept[0] != session.state:
            kept = [session.state, [list(c) for c in _affordable(session, choice)]]
            session.ledger.set_meta("pairs", kept)
        cells = [Cell(*c) for c in kept[1]]
    return [p for c in sorted(cells, reverse=True) for p in session.plan.runs(1, c)]


def _affordable(session: Session, choice: Sequence[Cell]) -> list[Cell]:
    """Return cells for paired runs: sizes that leave room for three, the largest first."""
    purse = min(PAIR_SHARE * (session.spec.budget or 0.0), 0.6 * session.left()) * session.workers
    rate = session.rates()[1]
    price = {c: session.nominal(1, c.size) * rate for c in choice}
    # Small sets cost about the same, since steps have a floor: none is left out for a little.
    most = max(purse / 3, 2 * min(price.values()))
    fitting = [c for c in choice if price[c] <= most]
    cells: list[Cell] = []
    for cell in sorted(fitting, key=lambda c: (c.replicate, -c.size)):
        if price[cell] <= purse and len(cells) < MOST_PAIRS:
            cells.append(cell)
            purse -= price[cell]
    return cells
