"""What is known while a clause is read: its text, its elements, and what came before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from suffice.applications.relations.elements import Element, behind
from suffice.applications.relations.facts import RESEARCH, Fact, Who
from suffice.applications.relations.patterns import Patterns

_WORD = re.compile(r"[^\W\d_]+")
_RECEIVES = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:awarded |made |paid |given )?(?:to|at) (?:the )?")
_FROM = re.compile(r"\s*,?\s*(?:from|by|for|with|to|of)\s+(?:the\s+)?")
_NUMBER_TO = re.compile(r"\d[\w./-]*\)? to (?:the )?$")  # "grant 12-3 to A"
_TO = re.compile(r"\s+to (?:the )?")
_BRACKET = re.compile(r"\s*[(\[]\s*[\"“'‘]?")


@dataclass
class State:
    """What is carried from clause to clause of a statement.

    Parameters
    ----------
    who : list of Who
        The subject named last, in the sentence with the number `who_sentence`.
    sentence : int
        The number of the sentence that is read.
    kinds, organisations : list
        Those named last, kinds in this sentence only.
    heading : list of Element
        Kinds that stand before a colon at the head of this sentence.
    recent : list of Who
        The two persons named last.
    facts : list of Fact
        The facts of this sentence.
    excepted : list of Who
        Persons who were named only to be left out of "all authors".
    denied, denied_at : dict
        Headings with "none" behind them, by person, and where they stand.
    """

    who: list[Who] = field(default_factory=list)
    sentence: int = -1
    who_sentence: int = -1
    kinds: list[Element] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    heading: list[Element] = field(default_factory=list)
    recent: list[Who] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    excepted: list[Who] = field(default_factory=list)
    denied: dict[tuple[Who, ...], set[str]] = field(default_factory=dict)
    denied_at: dict[tuple[Who, ...], tuple[int, int]] = field(default_factory=dict)


@dataclass
class Clause:
    """One clause and what it stands in.

    Parameters
    ----------
    start, end : int
        Its offsets.
    elements : list of Element
        Without what it denies.
    mask : str
        The whole statement with names blanked out.
    patterns : Patterns
        The patterns.
    state : State
        What came before.
    """

    start: int
    end: int
    elements: list[Element]
    mask: str
    patterns: Patterns
    state: State
    _said: dict[str, bool] = field(default_factory=dict, repr=False)

    @cached_property
    def text(self) -> str:
        """Return its text with names blanked out."""
        return self.mask[self.start : self.end]

    @cached_property
    def types(self) -> frozenset[str]:
        """Return the types of its elements."""
        return frozenset(e.type for e in self.elements)

    def says(self, name: str) -> bool:
        """Return whether one of the phrases of a list stands anywhere in it."""
        if name not in self._said:
            self._said[name] = self.patterns.lists[name].search(self.text) is not None
        return self._said[name]

    @cached_property
    def verb_first(self) -> bool:
        """Return whether nobody stands before its verb: "Other: disclosed no relationships"."""
        return any(
            self.text[max(0, m.start() - 10) : m.start()].rstrip()[-1:] in ("", ":")
            for m in self.patterns.lists["disclosed"].finditer(self.text)
        )

    @cached_property
    def elided(self) -> bool:
        """Return whether it begins with a person and "from A" right behind: "; C.L. from A"."""
        if len(self.elements) < 2:
            return False
        first, second = self.elements[:2]
        return (first.type, second.type) == ("person", "organisation") and bool(
            _FROM.fullmatch(self.mask[first.end : second.start])
        )

    @cached_property
    def refers(self) -> bool:
        """Return whether it takes up organisations named before: "its", "company stock"."""
        same = self.patterns.lists["same"]
        return any(
            e.value == "same"
            if e.type == "organisations"
            else e.type == "kind" and bool(same.search(self.mask[e.start : e.end]))
            for e in self.elements
        )

    @cached_property
    def heading_organisation(self) -> str | None:
        """Return the organisation that heads the clause: "A: J.R. (lectures), B.T. (grants)"."""
        first = self.elements[0] if self.elements else None
        heads = first is not None and first.type == "organisation"
        return (
            first.value if first and heads and self.mask[first.end : first.end + 1] == ":" else None
        )

    @cached_property
    def last_organisation(self) -> int:
        """Return where the last organisation begins; -1 where there is none."""
        return max((e.start for e in self.elements if e.type == "organisation"), default=-1)

    def listed(self, a: Element, b: Element) -> bool:
        """Return whether two persons stand in one list."""
        gap = self.mask[a.end : b.start]
        if ":" in gap or len(gap) > 60:
            return False
        small = self.patterns.lists["between_persons"]
        return not _WORD.search(small.sub(" ", gap))

    def aside(self, element: Element, last: Element | None) -> bool:
        """Return whether an organisation stands in brackets right behind another."""
        if last is None or last.type != "organisation":
            return False
        return bool(_BRACKET.fullmatch(self.mask[last.end : element.start]))

    def receives(self, element: Element, last: Element | None) -> bool:
        """Return whether an organisation only received: "a grant from A to B"."""
        lists = self.patterns.lists
        if behind(lists["paid_to"], self.mask, self.start, element.start) or _NUMBER_TO.search(
            self.mask, max(self.start, element.start - 60), element.start
        ):
            return True
        if behind(lists["licensed"], self.mask, self.start, element.start):
            return False
        gap = "" if last is None else self.mask[last.end : element.start]
        if last is not None and last.type == "kind" and last.value == RESEARCH.value:
            return bool(_TO.fullmatch(gap))
        return last is not None and last.type == "organisation" and bool(_RECEIVES.fullmatch(gap))

    def subject(self) -> tuple[list[Who], str]:
        """Return who is meant where nobody is named, and the rule that says so."""
        state = self.state
        if state.who and state.who_sentence == state.sentence:
            return state.who, "carried"
        if state.who and all(w.type == "person" for w in state.who[:1]):
            return state.who, "carried"
        return [Who("authors")], "assumed"
