"""Clauses on what paid for a study, with who received it: "supported by A (to J.R.) and B"."""

from __future__ import annotations

import re

from suffice.applications.relations.context import Clause
from suffice.applications.relations.elements import Element, behind
from suffice.applications.relations.facts import RESEARCH, STUDY, Fact, Who

_TO = re.compile(r"(?:\bto|\bfor|[(\[,:;&/]|\band)\s*(?:(?:drs?|prof(?:essor)?s?|mrs?|ms)\.?\s*)?$")


def has_recipients(clause: Clause) -> bool:
    """Return whether a clause says what paid for the study, and names persons as recipients."""
    persons = [e for e in clause.elements if e.type == "person"]
    organisations = [e for e in clause.elements if e.type == "organisation"]
    if not persons or not organisations or organisations[0].start > persons[0].start:
        return False
    if any(e.type == "kind" and e.value != RESEARCH.value for e in clause.elements):
        return False
    if any(e.type == "subjects" and e.value not in STUDY for e in clause.elements):
        return False
    state = clause.state
    study = any(e.type == "subjects" for e in clause.elements) or (
        state.who == [Who("study")] and state.who_sentence == state.sentence
    )
    paid = "kind" in clause.types and clause.says("passive")
    return (study or paid) and all(
        _TO.search(clause.mask, max(clause.start, e.start - 40), e.start) is not None
        for e in persons
    )


def recipients(clause: Clause) -> list[Fact]:
    """Return who received what an organisation paid, or the study where nobody is named.

    Persons in brackets belong to the organisation before the bracket, others to all those that
    were named since the last recipients.
    """
    done: list[Fact] = []
    waiting: list[Fact] = []
    last: Element | None = None
    named = clause.start
    for element in clause.elements:
        if element.type == "organisation":
            if clause.aside(element, last) or clause.receives(element, last):
                continue
            if last is not None and last.type == "person":
                waiting = []
            waiting.append(Fact([Who("study")], [RESEARCH], [element.value], rule="study"))
            done.append(waiting[-1])
            last, named = element, element.end
        elif element.type == "kind" and behind(
            clause.patterns.lists["own"], clause.mask, clause.start, element.start
        ):
            waiting = []  # "by A, and by a grant from B to J.R."
        elif element.type == "person" and waiting:
            gap = clause.mask[named : element.start]
            inside = gap.count("(") > gap.count(")") or gap.count("[") > gap.count("]")
            for fact in waiting[-1:] if inside else waiting:
                if fact.who == [Who("study")]:
                    fact.who, fact.rule = [], "listed"
                fact.who.append(Who("person", element.value))
            last = element
    clause.state.who = [Who("study")]
    clause.state.who_sentence = clause.state.sentence
    return done
