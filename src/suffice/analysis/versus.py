"""Several learners on the training sets that they share: ranks, and who is no worse than the best.

A study knows which evaluation documents each run was right on. A table of runs does not, so that
its intervals carry training sets and seeds alone, and say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from suffice.analysis.csv_table import CsvTable
from suffice.results import Result
from suffice.scoring import F1, Measure
from suffice.stats import (
    Equivalence,
    F1Curve,
    LearnerRanking,
    Runs,
    rank_learners,
    test_equivalence,
)
from suffice.stats._f1.scores import logit_slope
from suffice.study.table import RunTable
from suffice.wording.caveats import Caveat, code_of, unique

MARGIN = 0.01
"""One point: what "no worse than" allows."""

LEAST_SHARED = 3
"""Training sets that learners need in common."""


@dataclass(frozen=True)
class Versus(Result):
    """Learners compared on the training sets that they share.

    Parameters
    ----------
    shared : int
        Training sets, with their seeds, that all of them were trained on.
    smallest, largest : float
        The range of their sizes, in documents.
    ranking : LearnerRanking
        All differences at once.
    equivalences : mapping of str to Equivalence
        For each learner but the best: whether it is worse than the best by less than a point.
    measure : Measure
        The score in which they are compared.
    caveats : tuple of str
        What to keep in mind.
    """

    shared: int
    smallest: float
    largest: float
    ranking: LearnerRanking
    equivalences: Mapping[str, Equivalence]
    measure: Measure = F1
    caveats: tuple[str, ...] = ()

    @property
    def best(self) -> str:
        """Return the learner with the greatest mean."""
        return self.ranking.names[0]


def expected_variance(runs: Runs, curve: F1Curve) -> float:
    """Return the variance of the difference of two learners on different training sets.

    Parameters
    ----------
    runs : Runs
        The runs compared, of one of the learners.
    curve : F1Curve
        The curve of all runs of a learner, which says how much single models of a size vary.
    """
    variance = float(np.interp(runs.size, curve.grid, curve.one_sd**2).mean()) / runs.parts
    # Two equally good models do not make the same mistakes on the evaluation documents.
    slope = logit_slope(np.interp(runs.size, curve.grid, curve.mean))
    return 2 * (variance + float(np.mean(curve.spread.noise) * np.mean(slope**2)))


def compare_in_study(
    table: RunTable, curve: F1Curve, *, measure: Measure = F1, seed: int = 0
) -> Versus | None:
    """Compare the learners of a study; None where no two share enough training sets.

    Parameters
    ----------
    table : RunTable
        The study's runs.
    curve : F1Curve
        The curve of the learner studied.
    measure : Measure
        The score in which they are compared.
    seed : int
        Random seed.
    """
    # Of learners of one name (other options, say) the one with most runs stands for the name.
    by_name: dict[str, str] = {}
    for identity in sorted(table.names, key=lambda i: (len(table.of_learner(i)), i)):
        by_name[table.names[identity]] = identity
    places = {name: set(table.places(identity)) for name, identity in by_name.items()}
    names, common = _find_most_in_common(places)
    if not names:
        return None
    runs = {
        name: table.runs(by_name[name], measure=measure, places=sorted(common)) for name in names
    }
    known = {name: own for name, own in runs.items() if own is not None}
    expected = expected_variance(next(iter(known.values())), curve)
    return _compare(known, measure, seed, (), expected)


def compare_in_table(
    table: CsvTable,
    rows: Mapping[str, Sequence[int]],
    f1: Mapping[str, Sequence[float]],
    *,
    pool: int | None = None,
    seed: int = 0,
) -> Versus | None:
    """Compare the learners of a table; None where no two share enough training sets.

    Parameters
    ----------
    table : CsvTable
        Columns ``size`` and ``replicate`` (and ``fold`` and ``repeat`` where there are) say which
        training sets are the same.
    rows, f1 : mapping of str to sequence
        For each learner, the rows of its runs and their F1.
    pool : int, optional
        Documents that training sets were drawn from.
    seed : int
        Random seed.
    """
    if len(rows) < 2 or not (table.find("size") and table.find("replicate")):
        return None
    folds = set(_text(table, "fold", [k for own in rows.values() for k in own]))
    named = {
        learner: _group_by_key(table, own, f1[learner], len(folds)) for learner, own in rows.items()
    }
    names, common = _find_most_in_common({name: set(found) for name, found in named.items()})
    if not names:
        return None
    keys = sorted(common, key=lambda key: (named[names[0]][key][0], key))
    size = np.array([named[names[0]][key][0] for key in keys])
    sets = {key[:2]: k for k, key in enumerate(keys)}
    most = int(np.ceil(size.max()))
    held = max(pool or most, most)
    runs = {}
    for name in names:
        score = np.array([named[name][key][1] for key in keys])
        # One unit that stands for the whole evaluation set: 2c / (2c + s + m) is the score.
        counts = np.stack([score, 1 - score, 1 - score], axis=-1)[:, None]
        which = np.array([sets[key[:2]] for key in keys])
        runs[name] = Runs(size, counts, which, held, held, parts=max(1, len(folds)))
    notes = [Caveat("no evaluation units"), *([] if pool else [Caveat("no pool")])]
    return _compare(runs, F1, seed, tuple(notes))


Key = tuple[str, str, str]
K = TypeVar("K")


def _text(table: CsvTable, name: str, rows: Sequence[int]) -> list[str]:
    return table.text(name, rows) if table.find(name) else [""] * len(rows)


def _group_by_key(
    table: CsvTable, rows: Sequence[int], f1: Sequence[float], folds: int
) -> dict[Key, tuple[float, float]]:
    """Return size and F1 of each training set and seed that has all its folds."""
    documents = "documents" if table.find("documents") else "size"
    size = table.numbers(documents, rows)
    columns = (_text(table, name, rows) for name in ("size", "replicate", "repeat"))
    found: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    for key, n, score in zip(zip(*columns, strict=True), size, f1, strict=True):
        found[key].append((float(n), float(score)))
    return {
        key: tuple(float(m) for m in np.mean(values, axis=0))  # type: ignore[misc]
        for key, values in found.items()
        if len(values) == folds
    }


def _find_most_in_common(places: Mapping[str, set[K]]) -> tuple[list[str], set[K]]:
    """Return as many learners as share enough training sets, and what they share."""
    names = sorted(places, key=lambda name: (-len(places[name]), name))
    while len(names) > 1:
        common = set.intersection(*(places[name] for name in names))
        if len(common) >= LEAST_SHARED:
            return names, common
        names.pop()
    return [], set()


def _compare(
    runs: Mapping[str, Runs],
    measure: Measure,
    seed: int,
    notes: tuple[str, ...],
    expected: float | None = None,
) -> Versus:
    ranking = rank_learners(runs, expected_variance=expected, seed=seed)
    best, *others = ranking.names
    tests = {
        name: test_equivalence(
            runs[best], runs[name], margin=MARGIN, expected_variance=expected, seed=seed
        )
        for name in others
    }
    size = runs[best].size
    # Each difference has a bound of its own for what sets do: the caveat names none of them.
    between = Caveat("sets and seeds between learners")
    found = [*ranking.caveats, *(c for test in tests.values() for c in test.caveats)]
    unseparated = [code_of(c) == "sets and seeds" for c in found]
    kept = [c for c, of_sets in zip(found, unseparated, strict=True) if not of_sets]
    return Versus(
        shared=len(size),
        smallest=float(size.min()),
        largest=float(size.max()),
        ranking=ranking,
        equivalences=tests,
        measure=measure,
        caveats=unique((*notes, *kept, *([between] if any(unseparated) else []))),
    )
