"""The tables of the density experiment, every cell in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from suffice.applications.density.result import Arm, DensityExperiment
from suffice.applications.density.statistics.chosen_sets import Effect
from suffice.applications.density.statistics.mismatch import STEP
from suffice.report.table import Table
from suffice.stats._threshold.profile import FORMS
from suffice.wording.numbers import ends, number, p_value

_OUTCOMES = {"f1": "F1", "precision": "Precision", "recall": "Recall", "logit f1": "Logit F1"}
_PARTS = {
    "below": "Sparser by {}",
    "above": "Denser by {}",
    "mismatch": "Mismatch: {} apart",
    "level": "Level: {} more",
}
_TILTS = {-1.5: "much sparser", -0.75: "sparser", 0.0: "as they come"}
_TILTS |= {0.75: "denser", 1.5: "much denser"}
_CUTS = {-1.0: "cut: no entities", 0.0: "cut at random", 1.0: "cut: entities"}
_SYNTHETIC = {-1.5: "synthetic sparser", 0.0: "synthetic", 1.5: "synthetic denser"}

_HALVES = "Denser half less sparser"

STEP_SHOWN = f"{STEP:g}".removeprefix("0")


def arm_name(source: str, density: float) -> str:
    """Return what a kind of training set is called: ``much sparser``, ``cut at random``."""
    return {"chosen": _TILTS, "cut": _CUTS, "synthetic": _SYNTHETIC}[source][density]


def sets(found: DensityExperiment) -> Table:
    """Density and F1 of each kind of training set, by size."""
    kinds = list(dict.fromkeys((a.source, a.density) for a in found.arms))
    by_place = {(a.source, a.density, a.size): a for a in found.arms}
    order = sorted(kinds, key=lambda k: (("chosen", "cut", "synthetic").index(k[0]), k[1]))
    rows = []
    for source, density in order:
        arms = [by_place.get((source, density, size)) for size in found.sizes]
        rows.append(
            (
                arm_name(source, density),
                *(number(a.eps) if a else "" for a in arms),
                *(number(a.f1, 1) if a else "" for a in arms),
            )
        )
    shown = [f"{size:,}" for size in found.sizes]
    return Table(
        "Density and F1 of the training sets, by sentences",
        ("Sets", *(f"EPS {s}" for s in shown), *(f"F1 {s}" for s in shown)),
        tuple(rows),
        note=f"EPS: entities per sentence; the evaluation set has {number(found.evaluation_eps)}, "
        f"the pool {number(found.pool_eps)}. F1 in points. Cut and synthetic text replaces up to "
        "half the sentences.",
    )


def every_arm(arms: Sequence[Arm]) -> Table:
    """Each kind of training set in full."""
    return Table(
        "The training sets in full",
        ("Sets", "Sentences", "EPS", "from", "to", "a document", "F1", "Precision", "Recall", "n"),
        tuple(
            (
                arm_name(a.source, a.density),
                number(a.sentences, 0),
                number(a.eps),
                number(a.eps_least),
                number(a.eps_most),
                number(a.per_document, 1),
                number(a.f1, 1),
                number(a.precision, 1),
                number(a.recall, 1),
                str(a.sets),
            )
            for a in arms
        ),
        note="A document: mean sentences per document. Means over n trainings.",
    )


def effects(found: DensityExperiment) -> Table | None:
    """Return what density does to each outcome."""
    m = found.mismatch
    if m is None:
        return None
    rows = []
    for part, words in _PARTS.items():
        name = words.format(f"{STEP_SHOWN} EPS")
        rows.append((name, *(_cell(getattr(m.slopes[o], part), o) for o in _OUTCOMES)))
    return Table(
        f"The effect of density, for each {STEP_SHOWN} entities per sentence",
        ("", *_OUTCOMES.values()),
        tuple(rows),
        note="Points (logits in the last column) with half the width of 95 % intervals, at equal "
        "sentences, document length and share of cut and synthetic text. Mismatch is the mean of "
        "the first two rows: negative where distance costs. Level is half their difference.",
    )


def checks(found: DensityExperiment) -> Table | None:
    """Other ways to tell mismatch from level, all in points of F1."""
    m = found.mismatch
    if m is None:
        return None
    listed: list[tuple[str, Effect]] = []
    if m.bent is not None:
        listed.append(("Mismatch, level as a logarithm", m.bent))
    listed += [(f"{n.capitalize()} given tokens a sentence", e) for n, e in m.given_words.items()]
    names = {"mismatch": "Mismatch", "level": "Level", "halves": _HALVES}
    listed += [(f"{names[n]}, chosen sets alone", e) for n, e in m.chosen.items()]
    note, logit = "", []
    if m.crossed is not None:
        c = m.crossed
        ends_of = ends(c.logit.low, c.logit.high, 3)
        logit = [(f"{_HALVES}, logits", number(c.logit.value, 3), ends_of)]
        listed.append((_HALVES, c.effect))
        note = (
            f"Halves of the evaluation documents: {number(c.sparse)} and {number(c.dense)} "
            f"entities per sentence, mean F1 {number(c.f1_sparse, 1)} and "
            f"{number(c.f1_dense, 1)}. Above 0: denser training is worth more on denser text."
        )
    return Table(
        f"Mismatch or level? Points of F1 for each {STEP_SHOWN} EPS",
        ("", "Estimate", "95 % interval"),
        (
            *((name, number(e.value), ends(e.low, e.high)) for name, e in listed),
            *logit,
        ),
        note=note,
    )


def controls(found: DensityExperiment) -> Table | None:
    """Size, document length and source of text, in points of F1."""
    m = found.mismatch
    if m is None:
        return None
    return Table(
        "Effects of the variables held equal, in points of F1",
        ("", "Estimate", "95 % interval"),
        tuple(
            (name[:1].upper() + name[1:], number(e.value), ends(e.low, e.high))
            for name, e in m.slopes["f1"].controls.items()
        ),
        note="Shares are of sentences: 0 to 1.",
    )


def thresholds(
    found: DensityExperiment, forms: Collection[str] = tuple(FORMS), *, strata: bool = True
) -> Table | None:
    """Return thresholds of density, and those that appear without any effect of density."""
    t = found.thresholds
    if t is None:
        return None
    rows = []
    for look in t.looks:
        if look.form not in forms or not (strata or look.look in ("alone", "given sentences")):
            continue
        edge = "*" if look.at_edge else ""
        rows.append(
            (
                f"{look.look[:1].upper()}{look.look[1:]}, {FORMS[look.form]}",
                number(look.threshold) + edge,
                ends(*look.simulated),
                p_value(look.p),
            )
        )
    return Table(
        "Thresholds of EPS, compared with those of no effect",
        ("", "EPS", "No effect, middle 95 %", "P"),
        tuple(rows),
        note=f"P: of {t.copies} data sets simulated on the same training sets without any effect "
        "of EPS, the share in which EPS explains as much. An asterisk: the lowest or highest "
        "candidate.",
    )


def _cell(effect: Effect, outcome: str) -> str:
    digits = 3 if outcome == "logit f1" else 2
    half = (effect.high - effect.low) / 2
    return f"{number(effect.value, digits)} ±{number(half, digits)}"
