"""The sentences of an answer."""

from __future__ import annotations

import math
from statistics import median

from suffice.advice.result import AtSize, Estimate
from suffice.analysis.result import Analysis, Annotators, Studied
from suffice.analysis.versus import Versus
from suffice.scoring import Measure
from suffice.stats import Equivalence, EvaluationEffect, PairedDifference, Screening
from suffice.wording.numbers import (
    about,
    counted,
    duration,
    f1,
    f1_interval,
    points,
    short_points,
    span,
)
from suffice.wording.sources import SOURCES

MOST_PEOPLE = 3
"""With more annotators than these, only their median is named and drawn."""

_GROUPED = 0.9
"""With more units than this share of the documents (a few twins), groups are not mentioned."""

_LITTLE = 0.9
"""A variance that keeps more than this share of itself has hardly become smaller."""

_ENOUGH_UNITS = 100
"""With fewer evaluation units the interval of their effect covers 90 to 93 %, not 95."""

_TOO_WIDE = 0.1
"""A difference whose interval is wider than ten points of F1 says hardly anything."""


def describe_study(s: Studied, confirm: str) -> str:
    """Say what was studied."""
    kind = "synthetic corpus" if s.synthetic else "corpus"
    part = "" if s.studied == s.documents else f"{s.studied:,} of "
    names = ", ".join(list(s.labels)[:4]) + (" …" if len(s.labels) > 4 else "")
    runs = counted(s.runs, f"{s.learner} run")
    if s.screen:
        runs += f" and {counted(s.screen_runs, f'{s.screen} screening run')}"
    if s.pairs:
        runs += f" and {counted(s.pairs, f'{confirm} run')}"
    return (
        f"{kind} {s.name}: {part}{counted(s.documents, 'document')} ({describe_split(s)}), "
        f"{s.sentences:,} sentences, {s.entities:,} entities ({names}); "
        f"{runs} in {duration(s.spent)}"
    )


def describe_split(s: Studied) -> str:
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
        return f"{s.pool:,} for training; {s.evaluation:,} in the test set, which train no model"
    return f"models train on up to {s.pool:,} of them and are scored on the other {s.evaluation:,}"


def describe_now(analysis: Analysis, now: AtSize) -> str:
    """Say where F1 stands with all annotated documents, and whether that is extrapolated."""
    s = analysis.studied
    sentences = now.documents * s.sentences_per_document
    same = now.documents == s.studied and not s.test
    known = f"{s.sentences:,}" if same else f"about {about(sentences)}"
    line = (
        f"with {name_all_documents(s)} ({known} sentences) the {s.learner}'s "
        f"{analysis.measure.name} is {f1(now.value)} (95 % interval {f1(now.low)}–{f1(now.high)})"
    )
    if now.extrapolated:
        line += f"; {describe_extrapolation(now.largest)}"
    if analysis.gap:
        line += f". {describe_gap(analysis.gap, analysis.gap_learner, s.learner)}"
    return line


def name_all_documents(s: Studied) -> str:
    """Name what a model can be trained on, without any test set."""
    return f"all {s.annotated:,} {'training documents' if s.test else 'annotated documents'}"


def describe_extrapolation(largest: int) -> str:
    """Say from which size F1 is extrapolated."""
    return f"extrapolated from training sets of up to {counted(largest, 'document')}"


def name_source(name: str, s: Studied) -> str:
    """Name a source of uncertainty as it is in this study."""
    evaluation = counted(s.evaluation, "test document" if s.test else "evaluation document")
    if s.evaluation_units < _GROUPED * s.evaluation:
        evaluation += f" in {counted(s.evaluation_units, 'group')}"
    return SOURCES[name].phrase.format(
        evaluation=evaluation,
        pool=counted(s.studied if s.rotating else s.pool, "document"),
        runs=counted(s.runs, "run"),
    )


def describe_annotators(found: Annotators) -> str:
    """Say how far annotators agree, in the measure of the model, and what that does not mean."""
    line = (
        f"{counted(found.annotators, 'annotator')} agree with each other with F1 "
        f"{f1_interval(*found.between)} on {counted(found.documents, 'document')}"
    )
    known = [g for g in found.gold if not math.isnan(g[0])]
    if len(known) > MOST_PEOPLE:
        values = [value for value, _, _ in known]
        line += (
            f", and with the reconciled spans with a median F1 of {f1(median(values))} "
            f"({f1(min(values))} to {f1(max(values))})"
        )
    elif known:
        gold = " and ".join(f1_interval(*g) for g in known)
        line += f", and with the reconciled spans with F1 {gold}"
    return (
        f"{line}. This is no bound on a model, which may score higher against reconciled spans "
        "than annotators score against each other"
    )


def describe_larger_evaluation(effect: EvaluationEffect, s: Studied) -> str:
    """Say how wide the interval would be with more evaluation documents.

    With an interval for their own part alone, and only where there are many of them: the interval
    of the whole covers less often than it says, and few documents say little about their variance.
    """
    asked = about(effect.asked * s.evaluation / max(s.evaluation_units, 1))
    kind = "documents" if s.folds else "evaluation documents"
    said = f"with {asked} {kind} it would be about ±{short_points(effect.value)} points"
    known = math.isfinite(effect.part_high) and short_points(effect.part_high) != "0"
    if s.evaluation_units < _ENOUGH_UNITS or not known:
        return said
    return (
        f"{said}, ±{short_points(effect.part)} of them (95 % interval "
        f"{short_points(effect.part_low)} to {short_points(effect.part_high)}) from the {kind} "
        "themselves"
    )


def describe_gap(gap: PairedDifference, confirm: str, learner: str) -> str:
    """Say how far the studied learner is from the one that would be deployed."""
    side = "above" if gap.mean >= 0 else "below"
    said = (
        f"On the same {counted(gap.pairs, 'training set')} "
        f"({span(gap.smallest, gap.largest)} documents) {confirm} is "
        f"{100 * abs(gap.mean):.1f} points {side} the {learner} "
        f"({points(gap.low)} to {points(gap.high)})"
    )
    return f"{said}: too few to draw a conclusion" if gap.high - gap.low > _TOO_WIDE else said


def describe_screening(found: Screening, s: Studied) -> str:
    """Say how much the cheap learner's runs helped."""
    runs = counted(found.runs, f"{s.learner} run")
    if not found.used:
        return f"The {s.screen} did not help ({found.reason}): this is from the {runs} alone"
    if found.worth < found.runs + 0.5:
        return f"The {s.screen} narrows the curve of the {runs} at smaller sizes only"
    said = (
        f"With the {s.screen} the {runs} are worth about {about(found.worth)} alone: the runs' "
        f"share of the variance is {f1(found.run_ratio)} of what it was, and the whole variance "
        f"{f1(found.whole_ratio)}"
    )
    if found.whole_ratio > _LITTLE:
        said += ", since most of it comes from documents, not from runs"
    return said


def describe_ranking(found: Versus) -> str:
    """Say which ranks each learner may have, on the training sets that all learners share."""
    ranks = [
        f"{name} {best}" if best == worst else f"{name} {best} to {worst}"
        for name, (best, worst) in zip(found.ranking.names, found.ranking.ranks, strict=True)
    ]
    return (
        f"On the same {counted(found.shared, 'training set')} of "
        f"{span(found.smallest, found.largest)} documents the possible ranks, jointly with "
        f"{100 * found.ranking.level:g} % confidence, are: {', '.join(ranks)}"
    )


def describe_equivalence(found: Equivalence, learner: str, best: str, measure: Measure) -> str:
    """Say whether a learner is no worse than the best one by the margin: a point."""
    points_ = f"{100 * found.margin:g} {'point' if found.margin == 0.01 else 'points'}"
    far = f"{points_} of {measure.name}"
    said = {
        "equivalent": f"{learner} and {best} differ by less than {far}",
        "no worse": f"{learner} is worse than {best} by less than {far}, if at all",
        "no better": f"{learner} is not better than {best} by {far}; whether it is worse by as "
        "much remains open",
        "cannot tell": f"whether {learner} and {best} differ by less than {far} remains open",
    }[found.verdict]
    gap = found.difference
    if found.verdict == "no better" and gap.high <= -found.margin:
        said = f"{learner} is worse than {best} by more than {far}"
    return (
        f"{said} (difference {points(gap.mean)}, 95 % interval {points(gap.low)} to "
        f"{points(gap.high)})"
    )


def describe_doubling(doubling: Estimate, measure: Measure) -> str:
    """Say what twice as many annotated documents would bring."""
    line = (
        f"twice as many annotated documents would add {points(doubling.value)} points of "
        f"{measure.name} (95 % interval {points(doubling.low)} to {points(doubling.high)})"
    )
    if doubling.high < 0.01:
        line += ": hardly worth annotating"
    return line


def headline_without_target(doubling: Estimate, measure: Measure) -> str:
    """Say in one sentence what is known without a target."""
    if doubling.high < 0.01:
        return "More text like this would hardly help: doubling it would add less than a point."
    if doubling.low > 0.01:
        return f"More text would help: doubling it would add more than a point of {measure.name}."
    return f"Doubling the text may or may not add a point of {measure.name}; name a --target-f1."
