"""Rank further predictors by what each adds to a base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._regression.compare import ModelComparison, compare_models
from suffice.stats._regression.data import checked, scaled
from suffice.stats._regression.fit import Regression, regress
from suffice.stats._regression.overlap import Overlap
from suffice.stats._resampling import Seed, seed_sequence
from suffice.wording.caveats import Caveat


def cross_validated_r2(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    folds: int = 10,
    repeats: int = 5,
    groups: ArrayLike | None = None,
    seed: Seed = 0,
) -> float:
    """Return the share of the variance that a linear model predicts in rows it has not seen.

    Parameters
    ----------
    y : (n,) array_like
    predictors : mapping of str to (n,) array_like
    folds : int
        At least 2; at most the rows, or the groups.
    repeats : int
        Divisions into folds that are averaged.
    groups : (n,) array_like, optional
        What must not be split between folds.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    float
        1 less the sum of squared errors of prediction over that of predicting the mean of the other
        folds; at most 1, below 0 for a model worse than the mean.

    Raises
    ------
    ValueError
        As `suffice.stats.regress`, or for fewer than two folds.
    """
    response, columns, _ = checked(y, predictors)
    n = len(response)
    design = np.column_stack([np.ones(n), scaled(columns)])
    units = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(units.max()) + 1
    folds = min(folds, count)
    if folds < 2:
        raise ValueError("cross-validation needs at least two folds")
    rng = np.random.default_rng(seed_sequence(seed))
    wrong = base = 0.0
    for _ in range(repeats):
        fold = rng.permutation(np.arange(count) % folds)[units]
        for k in range(folds):
            held = fold == k
            found = np.linalg.lstsq(design[~held], response[~held], rcond=None)[0]
            wrong += float(((response[held] - design[held] @ found) ** 2).sum())
            base += float(((response[held] - response[~held].mean()) ** 2).sum())
    return 1 - wrong / base


@dataclass(frozen=True)
class Added(Result):
    """What one predictor adds to a base.

    Attributes
    ----------
    name : str
    f : float
        Nested F of base and predictor against the base.
    df : pair of int
    p, adjusted_p : float
        P of F, and after Holm's correction for all candidates.
    r2 : float
        R² with it, less R² of the base.
    cross_validated : float
        The same, cross-validated: what counts for prediction, and may be negative.
    vif : float
        The VIF of the predictor, given the base.
    caveats : tuple of str
    """

    name: str
    f: float
    df: tuple[int, int]
    p: float
    adjusted_p: float
    r2: float
    cross_validated: float
    vif: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PredictorRanking(Result):
    """Further predictors, ranked by what they add in cross-validation.

    Attributes
    ----------
    base : tuple of str
    base_r2, base_cross_validated : float
    added : tuple of Added
        The most useful first.
    left_out : mapping of str to str
        Candidates that could not be tried, and why.
    sentence : str
    caveats : tuple of str
    """

    base: tuple[str, ...]
    base_r2: float
    base_cross_validated: float
    added: tuple[Added, ...]
    left_out: Mapping[str, str]
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"What further predictors add to {' + '.join(self.base)}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        header = ("predictor", "R² added", "cross-validated", "F", "P", "P (Holm)", "VIF")
        return header, [
            (a.name, a.r2, a.cross_validated, a.f, a.p, a.adjusted_p, a.vif) for a in self.added
        ]


def rank_predictors(
    y: ArrayLike,
    base: Mapping[str, ArrayLike],
    candidates: Mapping[str, ArrayLike],
    *,
    groups: ArrayLike | None = None,
    overlap: Overlap = None,
    seed: Seed = 0,
) -> PredictorRanking:
    """Rank candidates by what each adds to a base of predictors.

    Parameters
    ----------
    y : (n,) array_like
    base, candidates : mapping of str to (n,) array_like
    groups : (n,) array_like, optional
        What must not be split between folds of cross-validation.
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents. It is not carried into the numbers:
        anything but the default, independent rows, adds a caveat.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    PredictorRanking
        Constant or exactly collinear candidates are left out, with the reason.

    Raises
    ------
    ValueError
        As `suffice.stats.regress` for the base, or no candidates.

    Notes
    -----
    Holm S. Scandinavian Journal of Statistics 1979;6:65-70.
    """
    if not candidates:
        raise ValueError("there are no candidates to rank")
    fitted = regress(y, base, standardize=False)
    own = cross_validated_r2(y, base, groups=groups, seed=seed)
    found: list[tuple[str, Regression, ModelComparison, float]] = []
    left_out = {}
    for name, column in candidates.items():
        together = {**base, name: column}
        try:
            larger = regress(y, together, standardize=False)
        except ValueError as error:
            left_out[name] = str(error)
            continue
        test = compare_models(y, base, together)
        score = cross_validated_r2(y, together, groups=groups, seed=seed)
        found.append((name, larger, test, score))
    p = np.array([test.p for _, _, test, _ in found])
    p = np.where(np.isnan(p), 1.0, p)  # an exact fit leaves nothing to test
    added = [
        Added(
            name=name,
            f=test.f,
            df=test.df,
            p=test.p,
            adjusted_p=float(adjusted),
            r2=larger.r2 - fitted.r2,
            cross_validated=score - own,
            vif=larger.vif[name],
        )
        for (name, larger, test, score), adjusted in zip(found, _holm(p), strict=True)
    ]
    added.sort(key=lambda a: -a.cross_validated)
    caveats: tuple[str, ...] = ()
    if overlap is not None:
        caveats = (Caveat("F tests of independent runs"),)
    return PredictorRanking(
        base=tuple(base),
        base_r2=fitted.r2,
        base_cross_validated=own,
        added=tuple(added),
        left_out=left_out,
        sentence=_ranked(added, tuple(base)),
        caveats=caveats,
    )


def _holm(p: Array) -> Array:
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(steps, 1.0)
    return out


def _ranked(added: list[Added], base: tuple[str, ...]) -> str:
    useful = [a for a in added if a.cross_validated > 0.001 and a.adjusted_p < 0.05]
    known = " and ".join(base)
    if not useful:
        return f"Nothing improves the prediction of new runs beyond {known}."
    first = useful[0]
    words = (
        f"Beyond {known}, {first.name} adds the most: with it the cross-validated R² is "
        f"{first.cross_validated:.2f} higher"
    )
    rest = ", ".join(f"{a.name} {a.cross_validated:.2f}" for a in useful[1:])
    return f"{words}; then {rest}." if rest else f"{words}."
