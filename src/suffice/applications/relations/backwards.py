"""Clauses in which persons follow what they have: "fees were paid by A to J.R."."""

from __future__ import annotations

from suffice.applications.relations.context import Clause
from suffice.applications.relations.elements import Element
from suffice.applications.relations.facts import STUDY, Fact, Who


def persons_last(clause: Clause) -> bool:
    """Return whether persons follow what they have: "fees were paid by A to J.R."."""
    persons = [k for k, e in enumerate(clause.elements) if e.type == "person"]
    kinds = [k for k, e in enumerate(clause.elements) if e.type in ("kind", "none")]
    organisations = [k for k, e in enumerate(clause.elements) if e.type == "organisation"]
    subjects = [
        k
        for k, e in enumerate(clause.elements)
        if e.type == "subjects" and e.value not in (*STUDY, "sponsor", "relatives")
    ]
    if not kinds and clause.state.kinds and persons and organisations:
        return organisations[0] < persons[0] and organisations[-1] < persons[-1]
    if not persons or not kinds:
        return False
    first = min([*persons, *subjects])
    before = min([*kinds, *organisations]) < first
    if not before or persons[-1] < kinds[-1]:
        return False
    if not organisations:
        return True
    return organisations[0] < persons[0] and organisations[-1] < persons[-1]


def backwards(clause: Clause) -> list[Fact]:
    """Return the facts of a clause whose persons follow: "A (J.R., B.T.), B (J.R.)"."""
    done: list[Fact] = []
    used = none = taken_over = False
    groups = [Fact() if "kind" in clause.types else Fact(kinds=list(clause.state.kinds))]
    study = any(e.type == "subjects" and e.value in STUDY for e in clause.elements)
    previous: Element | None = None
    for element in clause.elements:
        now = groups[-1]
        if element.type == "person":
            who = Who("person", element.value)
            if previous and previous.type == "person" and clause.listed(previous, element):
                for fact in done[-len(groups) :]:
                    fact.who.append(who)
            else:
                done += [
                    Fact([who], list(g.kinds), list(g.organisations), none=none, rule="listed")
                    for g in groups
                ]
            used = True
        elif element.type == "kind":
            if used:
                groups = [Fact(kinds=[element], organisations=list(now.organisations))]
                used, taken_over = False, True
            elif now.full and study:
                done.append(Fact([Who("study")], now.kinds, list(now.organisations)))
                groups = [Fact(kinds=[element], organisations=list(now.organisations))]
            elif now.full and clause.last_organisation > element.end:
                groups.append(Fact(kinds=[element]))
            else:
                now.kinds.append(element)
        elif element.type == "organisation" and not clause.aside(element, previous):
            if used:
                groups, used = [Fact(kinds=list(now.kinds), organisations=[element.value])], False
            elif taken_over:  # of the persons before; these have their own
                now.organisations, taken_over = [element.value], False
            else:
                now.organisations.append(element.value)
        elif element.type == "none":
            none = True
        previous = element
    if done:
        clause.state.who = list(done[-1].who)
        clause.state.who_sentence = -1
    return done
