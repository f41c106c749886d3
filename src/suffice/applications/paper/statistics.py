"""The paper's statistics of a study's runs: Tables 2 to 4, Figure 1, and what tests them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suffice.analysis.parts import FitParts
from suffice.applications.paper.published import PaperSpread
from suffice.applications.paper.result import Statistics, Widths
from suffice.runs.store import RunRow
from suffice.stats import (
    Smooth,
    Threshold,
    compare_models,
    composition,
    f1_curve,
    overlap,
    range_sensitivity,
    regress,
    smooth,
    threshold,
)
from suffice.stats._threshold.profile import FORMS
from suffice.study.table import RunTable

MOST_OVERLAPS = 600
"""Runs that errors with shared documents are worked out for; a matrix of runs by runs."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PaperColumns:
    """The runs that can be analysed, as columns.

    Parameters
    ----------
    rows : tuple of RunRow
    f1, documents, sentences, entities, tokens : ndarray, shape (runs,)
    """

    rows: tuple[RunRow, ...]
    f1: Floats
    documents: Floats
    sentences: Floats
    entities: Floats
    tokens: Floats

    @classmethod
    def of(cls, table: RunTable, rows: list[RunRow]) -> PaperColumns:
        """Take runs with a score and at least one sentence."""
        f1 = np.array([table.f1(r) for r in rows])
        sentences = np.array([r.features["sentences"] for r in rows], dtype=float)
        good = np.flatnonzero(np.isfinite(f1) & (sentences > 0))
        kept = tuple(rows[i] for i in good)

        def column(name: str) -> Floats:
            return np.array([r.features[name] for r in kept], dtype=float)

        return cls(
            kept,
            f1[good],
            column("documents"),
            column("sentences"),
            column("entities"),
            column("tokens"),
        )

    @property
    def eps(self) -> Floats:
        """Return entities per sentence."""
        return self.entities / self.sentences


def statistics(c: PaperColumns, fit: FitParts, *, seed: int = 0) -> Statistics:
    """Compute the paper's tables.

    Parameters
    ----------
    c : PaperColumns
        The columns of one learner's runs.
    fit : FitParts
        Takes the reasons why parts are missing.
    seed : int
        Random seed.
    """
    predictors = {"sentences": c.sentences, "EPS": c.eps}
    chosen = np.unique(np.linspace(0, len(c.f1) - 1, MOST_OVERLAPS).round().astype(int))
    similarity = _overlap([c.rows[i] for i in chosen])
    part = {name: values[chosen] for name, values in predictors.items()}
    thresholds: dict[str, dict[str, Threshold]] = {name: {} for name in predictors}
    smooths: dict[str, Smooth] = {}
    for name, x in predictors.items():
        for form in FORMS:
            fitted = fit(f"threshold of {name} ({form})", _threshold(c.f1, x, form, name, seed))
            if fitted is not None:
                thresholds[name][form] = fitted
        curve = fit(f"smooth of {name}", _smooth(c.f1, x, name, seed))
        if curve is not None:
            smooths[name] = curve
    varies = len(c.f1) > 1 and np.ptp(c.sentences) > 0 and np.ptp(c.entities) > 0
    return Statistics(
        features=_features(c),
        correlation_entities=(
            float(np.corrcoef(c.sentences, c.entities)[0, 1]) if varies else float("nan")
        ),
        regression=fit(
            "regression",
            lambda: regress(c.f1, predictors, covariance="ordinary", overlap="unknown"),
        ),
        overlap_regression=fit(
            "regression with shared documents",
            lambda: regress(c.f1[chosen], part, covariance="overlap", overlap=similarity),
        ),
        overlap_runs=len(chosen),
        entities=fit(
            "entities instead of sentences",
            lambda: compare_models(
                c.f1, predictors, {"entities": c.entities, "EPS": c.eps}, overlap="unknown"
            ),
        ),
        thresholds=thresholds,
        smooths=smooths,
        sensitivity=fit(
            "range sensitivity",
            lambda: range_sensitivity(
                c.f1,
                c.sentences,
                whole=thresholds["sentences"].get("upperhinge"),
                predictor="number of sentences",
                overlap="unknown",
                seed=seed,
            ),
        ),
        composition=fit(
            "composition",
            lambda: composition(c.f1, c.eps, c.sentences, overlap="unknown", seed=seed),
        ),
    )


def _threshold(f1: Floats, x: Floats, form: str, name: str, seed: int) -> Callable[[], Threshold]:
    return lambda: threshold(
        f1, x, form=form, predictor=name, overlap="unknown", n_resamples=1000, seed=seed
    )


def _smooth(f1: Floats, x: Floats, name: str, seed: int) -> Callable[[], Smooth]:
    return lambda: smooth(f1, x, predictor=name, overlap="unknown", seed=seed)


def widths(table: RunTable, learner: str, c: PaperColumns, least: int, *, seed: int = 0) -> Widths:
    """Compare the interval over runs with one that accounts for pool and evaluation documents.

    Parameters
    ----------
    table : RunTable
    learner : str
        Its id in the table.
    c : PaperColumns
        Its runs.
    least : int
        Documents from which on a training set belongs to the last stratum.
    seed : int
        Random seed.

    Raises
    ------
    ValueError
        Fewer than two runs in the stratum, or too few for a curve.
    """
    top = c.documents >= least
    count = int(top.sum())
    if count < 2:
        raise ValueError("the stratum of the largest sets has fewer than two runs")
    ids = {r.id for r in c.rows}
    runs = table.runs(learner, places=table.places(learner, ids))
    if runs is None:
        raise ValueError("no runs")
    size = float(c.documents[top].mean())
    mean = float(c.f1[top].mean())
    error = 1.96 * float(c.f1[top].std(ddof=1)) / np.sqrt(count)
    curve = f1_curve(runs, reach=float(c.documents.max()), seed=seed)
    _, low, high = curve.at(size)
    return Widths(
        runs=count,
        documents=size,
        mean=mean,
        naive=(mean - error, mean + error),
        honest=(low, high),
        caveats=curve.caveats,
    )


def _features(c: PaperColumns) -> dict[str, PaperSpread]:
    columns = {
        "documents": c.documents,
        "sentences": c.sentences,
        "entities": c.entities,
        "tokens": c.tokens,
        "EPS": c.eps,
        "F1": c.f1,
    }
    return {
        name: PaperSpread(
            float(x.min()),
            float(x.max()),
            float(x.mean()),
            float(x.std(ddof=1)) if len(x) > 1 else float("nan"),
        )
        for name, x in columns.items()
    }


def _overlap(rows: list[RunRow]) -> Floats:
    places = {key: i for i, key in enumerate(sorted({k for r in rows for k in r.training_keys}))}
    held = np.zeros((len(rows), len(places)))
    for i, row in enumerate(rows):
        held[i, [places[key] for key in row.training_keys]] = 1.0
    return overlap(held)
