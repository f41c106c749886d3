"""The report's sentences: what the figures show and what the numbers mean."""

from __future__ import annotations

import math

from suffice.advice import phrases
from suffice.advice.result import Advice
from suffice.analysis.result import LabelScore, TrainingDensity
from suffice.analysis.versus import Versus
from suffice.report import tables
from suffice.scoring import Measure
from suffice.stats import RangeSensitivity
from suffice.stats._curves.families import F1_FAMILIES
from suffice.wording import numbers
from suffice.wording.sources import SOURCES
from suffice.wording.text import capitalised, sentence

STABLE = "stable"
"""The one verdict of range sensitivity that leaves a threshold standing."""


def describe_curve(advice: Advice) -> str:
    """Say what the figure of the curve shows."""
    found, s = advice.analysis.curve, advice.analysis.studied
    scale = s.sentences_per_document
    first, last = found.at(float(found.sizes[0])), found.at(found.largest)
    at_n = advice.analysis.measure.at_n
    text = (
        f"{capitalised(at_n)} with the {s.learner} "
        f"{'rises' if last[0] > first[0] else 'goes'} from {numbers.f1_interval(*first)} at about "
        f"{numbers.about(found.sizes[0] * scale)} training sentences to "
        f"{numbers.f1_interval(*last)} at about {numbers.about(found.largest * scale)}, "
        "the largest training sets studied"
    )
    if found.grid[-1] > found.largest:
        end = min(tables.BEYOND * found.largest, float(found.grid[-1]))
        text += (
            f"; extrapolated to {numbers.about(end * scale)} sentences it is "
            f"{numbers.f1_interval(*found.at(end))}"
        )
    return text + " (95 % intervals in brackets)."


def describe_annotators(advice: Advice) -> str:
    """Say what the green lines in the figure of the curve are."""
    found = advice.analysis.annotators
    if found is None:
        return ""
    what = "The green lines show" if found.gold else "The green line shows"
    return (
        f"{what} the human annotators, scored like the model: {phrases.describe_annotators(found)}."
    )


def describe_interval(advice: Advice) -> str:
    """Say how wide the interval is, and why."""
    s, now = advice.analysis.studied, advice.now
    half = numbers.half_width(advice.evaluation.half_width)
    listed = [
        f"{phrases.name_source(name, s)} {numbers.half_width(value)}"
        for name, value in sorted(advice.parts.items(), key=lambda item: -item[1])
    ]
    return (
        f"With {phrases.name_all_documents(s)} {advice.analysis.measure.at_n} is "
        f"{numbers.f1_interval(now.value, now.low, now.high)}, that is {half} points. By source: "
        f"{'; '.join(listed)}. The squares of these add up to the square of the whole."
    )


def suggest_narrowing(advice: Advice) -> str:
    """Say which source contributes most to the interval, and what would narrow it."""
    s = advice.analysis.studied
    name = max(advice.parts, key=lambda key: advice.parts[key])
    whole = sum(value**2 for value in advice.parts.values())
    if not whole > 0:
        return ""
    share = 100 * advice.parts[name] ** 2 / whole
    kind = "documents" if s.folds else "evaluation documents"
    return (
        f"The largest part, {share:.0f} % of the variance, comes from "
        f"{phrases.name_source(name, s)}: {SOURCES[name].remedy.format(kind=kind)}. "
        f"The interval is now ±{100 * advice.evaluation.half_width:.1f} points; "
        f"{phrases.describe_larger_evaluation(advice.evaluation, s)}."
    )


def name_label_score(measure: Measure) -> str:
    """Name the score of each label: ``recall`` where recall of one is the measure."""
    return Measure("f1" if measure.metric == "macro-f1" else measure.metric).name


def describe_labels(scores: tuple[LabelScore, ...], only: str, name: str) -> str:
    """Say which labels score highest and lowest."""
    known = [s for s in scores if math.isfinite(s.value)]
    if not known:
        which = f", {only}" if only else ""
        return f"There is only one label{which}: its {name} is given above."
    best, worst = max(known, key=lambda s: s.value), min(known, key=lambda s: s.value)
    if best is worst:
        return f"{best.label}: {name} {numbers.f1_interval(best.value, best.low, best.high)}."
    return (
        f"Highest {name}: {best.label}, {numbers.f1_interval(best.value, best.low, best.high)}; "
        f"lowest: {worst.label}, {numbers.f1_interval(worst.value, worst.low, worst.high)}."
    )


def describe_gap(advice: Advice) -> str:
    """Say how far the studied learner is from the one that it was compared with."""
    a = advice.analysis
    if a.screening is not None:
        s = a.studied
        return (
            f"These results hold for the {s.learner}. The {s.screen}, a cheaper learner trained on "
            "the same training sets, shows which of these are easy or hard to learn from "
            f"({numbers.counted(s.screen_runs, 'run')})"
        )
    if a.gap is None:
        return (
            f"No other learner was trained on the same training sets, so this study cannot say how "
            f"far the {a.studied.learner} is from a fully fine-tuned model."
        )
    sizes = numbers.span(a.gap.smallest, a.gap.largest)
    # an interval that holds 0 leaves the sign open
    side = "at" if a.gap.low <= 0 <= a.gap.high else "above" if a.gap.mean > 0 else "below"
    if side == "at":
        start = (
            f"{a.gap_learner} and the {a.studied.learner} do not differ by more than chance "
            "explains: the difference is"
        )
    else:
        start = f"{a.gap_learner} scores {side} the {a.studied.learner}: the difference is"
    return (
        f"{start} {numbers.points(a.gap.mean)} points of {a.measure.name} (95 % interval "
        f"{numbers.points(a.gap.low)} to {numbers.points(a.gap.high)}), over "
        f"{numbers.counted(a.gap.pairs, 'training set')} of {sizes} documents."
    )


def describe_screening(advice: Advice) -> str:
    """Say how well the cheap learner predicts the expensive one's deviations, and what it saves."""
    found, s = advice.analysis.screening, advice.analysis.studied
    if found is None:
        return ""
    text = phrases.describe_screening(found, s)
    value, low, high = found.correlation
    if math.isfinite(value):
        text += (
            f". On {numbers.counted(found.pairs, 'training set')} on which both were trained, "
            f"their deviations from their curves have a correlation of {numbers.number(value)} "
            f"(95 % interval {numbers.ends(low, high)}); this explains "
            f"{100 * max(found.explained, 0.0):.0f} % of the scatter of the {s.learner}"
        )
    return f"{text}."


def describe_ranking(found: Versus) -> str:
    """Say how learners rank, and which are worse than the best by less than a point."""
    said = [phrases.describe_ranking(found)]
    said += [
        phrases.describe_equivalence(test, name, found.best, found.measure)
        for name, test in found.equivalences.items()
    ]
    return " ".join(map(sentence, said))


def describe_sensitivity(found: RangeSensitivity) -> str:
    """Say what the range sensitivity means for a reader who wants a sample size."""
    if found.verdict == STABLE:
        return (
            "The threshold stays where it is when the largest training sets are left out. It says "
            "where F1 levels off for this learner and corpus, not where F1 is high enough."
        )
    return (
        "Not a recommendation: do not take this threshold for the number of sentences that "
        f"suffices ({found.verdict})."
    )


def describe_density(found: TrainingDensity, folds: int) -> str:
    """Say whether training and evaluation text differ in entities per sentence."""
    if folds:
        return "With folds every document both trains and evaluates, so the two do not differ."
    interval = numbers.ends(found.difference_low, found.difference_high)
    if found.difference_low <= 0 <= found.difference_high:
        return (
            "The pool and the evaluation set do not differ by more than chance explains: the "
            f"difference in EPS has a 95 % interval of {interval}."
        )
    return (
        "The pool and the evaluation set differ by more than chance explains: the difference in "
        f"EPS has a 95 % interval of {interval}."
    )


def describe_split(advice: Advice) -> str:
    """Say how documents were divided into those that train and those that evaluate."""
    s = advice.analysis.studied
    if s.rotating:
        return (
            f"Of the {numbers.counted(s.studied, 'document')} {phrases.describe_split(s)}. They "
            f"were divided into {s.folds} folds by a salted hash of their ids; groups and "
            f"near-duplicates were kept together. A model is trained on documents of "
            f"{s.folds - 1} folds and scored on the remaining one, which rotates from model to "
            "model. The effect that a fold's "
            "documents have on all models is removed before models are compared."
        )
    if s.folds:
        return (
            f"The {s.studied:,} documents were divided into {s.folds} folds by a salted hash of "
            "their ids; models trained on the other folds were scored on each fold, so that every "
            "document evaluates once. A run is one training set per fold, counted together."
        )
    if s.test:
        return (
            f"All models were scored on the {s.evaluation:,} documents of the test set that was "
            f"named with --evaluation, and trained on documents of the corpus alone ({s.pool:,}). "
            "The test set trains no model and stays as it is: every number of further sentences "
            "counts sentences to train on."
        )
    return (
        f"A salted hash of its id put each document into the pool ({s.pool:,} documents) or the "
        f"evaluation set ({s.evaluation:,}); groups and near-duplicates were kept together. "
        "All models were scored on the same evaluation set."
    )


def describe_families(advice: Advice) -> str:
    """Say which curves were averaged, with their weights and the power law's coefficients."""
    found = advice.analysis.curve
    formulas = {family.name: family.formula for family in F1_FAMILIES}
    listed = ", ".join(
        f"{name} {formulas.get(name, '')} (weight {numbers.f1(weight)})".replace("  ", " ")
        for name, weight in found.weights.items()
    )
    text = f"{listed}"
    a, b, c = found.power_law
    if math.isfinite(a):
        at_n = advice.analysis.measure.at_n
        text += (
            f". The power law alone, n in documents: {at_n} = {numbers.number(a, 3)} − "
            f"{numbers.number(b, 3)}·n^(−{numbers.number(c, 3)})"
        )
    return text
