"""Analyse anyone's table of runs: regression, thresholds, smooth and learning curves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.analysis.csv_table import CsvTable
from suffice.analysis.parts import FitParts
from suffice.analysis.run_columns import RunColumns
from suffice.analysis.table_columns import chosen_columns, f1_column, standard_columns
from suffice.analysis.table_result import LearnerAnalysis, TableAnalysis
from suffice.analysis.versus import compare_in_table
from suffice.errors import InputError
from suffice.stats import (
    Variants,
    average_learning_curves,
    compare_shapes,
    fit_variants,
    rank_predictors,
    regress_share,
    size_for_target,
    test_threshold,
)
from suffice.stats._threshold.profile import FORMS
from suffice.wording.caveats import Caveat

LEAST_ROWS = 5
"""Runs of one learner that a learning curve can be drawn through."""

FEW_ROWS = 12
"""With fewer, intervals from resampling the runs are rough, and that is said."""

RATES = (5.0, 2.0, 1.0, 0.5)
"""Points for a hundred sentences, of which the smooth says from where on they are not reached."""


Floats = NDArray[np.float64]


def analyse_table(
    path: Path | str,
    *,
    response: str | None = None,
    predictor: str | None = None,
    covariates: Sequence[str] = (),
    learner: str | None = None,
    pool: int | None = None,
    target_f1: float | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> TableAnalysis:
    """Analyse a CSV file with one row for each run.

    Parameters
    ----------
    path : Path or str
        Its columns, in any order and letter case: ``f1`` (or ``correct``, ``spurious`` and
        ``missed``), ``sentences``, ``eps`` or ``entities``, and, as far as there are,
        ``learner``, ``status``, ``documents``, ``distinct`` (entity strings), ``seen`` (share of
        evaluation entity strings), ``balance`` (of labels), ``tokens``; ``size``, ``replicate`` and
        ``fold``, equal where runs share their training set; and ``in:`` followed by a document's
        name, 1 where the training set holds it.
    response, predictor : str, optional
        Other columns to analyse, instead of F1 on sentences (and EPS); give both or none.
    covariates : sequence of str
        Columns with a linear effect in the thresholds, and smooth terms of their own.
    learner : str, optional
        Only this one; all in turn by default.
    pool : int, optional
        Documents that training sets were drawn from, for the overlap of sets where ``documents`` is
        known and no ``in:`` columns are there.
    target_f1 : float, optional
        The F1 of which the sentences that it takes are wanted.
    n_resamples : int
        Resamples.
    seed : int

    Returns
    -------
    TableAnalysis

    Raises
    ------
    InputError
        The file cannot be used: which line, and what to do.
    """
    table = CsvTable.read(Path(path))
    if (response is None) != (predictor is None):
        raise InputError("`response` and `predictor` belong together", remedy="give both or none")
    if covariates and predictor is None:
        raise InputError("`covariate` needs `response` and `predictor`")
    if target_f1 is not None:
        if response is not None:
            raise InputError("`target_f1` is about F1", remedy="leave out `response`")
        if not 0 < target_f1 < 1:
            raise InputError(
                f"`target_f1` must lie between 0 and 1, not {target_f1:g}", remedy="as 0.85"
            )
    needed = [response] if response else ["f1"] if table.find("f1") else []
    rows, failed = table.usable(needed)
    names = {""}
    by_name: dict[int, str] = dict.fromkeys(rows, "")
    if table.find("learner"):
        by_name = dict(zip(rows, table.text("learner", rows), strict=True))
        names = set(by_name.values())
    if learner is not None:
        if learner not in names:
            raise InputError(
                f"there are no runs of the learner {learner!r}",
                where=table.name,
                remedy=f"its learners are {', '.join(sorted(names))}",
            )
        names = {learner}
    parts, short = [], []
    shared: dict[str, list[int]] = {}
    for name in sorted(names):
        own = shared[name] = [row for row in rows if by_name[row] == name]
        if len(own) < LEAST_ROWS:
            short.append(f"{name or 'the table'} ({len(own)})")
            continue
        if response is not None and predictor is not None:
            runs = chosen_columns(table, own, response, predictor, tuple(covariates))
        else:
            runs = standard_columns(table, own, pool)
        parts.append(_analyse(name, runs, table.name, target_f1, n_resamples, seed))
    if not parts:
        raise InputError(
            f"too few runs: {', '.join(short)}",
            where=table.name,
            remedy=f"an analysis needs at least {LEAST_ROWS} of one learner",
        )
    caveats: list[str] = []
    if short:
        caveats.append(Caveat("too few rows", learners=", ".join(short)))
    if failed:
        caveats.append(Caveat("failed rows", runs=failed))
    used = sum(part.rows for part in parts)
    versus = None
    if response is None:
        f1 = {name: f1_column(table, own).tolist() for name, own in shared.items()}
        versus = compare_in_table(table, shared, f1, pool=pool, seed=seed)
    return TableAnalysis(table.name, used, failed, tuple(parts), versus, tuple(caveats))


def _analyse(
    name: str,
    runs: RunColumns,
    where: str,
    target_f1: float | None,
    n_resamples: int,
    seed: int,
) -> LearnerAnalysis:
    y, x = runs.y, runs.x
    fit = FitParts()
    regressors, beside = runs.named(runs.regressors), runs.named(runs.covariates)
    both: dict[str, Any] = {"groups": runs.groups, "overlap": runs.overlap}
    regression = fit("regression", runs.regress)
    thresholds = {
        form: fit(
            f"threshold ({form})",
            lambda form=form: runs.threshold(  # type: ignore[misc]
                form, n_resamples=n_resamples, seed=seed
            ),
        )
        for form in FORMS
    }
    tests = {
        form: fit(
            f"test of a threshold ({form})",
            lambda form=form: test_threshold(  # type: ignore[misc]
                y,
                x,
                form=form,
                null="linear" if form == "segmented" else "constant",
                covariates=beside,
                seed=seed,
            ),
        )
        for form in FORMS
    }
    positive, share = bool(x.min() > 0), bool(y.min() >= 0 and y.max() <= 1)
    curved = fit("smooth", lambda: runs.smooth(seed=seed))
    curves = None
    if positive and share and not runs.covariates:
        curves = fit(
            "learning curves",
            lambda: average_learning_curves(y, x, predictor=runs.predictor, seed=seed, **both),
        )
    target = None
    if target_f1 is not None and curves is not None:
        target = size_for_target(curves, target_f1)
    rates = RATES if runs.predictor == "sentences" else ()
    found = LearnerAnalysis(
        learner=name,
        rows=len(y),
        response=runs.response,
        predictor=runs.predictor,
        covariates=runs.covariates,
        regression=regression,
        variants=_variants(runs, fit, seed),
        fractional=(
            fit(
                "fractional logit",
                lambda: regress_share(y, regressors, **both),
            )
            if share
            else None
        ),
        entities=(
            fit("entities in place of sentences", runs.compare_entities) if runs.entities else None
        ),
        ranking=(
            fit(
                "ranking",
                lambda: rank_predictors(y, regressors, runs.named(runs.further), seed=seed, **both),
            )
            if runs.further
            else None
        ),
        thresholds={k: v for k, v in thresholds.items() if v is not None},
        tests={k: v for k, v in tests.items() if v is not None},
        shapes=fit("shapes", lambda: compare_shapes(y, x, covariates=beside, seed=seed)),
        sensitivity=(
            fit(
                "range sensitivity",
                lambda: runs.range_sensitivity(thresholds["upperhinge"], seed=seed),
            )
            if positive
            else None
        ),
        composition=(
            fit("composition", lambda: runs.composition(seed=seed)) if runs.ratio else None
        ),
        smooth=curved,
        marginal=tuple(curved.marginal_return(r) for r in rates) if curved else (),
        curves=curves,
        target=target,
        not_fitted=fit.not_fitted,
        caveats=(*_warn_of_few(len(y), x), *runs.notes, *fit.caveats),
        _points=(x, y),
    )
    if regression is None and not found.thresholds and curves is None:
        raise InputError(fit.not_fitted["regression"], where=where)
    return found


def _warn_of_few(rows: int, x: Floats) -> tuple[str, ...]:
    if rows >= FEW_ROWS:
        return ()
    return (Caveat("few runs", runs=rows, sizes=len(np.unique(x)), least=FEW_ROWS),)


def _variants(runs: RunColumns, fit: FitParts, seed: int) -> Variants | None:
    if runs.ratio is None or not set(runs.ratio) <= set(runs.regressors):
        return None
    ratio, size = runs.ratio
    return fit(
        "other models",
        lambda: fit_variants(
            runs.y,
            runs.named(runs.regressors),
            size=size,
            ratio=ratio,
            groups=runs.groups if runs.similarity is None else None,
            overlap=runs.overlap,
            seed=seed,
        ),
    )
