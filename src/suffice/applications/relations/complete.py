"""What a clause leaves out: "and C.L. from B", "its board", "supported by A"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from suffice.applications.relations.context import Clause
from suffice.applications.relations.elements import Element
from suffice.applications.relations.facts import RESEARCH, STUDY_KINDS, Fact, Who, units

_FROM_SOMEBODY = ("research funding", "honoraria")
_AND = re.compile(r"\s*(?:by|of|for|to|in|with|at), and\b")


def completed(facts: Sequence[Fact], clause: Clause) -> list[Fact]:
    """Return a clause's facts with what it leaves out filled in, and without empty ones.

    Parameters
    ----------
    facts : sequence of Fact
        As read from its elements; changed.
    clause : Clause
        The clause; its state is brought up to date.
    """
    state = clause.state
    for fact, after in pairwise(facts):
        shared = fact.kinds and after.kinds and not fact.organisations
        if shared and _AND.match(clause.mask, fact.kinds[-1].end):
            fact.organisations = list(after.organisations)  # "is, and J.R. was, employed by A"
    done: list[Fact] = []
    known = state.kinds
    for fact in facts:
        if fact.tied:
            fact.kinds = fact.tied
        if fact.through and not fact.organisations:
            fact.organisations = fact.through
        _fill_kinds(fact, done, clause, known)
        if fact.kinds or fact.relative:
            _fill_organisations(fact, done, clause)
        headed = fact.rule == "funding"
        if fact.who == [Who("study")] and fact.backwards and not (clause.says("gives") or headed):
            continue  # "was done at A with institutional funds"
        if not fact.who or _by_the_way(fact, clause):
            _fill_who(fact, clause)
            if fact.rule == "assumed" and not fact.organisations and not fact.none:
                continue  # neither who nor with whom
        done.append(fact)
        if fact.kinds:
            state.kinds = fact.kinds
        if fact.organisations:
            state.organisations = fact.organisations
    said = _stated_kinds(done)
    some = clause.says("some")
    return _shared(
        [f for f in done if (f.kinds or f.relative or f.none) and not _empty(f, said, some)]
    )


def _fill_kinds(fact: Fact, before: Sequence[Fact], clause: Clause, known: list[Element]) -> None:
    if fact.kinds or fact.none or not fact.organisations or fact.relative:
        return
    if clause.says("views"):
        return
    if fact.rule == "funding":
        fact.kinds = [RESEARCH]
        return
    if before and before[-1].full and fact.who and not before[-1].backwards:
        fact.kinds, fact.rule = list(before[-1].kinds), "carried"  # "and C.L. from B"
        return
    if known and ("person" not in clause.types or clause.elided):
        fact.kinds, fact.rule = list(known), "carried"


def _fill_organisations(fact: Fact, before: Sequence[Fact], clause: Clause) -> None:
    if fact.organisations:
        return
    if fact.relative and not fact.kinds and not clause.state.organisations:
        return
    if before and clause.heading_organisation is not None:
        fact.organisations = [clause.heading_organisation]
        return
    if before and _own_stock(before[-1], fact):
        fact.organisations, fact.rule = list(before[-1].organisations), "carried"
        return
    weak = all(k.role == "weak" for k in fact.kinds)
    if (clause.refers or (fact.relative and weak)) and clause.state.organisations:
        fact.organisations = list(clause.state.organisations)
        fact.rule = "carried"


def _own_stock(before: Fact, fact: Fact) -> bool:
    """Return whether an employee's stock is named without a company: "... and has stock"."""
    worked = {k.value for k in before.kinds} == {"employment"}
    strong = {k.value for k in fact.kinds if k.role != "weak"}
    return worked and before.who == fact.who and strong == {"shares"}


def _by_the_way(fact: Fact, clause: Clause) -> bool:
    """Return whether authors only say what a study got: "the authors thank A for funding it"."""
    phrase = all(w.type not in ("person", "study") for w in fact.who)
    told = fact.backwards and clause.says("gives")
    return phrase and not fact.relative and (told or clause.says("for_study"))


def _fill_who(fact: Fact, clause: Clause) -> None:
    kinds = {*units(fact.kinds, clause.mask, clause.patterns)}
    if (
        kinds
        and kinds <= STUDY_KINDS
        and not fact.relative
        and (
            clause.says("passive")
            or (fact.backwards and clause.says("gives"))
            or clause.says("for_study")
        )
    ):
        fact.who, fact.rule = [Who("study")], "study"
        return
    fact.who, fact.rule = clause.subject()
    carried = clause.state.who_sentence == clause.state.sentence and fact.who != [Who("study")]
    if fact.none and not carried and not clause.verb_first:
        fact.who, fact.rule = [Who("authors")], "assumed"


def _stated_kinds(facts: Sequence[Fact]) -> set[tuple[tuple[Who, ...], str]]:
    """Return who is said to have which kind with an organisation that is named."""
    return {(tuple(f.who), k.value) for f in facts if f.organisations for k in f.kinds}


def _empty(fact: Fact, said: set[tuple[tuple[Who, ...], str]], some: bool) -> bool:
    """Return whether a fact without organisation says nothing, or nothing that is not said already.

    Grants and fees come from somebody, and so does all but a patent of "the authors'": without a
    name, or "several companies" (`some`), they are no disclosure.
    """
    if fact.organisations or fact.none:
        return False
    if not some and (
        all(k.value in _FROM_SOMEBODY for k in fact.kinds)
        or (
            all(w.type != "person" for w in fact.who)
            and "patents" not in {k.value for k in fact.kinds}
        )
    ):
        return True
    if fact.relative and not fact.kinds:
        return True
    if all(k.role == "weak" for k in fact.kinds):
        return True
    who = tuple(fact.who)
    return all((who, k.value) in said for k in fact.kinds)


def _shared(facts: list[Fact]) -> list[Fact]:
    """Spread one "respectively" over facts: "grants from A and fees from B, respectively"."""
    marked = [f for f in facts if f.respectively]
    if len(marked) != 1 or len(marked[0].organisations) != 1:
        return facts
    same = [f for f in facts if f.who == marked[0].who and f.full]
    if len(same) == len(marked[0].who) > 1 and same[-1] is marked[0]:
        for fact, who in zip(same, list(marked[0].who), strict=True):
            fact.who = [who]
            fact.rule = "respectively"
    return facts
