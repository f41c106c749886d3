"""What it costs that training text is sparser or denser in entities than the text that is tagged.

Two things are easily taken for each other. *Level*: denser sets hold more entities in as many
sentences, so that F1 may rise with density whatever is tagged. *Mismatch*: a model learns how often
entities come, so that F1 may fall with the distance from the evaluation set's density, on either
side. With one slope below that density and one above, level is what they share in direction, and
mismatch what they share in distance.

Since a curve that merely bends also has unlike slopes on its two sides, mismatch is tested in a
second way that no bend of the level can imitate: the same models are scored on the denser and on
the sparser half of the evaluation documents. If match matters, denser training is worth more on the
denser half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from suffice.applications.density.statistics.chosen_sets import (
    OUTCOMES,
    ChosenSets,
    Columns,
    Effect,
    Outcome,
    effects,
)
from suffice.results import Result
from suffice.stats._arrays import Array

T = TypeVar("T")

STEP = 0.1
"""Entities per sentence that effects are given for."""

_LEAST_SIDE = 4
"""Training sets needed on either side of the evaluation set's density."""

_BELOW, _ABOVE, _DISTANCE, _LEVEL, _WORDS = "below", "above", "distance", "log EPS", "tokens"
_WANTED = {
    "below": {_BELOW: 1.0},
    "above": {_ABOVE: 1.0},
    "mismatch": {_BELOW: 0.5, _ABOVE: 0.5},
    "level": {_BELOW: -0.5, _ABOVE: 0.5},
}


@dataclass(frozen=True)
class Slopes(Result):
    """What density does to one outcome, at equal size and document length.

    Parameters
    ----------
    outcome : {"f1", "logit f1", "precision", "recall"}
        The outcome, in points (0 to 100), or logits.
    below, above : Effect
        Change for each `STEP` of entities per sentence that training is sparser, or denser, than
        the evaluation set.
    mismatch : Effect
        Change for each `STEP` of distance: the mean of `below` and `above`. Negative where
        distance costs.
    level : Effect
        Change for each `STEP` that training is denser: half of `above` less `below`.
    controls : dict of str to Effect
        Size, document length, and where sentences come from.
    caveats : tuple of str
        What to keep in mind.
    """

    outcome: Outcome
    below: Effect
    above: Effect
    mismatch: Effect
    level: Effect
    controls: dict[str, Effect]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crossed(Result):
    """The same models on the denser and on the sparser half of the evaluation documents.

    Parameters
    ----------
    sparse, dense : float
        Entities per sentence of the halves.
    f1_sparse, f1_dense : float
        Mean F1 over all runs, in points.
    effect : Effect
        By how many points of F1 each `STEP` of denser training is worth more on the denser half
        than on the sparser one. Above 0 if match matters.
    logit : Effect
        The same of the logit of F1: points differ also where one half is nearer to 0 or 100.
    caveats : tuple of str
        What to keep in mind.
    """

    sparse: float
    dense: float
    f1_sparse: float
    f1_dense: float
    effect: Effect
    logit: Effect
    caveats: tuple[str, ...] = ()

    @property
    def excludes_zero(self) -> bool:
        """Return whether both effects leave 0 out, on the same side."""
        return (
            self.effect.excludes_zero
            and self.logit.excludes_zero
            and self.effect.value * self.logit.value > 0
        )


@dataclass(frozen=True)
class Mismatch(Result):
    """What density of training sets does, apart from size and document length.

    Parameters
    ----------
    runs : int
        Training sets.
    centre : float
        Entities per sentence of the evaluation set.
    slopes : dict of str to Slopes
        The slopes by outcome.
    bent : Effect
        Mismatch of F1 where the level is taken as logarithmic, so that each further entity brings
        less than the one before.
    given_words : dict of str to Effect
        Mismatch and level of F1 with tokens per sentence held fixed too.
    chosen : dict of str to Effect
        Mismatch, level, and the difference of the halves in points, of sets without cut or
        synthetic text; empty where all or none are such.
    crossed : Crossed, optional
        None where evaluation documents do not differ in density.
    not_fitted : dict of str to str
        What could not be estimated, and why.
    caveats : tuple of str
        What to keep in mind.
    """

    runs: int
    centre: float
    slopes: dict[str, Slopes]
    bent: Effect | None
    given_words: dict[str, Effect]
    chosen: dict[str, Effect]
    crossed: Crossed | None
    not_fitted: dict[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


def mismatch(sets: ChosenSets, *, n_resamples: int = 200, seed: int = 0) -> Mismatch:
    """Estimate what the density of training sets does to F1, precision and recall.

    Parameters
    ----------
    sets : ChosenSets
        Training sets of several densities, below and above the evaluation set's.
    n_resamples, seed : int
        Number of resamples of the evaluation documents, and random seed.

    Returns
    -------
    Mismatch

    Raises
    ------
    ValueError
        Too few sets, or all on one side of the evaluation set's density.
    """
    options: dict[str, int] = {"n_resamples": n_resamples, "seed": seed}
    controls = sets.controls()
    apart, sides = _measure_distance(sets), _split_slopes(sets)
    wanted = {**_WANTED, **{name: {name: 1.0} for name in controls}}

    slopes: dict[str, Slopes] = {}
    for kind in OUTCOMES:
        found = effects(sets, _outcome(sets, kind), sides, wanted, **options)
        main = {name: found.pop(name) for name in _WANTED}
        slopes[kind] = Slopes(kind, **main, controls=found, caveats=main["mismatch"].caveats)
    level = np.log2((sets.entities + 0.5) / sets.sentences)
    words = np.log2(sets.tokens / sets.sentences)
    f1 = _outcome(sets, "f1")
    not_fitted: dict[str, str] = {}
    bent = _try(
        "level as a logarithm",
        not_fitted,
        lambda: effects(
            sets,
            f1,
            lambda c: {**controls, _DISTANCE: np.abs(apart(c)), _LEVEL: level},
            {"mismatch": {_DISTANCE: 1.0}},
            **options,
        )["mismatch"],
    )
    given = _try(
        "given tokens per sentence",
        not_fitted,
        lambda: effects(
            sets,
            f1,
            lambda c: {**sides(c), _WORDS: words},
            {name: _WANTED[name] for name in ("mismatch", "level")},
            **options,
        ),
    )
    plain = (sets.cut == 0) & (sets.synthetic == 0)
    chosen = None
    if not plain.all():
        chosen = _try("chosen sets alone", not_fitted, lambda: _chosen(sets.take(plain), **options))
    crossed = _try("dense and sparse halves", not_fitted, lambda: _crossed(sets, **options))
    return Mismatch(
        runs=len(sets.eps),
        centre=sets.centre,
        slopes=slopes,
        bent=bent,
        given_words=given or {},
        chosen=chosen or {},
        crossed=crossed,
        not_fitted=not_fitted,
        caveats=slopes["f1"].caveats,
    )


def _measure_distance(sets: ChosenSets) -> Callable[[float], Array]:
    """Return what gives each set's distance from a density, in steps, below it negative."""
    eps, centre = np.sort(sets.eps), sets.centre
    for side, held in (("sparser", eps < centre), ("denser", eps > centre)):
        if held.sum() < _LEAST_SIDE:
            raise ValueError(f"only {held.sum()} training sets are {side} than the evaluation set")
    # Few evaluation documents may be resampled to a density beyond all training sets'.
    least, most = float(eps[_LEAST_SIDE - 1]), float(eps[-_LEAST_SIDE])
    return lambda c: np.asarray((sets.eps - min(max(c, least), most)) / STEP)


def _split_slopes(sets: ChosenSets) -> Callable[[float], Columns]:
    """Return what gives the predictors with one slope on either side of a density."""
    controls, apart = sets.controls(), _measure_distance(sets)
    return lambda c: {
        **controls,
        _BELOW: np.maximum(-apart(c), 0),
        _ABOVE: np.maximum(apart(c), 0),
    }


def _chosen(sets: ChosenSets, *, n_resamples: int, seed: int) -> dict[str, Effect]:
    wanted = {name: _WANTED[name] for name in ("mismatch", "level")}
    found = effects(
        sets, _outcome(sets, "f1"), _split_slopes(sets), wanted, n_resamples=n_resamples, seed=seed
    )
    return {**found, "halves": _crossed(sets, n_resamples=n_resamples, seed=seed).effect}


def _crossed(sets: ChosenSets, *, n_resamples: int, seed: int) -> Crossed:
    halves = sets.halves()
    controls, eps = sets.controls(), sets.eps

    def gap(kind: Outcome, weights: Array | None) -> Array:
        on = []
        for half in halves:
            inside = half.astype(float)
            on.append(sets.outcome(kind, inside[None] if weights is None else weights * inside))
        return on[1][0] - on[0][0] if weights is None else on[1] - on[0]

    def fitted(kind: Outcome) -> Effect:
        return effects(
            sets,
            lambda weights: gap(kind, weights),
            lambda c: {**controls, _LEVEL: (eps - c) / STEP},
            {"effect": {_LEVEL: 1.0}},
            n_resamples=n_resamples,
            seed=seed,
        )["effect"]

    points = fitted("f1")
    density = [sets.unit_entities[h].sum() / sets.unit_sentences[h].sum() for h in halves]
    means = [float(sets.outcome("f1", h.astype(float)[None]).mean()) for h in halves]
    return Crossed(
        sparse=float(density[0]),
        dense=float(density[1]),
        f1_sparse=means[0],
        f1_dense=means[1],
        effect=points,
        logit=fitted("logit f1"),
        caveats=points.caveats,
    )


def _outcome(sets: ChosenSets, kind: Outcome) -> Callable[[Array | None], Array]:
    return lambda weights: sets.outcome(kind, weights)


def _try(name: str, not_fitted: dict[str, str], fit: Callable[[], T]) -> T | None:
    try:
        return fit()
    except ValueError as error:
        not_fitted[name] = str(error)
        return None
