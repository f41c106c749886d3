"""A test set of the user's own (``--evaluation``): it scores all models and trains none.

Which side a document stands on is said by its file, now and whenever the study goes on. What is
read from the test set's files gets ids of its own, since files often number their documents from 1
each: a document that is in the corpus too is then a near-duplicate like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from suffice.corpus.corpus import Corpus
from suffice.corpus.labels import parse_labels
from suffice.design.split import EVALUATION, Split
from suffice.errors import InputError, StudyError, TooSmallError
from suffice.runs.ledger import Ledger
from suffice.study.documents import LEAST_DOCUMENTS, name_of, read_corpus
from suffice.study.spec import StudySpec
from suffice.wording.numbers import counted

PREFIX = "evaluation/"
"""What the ids of the test set's documents begin with."""

LEAST_UNITS = 5
"""Documents, or groups of them, that a test set must have."""


def with_test_set(corpus: Corpus, spec: StudySpec) -> tuple[Corpus, frozenset[str]]:
    """Return the documents of the corpus and of the test set, and the ids of the latter.

    Parameters
    ----------
    corpus : Corpus
        What models are trained on.
    spec : StudySpec
        Names the test set's files; they are read as those of the corpus are.

    Returns
    -------
    Corpus
        The corpus as it is, and no ids, where no test set is named.
    frozenset of str

    Raises
    ------
    CorpusError
        The test set cannot be read.
    InputError
        A file is on both sides.
    StudyError
        The specification divides the corpus, too.
    TooSmallError
        The test set has no entities.
    """
    if not spec.evaluation:
        return corpus, frozenset()
    _raise_if_folds_are_given(spec)
    _raise_if_files_are_shared(spec.corpus.paths, spec.evaluation)
    test = _read(spec)
    if not any(d.spans for d in test):
        raise TooSmallError(
            f"the test set (`evaluation`) has no annotated spans in its "
            f"{counted(len(test), 'document')}",
            remedy="check `labels` and the format",
        )
    documents = tuple(replace(d, id=f"{PREFIX}{d.id}") for d in test)
    both = replace(
        corpus,
        documents=(*corpus.documents, *documents),
        problems=(*corpus.problems, *test.problems),
        notes=(*corpus.notes, *test.notes),
        origins={**corpus.origins, **{f"{PREFIX}{d}": o for d, o in test.origins.items()}},
    )
    return both, frozenset(d.id for d in documents)


def _read(spec: StudySpec) -> Corpus:
    """Read the test set; a label that --labels names need not be in it."""
    own = spec.corpus.model_copy(update={"paths": spec.evaluation, "labels": None})
    try:
        test = read_corpus(own)
    except InputError as error:
        if error.where:
            raise
        raise type(error)(error.problem, remedy=error.remedy, where="`evaluation`") from error
    return (
        test if spec.corpus.labels is None else test.with_labels(parse_labels(spec.corpus.labels))
    )


def _raise_if_folds_are_given(spec: StudySpec) -> None:
    share = StudySpec.model_fields["evaluation_share"].default
    others = {
        f"`folds` {spec.folds}": bool(spec.folds),
        "`evaluation_share`": spec.evaluation_share != share,
    }
    for option, given in others.items():
        if given:
            raise StudyError(
                f"`evaluation` does not go with {option}", remedy="leave one of them out"
            )


def _raise_if_files_are_shared(corpus: Sequence[str], evaluation: Sequence[str]) -> None:
    for name in evaluation:
        path = Path(name).resolve()
        for other in (Path(p).resolve() for p in corpus):
            if path == other or path in other.parents or other in path.parents:
                raise InputError(
                    f"{name} is in the corpus and in `evaluation`",
                    remedy="name the corpus files, and those of the test set with `evaluation`",
                )


def check_kept(test: frozenset[str], ledger: Ledger) -> None:
    """Refuse another test set than the one that a study was made with; it may have grown.

    Raises
    ------
    StudyError
        Documents of it are gone.
    """
    stored = {name for name, side in ledger.stored_sides().items() if side == EVALUATION}
    gone = len(stored - {name_of(d) for d in test})
    if gone:
        raise StudyError(
            f"this study was made with another test set: of its {counted(len(stored), 'document')} "
            f"{gone:,} {'is' if gone == 1 else 'are'} not in `evaluation`",
            remedy="name the same files, or start another study with `folder`",
        )


def check_sides(corpus: Corpus, division: Split) -> None:
    """Refuse a corpus and a test set of which too little is left to train on or to score on.

    Raises
    ------
    TooSmallError
        Too few documents or groups, or none with entities.
    """
    test, pool = division.evaluation(), division.pool()
    if (units := _units(test, division)) < LEAST_UNITS:
        raise TooSmallError(
            f"too small: the test set has {counted(units, 'document')} (or groups) that differ; "
            f"needs at least {LEAST_UNITS}",
            remedy="add more to `evaluation`, or leave it out",
        )
    linked = (
        f"{counted(division.left_out, 'document')} of the corpus are near-duplicates of documents "
        "of the test set, or in a group with one"
        if division.left_out
        else "no document of the corpus was left out"
    )
    units, least = _units(pool, division), LEAST_DOCUMENTS // 2
    if units < least:
        raise TooSmallError(
            f"too small: {counted(units, 'document')} (or groups) that differ can be trained on; "
            f"needs at least {least}; {linked}",
            remedy="make sure that corpus and test set contain different documents",
        )
    left = set(pool)
    if not any(d.spans for d in corpus if d.id in left):
        raise TooSmallError(
            f"too small: all {counted(len(pool), 'document')} to train on are without entities; "
            f"{linked}",
            remedy="make sure that corpus and test set contain different documents",
        )


def _units(ids: Sequence[str], division: Split) -> int:
    return len({division.units[d] for d in ids})
