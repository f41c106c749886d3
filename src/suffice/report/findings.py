"""The page of what is odd about a corpus: the worst first, with places; text only if asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suffice.corpus.check import Inspection, with_interval
from suffice.corpus.checks.base import LEVELS, Case, Finding, Place
from suffice.corpus.splitters.compare import SplitterComparison
from suffice.report.page import environment
from suffice.report.table import Table
from suffice.wording.numbers import counted, number

MOST_CASES = 100
"""The most cases of a finding on the page; ``--json`` has all."""
MOST_PLACES = 12
_AROUND = 40


@dataclass(frozen=True)
class Excerpt:
    """A stretch of a document with a little of what stands around it."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class FindingEntry:
    """A case as the page shows it."""

    detail: str
    text: str | None
    places: tuple[tuple[str, str, Excerpt | None], ...]
    more: int


def render(
    found: Inspection,
    splitters: SplitterComparison,
    version: str,
    *,
    texts: Mapping[str, str] | None = None,
) -> str:
    """Render the page.

    Parameters
    ----------
    found : Inspection
        What `suffice.inspect` found.
    splitters : SplitterComparison
        What each sentence splitter makes of the corpus.
    version : str
        The version of suffice.
    texts : mapping of str to str, optional
        The documents' texts by id: with them places are shown in a little of their context.

    Returns
    -------
    str
        An HTML page that loads nothing and holds no script; without ``texts`` and examples in
        ``found``, no text of any document.
    """
    levels = [
        (level, meaning, [_section(f, texts) for f in found.findings if f.level == level])
        for level, meaning in LEVELS.items()
    ]
    return (
        environment()
        .get_template("findings.html")
        .render(
            found=found,
            levels=[level for level in levels if level[2]],
            counts=_counts(found),
            splitters=_splitters(splitters),
            missing=[row for row in splitters.rows if row.sentences is None],
            shows_text=texts is not None,
            version=version,
        )
    )


def _section(
    finding: Finding, texts: Mapping[str, str] | None
) -> tuple[Finding, list[FindingEntry], int]:
    entries = [_entry(case, texts) for case in finding.cases[:MOST_CASES]]
    return finding, entries, len(finding.cases) - len(entries)


def _entry(case: Case, texts: Mapping[str, str] | None) -> FindingEntry:
    shown = case.places[:MOST_PLACES]
    return FindingEntry(
        detail=case.detail,
        text=case.text,
        places=tuple((str(p), p.label or "", _excerpt(p, texts)) for p in shown),
        more=len(case.places) - len(shown),
    )


def _excerpt(place: Place, texts: Mapping[str, str] | None) -> Excerpt | None:
    if texts is None or place.start is None or place.end is None:
        return None
    text, start, end = texts[place.document], place.start, place.end
    cut = min(end, start + 3 * _AROUND)
    return Excerpt(
        ("…" if start > _AROUND else "") + text[max(0, start - _AROUND) : start],
        text[start:cut] + ("…" if cut < end else ""),
        "" if cut < end else text[end : end + _AROUND] + ("…" if end + _AROUND < len(text) else ""),
    )


def _counts(found: Inspection) -> Table:
    rows = [
        ("Documents", f"{found.documents:,}"),
        ("Sentences", f"{found.sentences:,}"),
        ("Word tokens", f"{found.tokens:,}"),
        ("Entities", f"{found.entities:,}"),
        ("Distinct entity strings", f"{found.distinct:,}"),
        ("Entities per sentence", with_interval(found.eps)),
        *((f"Label {label}", f"{count:,}") for label, count in found.labels.items()),
    ]
    return Table("What the corpus is made of", ("", "Value"), tuple(rows))


def _splitters(found: SplitterComparison) -> Table:
    rows = tuple(
        (
            row.name,
            f"{row.sentences:,}",
            number(row.per_document or 0.0),
            "n/a" if row.eps is None else number(row.eps),
            f"{row.crossed:,}",
        )
        for row in found.rows
        if row.sentences is not None
    )
    return Table(
        "Sentences by splitter",
        ("Splitter", "Sentences", "Per document", "EPS", "Spans crossing"),
        rows,
        note=f"On {found.documents:,} of {counted(found.of, 'document')}."
        if found.documents < found.of
        else "",
    )
