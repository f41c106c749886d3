"""Other models of the same response: size on a log scale, and an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import exact_fits, least_aic
from suffice.stats._regression.compare import ModelComparison, compare_models
from suffice.stats._regression.data import checked
from suffice.stats._regression.fit import Regression, regress
from suffice.stats._regression.overlap import Overlap, known_overlap
from suffice.stats._regression.rank import cross_validated_r2
from suffice.stats._resampling import Seed
from suffice.wording.numbers import p_sign


@dataclass(frozen=True, eq=False)
class Variants(Result):
    """The linear model, and those with log size and with an interaction.

    Attributes
    ----------
    size, ratio : str
        The predictor that is logged, and the one that it interacts with.
    models : mapping of str to Regression
        ``linear``, ``log size``, ``interaction`` and ``log size, interaction``. The product is one
        of centred columns, so that the other coefficients are effects at the means.
    cross_validated : mapping of str to float
        Cross-validated R² of each.
    interaction : ModelComparison
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
    interaction: ModelComparison
    best: str
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Models of {self.size} and {self.ratio}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        header = ("model", "R²", "adjusted", "cross-validated", "AIC", "BIC")
        return header, [
            (name, m.r2, m.adjusted_r2, self.cross_validated[name], m.aic, m.bic)
            for name, m in self.models.items()
        ]


def fit_variants(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    size: str = "sentences",
    ratio: str = "EPS",
    groups: ArrayLike | None = None,
    overlap: Overlap = None,
    seed: Seed = 0,
) -> Variants:
    """Fit the linear model, and those with log size, an interaction, and both.

    Parameters
    ----------
    y : (n,) array_like
    predictors : mapping of str to (n,) array_like
        With `size` (above 0) and `ratio` among them.
    size, ratio : str
        Names.
    groups, overlap
        As for `suffice.stats.regress`.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    Variants

    Raises
    ------
    ValueError
        As `suffice.stats.regress`; a name that is not there; a size not above 0.
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
    kind = (
        "overlap"
        if known_overlap(overlap) is not None
        else "clusters"
        if groups is not None
        else "HC3"
    )
    models = {
        name: regress(
            y,
            chosen,
            covariance=kind,
            groups=groups,
            overlap=overlap,
        )
        for name, chosen in sets.items()
    }
    scores = {
        name: cross_validated_r2(y, chosen, groups=groups, seed=seed)
        for name, chosen in sets.items()
    }
    aic = {name: model.aic for name, model in models.items()}
    better = least_aic({name: aic[name] for name in ("linear", "log size")})
    fuller = "interaction" if better == "linear" else "log size, interaction"
    nested = compare_models(y, sets[better], sets[fuller], overlap=overlap)
    best = least_aic(aic)
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


def _product(a: Array, b: Array) -> Array:
    return (a - a.mean()) * (b - b.mean())


def _words(
    size: str, ratio: str, models: Mapping[str, Regression], better: str, nested: ModelComparison
) -> str:
    exact = exact_fits({name: model.aic for name, model in models.items()})
    if exact:
        return f"These fit exactly up to rounding and cannot be distinguished: {', '.join(exact)}."
    gap = abs(models["linear"].aic - models["log size"].aic)
    if gap < 2:
        words = f"{size} and its logarithm fit about equally well (AIC differs by {gap:.1f})."
    elif better == "log size":
        words = (
            f"The logarithm of {size} fits better than {size} itself (AIC lower by {gap:.1f}): "
            "each further sentence adds less."
        )
    else:
        words = f"{size} itself fits better than its logarithm (AIC lower by {gap:.1f})."
    shown = f"P {p_sign(nested.p)}"
    if nested.p < 0.05:
        return f"{words} The effect of {ratio} depends on {size} ({shown})."
    return (
        f"{words} Whether the effect of {ratio} depends on {size} is not clear: the interaction is "
        f"within chance ({shown})."
    )
