"""Other models of the same response: size on a log scale, an interaction, more predictors.

`variants` sets the paper's linear model beside those with log size and with an interaction;
`rank_predictors` says what each further predictor adds to a base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.stats.regression import Regression, regress
from suffice.stats.regression_compare import Comparison, compare
from suffice.stats.regression_data import Floats, checked, scaled
from suffice.stats.result import Result

__all__ = ["Added", "Ranking", "Variants", "cross_validated_r2", "rank_predictors", "variants"]


def cross_validated_r2(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    folds: int = 10,
    repeats: int = 5,
    groups: ArrayLike | None = None,
    seed: int = 0,
) -> float:
    """Give the share of the variance that a linear model predicts in rows it has not seen.

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
    seed : int

    Returns
    -------
    float
        1 less the sum of squared errors of prediction over that of predicting the mean of the other
        folds; at most 1, below 0 for a model worse than the mean.

    Raises
    ------
    ValueError
        As `suffice.stats.regression.regress`, or for fewer than two folds.
    """
    response, columns, _ = checked(y, predictors)
    n = len(response)
    design = np.column_stack([np.ones(n), scaled(columns)])
    units = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(units.max()) + 1
    folds = min(folds, count)
    if folds < 2:
        raise ValueError("cross-validation needs at least two folds")
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    wrong = base = 0.0
    for _ in range(repeats):
        fold = rng.permutation(np.arange(count) % folds)[units]
        for k in range(folds):
            held = fold == k
            found = np.linalg.lstsq(design[~held], response[~held], rcond=None)[0]
            wrong += float(((response[held] - design[held] @ found) ** 2).sum())
            base += float(((response[held] - response[~held].mean()) ** 2).sum())
    return 1 - wrong / base


@dataclass(frozen=True, eq=False)
class Variants(Result):
    """The linear model beside those with log size and with an interaction.

    Attributes
    ----------
    size, ratio : str
        The predictor that is logged, and the one that it interacts with.
    models : mapping of str to Regression
        ``linear``, ``log size``, ``interaction`` and ``log size, interaction``. The product is one
        of centred columns, so that the other coefficients are effects at the means.
    cross_validated : mapping of str to float
        Cross-validated R2 of each.
    interaction : Comparison
        Nested F test of the interaction, with size as it fits better.
    best : str
        The model of least AIC.
    sentence : str
    caveats : tuple of str
    """

    size: str
    ratio: str
    models: Mapping[str, Regression]
    cross_validated: Mapping[str, float]
    interaction: Comparison
    best: str
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Models of {self.size} and {self.ratio}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        header = ("model", "R2", "adjusted", "cross-validated", "AIC", "BIC")
        return header, [
            (name, m.r2, m.adjusted_r2, self.cross_validated[name], m.aic, m.bic)
            for name, m in self.models.items()
        ]


def variants(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    size: str = "sentences",
    ratio: str = "EPS",
    groups: ArrayLike | None = None,
    overlap: ArrayLike | None = None,
    shared_documents: bool = False,
    seed: int = 0,
) -> Variants:
    """Fit the linear model, and those with log size, an interaction, and both.

    Parameters
    ----------
    y : (n,) array_like
    predictors : mapping of str to (n,) array_like
        With `size` (above 0) and `ratio` among them.
    size, ratio : str
        Names.
    groups, overlap, shared_documents
        As for `suffice.stats.regression.regress`.
    seed : int
        Of the folds of cross-validation.

    Returns
    -------
    Variants

    Raises
    ------
    ValueError
        As `suffice.stats.regression.regress`; a name that is not there; a size not above 0.
    """
    for name in (size, ratio):
        if name not in predictors:
            raise ValueError(f"there is no predictor {name}: they are {', '.join(predictors)}")
    _, columns, names = checked(y, predictors)
    plain = dict(zip(names, columns.T, strict=True))
    if plain[size].min() <= 0:
        raise ValueError(f"{size} must be above 0 to be logged")
    logged = {f"log {k}" if k == size else k: v for k, v in plain.items()}
    logged[f"log {size}"] = np.log(plain[size])
    sets = {
        "linear": plain,
        "log size": logged,
        "interaction": {**plain, f"{size} x {ratio}": _product(plain[size], plain[ratio])},
        "log size, interaction": {
            **logged,
            f"log {size} x {ratio}": _product(logged[f"log {size}"], plain[ratio]),
        },
    }
    kind = "overlap" if overlap is not None else "clusters" if groups is not None else "HC3"
    models = {
        name: regress(
            y,
            chosen,
            covariance=kind,
            groups=groups,
            overlap=overlap,
            shared_documents=shared_documents,
        )
        for name, chosen in sets.items()
    }
    scores = {
        name: cross_validated_r2(y, chosen, groups=groups, seed=seed)
        for name, chosen in sets.items()
    }
    better = "log size" if models["log size"].aic < models["linear"].aic else "linear"
    fuller = "interaction" if better == "linear" else "log size, interaction"
    nested = compare(y, sets[better], sets[fuller], shared_documents=shared_documents)
    best = min(models, key=lambda name: models[name].aic)
    return Variants(
        size=size,
        ratio=ratio,
        models=models,
        cross_validated=scores,
        interaction=nested,
        best=best,
        sentence=_words(size, ratio, models, better, nested),
        caveats=tuple(dict.fromkeys(c for m in models.values() for c in m.caveats)),
    )


def _product(a: Floats, b: Floats) -> Floats:
    return (a - a.mean()) * (b - b.mean())


def _words(
    size: str, ratio: str, models: Mapping[str, Regression], better: str, nested: Comparison
) -> str:
    gap = abs(models["linear"].aic - models["log size"].aic)
    if gap < 2:
        words = f"{size} and its logarithm fit about equally well (AIC differs by {gap:.1f})."
    elif better == "log size":
        words = (
            f"The logarithm of {size} fits better than {size} itself (AIC lower by {gap:.1f}): "
            "each further sentence brings less."
        )
    else:
        words = f"{size} itself fits better than its logarithm (AIC lower by {gap:.1f})."
    shown = "P < .001" if nested.p < 0.001 else f"P = {nested.p:.3f}"
    if nested.p < 0.05:
        return f"{words} The effect of {ratio} depends on {size} ({shown})."
    return (
        f"{words} Whether the effect of {ratio} depends on {size} cannot be told from chance "
        f"({shown})."
    )


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
        Of F, and after Holm's correction for all candidates.
    r2 : float
        R2 with it, less R2 of the base.
    cross_validated : float
        The same, cross-validated: what counts for prediction, and may be negative.
    vif : float
        Of the predictor, given the base.
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
class Ranking(Result):
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
        header = ("predictor", "R2 added", "cross-validated", "F", "P", "P (Holm)", "VIF")
        return header, [
            (a.name, a.r2, a.cross_validated, a.f, a.p, a.adjusted_p, a.vif) for a in self.added
        ]


def rank_predictors(
    y: ArrayLike,
    base: Mapping[str, ArrayLike],
    candidates: Mapping[str, ArrayLike],
    *,
    groups: ArrayLike | None = None,
    shared_documents: bool = False,
    seed: int = 0,
) -> Ranking:
    """Rank candidates by what each adds to a base of predictors.

    Parameters
    ----------
    y : (n,) array_like
    base, candidates : mapping of str to (n,) array_like
    groups : (n,) array_like, optional
        What must not be split between folds of cross-validation.
    shared_documents : bool
    seed : int

    Returns
    -------
    Ranking
        Constant or exactly collinear candidates are left out, with the reason.

    Raises
    ------
    ValueError
        As `suffice.stats.regression.regress` for the base, or no candidates.

    Notes
    -----
    Holm S. Scandinavian Journal of Statistics 1979;6:65-70.
    """
    if not candidates:
        raise ValueError("there are no candidates to rank")
    fitted = regress(y, base, standardize=False)
    own = cross_validated_r2(y, base, groups=groups, seed=seed)
    found: list[tuple[str, Regression, Comparison, float]] = []
    left_out = {}
    for name, column in candidates.items():
        together = {**base, name: column}
        try:
            larger = regress(y, together, standardize=False)
        except ValueError as error:
            left_out[name] = str(error)
            continue
        test = compare(y, base, together)
        score = cross_validated_r2(y, together, groups=groups, seed=seed)
        found.append((name, larger, test, score))
    p = np.array([test.p for _, _, test, _ in found])
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
    if shared_documents:
        caveats = (
            "Runs share documents: F tests take them as independent, so P values are too small.",
        )
    return Ranking(
        base=tuple(base),
        base_r2=fitted.r2,
        base_cross_validated=own,
        added=tuple(added),
        left_out=left_out,
        sentence=_ranked(added, tuple(base)),
        caveats=caveats,
    )


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(steps, 1.0)
    return out


def _ranked(added: list[Added], base: tuple[str, ...]) -> str:
    useful = [a for a in added if a.cross_validated > 0.001 and a.adjusted_p < 0.05]
    known = " and ".join(base)
    if not useful:
        return f"Nothing adds to {known} what would help to predict new runs."
    first = useful[0]
    words = (
        f"Beyond {known}, {first.name} adds the most: {100 * first.cross_validated:.1f} % more of "
        "the variance of runs not seen"
    )
    rest = ", ".join(f"{a.name} {100 * a.cross_validated:.1f}" for a in useful[1:])
    return f"{words}; then {rest}." if rest else f"{words}."
