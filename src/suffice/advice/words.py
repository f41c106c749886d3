"""The words that answers are said in."""

from __future__ import annotations

import math
from statistics import median

from suffice.advice.result import AtSize, Estimate
from suffice.advice.verdicts import SURE
from suffice.analysis.result import Analysis, Annotators, Studied
from suffice.analysis.versus import Versus
from suffice.results import counted
from suffice.scoring import Measure
from suffice.stats import Equivalence, EvaluationEffect, PairedDifference, Screening

MOST_PEOPLE = 3
"""More annotators than these are told and drawn by their median."""

_GROUPED = 0.9
"""With more units than this part of the documents (a few twins) no groups are spoken of."""

EDGES = (round(1 - SURE, 2), 0.5, SURE)
"""Probabilities at which verdicts change."""

_LITTLE = 0.9
"""A variance that keeps more than this part of itself has hardly become smaller."""

_ENOUGH_UNITS = 100
"""With fewer evaluation units the interval of what they do covers 90 to 93 % and not 95."""

_TOO_WIDE = 0.1
"""A difference whose interval is wider than ten points of F1 says hardly anything."""


def f1(value: float) -> str:
    """Write F1 with two decimals and no leading zero: ``.87``."""
    if math.isnan(value):
        return "n/a"
    return f"{value:.2f}".removeprefix("0")


def f1_interval(estimate: Estimate) -> str:
    """Write F1 with its interval: ``.87 (.84–.90)``."""
    return f"{f1(estimate.value)} ({f1(estimate.low)}–{f1(estimate.high)})"


def points(value: float) -> str:
    """Write a difference in F1 in points, with its sign unless it is 0.0: ``+1.3``."""
    written = f"{100 * value:+.1f}".replace("-", "−")
    return "0.0" if written in ("+0.0", "−0.0") else written


def about(value: float) -> str:
    """Write a size with two significant digits: ``2,300``; ``no bound`` where infinite."""
    if not math.isfinite(value):
        return "no bound"
    if value < 10:
        return f"{value:.0f}"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.0f}"


def span(low: float, high: float) -> str:
    """Write a range of sizes: ``1,900–3,400``."""
    return about(low) if about(low) == about(high) else f"{about(low)}–{about(high)}"


def hours(value: float) -> str:
    """Write a time in hours, or minutes where it is short."""
    if not math.isfinite(value):
        return "no bound"
    if value < 1.5:
        return f"{about(max(60 * value, 1.0) if value > 0 else 0.0)} min"
    return f"{about(value)} h"


def duration(seconds: float) -> str:
    """Write seconds as people say them: ``3 min 50 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def studied_line(s: Studied, confirm: str) -> str:
    """Say what was studied."""
    kind = "synthetic corpus" if s.synthetic else "corpus"
    part = "" if s.studied == s.documents else f"{s.studied:,} of "
    names = ", ".join(list(s.labels)[:4]) + (" …" if len(s.labels) > 4 else "")
    runs = counted(s.runs, f"{s.learner} run")
    if s.screen:
        runs += f" and {counted(s.screen_runs, f'{s.screen} run')} to screen"
    if s.pairs:
        runs += f" and {counted(s.pairs, f'{confirm} run')}"
    return (
        f"{kind} {s.name}: {part}{counted(s.documents, 'document')} ({divided(s)}), "
        f"{s.sentences:,} sentences, {s.entities:,} entities ({names}); "
        f"{runs} in {duration(s.spent)}"
    )


def divided(s: Studied) -> str:
    """Say which documents train and which evaluate."""
    if s.rotating:
        others = s.evaluation / s.folds
        exact = others == s.evaluation - s.pool
        return (
            f"each model trains on up to {s.pool:,} of them and is scored on "
            f"{'' if exact else 'about '}{others:,.0f} others; every document takes its turn at "
            "both"
        )
    if s.folds:
        return f"{s.folds} folds, one model for each"
    if s.test:
        return f"{s.pool:,} to train on; {s.evaluation:,} in the test set, which trains no model"
    return f"models train on up to {s.pool:,} of them and are scored on the other {s.evaluation:,}"


def now_line(analysis: Analysis, now: AtSize) -> str:
    """Say where F1 stands with all annotated documents, and whether that is extrapolated."""
    s = analysis.studied
    sentences = now.documents * s.sentences_per_document
    same = now.documents == s.studied and not s.test
    known = f"{s.sentences:,}" if same else f"about {about(sentences)}"
    line = (
        f"with {all_documents(s)} ({known} sentences) "
        f"the {s.learner}'s {analysis.measure.name} is {f1_interval(now)}, 95 % interval"
    )
    if now.extrapolated:
        line += f"; {extrapolation(now.largest)}"
    if analysis.gap:
        line += f". {gap_sentence(analysis.gap, analysis.gap_learner, s.learner)}"
    return line


def all_documents(s: Studied) -> str:
    """Name what a model can be trained on; nobody is told to train on a test set."""
    return f"all {s.annotated:,} {'documents to train on' if s.test else 'annotated documents'}"


def extrapolation(largest: int) -> str:
    """Say from where on F1 is extrapolated."""
    return f"extrapolated from training sets of up to {counted(largest, 'document')}"


def source_name(name: str, s: Studied) -> str:
    """Name a source of uncertainty as it is in this study."""
    pool = s.studied if s.rotating else s.pool
    held = counted(s.evaluation, "test document" if s.test else "evaluation document")
    if s.evaluation_units < _GROUPED * s.evaluation:
        held += f" in {counted(s.evaluation_units, 'group')}"
    return {
        "evaluation": f"the {held}",
        "pool": f"the {counted(pool, 'document')} that training sets are drawn from",
        "runs": f"the scatter of the {counted(s.runs, 'run')}",
        "form": "not knowing the form of the curve",
    }.get(name, name)


def annotators_line(found: Annotators) -> str:
    """Say how far annotators agree, in the measure of the model, and what that does not mean."""
    line = (
        f"{counted(found.annotators, 'annotator')} agree with each other with F1 "
        f"{_f1_of(found.between)} on {counted(found.documents, 'document')}"
    )
    known = [g for g in found.gold if not math.isnan(g[0])]
    if len(known) > MOST_PEOPLE:
        values = [value for value, _, _ in known]
        line += (
            f", and with the reconciled spans with {f1(median(values))} in the median, from "
            f"{f1(min(values))} to {f1(max(values))}"
        )
    elif known:
        line += f", and with the reconciled spans with {' and '.join(map(_f1_of, known))}"
    return (
        f"{line}. That is no bound on a model, which may score higher against reconciled spans "
        "than annotators against each other"
    )


def _f1_of(values: tuple[float, float, float]) -> str:
    value, low, high = values
    return f1(value) if math.isnan(low) else f1_interval(Estimate(value, low, high))


def larger_sentence(effect: EvaluationEffect, s: Studied) -> str:
    """Say what more evaluation documents would make of the interval.

    With an interval for their own part alone, and where there are many of them: that of the whole
    covers less often than it says, and few documents say little about their variance.
    """
    asked = about(effect.asked * s.evaluation / max(s.evaluation_units, 1))
    kind = "documents" if s.folds else "evaluation documents"
    said = f"with {asked} {kind} it would be about ±{_short(effect.value)} points"
    known = math.isfinite(effect.part_high) and _short(effect.part_high) != "0"
    if s.evaluation_units < _ENOUGH_UNITS or not known:
        return said
    return (
        f"{said}, ±{_short(effect.part)} of them (95 % interval {_short(effect.part_low)} to "
        f"{_short(effect.part_high)}) from the {kind} themselves"
    )


def _short(value: float) -> str:
    """Write points with one decimal and no leading zero: ``2.8``, ``.3``."""
    return f"{100 * value:.1f}".removeprefix("0") if value >= 0.0005 else "0"


def gap_sentence(gap: PairedDifference, confirm: str, learner: str) -> str:
    """Say how far the studied learner is from the one that would be deployed."""
    sizes = span(gap.smallest, gap.largest)
    side = "above" if gap.mean >= 0 else "below"
    said = (
        f"On the same training sets ({counted(gap.pairs, 'pair')}, {sizes} documents) {confirm} is "
        f"{100 * abs(gap.mean):.1f} points {side} the {learner} "
        f"({points(gap.low)} to {points(gap.high)})"
    )
    return f"{said}: too few pairs to tell" if gap.high - gap.low > _TOO_WIDE else said


def screening_sentence(found: Screening, s: Studied) -> str:
    """Say how much the cheap learner's runs helped."""
    runs = counted(found.runs, f"{s.learner} run")
    if not found.used:
        return f"The {s.screen} did not help ({found.reason}): this is from the {runs} alone"
    if found.worth < found.runs + 0.5:
        return f"The {s.screen} narrows the curve of the {runs} at smaller sizes only"
    said = (
        f"With the {s.screen} the {runs} say as much as {about(found.worth)} alone: the runs' part "
        f"of the variance is {f1(found.run_ratio)} of what it was, the whole "
        f"{f1(found.whole_ratio)}"
    )
    if found.whole_ratio > _LITTLE:
        said += ", since documents and not runs make most of it"
    return said


def ranking_sentence(found: Versus) -> str:
    """Say who ranks where, on the training sets that all learners share."""
    ranks = [
        f"{name} {best}" if best == worst else f"{name} {best} to {worst}"
        for name, (best, worst) in zip(found.ranking.names, found.ranking.ranks, strict=True)
    ]
    return (
        f"On the same {counted(found.shared, 'training set')} of "
        f"{span(found.smallest, found.largest)} documents the ranks that "
        f"cannot be ruled out, all at once with {100 * found.ranking.level:g} % confidence, are: "
        f"{', '.join(ranks)}"
    )


def equivalence_sentence(found: Equivalence, learner: str, best: str, measure: Measure) -> str:
    """Say whether a learner is no worse than the best one by the margin: a point."""
    points_ = f"{100 * found.margin:g} {'point' if found.margin == 0.01 else 'points'}"
    far = f"{points_} of {measure.name}"
    said = {
        "equivalent": f"{learner} and {best} are less than {far} apart",
        "no worse": f"{learner} is worse than {best} by less than {far}, if at all",
        "no better": f"{learner} is not better than {best} by {far}; whether it is worse by as "
        "much cannot be told",
        "cannot tell": f"whether {learner} and {best} are less than {far} apart cannot be told",
    }[found.verdict]
    gap = found.difference
    if found.verdict == "no better" and gap.high <= -found.margin:
        said = f"{learner} is worse than {best} by more than {far}"
    return (
        f"{said} (difference {points(gap.mean)}, 95 % interval {points(gap.low)} to "
        f"{points(gap.high)})"
    )


def doubling_line(doubling: Estimate, measure: Measure) -> str:
    """Say what twice as many annotated documents would bring."""
    line = (
        f"twice as many annotated documents bring {points(doubling.value)} points of "
        f"{measure.name} (95 % interval {points(doubling.low)} to {points(doubling.high)})"
    )
    if doubling.high < 0.01:
        line += ": hardly worth annotating for"
    return line


def doubling_headline(doubling: Estimate, measure: Measure) -> str:
    """Say in one sentence what is known without a target."""
    if doubling.high < 0.01:
        return "More text like this would hardly help: doubling it brings less than a point."
    if doubling.low > 0.01:
        return f"More text would help: doubling it brings more than a point of {measure.name}."
    return f"Doubling the text may or may not bring a point of {measure.name}; name a --target-f1."


def money(value: float) -> str:
    """Write a cost: two significant digits, and hundredths below 1."""
    return f"{value:.2f}" if 0 < value < 1 else about(value)


def probability(value: float) -> str:
    """Write a probability; never 0 and never 1, which draws cannot show.

    Nor is one that has not crossed an edge where verdicts change rounded onto that edge: .949 is
    ``.94``, not the ``.95`` that makes a sure answer.
    """
    if value > 0.99 or value < 0.01:
        return ">.99" if value > 0.99 else "<.01"
    written = round(value, 2)
    if any(value < edge <= written for edge in EDGES):
        written -= 0.01
    return f1(written)
