"""What a study is made with, what it keeps when it goes on, and what may change by then."""

from __future__ import annotations

from suffice.errors import StudyError
from suffice.learners.registry import get
from suffice.stats._learners.screening import LEAST_PAIRS
from suffice.study.spec import FOLDS, LearnerSpec, StudySpec

_FIXED = {"seed": "`seed`", "split": "the split", "strata": "`strata`"}
"""What a study keeps, with the options that it is given by."""

_DIVIDED = ("evaluation_share", "folds", "rotate", "evaluation")
"""What it keeps as well: how documents are divided."""

_ROLES = ("learner", "screen", "confirm")


def resolve_spec(spec: StudySpec) -> StudySpec:
    """Fill in the learners' options, so that going on elsewhere cannot mix number formats."""
    filled = {}
    for role in _ROLES:
        wanted: LearnerSpec | None = getattr(spec, role)
        if wanted is not None:
            options = dict(get(wanted.name, wanted.options).config["options"])
            filled[role] = LearnerSpec(name=wanted.name, options=options)
    if spec.screen is not None:
        if filled["screen"] == filled["learner"]:
            raise StudyError(
                f"the learner {spec.learner.name} cannot screen for itself",
                remedy="name a cheaper one with `screen`, or the one to study with `learner`",
            )
        least = max(LEAST_PAIRS, spec.folds or 0) if spec.rotate else LEAST_PAIRS
        if spec.pairs is not None and spec.pairs < least:
            raise StudyError(
                f"`pairs` {spec.pairs} are too few for an answer about {spec.learner.name}",
                remedy=f"ask for at least {least}, or better for about two dozen",
            )
        if spec.design != "adaptive":
            raise StudyError(
                f"`screen` goes with the adaptive design, not with {spec.design}",
                remedy="leave out `design`, or `screen`",
            )
    return spec.model_copy(update=filled)


def complete_new_spec(spec: StudySpec) -> StudySpec:
    """Return the specification of a new study, with its number of folds."""
    if spec.folds and not spec.rotate:
        raise StudyError(
            f"the {spec.folds} folds of a new study rotate",
            remedy="leave out rotate=False, or use folds=0 for one evaluation set",
        )
    if spec.folds is None:
        return spec.model_copy(update={"folds": FOLDS if spec.rotate else 0})
    return spec


def _raise_if_changed(option: str, was: object, now: object) -> None:
    if was != now:
        raise StudyError(
            f"this study was made with {option} {was}, not {now}",
            remedy=f"leave {option} as it was, or start another study with `folder`",
        )


def settle_division(old: StudySpec, new: StudySpec, folds: int) -> StudySpec:
    """Return the specification of a study whose documents are divided into so many folds.

    Earlier versions left their number to the size of the corpus; it is kept from now on.
    """
    asked = folds if new.folds is None else new.folds
    was, now = _division(folds, old.rotate), _division(asked, new.rotate)
    if was != now:
        raise StudyError(
            f"this study was made with {was}, not with {now}",
            remedy="leave out `folds` and `evaluation_share`, or start another study with `folder`",
        )
    if not folds:
        _raise_if_changed("`evaluation_share`", old.evaluation_share, new.evaluation_share)
    return new.model_copy(update={"folds": folds})


def _division(folds: int, rotate: bool) -> str:
    if not folds:
        return "one evaluation set"
    return f"{folds} folds that rotate" if rotate else f"{folds} folds"


def continue_spec(old: StudySpec, new: StudySpec) -> StudySpec:
    """Return the new specification, as far as it can go on with the old one's runs."""
    given = {name for name in new.model_fields_set if getattr(new, name) not in (None, ())}
    update: dict[str, object] = {
        name: getattr(old, name) for name in (*_FIXED, *_DIVIDED) if name not in given
    }
    if new.evaluation and not old.evaluation:
        raise StudyError(
            "this study was made without a test set (`evaluation`), not with one",
            remedy="leave out `evaluation`, or start another study with `folder`",
        )
    for name, option in _FIXED.items():
        if name in given:
            _raise_if_changed(option, getattr(old, name), getattr(new, name))
    for role in _ROLES:
        before, wanted = getattr(old, role), getattr(new, role)
        # Options that the user does not give stay what they were when the study was made.
        if before is not None and wanted is not None and before.name == wanted.name:
            options = {**before.options, **wanted.options}
            update[role] = LearnerSpec(name=wanted.name, options=options)
    if old.tokens is not None and new.tokens is not None:
        # A budget that is no larger takes in no more text than it had the time for.
        larger = (new.budget or 0.0) > (old.budget or 0.0)
        update["tokens"] = max(old.tokens, new.tokens) if larger else old.tokens
    return new.model_copy(update=update)
