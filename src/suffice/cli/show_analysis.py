"""How the analysis of a table looks in a terminal of 80 columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.advice import phrases
from suffice.analysis.table_result import LearnerAnalysis, TableAnalysis
from suffice.analysis.versus import Versus
from suffice.cli import show
from suffice.stats._regression.fit import INTERCEPT
from suffice.stats._threshold.profile import FORMS
from suffice.stats._threshold.range_sensitivity import STABLE
from suffice.wording.caveats import SHARED_DOCUMENTS, code_of
from suffice.wording.numbers import format_number, p_value
from suffice.wording.text import sentence


def print_table_analysis(found: TableAnalysis) -> None:
    """Print all parts, one learner after the other."""
    out = show.console()
    seen: dict[str, None] = {}
    for part in found.learners:
        out.print()
        out.print(Text(part._title(), style="bold"))
        if part.target is not None:
            _say(out, part.target.sentence)
        _regression(out, part)
        _thresholds(out, part)
        _smooth(out, part)
        _curves(out, part)
        for reason in (f"{name}: {why}" for name, why in part.not_fitted.items()):
            _say(out, f"Not fitted: {reason}")
        for caveat in _caveats(part):
            seen.setdefault(caveat)
    if found.versus is not None:
        _versus(out, found.versus)
        seen.update(dict.fromkeys(found.versus.caveats))
    _heading(out, "Caveats")
    for caveat in (*found.caveats, *seen):
        _bullet(out, caveat)


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(Text(text, style="bold cyan"))


def _say(out: Console, text: str) -> None:
    out.print(Padding(Text(sentence(text)), (0, 0, 0, 2)))


def _bullet(out: Console, text: str) -> None:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3)
    grid.add_column(overflow="fold")
    grid.add_row(Text("  -"), Text(sentence(text)))
    out.print(grid)


def _rows(
    out: Console, header: Sequence[str], rows: Iterable[Sequence[Any]], *, gap: bool = False
) -> None:
    if gap:
        out.print()
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for k, name in enumerate(header):
        table.add_column(name, justify="left" if k == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    out.print(Padding(table, (0, 0, 0, 2)))


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        low, high = (_cell(end) for end in value)
        return low if low == high == "n/a" else f"{low} to {high}"
    if isinstance(value, float):
        if abs(value) >= 100:
            return f"{value:,.0f}"
        return format_number(value, 3)
    return str(value)


def _regression(out: Console, part: LearnerAnalysis) -> None:
    found = part.regression
    if found is not None:
        _heading(out, f"Regression of {part.response}")
        rows = []
        for name, c in found.coefficients.items():
            if name == INTERCEPT:
                continue
            beta = found.standardized[name]
            rows.append((name, c.estimate, beta.estimate, beta.interval, p_value(beta.p)))
        _rows(out, ("", "per unit", "standardised", "95 % interval", "P"), rows)
        _say(
            out,
            f"F({found.df[0]}, {found.df[1]}) = {_cell(found.f)}, P {p_value(found.p)}; "
            f"R² {found.r2:.3f}, adjusted {found.adjusted_r2:.3f}. Errors: {found.covariance}. "
            "Each P tests a straight line in this predictor, given straight lines in the others.",
        )
        if len(found.predictors) > 1:
            vif = ", ".join(f"{name} {value:.2f}" for name, value in found.vif.items())
            low = ", ".join(f"{name} {value:.2f}" for name, value in found.tolerance.items())
            _say(out, f"VIF: {vif}; tolerance: {low}. {found.klein_sentence}")
        kinds = list(found.standard_errors)
        _rows(
            out,
            ("error per unit", *kinds),
            [
                (name, *(found.standard_errors[kind][name] for kind in kinds))
                for name in found.predictors
            ],
            gap=True,
        )
        _say(out, found.believe_sentence)
    if part.variants is not None:
        _rows(
            out,
            ("model", "R²", "adjusted", "cross-validated", "AIC", "BIC"),
            [
                (name, m.r2, m.adjusted_r2, part.variants.cross_validated[name], m.aic, m.bic)
                for name, m in part.variants.models.items()
            ],
            gap=True,
        )
        _say(out, part.variants.sentence)
    if part.fractional is not None:
        _say(out, part.fractional.sentence)
    if part.entities is not None:
        found_entities = part.entities
        _say(out, f"Entities instead of sentences: {found_entities.sentence}")
    if part.ranking is not None:
        _say(out, part.ranking.sentence)


def _thresholds(out: Console, part: LearnerAnalysis) -> None:
    if part.thresholds:
        _heading(out, f"Threshold of {part.predictor}")
        rows = []
        for form, found in part.thresholds.items():
            test = part.tests.get(form)
            rows.append(
                (
                    f"{FORMS[form]} ({form})",
                    found.estimate,
                    found.interval,
                    found.aic,
                    p_value(test.p) if test else "n/a",
                )
            )
        _rows(out, ("form", "at", "95 % interval", "AIC", "P"), rows)
        said = "P: against no threshold (a constant; for two slopes a straight line)"
        if any(math.isnan(found.aic) for found in part.thresholds.values()):
            said += ". AIC n/a: this form fits exactly up to rounding"
        _say(out, said)
    if part.shapes is not None:
        _say(out, part.shapes._summary()[0])
    found_range = part.sensitivity
    if found_range is not None:
        _rows(
            out,
            (f"{part.predictor} up to", "runs", "threshold", "95 % interval"),
            [
                (float(top), int(n), float(t), (float(low), float(high)))
                for top, n, t, low, high in zip(
                    found_range.largest,
                    found_range.rows,
                    found_range.thresholds,
                    found_range.lower,
                    found_range.upper,
                    strict=True,
                )
            ],
            gap=True,
        )
        style = "green" if found_range.verdict == STABLE else "yellow"
        verdict = Text(f"Range sensitivity: {found_range.verdict}. ", style=f"bold {style}")
        out.print(Padding(verdict + Text(found_range.sentence), (0, 0, 0, 2)))
    if part.composition is not None:
        c = part.composition
        _heading(out, f"Is the effect of {c.predictor} one of {c.size}?")
        header, rows_ = c._table()
        shown = [
            (*row[:-1], p_value(row[-1]) if isinstance(row[-1], float) else "") for row in rows_[:3]
        ]
        _rows(out, header, shown)
        _rows(
            out,
            (f"within {c.size}", "slope", "95 % interval"),
            [((s.least, s.largest), s.slope, s.interval) for s in c.strata],
            gap=True,
        )
        verdict = Text(f"{sentence(c.verdict)} ", style="bold")
        out.print(Padding(verdict + Text(sentence(c.sentence)), (0, 0, 0, 2)))


def _smooth(out: Console, part: LearnerAnalysis) -> None:
    if part.smooth is None:
        return
    s = part.smooth
    _heading(out, f"Smooth curve of {part.response}")
    _say(out, s._summary()[0])
    for found in part.marginal:
        _bullet(out, found.sentence)


def _curves(out: Console, part: LearnerAnalysis) -> None:
    if part.curves is None:
        return
    c = part.curves
    _heading(out, "Learning curves")
    header, rows = c._table()
    _rows(out, header, rows)
    _say(out, f"Weights: by {c.weighting}. {c._summary()[0]}")


def _versus(out: Console, found: Versus) -> None:
    _heading(out, "Learners side by side")
    header, rows = found.ranking._table()
    _rows(out, header, rows)
    _say(out, phrases.describe_ranking(found))
    for name, test in found.equivalences.items():
        _bullet(out, phrases.describe_equivalence(test, name, found.best, found.measure))


def _caveats(part: LearnerAnalysis) -> list[str]:
    results = (
        part.regression,
        part.ranking,
        *part.thresholds.values(),
        part.shapes,
        part.sensitivity,
        part.composition,
        part.smooth,
        part.curves,
        part.target,
    )
    found = [*part.caveats, *(c for r in results if r is not None for c in r.caveats)]
    # Every result says by itself that runs share documents: once is enough here.
    sharing = [c for c in found if code_of(c) in SHARED_DOCUMENTS]
    return [c for c in found if c not in sharing[1:]]
