"""One clause read from left to right: persons, then what they have, then with whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from suffice.applications.relations.context import Clause
from suffice.applications.relations.elements import Element, behind
from suffice.applications.relations.facts import RESEARCH, STUDY, STUDY_KINDS, Fact, Who, retied

_JOINED = re.compile(r"\s*(?:of|for|from|to|by|at|in|with|on)\b")
_WITH = re.compile(r"\s*(?:with|in|to|at|:)\s*(?:the\s+)?")
_RELATIVE = re.compile(r"\s*\(i\)")  # an immediate family member's
_FAR = 120  # how far behind an organisation "funded by" still speaks of the same


class Walk:
    """Reads a clause element by element.

    Parameters
    ----------
    clause : Clause
        The clause.
    """

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.mask, self.patterns, self.state = clause.mask, clause.patterns, clause.state
        self.lists = clause.patterns.lists
        self.elements = clause.elements
        self.done: list[Fact] = []
        self.now = Fact()
        self.last: Element | None = None
        self.named: Element | None = None  # the last that is not "which", "its" and the like
        self.next: Element | None = None
        self.of_relative = self.excepted = False
        self.meant: list[Who] = []  # before "A, which funded the study"

    def facts(self) -> list[Fact]:
        """Return what the clause says, as far as it says it."""
        for element, after in zip_longest(self.elements, self.elements[1:]):
            self.next = after
            step = getattr(self, f"_on_{element.type}", None)
            if step is not None:
                self.excepted = self._excepted(element)
                step(element)
                self.last = element
                if element.type != "organisations":
                    self.named = element
        self._close()
        return self.done

    def _excepted(self, element: Element) -> bool:
        """Return whether a person is named only to be left out of "all authors"."""
        last = self.last
        if element.type != "person" or last is None:
            return False
        if last.type == "person":
            return self.excepted and self.clause.listed(last, element)
        others = (last.type, last.value) == ("subjects", "others")
        return others and self.lists["except"].search(self.mask, last.start, last.end) is not None

    def _close(self) -> None:
        if self.now.kinds or self.now.organisations or self.now.none or self.now.relative:
            self.done.append(self.now)
        self.now = Fact(who=list(self.now.who), rule=self.now.rule)

    def _on_person(self, element: Element) -> None:
        who = Who("person", element.value)
        if self.excepted:  # "all authors except J.R. and C.L."
            self.state.excepted.append(who)
            return
        last = self.last
        if last is not None and last.type == "person" and self.clause.listed(last, element):
            self.now.who.append(who)
        else:
            self._new_subject([who])
            self.now.relative, self.of_relative = self.of_relative, False
        self.state.recent = [*(w for w in self.state.recent if w != who), who][-2:]
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
        if element.value == "relatives_of":
            self.of_relative = True
            return
        if element.value == "two" and len(self.state.recent) == 2 and len(self.state.who) == 1:
            self._new_subject(list(self.state.recent), "carried")
            return
        if element.value in ("same", "two"):
            if self.state.who:
                self._new_subject(list(self.state.who), "carried")
            return
        if element.value in STUDY:
            if self.now.who == [Who("study")] and self.now.full:
                self._close()
            if any(w.type == "person" for w in self.now.who) or self.now.organisations:
                return
            paid = self.next is not None and self.next.type == "kind"
            if not self.now.who or paid:  # "The authors disclose that this study was funded by"
                self.now = Fact() if self.now.who else self.now
                self._new_subject([Who("study")], element.value)
                self._remember()
            return
        value = element.value
        if value in ("all", "authors") and self.lists["except"].match(self.clause.text.lstrip()):
            value = "others"  # "apart from J.R., the authors"
        self._new_subject([Who(value)], "phrase")
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
        self.state.who = self.now.who
        self.state.who_sentence = self.state.sentence

    def _heads(self, kinds: Sequence[Element], first: Element) -> bool:
        """Return whether kinds stand as a heading at the clause's beginning: "Honoraria: J.R."."""
        after = self.mask[kinds[-1].end : kinds[-1].end + 3].lstrip()
        return first is kinds[0] and after.startswith((":", "–", "—"))

    def _on_kind(self, element: Element) -> None:
        now = self.now
        if now.kinds and now.kinds == self.state.heading:
            now.kinds = []
        if self.meant and now.kinds == [RESEARCH] and element.role == "weak":
            return
        if now.tied:
            now.tied.append(element)
            return
        if now.full and not now.backwards and retied(now, element, self.mask, self.patterns):
            now.tied.append(element)
            return
        if now.full and not now.backwards:
            if self._instead(element, now):
                return
            if element.role == "weak" and not self.clause.last_organisation > element.end:
                return
            self._close()
        if now.none:
            self._close()
        if self.meant and now.full and element.value not in STUDY_KINDS:
            self._close()
            self.now = Fact(list(self.meant))
        now = self.now
        if now.organisations and not now.kinds:
            named = self.named
            if named is not None and self.lists["received"].match(
                self.mask[named.end : element.end].lstrip(" ,")
            ):
                now.organisations, now.who = [], now.who or [Who("study")]  # "A received a grant"
            else:
                now.backwards = True
        now.kinds.append(element)
        now.end = element.end

    def _behind(self, name: str, element: Element, after: Element | None = None) -> bool:
        """Return whether a phrase stands right before an element, and behind another."""
        start = self.clause.start if after is None else after.end
        return behind(self.lists[name], self.mask, start, element.start)

    def _instead(self, element: Element, now: Fact) -> bool:
        """Return whether a payer follows who did the work: "writing by A, funded by B"."""
        gap = self.mask[now.end : min(element.end, now.end + _FAR)]
        return {k.value for k in now.kinds} == {"other"} and bool(self.lists["instead"].search(gap))

    def _on_organisation(self, element: Element) -> None:
        now, before = self.now, self.named
        if now.tied:
            if not self._after_tied(element):
                return
            now = self.now
        if now.backwards and now.full:
            if self._behind("done_by", element) and not now.who:
                now.organisations, now.backwards = [], False  # "the centre is funded by A"
            else:
                now = self._after_backwards(element)
        gap = self.mask[before.end if before else self.clause.start : element.start]
        if now.rule == "sponsor":
            self.done.append(Fact([Who("study")], [RESEARCH], [element.value], rule="study"))
            now.rule = "named"
        after_name = before is not None and before.type == "organisation"
        if self.clause.aside(element, before) or self.clause.receives(element, before):
            return
        if _RELATIVE.match(self.mask, element.end):
            self.done.append(Fact(list(now.who), list(now.kinds), [element.value], relative=True))
            return
        if now.organisations and (
            (after_name and self._behind("instead", element, before))
            or self._instead_gap(now, element)
        ):
            now.organisations[-1] = element.value
        elif now.organisations and after_name and self.lists["detached"].search(gap):
            pass
        elif self._behind("through", element, before):
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
        again = list(now.kinds)
        if not self._parted(now.tied[-1], element):
            first = len(now.tied) - 1
            while first and not self._parted(now.tied[first - 1], now.tied[first]):
                first -= 1
            if not first:
                return False
            now.tied, again = now.tied[:first], now.tied[first:]
        self._close()
        self.now.kinds = again
        return True

    def _parted(self, a: Element, b: Element) -> bool:
        """Return whether a comma or "and" stands between two elements."""
        gap = self.mask[a.end : b.start]
        return "," in gap or " and " in gap

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
        return behind(self.lists["instead"], self.mask, now.end, element.start)

    def _on_organisations(self, element: Element) -> None:
        gave = self.lists["gave"].match(self.mask, element.start)
        if self.now.full and (gave or self.lists["got"].match(self.mask, element.start)):
            given = self.now.organisations[-1:] if gave else []
            self._close()
            self.meant = self.now.who
            kinds = [] if gave else [RESEARCH]
            self.now = Fact([Who("study")], kinds, given, rule="study")
            return
        if element.value not in ("former", "latter"):
            return  # "its" and "the company" matter where nothing is named
        listed = [f.organisations for f in self.done if len(f.organisations) > 1]
        known = listed[-1] if listed else self.state.organisations
        if len(known) > 1:
            pick = known[-2] if element.value == "former" else known[-1]
            if self.now.full:
                self._close()
            self.now.organisations.append(pick)
            self.now.end = element.end

    def _on_again(self, element: Element) -> None:
        """Take up the kinds of the last fact's persons, or the last two: "received both from A"."""
        facts = [f for f in self.state.facts if f.kinds and f.organisations]
        if element.value == "same":
            facts = [f for f in facts if f.who == facts[-1].who]
        else:
            facts = list({f.kinds[-1].value: f for f in facts}.values())[-2:]
        for fact in facts:
            for kind in fact.kinds:
                self._on_kind(kind)

    def _on_respectively(self, element: Element) -> None:
        self.now.respectively = True

    def _on_none(self, element: Element) -> None:
        if self.now.kinds or self.now.organisations:
            self._close()
        after = self.mask[element.end : self.next.start] if self.next is not None else ""
        if self.now.who == [Who("all")] and self.lists["except"].search(after):
            self.now.who = [Who("others")]
        self.now.none, self.now.relative = True, False

    def _on_interest(self, element: Element) -> None:
        """Take an interest that is not denied as one of no named kind: "relationships with A"."""
        after = self.next
        if (
            after is not None
            and after.type == "organisation"
            and _WITH.fullmatch(self.mask[element.end : after.start])
            and "kind" not in self.clause.types
        ):
            self._on_kind(Element(element.start, element.end, "kind", "other", "weak"))
