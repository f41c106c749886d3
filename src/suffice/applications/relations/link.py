"""From elements to facts: the clauses of a statement, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from suffice.applications.relations.backwards import backwards, persons_last
from suffice.applications.relations.complete import completed
from suffice.applications.relations.context import Clause, State
from suffice.applications.relations.denial import undenied
from suffice.applications.relations.elements import Element
from suffice.applications.relations.facts import Fact, Who
from suffice.applications.relations.funding import has_recipients, recipients
from suffice.applications.relations.patterns import Patterns
from suffice.applications.relations.walk import Walk


class Linker:
    """Links the clauses of one statement in order.

    Parameters
    ----------
    mask : str
        The statement with names blanked out.
    patterns : Patterns
        The patterns.
    """

    def __init__(self, mask: str, patterns: Patterns) -> None:
        self.mask = mask
        self.patterns = patterns
        self.state = State()

    def clause(self, sentence: int, start: int, end: int, found: Sequence[Element]) -> list[Fact]:
        """Return the facts of a clause; `sentence` is its sentence's number."""
        state = self.state
        if sentence != state.sentence:
            state.sentence, state.kinds, state.heading, state.facts = sentence, [], [], []
        left = undenied(found, self.mask, self.patterns)
        clause = Clause(start, end, left.elements, self.mask, self.patterns, state)
        self._note_denied(left.denied, clause)
        clause.elements = without_helpers(clause)
        if has_recipients(clause):
            read = recipients(clause)
        else:
            read = backwards(clause) if persons_last(clause) else Walk(clause).facts()
        facts = completed(read, clause)
        for fact in facts:
            fact.start, fact.end = start, end
        state.facts += facts
        return facts

    def _note_denied(
        self, denied: Sequence[tuple[Element, Element | None]], clause: Clause
    ) -> None:
        state = self.state
        for kind, person in denied:
            who = clause.subject()[0] if person is None else [Who("person", person.value)]
            key = tuple(who)
            state.denied.setdefault(key, set()).add(self.mask[kind.start : kind.end])
            first = state.denied_at.get(key, (clause.start, clause.end))
            state.denied_at[key] = (min(first[0], clause.start), max(first[1], clause.end))


def without_helpers(clause: Clause) -> list[Element]:
    """Return a clause's elements without those who helped with writing, or are thanked."""
    writing = clause.patterns.lists["writing"]
    if clause.says("are_thanked"):
        return [e for e in clause.elements if e.type != "person"]
    thanked = clause.patterns.lists["thanked"].search(clause.text)
    if thanked is not None:
        after = clause.start + thanked.end()
        return [e for e in clause.elements if e.type != "person" or e.start < after]
    kept: list[Element] = []
    helped = person = False
    for element in clause.elements:
        if element.type == "person" and helped:
            continue
        person = person or element.type == "person"
        if element.type in ("person", "kind", "subjects"):
            text = clause.mask[element.start : element.end]
            wrote = element.type == "kind" and bool(writing.fullmatch(text))
            helped = wrote and not person
            last = kept[-1] if kept else None
            between = "" if last is None else clause.mask[last.end : element.start]
            if (
                wrote
                and last is not None
                and last.type == "person"
                and clause.patterns.lists["helped"].search(between)
            ):
                kept = [e for e in kept if e.type != "person"]
        kept.append(element)
    return kept
