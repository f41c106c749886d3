"""The page on the agreement of annotators; it shows text only where that is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.models.compare import Piece
from suffice.quality.agreement_result import REPORTED, WHY, Agreement, reasons_in_words
from suffice.quality.compare import KINDS
from suffice.quality.disputes import Dispute, divide
from suffice.report.page import environment
from suffice.report.table import Table
from suffice.stats import BootstrapInterval
from suffice.wording import numbers
from suffice.wording.numbers import p_value

CONTEXT = 90
"""Characters shown on either side of a disagreement."""

_MOST = 200
"""Rows of a table that names documents or pairs."""


@dataclass(frozen=True)
class AnnotatorView:
    """One annotator's view of a disagreement."""

    name: str
    pieces: tuple[Piece, ...]
    nothing: bool


@dataclass(frozen=True)
class ShownDispute:
    """One disagreement, side by side."""

    place: str
    kinds: str
    sides: tuple[AnnotatorView, ...]


def render(found: Agreement, corpus: Corpus | None = None) -> str:
    """Render the page.

    Parameters
    ----------
    found : Agreement
        What to show.
    corpus : Corpus, optional
        The documents with all annotators' spans. With it the page shows the text of every
        disagreement, side by side; without it counts, ids and positions only.

    Returns
    -------
    str
        An HTML page that loads nothing and holds no script.
    """
    return (
        environment()
        .get_template("agreement.html")
        .render(
            found=found,
            why=WHY,
            t=_tables(found),
            shown=None if corpus is None else list(find_disputes(corpus)),
            reasons=reasons_in_words(found),
            caveats=(*found.caveats, *found.on_coefficients()),
        )
    )


def find_disputes(corpus: Corpus) -> Iterator[ShownDispute]:
    """Yield every disagreement with its text, in the corpus's order."""
    for document in corpus:
        if len(document.annotators) > 1:
            for dispute in divide(document).disputes:
                yield ShownDispute(
                    place=f"{document.id}:{dispute.start}–{dispute.end}",
                    kinds="; ".join(KINDS[kind] for kind in dispute.kinds),
                    sides=tuple(
                        AnnotatorView(name, tuple(_pieces(document, dispute, name)), not spans)
                        for name, spans in dispute.spans.items()
                    ),
                )


def _pieces(document: Document, dispute: Dispute, name: str) -> Iterator[Piece]:
    text = document.text
    start, end = max(0, dispute.start - CONTEXT), min(len(text), dispute.end + CONTEXT)
    if start:
        yield Piece("…")
    at = start
    for span in _drop_overlaps(document.annotators[name]):
        if span.end <= start or span.start >= end:
            continue
        first, last = max(span.start, start), min(span.end, end)
        if first > at:
            yield Piece(text[at:first])
        yield Piece(text[first:last], span.label, span in dispute.spans[name])
        at = last
    if at < end:
        yield Piece(text[at:end])
    if end < len(text):
        yield Piece("…")


def _drop_overlaps(spans: tuple[Span, ...]) -> Iterator[Span]:
    """Yield spans without those that run into the one before; of nested ones the outermost."""
    end = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.start >= end:
            end = span.end
            yield span


def _tables(found: Agreement) -> dict[str, Table]:
    rows = tuple((name.strip(), _number(value), _ends(*both)) for name, value, both in found.rows())
    made = {
        "main": Table("Agreement", ("", "Value", "95 % interval"), rows),
        "labels": Table(
            "Span F1 by label",
            ("Label", "Spans", "Exact", "95 % interval", "Partial", "95 % interval"),
            tuple(
                (
                    r.label,
                    f"{r.spans:,}",
                    *_value_and_interval(r.exact),
                    *_value_and_interval(r.partial),
                )
                for r in found.by_label
            ),
        ),
        "icc": Table(
            f"Units per document: the intraclass correlation in all forms ({REPORTED} is reported)",
            ("Form", "Value", "95 % interval", "F", "df", "P"),
            tuple(
                (
                    x.form,
                    _number(x.value),
                    _ends(x.low, x.high),
                    numbers.number(x.f),
                    f"{x.df1:.0f}, {x.df2:.0f}" if math.isfinite(x.df1) else "n/a",
                    p_value(x.p),
                )
                for x in found.icc.forms
            ),
        ),
        "confusion": _confusion(found),
        "kinds": Table(
            "Disagreements by kind",
            ("Kind", "How many"),
            tuple((KINDS[kind], f"{count:,}") for kind, count in found.kinds().items()),
        ),
        "documents": _documents(found),
    }
    if len(found.pairs) > 1:
        made["pairs"] = _pairs(found)
    if found.gold:
        made["gold"] = Table(
            "Each annotator against the reconciled spans of the corpus",
            ("Annotator", "Documents", "F1 exact", "95 % interval", "F1 partial", "95 % interval"),
            tuple(
                (
                    g.name,
                    f"{g.documents:,}",
                    *_value_and_interval(g.exact),
                    *_value_and_interval(g.partial),
                )
                for g in found.gold
            ),
        )
    if found.disagreements:
        made["places"] = _places(found)
    return made


def _pairs(found: Agreement) -> Table:
    most = sorted(found.pairs, key=lambda p: (-p.documents, p.first, p.second))
    return Table(
        "Each two annotators",
        ("Pair", "Documents", "F1 exact", "95 % interval", "Boundaries", "κ of types", REPORTED),
        tuple(
            (
                f"{p.first}, {p.second}",
                f"{p.documents:,}",
                *_value_and_interval(p.exact),
                _number(p.boundaries.value),
                _number(p.type_kappa.value),
                _number(p.icc[REPORTED].value),
            )
            for p in most[:_MOST]
        ),
        note=_more(len(most)),
    )


def _confusion(found: Agreement) -> Table:
    names = [*found.labels, "not marked"]
    directed = len(found.annotators) == 2
    title = "Labels of spans that are identical or overlap"
    if directed:
        title += f": rows {found.annotators[0]}, columns {found.annotators[1]}"
    else:
        title += ", over all pairs"
    rows = tuple(
        (name, *(f"{count:,}" for count in row))
        for name, row in zip(names, found.confusion.tolist(), strict=True)
    )
    return Table(title, ("", *names), rows)


def _documents(found: Agreement) -> Table:
    some = [d for d in found.by_document if d.identical < d.units or d.exact < 1]
    some.sort(key=lambda d: (d.exact, -d.units, d.id))
    return Table(
        "Documents with disagreements, worst first",
        ("Document", "Span F1", "Units", "Identical boundaries", "Spans of each"),
        tuple(
            (
                d.id,
                _number(d.exact),
                f"{d.units:,}",
                f"{d.identical:,}",
                ", ".join(f"{a} {n}" for a, n in d.counts.items()),
            )
            for d in some[:_MOST]
        ),
        note=_more(len(some)),
    )


def _places(found: Agreement) -> Table:
    rows = []
    for d in found.disagreements[:_MOST]:
        one, other = _marked(d.first_span), _marked(d.second_span)
        rows.append((d.document, KINDS[d.kind], f"{d.first}: {one}", f"{d.second}: {other}"))
    return Table(
        "Every disagreement",
        ("Document", "Kind", "One", "The other"),
        tuple(rows),
        numeric=False,
        note=_more(len(found.disagreements)),
    )


def _marked(span: Span | None) -> str:
    return "nothing" if span is None else f"{span.start}–{span.end} {span.label}"


def _more(count: int) -> str:
    left = count - _MOST
    return f"And {left:,} more, which suffice agreement --json lists." if left > 0 else ""


def _number(value: float) -> str:
    return "–" if math.isnan(value) else numbers.number(value, 3)


def _ends(low: float, high: float) -> str:
    if math.isnan(low) or low == high:
        return "–"
    return numbers.ends(low, high, 3)


def _value_and_interval(value: BootstrapInterval) -> tuple[str, str]:
    return _number(value.value), _ends(value.low, value.high)
