"""The report's sentences: what figures show, and what numbers mean."""

from __future__ import annotations

import math

from suffice.advice import words
from suffice.advice.result import Advice
from suffice.analysis.result import Density, LabelScore
from suffice.analysis.versus import Versus
from suffice.report import cells, tables
from suffice.scoring import Measure
from suffice.stats import RangeSensitivity
from suffice.stats._curves import families as curves

STABLE = "stable"
"""The one verdict of range sensitivity that leaves a threshold standing."""


def curve(advice: Advice) -> str:
    """Say what the figure of the curve shows."""
    found, s = advice.analysis.curve, advice.analysis.studied
    scale = s.sentences_per_document
    first, last = found.at(float(found.sizes[0])), found.at(found.largest)
    at_n = advice.analysis.measure.at_n
    text = (
        f"{at_n[0].upper()}{at_n[1:]} with the {s.learner} "
        f"{'rises' if last[0] > first[0] else 'goes'} from {_f1(first)} at about "
        f"{words.about(found.sizes[0] * scale)} training sentences to {_f1(last)} at about "
        f"{words.about(found.largest * scale)}, the largest training sets studied"
    )
    if found.grid[-1] > found.largest:
        end = min(tables.BEYOND * found.largest, float(found.grid[-1]))
        text += f"; extrapolated to {words.about(end * scale)} sentences it is {_f1(found.at(end))}"
    return text + " (95 % intervals in brackets)."


def annotators(advice: Advice) -> str:
    """Say what the annotators' lines in the figure of the curve are."""
    found = advice.analysis.annotators
    if found is None:
        return ""
    what = "The green lines are the people" if found.gold else "The green line is the people"
    return f"{what} who annotated, scored as the model is: {words.annotators_line(found)}."


def _f1(values: tuple[float, float, float]) -> str:
    return f"{words.f1(values[0])} ({words.f1(values[1])}–{words.f1(values[2])})"


def parts(advice: Advice) -> str:
    """Say how wide the interval is and what makes it so."""
    s = advice.analysis.studied
    half = cells.half_width(advice.evaluation.half_width)
    listed = [
        f"{words.source_name(name, s)} {cells.half_width(value)}"
        for name, value in sorted(advice.parts.items(), key=lambda item: -item[1])
    ]
    return (
        f"With {words.all_documents(s)} {advice.analysis.measure.at_n} is "
        f"{words.f1_interval(advice.now)}: that is {half} points. By source: {'; '.join(listed)}. "
        "The squares of these add up to the square of the whole."
    )


def parts_advice(advice: Advice) -> str:
    """Say which source matters most, and what would make it smaller."""
    name = max(advice.parts, key=lambda key: advice.parts[key])
    whole = sum(value**2 for value in advice.parts.values())
    if not whole > 0:
        return ""
    share = 100 * advice.parts[name] ** 2 / whole
    kind = "documents" if advice.analysis.studied.folds else "evaluation documents"
    remedy = {
        "evaluation": f"more annotated {kind} narrow it; more runs do not",
        "pool": "only more annotated documents narrow it; more runs on the same ones do not",
        "runs": "a larger --budget narrows it, with no further annotation",
        "form": "larger training sets and more sizes narrow it",
    }
    if name not in remedy:
        return ""
    source = words.source_name(name, advice.analysis.studied)
    return (
        f"The largest part, {share:.0f} % of the variance, is from {source}: {remedy[name]}. "
        f"Now the interval is ±{100 * advice.evaluation.half_width:.1f} points; "
        f"{words.larger_sentence(advice.evaluation, advice.analysis.studied)}."
    )


def each(measure: Measure) -> str:
    """Return what is said of each label: ``recall`` where recall of one is the measure."""
    return Measure("f1" if measure.metric == "macro-f1" else measure.metric).name


def labels(scores: tuple[LabelScore, ...], only: str, name: str) -> str:
    """Say which labels stand highest and lowest."""
    known = [s for s in scores if math.isfinite(s.value)]
    if not known:
        which = f", {only}" if only else ""
        return f"There is one label{which}: its {name} is the one above."
    best, worst = max(known, key=lambda s: s.value), min(known, key=lambda s: s.value)
    if best is worst:
        return f"{best.label}: {name} {_f1((best.value, best.low, best.high))}."
    return (
        f"Highest {name}: {best.label}, {_f1((best.value, best.low, best.high))}; "
        f"lowest: {worst.label}, {_f1((worst.value, worst.low, worst.high))}."
    )


def gap(advice: Advice) -> str:
    """Say how far the studied learner is from the one that it was compared with."""
    a = advice.analysis
    if a.screening is not None:
        s = a.studied
        return (
            f"This page speaks about the {s.learner}. The {s.screen}, a cheaper learner, says how "
            f"lucky each of its training sets was ({words.counted(s.screen_runs, 'run')})"
        )
    if a.gap is None:
        return (
            f"No other learner was trained on the same training sets, so this study cannot say how "
            f"far the {a.studied.learner} is from a fully fine-tuned model."
        )
    sizes = words.span(a.gap.smallest, a.gap.largest)
    # an interval that holds 0 leaves the sign open
    side = "at" if a.gap.low <= 0 <= a.gap.high else "above" if a.gap.mean > 0 else "below"
    if side == "at":
        start = f"{a.gap_learner} cannot be told from the {a.studied.learner}: the difference is"
    else:
        start = f"{a.gap_learner} scores {side} the {a.studied.learner}: the difference is"
    return (
        f"{start} {words.points(a.gap.mean)} points of {a.measure.name} (95 % interval "
        f"{words.points(a.gap.low)} to {words.points(a.gap.high)}), over "
        f"{words.counted(a.gap.pairs, 'training set')} of {sizes} documents."
    )


def screening(advice: Advice) -> str:
    """Say how far the cheap learner's luck is the expensive one's, and what that brings."""
    found, s = advice.analysis.screening, advice.analysis.studied
    if found is None:
        return ""
    text = words.screening_sentence(found, s)
    value, low, high = found.correlation
    if math.isfinite(value):
        text += (
            f". On {words.counted(found.pairs, 'training set')} that both were trained on, their "
            f"deviations from their curves correlate by {cells.number(value)} (95 % interval "
            f"{cells.ends(low, high)}); that explains "
            f"{100 * max(found.explained, 0.0):.0f} % of the scatter of the {s.learner}"
        )
    return f"{text}."


def versus(found: Versus) -> str:
    """Say who ranks where, and who is no worse than the best by a point."""
    said = [words.ranking_sentence(found)]
    said += [
        words.equivalence_sentence(test, name, found.best, found.measure)
        for name, test in found.equivalences.items()
    ]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in said)


def sensitivity(found: RangeSensitivity) -> str:
    """Say what the range sensitivity means for a reader who wants a sample size."""
    if found.verdict == STABLE:
        return (
            "The threshold holds when the largest training sets are left out. It says where F1 "
            "levels off for this learner and corpus, not where F1 is high enough."
        )
    return (
        "Not a recommendation: do not read this threshold as the number of sentences that "
        f"suffices ({found.verdict})."
    )


def density(found: Density, folds: int) -> str:
    """Say whether training and evaluation text are alike in entities per sentence."""
    if folds:
        return "With folds every document trains and evaluates, so both sides are alike."
    interval = cells.ends(found.difference_low, found.difference_high)
    if found.difference_low <= 0 <= found.difference_high:
        return (
            "Pool and evaluation set do not differ by more than chance: the difference in EPS "
            f"has a 95 % interval of {interval}."
        )
    return (
        "Pool and evaluation set differ by more than chance: the difference in EPS has a 95 % "
        f"interval of {interval}."
    )


def split(advice: Advice) -> str:
    """Say how documents were divided."""
    s = advice.analysis.studied
    if s.rotating:
        return (
            f"Of the {words.counted(s.studied, 'document')} {words.divided(s)}. They were divided "
            f"into {s.folds} folds by a salted hash of their ids; groups and near-duplicates were "
            f"kept together. A model is trained on documents of {s.folds - 1} folds and scored on "
            "the other one, which rotates from model to model. What a fold's documents do to all "
            "models is taken off before models are compared."
        )
    if s.folds:
        return (
            f"The {s.studied:,} documents were divided into {s.folds} folds by a salted hash of "
            "their ids; each fold was scored by models trained on the others, so that every "
            "document evaluates once. A run is one training set a fold, counted together."
        )
    if s.test:
        return (
            f"All models were scored on the {s.evaluation:,} documents of the test set that was "
            f"named with --evaluation, and trained on documents of the corpus alone ({s.pool:,}). "
            "The test set trains no model and stays as it is: what is said of more annotation is "
            "about documents to train on."
        )
    return (
        f"A salted hash of its id put each document into the pool ({s.pool:,} documents) or the "
        f"evaluation set ({s.evaluation:,}); groups and near-duplicates were kept on one side. "
        "All models were scored on the same evaluation set."
    )


def families(advice: Advice) -> str:
    """Say which curves were averaged, with their weights and the power law's numbers."""
    found = advice.analysis.curve
    formulas = {family.name: family.formula for family in curves.FAMILIES}
    listed = ", ".join(
        f"{name} {formulas.get(name, '')} (weight {words.f1(weight)})".replace("  ", " ")
        for name, weight in found.weights.items()
    )
    text = f"{listed}"
    a, b, c = found.power_law
    if math.isfinite(a):
        at_n = advice.analysis.measure.at_n
        text += (
            f". The power law alone, n in documents: {at_n} = {cells.number(a, 3)} − "
            f"{cells.number(b, 3)}·n^(−{cells.number(c, 3)})"
        )
    return text
