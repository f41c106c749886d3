"""From elements to facts: who is meant by which kinds and organisations, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from suffice.relations.denial import undenied
from suffice.relations.elements import Element
from suffice.relations.facts import Fact, Who, retied, units
from suffice.relations.patterns import Patterns

_WORD = re.compile(r"[^\W\d_]+")
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|be)\b[^.;]{0,80}\b(?:by|from|through)\b|"
    r"^\W*(?:supported|funded|sponsored|financed) by"
)
_GIVEN = re.compile(
    r"\b(?:funded|supported|sponsored|financed|provided|supplied|donated|paid|gave|lent|awarded)\b"
)
_JOINED = re.compile(r"\s*(?:of|for|from|to|by|at|in|with|on)\b")
_WITH = re.compile(r"\s*(?:with|in|to|at|:)\s*(?:the\s+)?")
_BRACKET = re.compile(r"\s*[(\[]\s*[\"“'‘]?")
_STUDY_KINDS = frozenset({"research funding", "other"})


@dataclass
class State:
    """What is carried from clause to clause of a statement."""

    who: list[Who] = field(default_factory=list)
    sentence: int = -1
    who_sentence: int = -1
    kinds: list[Element] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    heading: list[Element] = field(default_factory=list)
    denied: dict[tuple[Who, ...], set[str]] = field(default_factory=dict)
    denied_at: dict[tuple[Who, ...], tuple[int, int]] = field(default_factory=dict)


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
            state.sentence, state.kinds, state.heading = sentence, [], []
        left = undenied(found, self.mask)
        self._note_denied(left.denied, left.elements, start, end)
        walk = _Walk(self, start, end, left.elements)
        facts = walk.facts()
        for fact in facts:
            fact.start, fact.end = start, end
        return facts

    def subject(self) -> tuple[list[Who], str]:
        """Return who is meant in a clause that names nobody, and the rule that says so."""
        state = self.state
        if state.who and state.who_sentence == state.sentence:
            return state.who, "carried"
        if state.who and all(w.type == "person" for w in state.who):
            return state.who, "carried"
        return [Who("authors")], "phrase"

    def _note_denied(
        self,
        denied: Sequence[tuple[Element, int]],
        kept: Sequence[Element],
        start: int,
        end: int,
    ) -> None:
        for kind, before in denied:
            who: list[Who] = []
            for element in reversed(kept[:before]):
                if element.type == "person":
                    who = [Who("person", element.value)]
                    break
            key = tuple(who or self.subject()[0])
            self.state.denied.setdefault(key, set()).add(self.mask[kind.start : kind.end])
            first = self.state.denied_at.get(key, (start, end))
            self.state.denied_at[key] = (min(first[0], start), max(first[1], end))


class _Walk:
    """One clause, element by element."""

    def __init__(self, linker: Linker, start: int, end: int, elements: Sequence[Element]) -> None:
        self.linker = linker
        self.mask, self.patterns, self.state = linker.mask, linker.patterns, linker.state
        self.start, self.end = start, end
        self.elements = self._without_helpers(elements)
        self.done: list[Fact] = []
        self.now = Fact()
        self.last: Element | None = None
        self.named: Element | None = None  # the last that is not "which", "its" and the like

    def facts(self) -> list[Fact]:
        if self._persons_last():
            self._walk_backwards()
        else:
            self._walk()
        self._finish()
        return self.done

    # Order of the clause

    def _without_helpers(self, elements: Sequence[Element]) -> list[Element]:
        """Return the elements without those who helped with writing."""
        writing = self.patterns.lists["writing"]
        kept: list[Element] = []
        helped = False
        for element in elements:
            if element.type == "person" and helped:
                continue
            if element.type in ("person", "kind", "subjects"):
                helped = element.type == "kind" and not any(e.type == "person" for e in kept)
                helped = helped and bool(writing.fullmatch(self.mask[element.start : element.end]))
            kept.append(element)
        return kept

    def _persons_last(self) -> bool:
        """Return whether persons follow what they have: "fees were paid by A to J.R."."""
        persons = [k for k, e in enumerate(self.elements) if e.type == "person"]
        kinds = [k for k, e in enumerate(self.elements) if e.type in ("kind", "none")]
        organisations = [k for k, e in enumerate(self.elements) if e.type == "organisation"]
        subjects = [
            k
            for k, e in enumerate(self.elements)
            if e.type == "subjects" and e.value not in ("study", "sponsor", "relatives")
        ]
        if not persons or not kinds:
            return False
        first = min([*persons, *subjects])
        before = min([*kinds, *organisations]) < first
        if not before or persons[-1] < kinds[-1]:
            return False
        if not organisations:
            return True
        return organisations[0] < persons[0] and organisations[-1] < persons[-1]

    # Walking

    def _walk_backwards(self) -> None:
        """Kinds and organisations, then the persons they belong to; "A (J.R., B.T.), B (J.R.)"."""
        groups, used, none = [Fact()], False, False
        study = any(e.type == "subjects" and e.value == "study" for e in self.elements)
        previous: Element | None = None
        for element in self.elements:
            now = groups[-1]
            if element.type == "person":
                who = Who("person", element.value)
                if previous and previous.type == "person" and self._listed(previous, element):
                    for fact in self.done[-len(groups) :]:
                        fact.who.append(who)
                else:
                    self.done += [
                        Fact([who], list(g.kinds), list(g.organisations), none=none, rule="listed")
                        for g in groups
                    ]
                used = True
            elif element.type == "kind":
                if used:
                    groups, used = [Fact(kinds=[element], organisations=now.organisations)], False
                elif now.full and study:
                    self.done.append(Fact([Who("study")], now.kinds, now.organisations))
                    groups = [Fact(kinds=[element], organisations=now.organisations)]
                elif now.full and self._beyond(element):
                    groups.append(Fact(kinds=[element]))
                else:
                    now.kinds.append(element)
            elif element.type == "organisation" and not self._aside(element, previous):
                if used:
                    groups, used = [Fact(kinds=now.kinds, organisations=[element.value])], False
                else:
                    now.organisations.append(element.value)
            elif element.type == "none":
                none = True
            previous = element
        self.now = Fact()
        if self.done:
            self.state.who = list(self.done[-1].who)
            self.state.who_sentence = -1

    def _walk(self) -> None:
        for element in self.elements:
            step = getattr(self, f"_on_{element.type}", None)
            if step is not None:
                step(element)
                self.last = element
                if element.type != "organisations":
                    self.named = element
        self._close()

    def _close(self) -> None:
        if self.now.kinds or self.now.organisations or self.now.none or self.now.relative:
            self.done.append(self.now)
        self.now = Fact(who=list(self.now.who), rule=self.now.rule)

    def _on_person(self, element: Element) -> None:
        who = Who("person", element.value)
        last = self.last
        if last is not None and last.type == "person" and self._listed(last, element):
            self.now.who = [*self.now.who, who]
        else:
            self._new_subject([who])
        self._remember()

    def _on_subjects(self, element: Element) -> None:
        if element.value == "relatives":
            if self.now.kinds or self.now.organisations or self.now.none:
                if self.now.organisations and not self.now.kinds:
                    pass
                else:
                    self._close()
            self.now.relative = True
            return
        if element.value == "sponsor":
            self.now.rule = "sponsor"
            return
        if element.value == "same":
            if self.state.who:
                self._new_subject(list(self.state.who), "carried")
            return
        if element.value == "study":
            if not self.now.who:
                self._new_subject([Who("study")])
                self._remember()
            return
        self._new_subject([Who(element.value)], "phrase")
        self._remember()

    def _new_subject(self, who: list[Who], rule: str = "named") -> None:
        now = self.now
        heading = self.state.heading
        if now.who or now.full or now.none or now.relative:
            self._close()
            self.now = Fact(who=who, rule=rule, kinds=list(heading))
        elif now.kinds and self._heads(now.kinds, self.elements[0]):
            self.state.heading = list(now.kinds)
            now.who, now.rule = who, rule
        else:
            now.who, now.rule = who, rule
            if not now.kinds:
                now.kinds = list(heading)

    def _remember(self) -> None:
        self.state.who = list(self.now.who)
        self.state.who_sentence = self.state.sentence

    def _heads(self, kinds: Sequence[Element], first: Element) -> bool:
        """Return whether kinds stand as a heading at the clause's beginning: "Honoraria: J.R."."""
        after = self.mask[kinds[-1].end : kinds[-1].end + 3].lstrip()
        return first is kinds[0] and after.startswith((":", "–", "—"))

    def _on_kind(self, element: Element) -> None:
        now = self.now
        if now.kinds and now.kinds == self.state.heading:
            now.kinds = []
        if now.tied:
            now.tied.append(element)
            return
        if now.full and not now.backwards and retied(now, element, self.mask, self.patterns):
            now.tied.append(element)
            return
        if now.full and not now.backwards:
            if self._instead(element, now):
                return
            if element.role == "weak" and not self._beyond(element):
                return
            self._close()
        if now.none:
            self._close()
        now = self.now
        if now.organisations and not now.kinds:
            now.backwards = True
        now.kinds.append(element)
        now.end = element.end

    def _instead(self, element: Element, now: Fact) -> bool:
        """Return whether a payer follows who did the work: "writing by A, funded by B"."""
        gap = self.mask[now.end : element.end]
        return {k.value for k in now.kinds} == {"other"} and bool(
            self.patterns.lists["instead"].search(gap)
        )

    def _beyond(self, element: Element) -> bool:
        """Return whether an organisation follows a phrase in this clause."""
        return any(e.type == "organisation" and e.start > element.end for e in self.elements)

    def _on_organisation(self, element: Element) -> None:
        now, before = self.now, self.named
        if now.tied:
            if not self._after_tied(element):
                return
            now = self.now
        if now.backwards and now.full:
            now = self._after_backwards(element)
        gap = self.mask[before.end if before else self.start : element.start]
        if now.rule == "sponsor":
            self.done.append(Fact([Who("study")], [_RESEARCH], [element.value], rule="study"))
            now.rule = "named"
        after_name = before is not None and before.type == "organisation"
        if after_name and self._aside(element, before):
            return
        lists = self.patterns.lists
        if (now.organisations and _ends(lists["instead"], gap)) or (
            now.organisations and self._instead_gap(now, element)
        ):
            now.organisations[-1] = element.value
        elif now.organisations and after_name and _found_in(lists["detached"], gap):
            pass
        elif _ends(lists["through"], gap):
            now.through.append(element.value)
        else:
            now.organisations.append(element.value)
        now.end = element.end

    def _after_tied(self, element: Element) -> bool:
        """Return whether an organisation opens a fact behind "fees from A for lectures".

        "... and from B for reviews" has the same payment again, "..., consulting fees from B" a
        kind of its own; of "for a lecture at B" the organisation is only a place.
        """
        now = self.now
        again, last = list(now.kinds), now.tied[-1]
        gap = self.mask[last.end : element.start]
        more = "," in gap or " and " in gap
        if not more and len(now.tied) == 1:
            return False
        if not more:
            now.tied.pop()
            again = [last]
        self._close()
        self.now.kinds = again
        return True

    def _after_backwards(self, element: Element) -> Fact:
        """Return the fact that a further organisation opens behind "A: lectures".

        The last of several kinds is its own where a preposition joins them: "A's adviser and has
        shares in B".
        """
        kinds = self.now.kinds
        joined = len(kinds) > 1 and _JOINED.match(self.mask[kinds[-1].end : element.start])
        own = [kinds.pop()] if joined else []
        self._close()
        self.now.kinds = own
        return self.now

    def _instead_gap(self, now: Fact, element: Element) -> bool:
        if {k.value for k in now.kinds} != {"other"}:
            return False
        return _ends(self.patterns.lists["instead"], self.mask[now.end : element.start])

    def _aside(self, element: Element, last: Element | None) -> bool:
        """Return whether an organisation only explains the one before: a short form in brackets."""
        if last is None or last.type != "organisation":
            return False
        gap = self.mask[last.end : element.start]
        return bool(_BRACKET.fullmatch(gap))

    def _on_organisations(self, element: Element) -> None:
        listed = [f.organisations for f in reversed(self.done) if len(f.organisations) > 1]
        known = listed[0] if listed else self.state.organisations
        if element.value in ("former", "latter") and len(known) > 1:
            pick = known[-2] if element.value == "former" else known[-1]
            if self.now.full:
                self._close()
            self.now.organisations.append(pick)
            self.now.end = element.end
        # "its" and "the company" matter where nothing is named: see `_finish`.

    def _on_respectively(self, element: Element) -> None:
        self.now.respectively = True

    def _on_none(self, element: Element) -> None:
        if self.now.kinds or self.now.organisations:
            self._close()
        self.now.none = True

    def _on_interest(self, element: Element) -> None:
        """Take an interest that is not denied as one of no named kind: "relationships with A"."""
        after = next((e for e in self.elements if e.start >= element.end), None)
        if (
            after is not None
            and after.type == "organisation"
            and _WITH.fullmatch(self.mask[element.end : after.start])
            and not any(e.type == "kind" for e in self.elements)
        ):
            self._on_kind(Element(element.start, element.end, "kind", "other", "weak"))

    def _listed(self, a: Element, b: Element) -> bool:
        """Return whether two persons stand in one list."""
        gap = self.mask[a.end : b.start]
        if ":" in gap or len(gap) > 60:
            return False
        small = self.patterns.lists["between_persons"]
        rest = small.sub(" ", gap)
        return not _WORD.search(rest)

    # Filling in what a clause leaves out

    def _finish(self) -> None:
        state = self.state
        same = self.patterns.lists["same"]
        anaphor = any(
            e.value == "same"
            if e.type == "organisations"
            else e.type == "kind" and bool(same.search(self.mask[e.start : e.end]))
            for e in self.elements
        )
        given = _GIVEN.search(self.mask[self.start : self.end])
        facts: list[Fact] = []
        for fact in self.done:
            if fact.tied:
                fact.kinds = fact.tied
            if fact.through and not fact.organisations:
                fact.organisations = fact.through
            self._fill_kinds(fact, facts)
            if fact.kinds or fact.relative:
                self._fill_organisations(fact, anaphor)
            if fact.who == [Who("study")] and fact.backwards and not given:
                continue  # "was done at A with institutional funds"
            if not fact.who:
                self._fill_who(fact)
            facts.append(fact)
            if fact.kinds:
                state.kinds = fact.kinds
            if fact.organisations:
                state.organisations = fact.organisations
        self.done = self._shared(
            [f for f in facts if (f.kinds or f.relative or f.none) and not self._empty(f, facts)]
        )

    def _fill_kinds(self, fact: Fact, before: Sequence[Fact]) -> None:
        if fact.kinds or fact.none or not fact.organisations or fact.relative:
            return
        if before and before[-1].full and fact.who and not before[-1].backwards:
            fact.kinds, fact.rule = list(before[-1].kinds), "carried"  # "and C.L. from B"
            return
        person_here = any(e.type == "person" for e in self.elements)
        if not person_here and self.state.kinds:
            fact.kinds, fact.rule = list(self.state.kinds), "carried"

    def _fill_organisations(self, fact: Fact, anaphor: bool) -> None:
        if fact.organisations:
            return
        if fact.relative and not fact.kinds and not self.state.organisations:
            return
        weak = all(k.role == "weak" for k in fact.kinds)
        if (anaphor or (fact.relative and weak)) and self.state.organisations:
            fact.organisations = list(self.state.organisations)
            fact.rule = "carried"

    def _fill_who(self, fact: Fact) -> None:
        kinds = {*units(fact.kinds, self.mask, self.patterns)}
        text = self.mask[self.start : self.end]
        if (
            kinds
            and kinds <= _STUDY_KINDS
            and not fact.relative
            and (_PASSIVE.search(text) or (fact.backwards and _GIVEN.search(text)))
        ):
            fact.who, fact.rule = [Who("study")], "study"
            return
        fact.who, fact.rule = self.linker.subject()
        carried = self.state.who_sentence == self.state.sentence and fact.who != [Who("study")]
        if fact.none and not carried:
            fact.who, fact.rule = [Who("authors")], "phrase"

    def _empty(self, fact: Fact, facts: Sequence[Fact]) -> bool:
        """Return whether a fact without organisation says nothing that is not said already."""
        if fact.organisations or fact.none:
            return False
        if fact.relative and not fact.kinds:
            return True
        if all(k.role == "weak" for k in fact.kinds):
            return True
        kinds = {k.value for k in fact.kinds}
        return any(
            other is not fact
            and other.organisations
            and other.who == fact.who
            and kinds <= {k.value for k in other.kinds}
            for other in facts
        )

    def _shared(self, facts: list[Fact]) -> list[Fact]:
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


_RESEARCH = Element(0, 0, "kind", "research funding", "phrases")


def _ends(pattern: re.Pattern[str], gap: str) -> bool:
    """Return whether a gap ends in a phrase."""
    return any(not gap[m.end() :].strip(" ,(") for m in pattern.finditer(gap))


def _found_in(pattern: re.Pattern[str], gap: str) -> bool:
    return pattern.search(gap) is not None
