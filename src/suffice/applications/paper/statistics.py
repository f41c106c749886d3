"""The paper's statistics of a study's runs: Tables 2 to 4, Figure 1, and what tests them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from suffice.analysis.parts import FitParts
from suffice.analysis.run_columns import MOST_OVERLAPS, RunColumns, set_overlap
from suffice.applications.paper.published import PaperSpread
from suffice.applications.paper.result import Statistics, Widths
from suffice.stats import Smooth, Threshold, f1_curve
from suffice.stats._threshold.profile import FORMS
from suffice.study.table import RunTable


def statistics(runs: RunColumns, fit: FitParts, *, seed: int = 0) -> Statistics:
    """Compute the paper's tables.

    Parameters
    ----------
    runs : RunColumns
        One learner's, from `study_columns`.
    fit : FitParts
        Takes the reasons why parts are missing.
    seed : int
        Random seed.
    """
    chosen = np.unique(np.linspace(0, len(runs.y) - 1, MOST_OVERLAPS).round().astype(int))
    few = replace(
        runs,
        columns={name: values[chosen] for name, values in runs.columns.items()},
        similarity=set_overlap([runs.runs[i] for i in chosen]),
    )
    thresholds: dict[str, dict[str, Threshold]] = {}
    smooths: dict[str, Smooth] = {}
    for name in runs.regressors:
        on = replace(runs, predictor=name)
        fitted = {
            form: fit(
                f"threshold of {name} ({form})",
                lambda form=form, on=on: on.threshold(form, seed=seed),  # type: ignore[misc]
            )
            for form in FORMS
        }
        thresholds[name] = {form: found for form, found in fitted.items() if found is not None}
        curve = fit(f"smooth of {name}", partial(on.smooth, log=False, seed=seed))
        if curve is not None:
            smooths[name] = curve
    sentences, entities = runs.columns["sentences"], runs.columns["entities"]
    varies = len(runs.y) > 1 and np.ptp(sentences) > 0 and np.ptp(entities) > 0
    return Statistics(
        features=_features(runs),
        correlation_entities=(
            float(np.corrcoef(sentences, entities)[0, 1]) if varies else float("nan")
        ),
        regression=fit("regression", lambda: runs.regress("ordinary")),
        overlap_regression=fit("regression with shared documents", lambda: few.regress("overlap")),
        overlap_runs=len(chosen),
        entities=fit("entities instead of sentences", runs.compare_entities),
        thresholds=thresholds,
        smooths=smooths,
        sensitivity=fit(
            "range sensitivity",
            lambda: runs.range_sensitivity(
                thresholds["sentences"].get("upperhinge"),
                predictor="number of sentences",
                seed=seed,
            ),
        ),
        composition=fit("composition", lambda: runs.composition(seed=seed)),
    )


def widths(
    table: RunTable, learner: str, columns: RunColumns, least: int, *, seed: int = 0
) -> Widths:
    """Compare the interval over runs with one that accounts for pool and evaluation documents.

    Parameters
    ----------
    table : RunTable
    learner : str
        Its id in the table.
    columns : RunColumns
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
    documents = columns.columns["documents"]
    top = documents >= least
    count = int(top.sum())
    if count < 2:
        raise ValueError("the stratum of the largest sets has fewer than two runs")
    ids = {r.id for r in columns.runs}
    runs = table.runs(learner, places=table.places(learner, ids))
    if runs is None:
        raise ValueError("no runs")
    size = float(documents[top].mean())
    mean = float(columns.y[top].mean())
    error = 1.96 * float(columns.y[top].std(ddof=1)) / np.sqrt(count)
    curve = f1_curve(runs, reach=float(documents.max()), seed=seed)
    _, low, high = curve.at(size)
    return Widths(
        runs=count,
        documents=size,
        mean=mean,
        naive=(mean - error, mean + error),
        honest=(low, high),
        caveats=curve.caveats,
    )


def _features(runs: RunColumns) -> dict[str, PaperSpread]:
    names = {n: n for n in ("documents", "sentences", "entities", "tokens", "EPS")} | {"F1": "f1"}
    return {
        shown: PaperSpread(
            float(x.min()),
            float(x.max()),
            float(x.mean()),
            float(x.std(ddof=1)) if len(x) > 1 else float("nan"),
        )
        for shown, x in ((shown, runs.columns[name]) for shown, name in names.items())
    }
