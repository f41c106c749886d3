"""What a check is, and what it hands over: findings, the worst first, without text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from suffice.corpus.origin import Origin
from suffice.results import Result

LEVELS = {
    "leak": "scores would be too good",
    "wrong": "wrong, whatever was meant",
    "doubtful": "probably a mistake; look at each",
    "know": "allowed, but good to know",
}
"""How bad a finding is, the worst first, and what that means."""


@dataclass(frozen=True)
class Check:
    """A kind of fault.

    Parameters
    ----------
    level : str
        A key of `LEVELS`.
    title : str
        What is counted.
    fixable : bool
        Whether `suffice.corpus.fix` mends some or all of them.
    """

    level: str
    title: str
    fixable: bool = False


CHECKS = {
    "exact twins across splits": Check("leak", "documents whose text is in another split too"),
    "near twins across splits": Check("leak", "documents nearly the same as one in another split"),
    "groups across splits": Check("leak", "groups with documents in several splits"),
    "left out": Check("wrong", "records that reading refused"),
    "edge white space": Check("wrong", "spans that begin or end with white space", fixable=True),
    "label white space": Check(
        "wrong", "spans whose label begins or ends with white space", fixable=True
    ),
    "repeated": Check("wrong", "spans that are there twice", fixable=True),
    "encoding damage": Check("wrong", "places where the text was decoded wrongly"),
    "invisible characters": Check("wrong", "spans with invisible characters"),
    "twins annotated differently": Check("wrong", "spans that a document has and its twin lacks"),
    "label variants": Check(
        "wrong", "spans whose label differs from another only in case or spaces", fixable=True
    ),
    "cuts a word": Check("doubtful", "spans that begin or end inside a word"),
    "edge punctuation": Check("doubtful", "spans with stray punctuation at an edge"),
    "same place": Check("doubtful", "pairs of spans at one place with different labels"),
    "label typos": Check("doubtful", "spans with a rare label one letter from a common one"),
    "several labels": Check("doubtful", "spans whose string nearly always has another label"),
    "unlabelled repeats": Check("doubtful", "unlabelled repeats of a labelled string"),
    "stops early": Check("doubtful", "documents whose annotation seems to stop early"),
    "several forms": Check("doubtful", "spans whose string is coded in several ways"),
    "crossing": Check("doubtful", "pairs of spans that overlap in part"),
    "ambiguous strings": Check("know", "spans whose string has several labels, none of them usual"),
    "nested": Check("know", "pairs of spans of which one lies in the other"),
    "crosses sentences": Check("know", "spans that lie in no single sentence"),
    "exact twins": Check("know", "documents with the text of another one"),
    "near twins": Check("know", "documents nearly the same as another one"),
    "twins not compared": Check(
        "know", "near twins, long and repetitive, whose spans are compared in part only"
    ),
    "without spans": Check("know", "documents without entities"),
    "not normalised": Check("know", "documents with decomposed characters"),
}
"""Every check by name. Within a level, findings stand in this order where they weigh the same."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a document, and a stretch of it unless the whole is meant.

    Parameters
    ----------
    document : str
        The document's id.
    start, end : int, optional
        Character offsets, end exclusive.
    label : str, optional
        The label of the span there, if there is one.
    where : str
        The file and line, where the file gives the document no id, or has a line for each word.
    """

    document: str
    start: int | None = None
    end: int | None = None
    label: str | None = None
    where: str = ""

    def __str__(self) -> str:
        if self.where:
            return self.where
        return self.document if self.start is None else f"{self.document}:{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was found: a span, a pair, a string at all its places, a set of documents.

    Parameters
    ----------
    places : tuple of Place
        The doubtful places first, then those that they are compared with.
    count : int
        How many of them are doubtful; what a finding adds up.
    detail : str
        What is odd about it, without text.
    text : str, optional
        The entity string; only where it was asked for.
    weight : float
        Cases of a finding are ordered by it, the greatest first.
    """

    places: tuple[Place, ...]
    count: int = 1
    detail: str = ""
    text: str | None = None
    weight: float = 0.0


@dataclass(frozen=True)
class Finding(Result):
    """All that one check found.

    Parameters
    ----------
    check : str
        A key of `CHECKS`.
    level, title, fixable
        As there.
    count : int
        How many of what the title says.
    documents : int
        In how many documents.
    cases : tuple of Case
        The worst first.
    """

    check: str
    level: str
    title: str
    fixable: bool
    count: int
    documents: int
    cases: tuple[Case, ...]

    def _title(self) -> str:
        return f"{self.title}: {self.count:,}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (str(case.places[0]) if case.places else "", case.count, case.detail)
            for case in self.cases[:12]
        ]
        return ("place", "how many", "what"), rows


def finding(check: str, cases: Iterable[Case], *, examples: bool = True) -> Finding:
    """Return what a check found, its cases in order.

    Parameters
    ----------
    check : str
        A key of `CHECKS`.
    cases : iterable of Case
        The cases, in the order of the corpus, which decides between cases of the same weight.
    examples : bool
        Whether entity strings are kept.
    """
    listed = sorted(cases, key=lambda case: -case.weight)
    if not examples:
        listed = [case if case.text is None else replace(case, text=None) for case in listed]
    kind = CHECKS[check]
    return Finding(
        check=check,
        level=kind.level,
        title=kind.title,
        fixable=kind.fixable,
        count=sum(case.count for case in listed),
        documents=len({place.document for case in listed for place in case.places[: case.count]}),
        cases=tuple(listed),
    )


def with_origins(found: Finding, origins: Mapping[str, Origin]) -> Finding:
    """Return a finding whose places name the file and line, for documents with a known origin."""

    def located(place: Place) -> Place:
        origin = origins.get(place.document)
        return place if origin is None else replace(place, where=origin.at(place.start, place.end))

    cases = [replace(case, places=tuple(map(located, case.places))) for case in found.cases]
    return replace(found, cases=tuple(cases))


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings that found something: by level, then by documents concerned, most first."""
    levels, order = list(LEVELS), list(CHECKS)
    return tuple(
        sorted(
            (found for found in findings if found.count),
            key=lambda f: (levels.index(f.level), -f.documents, order.index(f.check)),
        )
    )


def at_least(successes: int, trials: int) -> float:
    """Return the lower end of Wilson's 95 % interval for a share (Wilson, JASA 1927).

    It grows with the share and with the number of trials: 9 of 10 rank below 90 of 100.
    """
    z = 1.959964
    share = successes / trials
    middle = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (middle - half) / (1 + z * z / trials)


def tally(counts: dict[str, int]) -> str:
    """Return counts in words, most first: ``"ORG 41, PERSON 1"``."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered)
