"""Thresholds of entities per sentence, and those of a corpus without any effect of it.

A threshold model always returns a threshold. Here it is estimated as it was published (of density
and nothing else), given size, and within strata of size, in every form; and each time beside what
comes out where F1 depends on size alone, on the very same training sets, which share documents as
they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.statistics.chosen_sets import ChosenSets, null_model
from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._exact import above_rounding
from suffice.stats._resampling import tails
from suffice.stats._threshold.bootstrap import block_rows
from suffice.stats._threshold.profile import FORMS, ThresholdDesign, checked, make_design, profile

LEAST_ROWS = 15
"""Within a stratum of fewer sets no threshold is looked for."""


@dataclass(frozen=True)
class ThresholdLook(Result):
    """A threshold of density in one form, and what no effect of density shows.

    Parameters
    ----------
    look : str
        ``"alone"``, ``"given sentences"``, or the stratum of sizes.
    form : {"hinge", "upperhinge", "segmented", "step"}
    rows : int
        Training sets.
    threshold : float
        Entities per sentence.
    simulated : (float, float)
        The middle part of thresholds in data simulated without any effect of density.
    p : float
        Share of simulated data in which density explains as much as here.
    at_edge : bool
        Whether the threshold is the lowest or highest candidate.
    caveats : tuple of str
        What to keep in mind.
    """

    look: str
    form: str
    rows: int
    threshold: float
    simulated: tuple[float, float]
    p: float
    at_edge: bool
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoEffect(Result):
    """Every look at a threshold of density.

    Parameters
    ----------
    copies : int
        Simulated data sets.
    looks : tuple of ThresholdLook
        Thresholds by kind of estimate and form.
    not_fitted : dict of str to str
        Looks that the sets do not allow, and why.
    caveats : tuple of str
        What to keep in mind.
    """

    copies: int
    looks: tuple[ThresholdLook, ...]
    not_fitted: dict[str, str]
    caveats: tuple[str, ...] = ()


def thresholds_without_effect(
    sets: ChosenSets,
    strata: Sequence[tuple[str, NDArray[np.bool_]]],
    *,
    level: float = 0.95,
    n_simulations: int = 499,
    quantiles: tuple[float, float] = (0.05, 0.95),
    seed: int = 0,
) -> NoEffect:
    """Look for thresholds of density in F1, and compare them with those of no effect.

    Parameters
    ----------
    sets : ChosenSets
    strata : sequence of (str, ndarray of bool of shape (runs,))
        Names and rows of the strata of size.
    level : float
        Of the range of simulated thresholds.
    n_simulations : int
        Simulated data sets, at least 99.
    quantiles : (float, float)
        Candidates lie between these quantiles of density.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    NoEffect

    Notes
    -----
    Simulated F1 is the fit on size, document length and source of the text (`ChosenSets.controls`)
    with errors of the covariance that `suffice.stats.overlap` estimates: sets that share documents
    err alike, small ones more.
    """
    if n_simulations < 99:
        raise ValueError("at least 99 simulated data sets are needed")
    y = sets.outcome("f1")
    controls = np.column_stack(list(sets.controls().values()))
    fitted, root = null_model(sets, y)
    rng = np.random.default_rng(seed)
    draws = fitted + rng.standard_normal((n_simulations, len(y))) @ root.T
    every = np.ones(len(y), dtype=bool)
    nothing = np.empty((len(y), 0))
    wanted = [("alone", every, nothing), ("given sentences", every, controls)]
    wanted += [(name, rows, controls) for name, rows in strata]
    looks, not_fitted = [], {}
    for name, rows, covariates in wanted:
        if rows.sum() < LEAST_ROWS:
            not_fitted[f"a threshold, {name},"] = f"{rows.sum()} training sets are too few"
            continue
        held = _varying(covariates[rows])
        for form in FORMS:
            try:
                looks.append(
                    _find_threshold(
                        name, form, y[rows], sets.eps[rows], held, draws[:, rows], quantiles, level
                    )
                )
            except ValueError as error:
                not_fitted[f"a threshold, {name}, {form},"] = str(error)
    return NoEffect(
        n_simulations,
        tuple(looks),
        not_fitted,
        (
            "a threshold model always returns a threshold: read P before the place",
            "P of EPS alone is rough: with no effect it lies below .05 in up to a tenth of cases",
        ),
    )


def _find_threshold(
    name: str,
    form: str,
    y: Array,
    eps: Array,
    covariates: Array,
    draws: Array,
    quantiles: tuple[float, float],
    level: float,
) -> ThresholdLook:
    named = {str(k): column for k, column in enumerate(covariates.T)}
    checked(y, eps, named, form, quantiles)
    design = make_design(y, eps, covariates, form, quantiles)
    base = np.column_stack([np.ones(len(y)), covariates])[design.order]
    basis, _ = np.linalg.qr(base)
    seen, place = _explained(design, basis, design.y[None])
    scaled = (draws[:, design.order] - design.y_middle) / design.y_scale
    step = block_rows(len(y))
    blocks = [
        _explained(design, basis, scaled[start : start + step])
        for start in range(0, len(scaled), step)
    ]
    gains = np.concatenate([gain for gain, _ in blocks])
    places = design.sign * design.points[np.concatenate([best for _, best in blocks])]
    allowed = np.flatnonzero(np.isfinite(profile(design).gain[0]))
    low, high = (float(q) for q in np.quantile(places, tails(level)))
    return ThresholdLook(
        look=name,
        form=form,
        rows=len(y),
        threshold=float(design.sign * design.points[place[0]]),
        simulated=(low, high),
        p=(1 + int((gains >= seen[0]).sum())) / (len(draws) + 1),
        at_edge=bool(place[0] in (allowed[0], allowed[-1])),
    )


def _explained(
    design: ThresholdDesign, basis: Array, responses: Array
) -> tuple[Array, NDArray[np.int64]]:
    """Return how much density explains of each response beyond the base columns, and where best."""
    found = profile(design, responses=responses)
    rest = (responses**2).sum(axis=1) - ((responses @ basis) ** 2).sum(axis=1)
    sse = above_rounding(found.base - found.gain.max(axis=1), design.n)  # y is scaled
    return np.asarray(np.log(above_rounding(rest, design.n) / sse)), found.best


def _varying(columns: Array) -> Array:
    """Return the columns that vary within these rows and are no sum of the others."""
    kept: list[Array] = [np.ones(len(columns))]
    for column in columns.T:
        tried = np.column_stack([*kept, column - column.mean()])
        tried = tried / np.maximum(np.abs(tried).max(axis=0), 1e-12)
        if np.linalg.matrix_rank(tried, tol=1e-6 * np.sqrt(len(columns))) == tried.shape[1]:
            kept.append(column)
    return np.column_stack([np.empty((len(columns), 0)), *kept[1:]])
