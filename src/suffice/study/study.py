"""A study: a corpus, a design, learners, and the ledger of their runs, in one folder."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import Self

from suffice.corpus.corpus import Corpus
from suffice.corpus.tokens import tokens
from suffice.design.split import Split
from suffice.errors import StudyError
from suffice.runs import ledger as ledger_file
from suffice.runs.folder import CACHE, delete, hold_folder, make_private, size
from suffice.runs.job import LearnerSetup
from suffice.runs.ledger import Ledger
from suffice.runs.scratch import SUFFIX
from suffice.study.continuing import (
    complete_new_spec,
    continue_spec,
    resolve_spec,
    settle_division,
)
from suffice.study.documents import (
    check_size,
    check_split,
    describe,
    divide,
    keys_of_runs,
    read_corpus,
    store,
    units_in_order,
)
from suffice.study.evaluation import check_kept, check_sides, with_test_set
from suffice.study.spec import FILE, LearnerSpec, StudySpec
from suffice.study.table import RunTable


class StoredStudy:
    """A study in its folder.

    Use `Study.create` to make or go on with one, and `Study.open` to look at one.

    Parameters
    ----------
    folder : Path
        Holds ``study.toml``, ``ledger.sqlite`` and the cache.
    spec : StudySpec
        What it is made of.
    ledger : Ledger
        Its runs.
    corpus : Corpus, optional
        The documents; None where the study is only looked at.
    division : Split, optional
        The side of every document; None where the study is only looked at.
    lock : ExitStack, optional
        Holds the folder for this object alone, until it is closed.
    """

    def __init__(
        self,
        folder: Path,
        spec: StudySpec,
        ledger: Ledger,
        corpus: Corpus | None = None,
        division: Split | None = None,
        lock: ExitStack | None = None,
    ) -> None:
        self.folder = folder
        self.spec = spec
        self.ledger = ledger
        self._corpus = corpus
        self._split = division
        self._lock = lock
        self._given: Corpus | None = None
        self.closed = False
        self.made_in = 0.0
        """Seconds that reading, comparing and dividing the documents took: a budget's, too."""

    @classmethod
    def open(cls, folder: str | PathLike[str], corpus: Corpus | None = None) -> Self:
        """Open a study to look at it; another process may be running it.

        Parameters
        ----------
        folder : path
            The folder of the study.
        corpus : Corpus, optional
            Its documents, without a test set; read from the specification's paths by default, when
            they are needed.

        Raises
        ------
        StudyError
            The folder holds none.
        """
        folder = Path(folder)
        spec = StudySpec.load(folder)
        opened = cls(folder, spec, Ledger(folder / ledger_file.FILE, read_only=True))
        opened._given = corpus
        return opened

    @classmethod
    def create(
        cls,
        folder: str | PathLike[str],
        spec: StudySpec,
        corpus: Corpus | None = None,
        *,
        check: Callable[[RunTable], None] | None = None,
    ) -> Self:
        """Make a study, or continue the one in the folder.

        The folder is held for this object alone until it is closed, from before the first write:
        where the study is refused, for whatever reason, the folder is left as it was.

        Parameters
        ----------
        folder : path
            Made where it is absent.
        spec : StudySpec
            Budget, runs, learners and corpus may have changed since the study in the folder was
            made. Seed, strata and how documents are divided may not; what of these is not given
            (``model_fields_set``) is as it was.
        corpus : Corpus, optional
            Read from the specification's paths by default; a test set always is.
        check : callable, optional
            Looks at the study's documents and may raise; nothing is written then.

        Returns
        -------
        StoredStudy

        Raises
        ------
        CorpusError
            The corpus cannot be read or has no entities.
        TooSmallError
            It is too small to study.
        StudyError
            The folder holds another study, or something else, or another process writes to it.
        """
        started = time.monotonic()
        folder = Path(folder)
        _raise_if_not_a_study(folder)
        if corpus is None:
            corpus = read_corpus(spec.corpus)
        else:
            corpus = corpus.with_sentences(spec.corpus.sentences)
        check_size(corpus)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            # Undone in reverse: a study that could not be made is deleted while it is held.
            stack.enter_context(hold_folder(folder))
            undo = stack.enter_context(ExitStack())
            if _is_unmade(folder):
                # Where a file that is held cannot be deleted, the lock's own stays; it is empty.
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
            old = StudySpec.load(folder) if (folder / FILE).is_file() else None
            spec = resolve_spec(
                complete_new_spec(spec) if old is None else continue_spec(old, spec)
            )
            ledger = stack.enter_context(Ledger(folder / ledger_file.FILE))
            corpus, test = with_test_set(corpus, spec)
            if test:
                check_kept(test, ledger)
            division = divide(corpus, spec, ledger, test)
            spec = settle_division(old or spec, spec, division.folds)
            (check_sides if test else check_split)(corpus, division)
            found = describe(corpus, spec, division, keys_of_runs(corpus, division, ledger))
            if check is not None:
                check(RunTable.of(ledger, found.rows))
            store(found, ledger)
            spec.write(folder)
            undo.pop_all()
            made = cls(folder, spec, ledger, corpus, division, stack.pop_all())
            made.made_in = time.monotonic() - started
            return made

    def hold(self) -> None:
        """Make ready to go on with a study that was opened to be looked at, as `create` does.

        Raises
        ------
        InputError
            As by `create`.
        """
        if self._split is not None:
            return
        made = StoredStudy.create(self.folder, self.spec, self._given)
        self.ledger.close()
        self.spec, self.ledger, self.made_in = made.spec, made.ledger, made.made_in
        self._corpus, self._split, self._lock = made._corpus, made._split, made._lock

    def ask(self, **limits: float | None) -> None:
        """Change what a study that is held may take; what is studied follows, as in `create`.

        Parameters
        ----------
        **limits : float, optional
            ``budget``, ``runs`` and ``tokens`` of the specification.
        """
        spec = continue_spec(self.spec, self.spec.model_copy(update=limits))
        if spec.tokens != self.spec.tokens:
            seen = keys_of_runs(self.corpus, self.division, self.ledger)
            store(describe(self.corpus, spec, self.division, seen), self.ledger)
        self.spec = spec
        spec.write(self.folder)

    def close(self) -> None:
        """Close the ledger, and let others write to the folder."""
        self.closed = True
        self.ledger.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def corpus(self) -> Corpus:
        """Return the documents; read anew where the study was only opened."""
        if self._corpus is None:
            given = self._given
            if given is None:
                given = read_corpus(self.spec.corpus)
            self._corpus, _ = with_test_set(given, self.spec)
        return self._corpus

    @property
    def division(self) -> Split:
        """Return the side of every document."""
        if self._split is None:
            raise StudyError("this study was opened for reading only", remedy="use Study.create")
        return self._split

    @property
    def cache(self) -> Path:
        """Return the folder for what holds text or could give it away; mode 0700."""
        return self.folder / CACHE

    def make_cache(self) -> None:
        """Make the cache folder, for its owner's eyes only."""
        make_private(self.cache)

    def purge(self, *, models: bool = False) -> int:
        """Delete what could give text away, and return how many bytes that was.

        The ledger and the report stay; encoding is done again when the study goes on. Kept models
        are deleted only where that is asked for.

        Raises
        ------
        StudyError
            Another process is running the study.
        """
        with self.locked():
            return delete([*self._private(), *(self.models() if models else ())])

    def cache_size(self) -> int:
        """Return how many bytes the cache takes."""
        return sum(map(size, self._private()))

    def _private(self) -> list[Path]:
        """Return the folders whose content could give text away, but for kept models."""
        return [self.cache, *self.folder.glob(f".*{SUFFIX}")]

    def models(self) -> list[Path]:
        """Return the folders of kept models that lie in the study's folder."""
        return sorted(file.parent for file in self.folder.glob("*/suffice.json"))

    def learner(self, spec: LearnerSpec) -> LearnerSetup:
        """Return a learner of this study, with its id in the ledger."""
        return LearnerSetup.of(spec.name, spec.options)

    def order(self) -> list[str]:
        """Return the ids of the documents in the random order in which a budget takes them in."""
        return [d for unit in units_in_order(self.corpus, self.spec, self.division) for d in unit]

    def restrict(self, encoded: Collection[str]) -> bool:
        """StoredStudy only what a budget had the time to encode; keep it so when the study goes on.

        Parameters
        ----------
        encoded : collection of str
            Ids of documents; the first ones of `order` that are all there are studied, those that
            finished runs have seen, and as many as a study needs at the least.

        Returns
        -------
        bool
            False, with nothing changed, where either side would be left without entities.
        """
        lengths = {d.id: len(tokens(d.text)) for d in self.corpus}
        limit = 0
        for unit in units_in_order(self.corpus, self.spec, self.division):
            if not encoded or any(d not in encoded for d in unit):
                break
            limit += sum(lengths[d] for d in unit)
        spec = self.spec.model_copy(update={"tokens": max(1, limit)})
        seen = keys_of_runs(self.corpus, self.division, self.ledger)
        found = describe(self.corpus, spec, self.division, seen)
        part = self.corpus.select(found.studied)
        for fold in self.division.parts:
            for side in (self.division.evaluation(fold), self.division.pool(fold)):
                if not any(d.spans for d in part.select(side)):
                    return False
        self.spec = spec
        store(found, self.ledger)
        spec.write(self.folder)
        return True

    def table(self) -> RunTable:
        """Return the finished runs as arrays."""
        return RunTable.of(self.ledger)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study for one writer; one that `create` made is held until it is closed.

        Raises
        ------
        StudyError
            Another process holds it.
        """
        if self._lock is not None:
            yield
            return
        with hold_folder(self.folder):
            yield


def _raise_if_not_a_study(folder: Path) -> None:
    """Refuse a folder that holds something else than a study, or what is left of one."""
    if (folder / FILE).is_file() or not folder.is_dir():
        return
    if any(not _is_ours(path) for path in folder.iterdir()):
        raise StudyError(
            f"{folder} is not empty and not a study", remedy="name another folder with `folder`"
        )
    try:
        with Ledger(folder / ledger_file.FILE, read_only=True) as ledger:
            experiment = bool(ledger.run_ids()) and ledger.meta("design") is None
    except StudyError:  # none, or cut off while it was made, or opened for writing it says why not
        return
    if experiment:
        raise StudyError(
            f"{folder} is the folder of an experiment, not of a study",
            remedy="name another folder with `folder`",
        )


def _is_unmade(folder: Path) -> bool:
    """Return whether a folder holds nothing worth keeping: no study, and no finished run."""
    if (folder / FILE).is_file():
        return False
    path = folder / ledger_file.FILE
    if not path.is_file():
        return True
    try:
        with Ledger(path, read_only=True) as ledger:
            return not ledger.run_ids()
    except StudyError:  # whatever it is, it is not ours to delete
        return False


def _is_ours(path: Path) -> bool:
    """Return whether this is what a study leaves that was killed while it was being made."""
    name = path.name.removeprefix(".")
    return name.startswith((ledger_file.FILE, "study.")) or name == CACHE
