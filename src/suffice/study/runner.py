"""Runs a study: encode once, then batch after batch of runs, each kept as soon as it is done.

Batches are walked from the first one whenever a study goes on, and each is decided from the runs of
those before it only. So a study that was killed in the middle of a batch finds the same next ones.
"""

from __future__ import annotations

from suffice.study import screening, substitutes, walks
from suffice.study.progress import Listener
from suffice.study.session import Session, Stopped, Watcher
from suffice.study.study import Study


def run(study: Study, *, listener: Listener | None = None, watcher: Watcher | None = None) -> str:
    """Run a study until its budget is spent, its runs are done, or more would say little.

    What is finished is kept whatever happens; the next call goes on from there.

    Parameters
    ----------
    study : Study
        Made by `Study.create`.
    listener : callable, optional
        Told of every encoded chunk and finished run.
    watcher : callable, optional
        Called with the ledger's row of each finished run; returns whether to go on.

    Returns
    -------
    str
        Why it stopped: ``"runs"`` (as many as were asked for), ``"budget"``, ``"enough"``
        (evaluation and pool documents dominate the variance), or ``"stopped"`` by the watcher,
        which the ledger does not keep: the study is not done then.

    Raises
    ------
    StudyError
        Another process runs the study.
    RuntimeError
        All runs of the first batch failed; the place in the code is quoted.
    """
    with study.locked():
        try:
            return _go(Session(study, listener, watcher))
        except Stopped:
            return "stopped"


def _go(session: Session) -> str:
    ledger, spec = session.ledger, session.spec
    table = session.study.table()
    answers = table.answers(session.ids[session.studied])
    if answers and ledger.meta("finished") == session.wanted():
        return str(ledger.meta("stopped"))
    if answers and session.timed and session.left() <= 0:
        # A spent budget answers from what is there.
        return _finish(session, "budget")
    ledger.set_meta("learners", dict(zip(spec.roles, session.ids, strict=True)))
    ledger.set_meta("stopped", None)
    with session.executor:
        session.encode()
        ledger.set_meta("state", session.state)
        documents = list(session.plan.documents.values())
        studied = session.learners[session.studied]
        ledger.set_meta("learner_caveats", studied.caveats(documents))
        if spec.screen:
            reason = screening.walk(session)
        elif spec.design == "adaptive":
            reason = walks.adaptive(session)
        else:
            reason = walks.fixed(session)
        substitutes.train(session)
    ledger.set_meta("spent", session.spent())
    return _finish(session, reason)


def _finish(session: Session, reason: str) -> str:
    """Keep why the study stopped, and what was asked for by then."""
    ledger = session.ledger
    ledger.set_meta("stopped", reason)
    ledger.set_meta("finished", session.wanted())
    return reason
