"""The rows of the report's tables, every cell in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from suffice.advice.result import Advice, Estimate, Required
from suffice.analysis.result import LabelScore, Studied, TrainingDensity
from suffice.analysis.versus import Versus
from suffice.report.points import Points, SizeSummary, by_size
from suffice.report.table import Table
from suffice.scoring import Measure
from suffice.stats import RangeSensitivity, Regression, Screening, Threshold
from suffice.stats._f1 import plotting
from suffice.stats._regression.fit import INTERCEPT
from suffice.stats._threshold.profile import FORMS
from suffice.wording import numbers
from suffice.wording.numbers import counted, ends, half_width, number, p_sign, p_value, size

BEYOND = plotting.BEYOND
"""The curve is shown to this many times the largest size studied."""


def sizes_shown(advice: Advice, most: int = 5) -> list[float]:
    """Return sizes in documents for the table of F1(n): studied ones, those there, and beyond."""
    curve, pool = advice.analysis.curve, float(advice.analysis.studied.pool)
    now = float(advice.now.documents)
    inside = curve.sizes[curve.sizes <= pool]
    wanted = np.geomspace(curve.sizes[0], pool, most)
    chosen = {float(inside[np.abs(np.log(inside / w)).argmin()]) for w in wanted}
    chosen |= {pool, now, 2 * now, BEYOND * curve.largest}
    ordered = sorted(n for n in chosen if curve.grid[0] <= n <= curve.grid[-1])
    kept: list[float] = []
    for n in ordered:  # sizes that nearly agree would only repeat each other
        if kept and n / kept[-1] < 1.06:
            if n not in (pool, now):
                continue
            if kept[-1] not in (pool, now):
                kept.pop()
        kept.append(n)
    return kept


def curve(advice: Advice) -> Table:
    """Return F1(n) at a few sizes."""
    found, s, at_n = advice.analysis.curve, advice.analysis.studied, advice.analysis.measure.at_n
    rows = []
    for n in sizes_shown(advice):
        mean, low, high = found.at(n)
        one_low, one_high = (
            float(np.interp(np.log(n), np.log(found.grid), line))
            for line in (found.one_low, found.one_high)
        )
        marks = []
        if n == s.pool:
            marks.append("the present pool")
        if n == s.annotated:
            marks.append("all annotated")
        if n > found.largest:
            marks.append("extrapolated")
        rows.append(
            (
                f"{size(n)} ({', '.join(marks)})" if marks else size(n),
                numbers.about(n * s.sentences_per_document),
                numbers.f1(mean),
                f"{numbers.f1(low)}–{numbers.f1(high)}",
                f"{numbers.f1(one_low)}–{numbers.f1(one_high)}",
            )
        )
    return Table(
        f"{at_n} by the number of training documents",
        ("Documents", "Sentences, about", at_n, "95 % interval", "80 % of single models"),
        tuple(rows),
        note=f"{at_n} is the mean over training sets of that size; a single model of that size "
        "lies within the last range four times in five, on new documents.",
    )


def labels(scores: Sequence[LabelScore], name: str) -> Table:
    """Return F1 (or another score, of that name) of each label."""
    rows = tuple(
        (
            s.label,
            f"{s.entities:,}",
            numbers.f1(s.value),
            "n/a" if math.isnan(s.low) else f"{numbers.f1(s.low)}–{numbers.f1(s.high)}",
            "; ".join(s.caveats),
        )
        for s in scores
    )
    heads = ("Label", "Entities evaluated", name, "95 % interval", "")
    title = f"Exact {name} of each label, trained on all annotated documents"
    return Table(title, heads, rows)


def learners(found: Versus) -> Table:
    """Return learners by rank, with the tests against the best one."""
    rows = []
    for name, mean, (best, worst) in zip(
        found.ranking.names, found.ranking.f1, found.ranking.ranks, strict=True
    ):
        test = found.equivalences.get(name)
        worse = "" if test is None else p_value(test.p_worse)
        place = f"{best}" if best == worst else f"{best} to {worst}"
        rows.append((name, numbers.f1(mean), place, worse))
    return Table(
        "Learners on the training sets that they share",
        ("Learner", f"Mean {found.measure.name}", "Rank", "P (a point worse)"),
        tuple(rows),
        note=f"P tests the hypothesis that a learner is worse than {found.best} by a point or "
        "more: a small P rejects it.",
    )


def required(found: Required, smallest: float, measure: Measure) -> Table:
    """Return what the target takes.

    Parameters
    ----------
    found : Required
        The requirements in the advice.
    smallest : float
        Sentences in all for the smallest size studied: smaller answers cannot be distinguished.
    measure : Measure
        What the target is of.
    """

    def sentences(e: Estimate) -> tuple[str, str]:
        middle, interval = _cells(e, numbers.about, found.limit)
        if math.isfinite(e.value) and e.value <= smallest * 1.001:
            middle = f"at most {middle}"
        return middle, interval

    rows = [
        (f"Annotated sentences in all, for {measure.at_n}", *sentences(found.sentences)),
        (
            "Of these, still to be annotated",
            *_cells(found.more, numbers.about, found.limit - found.present),
        ),
        ("Hours of annotating", *_cells(found.hours, numbers.hours)),
    ]
    if found.cost is not None:
        rows.append(
            ("Cost, in the currency of the hourly rate", *_cells(found.cost, numbers.money))
        )
    rows += [
        (
            "Annotated sentences in all, for one model with probability .8",
            *sentences(found.one_model),
        ),
        (
            "Probability that it is reached with all annotated documents",
            numbers.probability(found.reached),
            "",
        ),
        (
            f"Probability that it is not reached within {numbers.about(found.limit)} sentences",
            numbers.probability(found.beyond),
            "",
        ),
    ]
    return Table(
        f"What {measure.name} {numbers.f1(found.target)} takes",
        ("", "Median", "95 % interval"),
        tuple(rows),
        note="The model to be deployed is trained on all annotated sentences. The study says "
        "nothing beyond {numbers.about(found.limit)} sentences.",
    )


def _cells(
    e: Estimate, write: Callable[[float], str], most: float | None = None
) -> tuple[str, str]:
    """Write a median and its interval; what is infinite is over `most`, where that is given."""
    beyond = "cannot tell" if most is None else f"over {write(most)}"
    middle, low, high = (
        write(value) if math.isfinite(value) else beyond for value in (e.value, e.low, e.high)
    )
    if low == high:
        return middle, low
    return middle, f"from {low}" if high == "cannot tell" else f"{low} to {high}"


def regression(found: Regression) -> Table:
    """Return the paper's regression."""
    rows = []
    for name in found.predictors:
        c = found.standardized[name]
        rows.append(
            (
                name,
                number(c.estimate, 3),
                ends(*c.interval, 3),
                p_value(c.p),
                number(found.vif[name]),
            )
        )
    assert INTERCEPT not in found.predictors
    return Table(
        f"F1 of {counted(found.n, 'run')} regressed on {' and '.join(found.predictors)}",
        ("Predictor", "Standardised β", f"{100 * found.level:g} % CI", "P", "VIF"),
        tuple(rows),
        note=f"R² {number(found.r2, 3)}, adjusted {number(found.adjusted_r2, 3)}; "
        f"F({found.df[0]}, {found.df[1]}) = {number(found.f, 1)}, P {p_sign(found.p)}; "
        f"{found.covariance} errors. Each P tests a straight line in this predictor, given "
        "straight lines in the others.",
    )


def thresholds(found: Sequence[Threshold]) -> Table:
    """Return thresholds of F1 by their form."""
    rows = tuple(
        (FORMS[t.form], size(t.estimate), _sizes(*t.interval), f"{t.n:,}", number(t.aic, 1))
        for t in found
    )
    predictor = found[0].predictor
    return Table(
        f"Threshold of F1 on training {predictor}",
        ("Form", f"Threshold, {predictor}", "95 % interval", "Runs", "AIC"),
        rows,
    )


def _sizes(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return "n/a"
    below, above = size(low), size(high)
    return f"about {below}" if below == above else f"{below}–{above}"


def screening(found: Screening, s: Studied) -> Table:
    """Return what the cheap learner's runs make of the interval, at each size."""
    rows = []
    for n, placed, run, whole in zip(
        found.sizes, found.placed, found.run_ratios, found.whole_ratios, strict=True
    ):
        ends_of = (found.alone.at(float(n)), found.curve.at(float(n)))
        half = [half_width((high - low) / 2) for _, low, high in ends_of]
        rows.append(
            (
                size(float(n)),
                numbers.about(float(n) * s.sentences_per_document),
                f"{placed:,}",
                half[0],
                half[1],
                number(float(run)),
                number(float(whole)),
            )
        )
    chosen = (
        f" Their training sets were chosen from {s.screen_frame} random ones of each size, spread "
        "evenly over entities per sentence with a random start: all sets of a size had the same "
        "probability."
        if s.screen_frame
        else ""
    )
    return Table(
        f"What the {s.screen} makes of the interval",
        (
            "Documents",
            "Sentences, about",
            "Runs",
            "Alone",
            "With it",
            "Runs’ part",
            "Whole",
        ),
        tuple(rows),
        note=f"Runs of the {s.learner}. Half-widths of the 95 % interval of F1(n) in points, alone "
        f"and with the {s.screen}; then the ratio, with to without, of the runs’ part of the "
        "variance and of the whole."
        f"{chosen}",
    )


def sensitivity(found: RangeSensitivity) -> Table:
    """Return the threshold with the largest training sets left out."""
    rows = tuple(
        (f"{100 * share:.0f} %", size(top), f"{n:,}", size(at), _sizes(low, high))
        for share, top, n, at, low, high in zip(
            found.shares.tolist(),
            found.largest.tolist(),
            found.rows.tolist(),
            found.thresholds.tolist(),
            found.lower.tolist(),
            found.upper.tolist(),
            strict=True,
        )
    )
    heads = ("Range kept", "Largest set", "Runs", "Threshold", "95 % interval")
    title = f"The threshold with the largest training sets left out ({found.predictor})"
    return Table(title, heads, rows)


def density(found: TrainingDensity) -> Table:
    """Return entities per sentence of evaluation and training sets."""
    interval = ends(found.evaluation_low, found.evaluation_high)
    rows = [
        ("Evaluation set", number(found.evaluation), f"95 % interval {interval}"),
        (
            "Training sets, mean",
            number(found.training_mean),
            f"SD {number(found.training_sd)}, from {number(found.training_least)} "
            f"to {number(found.training_most)}",
        ),
    ]
    return Table("Entities per sentence (EPS)", ("", "EPS", "Spread"), tuple(rows))


def runs(points: Points, sentences_per_document: float, name: str) -> Table:
    """Return the runs by size, with their mean score of that name."""
    rows = tuple(_run_row(s, sentences_per_document) for s in by_size(points))
    return Table(
        "Runs by training-set size",
        ("Documents", "Sentences, about", "Runs", f"Mean {name}", "SD", "Mean seconds to train"),
        rows,
    )


def _run_row(s: SizeSummary, scale: float) -> tuple[str, ...]:
    sd = "n/a" if math.isnan(s.sd) else f"{s.sd:.3f}".removeprefix("0")
    documents = size(s.smallest)
    if s.largest > s.smallest:
        documents += f"–{size(s.largest)}"
    about = numbers.span(s.smallest * scale, s.largest * scale)
    return documents, about, f"{s.runs:,}", numbers.f1(s.mean), sd, number(s.seconds, 1)
