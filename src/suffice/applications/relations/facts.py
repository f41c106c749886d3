"""What a clause says, before names are resolved: who, which kinds, which organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from suffice.applications.relations.elements import Element
from suffice.applications.relations.patterns import Patterns

STUDY = ("study", "funding")
"""Subjects that speak of the study: "this work was", and a heading, "Funding:"."""
STUDY_KINDS = frozenset({"research funding", "other"})
"""Kinds that a study may receive, and not a person."""
RESEARCH = Element(0, 0, "kind", "research funding", "phrases")
_POSTS = ("other", "speaker")
_OF = re.compile(r"\s*(?:of|in|on|for|to|at|as)?\s*(?:the|an?|its|their|his|her|this|that)?\s*")
_HEADS = re.compile(r"(?:,? [a-z]+){0,3}\s?:")
_BODY = re.compile(r"\s*(?:of|on) (?:the |an? )?(?:[a-z-]+ ){1,3}")  # a member of a national
_BROAD = ("research funding",)
_NARROW = ("speaker", "travel", "consulting")


@dataclass(frozen=True)
class Who:
    """A subject: a person as written, or ``all``, ``authors``, ``others``, ``study``."""

    type: str
    text: str = ""


@dataclass
class Fact:
    """Persons, kinds and organisations that belong together."""

    who: list[Who] = field(default_factory=list)
    kinds: list[Element] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    through: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    relative: bool = False
    respectively: bool = False
    backwards: bool = False
    tied: list[Element] = field(default_factory=list)
    none: bool = False
    rule: str = "named"

    @property
    def full(self) -> bool:
        """Return whether kinds and organisations are both there."""
        return bool(self.kinds and self.organisations)


def units(kinds: Sequence[Element], mask: str, patterns: Patterns) -> list[str]:
    """Return the kinds that a run of phrases names, in order, one for each thing that is named.

    "Honoraria for lectures" and "speaker honoraria" are the lectures' kind, "member of an advisory
    board" is the board's, and phrases that are weak count only where nothing else is named.
    """
    kept: list[str] = []
    previous: Element | None = None
    strong = [k for k in kinds if k.role != "weak"]
    if not strong:
        return [kinds[-1].value] if kinds else []
    for k, element in enumerate(strong):
        after = strong[k + 1] if k + 1 < len(strong) else None
        gap = mask[element.end : after.start] if after is not None else ""
        before = mask[previous.end : element.start] if previous is not None else ""
        if element.role == "payment":
            bound = after is not None and _tied(gap, patterns)
            beside = previous is not None and before.strip(" '’s") in ("", "/")
            slash = after is not None and gap.strip() == "/"
            if bound or beside or slash:
                previous = element
                continue
        elif (
            after is not None
            and element.value in _POSTS
            and after.role != "payment"
            and (_OF.fullmatch(gap) or (after.value == "consulting" and _BODY.fullmatch(gap)))
            and after.value != element.value
        ) or (
            after is not None
            and element.value in _BROAD
            and after.value in _NARROW
            and _tied(gap, patterns)
        ):
            previous = element
            continue
        if not (kept and previous is not None and kept[-1] == element.value and not before.strip()):
            kept.append(element.value)
        previous = element
    return kept


def _tied(gap: str, patterns: Patterns) -> bool:
    bare = gap.strip(" ,")
    inside = bare.startswith("(") and ")" not in bare
    return inside or bool(patterns.lists["tie"].match(bare))


def retied(fact: Fact, later: Element, mask: str, patterns: Patterns) -> bool:
    """Return whether a later activity is what the payment was for: "fees from A for lectures"."""
    if _HEADS.match(mask, later.end):
        return False  # "Funding: A (inst) Travel: B"
    gap = mask[fact.end : later.start]
    payments = all(k.role in ("payment", "weak") for k in fact.kinds)
    broad = {k.value for k in fact.kinds} <= set(_BROAD) and later.value in _NARROW
    return (payments or broad) and later.role != "weak" and _tied(gap.rpartition(",")[2], patterns)


def triples(fact: Fact, named: Sequence[str]) -> Iterator[tuple[Who, str, str | None]]:
    """Yield who, kind and organisation of a fact: all with all, or one by one ("respectively").

    Parameters
    ----------
    fact : Fact
        With everything filled in.
    named : sequence of str
        Its kinds, from `units`.
    """
    organisations: Sequence[str | None] = fact.organisations or [None]
    people, n = fact.who, 0
    if fact.respectively:
        n = max(len(people), len(named), len(organisations))
        if n > 1 and all(len(x) in (1, n) for x in (people, named, organisations)):
            for k in range(n):
                who, kind, organisation = (
                    x[k] if len(x) == n else x[0] for x in (people, named, organisations)
                )
                yield who, kind, organisation  # type: ignore[misc]
            return
    for who in people:
        for kind in dict.fromkeys(named):
            for organisation in dict.fromkeys(organisations):
                yield who, kind, organisation
