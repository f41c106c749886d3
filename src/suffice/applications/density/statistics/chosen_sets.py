"""Runs on training sets that an experiment chose, as arrays, and a regression on what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.results import Result
from suffice.stats import overlap
from suffice.stats._arrays import Array
from suffice.stats._f1.scores import logit
from suffice.stats._regression.overlap import error_components
from suffice.stats._resampling import bayesian_weights
from suffice.stats._runs import ratio

Columns = Mapping[str, Array]

Outcome = Literal["f1", "logit f1", "precision", "recall"]
OUTCOMES: tuple[Outcome, ...] = ("f1", "logit f1", "precision", "recall")

_METRICS: dict[Outcome, Literal["f1", "precision", "recall"]] = {
    "f1": "f1",
    "logit f1": "f1",
    "precision": "precision",
    "recall": "recall",
}

_ROUNDS = 3
"""Of re-weighting by the spread that residuals have at a size."""


@dataclass(frozen=True)
class ChosenSets:
    """Training sets, what their models did, and the documents that judged them.

    Parameters
    ----------
    sentences, entities, tokens, documents : ndarray, shape (runs,)
        Numbers of sentences, entities, tokens and documents of each training set; sentences and
        documents
        above 0.
    cut, synthetic : ndarray, shape (runs,)
        The share of its sentences, 0 to 1, that were cut out of documents, and that are made up.
    inclusion : ndarray, shape (runs, pool documents)
        How many pieces of each document the training set holds.
    counts : ndarray, shape (runs, units, 3)
        Correct, spurious and missed spans of each evaluation unit (a document or a group).
    unit_entities, unit_sentences : ndarray, shape (units,)
        Numbers of entities and sentences of each evaluation unit.
    """

    sentences: Array
    entities: Array
    tokens: Array
    documents: Array
    cut: Array
    synthetic: Array
    inclusion: Array
    counts: NDArray[np.number]
    unit_entities: Array
    unit_sentences: Array

    @property
    def eps(self) -> Array:
        """Return entities per sentence of each training set."""
        return np.asarray(self.entities / self.sentences)

    @property
    def centre(self) -> float:
        """Return entities per sentence of the evaluation set."""
        return float(self.unit_entities.sum() / self.unit_sentences.sum())

    def outcome(self, kind: Outcome, weights: Array | None = None) -> Array:
        """Return what models are judged by, in points (0 to 100) or logits.

        Parameters
        ----------
        kind : {"f1", "logit f1", "precision", "recall"}
        weights : ndarray, shape (n_resamples, units), optional
            The weights of evaluation units; then the shape is (n_resamples, runs), otherwise
            (runs,). A ratio of which nothing counts is 0.
        """
        if weights is None:
            totals = self.counts.sum(axis=1, dtype=float)
        else:
            runs, units, _ = self.counts.shape
            flat = np.ascontiguousarray(self.counts.transpose(1, 0, 2), dtype=float)
            totals = (weights @ flat.reshape(units, -1)).reshape(-1, runs, 3)
        top, whole = ratio(totals, _METRICS[kind])
        share = np.divide(top, whole, out=np.zeros_like(top), where=whole > 0)
        return logit(share, 5e-3) if kind == "logit f1" else np.asarray(100 * share)

    def controls(self) -> dict[str, Array]:
        """Return what is held fixed: size, document length, and where sentences come from.

        The square of log size is among them where there are three sizes or more, since a curve
        bends; a share that does not vary is left out.
        """
        size = np.log2(self.sentences)
        size = size - size.mean()
        found = {"sentences, doubled": size}
        if len(np.unique(np.round(size))) > 2:
            found["its bend"] = size**2 - (size**2).mean()
        length = np.log2(self.sentences / self.documents)
        if np.ptp(length) > 1e-9:
            found["sentences per document, doubled"] = length - length.mean()
        for name, share in (("cut", self.cut), ("synthetic", self.synthetic)):
            if np.ptp(share) > 0:
                found[f"share {name}"] = share
        return found

    def halves(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the sparser and the denser half of the evaluation units, by sentences.

        Raises
        ------
        ValueError
            Units do not differ in density, or there are fewer than eight.
        """
        held = self.unit_sentences > 0
        density = np.where(
            held, self.unit_entities / np.where(held, self.unit_sentences, 1), np.nan
        )
        order = np.argsort(density, kind="stable")[: int(held.sum())]
        if len(order) < 8 or density[order[0]] == density[order[-1]]:
            raise ValueError("the evaluation documents do not differ in density, or are too few")
        reached = np.cumsum(self.unit_sentences[order])
        sparse = np.zeros(len(held), dtype=bool)
        sparse[order[reached <= reached[-1] / 2]] = True
        dense = held & ~sparse
        return sparse, dense

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int_]) -> ChosenSets:
        """Return some of the runs."""
        kept = {
            name: getattr(self, name)[rows]
            for name in (
                *("sentences", "entities", "tokens", "documents"),
                *("cut", "synthetic", "inclusion", "counts"),
            )
        }
        return ChosenSets(
            **kept, unit_entities=self.unit_entities, unit_sentences=self.unit_sentences
        )


@dataclass(frozen=True)
class Effect(Result):
    """An effect and its interval.

    Parameters
    ----------
    value, low, high : float
        Estimate and ends of its interval, in the outcome's units.
    error : float
        Standard error, of pool documents, runs and evaluation documents together.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    low: float
    high: float
    error: float
    caveats: tuple[str, ...] = ()

    @property
    def excludes_zero(self) -> bool:
        """Return whether the interval leaves 0 out."""
        return bool(self.low > 0 or self.high < 0)


def effects(
    sets: ChosenSets,
    outcome: Callable[[Array | None], Array],
    columns: Callable[[float], Columns],
    wanted: Mapping[str, Mapping[str, float]],
    *,
    n_resamples: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, Effect]:
    """Regress an outcome on what training sets are, with errors of all documents.

    Parameters
    ----------
    sets : ChosenSets
        More runs than columns + 2.
    outcome : callable
        From weights of evaluation units, or None, to the outcome (`ChosenSets.outcome`).
    columns : callable
        From the evaluation set's entities per sentence to the predictors by name.
    wanted : mapping of str to (mapping of str to float)
        Sums of coefficients: the weight of each predictor in them.
    n_resamples : int
        Resamples of the evaluation units.
    level : float
        Coverage of the intervals.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    dict of str to Effect
        By the names of `wanted`.

    Raises
    ------
    ValueError
        Too few runs, or predictors that are exactly collinear.

    Notes
    -----
    Ordinary least squares: what is estimated is the mean effect over the design's sets, whatever
    the noise at each size is. Two variances are added. That of pool documents and runs: sets that
    share documents err alike (`suffice.stats.overlap`, restricted likelihood), small ones more (the
    spread of residuals is taken as a power of size). That of evaluation documents, which all runs
    share: their Bayesian bootstrap (Rubin 1981), with the density that training is compared with
    taken anew each time.
    """
    y = outcome(None)
    centre = sets.centre
    names = list(columns(centre))
    design = _matrix(columns(centre))
    n, p = design.shape
    if n < p + 3:
        raise ValueError(f"{n} runs are too few for a regression on {p - 1} predictors")
    scaled = design / np.maximum(np.abs(design).max(axis=0), 1e-12)
    if np.linalg.matrix_rank(scaled, tol=1e-8 * np.sqrt(n)) < p:
        raise ValueError("the predictors are exactly collinear: the sets do not vary enough")
    weights = _weights(y, design, np.log(sets.sentences))
    solver = np.linalg.pinv(design)
    beta = solver @ y
    components = error_components(
        y - design @ beta, overlap(sets.inclusion), design=design, weights=weights
    )
    covariance = solver @ components.matrix @ solver.T
    drawn = bayesian_weights(len(sets.unit_entities), n_resamples, seed)
    outcomes = outcome(drawn)
    centres = (drawn @ sets.unit_entities) / np.maximum(drawn @ sets.unit_sentences, 1e-12)
    designs = np.stack([_matrix(columns(float(c))) for c in centres])
    crossed = designs.transpose(0, 2, 1) @ designs
    shaken = np.linalg.solve(crossed, (designs * outcomes[..., None]).sum(axis=1)[..., None])[
        ..., 0
    ]
    own = outcomes - (designs @ shaken[..., None])[..., 0]
    # What evaluation documents do to each run by itself is in the residuals already.
    twice = (solver * own.var(axis=0, ddof=1)) @ solver.T
    covariance = covariance + np.cov(shaken, rowvar=False) - twice
    reach = float(scipy.special.stdtrit(n - p, (1 + level) / 2))
    found = {}
    for name, parts in wanted.items():
        sum_of = np.zeros(p)
        for term, share in parts.items():
            sum_of[1 + names.index(term)] = share
        value = float(sum_of @ beta)
        error = float(np.sqrt(max(0.0, float(sum_of @ covariance @ sum_of))))
        found[name] = Effect(
            value, value - reach * error, value + reach * error, error, components.caveats
        )
    return found


def null_model(sets: ChosenSets, y: Array) -> tuple[Array, Array]:
    """Return an outcome without any effect of density, and a root of its errors' covariance.

    Parameters
    ----------
    sets : ChosenSets
    y : ndarray, shape (runs,)
        The outcome.

    Returns
    -------
    fitted : ndarray, shape (runs,)
        Values fitted by `ChosenSets.controls` alone.
    root : ndarray, shape (runs, runs)
        Errors are ``root @ standard normal``.
    """
    design = _matrix(sets.controls())
    weights = _weights(y, design, np.log(sets.sentences))
    fitted = design @ (_solver(design, weights) @ y)
    components = error_components(
        y - fitted, overlap(sets.inclusion), design=design, weights=weights
    )
    jitter = 1e-9 * np.diag(np.diag(components.matrix))
    return np.asarray(fitted), np.asarray(np.linalg.cholesky(components.matrix + jitter))


def _matrix(columns: Columns) -> Array:
    stacked = list(columns.values())
    return np.column_stack([np.ones(len(stacked[0])), *stacked])


def _solver(design: Array, weights: Array) -> Array:
    """Return what turns responses into coefficients of weighted least squares."""
    root = np.sqrt(weights)[:, None]
    return np.asarray(np.linalg.pinv(design * root) * root.T)


def _weights(y: Array, design: Array, logs: Array) -> Array:
    """Return weights by size: the inverse square of the residuals' spread, a power of size."""
    weights = np.ones(len(y))
    if np.ptp(logs) < 0.1:
        return weights
    for _ in range(_ROUNDS):
        residuals: Array = np.abs(y - design @ (_solver(design, weights) @ y))
        floor = 1e-3 * float(residuals.mean()) + 1e-12
        slope = float(np.polyfit(logs, np.log(residuals + floor), 1)[0])
        slope = float(np.clip(slope, -1.0, 0.5))
        weights = np.asarray(np.exp(-2 * slope * (logs - logs.mean())))
    return weights
