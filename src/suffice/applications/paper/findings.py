"""What the user's runs say about each of the paper's inconsistencies, in words."""

from __future__ import annotations

import math
from collections.abc import Callable

from suffice.applications.paper.inconsistencies import INCONSISTENCIES
from suffice.applications.paper.published import ARCHITECTURES, TABLE_2
from suffice.applications.paper.result import PaperFinding, Reproduction
from suffice.stats import Threshold
from suffice.stats._exact import least_aic
from suffice.stats._threshold.profile import FORMS
from suffice.wording.numbers import format_number, number, signed

NAMES = {**FORMS, "hinge": f"{FORMS['hinge']} (as printed)"}
"""The forms of a threshold, as the tables compared with the paper's call them."""

_NOT_FITTED = "Could not be fitted to these runs"


def findings(found: Reproduction) -> tuple[PaperFinding, ...]:
    """Test each inconsistency on a reproduction.

    Parameters
    ----------
    found : Reproduction
        Its own ``findings`` are not looked at.

    Returns
    -------
    tuple of Finding
        One for each of `INCONSISTENCIES`, in their order.
    """
    return tuple(
        PaperFinding(item.id, *_TESTS[item.id](found))
        if item.test
        else PaperFinding(
            item.id, False, "No data can test this: it is a matter of what is printed."
        )
        for item in INCONSISTENCIES
    )


def at_edge(fitted: Threshold) -> bool:
    """Return whether the threshold is the lowest or highest candidate."""
    return fitted.estimate in (fitted.candidates[0], fitted.candidates[-1])


def decimals(value: float, digits: int = 2) -> str:
    """Write a number between 0 and 1 as the paper does, without the 0 before the point."""
    written = f"{abs(value):.{digits}f}"
    sign = "−" if value < 0 and float(written) else ""
    return sign + written.removeprefix("0")


def _reason(found: Reproduction, *parts: str) -> str:
    why = [found.not_fitted[p] for p in parts if p in found.not_fitted]
    return f"{_NOT_FITTED}: {why[0]}." if why else f"{_NOT_FITTED}."


def _hinge(found: Reproduction) -> tuple[bool, str]:
    fitted = found.thresholds.get("sentences", {})
    if not fitted:
        return False, _reason(found, "threshold of sentences (upperhinge)")
    parts = []
    for form, t in fitted.items():
        edge = ", at the edge of the candidates" if at_edge(t) else ""
        parts.append(f"{NAMES[form]} {t.estimate:,.0f}{edge}")
    best = fitted[least_aic({form: t.aic for form, t in fitted.items()})]
    values = [t.estimate for t in fitted.values()]
    return True, (
        f"The same runs give, by form: {'; '.join(parts)}. Least AIC: {NAMES[best.form]}. "
        f"The form alone moves the threshold from {min(values):,.0f} to {max(values):,.0f} "
        "sentences."
    )


def _range(found: Reproduction) -> tuple[bool, str]:
    s = found.sensitivity
    if s is None:
        return False, _reason(found, "range sensitivity")
    places = [
        f"{t:,.0f} up to {top:,.0f}"
        for t, top in zip(s.thresholds, s.largest, strict=True)
        if t == t
    ]
    return True, (
        f"{s.verdict.capitalize()}. Threshold by largest set kept: {'; '.join(places)} sentences. "
        f"{s.sentence}"
    )


def _eps(found: Reproduction) -> tuple[bool, str]:
    c = found.composition
    if c is None:
        return False, _reason(found, "composition")
    low, high = c.simulated_range
    mean = found.features["EPS"].mean
    return True, (
        f"{c.verdict.capitalize()}. EPS alone has its threshold at {c.alone.estimate:.3f}, the "
        f"mean EPS of the training sets is {mean:.3f}; data simulated from these runs without any "
        f"effect of EPS put it at {low:.3f} to {high:.3f} (middle 95 %). Slopes before and beyond: "
        f"{signed(c.slopes[0])} and {signed(c.slopes[1])} alone, {signed(c.given_slopes[0])} "
        f"and {signed(c.given_slopes[1])} given sentences."
    )


def _selection(found: Reproduction) -> tuple[bool, str]:
    if not found.looks:
        return False, (
            "Not tested by this learner: it does not look at the evaluation set while it trains. "
            "The paper's rule is `--learner spacy --option selection=evaluation`."
        )
    return False, (
        "This learner chose its checkpoints on the evaluation set, as the paper's did: its F1 is "
        "optimistic. By how much takes a second study with `--option selection=training` in "
        "another --study folder: the same training sets, chosen without that look."
    )


def _independence(found: Reproduction) -> tuple[bool, str]:
    w, r = found.widths, found.overlap_regression
    if w is None:
        return False, _reason(found, "widths")
    text = (
        f"Mean F1 of the {w.runs:,} runs of the largest stratum is {decimals(w.mean, 3)}: "
        f"{_pair(w.naive)} over runs alone; {_pair(w.honest)} where pool and evaluation documents "
        "are carried"
    )
    text += f", {format_number(w.ratio, 2)} times as wide." if math.isfinite(w.ratio) else "."
    if r is not None:
        shown = [
            f"{name} {format_number(r.standard_errors['overlap'][name] / error, 2)} times"
            for name, error in r.standard_errors["ordinary"].items()
            if name in r.predictors and error > 0
        ]
        text += (
            f" The errors of the regression on {found.overlap_runs:,} of the runs, with documents "
            f"that training sets share, over the ordinary ones: {', '.join(shown)}."
        )
    return True, text


def _anova(found: Reproduction) -> tuple[bool, str]:
    e = found.entities
    if e is None:
        return False, _reason(found, "entities instead of sentences")
    published = ", ".join(decimals(a.p_entities) for a in ARCHITECTURES)
    return True, (
        f"R² {decimals(e.r2[0], 4)} with sentences, {decimals(e.r2[1], 4)} with entities; AIC "
        f"{number(e.aic[0], 1)} and {number(e.aic[1], 1)}; r between the two "
        f"{decimals(found.correlation_entities, 3)}. "
        f"Degrees of freedom of a comparison: {e.df[0]}, so there is no P to compare with "
        f"{published}. {e.sentence}"
    )


def _tokens(found: Reproduction) -> tuple[bool, str]:
    tokens, entities = found.features["tokens"], found.features["entities"]
    sentences = found.features["sentences"]
    return True, (
        f"Your training sets have on average {tokens.mean:,.0f} tokens "
        f"({tokens.mean / sentences.mean:.1f} a sentence) and {entities.mean:,.0f} entities "
        f"({entities.mean / sentences.mean:.2f} a sentence); the paper's “tokens” are "
        f"{TABLE_2['entities'].mean / TABLE_2['sentences'].mean:.2f} a sentence."
    )


def _spread(found: Reproduction) -> tuple[bool, str]:
    documents, sentences = found.features["documents"], found.features["sentences"]
    least = documents.sd * sentences.mean / documents.mean
    each = sentences.mean / documents.mean
    return True, (
        f"Yours: {documents.sd:.2f} × {each:.3f} = {least:.1f}, and the SD of sentences is "
        f"{sentences.sd:.1f}; {documents.most:,.0f} documents would have "
        f"{documents.most * each:,.0f} sentences, and the most is {sentences.most:,.0f}. The "
        "paper's: 301.6 and 294.13; 1,050 and 1,031."
    )


def _spread_of_eps(found: Reproduction) -> tuple[bool, str]:
    own, theirs, r = found.features["EPS"], TABLE_2["EPS"], found.regression
    if not own.sd > 0:
        return False, "EPS does not vary here."
    text = (
        f"Yours: {own.least:.2f} to {own.most:.2f} with an SD of {own.sd:.2f}, a range of "
        f"{(own.most - own.least) / own.sd:.1f} SD; the paper's is "
        f"{(theirs.most - theirs.least) / theirs.sd:.1f} SD."
    )
    if r is not None:
        text += f" r of EPS and sentences: {decimals(r.correlation['sentences']['EPS'])}."
    return True, text


def _vif(found: Reproduction) -> tuple[bool, str]:
    r = found.regression
    if r is None:
        return False, _reason(found, "regression")
    own = r.correlation["sentences"]["EPS"]
    return True, (
        f"Yours: r {decimals(own, 3)}, VIF {r.vif['sentences']:.3f} = 1/(1 − r²), tolerance "
        f"{decimals(r.tolerance['sentences'], 3)}."
    )


def _topline(found: Reproduction) -> tuple[bool, str]:
    most = found.features["F1"].most
    published = ", ".join(f"{a.name} {decimals(a.f1.most)}" for a in ARCHITECTURES)
    text = (
        f"Your best of {found.runs:,} runs has {decimals(most)}; Table 2: {published}. A best run "
        "is a maximum of many"
    )
    if found.widths is not None:
        text += f": the mean of the largest stratum is {decimals(found.widths.mean)}"
    return True, text + "."


def _df(found: Reproduction) -> tuple[bool, str]:
    r = found.regression
    if r is None:
        return False, _reason(found, "regression")
    return True, f"Yours: F({r.df[0]}, {r.df[1]}), that is {r.n:,} runs less three."


def _pair(ends: tuple[float, float]) -> str:
    return f"{decimals(ends[0], 3)} to {decimals(ends[1], 3)}"


_TESTS: dict[str, Callable[[Reproduction], tuple[bool, str]]] = {
    "hinge form": _hinge,
    "range": _range,
    "EPS threshold": _eps,
    "selection": _selection,
    "independence": _independence,
    "anova": _anova,
    "tokens": _tokens,
    "spread of size": _spread,
    "spread of EPS": _spread_of_eps,
    "VIF": _vif,
    "topline": _topline,
    "degrees of freedom": _df,
}
