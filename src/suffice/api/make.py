"""Studies made and opened from Python."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from suffice.advice.advise import choose_target
from suffice.analysis.analyse import check_label
from suffice.api.study import Study, close_earlier
from suffice.corpus.corpus import Corpus
from suffice.errors import InputError
from suffice.scoring import Target
from suffice.study.making import Paths, corpus_spec, study_spec
from suffice.study.spec import FILE, CorpusSpec, StudySpec


def create_study(
    corpus: Corpus | Paths,
    learner: str = "probe",
    *,
    target: Target | str | None = None,
    folder: str | PathLike[str] | None = None,
    seed: int | None = None,
    options: Mapping[str, Any] | None = None,
    backbone: str | None = None,
    screen: str | None = None,
    confirm: str | None = "finetune",
    pairs: int | None = None,
    design: str = "adaptive",
    folds: int | None = None,
    evaluation: Paths | None = None,
    evaluation_share: float | None = None,
    run_limit: str | float | None = None,
    **reading: Any,
) -> Study:
    """Make a study, or continue the one in the folder; nothing is trained yet.

    Parameters
    ----------
    corpus : Corpus, path, or iterable of paths
        The annotated text: files, folders, or documents in memory. No text is written but to the
        study's cache. So a study of documents in memory is loaded with these documents again
        before it can run on; for its answers and tables it needs none.
    learner : str
        The learner whose curve is studied.
    target : Target or str, optional
        What `Study.answer` is about, as ``"f1=.85"`` or ``"recall:PERSON=.95"``. A label that the
        corpus lacks is refused at once.
    folder : path, optional
        Where the study is kept; made where it is absent. Without one it is kept in a temporary
        folder, which is deleted when the study is closed. A study of the same folder that this
        process still has open, as when a notebook's cell is run again, is closed first.
    seed : int, optional
        Random seed; 0 by default.
    options : mapping, optional
        The learner's options that differ from its defaults.
    backbone : str, optional
        The pretrained encoder: a folder, or a name on the Hugging Face Hub.
    screen : str, optional
        A cheaper learner for the whole design; `learner` is then trained on a few dozen of its
        training sets.
    confirm : str, optional
        The learner to compare with where nothing screens; None for no comparison.
    pairs : int, optional
        Training sets on which both learners are trained; by default what the budget allows.
    design : {"adaptive", "paper", "log", "equal"}
        How training-set sizes are chosen.
    folds : int, optional
        Folds that rotate, 5 by default; 0 for one evaluation set.
    evaluation : path, or iterable of paths, optional
        A test set of your own, which scores all models and trains none.
    evaluation_share : float, optional
        Hold out one evaluation set with this share of the documents, without folds.
    run_limit : str or float, optional
        The time after which a training counts as failed.
    **reading
        How files are read: ``labels``, ``format``, ``group`` and so on as for `suffice.read`, and
        ``sentences``, the name of a splitter.

    Returns
    -------
    Study
        A context manager: leaving it closes the study.

    Raises
    ------
    CorpusError
        The corpus cannot be read or has no entities.
    InputError
        An argument cannot be used.
    StudyError
        The folder holds another study, or something else, or is in use by another process.
    TooSmallError
        The corpus is too small to study.

    Examples
    --------
    >>> import suffice
    >>> corpus = suffice.load_example(n=60)
    >>> with suffice.create_study(corpus, "lookup", confirm=None) as study:
    ...     answer = study.run(n_runs=12).answer(target_f1=0.85)
    >>> answer.analysis.studied.runs
    12
    """
    wanted = choose_target(target, None)
    _raise_if_unknown(reading)
    given, paths = (corpus, ()) if isinstance(corpus, Corpus) else (None, corpus)
    if given is not None and (useless := reading.keys() - {"sentences"}):
        raise InputError(f"`{min(useless)}` is for reading files, but this corpus has been read")
    spec = study_spec(
        corpus_spec(paths, **reading),
        learner=learner,
        options=options,
        backbone=backbone,
        screen=screen,
        confirm=confirm,
        design=design,
        seed=seed,
        folds=folds,
        evaluation=evaluation,
        evaluation_share=evaluation_share,
        pairs=pairs,
        run_limit=run_limit,
    )
    place = Path(tempfile.mkdtemp(prefix="suffice-") if folder is None else folder).resolve()
    close_earlier(place)
    if (place / FILE).is_file():
        # What it may take is as it was until it runs.
        old = StudySpec.load(place)
        limits = {"budget": old.budget, "runs": old.runs, "tokens": old.tokens}
        spec = spec.model_copy(update=limits)
    try:
        made = Study.create(
            place,
            spec,
            given,
            check=None if wanted is None else lambda table: check_label(table, wanted.measure),
        )
    except BaseException:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
        raise
    if folder is None:
        made.keep_only_while_open()
    made.target = wanted
    made.remember()
    return made


def load_study(folder: str | PathLike[str], corpus: Corpus | None = None) -> Study:
    """Open a study that is in a folder, also one of the command line, to ask it or continue it.

    It may be running elsewhere meanwhile: the folder is not held before `Study.run`, which reads
    the documents, and closes a study of the folder that this process still holds.

    Parameters
    ----------
    folder : path
        The folder of the study.
    corpus : Corpus, optional
        Its documents, where it was made of documents in memory and is to go on; read from the
        files that it was made of by default.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        The folder holds none.

    Examples
    --------
    >>> import suffice, tempfile
    >>> corpus = suffice.load_example(n=60)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with suffice.create_study(corpus, "lookup", folder=folder, confirm=None) as study:
    ...         _ = study.run(n_runs=10)
    ...     with suffice.load_study(folder, corpus) as study:
    ...         len(study.run(n_runs=12).finished_runs())
    12
    """
    return Study.open(Path(folder).resolve(), corpus)


def _raise_if_unknown(reading: Mapping[str, Any]) -> None:
    known = CorpusSpec.model_fields.keys() - {"paths"}
    for name in reading:
        if name not in known:
            raise TypeError(f"create_study() got an unexpected keyword argument {name!r}")
