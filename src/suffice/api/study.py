"""A study as it is used in Python: it runs, answers, and gives its runs as a table."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from suffice.advice.advise import SECONDS_PER_SENTENCE, Seconds, advise, check_costs, choose_target
from suffice.advice.result import Advice
from suffice.analysis.analyse import analyse
from suffice.api.progress import progress as shown
from suffice.errors import InputError, StudyError
from suffice.runs.executors.base import Executor
from suffice.runs.store import RunRow
from suffice.scoring import F1, Target
from suffice.study import runner
from suffice.study import study as kept
from suffice.study.finished import FinishedRun
from suffice.study.making import limits
from suffice.wording.numbers import counted

if TYPE_CHECKING:
    from pandas import DataFrame

_open: weakref.WeakValueDictionary[Path, Study] = weakref.WeakValueDictionary()
"""Studies whose folders this process holds."""

Callback = Callable[["Study", FinishedRun], object]
"""Called with the study and a run as soon as this is finished."""


class Study(kept.StoredStudy):
    """A study: documents, a design, learners, and their runs, in a folder.

    `suffice.create_study` makes one, and `suffice.load_study` opens one that is there.

    Attributes
    ----------
    folder : Path
        Where its runs are kept.
    target : Target or None
        What `answer` is about unless it is told otherwise; not kept in the folder.
    running : bool
        Whether `run` is at work.
    """

    target: Target | None = None
    running = False
    _stopping = False

    def keep_only_while_open(self) -> None:
        """Delete the folder when the study is closed, forgotten, or Python ends."""
        self._delete = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def hold(self) -> None:
        """Prepare to continue; raises as `suffice.create_study` does."""
        if _open.get(self.folder.resolve()) is not self:
            close_earlier(self.folder)
            super().hold()
            self.remember()

    def remember(self) -> None:
        """Let the next study of this folder in this process close this one first."""
        _open[self.folder.resolve()] = self

    def run(
        self,
        budget: str | float | None = None,
        n_runs: int | None = None,
        *,
        callbacks: Iterable[Callback] = (),
        progress: bool = False,
        executor: Executor | str | None = None,
    ) -> Self:
        """Train models until the budget is spent, or as many as asked for, or more say little.

        What is finished is kept, whatever interrupts this. Both limits are totals: a call with the
        same ones continues where an earlier one was interrupted, and trains nothing after one that
        was not.

        Parameters
        ----------
        budget : str or float, optional
            The time of all calls together, as ``"1h30m"`` or in seconds; ``"10m"`` by default.
        n_runs : int, optional
            In its place, the number of models of the learner (of `screen`, where there is one).
        callbacks : iterable of callable
            Each is called with the study and the `FinishedRun`, in this process, between runs. It
            may call `stop`; what it raises ends this call.
        progress : bool
            Show on the standard error how far the study is.
        executor : Executor or str, optional
            Where models are trained: an executor, or the name of an installed one; worker
            processes on this machine by default.

        Returns
        -------
        Study
            This one.

        Raises
        ------
        InputError
            A limit cannot be, or there are two.
        CorpusError
            The documents of a study that was loaded cannot be read.
        StudyError
            The study is closed or is run elsewhere, or the learner cannot work.
        """
        self._raise_if_closed()
        if self.running:
            raise StudyError("this study is running", remedy="wait until `run` returns")
        if budget is not None and n_runs is not None:
            raise InputError("there are two limits", remedy="give `budget` or `n_runs`")
        allowed = limits(budget, n_runs)
        self.running, self._stopping = True, False
        try:
            self.hold()
            self.ask(**allowed)
            watching = tuple(callbacks)

            def watch(row: RunRow) -> bool:
                names = {i: name for i, (name, _) in self.ledger.learners().items()}
                finished = FinishedRun.of(row, names)
                for callback in watching:
                    callback(self, finished)
                return not self._stopping

            with shown(quiet=not progress) as listener:
                runner.run(self, listener=listener, watcher=watch, executor=executor)
        finally:
            self.running = False
        return self

    def stop(self) -> None:
        """Let `run` return before the next run is finished; for callbacks.

        Raises
        ------
        StudyError
            The study is not running.
        """
        if not self.running:
            raise StudyError("this study is not running", remedy="call stop() in a callback")
        self._stopping = True

    def answer(
        self,
        target: Target | str | None = None,
        *,
        target_f1: float | None = None,
        seconds_per_sentence: Seconds = SECONDS_PER_SENTENCE,
        hourly_rate: float | None = None,
        seed: int = 0,
    ) -> Advice:
        """Answer whether it is enough, what doubling would bring, and what the target takes.

        Parameters
        ----------
        target, target_f1, seconds_per_sentence, hourly_rate
            As for `suffice.advise`; the target is that of `suffice.create_study` by default.
        seed : int
            Random seed.

        Returns
        -------
        Advice

        Raises
        ------
        InputError
            What is given cannot be used.
        StudyError
            There are too few finished runs.
        """
        self._raise_if_closed()
        check_costs(seconds_per_sentence, hourly_rate)
        wanted = choose_target(target, target_f1) or self.target
        analysed = analyse(self, measure=F1 if wanted is None else wanted.measure, seed=seed)
        return advise(
            analysed,
            target=wanted,
            seconds_per_sentence=seconds_per_sentence,
            hourly_rate=hourly_rate,
        )

    def finished_runs(self) -> list[FinishedRun]:
        """Return the runs that are valid for the documents as they are, in the design's order."""
        self._raise_if_closed()
        table = self.table()
        return [FinishedRun.of(row, table.names) for row in table.rows]

    def runs_dataframe(self) -> DataFrame:
        """Return the finished runs, one in a row, with the columns of `FinishedRun`.

        Returns
        -------
        pandas.DataFrame
        """
        from pandas import DataFrame

        columns = list(FinishedRun.__dataclass_fields__)
        return DataFrame([vars(run) for run in self.finished_runs()], columns=columns)

    def close(self) -> None:
        """Close the study; a temporary folder is deleted."""
        super().close()
        if (delete := getattr(self, "_delete", None)) is not None:
            delete()

    def __repr__(self) -> str:
        """Say what it is, without ids or text."""
        if self.closed:
            return f"<Study in {self.folder}: closed>"
        name = (self.ledger.meta("design") or {}).get("name", self.folder.name)
        runs = counted(len(self.ledger.run_ids()), "run")
        return f"<Study of {name!r} in {self.folder}: {self.spec.learner.name}, {runs}>"

    def _raise_if_closed(self) -> None:
        if self.closed:
            raise StudyError(
                "this study is closed", remedy="open it again, best in a `with` statement"
            )


def close_earlier(folder: Path) -> None:
    """Close the study that this process holds in a folder, unless it is running."""
    earlier = _open.get(folder.resolve())
    if earlier is not None and not earlier.running:
        earlier.close()
