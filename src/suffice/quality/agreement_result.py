"""What is found out about the agreement of annotators: numbers, ids and places, no text."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.document import Span
from suffice.results import Result
from suffice.stats import BootstrapInterval, FleissKappa, IntraclassCorrelations, Kappa
from suffice.wording.numbers import counted

REPORTED = "ICC2"
"""The form of the intraclass correlation that is reported."""

WHY = (
    "ICC2, that is ICC(A,1): the annotators are a sample of all who could annotate, the "
    "reliability is that of one of them, and their counts must be equal, not merely correlated"
)
"""Why this one."""


@dataclass(frozen=True)
class Disagreement(Result):
    """One unit that two annotators did not mark alike.

    Parameters
    ----------
    document : str
        Its id.
    kind : str
        ``type``, ``boundary``, ``boundary and type`` or ``missing``; see
        `suffice.quality.compare.KINDS`.
    first, second : str
        The annotators.
    first_span, second_span : Span, optional
        What each marked; one is None for ``missing``.
    """

    document: str
    kind: str
    first: str
    second: str
    first_span: Span | None
    second_span: Span | None


@dataclass(frozen=True)
class LabelAgreement(Result):
    """Agreement on one label.

    Parameters
    ----------
    label : str
        The label.
    spans : int
        Spans of it that were compared, of both annotators together.
    exact, partial : Resampled
        Span F1; see `Agreement`.
    """

    label: str
    spans: int
    exact: BootstrapInterval
    partial: BootstrapInterval


@dataclass(frozen=True)
class DocumentAgreement(Result):
    """Agreement on one document.

    Parameters
    ----------
    id : str
        The document's.
    annotators : int
        How many annotated it.
    units, identical : int
        Units, and those with identical boundaries, over all pairs of annotators.
    exact : float
        Span F1 over all pairs; NaN where nobody marked anything.
    counts : mapping of str to int
        How many spans each annotator marked.
    """

    id: str
    annotators: int
    units: int
    identical: int
    exact: float
    counts: dict[str, int]


@dataclass(frozen=True)
class PairAgreement(Result):
    """Agreement of two annotators, on the documents and labels that both were given.

    Parameters
    ----------
    first, second : str
        Their names.
    documents : int
        That both annotated.
    exact, partial, boundaries, types : BootstrapInterval
        As in `Agreement`.
    type_kappa : Kappa
        Cohen's, on the labels of identically bounded spans; large-sample interval.
    token_kappa : BootstrapInterval
        Cohen's, on the labels of tokens; bootstrap interval, as tokens are not independent.
    icc : IntraclassCorrelations
        Intraclass correlations of the counts of units per document.
    """

    first: str
    second: str
    documents: int
    exact: BootstrapInterval
    partial: BootstrapInterval
    boundaries: BootstrapInterval
    types: BootstrapInterval
    type_kappa: Kappa
    token_kappa: BootstrapInterval
    icc: IntraclassCorrelations


@dataclass(frozen=True)
class GoldAgreement(Result):
    """One annotator against the reconciled annotation.

    Parameters
    ----------
    name : str
        The annotator.
    documents : int
        Compared.
    exact, partial : Resampled
        Span F1.
    """

    name: str
    documents: int
    exact: BootstrapInterval
    partial: BootstrapInterval


@dataclass(frozen=True)
class Agreement(Result):
    """How far annotators agree. Intervals are over documents, or groups where there are some.

    Parameters
    ----------
    name : str
        The corpus's.
    annotators : tuple of str
        Their names, sorted.
    documents, compared : int
        Numbers of documents in the corpus, and of those that at least two annotated.
    labels : tuple of str
        All that anybody used.
    exact : BootstrapInterval
        Span F1: a span agrees where start, end and label do. Over all pairs of annotators.
    partial : BootstrapInterval
        Span F1 with half a point for spans of the same label that overlap (as MUC's "partial").
    mean_pairs : BootstrapInterval, optional
        The mean of the pairs' exact F1, each pair counting the same; for three or more.
    boundaries : BootstrapInterval
        Share of units with identical boundaries. Spans that overlap are one unit, and so is a span
        of one annotator only.
    types : BootstrapInterval
        Share of the identically bounded that have the same label.
    token_kappa : BootstrapInterval, optional
        For two annotators; see `PairAgreement`.
    token_alpha : BootstrapInterval
        Krippendorff's, nominal, on the labels of tokens, all annotators.
    fleiss_types, fleiss_tokens : FleissKappa, optional
        For three or more annotators.
    icc : IntraclassCorrelations
        Intraclass correlations of the counts of units in the documents that all annotated.
    gamma : BootstrapInterval, optional
        Where it was asked for: the mean over documents.
    pairs : tuple of PairAgreement
        Each two annotators.
    by_label : tuple of LabelAgreement
        Most frequent first.
    by_document : tuple of DocumentAgreement
        Agreement by document, in the corpus's order.
    confusion : ndarray of int, shape (labels + 1, labels + 1)
        Labels of identical or overlapping spans; the last row and column are "not marked". Rows
        are the first annotator's; with three or more it is symmetric, over all pairs.
    disagreements : tuple of Disagreement
        All disagreements, in the corpus's order.
    gold : tuple of GoldAgreement
        Each annotator against the documents' own spans, where these are more than a majority.
    outside : float
        Share of tokens that lie outside of every span.
    synthetic : bool
        Whether the corpus, and so its annotators, are made up.
    notes : tuple of str
        How documents were matched.
    caveats : tuple of str
        What to keep in mind.
    """

    name: str
    annotators: tuple[str, ...]
    documents: int
    compared: int
    labels: tuple[str, ...]
    exact: BootstrapInterval
    partial: BootstrapInterval
    mean_pairs: BootstrapInterval | None
    boundaries: BootstrapInterval
    types: BootstrapInterval
    token_kappa: BootstrapInterval | None
    token_alpha: BootstrapInterval
    fleiss_types: FleissKappa | None
    fleiss_tokens: FleissKappa | None
    icc: IntraclassCorrelations
    gamma: BootstrapInterval | None
    pairs: tuple[PairAgreement, ...]
    by_label: tuple[LabelAgreement, ...]
    by_document: tuple[DocumentAgreement, ...]
    confusion: NDArray[np.int64]
    disagreements: tuple[Disagreement, ...]
    gold: tuple[GoldAgreement, ...]
    outside: float
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    def kinds(self) -> dict[str, int]:
        """Return the number of disagreements of each kind, most first."""
        counts = Counter(d.kind for d in self.disagreements)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def rows(self) -> list[tuple[str, float, tuple[float, float]]]:
        """Return the coefficients that there are: name, value and interval."""
        return [(name, value, interval) for name, value, interval, _ in self._coefficients()]

    def reasons(self) -> dict[str, str]:
        """Return why values and intervals are missing, by what they are of.

        The names are those of `rows`, ``label NAME``, ``NAME, NAME`` for a pair, and ``NAME against
        the corpus's own spans``.
        """
        listed = [
            *self._coefficients(),
            *(_row_of_interval(f"label {row.label}", row.exact) for row in self.by_label),
            *(
                _row_of_interval(f"{p.first}, {p.second}", p.exact)
                for p in self.pairs
                if len(self.pairs) > 1
            ),
            *(
                _row_of_interval(f"{g.name} against the corpus's own spans", g.exact)
                for g in self.gold
            ),
        ]
        return {
            name.strip(): why
            for name, value, interval, why in listed
            if why and (math.isnan(value) or math.isnan(interval[0]))
        }

    def on_coefficients(self) -> tuple[str, ...]:
        """Return what to keep in mind about single coefficients that have a value."""
        results = (self.icc, self.fleiss_types, self.fleiss_tokens, self.gamma)
        said = dict.fromkeys(c for r in results if r is not None for c in r.caveats)
        given = set(self.reasons().values())
        return tuple(c for c in said if c not in given)

    def to_dict(self) -> dict[str, Any]:
        """Give every field in plain Python types, and `reasons`."""
        return {**super().to_dict(), "reasons": self.reasons()}

    def _coefficients(self) -> list[_Coefficient]:
        found: list[_Coefficient] = []

        def add(name: str, value: BootstrapInterval | None) -> None:
            if value is not None:
                found.append(_row_of_interval(name, value))

        add("span F1, exact", self.exact)
        add("span F1, partial", self.partial)
        add("span F1, exact, mean of pairs", self.mean_pairs)
        add("units with identical boundaries", self.boundaries)
        add("  of these, with the same label", self.types)
        if len(self.pairs) == 1:
            k = self.pairs[0].type_kappa
            found.append(_row_of_interval("  Cohen κ of these labels", k))
        if self.fleiss_types is not None:
            found.append(_row_of_fleiss("  Fleiss κ of these labels", self.fleiss_types))
        i = self.icc[REPORTED]
        why = (*i.caveats, *self.icc.caveats)
        found.append(_make_row(f"units per document, {REPORTED}", i.value, (i.low, i.high), why))
        add("labels of tokens, Cohen κ", self.token_kappa)
        if self.fleiss_tokens is not None:
            found.append(_row_of_fleiss("labels of tokens, Fleiss κ", self.fleiss_tokens))
        add("labels of tokens, Krippendorff α", self.token_alpha)
        add("γ, mean over documents", self.gamma)
        return found

    def _title(self) -> str:
        return (
            f"Agreement of {counted(len(self.annotators), 'annotator')} on "
            f"{counted(self.compared, 'document')}"
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("", "value", "95 % interval"), list(self.rows())


_Coefficient = tuple[str, float, tuple[float, float], str]
"""Name, value, interval, and why one of the two is missing ("" where neither is)."""


def _make_row(
    name: str, value: float, interval: tuple[float, float], caveats: tuple[str, ...]
) -> _Coefficient:
    if interval[0] == interval[1]:  # a point claims that nothing else is possible
        interval = (math.nan, math.nan)
    missing = math.isnan(value) or math.isnan(interval[0])
    why = next(iter(caveats), "no interval, since there was no disagreement") if missing else ""
    return name, value, interval, why


def _row_of_interval(name: str, found: BootstrapInterval | Kappa) -> _Coefficient:
    return _make_row(name, found.value, (found.low, found.high), found.caveats)


def _row_of_fleiss(name: str, found: FleissKappa) -> _Coefficient:
    none = (math.nan, math.nan)
    caveats = found.caveats if math.isnan(found.value) else ("no interval is computed for it",)
    return _make_row(name, found.value, none, caveats)


def reasons_in_words(found: Agreement) -> list[str]:
    """Return a line for each reason why something is a dash, with what it is true of."""
    of: dict[str, list[str]] = {}
    for name, why in found.reasons().items():
        of.setdefault(why, []).append(name)
    return [f"{'; '.join(names)}: {why}" for why, names in of.items()]
