"""One learner's runs as columns, whether from a ledger or from a table, and the fits to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.runs.store import RunRow
from suffice.stats import (
    Composition,
    ModelComparison,
    RangeSensitivity,
    Regression,
    Smooth,
    Threshold,
    compare_models,
    composition,
    overlap,
    range_sensitivity,
    regress,
    smooth,
    threshold,
)
from suffice.stats._arrays import Array
from suffice.stats._regression.overlap import Overlap
from suffice.study.table import RunTable

MOST_OVERLAPS = 600
"""Runs above which the overlap of training sets, a matrix of runs by runs, is not worked out."""

_LEAST_OVERLAPS = 4


@dataclass(frozen=True)
class RunColumns:
    """One learner's columns, and what they are to be used as.

    Parameters
    ----------
    response, predictor : str
        Names of columns.
    columns : mapping of str to ndarray, shape (rows,)
    regressors : tuple of str
        Predictors of the regression.
    covariates : tuple of str
        Covariates of the thresholds and the smooth curve.
    ratio : pair of str, optional
        A ratio and the size that it may stand for.
    entities : str, optional
        The column that may take the predictor's place.
    further : tuple of str
        Candidates for the ranking.
    groups : ndarray of int, optional
        Equal where rows share their training set.
    similarity : ndarray, shape (rows, rows), optional
        Overlap of the training sets.
    shared : bool
        Whether rows share documents.
    runs : tuple of RunRow
        The rows of the ledger; none for a table.
    notes : tuple of str
        Caveats.
    """

    response: str
    predictor: str
    columns: Mapping[str, Array]
    regressors: tuple[str, ...]
    covariates: tuple[str, ...] = ()
    ratio: tuple[str, str] | None = None
    entities: str | None = None
    further: tuple[str, ...] = ()
    groups: NDArray[np.int64] | None = None
    similarity: Array | None = None
    shared: bool = True
    runs: tuple[RunRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def x(self) -> Array:
        """Return the predictor."""
        return self.columns[self.predictor]

    @property
    def y(self) -> Array:
        """Return the response."""
        return self.columns[self.response]

    @property
    def overlap(self) -> Overlap:
        """Return how far the rows' training sets share documents, as `suffice.stats` takes it."""
        if self.similarity is not None:
            return self.similarity
        return "unknown" if self.shared else None

    def named(self, names: Sequence[str]) -> dict[str, Array]:
        """Return some of the columns."""
        return {name: self.columns[name] for name in names}

    @property
    def _resampled(self) -> NDArray[np.int64] | None:
        """Return what is resampled as a whole, where the overlap does not say more."""
        return self.groups if self.similarity is None else None

    def regress(self, covariance: str | None = None) -> Regression:
        """Return the regression, with the widest errors that the rows allow unless one is named."""
        if covariance is None:
            known = "HC3" if self.groups is None else "clusters"
            covariance = known if self.similarity is None else "overlap"
        return regress(
            self.y,
            self.named(self.regressors),
            covariance=covariance,
            groups=self.groups,
            overlap=self.overlap,
        )

    def compare_entities(self) -> ModelComparison:
        """Compare the regression with one that has entities in place of the predictor."""
        if self.entities is None:
            raise ValueError("there is no column of entities")
        own = self.named(self.regressors)
        other = {
            self.entities if name == self.predictor else name: (
                self.columns[self.entities] if name == self.predictor else values
            )
            for name, values in own.items()
        }
        return compare_models(self.y, own, other, overlap=self.overlap)

    def threshold(self, form: str, *, n_resamples: int = 1000, seed: int = 0) -> Threshold:
        """Return the threshold of one form."""
        return threshold(
            self.y,
            self.x,
            form=form,
            covariates=self.named(self.covariates),
            groups=self._resampled,
            overlap=self.overlap,
            predictor=self.predictor,
            n_resamples=n_resamples,
            seed=seed,
        )

    def range_sensitivity(
        self, whole: Threshold | None, *, predictor: str | None = None, seed: int = 0
    ) -> RangeSensitivity:
        """Return what the threshold is on smaller ranges; `whole` is that of all rows, if known."""
        return range_sensitivity(
            self.y,
            self.x,
            covariates=self.named(self.covariates),
            whole=whole,
            groups=self._resampled,
            overlap=self.overlap,
            predictor=predictor or self.predictor,
            seed=seed,
        )

    def composition(self, *, seed: int = 0) -> Composition:
        """Return whether the effect of the ratio is one of size."""
        if self.ratio is None:
            raise ValueError("there is no ratio of which size could be the cause")
        ratio, size = self.ratio
        return composition(
            self.y,
            self.columns[ratio],
            self.columns[size],
            predictor=ratio,
            size_name=size,
            overlap=self.overlap,
            seed=seed,
        )

    def smooth(self, *, log: bool | None = None, seed: int = 0) -> Smooth:
        """Return the smooth of the predictor."""
        return smooth(
            self.y,
            self.x,
            others=self.named(self.covariates) or None,
            log=log,
            overlap=self.overlap,
            predictor=self.predictor,
            seed=seed,
        )


def study_columns(table: RunTable, rows: Sequence[RunRow]) -> RunColumns:
    """Take the runs of a study that have a score and at least one sentence.

    Parameters
    ----------
    table : RunTable
    rows : sequence of RunRow
        One learner's.
    """
    f1 = np.array([table.f1(r) for r in rows])
    sentences = np.array([r.features["sentences"] for r in rows], dtype=float)
    good = np.flatnonzero(np.isfinite(f1) & (sentences > 0))
    runs = tuple(rows[i] for i in good.tolist())
    columns = {"f1": f1[good]} | {
        name: np.array([r.features[name] for r in runs], dtype=float)
        for name in ("documents", "sentences", "entities", "tokens")
    }
    columns["EPS"] = columns["entities"] / columns["sentences"]
    return RunColumns(
        response="f1",
        predictor="sentences",
        columns=columns,
        regressors=("sentences", "EPS"),
        ratio=("EPS", "sentences"),
        entities="entities",
        runs=runs,
    )


def set_overlap(runs: Sequence[RunRow]) -> Array | None:
    """Return the overlap of the training sets; None for too few or too many runs."""
    if not _LEAST_OVERLAPS <= len(runs) <= MOST_OVERLAPS:
        return None
    places = {key: i for i, key in enumerate(sorted({k for r in runs for k in r.training_keys}))}
    held = np.zeros((len(runs), len(places)))
    for i, run in enumerate(runs):
        held[i, [places[key] for key in run.training_keys]] = 1.0
    return overlap(held)
