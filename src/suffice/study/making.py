"""From what a user asks for to a study's specification, in Python and on the command line alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import ValidationError

from suffice.errors import InputError
from suffice.learners.on_backbone import BackboneLearner
from suffice.learners.registry import kind
from suffice.study.budget import tokens_within
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec, seconds

Design = Literal["adaptive", "paper", "log", "equal"]
DESIGNS: tuple[Design, ...] = get_args(Design)

BUDGET = "10m"
"""What a study may take where neither a time nor a number of runs is given."""

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


def study_spec(
    corpus: CorpusSpec,
    *,
    learner: str = "probe",
    options: Mapping[str, Any] | None = None,
    backbone: str | None = None,
    screen: str | None = None,
    confirm: str | None = "finetune",
    design: str = "adaptive",
    seed: int | None = None,
    folds: int | None = None,
    evaluation: Paths | None = None,
    evaluation_share: float | None = None,
    pairs: int | None = None,
    run_limit: str | float | None = None,
    **limits: Any,
) -> StudySpec:
    """Return a study's specification; what is not given of a study that goes on is as it was.

    Parameters
    ----------
    corpus : CorpusSpec
        The annotated text.
    learner, options, backbone
        As for `learner_spec`: the learner to study.
    screen, confirm : str, optional
        A cheaper learner for the whole design; the one to compare with, where nothing screens.
        ``"none"`` is None.
    design : str
        One of `DESIGNS`.
    seed, folds, evaluation_share, pairs
        As in `StudySpec`.
    evaluation : path, or iterable of paths, optional
        The files of a test set.
    run_limit : str or float, optional
        The time that a training may take.
    **limits : float, optional
        The limits, from `limits`.

    Raises
    ------
    InputError
        What is given is no study; the message names the argument.
    """
    if design not in DESIGNS:
        raise InputError(
            f"there is no design {design!r}", remedy=f"choose one of {', '.join(DESIGNS)}"
        )
    if folds == 1:
        raise InputError("`folds` 1 leaves nothing to train on", remedy="use 0, or 2 and more")
    if evaluation_share is not None:
        if not 0 < evaluation_share < 1:
            raise InputError(f"`evaluation_share` must lie between 0 and 1, not {evaluation_share}")
        if folds:
            raise InputError(
                f"`evaluation_share` is for one evaluation set, and `folds` {folds} for as many "
                "that rotate",
                remedy="leave one of them out",
            )
    screening = screen not in (None, "none")
    kept: dict[str, Any] = {
        "seed": seed,
        "folds": folds,
        "evaluation_share": evaluation_share,
        "evaluation": resolve_paths(evaluation) if evaluation is not None else None,
    }
    try:
        return StudySpec(
            corpus=corpus,
            learner=learner_spec(learner, options, backbone),
            screen=confirming(screen, learner, backbone),
            confirm=None if screening else confirming(confirm, learner, backbone),
            design=design,
            run_limit=None if run_limit is None else time_of(run_limit, "run_limit"),
            pairs=pairs,
            **{name: value for name, value in kept.items() if value not in (None, ())},
            **limits,
        )
    except ValidationError as error:
        raise _said(error) from error


def corpus_spec(paths: Paths, **reading: Any) -> CorpusSpec:
    """Return where the annotated text is, and how it is read, with paths made absolute.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files or folders; none for documents that are given otherwise.
    **reading
        Fields of `CorpusSpec`.

    Raises
    ------
    InputError
        A value is of the wrong kind.
    """
    try:
        return CorpusSpec(paths=resolve_paths(paths), **reading)
    except ValidationError as error:
        raise _said(error) from error


def resolve_paths(paths: Paths) -> tuple[str, ...]:
    """Return paths made absolute, each once, so that a study goes on from anywhere."""
    given = [paths] if isinstance(paths, str | PathLike) else paths
    return tuple(dict.fromkeys(str(Path(path).resolve()) for path in given))


def learner_spec(
    name: str, options: Mapping[str, Any] | None = None, backbone: str | None = None
) -> LearnerSpec:
    """Return a learner with its options.

    Parameters
    ----------
    name : str
        The learner's name.
    options : mapping, optional
        That differ from its defaults. Whether it has them, it says itself.
    backbone : str, optional
        Short for the option ``backbone``; a folder is made absolute, so that the study goes on
        from anywhere.

    Raises
    ------
    InputError
        The backbone is given twice.
    """
    found = dict(options or {})
    if backbone is not None:
        if "backbone" in found:
            raise InputError(f"the option 'backbone' of the learner {name!r} is given twice")
        folder = Path(backbone).expanduser()
        found["backbone"] = str(folder.resolve()) if folder.is_dir() else backbone
    return LearnerSpec(name=name, options=found)


def confirming(name: str | None, learner: str, backbone: str | None) -> LearnerSpec | None:
    """Return the learner to compare with, on the same backbone where it has one; or none."""
    if name in (None, "none", learner):
        return None
    on_backbone = backbone is not None and issubclass(kind(name), BackboneLearner)
    return learner_spec(name, backbone=backbone if on_backbone else None)


def limits(budget: str | float | None, runs: int | None) -> dict[str, Any]:
    """Return what a study may take, as fields of its specification.

    Parameters
    ----------
    budget : str or float, optional
        A time, `BUDGET` by default.
    runs : int, optional
        In its place.

    Raises
    ------
    InputError
        One of them cannot be.
    """
    if runs is not None:
        if runs < 1:
            raise InputError(f"`n_runs` must be 1 or more, not {runs}")
        return {"budget": None, "runs": runs, "tokens": None}
    allowed = time_of(BUDGET if budget is None else budget, "budget")
    return {"budget": allowed, "runs": None, "tokens": tokens_within(allowed)}


def time_of(value: str | float, name: str) -> float:
    """Return the seconds of a time that is given as ``"1h30m"`` or as a number of seconds.

    Parameters
    ----------
    value : str or float
        The time.
    name : str
        The argument's.

    Raises
    ------
    InputError
        It is none.
    """
    try:
        if isinstance(value, str):
            return seconds(value)
        if not 0 < value < float("inf"):
            raise ValueError("a time must be positive and finite")
        return float(value)
    except ValueError as error:
        raise InputError(f"`{name}`: {error}") from error


def _said(error: ValidationError) -> InputError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    return InputError(f"`{name}`: {first['msg']}")
