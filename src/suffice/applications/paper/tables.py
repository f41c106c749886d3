"""The paper's tables, with the user's values next to the published ones."""

from __future__ import annotations

import math

from suffice.applications.paper.findings import NAMES, at_edge, decimals
from suffice.applications.paper.published import (
    AGREEMENT,
    ARCHITECTURES,
    CORRELATION,
    CORRELATION_ENTITIES,
    TABLE_1,
    TABLE_2,
    TOLERANCE,
    VIF,
    PaperSpread,
)
from suffice.applications.paper.result import Reproduction
from suffice.quality.agreement_result import REPORTED, Agreement
from suffice.report.table import Table
from suffice.stats import Regression, Threshold
from suffice.wording.numbers import number, p_value

_ROWS = (("documents", "statements"), ("sentences", "sentences"), ("entities", "entities"))


def features(found: Reproduction) -> Table:
    """Table 2: the training sets."""
    rows = []
    for own, theirs in _ROWS:
        rows.append((own.capitalize(), *_sizes(found.features[own]), *_sizes(TABLE_2[theirs])))
    rows.append(("Tokens", *_sizes(found.features["tokens"]), "n/a", "n/a"))
    rows.append(("EPS", *_small(found.features["EPS"]), *_small(TABLE_2["EPS"])))
    return Table(
        "Table 2: the training sets",
        ("", "Yours, range", "mean (SD)", "Published, range", "mean (SD)"),
        tuple(rows),
        note="EPS: entities per sentence. What the paper's table calls tokens are entities.",
    )


def f1(found: Reproduction) -> Table:
    """Table 2: F1."""
    rows = [(f"Yours: {found.learner}", *_small(found.features["F1"]))]
    rows += [(a.name, *_small(a.f1)) for a in ARCHITECTURES]
    return Table("Table 2: F1 over all training sets", ("", "Range", "Mean (SD)"), tuple(rows))


def regression(found: Reproduction) -> Table:
    """Table 3: standardised regression of F1 on EPS and sentences."""
    return Table(
        "Table 3: F1 on EPS and sentences, standardised",
        ("", "β EPS", "P", "β sentences", "P", "F", "R²"),
        (
            *([_own(found.learner, found.regression)] if found.regression else ()),
            *(
                (
                    a.name,
                    decimals(a.beta_eps),
                    "<.001" if a.p_eps is None else decimals(a.p_eps, 3),
                    decimals(a.beta_sentences),
                    "<.001",
                    f"{a.f:,.0f}",
                    decimals(a.r2, 4),
                )
                for a in ARCHITECTURES
            ),
        ),
        note="P values are those of straight lines, and take runs as independent, as the "
        "paper's do: they are too small.",
    )


def _own(learner: str, r: Regression) -> tuple[str, ...]:
    eps, sentences = r.standardized["EPS"], r.standardized["sentences"]
    return (
        f"Yours: {learner}",
        decimals(eps.estimate),
        p_value(eps.p),
        decimals(sentences.estimate),
        p_value(sentences.p),
        f"{r.f:,.0f}",
        decimals(r.r2, 4),
    )


def collinearity(found: Reproduction) -> Table:
    """EPS, sentences and entities among each other."""
    r = found.regression
    own = ("n/a",) * 3
    if r is not None:
        own = (
            decimals(r.correlation["sentences"]["EPS"], 3),
            f"{r.vif['sentences']:.2f}",
            decimals(r.tolerance["sentences"], 2) if r.tolerance["sentences"] < 1 else "1",
        )
    return Table(
        "Predictors among each other",
        ("", "Yours", "Published"),
        (
            ("r of EPS and sentences", own[0], decimals(CORRELATION)),
            ("VIF", own[1], f"{VIF:.2f}"),
            ("Tolerance", own[2], decimals(TOLERANCE, 1)),
            (
                "r of entities and sentences",
                decimals(found.correlation_entities, 3)
                if found.correlation_entities < 0.9995
                else "1.000",
                decimals(CORRELATION_ENTITIES, 3),
            ),
        ),
    )


def entities(found: Reproduction) -> Table | None:
    """Entities instead of sentences."""
    e = found.entities
    if e is None:
        return None
    rows = [
        (
            f"Yours: {found.learner}",
            decimals(e.r2[0], 4),
            decimals(e.r2[1], 4),
            number(e.aic[1] - e.aic[0], 1),
            "none exists",
        )
    ]
    rows += [
        (a.name, decimals(a.r2, 4), "n/a", "n/a", decimals(a.p_entities)) for a in ARCHITECTURES
    ]
    return Table(
        "Entities instead of sentences",
        ("", "R² sentences", "R² entities", "AIC, entities less sentences", "ANOVA P"),
        tuple(rows),
    )


def thresholds(found: Reproduction) -> Table:
    """Table 4: thresholds of sentences and of EPS, each in all forms."""
    rows = []
    for form, name in NAMES.items():
        sentences = found.thresholds.get("sentences", {}).get(form)
        eps = found.thresholds.get("EPS", {}).get(form)
        rows.append((f"Yours, {name}", *_threshold(sentences, 0), *_threshold(eps, 2)))
    for a in ARCHITECTURES:
        rows.append((a.name, *_published(a.sentences, 0), *_published(a.eps, 2)))
    return Table(
        "Table 4: thresholds",
        ("", "Sentences", "95 % interval", "EPS", "95 % interval"),
        tuple(rows),
        note="Intervals resample runs, as the paper's do: they are too narrow. Where all resamples "
        "agree, the ends are the neighbouring values in your runs. An asterisk marks the lowest or "
        "highest candidate, where a form does not suit the data.",
    )


def agreement(found: Agreement) -> Table:
    """Agreement of two annotators, compared with the paper's."""
    icc = found.icc[REPORTED]
    shown = ("units with", "of these", "Cohen κ of these", "units per")
    reasons = {name: why for name, why in found.reasons().items() if name.startswith(shown)}
    rows = [
        (
            "Identical boundaries of units",
            _value(found.boundaries.value),
            _ends(found.boundaries.low, found.boundaries.high),
            decimals(AGREEMENT.boundaries, 3),
            "n/a",
        ),
        (
            "Same type, of identical boundaries",
            _value(found.types.value),
            _ends(found.types.low, found.types.high),
            decimals(AGREEMENT.types, 3),
            "n/a",
        ),
    ]
    if len(found.pairs) == 1:
        kappa = found.pairs[0].type_kappa
        rows.append(
            (
                "Cohen’s κ of types",
                _value(kappa.value),
                _ends(kappa.low, kappa.high),
                decimals(AGREEMENT.kappa, 3),
                "n/a",
            )
        )
    rows.append(
        (
            "Intraclass correlation of counts (ICC2)",
            _value(icc.value),
            _ends(icc.low, icc.high),
            decimals(AGREEMENT.icc[0]),
            _ends(*AGREEMENT.icc[1:]),
        )
    )
    return Table(
        f"Agreement of {', '.join(found.annotators[:4])} on {found.compared:,} documents",
        ("", "Yours", "95 % interval", "Published", "95 % interval"),
        tuple(rows),
        note="The paper does not say which form of the intraclass correlation it reports."
        + "".join(f" n/a: {name}, {why}." for name, why in reasons.items()),
    )


def sample_sizes() -> Table:
    """Table 1: published training sets."""
    return Table(
        "Table 1: human-annotated training sets of published studies",
        ("Unit", "Papers", "Mean", "Range"),
        tuple((r.unit, str(r.papers), f"{r.mean:,}", f"{r.least:,}–{r.most:,}") for r in TABLE_1),
    )


def _sizes(s: PaperSpread) -> tuple[str, str]:
    return f"{s.least:,.0f}–{s.most:,.0f}", f"{s.mean:,.1f} ({s.sd:,.2f})"


def _small(s: PaperSpread) -> tuple[str, str]:
    def two(value: float) -> str:
        return f"{value:.2f}" if value >= 1 else decimals(value)

    return f"{two(s.least)}–{two(s.most)}", f"{two(s.mean)} ({two(s.sd)})"


def _threshold(t: Threshold | None, digits: int) -> tuple[str, str]:
    if t is None:
        return "n/a", "n/a"
    low, high = t.interval
    mark = "*" if at_edge(t) else ""
    return f"{t.estimate:,.{digits}f}{mark}", f"{low:,.{digits}f} to {high:,.{digits}f}"


def _published(value: tuple[float, float, float], digits: int) -> tuple[str, str]:
    estimate, low, high = value
    return f"{estimate:,.{digits}f}", f"{low:,.{digits}f} to {high:,.{digits}f}"


def _value(value: float) -> str:
    return "n/a" if math.isnan(value) else decimals(value, 3)


def _ends(low: float, high: float) -> str:
    if math.isnan(low) or low == high:
        return "n/a"
    return f"{decimals(low, 3)} to {decimals(high, 3)}"
