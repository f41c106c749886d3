"""Runs a study: encode once, then batch after batch of runs, each kept as soon as it is done."""

from __future__ import annotations

from suffice.runs.executors.base import Executor
from suffice.runs.progress import Listener
from suffice.study.session import Session, Stopped, Watcher
from suffice.study.study import StoredStudy


def run(
    study: StoredStudy,
    *,
    listener: Listener | None = None,
    watcher: Watcher | None = None,
    executor: Executor | str | None = None,
) -> str:
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
    executor : Executor or str, optional
        Where runs are done: an object, or the name of an installed one; worker processes on this
        machine by default.

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
            return _run_session(Session(study, listener, watcher, executor))
        except Stopped:
            return "stopped"


def _run_session(session: Session) -> str:
    ledger = session.ledger
    answers = session.study.table().answers(session.plan.learners[session.studied])
    if answers and ledger.meta("finished") == session.hash_request():
        return str(ledger.meta("stopped"))
    if answers and session.clock.timed and session.clock.left() <= 0:
        # A spent budget answers from what is there.
        return _finish(session, "budget")
    ids = [setup.id for setup in session.learners]
    ledger.set_meta("learners", dict(zip(session.spec.roles, ids, strict=True)))
    ledger.set_meta("stopped", None)
    with session.start_engine():
        session.encode()
        ledger.set_meta("state", session.plan.state)
        documents = list(session.plan.documents.values())
        studied = session.learners[session.studied].learner
        ledger.set_meta("learner_caveats", studied.caveats(documents))
        reason = session.follow_design()
    ledger.set_meta("spent", session.clock.spent())
    return _finish(session, reason)


def _finish(session: Session, reason: str) -> str:
    """Keep why the study stopped, and what was asked for by then."""
    ledger = session.ledger
    ledger.set_meta("stopped", reason)
    ledger.set_meta("finished", session.hash_request())
    return reason
