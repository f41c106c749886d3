"""The words that answers are said in."""

from __future__ import annotations

import math
from statistics import median

from suffice.advice.result import Estimate, Required, Verdict
from suffice.analysis.result import Analysis, Annotators, Studied
from suffice.analysis.versus import Versus
from suffice.scoring import Measure
from suffice.stats.evaluation import EvaluationEffect
from suffice.stats.pairs import Difference, Equivalence
from suffice.stats.result import counted
from suffice.stats.screening import Screening

MOST_PEOPLE = 3
"""More annotators than these are told and drawn by their median."""

_LEAST_PART = 0.0005
"""Half-widths of less than a twentieth of a point are not worth a word."""

_GROUPED = 0.9
"""With more units than this part of the documents (a few twins) no groups are spoken of."""

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
    """Write a difference in F1 in points, with its sign: ``+1.3``."""
    return f"{100 * value:+.1f}".replace("-", "−")


def about(value: float) -> str:
    """Write a size with two significant digits: ``2,300``; ``no bound`` where infinite."""
    if not math.isfinite(value):
        return "no bound"
    if value < 10:
        return f"{value:.0f}"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.0f}"


def span(low: float, high: float) -> str:
    """Write a range of sizes: ``1,900–3,400``, or ``1,900 and more`` without an upper bound."""
    if not math.isfinite(low):
        return "no bound"
    if not math.isfinite(high):
        return f"{about(low)} and more"
    return about(low) if about(low) == about(high) else f"{about(low)}–{about(high)}"


def hours(value: float) -> str:
    """Write a time in hours, or minutes where it is short."""
    if not math.isfinite(value):
        return "no bound"
    if value < 1.5:
        return f"{about(60 * value)} min"
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
    held = f"{s.folds} folds" if s.folds else f"{s.evaluation:,} held out for evaluation"
    return (
        f"{kind} {s.name}: {part}{counted(s.documents, 'document')} ({held}), "
        f"{s.sentences:,} sentences, {s.entities:,} entities ({names}); "
        f"{runs} in {duration(s.spent)}"
    )


def now_line(
    analysis: Analysis, now: Estimate, all_data: Estimate, evaluation: EvaluationEffect
) -> str:
    """Say where F1 stands, and what makes its interval."""
    s = analysis.studied
    sentences = about(s.pool * s.sentences_per_document)
    line = (
        f"trained on {s.pool:,} documents (about {sentences} sentences) the {s.learner} reaches "
        f"{analysis.measure.name} {f1_interval(now)}, 95 % interval; on all {s.studied:,} about "
        f"{f1_interval(all_data)}. {evaluation_sentence(evaluation, s)}"
    )
    if analysis.gap:
        line += f". {gap_sentence(analysis.gap, analysis.gap_learner, s.learner)}"
    if analysis.screening:
        line += f". {screening_sentence(analysis.screening, s)}"
    return line


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


def evaluation_sentence(effect: EvaluationEffect, s: Studied) -> str:
    """Say what makes the interval, and what more evaluation documents would make of it."""
    held = counted(s.evaluation, "document" if s.folds else "evaluation document")
    if s.evaluation_units < _GROUPED * s.evaluation:
        held += f" in {counted(s.evaluation_units, 'group')}"
    named = {
        "evaluation": f"from {held}",
        "pool": "from the pool",
        "runs": "from the runs",
        "form": "from the curve's form",
    }
    listed = [
        f"{_short(value)} {named[name]}"
        for name, value in sorted(effect.parts.items(), key=lambda item: -item[1])
        if value >= _LEAST_PART
    ]
    parts = f": {', '.join(listed)}" if listed else ""
    return (
        f"The interval is ±{_short(effect.half_width)} points{parts}; {larger_sentence(effect, s)}"
    )


def larger_sentence(effect: EvaluationEffect, s: Studied) -> str:
    """Say what more evaluation documents would make of the interval.

    With an interval for their own part alone, and where there are many of them: that of the whole
    covers less often than it says, and few documents say little about their variance.
    """
    asked = about(effect.asked * s.evaluation / max(s.evaluation_units, 1))
    kind = "documents" if s.folds else "evaluation documents"
    said = f"{asked} {kind} would make it about ±{_short(effect.value)}"
    if s.evaluation_units < _ENOUGH_UNITS or _short(effect.part_high) == "0":
        return said
    return (
        f"{said}, their own part ±{_short(effect.part)} "
        f"({_short(effect.part_low)} to {_short(effect.part_high)})"
    )


def _short(value: float) -> str:
    """Write points with one decimal and no leading zero: ``2.8``, ``.3``."""
    return f"{100 * value:.1f}".removeprefix("0") if value >= 0.0005 else "0"


def gap_sentence(gap: Difference, confirm: str, learner: str) -> str:
    """Say how far the studied learner is from the one that would be deployed."""
    sizes = span(gap.smallest, gap.largest)
    side = "above" if gap.mean >= 0 else "below"
    said = (
        f"On the same training sets ({counted(gap.pairs, 'pair')}, {sizes} documents) {confirm} is "
        f"{100 * abs(gap.mean):.1f} points {side} the {learner} "
        f"(difference {points(gap.low)} to {points(gap.high)})"
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
    """Say what twice the training text would bring."""
    line = (
        f"twice the training text brings {points(doubling.value)} points of {measure.name} "
        f"({points(doubling.low)} to {points(doubling.high)})"
    )
    if doubling.high < 0.01:
        line += ": hardly worth annotating for"
    return line


DOUBTED_HEADLINE = (
    "Perhaps: the target is reached on these single sentences, but F1 is too high if several of "
    "them come from one text."
)
"""In place of a yes, where documents are single sentences that nothing groups."""


def doubted_target_line(required: Required, measure: Measure) -> str:
    """Say that the target is reached, if documents are independent of each other."""
    return (
        f"{measure.name} {f1(required.target)} is reached (probability "
        f"{_probability(required.reached)}) if these sentences come from different texts; "
        "otherwise name the texts with --group and run again"
    )


def target_line(
    verdict: Verdict,
    required: Required | None,
    next_sentences: int,
    measure: Measure,
    s: Studied | None = None,
) -> str:
    """Say what the target takes; first of all what is annotated already and not studied."""
    if required is None:
        return "none given: name one with --target-f1 to learn how many sentences it takes"
    aim = f"{measure.name} {f1(required.target)}"
    again = f"annotate about {about(next_sentences)} more sentences and run again"
    if s is not None and s.unused:
        again = (
            f"{counted(s.unused, 'annotated document')} are not studied yet: run again with "
            f"--budget {s.budget_for_all} before you annotate more"
        )
    if verdict == "enough":
        return f"{aim} is reached (probability {_probability(required.reached)}): this is enough"
    if verdict == "perhaps":
        return (
            f"{aim} may be reached already (probability {_probability(required.reached)}): "
            f"cannot tell yet; {again}"
        )
    if verdict == "cannot tell":
        never = (
            f"; with probability {_probability(required.never)} this learner never reaches it "
            "on text like this"
            if required.never > 0.05
            else ""
        )
        return f"{aim}: cannot tell yet{never}; {again}"
    if verdict == "out of reach":
        return (
            f"{aim} is out of this learner's reach with text like this (probability "
            f"{_probability(required.never)}): change the model, the labels or the guideline, "
            "not the number of sentences"
        )
    return (
        f"{aim} takes about {about(required.sentences.value)} annotated sentences in all "
        f"({_ends(required.sentences)}), the evaluation share included: about "
        f"{about(required.more.value)} more, {_hours(required.hours)} of annotating"
        f"{_cost(required.cost)}"
    )


def _ends(size: Estimate) -> str:
    """Write an interval of sizes, saying so where it has no upper end."""
    if math.isfinite(size.high):
        return f"95 % interval {span(size.low, size.high)}"
    return f"at least {about(size.low)}; no upper end can be given yet"


def _hours(time: Estimate) -> str:
    """Write a range of hours."""
    if not math.isfinite(time.high):
        return f"about {hours(time.value)}, with no upper end yet,"
    if time.low == 0:
        return f"up to {hours(time.high)}"
    return f"{hours(time.low)} to {hours(time.high)}"


def _cost(cost: Estimate | None) -> str:
    """Write what the hours cost, in the currency of the hourly rate, where one was given."""
    if cost is None:
        return ""
    if not math.isfinite(cost.high):
        return f", at your hourly rate {about(cost.low)} and more"
    return f", at your hourly rate {span(cost.low, cost.high)}"


def headline(
    verdict: Verdict, required: Required | None, doubling: Estimate, measure: Measure
) -> str:
    """Say the answer in one sentence."""
    if required is None:
        if doubling.high < 0.01:
            return "More text like this would hardly help: doubling it brings less than a point."
        if doubling.low > 0.01:
            return f"More text would help: doubling it brings more than a point of {measure.name}."
        return (
            f"Doubling the text may or may not bring a point of {measure.name}; name a --target-f1."
        )
    return {
        "enough": "Yes, this is enough for the target.",
        "perhaps": "Perhaps: the target may be reached already, but this study cannot tell yet.",
        "more": "Not yet: more sentences are needed for the target.",
        "cannot tell": "Cannot tell yet how many sentences the target takes.",
        "out of reach": "More sentences like these will not reach the target.",
        "no target": "",
    }[verdict]


def _probability(value: float) -> str:
    return ">.99" if value > 0.99 else "<.01" if value < 0.01 else f1(value)
